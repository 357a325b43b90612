//! `at most`: several lines exceed a limit together. The group's amount is what the limit leaves; how the lines share it is the clause's to say.

use super::clause::{Clause, Limit};
use super::cut::Room;
use super::{Pipeline, cut, overtaken};
use crate::awards::amount::{self, Amount};
use crate::awards::bundle::BundleKind;
use crate::awards::certainty::Certainty;
use crate::awards::claim::{Mark, Step, StepKind};
use crate::awards::history::Received;
use crate::awards::key::Pool;

/// Applies the clause. Lines to which the limit does not apply are not limited.
pub fn apply(pipeline: &mut Pipeline<'_>, clause: &Clause) {
    let ceilings: Vec<Ceiling> = clause
        .pools()
        .iter()
        .filter_map(|pool| Ceiling::of(pipeline, clause, pool))
        .collect();
    let overtaken = overtaken::by_cut(pipeline, clause, &ceilings);
    let cuts: Vec<(Vec<(usize, Amount)>, Amount)> =
        ceilings.iter().map(|ceiling| ceiling.cut(pipeline, clause)).collect();
    for (ceiling, (shares, total)) in ceilings.iter().zip(cuts) {
        let changed = settle(pipeline, clause, &ceiling.classes, &shares);
        let left = ceiling.left(pipeline, clause);
        pipeline.bundles.cut(&pipeline.claims, &ceiling.lines, &changed, left);
        pipeline.bundles.add(ceiling.lines.clone(), total, BundleKind::Together);
    }
    overtaken::settle(pipeline, clause, &ceilings, overtaken);
}

/// Lines that may share a key, under one limit.
pub struct Ceiling {
    /// The lines that share a key for certain.
    pub classes: Vec<Class>,
    /// All lines.
    pub lines: Vec<usize>,
    /// What the limit leaves at least, should all share one key.
    pub least: i128,
    /// What the lines come to before.
    together: Amount,
}

impl Ceiling {
    fn of(pipeline: &Pipeline<'_>, clause: &Clause, pool: &Pool) -> Option<Self> {
        let classes: Vec<Class> = pool
            .classes
            .iter()
            .filter_map(|class| Class::of(pipeline, clause, class))
            .collect();
        let mut lines: Vec<usize> = classes.iter().flat_map(|class| class.lines.iter().copied()).collect();
        lines.sort_unstable();
        let least = classes.iter().map(|class| class.room.low()).min()?;
        let together = pipeline.sum(&lines);
        Some(Self {
            classes,
            lines,
            least,
            together,
        })
    }

    /// Whether the limit is certainly not reached.
    pub fn fits(&self) -> bool {
        self.together.high().is_some_and(|high| high <= self.least)
    }

    /// The room of a line.
    pub fn room(&self, line: usize) -> Option<Room<'_>> {
        let class = self.classes.iter().find(|class| class.lines.contains(&line))?;
        Some(Room {
            pool: &self.lines,
            least: self.least,
            class: &class.lines,
            most: class.room.high(),
        })
    }

    /// At most so much is paid to all its lines together.
    pub fn most(&self) -> Option<i128> {
        amount::sum(self.classes.iter().map(|class| class.room)).high()
    }

    /// What is paid at least where the limit cuts.
    fn left(&self, pipeline: &Pipeline<'_>, clause: &Clause) -> i128 {
        let unpaid = cut::may_stay_unpaid(pipeline, clause, &self.lines);
        self.least.saturating_sub(unpaid).max(0)
    }

    /// What each line keeps, and what they come to.
    fn cut(&self, pipeline: &Pipeline<'_>, clause: &Clause) -> (Vec<(usize, Amount)>, Amount) {
        if self.fits() {
            return (Vec::new(), self.total(pipeline, clause));
        }
        let only = self.classes.first().filter(|_| self.classes.len() == 1);
        let exact = only
            .filter(|class| Some(self.together) == exact_sum(pipeline, &class.lines))
            .and_then(|class| cut::settled(pipeline, clause, &class.lines, class.room));
        if let Some(shares) = exact {
            let total = amount::sum(shares.iter().map(|(_, share)| *share));
            return (shares, total);
        }
        // At least a line's share if all keys are one and the others are as high as they may be; at most its share among those that share its key.
        let share = |line: &usize| {
            let room = self.room(*line)?;
            Some((
                *line,
                cut::share(pipeline, clause, &room, *line, pipeline.amount(*line)),
            ))
        };
        (
            self.lines.iter().filter_map(share).collect(),
            self.total(pipeline, clause),
        )
    }

    fn total(&self, pipeline: &Pipeline<'_>, clause: &Clause) -> Amount {
        let unpaid = if self.fits() {
            0
        } else {
            cut::may_stay_unpaid(pipeline, clause, &self.lines)
        };
        let low = self.together.low().min(self.least.saturating_sub(unpaid).max(0));
        let of_class = |class: &Class| pipeline.sum(&class.lines).lesser(class.room);
        let high = amount::sum(self.classes.iter().map(of_class)).high();
        Amount::between(low, amount::least(high, self.together.high()))
    }
}

/// Lines that share a key for certain, and what the limit leaves them.
pub struct Class {
    /// The lines.
    pub lines: Vec<usize>,
    /// What the limit leaves them.
    pub room: Amount,
    received: Received,
}

impl Class {
    fn of(pipeline: &Pipeline<'_>, clause: &Clause, class: &[usize]) -> Option<Self> {
        let seats: Vec<_> = class
            .iter()
            .filter_map(|line| clause.seat(*line))
            .filter(|seat| seat.limit.at_most.is_some())
            .collect();
        if seats.is_empty() {
            return None;
        }
        let received = clause.received(&pipeline.claims, pipeline.history, class, |_| true);
        Some(Self {
            lines: seats.iter().map(|seat| seat.line).collect(),
            room: Limit::left(seats.iter().map(|seat| &seat.limit), received.amount),
            received,
        })
    }
}

fn exact_sum(pipeline: &Pipeline<'_>, lines: &[usize]) -> Option<Amount> {
    let exact = |line: &usize| pipeline.amount(*line).value().map(Amount::exact);
    Some(amount::sum(lines.iter().map(exact).collect::<Option<Vec<_>>>()?))
}

/// Gives each line its share; tells which lines changed.
fn settle(pipeline: &mut Pipeline<'_>, clause: &Clause, classes: &[Class], after: &[(usize, Amount)]) -> Vec<usize> {
    let mut changed = Vec::new();
    for (line, after) in after {
        let class = classes.iter().find(|class| class.lines.contains(line));
        let received = class.map_or(Received::NOTHING, |class| class.received);
        let unresolved = cut::leaves_shares_open(pipeline, clause, class.map_or(&[], |class| &class.lines), *line);
        let Some(claim) = pipeline.claims.get_mut(*line) else {
            continue;
        };
        claim.needs_awards |= received.open && *after != claim.amount;
        if *after == claim.amount {
            // Its interval is the same, but what it is within may not be.
            changed.extend(claim.amount.value().is_none().then_some(*line));
            continue;
        }
        changed.push(*line);
        if after.low() == 0 && claim.amount.low() > 0 {
            claim.made_only_if(Certainty::Maybe);
        }
        if let Some(id) = clause.id.filter(|_| unresolved) {
            claim.mark(Mark::Unresolved(id));
        }
        claim.change(*after, |step| Step {
            kind: StepKind::Ceiling,
            clause: clause.id,
            received: (!received.amount.is_zero()).then_some(received.amount),
            ..step
        });
    }
    changed
}
