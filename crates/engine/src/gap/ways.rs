//! The smallest sets of conditions whose turning would make a condition hold.
//!
//! Every node gives a family of sets: all of its conditions need the union of one set from each, one of several needs one set of one. Families are kept small: sets of
//! at most six conditions, no set that contains another, and a bound on the work.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use meed_rules::program::{Aggregate, Arm, Condition, NodeId, Op, OriginId, ScopeId};

use crate::explain::{Evaluator, Frame};

/// The most conditions of one set, and the most sets.
pub const LARGEST_SET: usize = 6;
/// The most sets that are given.
pub const MOST_SETS: usize = 10;
/// The most sets that are kept while sets are put together.
const MOST_KEPT: usize = 48;
/// The most nodes that are looked at, and how deep.
const MOST_NODES: u32 = 20_000;
const DEEPEST: u8 = 120;

/// A condition that would have to become true, or false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// The condition.
    pub node: NodeId,
    /// Where it is evaluated.
    pub frame: Frame,
    /// What it would have to be.
    pub wanted: bool,
}

type Family = Vec<BTreeSet<Turn>>;

/// Looks for ways to make conditions hold.
pub struct Ways<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    left: u32,
    depth: u8,
    labels: Vec<Arc<str>>,
    origin: Option<OriginId>,
    places: BTreeMap<Turn, (Vec<Arc<str>>, OriginId)>,
    changeable: BTreeMap<NodeId, bool>,
}

impl<'e, 'p> Ways<'e, 'p> {
    /// Nothing looked at yet.
    pub fn new(evaluator: &'e Evaluator<'p>) -> Self {
        Self {
            evaluator,
            left: MOST_NODES,
            depth: 0,
            labels: Vec::new(),
            origin: None,
            places: BTreeMap::new(),
            changeable: BTreeMap::new(),
        }
    }

    /// The smallest sets that make all these conditions hold, smaller ones first; none where no small set does.
    pub fn to_hold(&mut self, conditions: &[(NodeId, Frame)], origin: OriginId) -> Family {
        self.origin = Some(origin);
        let mut family = vec![BTreeSet::new()];
        for (node, frame) in conditions {
            let own = self.of(*node, *frame, true);
            family = product(&family, &own);
        }
        family.retain(|set| !set.is_empty());
        family.truncate(MOST_SETS);
        family
    }

    /// Labels from the outermost condition down to one that was found, and where that stands. A node that several places share cites the place that was passed.
    pub fn place(&self, turn: Turn) -> (Vec<Arc<str>>, OriginId) {
        let own = || (Vec::new(), self.evaluator.program().nodes[turn.node].origin);
        self.places.get(&turn).cloned().unwrap_or_else(own)
    }

    fn of(&mut self, node: NodeId, frame: Frame, wanted: bool) -> Family {
        let value = self.evaluator.value(node, frame);
        if value.as_bool() == Some(wanted) || value.is_inapplicable() {
            return vec![BTreeSet::new()];
        }
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || self.depth >= DEEPEST {
            return self.leaf(node, frame, wanted);
        }
        self.depth = self.depth.saturating_add(1);
        let family = self.inside(node, frame, wanted);
        self.depth = self.depth.saturating_sub(1);
        family
    }

