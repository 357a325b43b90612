//! What one case has shown: a walk through the decisions that its expectations rest on.

use std::collections::BTreeSet;

use meed_rules::program::{Condition, MeasureId, NodeId, Op, OriginId};

use super::{Coverage, alone, conditions};
use crate::explain::{Evaluator, Frame};

/// A walk through what an expectation rests on.
pub(super) struct Walk<'c, 'e, 'p> {
    coverage: &'c mut Coverage,
    evaluator: &'e Evaluator<'p>,
    seen: BTreeSet<(NodeId, Frame, bool)>,
}

impl<'c, 'e, 'p> Walk<'c, 'e, 'p> {
    pub(super) fn new(coverage: &'c mut Coverage, evaluator: &'e Evaluator<'p>) -> Self {
        Walk {
            coverage,
            evaluator,
            seen: BTreeSet::new(),
        }
    }

    /// Walks a measure's conditions and amounts for one line.
    pub(super) fn measure(&mut self, measure: MeasureId, entering: Frame, staying: Frame) {
        let program = self.evaluator.program();
        for rules in &program.measures[measure].rules {
            self.decision(rules.when, entering);
            self.decision(rules.while_, staying);
            for node in [rules.pay.amount, rules.pay.floor, rules.pay.cap] {
                self.visible(node, staying);
            }
        }
    }

    /// Walks a service's conditions, for each child where it is given for children.
    pub(super) fn service(&mut self, name: &str) {
        let program = self.evaluator.program();
        for service in program.services.iter().filter(|service| *service.named.name == *name) {
            let root = self.evaluator.root();
            if service.line.scope == self.evaluator.scope_of(root) {
                self.decision(service.when, root);
            } else {
                for instance in self.evaluator.instances(service.line.scope, root).items.clone() {
                    self.decision(service.when, instance.frame);
                }
            }
        }
    }

    /// Walks a node where the frame binds its scope: versions for other kinds of applicants have others.
    fn visible(&mut self, node: Option<NodeId>, frame: Frame) {
        if let Some(node) = node.filter(|node| self.is_visible(*node, frame)) {
            self.node(node, frame);
        }
    }

    fn is_visible(&self, node: NodeId, frame: Frame) -> bool {
        let scope = self.evaluator.program().nodes[node].scope;
        self.evaluator.visible(scope, frame).is_some()
    }

    /// Walks a decision; one that is a condition without a list around it is noted too.
    fn decision(&mut self, node: Option<NodeId>, frame: Frame) {
        self.visible(node, frame);
        let program = self.evaluator.program();
        let single = node.and_then(|node| alone(program, node));
        if let Some(single) = single.filter(|single| self.is_visible(*single, frame)) {
            let truth = self.evaluator.value(single, frame).as_bool();
            self.note(program.nodes[single].origin, truth, true);
        }
    }

    /// Walks a node and all below it. What is read by anything but a list, a name or a negation begins a decision of its own.
    pub(super) fn node(&mut self, root: NodeId, frame: Frame) {
        let program = self.evaluator.program();
        let mut open = vec![(root, frame, true)];
        while let Some((node, frame, decisive)) = open.pop() {
            if !self.seen.insert((node, frame, decisive)) {
                continue;
            }
            match &program.nodes[node].op {
                Op::All(_) | Op::Any(_) | Op::NoneOf(_) | Op::AtLeast(..) => {
                    let inner = self.list(node, frame, decisive);
                    open.extend(
                        inner
                            .into_iter()
                            .filter(|(node, frame, _)| self.is_visible(*node, *frame)),
                    );
                }
                Op::Not(inner) | Op::Named { body: inner, .. } => open.push((*inner, frame, decisive)),
                Op::Aggregate {
                    over, filter, value, ..
                } => {
                    let outer = program.scopes[*over].parent;
                    let outer = outer
                        .and_then(|outer| self.evaluator.visible(outer, frame))
                        .unwrap_or(frame);
                    for instance in &self.evaluator.instances(*over, outer).items {
                        open.extend(filter.iter().chain(value).map(|node| (*node, instance.frame, true)));
                    }
                }
                _ => program.reads(node, &mut |operand| {
                    if self.is_visible(operand, frame) {
                        open.push((operand, frame, true));
                    }
                }),
            }
        }
    }

    /// Notes what the conditions of a list came to, and tells which of them turn the decision.
    fn list(&mut self, node: NodeId, frame: Frame, decisive: bool) -> Vec<(NodeId, Frame, bool)> {
        let program = self.evaluator.program();
        let op = &program.nodes[node].op;
        let list: Vec<(&Condition, Option<bool>)> = conditions(op)
            .map(|(condition, _)| (condition, self.evaluator.value(condition.node, frame).as_bool()))
            .collect();
        let mut inner = Vec::new();
        for (index, (condition, truth)) in list.iter().enumerate() {
            let others = list.iter().enumerate().filter(|(other, _)| *other != index);
            let turns = decisive && turns(op, others.map(|(_, (_, truth))| *truth));
            self.note(condition.origin, *truth, turns);
            inner.push((condition.node, frame, turns));
        }
        inner
    }

    fn note(&mut self, origin: OriginId, truth: Option<bool>, turns: bool) {
        let span = self.evaluator.program().origins[origin].span;
        if let (Some(truth), Some(shown)) = (truth, self.coverage.conditions.get_mut(&span)) {
            shown.made_true |= truth;
            shown.made_false |= !truth;
            shown.decided_true |= turns && truth;
            shown.decided_false |= turns && !truth;
        }
    }
}

/// Whether a condition beside these others turns its list: true gives another result than false.
fn turns(op: &Op, mut others: impl Iterator<Item = Option<bool>>) -> bool {
    match op {
        Op::All(_) => others.all(|truth| truth == Some(true)),
        Op::Any(_) | Op::NoneOf(_) => others.all(|truth| truth == Some(false)),
        Op::AtLeast(count, _) => {
            let trues = others.try_fold(0_u32, |sum, truth| sum.checked_add(u32::from(truth?)));
            trues.and_then(|trues| trues.checked_add(1)) == Some(*count)
        }
        _ => false,
    }
}
