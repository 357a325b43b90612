//! Sets of ordinary values: one, a range, some members, some texts.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use meed_facts::schema::Schema;
use meed_facts::value::{Bound, Interval, Scalar};
use meed_rules::program::Type;

use super::Members;

/// The most texts that are kept apart; more become any text.
const MOST_TEXTS: usize = 64;

/// A set of values of one type that is not empty.
// INVARIANT: a set of one value is `One`, so `One` means known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Set {
    /// Just this value.
    One(Scalar),
    /// True or false.
    Either,
    /// Two or more members of an enumeration.
    Members(Members),
    /// The values between two ends of an ordered type; an end that is `None` is without limit.
    Range(Arc<Interval>),
    /// Two or more texts, sorted.
    Texts(Arc<[Arc<str>]>),
    /// Any text.
    AnyText,
}

impl Set {
    /// All values of a type.
    pub fn all(ty: &Type, schema: &Schema) -> Self {
        match ty {
            Type::Bool => Set::Either,
            Type::Text | Type::Identifier(_) => Set::AnyText,
            Type::Enumeration(id) => {
                let members = Members::all(schema.enumerations[*id].members.len());
                Self::members(members).unwrap_or(Set::One(Scalar::Member(0)))
            }
            Type::Number(_) | Type::Date | Type::Months | Type::Days | Type::Year | Type::Month => {
                Set::Range(Arc::new(Interval { low: None, high: None }))
            }
        }
    }

    /// Those members; `None` where there is none.
    pub fn members(members: Members) -> Option<Self> {
        if members.is_empty() {
            return None;
        }
        Some(match members.single() {
            Some(position) => Set::One(Scalar::Member(position)),
            None => Set::Members(members),
        })
    }

    /// The values between two ends of an ordered type other than an enumeration; `None` where there is none.
    pub fn range(low: Option<Bound>, high: Option<Bound>) -> Option<Self> {
        if let (Some(low), Some(high)) = (&low, &high) {
            match compare(&low.value, &high.value) {
                Ordering::Greater => return None,
                Ordering::Equal if low.closed && high.closed => return Some(Set::One(low.value.clone())),
                Ordering::Equal => return None,
                Ordering::Less => {}
            }
        }
        Some(Set::Range(Arc::new(Interval { low, high })))
    }

    /// Values of the type within an interval as facts and tables state it.
    pub fn within(&self, interval: &Interval) -> Option<Self> {
        match self {
            Set::Range(_) => {
                let (low, high) = self.ends();
                let low = tighter(low, interval.low.clone(), Ordering::Greater);
                let high = tighter(high, interval.high.clone(), Ordering::Less);
                Self::range(low, high)
            }
            Set::Members(members) => {
                let inside = members.iter().filter(|m| interval.contains(&Scalar::Member(*m)));
                Self::members(Members::of(inside))
            }
            Set::One(value) => interval.contains(value).then(|| self.clone()),
            Set::Either | Set::Texts(_) | Set::AnyText => Some(self.clone()),
        }
    }

    /// Whether some value of this lies within an interval.
    pub fn meets(&self, interval: &Interval) -> bool {
        self.reaches(
            interval.low.as_ref().map(Limit::of),
            interval.high.as_ref().map(Limit::of),
        )
    }

    /// Whether all values of this lie within an interval.
    pub fn lies_in(&self, interval: &Interval) -> bool {
        let below = interval.low.as_ref().map(|low| Limit::of(low).opposite());
        let above = interval.high.as_ref().map(|high| Limit::of(high).opposite());
        !below.is_some_and(|below| self.reaches(None, Some(below)))
            && !above.is_some_and(|above| self.reaches(Some(above), None))
    }

    /// Whether some value of this lies between two ends.
    fn reaches(&self, low: Option<Limit<'_>>, high: Option<Limit<'_>>) -> bool {
        let is_between = |value: &Scalar| {
            let own = || Some(Limit::closed(Cow::Borrowed(value)));
            is_inhabited(low.as_ref(), own().as_ref()) && is_inhabited(own().as_ref(), high.as_ref())
        };
        match self {
            Set::One(value) => is_between(value),
            Set::Members(members) => members.iter().any(|member| is_between(&Scalar::Member(member))),
            Set::Range(_) => {
                let (least, greatest) = (self.least(), self.greatest());
                // Its own ends have values between them.
                is_inhabited(low.as_ref(), greatest.as_ref())
                    && is_inhabited(least.as_ref(), high.as_ref())
                    && is_inhabited(low.as_ref(), high.as_ref())
            }
            Set::Either | Set::Texts(_) | Set::AnyText => true,
        }
    }

