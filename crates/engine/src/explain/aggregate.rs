//! Quantifiers: what is made of the instances of a scope that a filter lets through.
//!
//! An instance whose filter is not known, or that may not exist, *may or may not count*; so may any number of others where a list is not complete.
//! A value that does not apply is left out; where something counted and nothing is left, the result does not apply. Without any instance a sum is 0, `any`
//! is false, `each` is true, and averages and extremes are undefined.

use meed_facts::ratio::Ratio;
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{Aggregate, NodeId, ScopeId, Type};

use super::arithmetic::quotient;
use super::frame::Frame;
use super::logic::Found;
use super::order::{Extreme, Race};
use super::{At, Evaluator};
use crate::value::numbers::{End, Numbers, Outcome, number_of};
use crate::value::{Causes, Set, Value};

/// The instances that count or may count.
pub(super) struct Counted<'v> {
    pub items: Vec<Item<'v>>,
    /// Why it is not known which these are.
    pub causes: Causes,
}

/// One instance that counts or may count.
pub(super) struct Item<'v> {
    pub value: Option<&'v Value>,
    /// Whether it certainly counts.
    pub certain: bool,
    /// Whether it stands for any number of instances.
    pub repeats: bool,
}

impl Evaluator<'_> {
    pub(super) fn aggregate(
        &self,
        at: At,
        kind: Aggregate,
        over: ScopeId,
        (filter, value): (Option<NodeId>, Option<NodeId>),
    ) -> Value {
        let counted = self.counted(at.frame, over, filter, value);
        let ty = &self.program.nodes[at.node].ty;
        match kind {
            Aggregate::Count => counted.count(),
            Aggregate::CountDistinct => self.distinct(&counted, value),
            Aggregate::Sum => counted.sum(ty, at),
            Aggregate::Average => counted.average(ty, at),
            Aggregate::Highest => counted.extreme(Extreme::Highest, at),
            Aggregate::Lowest => counted.extreme(Extreme::Lowest, at),
            Aggregate::Any => counted.any(false).finish(),
            Aggregate::Each => counted.any(true).opposite(),
        }
    }

    fn counted(&self, frame: Frame, over: ScopeId, filter: Option<NodeId>, value: Option<NodeId>) -> Counted<'_> {
        let instances = self.instances(over, frame);
        let known = instances.items.iter().map(|item| (item.frame, item.certain, false));
        let rest = instances.rest.map(|frame| (frame, false, true));
        let mut counted = Counted {
            items: Vec::with_capacity(instances.items.len()),
            causes: Causes::NONE,
        };
        for (frame, exists, repeats) in known.chain(rest) {
            let filter = filter.map(|filter| self.value(filter, frame));
            if filter.is_some_and(|filter| !filter.may_hold()) {
                continue;
            }
            let unsure = filter.filter(|filter| filter.may_fail());
            if let Some(filter) = unsure {
                counted.causes.merge(filter.causes());
            }
            if !exists {
                counted.causes.merge(&instances.causes);
            }
            counted.items.push(Item {
                value: value.map(|value| self.value(value, frame)),
                certain: exists && unsure.is_none(),
                repeats,
            });
        }
        counted
    }
}

impl<'v> Counted<'v> {
    /// Values with whether they certainly count.
    pub fn values(&self) -> impl Iterator<Item = (&'v Value, &Item<'v>)> {
        self.items
            .iter()
            .filter_map(|item| item.value.map(|value| (value, item)))
    }

    /// Whether the result may be *not applicable*: something counts, and all that counts does not apply.
    pub fn may_not_apply(&self) -> bool {
        let applies = self
            .values()
            .any(|(value, item)| item.certain && !value.may_be_inapplicable());
        !applies && self.values().any(|(value, _)| value.may_be_inapplicable())
    }

    /// Whether there may be an ordinary result, from an empty list where `of_none`.
    pub fn may_be_ordinary(&self, of_none: bool) -> bool {
        let spoilt = self.values().any(|(value, item)| item.certain && value.is_undefined());
        let empty = of_none && !self.items.iter().any(|item| item.certain);
        !spoilt && (empty || self.values().any(|(value, _)| value.set().is_some()))
    }

    pub fn may_be_undefined(&self) -> bool {
        self.values().any(|(value, _)| value.may_be_undefined())
    }

