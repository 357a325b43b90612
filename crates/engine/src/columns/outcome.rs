//! What a batch comes to: an entry for each line that is or may be paid.

use std::sync::Arc;

use meed_facts::batch::{Batch, Bits};
use meed_facts::record::Record;
use meed_rules::program::{MeasureId, NodeId};

use super::combine::{Line, Past};
use super::plan::Plan;
use super::run::{ROOT, Run};
use crate::awards::amount::{self, Amount};
use crate::awards::determine::lines_of;
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
        let mut run = Run::new(self, batch);
        let mut found = run.found();
        let mut outcome = Outcome {
            ends: Vec::with_capacity(batch.rows),
            lines: Vec::new(),
            totals: Vec::with_capacity(batch.rows),
            explained: Bits::none(batch.rows),
        };
        for row in 0..batch.rows {
            let own = found
                .iter_mut()
                .skip(row)
                .take(1)
                .flat_map(std::mem::take)
                .collect::<Vec<_>>();
            let plain = !run.escaped.get(row);
            let lines = plain.then(|| self.combined(own, past(batch, row))).flatten();
            let (lines, total) = lines.unwrap_or_else(|| {
                outcome.explained.set(row, true);
                batch
                    .record(row)
                    .map_or((Vec::new(), (Amount::ZERO, Amount::ZERO)), |record| {
                        self.explain(&record)
                    })
            });
            outcome.lines.extend(lines);
            outcome
                .ends
                .push(u32::try_from(outcome.lines.len()).unwrap_or(u32::MAX));
            outcome.totals.push(total);
        }
        outcome
    }

    /// What some of the applicants' own nodes are in each row of a batch, without causes; and the applicants whom the explaining evaluator had to look at.
    pub fn values(&self, batch: &Batch, nodes: &[NodeId]) -> (Vec<Vec<Value>>, Bits) {
        let mut run = Run::new(self, batch);
        let all = run.all(ROOT);
        nodes.iter().for_each(|node| run.need(*node, ROOT, &all));
        let explained = run.escaped.clone();
        let of_row = |row: usize| -> Vec<Value> {
            let record = batch.record(row).filter(|_| explained.get(row));
            let evaluator = record
                .as_ref()
                .map(|record| Evaluator::with_layout(self.program, &self.layout, record));
            let of_node = |node: &NodeId| match &evaluator {
                Some(evaluator) => evaluator.value(*node, evaluator.root()).without_causes(),
                None => run
                    .operand(*node, ROOT)
                    .value(row, &self.program.nodes[*node].ty)
                    .without_causes(),
            };
            nodes.iter().map(of_node).collect()
        };
        ((0..batch.rows).map(of_row).collect(), explained)
    }

    /// The same by the explaining evaluator, for one applicant.
    pub fn explain(&self, record: &Record) -> (Vec<LineOutcome>, (Amount, Amount)) {
        lines_of(&Evaluator::with_layout(self.program, &self.layout, record), record)
    }

    /// What an applicant's lines come to, where combining them is plain.
    fn combined(
        &self,
        mut outcomes: Vec<(LineOutcome, Option<bool>)>,
        past: Past,
    ) -> Option<(Vec<LineOutcome>, (Amount, Amount))> {
        let mut lines: Vec<Line> = outcomes
            .iter()
            .map(|(line, once)| Line {
                measure: line.measure,
                verdict: line.verdict,
                once: *once,
                amount: line.due,
                own: line.due,
                combined: line.due,
            })
            .collect();
        if !self.clauses.combine(&mut lines, past) {
            return None;
        }
        for ((outcome, _), line) in outcomes.iter_mut().zip(&lines) {
            (outcome.own, outcome.combined, outcome.due) = (line.own, line.combined, line.amount);
        }
        let sum = |counts: fn(&Verdict) -> bool| {
            amount::sum(
                lines
                    .iter()
                    .filter(|line| counts(&line.verdict))
                    .map(|line| line.amount),
            )
        };
        let total = (sum(|verdict| *verdict == Verdict::Eligible), sum(|_| true));
        Some((outcomes.into_iter().map(|(line, _)| line).collect(), total))
    }
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
    /// The lines of each applicant that are or may be paid, before they are combined, and whether each is paid once (for each value of something).
    fn found(&mut self) -> Vec<Vec<(LineOutcome, Option<bool>)>> {
        let program = self.plan.program;
        let mut found = vec![Vec::new(); self.rows(ROOT)];
        for measure in &program.order {
            for lines in self.lines(*measure).iter() {
                let Ok(table) = lines.place else { continue };
                let first: Vec<usize> = found.iter().map(Vec::len).collect();
                for (row, paid) in &lines.paid {
                    let row = *row as usize;
                    let root = self.row_of(table, row, ROOT);
                    let outcome = LineOutcome {
                        measure: *measure,
                        key: self.key(table, row, paid.rules.line.key),
                        unlisted: self.is_rest(table, row),
                        verdict: lines.verdict(row),
                        gross: paid.gross,
                        own: paid.amount,
                        combined: paid.amount,
                        due: paid.amount,
                    };
                    let once = paid.rules.once.as_ref().map(|once| once.per.is_some());
                    found
                        .iter_mut()
                        .skip(root)
                        .take(1)
                        .for_each(|all| all.push((outcome.clone(), once)));
                }
                for (all, first) in found.iter_mut().zip(first) {
                    if let Some(own) = all.get_mut(first..).filter(|own| own.len() > 1) {
                        own.sort_by(|a, b| (a.0.key.is_none(), &a.0.key).cmp(&(b.0.key.is_none(), &b.0.key)));
                    }
                }
            }
        }
        found
    }
}
