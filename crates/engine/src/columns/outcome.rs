//! What a batch comes to: an entry for each line that is or may be paid.

use std::sync::Arc;

use meed_facts::batch::{Batch, Bits};
use meed_facts::record::Record;
use meed_rules::program::{MeasureId, NodeId};

use super::combine::{Line, Past};
use super::plan::Plan;
use super::run::{ROOT, Run};
use crate::awards::amount::{self, Amount};
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
        let mut found = run.lines_found().into_iter().peekable();
        let mut outcome = Outcome {
            ends: Vec::with_capacity(batch.rows),
            lines: Vec::new(),
            totals: Vec::with_capacity(batch.rows),
            explained: Bits::none(batch.rows),
        };
        let mut own = Vec::new();
        for row in 0..batch.rows {
            own.clear();
            while let Some(found) = found.next_if(|found| found.row == row) {
                own.push(found);
            }
            let plain = !run.escaped.get(row) && (own.is_empty() || self.is_plain(&mut own, past(batch, row)));
            let total = if plain {
                let sum = |counts: fn(&Verdict) -> bool| {
                    let counted = own.iter().filter(|found| counts(&found.line.verdict));
                    amount::sum(counted.map(|found| found.line.due))
                };
                let totals = (sum(|verdict| *verdict == Verdict::Eligible), sum(|_| true));
                outcome.lines.extend(own.drain(..).map(|found| found.line));
                totals
            } else {
                outcome.explained.set(row, true);
                let record = batch.record(row);
                let (lines, totals) = record.map_or_else(
                    || (Vec::new(), (Amount::ZERO, Amount::ZERO)),
                    |record| self.explain(&record),
                );
                outcome.lines.extend(lines);
                totals
            };
            outcome.totals.push(total);
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
            (0..batch.rows)
                .map(|row| operand.value(row, ty(node)).without_causes())
                .collect()
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
        Awards::of(&Evaluator::with_layout(self.program, &self.layout, record), record).outcomes()
    }

    /// Brings an applicant's lines to what is due, where combining them is plain.
    fn is_plain(&self, found: &mut [Found], past: Past) -> bool {
        let line = |found: &Found| Line {
            measure: found.line.measure,
            verdict: found.line.verdict,
            once: found.once,
            amount: found.line.due,
            own: found.line.due,
            combined: found.line.due,
        };
        let mut lines: Vec<Line> = found.iter().map(line).collect();
        if !self.clauses.combine(&mut lines, past) {
            return false;
        }
        for (found, line) in found.iter_mut().zip(&lines) {
            (found.line.own, found.line.combined, found.line.due) = (line.own, line.combined, line.amount);
        }
        true
    }
}

/// A line before it is combined with others.
struct Found {
    /// Whose.
    row: usize,
    line: LineOutcome,
    /// Whether it is paid once, and then for each value of something.
    once: Option<bool>,
}

fn past(batch: &Batch, row: usize) -> Past {
    let span = batch.awards.span(row);
    match (span.is_empty(), batch.awards.complete.get(row)) {
        (true, true) => Past::None,
        (true, false) => Past::Unknown,
        (false, _) => Past::Some,
    }
}

impl Run<'_, '_> {
    /// The lines that are or may be paid, by applicant, then in the order of decision, then by key.
    fn lines_found(&mut self) -> Vec<Found> {
        let program = self.plan.program;
        let mut all = Vec::new();
        for measure in &program.order {
            let first = all.len();
            for lines in self.lines(*measure).iter() {
                let Some(table) = lines.table else { continue };
                for (row, verdict, paid) in &lines.paid {
                    let row = *row as usize;
                    all.push(Found {
                        row: self.row_of(table, row, ROOT),
                        line: LineOutcome {
                            measure: *measure,
                            key: self.key(table, row, paid.key),
                            unlisted: self.is_rest(table, row),
                            verdict: *verdict,
                            gross: paid.gross,
                            own: paid.amount,
                            combined: paid.amount,
                            due: paid.amount,
                        },
                        once: paid.once,
                    });
                }
            }
            if let Some(own) = all.get_mut(first..) {
                let key = |found: &Found| (found.row, found.line.key.is_none(), found.line.key.clone());
                own.sort_by_cached_key(key);
            }
        }
        all.sort_by_key(|found| found.row);
        all
    }
}
