//! Which conditions the cases have made true, made false, and shown to decide (masked MC/DC within one list of conditions).
//!
//! Only what an expectation of the case rests on counts: a value that nobody looked at shows nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use meed_rules::cases::Target;
use meed_rules::diagnostic::{Code, Diagnostic, Message, Span};
use meed_rules::program::{Condition, NodeId, Op, Program};

use super::Run;
use crate::explain::{Evaluator, Frame};
use crate::value::Value;

/// The conditions of a package with what the cases have shown of them, by place.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    conditions: BTreeMap<Span, Shown>,
}

/// What the cases have shown of one condition.
#[derive(Clone, Debug, Default)]
struct Shown {
    /// Its label, where it has one.
    label: Option<Arc<str>>,
    /// The last of the headings above it.
    heading: Option<Arc<str>>,
    /// Whether it stands in a list with others, so that deciding alone means something.
    among_others: bool,
    /// Whether the text is silent on a part of it, so that one of its sides may be out of reach.
    silent: bool,
    made_true: bool,
    made_false: bool,
    decided_alone: bool,
}

/// Whether a hole in the text is among what a condition reads.
fn reads_hole(program: &Program, condition: NodeId) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![condition];
    while let Some(node) = open.pop() {
        if !seen.insert(node) {
            continue;
        }
        if matches!(program.nodes[node].op, Op::Hole(_)) {
            return true;
        }
        program.reads(node, &mut |operand| open.push(operand));
    }
    false
}

impl Coverage {
    /// Expects the conditions of a Program's measures, services and titles to be shown.
    pub fn expect(&mut self, program: &Program) {
        let mut seen = HashSet::new();
        for root in roots(program) {
            self.expect_below(program, root, &mut seen);
        }
    }

    fn expect_below(&mut self, program: &Program, root: NodeId, seen: &mut HashSet<NodeId>) {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            for (condition, others) in conditions(&program.nodes[node].op) {
                let origin = &program.origins[condition.origin];
                let shown = self.conditions.entry(origin.span).or_default();
                shown.label.clone_from(&condition.label);
                shown.heading = origin.headings.last().cloned();
                shown.among_others |= others;
                shown.silent = shown.silent || reads_hole(program, condition.node);
            }
            program.reads(node, &mut |operand| open.push(operand));
        }
    }

    /// Notes what a case has shown.
    pub fn observe(&mut self, run: &Run<'_>) {
        let mut walk = Walk {
            coverage: self,
            evaluator: &run.evaluator,
            seen: BTreeSet::new(),
        };
        for expectation in &run.case.expectations {
            match &expectation.target {
                Target::Value(node) => walk.node(*node, run.evaluator.root()),
                Target::Measure(measure, key) => {
                    let lines = run.determination.lines.iter();
                    let lines = lines.filter(|line| line.measure == *measure && (key.is_none() || line.key == *key));
                    for (entering, staying) in lines.filter_map(|line| line.frames) {
                        walk.measure(*measure, entering, staying);
                    }
                }
                Target::Service(name, _) => walk.service(name),
                Target::Total => {
                    for line in &run.determination.lines {
                        if let Some((entering, staying)) = line.frames {
                            walk.measure(line.measure, entering, staying);
                        }
                    }
                }
            }
        }
    }

    /// How many conditions there are, how many were made both true and false, and how many (of those among others) decided alone.
    pub fn tally(&self) -> (usize, usize, usize) {
        let count = |fits: fn(&Shown) -> bool| self.conditions.values().filter(|shown| fits(shown)).count();
        (
            self.conditions.len(),
            count(|shown| shown.made_true && shown.made_false),
            count(|shown| shown.decided_alone || (!shown.among_others && shown.made_true && shown.made_false)),
        )
    }

    /// A warning for each condition that was not made both true and false, a note for each that never decided alone.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.conditions
            .iter()
            .filter_map(|(span, shown)| shown.finding(*span))
            .collect()
    }
}

impl Shown {
    fn finding(&self, span: Span) -> Option<Diagnostic> {
        let (of_en, of_zh) = self.label.as_ref().map_or_else(
            || ("this condition".to_owned(), "此条件".to_owned()),
            |label| (format!("the condition `{label}`"), format!("条件“{label}”")),
        );
        let clause = self.heading.as_deref().unwrap_or_default();
        let (en, zh) = match (self.made_true, self.made_false) {
            (false, false) => ("true or false", "成立或不成立"),
            (false, true) => ("true", "成立"),
            (true, false) => ("false", "不成立"),
            (true, true) if self.among_others && !self.decided_alone => {
                let message = Message::new(
                    format!("no case shows that {of_en} decides alone ({clause})"),
                    format!("没有案例表明{of_zh}单独决定结果（{clause}）"),
                );
                return Some(Diagnostic::note(Code::CaseMissingCoverage, span, message));
            }
            (true, true) => return None,
        };
        if self.silent {
            let message = Message::new(
                format!("no case makes {of_en} {en}: the text is silent there ({clause})"),
                format!("没有案例使{of_zh}{zh}：条文在此未载明（{clause}）"),
            );
            return Some(Diagnostic::note(Code::CaseMissingCoverage, span, message));
        }
        let message = Message::new(
            format!("no case makes {of_en} {en} ({clause})"),
            format!("没有案例使{of_zh}{zh}（{clause}）"),
        );
        Some(Diagnostic::new(Code::CaseMissingCoverage, span, message))
    }
}