    fn inside(&mut self, node: NodeId, frame: Frame, wanted: bool) -> Family {
        let program = self.evaluator.program();
        match &program.nodes[node].op {
            Op::Not(inner) => self.of(*inner, frame, !wanted),
            Op::Named { body, .. } => self.of(*body, frame, wanted),
            Op::All(list) => self.listed(list, frame, wanted, if wanted { list.len() } else { 1 }),
            Op::Any(list) => self.listed(list, frame, wanted, if wanted { 1 } else { list.len() }),
            Op::NoneOf(list) => self.listed(list, frame, !wanted, if wanted { list.len() } else { 1 }),
            Op::AtLeast(least, list) => {
                let least = usize::try_from(*least).unwrap_or(usize::MAX);
                let needed = if wanted {
                    least
                } else {
                    list.len().saturating_add(1).saturating_sub(least)
                };
                self.listed(list, frame, wanted, needed)
            }
            Op::Cases { rows, otherwise } => self.rows((rows, *otherwise), frame, wanted),
            Op::Choose { arms, otherwise } => match self.chosen(arms, *otherwise, frame) {
                Some(value) => self.of(value, frame, wanted),
                None => self.leaf(node, frame, wanted),
            },
            Op::Versions { on, branches } => {
                let on = self.evaluator.value(*on, frame).as_date();
                let branch = on.and_then(|on| branches.iter().find(|(span, _)| span.contains(on)));
                match branch {
                    Some((_, value)) => self.of(*value, frame, wanted),
                    None => self.leaf(node, frame, wanted),
                }
            }
            Op::Aggregate {
                kind: kind @ (Aggregate::Any | Aggregate::Each),
                over,
                filter,
                value: Some(value),
            } => {
                let one = wanted == (*kind == Aggregate::Any);
                self.instances((*over, *filter, *value), frame, wanted, one)
                    .unwrap_or_else(|| self.leaf(node, frame, wanted))
            }
            _ => self.leaf(node, frame, wanted),
        }
    }

    /// So many of the conditions as wanted; what does not apply is left out.
    fn listed(&mut self, list: &[Condition], frame: Frame, wanted: bool, needed: usize) -> Family {
        let mut left_out = 0_usize;
        let mut families = Vec::new();
        for condition in list {
            if self.evaluator.value(condition.node, frame).is_inapplicable() {
                left_out = left_out.saturating_add(1);
                continue;
            }
            let depth = self.labels.len();
            self.labels.extend(condition.label.clone());
            let outer = self.origin.replace(condition.origin);
            families.push(self.of(condition.node, frame, wanted));
            self.origin = outer;
            self.labels.truncate(depth);
        }
        let needed = if needed == list.len() {
            needed.saturating_sub(left_out)
        } else {
            needed
        };
        at_least(&families, needed)
    }

    /// A row is reached when the guards before it fail and its own holds.
    fn rows(&mut self, (rows, otherwise): (&[(NodeId, NodeId)], Option<NodeId>), frame: Frame, wanted: bool) -> Family {
        let mut family = Family::new();
        let mut passed: Family = vec![BTreeSet::new()];
        for (guard, value) in rows {
            let reached = product(&passed, &self.of(*guard, frame, true));
            let own = if reached.is_empty() {
                Family::new()
            } else {
                self.of(*value, frame, wanted)
            };
            family.extend(product(&reached, &own));
            passed = product(&passed, &self.of(*guard, frame, false));
            if passed.is_empty() {
                break;
            }
        }
        if let (Some(value), false) = (otherwise, passed.is_empty()) {
            let own = self.of(value, frame, wanted);
            family.extend(product(&passed, &own));
        }
        minimal(family)
    }

    /// The only rule that applies now; `None` where that is not certain.
    fn chosen(&self, arms: &[Arm], otherwise: Option<NodeId>, frame: Frame) -> Option<NodeId> {
        let mut applying = Vec::new();
        for (position, arm) in arms.iter().enumerate() {
            match arm.guard.map(|guard| self.evaluator.value(guard, frame)) {
                None => applying.push((position, arm)),
                Some(guard) if guard.as_bool() == Some(true) => applying.push((position, arm)),
                Some(guard) if !guard.may_hold() => {}
                Some(_) => return None,
            }
        }
        let overridden = |position: usize| {
            applying
                .iter()
                .any(|(_, arm)| arm.overrides.iter().any(|over| usize::from(*over) == position))
        };
        let mut standing = applying.iter().filter(|(position, _)| !overridden(*position));
        match (standing.next(), standing.next()) {
            (Some((_, arm)), None) => Some(arm.value),
            (None, _) => otherwise,
            _ => None,
        }
    }

