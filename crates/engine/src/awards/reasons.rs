//! What decided a condition: from a value back to the conditions, facts and presumptions that made it so, and no others.

use std::sync::Arc;

use meed_facts::date::Period;
use meed_facts::schema::PeriodUnit;
use meed_facts::value::Scalar;
use meed_rules::program::{Aggregate, Condition, Confidence, NameKind, NodeId, Op, OriginId, Program};
use rustc_hash::FxHashSet;

use crate::explain::{self, Evaluator, Frame};
use crate::result::{Citation, Presumption, Reading, Reason, ReasonKind};
use crate::value::Value;

use super::reading;

/// The most reasons that are collected for one line, and the most values for one reason.
const MOST_REASONS: usize = 64;
const MOST_VALUES: usize = 16;

/// What decided one line.
pub struct Grounds<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    /// The conditions that decided.
    pub reasons: Vec<Reason>,
    /// Presumptions that were read.
    pub presumptions: Vec<Presumption>,
    /// The weakest source among the rules that were read.
    pub source: Option<Confidence>,
    /// What the whole came to: every reason tells why it did.
    outcome: ReasonKind,
    /// Places of the conditions around.
    places: Vec<OriginId>,
    /// What was read for the reason at hand.
    seen: FxHashSet<(NodeId, Frame)>,
}

impl<'e, 'p> Grounds<'e, 'p> {
    /// Nothing yet.
    pub fn new(evaluator: &'e Evaluator<'p>) -> Self {
        Self {
            evaluator,
            reasons: Vec::new(),
            presumptions: Vec::new(),
            source: None,
            outcome: ReasonKind::Holds,
            places: Vec::new(),
            seen: FxHashSet::default(),
        }
    }

