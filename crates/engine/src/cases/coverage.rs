//! Which conditions the cases have made true, made false, and shown to decide: masking MC/DC, through lists inside lists up to the whole decision.
//!
//! Only what an expectation of the case rests on counts: a value that nobody looked at shows nothing.

mod walk;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use meed_rules::cases::Target;
use meed_rules::diagnostic::{Code, Diagnostic, Message, Span};
use meed_rules::program::{Condition, NodeId, Op, OriginId, Program};

use self::walk::Walk;
use super::Run;

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
    /// Whether it held, and the decision would have been another had it failed.
    decided_true: bool,
    /// Whether it failed, and the decision would have been another had it held.
    decided_false: bool,
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
        for root in decisions(program).filter_map(|root| alone(program, root)) {
            self.expect_one(program, root, program.nodes[root].origin, None, false);
        }
    }

    fn expect_below(&mut self, program: &Program, root: NodeId, seen: &mut HashSet<NodeId>) {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            for (condition, others) in conditions(&program.nodes[node].op) {
                self.expect_one(
                    program,
                    condition.node,
                    condition.origin,
                    condition.label.as_ref(),
                    others,
                );
            }
            program.reads(node, &mut |operand| open.push(operand));
        }
    }

    fn expect_one(
        &mut self,
        program: &Program,
        node: NodeId,
        origin: OriginId,
        label: Option<&Arc<str>>,
        among_others: bool,
    ) {
        let origin = &program.origins[origin];
        let shown = self.conditions.entry(origin.span).or_default();
        shown.label = label.cloned();
        shown.heading = origin.headings.last().cloned();
        shown.among_others |= among_others;
        shown.silent = shown.silent || reads_hole(program, node);
    }

    /// Notes what a case has shown.
    pub fn observe(&mut self, run: &Run<'_>) {
        let mut walk = Walk::new(self, &run.evaluator);
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

    /// How many conditions there are, how many were made both true and false, and how many were shown to decide alone, both ways.
    pub fn tally(&self) -> (usize, usize, usize) {
        let count = |fits: fn(&Shown) -> bool| self.conditions.values().filter(|shown| fits(shown)).count();
        (
            self.conditions.len(),
            count(|shown| shown.made_true && shown.made_false),
            count(|shown| shown.is_shown_to_decide()),
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
    /// One that stands for itself decides whenever it is made true or false.
    fn is_shown_to_decide(&self) -> bool {
        let alone = !self.among_others && self.made_true && self.made_false;
        alone || self.decided_true && self.decided_false
    }

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
            (true, true) if !self.is_shown_to_decide() => {
                let (when_en, when_zh) = match (self.decided_true, self.decided_false) {
                    (true, _) => (" where it fails", "（不成立时）"),
                    (false, true) => (" where it holds", "（成立时）"),
                    (false, false) => ("", ""),
                };
                let message = Message::new(
                    format!("no case shows that {of_en} decides alone{when_en} ({clause})"),
                    format!("没有案例表明{of_zh}单独决定结果{when_zh}（{clause}）"),
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

/// What decides something: conditions of entering and staying, of services, and criteria.
fn decisions(program: &Program) -> impl Iterator<Item = NodeId> {
    let rules = program.measures.iter().flat_map(|(_, measure)| &measure.rules);
    let rules = rules.flat_map(|rules| [rules.when, rules.while_]);
    let titles = program.titles.iter().map(|title| title.meets);
    let services = program.services.iter().map(|service| service.when);
    rules.chain(titles).chain(services).flatten()
}

/// Where conditions may stand: decisions, and amounts.
fn roots(program: &Program) -> Vec<NodeId> {
    let rules = program.measures.iter().flat_map(|(_, measure)| &measure.rules);
    let amounts = rules.flat_map(|rules| [rules.pay.amount, rules.pay.floor, rules.pay.cap]);
    decisions(program).chain(amounts.flatten()).collect()
}

/// A decision that is one condition without a list around it, such as `when listed`.
fn alone(program: &Program, decision: NodeId) -> Option<NodeId> {
    match program.nodes[decision].op {
        Op::Not(inner) | Op::Named { body: inner, .. } => alone(program, inner),
        Op::All(_) | Op::Any(_) | Op::NoneOf(_) | Op::AtLeast(..) | Op::Const(_) => None,
        Op::Cases { .. } | Op::Choose { .. } | Op::Unclear(_) | Op::Versions { .. } => None,
        _ => Some(decision),
    }
}

/// The conditions of a list, and whether each stands among others.
fn conditions(op: &Op) -> impl Iterator<Item = (&Condition, bool)> {
    let list: &[Condition] = match op {
        Op::All(list) | Op::Any(list) | Op::NoneOf(list) | Op::AtLeast(_, list) => list,
        _ => &[],
    };
    list.iter().map(move |condition| (condition, list.len() > 1))
}
