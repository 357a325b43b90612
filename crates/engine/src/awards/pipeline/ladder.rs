//! `top up`: the highest rung reached is paid, less what the ladder paid before.

use super::Pipeline;
use super::clause::Clause;
use crate::awards::amount::{self, Amount};
use crate::awards::bundle::{Outcome, Paid};
use crate::awards::certainty::{self, Certainty};
use crate::awards::claim::{Step, StepKind};
use crate::awards::history::Received;
use crate::awards::key::Pool;

/// Applies the clause to lines that may share a key.
pub fn apply(pipeline: &mut Pipeline<'_>, clause: &Clause, pool: &Pool) -> Option<Outcome> {
    let lines = pool.lines();
    let rungs: Vec<Rung> = lines
        .iter()
        .map(|line| Rung::of(pipeline, clause, pool, *line))
        .collect();
    if pipeline.uncontested(&lines) && rungs.iter().all(|rung| rung.received.amount.is_zero()) {
        return None;
    }
    let total = total(pipeline, clause, pool, &rungs);
    let top = rungs
        .iter()
        .find(|rung| rung.reached.certain())
        .and_then(|rung| pipeline.claims.get(rung.line))
        .map(|claim| (claim.measure, claim.key.clone()));
    for rung in &rungs {
        let instead = top.clone().filter(|_| rung.reached == Certainty::No);
        let Some(claim) = pipeline.claims.get_mut(rung.line) else {
            continue;
        };
        let after = match rung.reached {
            Certainty::Yes => rung.alone,
            Certainty::Maybe => rung.alone.down_to_zero(),
            Certainty::No => Amount::ZERO,
        };
        claim.needs_awards |= rung.received.open && !claim.amount.is_zero() && rung.reached.possible();
        claim.made_only_if(rung.reached);
        if after.low() == 0 && claim.amount.low() > 0 {
            claim.made_only_if(Certainty::Maybe);
        }
        let taken = rung.reached.possible() && !rung.received.amount.is_zero();
        claim.change(after, |step| Step {
            kind: StepKind::TopUp,
            clause: clause.id,
            instead,
            received: taken.then_some(rung.received.amount),
            ..step
        });
    }
    Some(Outcome {
        total,
        paid: Paid::OneLine,
    })
}

/// How one line stands on the ladder.
struct Rung {
    line: usize,
    rank: usize,
    made: Certainty,
    /// Its amount less what the ladder paid.
    alone: Amount,
    received: Received,
    /// Whether it is the one that counts.
    reached: Certainty,
}

impl Rung {
    fn of(pipeline: &Pipeline<'_>, clause: &Clause, pool: &Pool, line: usize) -> Self {
        let class = pool.class_of(line);
        let lines = pool.lines();
        let above = |others: &[usize]| {
            let higher = others.iter().filter(|other| is_above(pipeline, clause, **other, line));
            certainty::any(higher.map(|other| made(pipeline, *other)))
        };
        let below_certain = above(class).certain() || class.iter().any(|other| beaten(pipeline, clause, *other, line));
        let below_possible = above(&lines).possible()
            || lines.iter().any(|other| {
                *other != line
                    && same_rung(clause, *other, line)
                    && !beaten(pipeline, clause, line, *other)
                    && made(pipeline, *other).possible()
            });
        let reached = match (below_certain, below_possible) {
            (true, _) => Certainty::No,
            (false, true) => Certainty::Maybe,
            (false, false) => Certainty::Yes,
        };
        let received = clause.received(&pipeline.claims, pipeline.history, class, |_| true);
        Self {
            line,
            rank: clause.seat(line).map_or(0, |seat| seat.rank),
            made: made(pipeline, line),
            alone: pipeline.amount(line).less(received.amount),
            received,
            reached,
        }
    }
}

fn made(pipeline: &Pipeline<'_>, line: usize) -> Certainty {
    pipeline.claims.get(line).map_or(Certainty::No, |claim| claim.made)
}

fn rank(clause: &Clause, line: usize) -> Option<usize> {
    clause.seat(line).map(|seat| seat.rank)
}

fn is_above(pipeline: &Pipeline<'_>, clause: &Clause, other: usize, line: usize) -> bool {
    rank(clause, other) > rank(clause, line) && made(pipeline, other).possible()
}

fn same_rung(clause: &Clause, other: usize, line: usize) -> bool {
    rank(clause, other) == rank(clause, line)
}

/// Whether another line of the same rung is higher for certain.
fn beaten(pipeline: &Pipeline<'_>, clause: &Clause, winner: usize, line: usize) -> bool {
    if winner == line || !same_rung(clause, winner, line) {
        return false;
    }
    let Some(most) = pipeline.amount(line).high() else {
        return false;
    };
    let least = pipeline.paid(winner).low();
    least > most || (least == most && clause.order(&pipeline.claims, winner, line).is_lt())
}

/// What the ladder pays: the rung reached, over all rungs that may be the one.
fn total(pipeline: &Pipeline<'_>, clause: &Clause, pool: &Pool, rungs: &[Rung]) -> Amount {
    if !pool.is_certain() {
        let of = |class: &Vec<usize>| {
            let inside = rungs.iter().filter(|rung| class.contains(&rung.line));
            amount::highest(inside.map(|rung| rung.alone))
        };
        return Amount::between(0, amount::sum(pool.classes.iter().map(of)).high());
    }
    let mut ranks: Vec<usize> = rungs.iter().map(|rung| rung.rank).collect();
    ranks.sort_unstable();
    ranks.dedup();
    let received = clause
        .received(&pipeline.claims, pipeline.history, &pool.lines(), |_| true)
        .amount;
    let mut total: Option<Amount> = None;
    for rank in ranks.into_iter().rev() {
        let on_rung = || rungs.iter().filter(move |rung| rung.rank == rank);
        let amount = amount::highest(on_rung().map(|rung| pipeline.paid(rung.line)));
        let reached = certainty::any(on_rung().map(|rung| rung.made));
        if reached.possible() {
            total = Some(total.map_or(amount, |total| total.hull(amount)));
        }
        if reached.certain() {
            return total.unwrap_or(Amount::ZERO).less(received);
        }
    }
    total.unwrap_or(Amount::ZERO).down_to_zero().less(received)
}