    /// One instance, or all, as wanted; `None` where the instances are not all known.
    fn instances(
        &mut self,
        (over, filter, value): (ScopeId, Option<NodeId>, NodeId),
        frame: Frame,
        wanted: bool,
        one: bool,
    ) -> Option<Family> {
        let evaluator = self.evaluator;
        let outer = evaluator.program().scopes[over].parent;
        let parent = outer.and_then(|outer| evaluator.visible(outer, frame)).unwrap_or(frame);
        let instances = evaluator.instances(over, parent);
        if instances.rest.is_some() || instances.items.is_empty() {
            return None;
        }
        let mut families = Vec::new();
        for instance in &instances.items {
            if !instance.certain {
                return None;
            }
            let own = self.of(value, instance.frame, wanted);
            families.push(match filter {
                None => own,
                Some(filter) if one => product(&self.of(filter, instance.frame, true), &own),
                Some(filter) => {
                    let mut either = self.of(filter, instance.frame, false);
                    either.extend(own);
                    minimal(either)
                }
            });
        }
        Some(at_least(&families, if one { 1 } else { families.len() }))
    }

    fn leaf(&mut self, node: NodeId, frame: Frame, wanted: bool) -> Family {
        if !self.is_changeable(node) {
            return Family::new();
        }
        let turn = Turn { node, frame, wanted };
        let origin = self.origin.unwrap_or(self.evaluator.program().nodes[node].origin);
        self.places.entry(turn).or_insert_with(|| (self.labels.clone(), origin));
        vec![BTreeSet::from([turn])]
    }

    /// Whether anything about the applicant enters: the date and the text alone cannot be turned.
    fn is_changeable(&mut self, node: NodeId) -> bool {
        if let Some(known) = self.changeable.get(&node) {
            return *known;
        }
        let program = self.evaluator.program();
        let op = &program.nodes[node].op;
        let own = matches!(
            op,
            Op::Fact { .. }
                | Op::FactAt { .. }
                | Op::Holds { .. }
                | Op::Newly { .. }
                | Op::Granted { .. }
                | Op::Had { .. }
                | Op::Gets(_)
                | Op::Received { .. }
                | Op::Chosen { .. }
                | Op::Aggregate { .. }
        );
        let mut operands = Vec::new();
        program.reads(node, &mut |operand| operands.push(operand));
        let result = own || operands.into_iter().any(|operand| self.is_changeable(operand));
        self.changeable.insert(node, result);
        result
    }
}

/// One set from each of so many families, put together.
fn at_least(families: &[Family], needed: usize) -> Family {
    // `reached[n]`: sets with which `n` of the families seen so far are satisfied.
    let mut reached: Vec<Family> = vec![vec![BTreeSet::new()]];
    for family in families {
        for count in (0..reached.len().min(needed)).rev() {
            let more = match reached.get(count) {
                Some(before) => product(before, family),
                None => continue,
            };
            let next = count.saturating_add(1);
            if reached.len() <= next {
                reached.push(Family::new());
            }
            if let Some(slot) = reached.get_mut(next) {
                slot.extend(more);
                *slot = minimal(std::mem::take(slot));
            }
        }
    }
    reached.into_iter().nth(needed).unwrap_or_default()
}

/// Each set of one family together with each of the other, unless too large or asking for opposites.
fn product(a: &Family, b: &Family) -> Family {
    let mut result = Family::new();
    for left in a {
        for right in b {
            let both: BTreeSet<Turn> = left.union(right).copied().collect();
            let opposite = |turn: &Turn| {
                both.contains(&Turn {
                    wanted: !turn.wanted,
                    ..*turn
                })
            };
            if both.len() <= LARGEST_SET && !both.iter().any(opposite) {
                result.push(both);
            }
        }
    }
    minimal(result)
}

/// Sets that contain no other, the smallest first.
fn minimal(mut family: Family) -> Family {
    family.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    family.dedup();
    let mut kept = Family::new();
    for set in family {
        if kept.len() >= MOST_KEPT {
            break;
        }
        if !kept.iter().any(|smaller| smaller.is_subset(&set)) {
            kept.push(set);
        }
    }
    kept
}
