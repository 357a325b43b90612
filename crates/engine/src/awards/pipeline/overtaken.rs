//! A ceiling that cuts a group's winner below a loser: the text does not say which is paid then, so both outcomes stay open.

use super::Pipeline;
use super::ceiling::Class;
use super::clause::Clause;
use super::cut::{self, Room};
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

/// Looks for contests whose lines are cut differently. To be called before the cut is made.
pub fn by_cut(
    pipeline: &Pipeline<'_>,
    clause: &Clause,
    classes: &[Class],
    lines: &[usize],
    least: i128,
    fits: bool,
) -> Vec<Overtaken> {
    let mut found = Vec::new();
    for (position, contest) in pipeline.contests.iter().enumerate() {
        if !contest.lines.iter().any(|line| lines.contains(line)) {
            continue;
        }
        let after: Vec<Amount> = contest
            .lines
            .iter()
            .zip(&contest.alone)
            .map(
                |(line, alone)| match classes.iter().find(|class| class.lines.contains(line)) {
                    Some(class) => {
                        let room = Room {
                            pool: lines,
                            least,
                            class: &class.lines,
                            most: class.room.high(),
                        };
                        cut::share(pipeline, clause, &room, *line, *alone)
                    }
                    None => *alone,
                },
            )
            .collect();
        let alike = classes.len() == 1 && contest.lines.iter().all(|line| lines.contains(line));
        let open = if alike || fits && after == contest.alone {
            vec![(false, false); after.len()]
        } else {
            open(pipeline, &contest.lines, &contest.alone, &after)
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
fn open(pipeline: &Pipeline<'_>, lines: &[usize], before: &[Amount], after: &[Amount]) -> Vec<(bool, bool)> {
    let mut open = vec![(false, false); lines.len()];
    for (winner, (line, (was, is))) in lines.iter().zip(before.iter().zip(after)).enumerate() {
        if was == is || pipeline.amount(*line).is_zero() {
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

/// Opens the outcomes that the cut left open. All lines under the ceiling are at most `limit` together.
pub fn settle(pipeline: &mut Pipeline<'_>, clause: &Clause, found: Vec<Overtaken>, limit: Option<i128>) {
    for overtaken in found {
        let Some(contest) = pipeline.contests.get_mut(overtaken.contest) else {
            continue;
        };
        contest.alone.clone_from(&overtaken.alone);
        if !overtaken.open.iter().any(|(open, _)| *open) {
            continue;
        }
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
            raised.push((*line, by));
            claim.change(after, |step| Step {
                kind: StepKind::Ceiling,
                clause: clause.id,
                ..step
            });
        }
        let total = total(pipeline, &pool, &lines, &overtaken.alone);
        pipeline.bundles.weaken_all(&pipeline.claims, &lines);
        pipeline.bundles.raise(&raised, limit);
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
