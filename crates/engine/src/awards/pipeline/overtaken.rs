//! A ceiling that cuts a group's winner below a loser: the text does not say which is paid then, so both outcomes stay open.

use super::Pipeline;
use super::ceiling::Ceiling;
use super::clause::Clause;
use super::cut;
use crate::awards::amount::{self, Amount};
use crate::awards::claim::{Mark, Step, StepKind};
use crate::awards::key::Pool;

/// What a ceiling makes of one contest.
pub struct Overtaken {
    contest: usize,
    /// What each line would be alone after the cut, by the order of the contest's lines.
    alone: Vec<Amount>,
    /// By the same order: whether the line's outcome is open now, and whether that is certain.
    open: Vec<(bool, bool)>,
}

/// Looks for contests whose lines are cut differently. To be called before the cuts are made.
pub fn by_cut(pipeline: &Pipeline<'_>, clause: &Clause, ceilings: &[Ceiling]) -> Vec<Overtaken> {
    let mut found = Vec::new();
    for (position, contest) in pipeline.contests.iter().enumerate() {
        let over = |line: usize| ceilings.iter().find(|ceiling| ceiling.lines.contains(&line));
        if contest.lines.iter().all(|line| over(*line).is_none_or(Ceiling::fits)) {
            continue;
        }
        let after: Vec<Amount> = contest
            .lines
            .iter()
            .zip(&contest.alone)
            .map(
                |(line, alone)| match over(*line).and_then(|ceiling| ceiling.room(*line)) {
                    Some(room) => cut::share(pipeline, clause, &room, *line, *alone),
                    None => *alone,
                },
            )
            .collect();
        let alike = ceilings
            .iter()
            .any(|ceiling| ceiling.classes.len() == 1 && contest.lines.iter().all(|line| ceiling.lines.contains(line)));
        let open = if alike {
            vec![(false, false); after.len()]
        } else {
            // A line that is not known may be cut although its interval stays the same.
            let cut: Vec<bool> = contest
                .lines
                .iter()
                .zip(contest.alone.iter().zip(&after))
                .map(|(line, (was, is))| {
                    over(*line).is_some_and(|ceiling| !ceiling.fits()) && (was != is || is.value().is_none())
                })
                .collect();
            open(pipeline, &contest.lines, &cut, &after)
        };
        found.push(Overtaken {
            contest: position,
            alone: after,
            open,
        });
    }
    found
}

/// Which lines may change places: one that may be paid is cut, and another may now be higher.
fn open(pipeline: &Pipeline<'_>, lines: &[usize], cut: &[bool], after: &[Amount]) -> Vec<(bool, bool)> {
    let mut open = vec![(false, false); lines.len()];
    for (winner, (line, (cut, is))) in lines.iter().zip(cut.iter().zip(after)).enumerate() {
        if !cut || pipeline.amount(*line).is_zero() {
            continue;
        }
        for (loser, other) in after.iter().enumerate() {
            let possible = other.high().is_none_or(|high| high > is.low()) && !other.is_zero();
            if loser == winner || !possible {
                continue;
            }
            let certain = is.high().is_some_and(|high| other.low() > high);
            for position in [winner, loser] {
                if let Some(slot) = open.get_mut(position) {
                    *slot = (true, slot.1 || certain);
                }
            }
        }
    }
    open
}

/// Opens the outcomes that the cuts left open.
pub fn settle(pipeline: &mut Pipeline<'_>, clause: &Clause, ceilings: &[Ceiling], found: Vec<Overtaken>) {
    for overtaken in found {
        let Some(contest) = pipeline.contests.get_mut(overtaken.contest) else {
            continue;
        };
        contest.alone.clone_from(&overtaken.alone);
        let (pool, lines, bundle) = (contest.pool.clone(), contest.lines.clone(), contest.bundle);
        let mut raised = Vec::new();
        for ((line, alone), (open, certain)) in lines.iter().zip(&overtaken.alone).zip(&overtaken.open) {
            let Some(claim) = pipeline.claims.get_mut(*line).filter(|_| *open) else {
                continue;
            };
            if let Some(id) = clause.id.filter(|_| *certain) {
                claim.mark(Mark::Unresolved(id));
            }
            let after = Amount::between(0, amount::greatest(alone.high(), claim.amount.high()));
            let by = after
                .high()
                .zip(claim.amount.high())
                .map(|(after, before)| after.saturating_sub(before));
            let ceiling = ceilings.iter().find(|ceiling| ceiling.lines.contains(line));
            raised.push((*line, by, ceiling.and_then(Ceiling::most)));
            claim.change(after, |step| Step {
                kind: StepKind::Ceiling,
                clause: clause.id,
                ..step
            });
        }
        let total = total(pipeline, &pool, &lines, &overtaken.alone);
        if !raised.is_empty() {
            pipeline.bundles.weaken_all(&pipeline.claims, &lines);
        }
        pipeline.bundles.raise(&raised);
        pipeline.bundles.replace(bundle, total);
    }
}

/// One line of each key is paid, whichever it is.
fn total(pipeline: &Pipeline<'_>, pool: &Pool, lines: &[usize], alone: &[Amount]) -> Amount {
    let paid = |class: &[usize]| {
        let of_class = lines.iter().zip(alone).filter(|(line, _)| class.contains(line));
        let paid = of_class.filter(|(line, _)| !pipeline.amount(**line).is_zero());
        paid.map(|(_, alone)| *alone).collect::<Vec<_>>()
    };
    let low = paid(lines).iter().map(|amount| amount.low()).min();
    let high = amount::sum(pool.classes.iter().map(|class| amount::highest(paid(class)))).high();
    Amount::between(low.unwrap_or(0), high)
}
