//! The order in which measures are decided: each after those it asks about.

use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use crate::lower::Lower;
use crate::program::{MeasureId, Op};

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
        let nodes = self.measures[id].rules.iter().flat_map(|rules| {
            let pay = &rules.pay;
            [rules.when, rules.while_, pay.amount, pay.floor, pay.cap]
        });
        self.each_op(nodes.flatten(), |op| {
            if let Op::Gets(measure) = op {
                asked.push(*measure);
            }
        });
        asked.sort_unstable();
        asked.dedup();
        asked
    }
}
