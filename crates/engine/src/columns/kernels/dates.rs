//! Calendar arithmetic: of known dates at once, of ranges by the definition (`explain::dates`).

use meed_rules::program::NodeId;

use super::super::run::{At, Run};
use super::super::vector::Vector;
use super::titles::put_value;
use crate::explain::of_dates;
use crate::value::Value;

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn dates(&mut self, at: At<'_>, out: &mut Vector<'b>) {
        let program = self.plan.program;
        let mut operands: Vec<NodeId> = Vec::new();
        program.nodes[at.node]
            .op
            .operands(&mut |operand| operands.push(operand));
        operands
            .iter()
            .for_each(|operand| self.need(*operand, at.table, at.rows));
        let mut unfit = Vec::new();
        for row in at.each() {
            let read = |operand: &NodeId| self.operand(*operand, at.table).value(row, &program.nodes[*operand].ty);
            let values: Vec<Value> = operands.iter().map(read).collect();
            let value = of_dates(program, at.node, &values.iter().collect::<Vec<_>>());
            if !put_value(out, row, &value) {
                unfit.push(row);
            }
        }
        unfit.into_iter().for_each(|row| self.escape(at.table, row));
    }
}