    /// Values of this that are not in an interval, as up to two pieces.
    pub fn outside(&self, interval: &Interval) -> Vec<Self> {
        let below = interval.low.as_ref().map(|low| Interval {
            low: None,
            high: Some(opposite(low)),
        });
        let above = interval.high.as_ref().map(|high| Interval {
            low: Some(opposite(high)),
            high: None,
        });
        below
            .iter()
            .chain(&above)
            .filter_map(|piece| self.within(piece))
            .collect()
    }

    /// Those texts, which are not none.
    pub fn texts(texts: BTreeSet<Arc<str>>) -> Self {
        if texts.len() > MOST_TEXTS {
            return Set::AnyText;
        }
        let texts: Arc<[Arc<str>]> = texts.into_iter().collect();
        match &*texts {
            [one] => Set::One(Scalar::Text(one.clone())),
            _ => Set::Texts(texts),
        }
    }

    /// The only value.
    pub fn as_one(&self) -> Option<&Scalar> {
        match self {
            Set::One(value) => Some(value),
            _ => None,
        }
    }

    /// The least and the greatest value of an ordered type, where there are limits. An enumeration counts as ordered.
    pub fn ends(&self) -> (Option<Bound>, Option<Bound>) {
        (
            self.least().map(Limit::into_bound),
            self.greatest().map(Limit::into_bound),
        )
    }

    /// The least value of an ordered type, where there is a limit.
    pub fn least(&self) -> Option<Limit<'_>> {
        match self {
            Set::One(value) => Some(Limit::closed(Cow::Borrowed(value))),
            Set::Range(interval) => interval.low.as_ref().map(Limit::of),
            Set::Members(members) => members.iter().next().map(Limit::member),
            Set::Either => Some(Limit::closed(Cow::Owned(Scalar::Bool(false)))),
            Set::Texts(_) | Set::AnyText => None,
        }
    }

    /// The greatest value of an ordered type, where there is a limit.
    pub fn greatest(&self) -> Option<Limit<'_>> {
        match self {
            Set::Range(interval) => interval.high.as_ref().map(Limit::of),
            Set::Members(members) => members.iter().next_back().map(Limit::member),
            Set::Either => Some(Limit::closed(Cow::Owned(Scalar::Bool(true)))),
            Set::One(_) | Set::Texts(_) | Set::AnyText => self.least(),
        }
    }

    /// The least set of its form that holds both.
    pub fn hull(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        match (self, other) {
            (Set::Either | Set::One(Scalar::Bool(_)), _) => Set::Either,
            (Set::AnyText, _) | (_, Set::AnyText) => Set::AnyText,
            (Set::Texts(_) | Set::One(Scalar::Text(_)), _) => {
                Self::texts(self.text_set().into_iter().chain(other.text_set()).collect())
            }
            (Set::Members(_) | Set::One(Scalar::Member(_)), _) => {
                Self::members(self.member_set().union(&other.member_set())).unwrap_or_else(|| self.clone())
            }
            _ => {
                let low = looser(self.least(), other.least(), Ordering::Less);
                let high = looser(self.greatest(), other.greatest(), Ordering::Greater);
                Self::range(low, high).unwrap_or_else(|| self.clone())
            }
        }
    }

    /// Its members, for a set of members.
    pub fn member_set(&self) -> Members {
        match self {
            Set::One(Scalar::Member(position)) => Members::of([*position]),
            Set::Members(members) => members.clone(),
            _ => Members::of([]),
        }
    }

    fn text_set(&self) -> BTreeSet<Arc<str>> {
        match self {
            Set::One(Scalar::Text(text)) => BTreeSet::from([text.clone()]),
            Set::Texts(texts) => texts.iter().cloned().collect(),
            _ => BTreeSet::new(),
        }
    }

    /// Whether a value belongs to it.
    pub fn contains(&self, value: &Scalar) -> bool {
        match (self, value) {
            (Set::One(one), _) => one == value,
            (Set::Either, Scalar::Bool(_)) | (Set::AnyText, Scalar::Text(_)) => true,
            (Set::Members(members), Scalar::Member(position)) => members.contains(*position),
            (Set::Range(interval), _) => interval.contains(value),
            (Set::Texts(texts), Scalar::Text(text)) => texts.contains(text),
            _ => false,
        }
    }

    /// Whether all values of `other` belong to it.
    pub fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Set::One(value)) => self.contains(value),
            (Set::Range(_), Set::Range(_)) => self.hull(other) == *self,
            (Set::Members(mine), Set::Members(theirs)) => mine.includes(theirs),
            (Set::Texts(mine), Set::Texts(theirs)) => theirs.iter().all(|text| mine.contains(text)),
            (Set::AnyText, Set::Texts(_) | Set::AnyText) | (Set::Either, Set::Either) => true,
            _ => false,
        }
    }

    /// Whether some value belongs to both.
    pub fn intersects(&self, other: &Self) -> bool {
        match (self, other) {
            (Set::One(value), set) | (set, Set::One(value)) => set.contains(value),
            (Set::Range(_), Set::Range(interval)) => self.within(interval).is_some(),
            (Set::Members(mine), Set::Members(theirs)) => !mine.intersection(theirs).is_empty(),
            (Set::Texts(mine), Set::Texts(theirs)) => mine.iter().any(|text| theirs.contains(text)),
            _ => true,
        }
    }

    /// Each of its values, where they can be told one by one.
    pub fn listed(&self) -> Option<Vec<Scalar>> {
        Some(match self {
            Set::One(value) => vec![value.clone()],
            Set::Either => vec![Scalar::Bool(false), Scalar::Bool(true)],
            Set::Members(members) => members.iter().map(Scalar::Member).collect(),
            Set::Texts(texts) => texts.iter().cloned().map(Scalar::Text).collect(),
            Set::Range(_) | Set::AnyText => return None,
        })
    }
}

