//! `at most`: several lines exceed a limit together. The group's amount is what the limit leaves; how the lines share it is the clause's to say.

use super::clause::{Clause, Limit, Seat};
use super::cut::Room;
use super::{Pipeline, cut, overtaken};
use crate::awards::amount::{self, Amount};
use crate::awards::bundle::{AtMost, Bundle};
use crate::awards::certainty::Certainty;
use crate::awards::claim::{Mark, Step, StepKind};
use crate::awards::history::Received;
use crate::awards::key::Pool;

/// Applies the clause. Lines to which the limit does not apply are not limited, and where the limit is certainly not reached, all is as if it were not there.
pub fn apply(pipeline: &mut Pipeline<'_>, clause: &Clause) {
    let mut ceilings = Ceiling::all(pipeline, clause);
    if ceilings.iter().all(|ceiling| !ceiling.reached) {
        return;
    }
    overtaken::look(pipeline, clause, &ceilings);
    ceilings.retain(|ceiling| ceiling.reached);
    let shares: Vec<Vec<(usize, Amount)>> = ceilings
        .iter()
        .map(|ceiling| ceiling.shares(pipeline, clause))
        .collect();
    let lines: Vec<Vec<usize>> = ceilings.iter().map(|ceiling| ceiling.lines.clone()).collect();
    let regions: Vec<(Bundle, Vec<AtMost>, Amount)> = pipeline
        .bundles
        .regions(&pipeline.claims, &lines)
        .into_iter()
        .map(|(bundle, over)| {
            let over: Vec<&Ceiling> = over.iter().filter_map(|ceiling| ceilings.get(*ceiling)).collect();
            let left = left(pipeline, clause, &bundle, &over);
            let classes = over.iter().flat_map(|ceiling| &ceiling.classes);
            let limits = classes
                .flat_map(|class| cut::by_levels(pipeline, clause, class))
                .collect();
            (bundle, limits, left)
        })
        .collect();
    for (ceiling, shares) in ceilings.iter().zip(shares) {
        settle(pipeline, clause, &ceiling.classes, &shares);
    }
    for (bundle, limits, left) in regions {
        pipeline.bundles.limit(&pipeline.claims, bundle, left, limits);
    }
}

/// Lines that may share a key, under one limit.
pub struct Ceiling {
    /// The lines that share a key for certain.
    pub classes: Vec<Class>,
    /// All lines.
    pub lines: Vec<usize>,
    /// What the limit leaves at least, should all share one key.
    pub least: i128,
    /// Whether the limit may be reached.
    pub reached: bool,
}

impl Ceiling {
    fn all(pipeline: &Pipeline<'_>, clause: &Clause) -> Vec<Self> {
        let pools = pipeline.pools(clause);
        pools
            .iter()
            .filter_map(|pool| Self::of(pipeline, clause, pool))
            .collect()
    }

    fn of(pipeline: &Pipeline<'_>, clause: &Clause, pool: &Pool) -> Option<Self> {
        let limited = |line: &usize| clause.seat(*line).filter(|seat| seat.limit.at_most.is_some());
        let seats: Vec<&Seat> = pool.classes.iter().flatten().filter_map(limited).collect();
        let of_pool = Limit::common(seats.iter().map(|seat| &seat.limit))?;
        let mut classes = Vec::new();
        for class in &pool.classes {
            let seats: Vec<&Seat> = class.iter().filter_map(limited).collect();
            if let Some(own) = Limit::common(seats.iter().map(|seat| &seat.limit)) {
                let received = clause.received(&pipeline.claims, pipeline.history, class, |_| true);
                let left = of_pool.allowed.less(own.counted).less(received.amount);
                let loose = seats.iter().any(|seat| seat.limit.loose);
                classes.push(Class {
                    lines: seats.iter().map(|seat| seat.line).collect(),
                    most: left.high().filter(|_| !loose),
                    loose,
                    received,
                });
            }
        }
        let mut lines: Vec<usize> = classes.iter().flat_map(|class| class.lines.iter().copied()).collect();
        lines.sort_unstable();
        let received = amount::highest(classes.iter().map(|class| class.received.amount));
        let least = of_pool.allowed.less(of_pool.counted).less(received).low();
        let most = pipeline.sum(&lines).high();
        Some(Self {
            classes,
            lines,
            least,
            reached: most.is_none_or(|most| most > least),
        })
    }

