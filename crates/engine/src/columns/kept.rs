//! Lines as an outcome keeps them. Of most all that can be said is a measure, a verdict and two amounts; a population has millions of them, so that is all the room they take.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use meed_rules::program::MeasureId;

use super::outcome::LineOutcome;
use crate::awards::amount::Amount;
use crate::awards::combined::Sums;
use crate::awards::verdict::Verdict;

/// Lines, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct KeptLines {
    lines: Vec<Kept>,
    others: Vec<LineOutcome>,
}

/// A line.
// INVARIANT: one that can be plain is, so that equal lines are kept alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Plain(Plain),
    /// What is at this position among the others.
    Other(u32),
}

/// A line of an applicant itself whose amounts are known, and which nothing changes that was or is awarded besides.
// INVARIANT: amounts are not below 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plain {
    pub measure: MeasureId,
    pub verdict: Verdict,
    /// What the formula gives, in whole smallest units.
    pub gross: i64,
    /// What is due.
    pub due: i64,
}

/// Some lines of an outcome.
#[derive(Clone, Copy)]
pub struct LineOutcomes<'o> {
    lines: &'o [Kept],
    others: &'o [LineOutcome],
}

impl KeptLines {
    pub fn with_room(lines: usize) -> Self {
        Self {
            lines: Vec::with_capacity(lines),
            others: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    pub fn push(&mut self, line: LineOutcome) {
        match Plain::of(&line) {
            Some(plain) => self.push_plain(plain),
            None => {
                let position = u32::try_from(self.others.len()).unwrap_or(u32::MAX);
                self.others.push(line);
                self.lines.push(Kept::Other(position));
            }
        }
    }

    pub fn push_plain(&mut self, line: Plain) {
        self.lines.push(Kept::Plain(line));
    }

    pub fn all(&self) -> LineOutcomes<'_> {
        self.some(0..self.lines.len())
    }

    pub fn some(&self, span: Range<usize>) -> LineOutcomes<'_> {
        LineOutcomes {
            lines: self.lines.get(span).unwrap_or_default(),
            others: &self.others,
        }
    }
}

impl Plain {
    fn of(line: &LineOutcome) -> Option<Self> {
        let said = line.key.is_some() || line.unlisted || line.contested || !line.unique.is_empty();
        if said {
            return None;
        }
        let whole = |amount: Amount| i64::try_from(amount.value()?).ok();
        let (gross, due) = (whole(line.gross)?, whole(line.due)?);
        let plain = Self {
            measure: line.measure,
            verdict: line.verdict,
            gross,
            due,
        };
        (line.own == line.due && line.combined == line.due).then_some(plain)
    }

    fn line(&self) -> LineOutcome {
        let due = Amount::exact(self.due.into());
        LineOutcome {
            measure: self.measure,
            key: None,
            unlisted: false,
            verdict: self.verdict,
            gross: Amount::exact(self.gross.into()),
            own: due,
            combined: due,
            due,
            unique: Vec::new(),
            contested: false,
        }
    }

    /// What it comes to by itself.
    fn sums(&self) -> Sums {
        let all = Amount::exact(self.due.into());
        Sums {
            eligible: if self.verdict == Verdict::Eligible {
                all
            } else {
                Amount::ZERO
            },
            all,
        }
    }
}

impl<'o> LineOutcomes<'o> {
    /// No lines.
    pub const NONE: Self = Self {
        lines: &[],
        others: &[],
    };

    /// How many.
    pub fn len(self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.lines.is_empty()
    }

    /// Each, in the order of decision.
    pub fn iter(self) -> impl Iterator<Item = Cow<'o, LineOutcome>> + Clone {
        self.lines.iter().filter_map(move |kept| match kept {
            Kept::Plain(plain) => Some(Cow::Owned(plain.line())),
            Kept::Other(position) => self.others.get(*position as usize).map(Cow::Borrowed),
        })
    }

    /// What they come to together, where it is one plain line.
    pub(super) fn sums(self) -> Option<Sums> {
        match self.lines {
            [Kept::Plain(plain)] => Some(plain.sums()),
            _ => None,
        }
    }
}

impl PartialEq for LineOutcomes<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for LineOutcomes<'_> {}

impl PartialEq<Vec<LineOutcome>> for LineOutcomes<'_> {
    fn eq(&self, other: &Vec<LineOutcome>) -> bool {
        self.iter().eq(other.iter().map(Cow::Borrowed))
    }
}

impl fmt::Debug for LineOutcomes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}
