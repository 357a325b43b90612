//! One known value, and what may be stated in its place.

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
    /// Not known, and why.
    Missing(Missing),
}
