//! A condition with the conditions that decided it, and the values that these read.

use std::collections::BTreeSet;

use meed_facts::label::Lang;
use meed_rules::program::{Aggregate, Condition, NameKind, NodeId, Op, OriginId, ScopeId};

use super::operators::Binding;
use super::outline::{Entry, Mark};
use super::{Words, operators};
use crate::explain::Frame;
use crate::result::Citation;
use crate::value::Value;

/// The most conditions that are shown below one, and how deep.
const MOST: usize = 40;
const DEEPEST: u8 = 10;
/// The most values that are shown beside one condition.
const MOST_VALUES: usize = 8;

impl Words<'_, '_> {
    /// A condition that stands at `origin`, in a frame, with those below it that decided: nothing that would not change the outcome is shown.
    ///
    /// Rules that say the same share a node, so what has no place of its own stands where the condition around it stands.
    pub fn trace(&self, node: NodeId, frame: Frame, origin: OriginId) -> Entry {
        self.entry(node, frame, (None, origin), 0)
    }

    fn entry(&self, node: NodeId, frame: Frame, (label, origin): (Option<&str>, OriginId), depth: u8) -> Entry {
        let value = self.value(node, Some(frame));
        let mark = value.map_or(Mark::Unknown, Mark::of);
        let inner = self.transparent(node);
        let below = if depth < DEEPEST {
            self.below(inner, (frame, origin), mark, depth)
        } else {
            Vec::new()
        };
        let mut entry = Entry::new(mark, self.head(node, inner, frame, below.is_empty()));
        entry.label = label.filter(|label| self.reads(label)).map(str::to_owned);
        if below.is_empty() {
            entry.detail = self.readings(inner, frame);
        }
        entry.citation = Some(Citation::of(self.program, origin));
        entry.children = below;
        entry
    }

    /// Through names whose only purpose is to compute something else.
    fn transparent(&self, node: NodeId) -> NodeId {
        let mut node = node;
        while let Op::Named { body, .. } = &self.program.nodes[node].op {
            node = *body;
        }
        node
    }

    fn head(&self, node: NodeId, inner: NodeId, frame: Frame, is_leaf: bool) -> String {
        if is_leaf || node != inner {
            return self.node(node, Some(frame));
        }
        match &self.program.nodes[inner].op {
            Op::All(_) => self.say("全部满足", "all of").to_owned(),
            Op::Any(_) => self.say("至少满足一项", "any of").to_owned(),
            Op::NoneOf(_) => self.say("均不得满足", "none of").to_owned(),
            Op::AtLeast(count, _) => self.say_with("至少满足{0}项", "at least {0} of", &[&count.to_string()]),
            _ => self.node(node, Some(frame)),
        }
    }

    /// The conditions below that made the one above what it is.
    fn below(&self, node: NodeId, (frame, origin): (Frame, OriginId), mark: Mark, depth: u8) -> Vec<Entry> {
        let deeper = depth.saturating_add(1);
        let listed = |list: &[Condition], wanted: &dyn Fn(Mark) -> bool| {
            let entries = list.iter().map(|condition| {
                self.entry(
                    condition.node,
                    frame,
                    (condition.label.as_deref(), condition.origin),
                    deeper,
                )
            });
            entries.filter(|entry| wanted(entry.mark)).take(MOST).collect()
        };
        match &self.program.nodes[node].op {
            Op::All(list) => listed(list, &|own| own == mark || mark == Mark::Unknown && own == Mark::Fails),
            Op::Any(list) | Op::AtLeast(_, list) => {
                listed(list, &|own| own == mark || mark == Mark::Unknown && own == Mark::Holds)
            }
            Op::NoneOf(list) => {
                let entries: Vec<Entry> = listed(list, &|own| own == mark.opposite());
                entries.into_iter().map(|entry| self.negated(entry)).collect()
            }
            Op::Cases { rows, otherwise } => {
                let rows = rows.iter().map(|(guard, value)| (Some(*guard), *value));
                let rows: Vec<_> = rows.chain(otherwise.map(|value| (None, value))).collect();
                self.reached(&rows, (frame, origin), deeper)
            }
            Op::Aggregate {
                kind: Aggregate::Any | Aggregate::Each,
                over,
                filter,
                value: Some(value),
            } => self.instances((*over, *filter, *value), (frame, origin), mark, deeper),
            _ => Vec::new(),
        }
    }

    /// A condition that must not hold, marked by whether that is so: a mark never contradicts the one above it.
    fn negated(&self, entry: Entry) -> Entry {
        Entry {
            mark: entry.mark.opposite(),
            text: self.say_with("非（{0}）", "not ({0})", &[&entry.text]),
            children: Vec::new(),
            ..entry
        }
    }

    /// Whether a condition's label says something to a reader: an identifier of the rules says nothing in Chinese, where the condition itself is shown.
    fn reads(&self, label: &str) -> bool {
        self.lang == Lang::En || !label.is_ascii()
    }

