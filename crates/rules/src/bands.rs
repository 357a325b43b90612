//! Bands of constants: which begins first, and whether one ends before another begins.

use std::cmp::Ordering;

use meed_facts::value::{Interval, Scalar};

/// The order of two constants of one type; `None` between types.
pub(crate) fn compare(a: &Scalar, b: &Scalar) -> Option<Ordering> {
    Some(match (a, b) {
        (Scalar::Number(a), Scalar::Number(b)) => a.cmp(b),
        (Scalar::Date(a), Scalar::Date(b)) => a.cmp(b),
        (Scalar::Months(a), Scalar::Months(b)) | (Scalar::Days(a), Scalar::Days(b)) => a.cmp(b),
        (Scalar::Member(a), Scalar::Member(b)) => a.cmp(b),
        (Scalar::Bool(a), Scalar::Bool(b)) => a.cmp(b),
        (Scalar::Text(a), Scalar::Text(b)) => a.cmp(b),
        _ => return None,
    })
}

/// By their lower ends, an open end after a closed one at the same value.
pub(crate) fn by_low(a: &Interval, b: &Interval) -> Ordering {
    match (&a.low, &b.low) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => compare(&a.value, &b.value)
            .unwrap_or(Ordering::Equal)
            .then(b.closed.cmp(&a.closed)),
    }
}

/// Whether `a` ends before `b` begins, so that no value is in both.
pub(crate) fn ends_before(a: &Interval, b: &Interval) -> bool {
    match (&a.high, &b.low) {
        (Some(high), Some(low)) => match compare(&high.value, &low.value) {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) => !(high.closed && low.closed),
            _ => false,
        },
        _ => false,
    }
}
