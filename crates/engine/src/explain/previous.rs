//! The child before this one, in the order of a fact.
//!
//! The order comes from the facts, never from the position in the record: children that are equal there are ordered by their key, and where that does not
//! decide either, the text is silent.

use std::cmp::Ordering;

use meed_facts::record::Record;
use meed_facts::schema::FactId;
use meed_facts::value::{Scalar, Stated};
use meed_rules::program::{NodeId, ScopeId, ScopeKind};

use super::{At, Evaluator, Frame};
use crate::value::{CauseKind, CausePlace, Causes, Hull, Set, Value, compare};

/// Where another child stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Before,
    After,
    Unknown,
}

impl Evaluator<'_> {
    pub(super) fn previous(&self, at: At, over: ScopeId, value: NodeId) -> Value {
        let scope = &self.program.scopes[over];
        let (
            ScopeKind::Children {
                entity, by: Some(by), ..
            },
            Some(me),
        ) = (&scope.kind, self.visible(over, at.frame))
        else {
            return Value::undefined(at.undefined());
        };
        let Some(parent) = self.parent_of(me) else {
            return Value::undefined(at.undefined());
        };
        let key = self.program.schema.entities[*entity].key;
        let instances = self.instances(over, parent);
        let all = instances.items.iter().map(|item| item.frame).chain(instances.rest);
        let others: Vec<(Frame, Side)> = all
            .filter(|other| *other != me || instances.rest == Some(me))
            .map(|other| (other, self.side(other, me, *by, key)))
            .collect();
        let mut hull = Hull::default();
        for (candidate, side) in &others {
            if *side == Side::After || self.is_passed(*candidate, &others, *by, key) {
                continue;
            }
            hull.add(self.value(value, *candidate));
            if *side == Side::Unknown {
                hull.because(&self.why_unordered(at, [*candidate, me], *by, &instances.causes));
            }
        }
        if others.iter().all(|(_, side)| *side != Side::Before) {
            hull.add_inapplicable();
        }
        hull.because(&self.why_several(at, &others, *by, &instances.causes));
        hull.finish(|| at.undefined())
    }

    /// Whether another child certainly stands between a candidate and this one.
    fn is_passed(&self, candidate: Frame, others: &[(Frame, Side)], by: FactId, key: Option<FactId>) -> bool {
        let before = others
            .iter()
            .filter(|(other, side)| *side == Side::Before && *other != candidate);
        before
            .map(|(other, _)| self.side(candidate, *other, by, key))
            .any(|side| side == Side::Before)
    }

    /// Where `other` stands from `me`.
    fn side(&self, other: Frame, me: Frame, by: FactId, key: Option<FactId>) -> Side {
        let (Some(theirs), Some(mine)) = (self.record_of(other), self.record_of(me)) else {
            return Side::Unknown;
        };
        match ordered(theirs, mine, by) {
            Side::Unknown if is_tie(theirs, mine, by) => key.map_or(Side::Unknown, |key| by_key(theirs, mine, key)),
            side => side,
        }
    }

    fn why_unordered(&self, at: At, two: [Frame; 2], by: FactId, list: &Causes) -> Causes {
        let unknown = two.iter().filter(|frame| stated(self.record_of(**frame), by).is_none());
        let mut causes = Causes::NONE;
        for frame in unknown {
            causes.merge(&match self.record_of(*frame) {
                Some(_) => {
                    let record = self.path_of(*frame).clone();
                    let place = CausePlace::Fact {
                        record,
                        fact: by,
                        period: None,
                    };
                    Causes::one(CauseKind::Missing, place)
                }
                None => list.clone(),
            });
        }
        if causes.is_empty() {
            causes = Causes::at(CauseKind::Conflict, at.node);
        }
        causes
    }

    /// Two that both stand before for certain, but in an order that is not known.
    fn why_several(&self, at: At, others: &[(Frame, Side)], by: FactId, list: &Causes) -> Causes {
        let before: Vec<Frame> = others
            .iter()
            .filter(|(_, side)| *side == Side::Before)
            .map(|(frame, _)| *frame)
            .collect();
        match before.as_slice() {
            [_, _, ..] => {
                let unknown = before
                    .iter()
                    .find(|frame| stated(self.record_of(**frame), by).is_none());
                unknown.map_or_else(
                    || Causes::at(CauseKind::Conflict, at.node),
                    |frame| self.why_unordered(at, [*frame, *frame], by, list),
                )
            }
            _ => Causes::NONE,
        }
    }
}

/// What orders a record, where it is known exactly.
fn stated(record: Option<&Record>, by: FactId) -> Option<&Scalar> {
    match record?.facts.get(by) {
        Some(Stated::Value(value)) => Some(value),
        _ => None,
    }
}

fn is_tie(a: &Record, b: &Record, by: FactId) -> bool {
    matches!((stated(Some(a), by), stated(Some(b), by)), (Some(a), Some(b)) if a == b)
}

fn by_key(other: &Record, me: &Record, key: FactId) -> Side {
    match (stated(Some(other), key), stated(Some(me), key)) {
        (Some(other), Some(me)) => match other.checked_cmp(me) {
            Some(Ordering::Less) => Side::Before,
            Some(Ordering::Greater) => Side::After,
            _ => Side::Unknown,
        },
        _ => Side::Unknown,
    }
}

fn ordered(other: &Record, me: &Record, by: FactId) -> Side {
    let set = |record: &Record| match record.facts.get(by) {
        Some(Stated::Value(value)) => Some(Set::One(value.clone())),
        Some(Stated::Range(interval)) => Set::range(interval.low.clone(), interval.high.clone()),
        _ => None,
    };
    let (Some(other), Some(me)) = (set(other), set(me)) else {
        return Side::Unknown;
    };
    let below = |a: &Set, b: &Set| match (a.ends().1, b.ends().0) {
        (Some(greatest), Some(least)) => match compare(&greatest.value, &least.value) {
            Ordering::Less => true,
            Ordering::Equal => !(greatest.closed && least.closed),
            Ordering::Greater => false,
        },
        _ => false,
    };
    match (below(&other, &me), below(&me, &other)) {
        (true, _) => Side::Before,
        (_, true) => Side::After,
        _ => Side::Unknown,
    }
}