    fn reached(&self, rows: &[(Option<NodeId>, NodeId)], (frame, origin): (Frame, OriginId), depth: u8) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (guard, node) in rows {
            let known = guard.and_then(|guard| self.value(guard, Some(frame)));
            if known.is_none_or(Value::may_hold) {
                let mut entry = self.entry(*node, frame, (None, origin), depth);
                entry.label = guard.map(|guard| self.node(guard, Some(frame)));
                entries.push(entry);
            }
            if known.is_some_and(|value| !value.may_fail()) {
                break;
            }
        }
        entries
    }

    fn instances(
        &self,
        (over, filter, value): (ScopeId, Option<NodeId>, NodeId),
        (frame, origin): (Frame, OriginId),
        mark: Mark,
        depth: u8,
    ) -> Vec<Entry> {
        let Some(evaluator) = self.evaluator else {
            return Vec::new();
        };
        let outer = self.program.scopes[over].parent;
        let parent = outer.and_then(|outer| evaluator.visible(outer, frame)).unwrap_or(frame);
        let mut entries = Vec::new();
        for instance in &evaluator.instances(over, parent).items {
            let counts = filter.is_none_or(|filter| evaluator.value(filter, instance.frame).may_hold());
            let entry = counts.then(|| self.entry(value, instance.frame, (None, origin), depth));
            entries.extend(entry.filter(|entry| entry.mark == mark));
            if entries.len() >= MOST {
                break;
            }
        }
        entries
    }

    /// `= 2.98% (R&D expense (2022): 29,800,000.00 CNY; …)`: the value of what is compared, and the facts it was computed from.
    fn readings(&self, node: NodeId, frame: Frame) -> Option<String> {
        let plain_fact = matches!(self.program.nodes[node].op, Op::Fact { .. } | Op::FactAt { .. });
        let known = self.value(node, Some(frame)).and_then(Value::as_bool).is_some();
        let presumed = self
            .evaluator
            .is_some_and(|evaluator| evaluator.presumption(node, frame).is_some());
        if plain_fact && known {
            // The mark already says yes or no.
            return presumed.then(|| self.say("推定", "presumed").to_owned());
        }
        let mut parts = Vec::new();
        let mut seen = BTreeSet::new();
        self.read(node, frame, &mut parts, &mut seen);
        let inputs = parts.join(self.say("；", "; "));
        let computed = match &self.program.nodes[node].op {
            Op::Compare(_, a, _) => {
                let op = &self.program.nodes[*a].op;
                let stated = matches!(op, Op::Fact { .. } | Op::FactAt { .. } | Op::Const(_));
                (!stated).then(|| self.value_of(*a, frame)).flatten()
            }
            _ => None,
        };
        // What is rounded says so itself, and bounds are no value.
        let exact = |value: &str| value.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let computed = computed.map(|value| if exact(&value) { format!("= {value}") } else { value });
        match (computed, inputs.is_empty()) {
            (Some(value), true) => Some(value),
            (Some(value), false) => Some(match self.lang {
                Lang::Zh => format!("{value}（{inputs}）"),
                Lang::En => format!("{value} ({inputs})"),
            }),
            (None, false) => Some(inputs),
            (None, true) => None,
        }
    }

    fn value_of(&self, node: NodeId, frame: Frame) -> Option<String> {
        let value = self.value(node, Some(frame))?;
        Some(self.shown(&self.program.nodes[node].ty, value, self.is_ratio(node)))
    }

    fn read(&self, node: NodeId, frame: Frame, parts: &mut Vec<String>, seen: &mut BTreeSet<NodeId>) {
        if parts.len() >= MOST_VALUES || !seen.insert(node) {
            return;
        }
        let op = &self.program.nodes[node].op;
        let named = match op {
            Op::Fact { .. } | Op::FactAt { .. } => true,
            Op::Named { name, .. } => self.program.names[*name].kind == NameKind::Parameter,
            _ => false,
        };
        if named {
            let name = self.inside(node, operators::Spot::at(frame), Binding::Loose);
            if let (Some(value), Some(evaluator)) = (self.value_of(node, frame), self.evaluator) {
                let presumed = evaluator.presumption(node, frame).is_some();
                let note = if presumed {
                    self.say("（推定）", " (presumed)")
                } else {
                    ""
                };
                parts.push(format!("{name}{}{value}{note}", self.say("：", ": ")));
            }
            return;
        }
        // A table's outcome is a number that the text does not show.
        if let (Op::Lookup { .. }, Some(value)) = (op, self.value_of(node, frame)) {
            let name = self.inside(node, operators::Spot::at(frame), Binding::Loose);
            parts.push(format!("{name}{}{value}", self.say("：", ": ")));
        }
        let mut operands = Vec::new();
        op.operands(&mut |operand| operands.push(operand));
        for operand in operands {
            if self.value(operand, Some(frame)).is_some() {
                self.read(operand, frame, parts, seen);
            }
        }
    }
}
