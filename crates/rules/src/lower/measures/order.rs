//! The order in which measures are decided: each after those it asks about.

use meed_syntax::diagnostic::{Code, Diagnostic, Message};
use rustc_hash::FxHashSet;

use crate::lower::Lower;
use crate::program::{MeasureId, NodeId, Op};

impl Lower<'_> {
    /// Measures so that each follows those it asks about; a circle is said with its path.
    pub(in crate::lower) fn measure_order(&mut self) -> Vec<MeasureId> {
        let mut order = Vec::new();
        let ids: Vec<MeasureId> = self.measures.iter().map(|(id, _)| id).collect();
        let mut path = Vec::new();
        for id in ids {
            self.visit_measure(id, &mut order, &mut path);
        }
        order
    }

    pub(in crate::lower) fn visit_measure(
        &mut self,
        id: MeasureId,
        order: &mut Vec<MeasureId>,
        path: &mut Vec<MeasureId>,
    ) {
        if order.contains(&id) {
            return;
        }
        if let Some(start) = path.iter().position(|known| *known == id) {
            let names: Vec<String> = path
                .iter()
                .skip(start)
                .chain([&id])
                .map(|id| self.measures[*id].named.name.to_string())
                .collect();
            let text = names.join(" → ");
            let span = self.measures[id]
                .rules
                .first()
                .map(|rules| self.origins[rules.origin].span);
            if let Some(span) = span {
                self.say(Diagnostic::new(
                    Code::Cycle,
                    span,
                    Message::new(
                        format!("measures ask about each other in a circle: {text}"),
                        format!("措施互相依赖成环：{text}"),
                    ),
                ));
            }
            return;
        }
        path.push(id);
        for asked in self.asked_by(id) {
            self.visit_measure(asked, order, path);
        }
        path.pop();
        order.push(id);
    }

    pub(in crate::lower) fn asked_by(&self, id: MeasureId) -> Vec<MeasureId> {
        let mut asked = Vec::new();
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        let mut todo: Vec<NodeId> = Vec::new();
        for rules in &self.measures[id].rules {
            todo.extend(
                [
                    rules.when,
                    rules.while_,
                    rules.pay.amount,
                    rules.pay.floor,
                    rules.pay.cap,
                ]
                .into_iter()
                .flatten(),
            );
        }
        while let Some(node) = todo.pop() {
            if !seen.insert(node) {
                continue;
            }
            let op = &self.builder.nodes[node].op;
            if let Op::Gets(measure) = op {
                asked.push(*measure);
            }
            op.operands(&mut |operand| todo.push(operand));
            if let Op::Aggregate { over, .. } = op {
                self.builder.scopes[*over]
                    .kind
                    .operands(&mut |operand| todo.push(operand));
            }
        }
        asked.sort_unstable();
        asked.dedup();
        asked
    }
}
