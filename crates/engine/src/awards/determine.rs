//! From a Program and a record to a determination.

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::json::digest_of;
use meed_facts::record::Record;
use meed_rules::program::{MeasureId, Program};

use crate::columns::LineOutcome;
use crate::explain::{Evaluator, Layout};
use crate::result::{Determination, Payable};
use crate::value::{CauseKind, CausePlace, Causes};

use super::amount::Amount;
use super::board::{self, Board};
use super::clauses::Seating;
use super::history::History;
use super::judge::{Draft, DraftKind};
use super::lines;
use super::pipeline::{Clause, Occurrence, Pipeline};
use super::services;
use super::verdict::Verdict;

/// What a package's rules make of an applicant's facts on the Program's date.
pub fn determine(program: &Program, record: &Record) -> Determination {
    of(&Evaluator::new(program, record), record)
}

/// The same with what can be known before: a layout, which must be the Program's, and the record's digest ([`digest_of`]). For many applicants, dates or questions.
pub fn determine_with(program: &Program, layout: &Layout, record: &Record, facts: Arc<str>) -> Determination {
    with(&Evaluator::with_layout(program, layout, record), record, facts)
}

/// The same with an evaluator whose values the caller wants to ask for afterwards. It must be the record's, and not have been asked anything yet.
pub fn of(evaluator: &Evaluator<'_>, record: &Record) -> Determination {
    let facts = digest_of(&evaluator.program().schema, record);
    with(evaluator, record, facts.into())
}

fn with(evaluator: &Evaluator<'_>, record: &Record, facts: Arc<str>) -> Determination {
    let program = evaluator.program();
    let history = History::of(record.awards.as_ref());
    let mut board = Board::new(evaluator, record, &history);
    board.tell_all();
    let mut drafts = board.into_drafts(program.order.iter().copied());
    sort(program, &mut drafts);
    let combined = Combined::of(evaluator, record, &history, &drafts);
    let mut award_lines: Vec<_> = drafts
        .iter()
        .enumerate()
        .map(|(line, draft)| lines::award(evaluator, &combined, line, draft))
        .collect();
    lines::in_order(&mut award_lines);
    let info = &program.package;
    Determination {
        package: info.name.clone(),
        version: info.version.clone(),
        digest: info.digest.clone(),
        date: program.date,
        facts,
        applicant: program.schema.entities[record.entity].named.name.clone(),
        lines: award_lines,
        services: services::services(evaluator, record),
        titles: services::titles(evaluator, record),
        total: combined.total(program, &drafts, |draft| draft.verdict == Verdict::Eligible),
        possible: combined.total(program, &drafts, |_| true),
    }
}

/// The lines that are or may be paid, in the order of the result, and what the eligible ones and all come to together.
pub(crate) fn lines_of(evaluator: &Evaluator<'_>, record: &Record) -> (Vec<LineOutcome>, (Amount, Amount)) {
    let program = evaluator.program();
    let history = History::of(record.awards.as_ref());
    let mut board = Board::new(evaluator, record, &history);
    board.tell_all();
    let mut drafts = board.into_drafts(program.order.iter().copied());
    sort(program, &mut drafts);
    let combined = Combined::of(evaluator, record, &history, &drafts);
    let amount = |amounts: &[Amount], line: usize| amounts.get(line).copied().unwrap_or(Amount::ZERO);
    let paid = |(line, draft): (usize, &Draft<'_>)| LineOutcome {
        measure: draft.measure,
        key: draft.key.clone(),
        unlisted: matches!(draft.kind, DraftKind::Rest(_)),
        verdict: draft.verdict,
        gross: draft.steps.first().map_or(draft.amount, |step| step.after),
        own: amount(&combined.pipeline.own, line),
        combined: amount(&combined.before_rationing, line),
        due: combined
            .pipeline
            .claims
            .get(line)
            .map_or(Amount::ZERO, |claim| claim.amount),
    };
    let lines = drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| !matches!(draft.verdict, Verdict::NotEligible(_)));
    let total = |counts: fn(&Draft<'_>) -> bool| {
        let lines = drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| counts(draft))
            .map(|(line, _)| line);
        combined.pipeline.total_of(&lines.collect::<Vec<_>>())
    };
    (
        lines.map(paid).collect(),
        (total(|draft| draft.verdict == Verdict::Eligible), total(|_| true)),
    )
}