    fn program(&self) -> &'p Program {
        self.evaluator.program()
    }

    /// A rule was read.
    pub fn rests_on(&mut self, origin: OriginId) {
        let origins = &self.program().origins;
        let place = &origins[origin];
        let amendments = place.amended_by.iter().map(|by| origins[*by].source);
        let weakest = amendments.fold(place.source, Ord::max);
        self.source = Some(self.source.map_or(weakest, |known| known.max(weakest)));
    }

    /// A node was read. Rules that say the same share a node, so only what has a place of its own tells whose text it is.
    fn rests_on_node(&mut self, node: NodeId) {
        let program = self.program();
        match &program.nodes[node].op {
            Op::Named { name, .. } => self.rests_on(program.names[*name].origin),
            Op::Hole(_) | Op::Unclear(_) => self.rests_on(program.nodes[node].origin),
            _ => {}
        }
    }

    /// Collects why a condition is what it is; nothing where it is not known.
    pub fn of(&mut self, node: NodeId, frame: Frame) {
        let value = self.evaluator.value(node, frame);
        if let Some(truth) = value.as_bool() {
            self.outcome = if truth { ReasonKind::Holds } else { ReasonKind::Fails };
            self.walk(node, frame, truth, &mut Vec::new());
        } else if value.is_inapplicable() {
            self.outcome = ReasonKind::DoesNotApply;
            self.apart(node, frame, &mut Vec::new());
        }
    }

    /// The conditions of one that does not apply: none of them does.
    fn apart(&mut self, node: NodeId, frame: Frame, path: &mut Vec<Arc<str>>) {
        self.rests_on_node(node);
        match &self.program().nodes[node].op {
            Op::All(list) | Op::Any(list) | Op::AtLeast(_, list) | Op::NoneOf(list)
                if self.reasons.len() < MOST_REASONS =>
            {
                for condition in list {
                    self.inside(condition, path, |grounds, path| {
                        grounds.apart(condition.node, frame, path)
                    });
                }
            }
            Op::Not(inner) => self.apart(*inner, frame, path),
            Op::Named { body, .. } => self.apart(*body, frame, path),
            _ => self.leaf(node, frame, path),
        }
    }

    /// Works inside a condition: with its label in the path, and its place.
    fn inside(
        &mut self,
        condition: &Condition,
        path: &mut Vec<Arc<str>>,
        work: impl FnOnce(&mut Self, &mut Vec<Arc<str>>),
    ) {
        self.rests_on(condition.origin);
        let depth = path.len();
        path.extend(condition.label.clone());
        self.places.push(condition.origin);
        work(self, path);
        self.places.pop();
        path.truncate(depth);
    }

    /// Collects sources and presumptions behind a value that is no condition.
    pub fn of_value(&mut self, node: NodeId, frame: Frame) {
        self.readings(node, frame);
    }

    fn walk(&mut self, node: NodeId, frame: Frame, truth: bool, path: &mut Vec<Arc<str>>) {
        if self.reasons.len() >= MOST_REASONS || self.evaluator.value(node, frame).as_bool() != Some(truth) {
            return;
        }
        let program = self.program();
        self.rests_on_node(node);
        match &program.nodes[node].op {
            Op::All(list) | Op::Any(list) | Op::AtLeast(_, list) => self.each(list, frame, truth, path),
            Op::NoneOf(list) => self.each(list, frame, !truth, path),
            Op::Not(inner) => self.walk(*inner, frame, !truth, path),
            Op::Named { body, .. } => self.walk(*body, frame, truth, path),
            Op::Cases { rows, otherwise } => {
                let rows = rows.iter().map(|(guard, value)| (Some(*guard), *value));
                let rows: Vec<_> = rows.chain(otherwise.map(|value| (None, value))).collect();
                self.reached(&rows, frame, truth, path);
            }
            Op::Aggregate {
                kind: kind @ (Aggregate::Any | Aggregate::Each),
                over,
                filter,
                value: Some(value),
            } if truth == (*kind == Aggregate::Any) => {
                self.instances((*over, *filter, *value), frame, truth, path);
            }
            _ => self.leaf(node, frame, path),
        }
    }

    /// The conditions of a list that are as the whole is.
    fn each(&mut self, list: &[Condition], frame: Frame, truth: bool, path: &mut Vec<Arc<str>>) {
        for condition in list {
            if self.evaluator.value(condition.node, frame).as_bool() == Some(truth) {
                self.inside(condition, path, |grounds, path| {
                    grounds.walk(condition.node, frame, truth, path)
                });
            }
        }
    }

    /// The rows that the search reached.
    fn reached(&mut self, rows: &[(Option<NodeId>, NodeId)], frame: Frame, truth: bool, path: &mut Vec<Arc<str>>) {
        for (guard, value) in rows {
            let guard = guard.map_or_else(|| Value::bool(true), |guard| self.evaluator.value(guard, frame).clone());
            if guard.may_hold() {
                self.walk(*value, frame, truth, path);
            }
            if !guard.may_fail() {
                return;
            }
        }
    }

    /// The instances that decided.
    fn instances(
        &mut self,
        (over, filter, value): (meed_rules::program::ScopeId, Option<NodeId>, NodeId),
        frame: Frame,
        truth: bool,
        path: &mut Vec<Arc<str>>,
    ) {
        let evaluator = self.evaluator;
        let outer = self.program().scopes[over].parent;
        let parent = outer.and_then(|outer| evaluator.visible(outer, frame)).unwrap_or(frame);
        for instance in &evaluator.instances(over, parent).items {
            let counted =
                filter.is_none_or(|filter| self.evaluator.value(filter, instance.frame).as_bool() == Some(true));
            if counted && instance.certain {
                self.walk(value, instance.frame, truth, path);
            }
        }
    }

    fn leaf(&mut self, node: NodeId, frame: Frame, path: &[Arc<str>]) {
        let values = self.readings(node, frame);
        // Rules that say the same share a node, so the place is that of the condition, not the node's.
        let origin = self.places.last().copied().unwrap_or(self.program().nodes[node].origin);
        self.reasons.push(Reason {
            kind: self.outcome,
            path: path.to_vec(),
            citation: Some(Citation::of(self.program(), origin)),
            node: Some((node, frame)),
            values,
        });
    }

    /// Facts and named values that a node read; collects presumptions and sources.
    fn readings(&mut self, node: NodeId, frame: Frame) -> Vec<Reading> {
        let mut values = Vec::new();
        self.seen.clear();
        self.read(node, frame, &mut values);
        values
    }

    fn read(&mut self, node: NodeId, frame: Frame, values: &mut Vec<Reading>) {
        if !self.seen.insert((node, frame)) {
            return;
        }
        let program = self.program();
        let evaluator = self.evaluator;
        let Some(value) = evaluator.computed(node, frame) else {
            return;
        };
        self.rests_on_node(node);
        let name = (values.len() < MOST_VALUES)
            .then(|| self.name_of(node, frame))
            .flatten();
        if let Some(name) = name.filter(|name| !values.iter().any(|known| known.name == *name)) {
            values.push(Reading {
                json: reading::json(program, &program.nodes[node].ty, value),
                name,
                value: value.clone(),
            });
        }
        self.presumed(node, frame);
        if let Op::Aggregate {
            over, filter, value, ..
        } = &program.nodes[node].op
        {
            let outer = program.scopes[*over].parent;
            let parent = outer.and_then(|outer| evaluator.visible(outer, frame)).unwrap_or(frame);
            for instance in &evaluator.instances(*over, parent).items {
                for inner in filter.iter().chain(value) {
                    self.read(*inner, instance.frame, values);
                }
            }
            return;
        }
        program.reads(node, &mut |operand| {
            if evaluator.visible(program.nodes[operand].scope, frame).is_some() {
                self.read(operand, frame, values);
            }
        });
    }

    fn presumed(&mut self, node: NodeId, frame: Frame) {
        let Some((value, origin)) = self.evaluator.presumption(node, frame) else {
            return;
        };
        self.rests_on(*origin);
        let Some(name) = self.name_of(node, frame) else {
            return;
        };
        if !self.presumptions.iter().any(|known| known.name == name) {
            self.presumptions.push(Presumption {
                value: reading::scalar(self.program(), &self.program().nodes[node].ty, value),
                citation: Citation::of(self.program(), *origin),
                name,
            });
        }
    }

    /// How a result names what a node reads: a fact, or a definition, parameter or sheet.
    fn name_of(&self, node: NodeId, frame: Frame) -> Option<String> {
        let program = self.program();
        let record = |of| {
            let holder = self.evaluator.visible(of, frame)?;
            Some(self.evaluator.path_of(holder))
        };
        match &program.nodes[node].op {
            Op::Fact { of, fact, .. } => Some(reading::fact_name(self.evaluator, record(*of)?, *fact, None)),
            Op::FactAt { of, fact, at, .. } => {
                let unit = program.schema.facts[*fact].period?;
                let period = period(self.evaluator.value(*at, frame), unit);
                Some(reading::fact_name(self.evaluator, record(*of)?, *fact, period))
            }
            Op::Named { name, args, .. } => {
                let named = &program.names[*name];
                let shown = matches!(named.kind, NameKind::Definition | NameKind::Parameter | NameKind::Sheet);
                let args: Vec<String> = args
                    .iter()
                    .map(|arg| {
                        let value = self.evaluator.value(*arg, frame);
                        match reading::json(program, &program.nodes[*arg].ty, value) {
                            serde_json::Value::String(text) => text,
                            other => other.to_string(),
                        }
                    })
                    .collect();
                let args = if args.is_empty() {
                    String::new()
                } else {
                    format!("({})", args.join(", "))
                };
                shown.then(|| format!("{}{args}", named.named.name))
            }
            _ => None,
        }
    }
}

/// The period that a node of type year or month gives, where it is known.
fn period(value: &Value, unit: PeriodUnit) -> Option<Period> {
    let Scalar::Number(number) = value.as_known()? else {
        return None;
    };
    let period = explain::period(number.to_i128()?, unit)?;
    period.first_day().map(|_| period)
}
