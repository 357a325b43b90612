//! Comparison, membership and extremes.

use std::cmp::Ordering;
use std::sync::Arc;

use super::facts::period;
use super::lift::{strict, strict2};
use super::logic::Found;
use super::{At, Evaluator};
use crate::value::numbers::Outcome;
use crate::value::{Causes, Limit, Members, Set, Value, compare};
use meed_facts::date::Date;
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{Cmp, NodeId, Op, Type};

impl Evaluator<'_> {
    pub(super) fn order(&self, at: At) -> Value {
        match &self.program.nodes[at.node].op {
            Op::Compare(cmp, a, b) => {
                let (a, b) = (self.value(*a, at.frame), self.value(*b, at.frame));
                strict2(a, b, || Causes::NONE, |a, b| compared(*cmp, a, b))
            }
            Op::In(element, of) => self.is_in(*element, of, at),
            Op::Within(code, wholes) => self.within(*code, wholes, at),
            Op::Max(operands) => self.extreme(Extreme::Highest, operands, at),
            Op::Min(operands) => self.extreme(Extreme::Lowest, operands, at),
            _ => Value::undefined(at.undefined()),
        }
    }

    fn is_in(&self, element: NodeId, of: &[NodeId], at: At) -> Value {
        let element = self.value(element, at.frame);
        let mut found = Found::default();
        for other in of {
            let other = self.value(*other, at.frame);
            found.add(
                &strict2(element, other, || Causes::NONE, |a, b| compared(Cmp::Eq, a, b)),
                false,
            );
        }
        let known = of.iter().map(|other| self.value(*other, at.frame).as_known());
        let known: Option<Vec<&Scalar>> = known.collect();
        let listed = element.set().and_then(Set::listed);
        let is_inside = match (&known, &listed) {
            (Some(known), Some(listed)) => listed.iter().all(|value| known.contains(&value)),
            _ => false,
        };
        if is_inside {
            return strict(element, || Causes::NONE, |_| Outcome::known(Scalar::Bool(true)));
        }
        found.finish()
    }

    /// The day by whose table a code is read: of a value for a period its last day, as far as it has come; `None` where it is not known which.
    fn day_of(&self, code: NodeId, at: At) -> Option<Date> {
        let today = self.program.date;
        let Op::FactAt { fact, at: when, .. } = &self.program.nodes[code].op else {
            return Some(today);
        };
        let Scalar::Number(number) = self.value(*when, at.frame).as_known()? else {
            return None;
        };
        let unit = self.program.schema.facts[*fact].period?;
        let last = period(number.to_i128()?, unit)?.last_day()?;
        Some(last.min(today))
    }

    fn within(&self, code: NodeId, wholes: &[Arc<str>], at: At) -> Value {
        let Type::Identifier(kind) = self.program.nodes[code].ty else {
            return Value::undefined(at.undefined());
        };
        let day = self.day_of(code, at);
        let inside = |value: &Scalar| match (value, day) {
            (Scalar::Text(code), Some(day)) => kind.is_within(code, wholes, day),
            _ => Some(false),
        };
        strict(
            self.value(code, at.frame),
            || at.undefined(),
            |set| {
                let Some(codes) = set.listed().filter(|_| day.is_some()) else {
                    return Set::Either.into();
                };
                let found: Vec<Option<bool>> = codes.iter().map(inside).collect();
                let (yes, no) = (found.contains(&Some(true)), found.contains(&Some(false)));
                Outcome {
                    set: (yes || no).then(|| truths(yes, no).set).flatten(),
                    undefined: found.contains(&None),
                }
            },
        )
    }

    fn extreme(&self, extreme: Extreme, operands: &[NodeId], at: At) -> Value {
        let mut race = Race::new(extreme);
        for operand in operands {
            race.add(self.value(*operand, at.frame), true);
        }
        race.finish(|| at.undefined())
    }
}

fn truths(yes: bool, no: bool) -> Outcome {
    match (yes, no) {
        (true, true) => Set::Either.into(),
        (yes, _) => Outcome::known(Scalar::Bool(yes)),
    }
}

/// Whether values of two sets compare so.
pub(super) fn compared(cmp: Cmp, a: &Set, b: &Set) -> Outcome {
    let (yes, no) = match cmp {
        Cmp::Eq => (a.intersects(b), !(is_one(a) && a == b)),
        Cmp::Ne => (!(is_one(a) && a == b), a.intersects(b)),
        Cmp::Lt => (may_be_below(a, b), may_be_at_most(b, a)),
        Cmp::Le => (may_be_at_most(a, b), may_be_below(b, a)),
        Cmp::Gt => (may_be_below(b, a), may_be_at_most(a, b)),
        Cmp::Ge => (may_be_at_most(b, a), may_be_below(a, b)),
    };
    truths(yes, no)
}

