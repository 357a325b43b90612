//! Lines as an outcome keeps them. Of most all that can be said is a measure, a verdict and two amounts, or four ranges of them; a population has millions of lines, so that
//! is all the room they take.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU64;
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
    ranged: Vec<Ranged>,
    others: Vec<LineOutcome>,
}

/// A line.
// INVARIANT: one that can be plain is, so that equal lines are kept alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Plain(Plain),
    /// What is at this position among those with ranges.
    Ranged(u32),
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

/// A line of an applicant itself that is no [`Plain`] one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ranged {
    measure: MeasureId,
    verdict: Verdict,
    contested: bool,
    /// What the formula gives, its own, combined, due: at least and at most.
    amounts: [(i64, Option<NonZeroU64>); 4],
}

/// Some lines of an outcome.
#[derive(Clone, Copy)]
pub struct LineOutcomes<'o> {
    lines: &'o [Kept],
    ranged: &'o [Ranged],
    others: &'o [LineOutcome],
}

impl KeptLines {
    pub fn with_room(lines: usize) -> Self {
        Self {
            lines: Vec::with_capacity(lines),
            ranged: Vec::new(),
            others: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    pub fn push(&mut self, line: LineOutcome) {
        if let Some(plain) = Plain::of(&line) {
            return self.push_plain(plain);
        }
        let kept = match Ranged::of(&line) {
            Some(ranged) => {
                self.ranged.push(ranged);
                Kept::Ranged(last(self.ranged.len()))
            }
            None => {
                self.others.push(line);
                Kept::Other(last(self.others.len()))
            }
        };
        self.lines.push(kept);
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
            ranged: &self.ranged,
            others: &self.others,
        }
    }
}

// The position of the last of so many.
fn last(count: usize) -> u32 {
    count
        .checked_sub(1)
        .and_then(|last| u32::try_from(last).ok())
        .unwrap_or(u32::MAX)
}

impl Ranged {
    fn of(line: &LineOutcome) -> Option<Self> {
        if line.key.is_some() || line.unlisted || !line.unique.is_empty() {
            return None;
        }
        // One more than the most, so that none takes no room.
        let range = |amount: Amount| {
            let most = match amount.high() {
                None => None,
                Some(high) => Some(NonZeroU64::new(u64::try_from(high).ok()?.checked_add(1)?)?),
            };
            Some((i64::try_from(amount.low()).ok()?, most))
        };
        Some(Self {
            measure: line.measure,
            verdict: line.verdict,
            contested: line.contested,
            amounts: [
                range(line.gross)?,
                range(line.own)?,
                range(line.combined)?,
                range(line.due)?,
            ],
        })
    }

    fn line(&self) -> LineOutcome {
        let [gross, own, combined, due] = self.amounts.map(|(low, most)| {
            let most = most.map(|most| i128::from(most.get().wrapping_sub(1)));
            Amount::between(low.into(), most)
        });
        LineOutcome {
            measure: self.measure,
            key: None,
            unlisted: false,
            verdict: self.verdict,
            gross,
            own,
            combined,
            due,
            unique: Vec::new(),
            contested: self.contested,
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
        ranged: &[],
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
            Kept::Ranged(position) => self
                .ranged
                .get(*position as usize)
                .map(|ranged| Cow::Owned(ranged.line())),
            Kept::Other(position) => self.others.get(*position as usize).map(Cow::Borrowed),
        })
    }

    /// What is left for each measure after earlier awards, [`LineOutcome::own`] without the rest, in the same order.
    pub fn own(self) -> impl Iterator<Item = (MeasureId, Amount)> + Clone {
        self.lines.iter().filter_map(move |kept| match kept {
            Kept::Plain(plain) => Some((plain.measure, Amount::exact(plain.due.into()))),
            Kept::Ranged(position) => {
                let line = self.ranged.get(*position as usize)?.line();
                Some((line.measure, line.own))
            }
            Kept::Other(position) => {
                let line = self.others.get(*position as usize)?;
                Some((line.measure, line.own))
            }
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