/// Conditions of entering and staying, amounts, services and criteria.
fn roots(program: &Program) -> Vec<NodeId> {
    let rules = program.measures.iter().flat_map(|(_, measure)| &measure.rules);
    let rules = rules.flat_map(|rules| {
        let pay = &rules.pay;
        [rules.when, rules.while_, pay.amount, pay.floor, pay.cap]
    });
    let titles = program.titles.iter().flat_map(|title| [title.meets, title.renewal]);
    let services = program.services.iter().map(|service| service.when);
    rules.chain(titles).chain(services).flatten().collect()
}

/// The conditions of a list, and whether each stands among others.
fn conditions(op: &Op) -> impl Iterator<Item = (&Condition, bool)> {
    let list: &[Condition] = match op {
        Op::All(list) | Op::Any(list) | Op::NoneOf(list) | Op::AtLeast(_, list) => list,
        _ => &[],
    };
    list.iter().map(move |condition| (condition, list.len() > 1))
}

struct Walk<'c, 'e, 'p> {
    coverage: &'c mut Coverage,
    evaluator: &'e Evaluator<'p>,
    seen: BTreeSet<(NodeId, Frame)>,
}

impl Walk<'_, '_, '_> {
    fn measure(&mut self, measure: meed_rules::program::MeasureId, entering: Frame, staying: Frame) {
        let program = self.evaluator.program();
        for rules in &program.measures[measure].rules {
            self.visible(rules.when, entering);
            self.visible(rules.while_, staying);
            for node in [rules.pay.amount, rules.pay.floor, rules.pay.cap] {
                self.visible(node, staying);
            }
        }
    }

    /// Walks a service's conditions, for each child where it is given for children.
    fn service(&mut self, name: &str) {
        let program = self.evaluator.program();
        for service in program.services.iter().filter(|service| *service.named.name == *name) {
            let root = self.evaluator.root();
            if service.line.scope == self.evaluator.scope_of(root) {
                self.visible(service.when, root);
            } else {
                for instance in self.evaluator.instances(service.line.scope, root).items.clone() {
                    self.visible(service.when, instance.frame);
                }
            }
        }
    }

    /// Walks a node where the frame binds its scope: versions for other kinds of applicants have others.
    fn visible(&mut self, node: Option<NodeId>, frame: Frame) {
        if let Some(node) = node
            && self
                .evaluator
                .visible(self.evaluator.program().nodes[node].scope, frame)
                .is_some()
        {
            self.node(node, frame);
        }
    }

    fn node(&mut self, root: NodeId, frame: Frame) {
        let program = self.evaluator.program();
        let mut open = vec![(root, frame)];
        while let Some((node, frame)) = open.pop() {
            if !self.seen.insert((node, frame)) {
                continue;
            }
            self.list(node, frame);
            if let Op::Aggregate {
                over, filter, value, ..
            } = &program.nodes[node].op
            {
                let outer = program.scopes[*over].parent;
                let outer = outer
                    .and_then(|outer| self.evaluator.visible(outer, frame))
                    .unwrap_or(frame);
                for instance in &self.evaluator.instances(*over, outer).items {
                    open.extend(filter.iter().chain(value).map(|node| (*node, instance.frame)));
                }
                continue;
            }
            program.reads(node, &mut |operand| {
                if self.evaluator.visible(program.nodes[operand].scope, frame).is_some() {
                    open.push((operand, frame));
                }
            });
        }
    }

    /// Notes what the conditions of a list came to, and whether one of them decided alone.
    fn list(&mut self, node: NodeId, frame: Frame) {
        let program = self.evaluator.program();
        let op = &program.nodes[node].op;
        let list: Vec<(&Condition, Option<bool>)> = conditions(op)
            .map(|(condition, _)| (condition, self.evaluator.value(condition.node, frame)))
            .map(|(condition, value): (_, &Value)| (condition, value.as_bool()))
            .collect();
        let trues = list.iter().filter(|(_, truth)| *truth == Some(true)).count();
        let known = list.iter().all(|(_, truth)| truth.is_some());
        for (condition, truth) in &list {
            let Some(truth) = truth else { continue };
            let others = trues.saturating_sub(usize::from(*truth));
            let decides = known
                && match op {
                    Op::All(_) => !truth && others == list.len().saturating_sub(1),
                    Op::Any(_) | Op::NoneOf(_) => *truth && others == 0,
                    Op::AtLeast(count, _) => u32::try_from(others.saturating_add(1)) == Ok(*count),
                    _ => false,
                };
            let span = program.origins[condition.origin].span;
            let Some(shown) = self.coverage.conditions.get_mut(&span) else {
                continue;
            };
            shown.made_true |= truth;
            shown.made_false |= !truth;
            shown.decided_alone |= decides;
        }
    }
}
