//! What a batch comes to: an entry for each line that is or may be paid.

use std::sync::Arc;

use meed_facts::batch::{Batch, Bits};
use meed_facts::record::Record;
use meed_rules::program::{MeasureId, NodeId};

use super::course::Courses;
use super::plan::Plan;
use super::run::{ROOT, Run};
use crate::awards::amount::Amount;
use crate::awards::decision::Awards;
use crate::awards::verdict::Verdict;
use crate::explain::Evaluator;
use crate::value::Value;

/// What a batch's applicants are due, in the order of its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Where each applicant's lines end.
    pub ends: Vec<u32>,
    /// Lines that are eligible or undetermined; of all others the verdict is `not_eligible`.
    pub lines: Vec<LineOutcome>,
    /// What each applicant's eligible lines come to together, and all lines.
    pub totals: Vec<(Amount, Amount)>,
    /// The applicants whom the explaining evaluator determined.
    pub explained: Bits,
}

/// One award line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineOutcome {
    /// The measure.
    pub measure: MeasureId,
    /// The child's key, where the line is for one and it is known.
    pub key: Option<Arc<str>>,
    /// Whether it stands for children that are not listed.
    pub unlisted: bool,
    /// What the conditions come to.
    pub verdict: Verdict,
    /// What the formula gives with floor, cap and rounding.
    pub gross: Amount,
    /// What is left of it after earlier awards of what is paid once.
    pub own: Amount,
    /// What groups, ladders and ceilings leave of that.
    pub combined: Amount,
    /// What is due: up to that, where a fund is shared out among applicants.
    pub due: Amount,
    /// What must be its alone among all applicants' lines; `None` what is not known.
    pub unique: Vec<Option<Arc<str>>>,
    /// Whether a person has still to say what of it is paid beside the applicant's other lines.
    pub contested: bool,
}

impl Plan<'_> {
    /// Determines all applicants of a batch, which must be of the plan's entity.
    pub fn determine(&self, batch: &Batch) -> Outcome {
        self.determine_with(batch, &[]).0
    }

    /// The same, and what some of the applicants' own nodes are, without causes: for each node a value for each row.
    pub fn determine_with(&self, batch: &Batch, nodes: &[NodeId]) -> (Outcome, Vec<Vec<Value>>) {
        let mut run = Run::new(self, batch);
        let all = run.all(ROOT);
        nodes.iter().for_each(|node| run.need(*node, ROOT, &all));
        let outcome = self.outcome(&mut run, batch);
        let values = self.values_of(&run, batch, nodes, &outcome.explained);
        (outcome, values)
    }

    fn outcome(&self, run: &mut Run<'_, '_>, batch: &Batch) -> Outcome {
        let mut found = run.lines_found();
        run.need_seats(batch, &found);
        let mut courses = Courses::new(run, batch);
        let mut totals = Vec::with_capacity(batch.rows);
        let mut rest = found.as_mut_slice();
        for row in 0..batch.rows {
            let count = rest.iter().take_while(|found| found.row == row).count();
            let (own, others) = std::mem::take(&mut rest).split_at_mut(count);
            rest = others;
            totals.push(match run.escaped.get(row) {
                true => (Amount::ZERO, Amount::ZERO),
                false => courses.take(row, own),
            });
        }
        let mut outcome = Outcome {
            ends: Vec::with_capacity(batch.rows),
            lines: Vec::with_capacity(found.len()),
            totals,
            explained: run.escaped.clone(),
        };
        let mut found = found.into_iter();
        for row in 0..batch.rows {
            let explained = run.escaped.get(row);
            while found.as_slice().first().is_some_and(|found| found.row == row) {
                let line = found.next().map(|found| found.line);
                outcome.lines.extend(line.filter(|_| !explained));
            }
            if let Some(record) = explained.then(|| batch.record(row)).flatten() {
                let (lines, total) = self.explain(&record);
                outcome.lines.extend(lines);
                outcome
                    .totals
                    .iter_mut()
                    .skip(row)
                    .take(1)
                    .for_each(|totals| *totals = total);
            }
            outcome
                .ends
                .push(u32::try_from(outcome.lines.len()).unwrap_or(u32::MAX));
        }
        outcome
    }

    /// The values of nodes; those of some applicants by the explaining evaluator.
    fn values_of(&self, run: &Run<'_, '_>, batch: &Batch, nodes: &[NodeId], explained: &Bits) -> Vec<Vec<Value>> {
        let ty = |node: &NodeId| &self.program.nodes[*node].ty;
        let of_node = |node: &NodeId| -> Vec<Value> {
            let operand = run.operand(*node, ROOT);
            (0..batch.rows).map(|row| operand.value(row, ty(node))).collect()
        };
        let mut values: Vec<Vec<Value>> = nodes.iter().map(of_node).collect();
        for row in explained.rows().filter(|_| !nodes.is_empty()) {
            let Some(record) = batch.record(row) else { continue };
            let evaluator = Evaluator::with_layout(self.program, &self.layout, &record);
            // Awards first: a definition may ask which are made.
            Awards::of(&evaluator, &record);
            for (values, node) in values.iter_mut().zip(nodes) {
                if let Some(place) = values.get_mut(row) {
                    *place = evaluator.value(*node, evaluator.root()).without_causes();
                }
            }
        }
        values
    }

    /// The same by the explaining evaluator, for one applicant.
    pub fn explain(&self, record: &Record) -> (Vec<LineOutcome>, (Amount, Amount)) {
        let evaluator = Evaluator::with_layout(self.program, &self.layout, record);
        Awards::of(&evaluator, record).outcomes(&evaluator)
    }
}
