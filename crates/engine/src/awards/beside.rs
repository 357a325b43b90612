//! Which other lines leave a line open: what is not known of them could still change it.

use super::amount::Amount;
use super::claim::{Claim, Mark, Step, StepKind};
use super::judge::Draft;
use super::pipeline::{Clause, Form, Occurrence, Pipeline};
use crate::value::Causes;

/// Names for each line what is not known of the lines beside which a clause left it open. Clauses come in their order, so that what left a line open leaves those open that
/// a later clause puts beside it.
pub fn name(
    pipeline: &Pipeline<'_>,
    drafts: &[Draft<'_>],
    (occurrences, clauses): (&[Occurrence], &[Clause]),
    causes: &mut [Causes],
) {
    let occurrences = occurrences.iter().map(|occurrence| &occurrence.lines);
    for clause in occurrences.chain(clauses) {
        let is_open = |line: &usize| {
            pipeline
                .claims
                .get(*line)
                .is_some_and(|claim| leaves_open(clause, claim))
        };
        for pool in pipeline.pools(clause) {
            let lines = pool.lines();
            let of_rivals = |line: usize| {
                let rivals = lines.iter().filter(|rival| bears_on(pipeline, clause, **rival, line));
                let open = rivals.flat_map(|rival| {
                    let own = drafts.get(*rival).map(|draft| &draft.causes);
                    own.into_iter().chain(causes.get(*rival))
                });
                (line, open.fold(Causes::NONE, |all, one| all.union(one)))
            };
            let found: Vec<(usize, Causes)> = lines.iter().copied().filter(is_open).map(of_rivals).collect();
            for (line, found) in found {
                if let Some(causes) = causes.get_mut(line) {
                    causes.merge(&found);
                }
            }
        }
    }
}

/// Whether it is open what a clause makes of a line.
fn leaves_open(clause: &Clause, claim: &Claim) -> bool {
    let is_own = |step: &Step| match clause.id {
        Some(_) => step.clause == clause.id,
        None => step.kind == StepKind::Once,
    };
    let by_step = claim
        .steps
        .iter()
        .any(|step| is_own(step) && step.after.value().is_none());
    by_step
        || claim.marks.iter().any(|mark| {
            let (Mark::Unresolved(id) | Mark::Alternative(id)) = mark;
            Some(*id) == clause.id
        })
}

/// Whether a line can change what a clause makes of another.
fn bears_on(pipeline: &Pipeline<'_>, clause: &Clause, rival: usize, line: usize) -> bool {
    let own = |line: usize| pipeline.own.get(line).copied().unwrap_or(Amount::ZERO);
    let rank = |line: usize| clause.seat(line).map(|seat| seat.rank);
    let measure = |line: usize| pipeline.claims.get(line).map(|claim| claim.measure);
    rival != line
        && match clause.form {
            Form::HighestOf => own(rival).high().is_none_or(|high| high >= own(line).low()),
            Form::TopUp => rank(rival) >= rank(line),
            Form::Exclusive { first } => first
                .or(clause.chosen)
                .is_none_or(|before| measure(rival) == Some(before)),
            Form::AtMost(_) | Form::Unresolved => true,
        }
}
