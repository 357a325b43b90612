//! From lines by themselves to lines beside each other: what the pipeline makes of drafts.

use std::sync::Arc;

use meed_facts::record::Record;
use meed_rules::program::Program;

use crate::explain::Evaluator;
use crate::result::Payable;
use crate::value::{CauseKind, CausePlace, Causes};

use super::amount::Amount;
use super::beside;
use super::board;
use super::claim::Claim;
use super::clauses::Seating;
use super::history::History;
use super::judge::Draft;
use super::pipeline::{Clause, Occurrence, Pipeline};
use super::roster::{Drafts, Roster};
use super::verdict::Verdict;

/// All lines after the pipeline, in the order of their drafts.
#[derive(Clone, Debug)]
pub struct Combined {
    /// The lines as they came out.
    pub claims: Vec<Claim>,
    /// Amounts before lines are combined.
    pub own: Vec<Amount>,
    /// Amounts before funds.
    pub before_rationing: Vec<Amount>,
    /// What is due.
    pub due: Vec<Amount>,
    /// Why keys, limits, earlier awards or choices are not known.
    pub causes: Vec<Causes>,
    /// What lines come to together.
    pub sums: Sums,
    /// What the lines that are eligible come to together.
    pub total: Payable,
    /// What all lines may come to, those that are undetermined included.
    pub possible: Payable,
}

impl Combined {
    /// Takes drafts, each measure's side by side, through the pipeline.
    pub fn of<'p>(evaluator: &Evaluator<'p>, record: &Record, history: &History, drafts: &[Draft<'p>]) -> Self {
        let program = evaluator.program();
        let lines: Vec<&Draft<'p>> = drafts.iter().collect();
        let roster = Drafts::new(evaluator, record, &lines);
        let mut seating = Seating::new(&roster);
        let measures = program.order.iter();
        let occurrences: Vec<Occurrence> = measures.filter_map(|measure| seating.occurrence(*measure)).collect();
        let combines = program.combines.iter();
        let clauses: Vec<Clause> = combines.filter_map(|(id, _)| seating.clause(id)).collect();
        let claims = || drafts.iter().map(board::claim).collect();
        let pipeline = Pipeline::run(claims, history, &occurrences, &clauses);
        let course = Course::of(pipeline, &roster, |line| {
            drafts.get(line).is_some_and(|draft| draft.verdict == Verdict::Eligible)
        });
        let mut causes = vec![Causes::NONE; drafts.len()];
        for (line, cause) in &seating.causes {
            if let Some(slot) = causes.get_mut(*line) {
                slot.merge(cause);
            }
        }
        let Course {
            pipeline,
            before,
            after,
            ..
        } = course;
        for (claim, causes) in pipeline.claims.iter().zip(&mut causes) {
            name_history(program, claim, causes);
        }
        beside::name(&pipeline, drafts, (&occurrences, &clauses), &mut causes);
        Self {
            claims: pipeline.claims,
            own: pipeline.own,
            before_rationing: course.before_rationing,
            due: course.due,
            causes,
            sums: after,
            total: payable(program, drafts, (before.eligible, after.eligible), |draft| {
                draft.verdict == Verdict::Eligible
            }),
            possible: payable(program, drafts, (before.all, after.all), |_| true),
        }
    }
}

/// Lines after the pipeline and the funds.
pub struct Course<'a> {
    /// Lines and what is known of them together.
    pub pipeline: Pipeline<'a>,
    /// Amounts before funds.
    pub before_rationing: Vec<Amount>,
    /// What is due.
    pub due: Vec<Amount>,
    /// What lines come to together before funds.
    pub before: Sums,
    /// What lines come to together.
    pub after: Sums,
}

impl<'a> Course<'a> {
    /// Shares funds out over lines that took their way through the pipeline.
    pub fn of<'p>(mut pipeline: Pipeline<'a>, roster: &impl Roster<'p>, is_eligible: impl Fn(usize) -> bool) -> Self {
        let eligible: Vec<usize> = (0..pipeline.claims.len()).filter(|line| is_eligible(*line)).collect();
        let before_rationing = dues(&pipeline);
        let before = Sums::of(&pipeline, &eligible);
        let (due, after) = match ration(&mut pipeline, roster) {
            true => (dues(&pipeline), Sums::of(&pipeline, &eligible)),
            false => (before_rationing.clone(), before),
        };
        Self {
            pipeline,
            before_rationing,
            due,
            before,
            after,
        }
    }
}

fn dues(pipeline: &Pipeline<'_>) -> Vec<Amount> {
    (0..pipeline.claims.len()).map(|line| pipeline.due(line)).collect()
}

/// Tells lines which funds pay them; whether there is any.
fn ration<'p>(pipeline: &mut Pipeline<'_>, roster: &impl Roster<'p>) -> bool {
    let mut any = false;
    for (position, fund) in roster.program().funds.iter().enumerate() {
        let mut covered: Vec<usize> = fund
            .covers
            .iter()
            .flat_map(|measure| roster.lines_of(*measure))
            .collect();
        covered.sort_unstable();
        covered.dedup();
        any |= !covered.is_empty();
        pipeline.rationed(position, &covered);
    }
    any
}

/// What lines come to together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Those that are eligible.
    pub eligible: Amount,
    /// All, those that are undetermined included.
    pub all: Amount,
}

impl Sums {
    /// Of no lines.
    pub const NOTHING: Self = Self {
        eligible: Amount::ZERO,
        all: Amount::ZERO,
    };

    /// With those of other lines.
    pub fn plus(self, other: Self) -> Self {
        Self {
            eligible: self.eligible.plus(other.eligible),
            all: self.all.plus(other.all),
        }
    }

    fn of(pipeline: &Pipeline<'_>, eligible: &[usize]) -> Self {
        Self {
            eligible: pipeline.total_of(eligible),
            all: pipeline.total(),
        }
    }
}

/// What some lines come to; up to that, where only funds and assessments are open.
fn payable(
    program: &Program,
    drafts: &[Draft<'_>],
    (before, after): (Amount, Amount),
    counts: impl Fn(&Draft<'_>) -> bool,
) -> Payable {
    let assessed = drafts.iter().filter(|draft| counts(draft)).all(|draft| draft.assessed);
    Payable::of(after, program.package.currency, assessed || before.value().is_some())
}

/// Names earlier awards and open choices as what is missing, where they could change a line.
pub fn name_history(program: &Program, claim: &Claim, causes: &mut Causes) {
    if claim.needs_awards {
        causes.merge(&Causes::one(CauseKind::Missing, CausePlace::Awards(claim.measure)));
    }
    for clause in &claim.needs_choice {
        let group: Arc<str> = program.combines[*clause].named.name.clone();
        causes.merge(&Causes::one(CauseKind::Missing, CausePlace::Chosen(group)));
    }
}