fn is_one(set: &Set) -> bool {
    set.as_one().is_some()
}

/// Whether some value of `a` may be below some value of `b`.
fn may_be_below(a: &Set, b: &Set) -> bool {
    if let (Set::One(a), Set::One(b)) = (a, b) {
        return compare(a, b) == Ordering::Less;
    }
    match (a.least(), b.greatest()) {
        (Some(least), Some(greatest)) => compare(&least.value, &greatest.value) == Ordering::Less,
        _ => true,
    }
}

/// Whether some value of `a` may be at most some value of `b`.
fn may_be_at_most(a: &Set, b: &Set) -> bool {
    if let (Set::One(a), Set::One(b)) = (a, b) {
        return compare(a, b) != Ordering::Greater;
    }
    match (a.least(), b.greatest()) {
        (Some(least), Some(greatest)) => match compare(&least.value, &greatest.value) {
            Ordering::Less => true,
            Ordering::Equal => least.closed && greatest.closed,
            Ordering::Greater => false,
        },
        _ => true,
    }
}

/// Which end wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extreme {
    Highest,
    Lowest,
}

impl Extreme {
    /// How a better value compares with a worse.
    fn better(self) -> Ordering {
        match self {
            Extreme::Highest => Ordering::Greater,
            Extreme::Lowest => Ordering::Less,
        }
    }

    /// The worst end of a set; `None` is without limit.
    fn worst(self, set: &Set) -> Option<Limit<'_>> {
        match self {
            Extreme::Highest => set.least(),
            Extreme::Lowest => set.greatest(),
        }
    }
}

/// The greatest (or least) of several values, some of which may not be there or not apply.
#[derive(Debug)]
pub(super) struct Race {
    extreme: Extreme,
    /// What may win: the hull of all ordinary values.
    field: Option<Set>,
    /// The best of the worst values of those that certainly are there; the winner is at least as good.
    pace: Option<Bound>,
    /// One certainly is there, and one of these certainly applies.
    there: bool,
    applies: bool,
    may_not_apply: bool,
    undefined: bool,
    only_undefined: bool,
    causes: Causes,
}

impl Race {
    pub fn new(extreme: Extreme) -> Self {
        Self {
            extreme,
            field: None,
            pace: None,
            there: false,
            applies: false,
            may_not_apply: false,
            undefined: false,
            only_undefined: false,
            causes: Causes::NONE,
        }
    }

    /// Adds a value, which is there for certain or may be.
    pub fn add(&mut self, value: &Value, certain: bool) {
        self.there |= certain;
        self.applies |= certain && !value.may_be_inapplicable();
        self.only_undefined |= certain && value.is_undefined();
        self.may_not_apply |= value.may_be_inapplicable();
        self.undefined |= value.may_be_undefined();
        self.causes.merge(value.causes());
        let Some(set) = value.set() else { return };
        self.field = Some(self.field.take().map_or_else(|| set.clone(), |field| field.hull(set)));
        if certain && !value.may_be_inapplicable() {
            self.pace_with(set);
        }
    }

    fn pace_with(&mut self, set: &Set) {
        let Some(worst) = self.extreme.worst(set) else {
            return;
        };
        let is_better = self.pace.as_ref().is_none_or(|pace| {
            let order = compare(&worst.value, &pace.value);
            order == self.extreme.better() || (order == Ordering::Equal && !worst.closed)
        });
        if is_better {
            self.pace = Some(worst.into_bound());
        }
    }

    /// One of the values is there, though it is not known which.
    pub fn someone_is_there(&mut self) {
        self.there = true;
    }

    /// Adds reasons why it is not known which values are there.
    pub fn because(&mut self, causes: &Causes) {
        self.causes.merge(causes);
    }

    /// The winner; undefined for that reason where there may be none.
    pub fn finish(self, empty: impl FnOnce() -> Causes) -> Value {
        let mut causes = self.causes;
        if !self.there {
            causes.merge(&empty());
        }
        let set = match (&self.field, self.pace) {
            _ if self.only_undefined => None,
            (Some(Set::Members(members)), Some(pace)) => {
                let wins = |m: &u16| compare(&Scalar::Member(*m), &pace.value) != self.extreme.better().reverse();
                Set::members(Members::of(members.iter().filter(wins)))
            }
            (Some(field), Some(pace)) => {
                let (low, high) = field.ends();
                match self.extreme {
                    Extreme::Highest => Set::range(Some(pace), high),
                    Extreme::Lowest => Set::range(low, Some(pace)),
                }
            }
            (field, None) => field.clone(),
            (None, _) => None,
        };
        let inapplicable = !self.applies && self.may_not_apply;
        Value::new(set, self.undefined || !self.there, inapplicable, causes)
    }
}