/// One end of a set, read where it stands.
#[derive(Clone, Debug)]
pub struct Limit<'s> {
    /// Where the set ends.
    pub value: Cow<'s, Scalar>,
    /// Whether the end itself belongs to it.
    pub closed: bool,
}

impl<'s> Limit<'s> {
    fn closed(value: Cow<'s, Scalar>) -> Self {
        Self { value, closed: true }
    }

    fn of(bound: &'s Bound) -> Self {
        Self {
            value: Cow::Borrowed(&bound.value),
            closed: bound.closed,
        }
    }

    fn member(position: u16) -> Self {
        Self::closed(Cow::Owned(Scalar::Member(position)))
    }

    /// Where what lies beyond it ends.
    fn opposite(self) -> Self {
        Self {
            closed: !self.closed,
            ..self
        }
    }

    /// The same as an end of its own.
    pub fn into_bound(self) -> Bound {
        Bound {
            value: self.value.into_owned(),
            closed: self.closed,
        }
    }
}

/// The order of two values of one type; values of different types count as equal, which the checker excludes.
pub fn compare(a: &Scalar, b: &Scalar) -> Ordering {
    a.checked_cmp(b).unwrap_or(Ordering::Equal)
}

/// Whether there is a value between two ends.
fn is_inhabited(low: Option<&Limit<'_>>, high: Option<&Limit<'_>>) -> bool {
    let (Some(low), Some(high)) = (low, high) else {
        return true;
    };
    match compare(&low.value, &high.value) {
        Ordering::Less => true,
        Ordering::Equal => low.closed && high.closed,
        Ordering::Greater => false,
    }
}

fn opposite(bound: &Bound) -> Bound {
    Bound {
        value: bound.value.clone(),
        closed: !bound.closed,
    }
}

/// The end further out; `outward` is how a value further out compares.
fn looser(a: Option<Limit<'_>>, b: Option<Limit<'_>>, outward: Ordering) -> Option<Bound> {
    let (a, b) = (a?, b?);
    let order = compare(&a.value, &b.value);
    let outer = match order {
        Ordering::Equal => Limit {
            closed: a.closed || b.closed,
            ..a
        },
        _ if order == outward => a,
        _ => b,
    };
    Some(outer.into_bound())
}

/// The end further in; `inward` is how a value further in compares.
fn tighter(a: Option<Bound>, b: Option<Bound>, inward: Ordering) -> Option<Bound> {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (a, b) => return a.or(b),
    };
    let order = compare(&a.value, &b.value);
    if order == Ordering::Equal {
        return Some(Bound {
            closed: a.closed && b.closed,
            value: a.value,
        });
    }
    Some(if order == inward { a } else { b })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends() -> Vec<Option<Bound>> {
        let bound = |member, closed| Bound {
            value: Scalar::Member(member),
            closed,
        };
        let bounds = (0..4).flat_map(|member| [true, false].map(|closed| Some(bound(member, closed))));
        std::iter::once(None).chain(bounds).collect()
    }

    #[test]
    fn a_set_meets_an_interval_where_it_has_values_within_and_lies_in_it_where_it_has_none_outside() {
        let pairs = || {
            ends()
                .into_iter()
                .flat_map(|low| ends().into_iter().map(move |high| (low.clone(), high)))
        };
        let members = [vec![1, 2], vec![0, 3], vec![2, 3]];
        let members = members
            .into_iter()
            .filter_map(|members| Set::members(Members::of(members)));
        let sets = pairs().filter_map(|(low, high)| Set::range(low, high));
        for set in sets.chain(members).chain([Set::Either, Set::AnyText]) {
            for (low, high) in pairs() {
                let interval = Interval { low, high };
                assert_eq!(
                    set.meets(&interval),
                    set.within(&interval).is_some(),
                    "{set:?} {interval:?}"
                );
                assert_eq!(
                    set.lies_in(&interval),
                    set.outside(&interval).is_empty(),
                    "{set:?} {interval:?}"
                );
            }
        }
    }
}