    /// The room of a line.
    pub fn room(&self, line: usize) -> Option<Room<'_>> {
        let class = self.classes.iter().find(|class| class.lines.contains(&line))?;
        Some(Room {
            pool: &self.lines,
            least: self.least,
            class: &class.lines,
            most: class.most,
        })
    }

    /// What each line keeps.
    fn shares(&self, pipeline: &Pipeline<'_>, clause: &Clause) -> Vec<(usize, Amount)> {
        if let [class] = self.classes.as_slice()
            && let Some(shares) = cut::settled(pipeline, clause, &class.lines, Amount::between(self.least, class.most))
        {
            return shares;
        }
        // At least a line's share if all keys are one and the others are as high as they may be; at most its share among those that share its key.
        let share = |line: &usize| {
            let room = self.room(*line)?;
            let amount = pipeline.amount(*line);
            Some((*line, cut::share(pipeline, clause, &room, *line, amount)))
        };
        self.lines.iter().filter_map(share).collect()
    }

    /// What is paid at least where the limit cuts.
    fn left(&self, pipeline: &Pipeline<'_>, clause: &Clause) -> i128 {
        let unpaid = cut::may_stay_unpaid(pipeline, clause, &self.lines);
        self.least.saturating_sub(unpaid).max(0)
    }

    /// What its lines are paid at most.
    fn most(&self, pipeline: &Pipeline<'_>) -> Option<i128> {
        let of_class = |class: &Class| amount::least(pipeline.sum(&class.lines).high(), class.most);
        self.classes.iter().map(of_class).fold(Some(0), amount::add)
    }
}

/// Lines that share a key for certain, and what the limit leaves them.
pub struct Class {
    /// The lines.
    pub lines: Vec<usize>,
    /// What the limit leaves them at most.
    pub most: Option<i128>,
    /// Whether some of them may not be held by the limit.
    pub loose: bool,
    received: Received,
}

/// What ceilings leave to lines, some of which are under none: at least what one of the ceilings leaves, should it cut.
fn left(pipeline: &Pipeline<'_>, clause: &Clause, bundle: &Bundle, ceilings: &[&Ceiling]) -> Amount {
    let inside: Vec<usize> = ceilings.iter().flat_map(|ceiling| &ceiling.lines).copied().collect();
    let outside = bundle.without(&inside);
    let left = ceilings.iter().map(|ceiling| ceiling.left(pipeline, clause)).min();
    let low = left
        .unwrap_or(0)
        .saturating_add(pipeline.bundles.least(&pipeline.claims, &outside));
    let most = ceilings
        .iter()
        .map(|ceiling| ceiling.most(pipeline))
        .fold(Some(0), amount::add);
    Amount::between(low, amount::add(most, bundle.most(&pipeline.claims, &outside)))
}

/// Gives each line its share.
fn settle(pipeline: &mut Pipeline<'_>, clause: &Clause, classes: &[Class], after: &[(usize, Amount)]) {
    for (line, after) in after {
        let class = classes.iter().find(|class| class.lines.contains(line));
        let received = class.map_or(Received::NOTHING, |class| class.received);
        let unresolved = cut::leaves_shares_open(pipeline, clause, class.map_or(&[], |class| &class.lines), *line);
        let Some(claim) = pipeline.claims.get_mut(*line) else {
            continue;
        };
        if *after == claim.amount {
            continue;
        }
        claim.needs_awards |= received.open;
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
}