    pub fn all_causes(&self) -> Causes {
        self.values()
            .fold(self.causes.clone(), |causes, (value, _)| causes.union(value.causes()))
    }

    fn count(&self) -> Value {
        let certain = self.items.iter().filter(|item| item.certain).count();
        let most = (!self.items.iter().any(|item| item.repeats)).then_some(self.items.len());
        let bound = |count: usize| Bound {
            value: Scalar::Number(whole(count)),
            closed: true,
        };
        let set = Set::range(Some(bound(certain)), most.map(bound));
        Value::new(set, false, false, self.causes.clone())
    }

    fn any(&self, failing: bool) -> Found {
        let mut found = Found::default();
        found.because(&self.causes);
        for (value, item) in self.values() {
            if item.certain {
                found.add(value, failing);
            } else {
                found.add_possible(value, failing);
            }
            if found.is_certain() {
                break;
            }
        }
        found
    }

    fn extreme(&self, extreme: Extreme, at: At) -> Value {
        let mut race = Race::new(extreme);
        race.because(&self.causes);
        for (value, item) in self.values() {
            race.add(value, item.certain);
        }
        race.finish(|| at.undefined())
    }

    fn sum(&self, ty: &Type, at: At) -> Value {
        if !self.may_be_ordinary(true) {
            return Value::new(None, self.may_be_undefined(), self.may_not_apply(), self.all_causes());
        }
        let outcome = self.total(ty);
        let mut causes = self.all_causes();
        if outcome.undefined {
            causes.merge(&at.undefined());
        }
        let undefined = outcome.undefined || self.may_be_undefined();
        Value::new(outcome.set, undefined, self.may_not_apply(), causes)
    }

    /// The sum of what each contributes: 0 at least where it may not count.
    fn total(&self, ty: &Type) -> Outcome {
        let mut known = Ratio::ZERO;
        let mut ranges: Option<Numbers> = None;
        for (value, item) in self.values() {
            let Some(set) = value.set() else { continue };
            let always = item.certain && !value.may_be_inapplicable();
            if let (true, Some(number)) = (always, set.as_one().and_then(number_of)) {
                match known.checked_add(&number) {
                    Some(sum) => known = sum,
                    None => return Outcome::UNDEFINED,
                }
                continue;
            }
            let mut part = Numbers::of(set);
            if item.repeats {
                part = part.times(&Numbers {
                    low: Some(End::closed(Ratio::ZERO)),
                    high: None,
                });
            }
            if !always {
                part = part.hull(&Numbers::one(Ratio::ZERO));
            }
            ranges = Some(ranges.map_or(part.clone(), |sum| sum.add(&part)));
        }
        let known = Numbers::one(known);
        ranges.map_or(known.clone(), |ranges| ranges.add(&known)).outcome(ty)
    }

    fn average(&self, ty: &Type, at: At) -> Value {
        let may_be_empty = !self.items.iter().any(|item| item.certain);
        let mut causes = self.all_causes();
        if may_be_empty {
            causes.merge(&at.undefined());
        }
        // What certainly does not apply is left out, whatever else is known.
        let applying = || self.values().filter(|(value, _)| !value.is_inapplicable());
        let all_count = applying().all(|(value, item)| item.certain && !value.may_be_inapplicable());
        let mut undefined = may_be_empty || self.may_be_undefined();
        let set = if !self.may_be_ordinary(false) {
            None
        } else if all_count {
            let number = Type::Number(meed_rules::program::Dimension::NONE);
            let count = Set::One(Scalar::Number(whole(applying().count())));
            let total = self.total(&number);
            let mean = total
                .set
                .map(|total| quotient(&total, &count, ty))
                .unwrap_or(Outcome::UNDEFINED);
            if mean.undefined {
                undefined = true;
                causes.merge(&at.undefined());
            }
            mean.set
        } else {
            let sets = self.values().filter_map(|(value, _)| value.set().cloned());
            sets.reduce(|a, b| a.hull(&b))
        };
        Value::new(set, undefined, self.may_not_apply(), causes)
    }
}

/// A count as a number.
pub(super) fn whole(count: usize) -> Ratio {
    Ratio::from_int(i128::try_from(count).unwrap_or(i128::MAX))
}
