//! One known value, and what may be stated in its place.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::date::Date;
use crate::ratio::Ratio;

/// A value that is known. Money is a `Number` of the currency's *main* unit (yuan); what unit a number has is its type's business.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// True or false.
    Bool(bool),
    /// A count, a ratio, a quantity, or an amount of money in the main unit.
    Number(Ratio),
    /// A calendar date.
    Date(Date),
    /// A calendar duration in whole months (a year is twelve).
    Months(i32),
    /// A duration in days.
    Days(i32),
    /// Free text, or a checked identifier in its canonical form.
    Text(Arc<str>),
    /// The position of a member in its enumeration, from 0.
    Member(u16),
}

/// One end of an interval.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    /// Where the interval ends.
    pub value: Scalar,
    /// Whether the end itself belongs to it.
    pub closed: bool,
}

/// All values between two ends; an end that is `None` is open without limit. At least one end is given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The lower end.
    pub low: Option<Bound>,
    /// The upper end.
    pub high: Option<Bound>,
}

/// Why a value is not there although it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Missing {
    /// Nobody has been asked, or there is no answer yet.
    Unasked,
    /// A person has still to judge.
    Judgement,
    /// The applicant declined to say.
    Refused,
}

/// What was stated about one fact (in one period).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stated {
    /// The value.
    Value(Scalar),
    /// Only known to lie in a range (also a running year's `so_far`: at least that).
    Range(Interval),
    /// Only known to be one of these: members of an enumeration by position, or truth values; sorted, without repeats.
    OneOf(Vec<Scalar>),
    /// Not known, and why.
    Missing(Missing),
}

impl Scalar {
    /// Which is larger; `None` for two values of different kinds. `false` is below `true`.
    pub fn checked_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Months(a), Self::Months(b)) | (Self::Days(a), Self::Days(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Member(a), Self::Member(b)) => a.cmp(b),
            _ => return None,
        })
    }
}

impl Interval {
    /// Whether the value is of the ends' kind and lies between them.
    pub fn contains(&self, value: &Scalar) -> bool {
        let above = self.low.as_ref().is_none_or(|low| match value.checked_cmp(&low.value) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => low.closed,
            _ => false,
        });
        let below = self
            .high
            .as_ref()
            .is_none_or(|high| match value.checked_cmp(&high.value) {
                Some(Ordering::Less) => true,
                Some(Ordering::Equal) => high.closed,
                _ => false,
            });
        above && below
    }

    /// Whether no value lies between the ends.
    pub fn is_empty(&self) -> bool {
        let (Some(low), Some(high)) = (&self.low, &self.high) else {
            return false;
        };
        match low.value.checked_cmp(&high.value) {
            Some(Ordering::Less) => false,
            Some(Ordering::Equal) => !(low.closed && high.closed),
            _ => true,
        }
    }
}
