//! Lines as an outcome keeps them. Of most all that can be said is a measure, a verdict and amounts in brief, or four ranges of them; a population has millions of lines, so
//! that is all the room they take.

use std::fmt;
use std::num::NonZeroU64;
use std::ops::Range;
use std::sync::Arc;

use meed_rules::program::MeasureId;

use super::brief::Brief;
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

/// A line without a key, which nothing changes that was or is awarded besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plain {
    pub measure: MeasureId,
    pub verdict: Verdict,
    /// Whether it stands for children that are not listed.
    pub unlisted: bool,
    /// What the formula gives, and what is due.
    pub amounts: Brief,
}

/// A line without a key that is no [`Plain`] one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ranged {
    measure: MeasureId,
    verdict: Verdict,
    unlisted: bool,
    contested: bool,
    /// What the formula gives, its own, combined, due: at least and at most.
    amounts: [(i64, Option<NonZeroU64>); 4],
}

/// A line, wherever it is kept.
#[derive(Clone, Copy)]
pub struct LineView<'o>(View<'o>);

#[derive(Clone, Copy)]
enum View<'o> {
    Plain(&'o Plain),
    Ranged(&'o Ranged),
    Whole(&'o LineOutcome),
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
        if line.key.is_some() || !line.unique.is_empty() {
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
            unlisted: line.unlisted,
            contested: line.contested,
            amounts: [
                range(line.gross)?,
                range(line.own)?,
                range(line.combined)?,
                range(line.due)?,
            ],
        })
    }
}

fn ranged((low, most): (i64, Option<NonZeroU64>)) -> Amount {
    let most = most.map(|most| i128::from(most.get().wrapping_sub(1)));
    Amount::between(low.into(), most)
}

impl Plain {
    fn of(line: &LineOutcome) -> Option<Self> {
        let said = line.key.is_some() || line.contested || !line.unique.is_empty();
        if said || line.own != line.due || line.combined != line.due {
            return None;
        }
        Some(Self {
            measure: line.measure,
            verdict: line.verdict,
            unlisted: line.unlisted,
            amounts: Brief::of([line.gross, line.due])?,
        })
    }

    /// What it comes to by itself.
    pub fn sums(&self) -> Sums {
        let [_, all] = self.amounts.amounts();
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

impl<'o> LineView<'o> {
    /// [`LineOutcome::measure`].
    pub fn measure(self) -> MeasureId {
        match self.0 {
            View::Plain(line) => line.measure,
            View::Ranged(line) => line.measure,
            View::Whole(line) => line.measure,
        }
    }

    /// [`LineOutcome::key`].
    pub fn key(self) -> Option<&'o Arc<str>> {
        match self.0 {
            View::Plain(_) | View::Ranged(_) => None,
            View::Whole(line) => line.key.as_ref(),
        }
    }

    /// [`LineOutcome::unlisted`].
    pub fn unlisted(self) -> bool {
        match self.0 {
            View::Plain(line) => line.unlisted,
            View::Ranged(line) => line.unlisted,
            View::Whole(line) => line.unlisted,
        }
    }

    /// [`LineOutcome::verdict`].
    pub fn verdict(self) -> Verdict {
        match self.0 {
            View::Plain(line) => line.verdict,
            View::Ranged(line) => line.verdict,
            View::Whole(line) => line.verdict,
        }
    }

    /// [`LineOutcome::gross`].
    pub fn gross(self) -> Amount {
        let [gross, ..] = self.amounts();
        gross
    }

    /// [`LineOutcome::own`].
    pub fn own(self) -> Amount {
        let [_, own, ..] = self.amounts();
        own
    }

    /// [`LineOutcome::combined`].
    pub fn combined(self) -> Amount {
        let [.., combined, _] = self.amounts();
        combined
    }

    /// [`LineOutcome::due`].
    pub fn due(self) -> Amount {
        let [.., due] = self.amounts();
        due
    }

    /// What the formula gives, its own, combined, due.
    pub fn amounts(self) -> [Amount; 4] {
        match self.0 {
            View::Plain(line) => {
                let [gross, due] = line.amounts.amounts();
                [gross, due, due, due]
            }
            View::Ranged(line) => line.amounts.map(ranged),
            View::Whole(line) => [line.gross, line.own, line.combined, line.due],
        }
    }

    /// [`LineOutcome::unique`].
    pub fn unique(self) -> &'o [Option<Arc<str>>] {
        match self.0 {
            View::Plain(_) | View::Ranged(_) => &[],
            View::Whole(line) => &line.unique,
        }
    }

    /// [`LineOutcome::contested`].
    pub fn contested(self) -> bool {
        match self.0 {
            View::Plain(_) => false,
            View::Ranged(line) => line.contested,
            View::Whole(line) => line.contested,
        }
    }

    /// The line by itself.
    pub fn to_outcome(self) -> LineOutcome {
        LineOutcome {
            measure: self.measure(),
            key: self.key().cloned(),
            unlisted: self.unlisted(),
            verdict: self.verdict(),
            gross: self.gross(),
            own: self.own(),
            combined: self.combined(),
            due: self.due(),
            unique: self.unique().to_vec(),
            contested: self.contested(),
        }
    }
}

impl PartialEq for LineView<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.to_outcome() == other.to_outcome()
    }
}

impl Eq for LineView<'_> {}

impl fmt::Debug for LineView<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_outcome().fmt(formatter)
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
    pub fn iter(self) -> impl Iterator<Item = LineView<'o>> + Clone {
        let view = move |kept: &'o Kept| match kept {
            Kept::Plain(plain) => Some(View::Plain(plain)),
            Kept::Ranged(position) => self.ranged.get(*position as usize).map(View::Ranged),
            Kept::Other(position) => self.others.get(*position as usize).map(View::Whole),
        };
        self.lines.iter().filter_map(view).map(LineView)
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
        self.iter().eq(other.iter().map(|line| LineView(View::Whole(line))))
    }
}

impl fmt::Debug for LineOutcomes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}