/// By measure in the order of decision, then by key, so that the order of children does not matter.
fn sort(program: &Program, drafts: &mut [Draft<'_>]) {
    let position: BTreeMap<MeasureId, usize> = program.order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    drafts.sort_by(|a, b| {
        let place = |draft: &Draft<'_>| {
            (
                position.get(&draft.measure).copied(),
                draft.key.is_none(),
                draft.key.clone(),
            )
        };
        place(a).cmp(&place(b))
    });
}

/// All lines after the pipeline.
pub struct Combined<'e> {
    /// The lines as they came out.
    pub pipeline: Pipeline<'e>,
    /// Amounts before funds, by line.
    pub before_rationing: Vec<Amount>,
    /// Everything before funds.
    pub unrationed: Pipeline<'e>,
    /// Why keys and limits are not known, by line.
    pub causes: Vec<Causes>,
}

impl<'e> Combined<'e> {
    fn of<'p>(evaluator: &'e Evaluator<'p>, record: &'e Record, history: &'e History, drafts: &[Draft<'p>]) -> Self {
        let program = evaluator.program();
        let drafts: Vec<&Draft<'p>> = drafts.iter().collect();
        let mut seating = Seating::new(evaluator, record);
        let measures = program.order.iter();
        let occurrences: Vec<Occurrence> = measures
            .filter_map(|measure| seating.occurrence(*measure, &drafts))
            .collect();
        let clauses: Vec<Clause> = program
            .combines
            .iter()
            .map(|(id, _)| seating.clause(id, &drafts))
            .collect();
        let claims = || drafts.iter().map(|draft| board::claim(draft)).collect();
        let mut pipeline = Pipeline::run(claims, history, &occurrences, &clauses);
        let before_rationing = pipeline.claims.iter().map(|claim| claim.amount).collect();
        let unrationed = pipeline.clone();
        for (position, fund) in program.funds.iter().enumerate() {
            let covered: Vec<usize> = drafts
                .iter()
                .enumerate()
                .filter(|(_, draft)| fund.covers.contains(&draft.measure))
                .map(|(line, _)| line)
                .collect();
            pipeline.rationed(position, &covered);
        }
        let mut causes = vec![Causes::NONE; drafts.len()];
        for (line, cause) in &seating.causes {
            if let Some(slot) = causes.get_mut(*line) {
                slot.merge(cause);
            }
        }
        let mut combined = Self {
            pipeline,
            before_rationing,
            unrationed,
            causes,
        };
        combined.name_history(program);
        combined
    }

    /// What some lines come to; up to that, where only funds and assessments are open.
    fn total(&self, program: &Program, drafts: &[Draft<'_>], counts: impl Fn(&Draft<'_>) -> bool) -> Payable {
        let lines: Vec<usize> = drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| counts(draft))
            .map(|(line, _)| line)
            .collect();
        let assessed = lines
            .iter()
            .all(|line| drafts.get(*line).is_some_and(|draft| draft.assessed));
        let open = assessed || self.unrationed.total_of(&lines).value().is_some();
        Payable::of(self.pipeline.total_of(&lines), program.package.currency, open)
    }

    /// Names earlier awards and open choices as what is missing, where they could change a line.
    fn name_history(&mut self, program: &Program) {
        for (claim, causes) in self.pipeline.claims.iter().zip(&mut self.causes) {
            if claim.needs_awards {
                causes.merge(&Causes::one(CauseKind::Missing, CausePlace::Awards(claim.measure)));
            }
            for clause in &claim.needs_choice {
                let group: Arc<str> = program.combines[*clause].named.name.clone();
                causes.merge(&Causes::one(CauseKind::Missing, CausePlace::Chosen(group)));
            }
        }
    }
}
