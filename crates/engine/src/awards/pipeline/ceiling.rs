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

/// Applies the clause to lines that may share a key. Lines to which the limit does not apply are not limited.
pub fn apply(pipeline: &mut Pipeline<'_>, clause: &Clause, pool: &Pool) {
    let classes: Vec<Class> = pool
        .classes
        .iter()
        .filter_map(|class| Class::of(pipeline, clause, class))
        .collect();
    let lines: Vec<usize> = {
        let mut lines: Vec<usize> = classes.iter().flat_map(|class| class.lines.iter().copied()).collect();
        lines.sort_unstable();
        lines
    };
    if lines.is_empty() {
        return;
    }
    let together = pipeline.sum(&lines);
    let least = classes.iter().map(|class| class.room.low()).min().unwrap_or(0);
    let fits = together.high().is_some_and(|high| high <= least);
    let exact = classes
        .first()
        .filter(|class| classes.len() == 1 && !fits && Some(together) == exact_sum(pipeline, &class.lines))
        .and_then(|class| cut::settled(pipeline, clause, &class.lines, class.room));
    let total = exact.as_ref().map_or_else(
        || total(pipeline, clause, &classes, &lines, together, least),
        |shares| amount::sum(shares.iter().map(|(_, share)| *share)),
    );
    let mut after: Vec<(usize, Amount)> = Vec::new();
    if !fits {
        after = exact.unwrap_or_else(|| shares(pipeline, clause, &classes, &lines, least));
    }
    let overtaken = overtaken::by_cut(pipeline, clause, &classes, &lines, least, fits);
    let changed = settle(pipeline, clause, &classes, &after);
    pipeline.bundles.weaken(&pipeline.claims, &changed);
    pipeline.bundles.add(lines, total, BundleKind::Together);
    let limit = amount::sum(classes.iter().map(|class| class.room)).high();
    overtaken::settle(pipeline, clause, overtaken, limit);
}

/// Lines that share a key for certain, and what the limit leaves them.
pub struct Class {
    pub lines: Vec<usize>,
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

/// What each line may be: at least its share if all keys are one and the others are as high as they may be; at most its share among those that share its key.
fn shares(
    pipeline: &Pipeline<'_>,
    clause: &Clause,
    classes: &[Class],
    lines: &[usize],
    least: i128,
) -> Vec<(usize, Amount)> {
    let mut shares = Vec::with_capacity(lines.len());
    for class in classes {
        for line in &class.lines {
            let room = Room {
                pool: lines,
                least,
                class: &class.lines,
                most: class.room.high(),
            };
            shares.push((
                *line,
                cut::share(pipeline, clause, &room, *line, pipeline.amount(*line)),
            ));
        }
    }
    shares
}

fn total(
    pipeline: &Pipeline<'_>,
    clause: &Clause,
    classes: &[Class],
    lines: &[usize],
    together: Amount,
    least: i128,
) -> Amount {
    let unpaid = cut::may_stay_unpaid(pipeline, clause, lines);
    let low = together.low().min(least.saturating_sub(unpaid).max(0));
    let low = if together.high().is_some_and(|high| high <= least) {
        together.low()
    } else {
        low
    };
    let high = amount::sum(
        classes
            .iter()
            .map(|class| pipeline.sum(&class.lines).lesser(class.room)),
    )
    .high();
    Amount::between(low, amount::least(high, together.high()))
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
