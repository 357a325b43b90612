//! Earlier awards, and choices among exclusive measures (`explain::history`).

use std::sync::Arc;

use meed_rules::program::{MeasureId, NodeId, Op};

use super::super::run::{At, ROOT, Run};
use super::super::vector::{One, Vector, bit, set_bit};
use super::titles::put_value;
use crate::awards::rivals;
use crate::explain::received;

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn history(&mut self, at: At<'_>, out: &mut Vector<'b>) {
        let program = self.plan.program;
        match &program.nodes[at.node].op {
            Op::Gets(measure) => self.gets(at, *measure, out),
            Op::Received { measure, year } => self.received(at, *measure, *year, out),
            Op::Chosen { group, measure } => self.chosen(at, group, *measure, out),
            _ => {}
        }
    }

    /// Nobody gets an award of which all lines are refused, and those of all that might exclude it; the others go to the explaining evaluator.
    fn gets(&mut self, at: At<'_>, measure: MeasureId, out: &mut Vector<'b>) {
        let mut perhaps = vec![0; self.rows(ROOT).div_ceil(64)];
        for rival in rivals(self.plan.program, measure) {
            for lines in self.lines(rival).iter() {
                let Some(table) = lines.table else { continue };
                for line in lines.paid.lines() {
                    set_bit(&mut perhaps, self.row_of(table, line.row(), ROOT), true);
                }
            }
        }
        for row in at.each() {
            if bit(&perhaps, self.row_of(at.table, row, ROOT)) {
                self.escape(at.table, row);
            } else {
                out.put_truth(row, One::of((false, true)));
            }
        }
    }

    fn received(&mut self, at: At<'_>, measure: MeasureId, year: Option<NodeId>, out: &mut Vector<'b>) {
        let program = self.plan.program;
        if let Some(year) = year {
            self.need(year, at.table, at.rows);
        }
        let mut unfit = Vec::new();
        let awards = self.table(ROOT).batch.map(|batch| &batch.awards);
        for row in at.each() {
            let root = self.row_of(at.table, row, ROOT);
            let list = awards.filter(|awards| awards.stated.get(root));
            let list = list.map(|awards| {
                (
                    awards.items.get(awards.span(root)).unwrap_or_default(),
                    awards.complete.get(root),
                )
            });
            let year = year.map(|year| self.operand(year, at.table).value(row, &program.nodes[year].ty));
            let value = received(program, at.node, measure, list, year.as_ref());
            if !put_value(out, row, &value) {
                unfit.push(row);
            }
        }
        unfit.into_iter().for_each(|row| self.escape(at.table, row));
    }

    fn chosen(&mut self, at: At<'_>, group: &Arc<str>, measure: MeasureId, out: &mut Vector<'b>) {
        let named = &self.plan.program.measures[measure].named;
        let batch = self.table(ROOT).batch;
        for row in at.each() {
            let root = u32::try_from(self.row_of(at.table, row, ROOT)).unwrap_or(u32::MAX);
            let chosen = batch.and_then(|batch| batch.chosen.get(&root)?.get(group));
            let truth = chosen.map_or((true, true), |chosen| {
                let is = named.is_called(chosen);
                (is, !is)
            });
            out.put_truth(row, One::of(truth));
        }
    }
}
