//! Ranges of numbers: the same arithmetic as the definition's (`value::numbers`) without allocation.
//!
//! An operation gives `None` where a number would not fit a register pair; the applicant then goes to the explaining evaluator.

use std::cmp::Ordering;

use meed_facts::value::{Bound, Scalar};

use super::fraction::Fraction;
use crate::value::numbers::number_of;

/// One end of a range.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub value: Fraction,
    pub closed: bool,
}

/// The numbers between two ends; an end that is `None` is without limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub low: Option<End>,
    pub high: Option<End>,
}

impl End {
    pub fn closed(value: Fraction) -> Self {
        Self { value, closed: true }
    }

    fn open(value: Fraction) -> Self {
        Self { value, closed: false }
    }

    pub fn of(bound: &Bound) -> Option<Self> {
        let value = match &bound.value {
            Scalar::Date(date) => Fraction::whole(date.days_since_epoch().into()),
            value => Fraction::of(&number_of(value)?)?,
        };
        Some(Self {
            value,
            closed: bound.closed,
        })
    }
}

impl Range {
    pub const ANY: Self = Self { low: None, high: None };

    pub fn one(value: Fraction) -> Self {
        Self {
            low: Some(End::closed(value)),
            high: Some(End::closed(value)),
        }
    }

    /// The only number, whether its ends count as closed or not.
    pub fn as_one(&self) -> Option<Fraction> {
        match (self.low, self.high) {
            (Some(low), Some(high)) if low.value.compare(high.value) == Ordering::Equal => Some(low.value),
            _ => None,
        }
    }

    /// Whether there is a number between the ends.
    pub fn is_some(&self) -> bool {
        match (self.low, self.high) {
            (Some(low), Some(high)) => match low.value.compare(high.value) {
                Ordering::Less => true,
                Ordering::Equal => low.closed && high.closed,
                Ordering::Greater => false,
            },
            _ => true,
        }
    }

    /// The numbers that are in both; its ends may leave none between them.
    pub fn within(&self, other: &Self) -> Self {
        let tighter = |a: Option<End>, b: Option<End>, inward: Ordering| match (a, b) {
            (Some(a), Some(b)) => Some(match a.value.compare(b.value) {
                Ordering::Equal => End {
                    closed: a.closed && b.closed,
                    ..a
                },
                order if order == inward => a,
                _ => b,
            }),
            (a, b) => a.or(b),
        };
        Self {
            low: tighter(self.low, other.low, Ordering::Greater),
            high: tighter(self.high, other.high, Ordering::Less),
        }
    }

    pub fn add(&self, other: &Self) -> Option<Self> {
        let sum = |a: Option<End>, b: Option<End>| match (a, b) {
            (Some(a), Some(b)) => Some(Some(End {
                value: a.value.add(b.value)?,
                closed: a.closed && b.closed,
            })),
            _ => Some(None),
        };
        Some(Self {
            low: sum(self.low, other.low)?,
            high: sum(self.high, other.high)?,
        })
    }

    pub fn negated(&self) -> Self {
        let opposite = |end: Option<End>| {
            end.map(|end| End {
                value: end.value.negated(),
                ..end
            })
        };
        Self {
            low: opposite(self.high),
            high: opposite(self.low),
        }
    }

    pub fn times(&self, other: &Self) -> Option<Self> {
        let mine = [Corner::low(self), Corner::high(self)];
        let theirs = [Corner::low(other), Corner::high(other)];
        let (mut least, mut greatest): (Option<Corner>, Option<Corner>) = (None, None);
        for a in mine {
            for b in theirs {
                let product = a.times(b)?;
                least = Some(least.map_or(product, |end| end.further(product, Ordering::Less)));
                greatest = Some(greatest.map_or(product, |end| end.further(product, Ordering::Greater)));
            }
        }
        Some(Self {
            low: least.and_then(Corner::end),
            high: greatest.and_then(Corner::end),
        })
    }

    /// The range of quotients by the divisors that are not 0: `Some(None)` where there is no such divisor.
    pub fn divided_by(&self, divisor: &Self) -> Option<Option<Self>> {
        let quotients = |part: Option<Self>| match part {
            Some(part) => self.times(&part.reciprocals()?).map(Some),
            None => Some(None),
        };
        Some(match (quotients(divisor.part(1))?, quotients(divisor.part(-1))?) {
            (Some(a), Some(b)) => Some(a.hull(&b)),
            (a, b) => a.or(b),
        })
    }

    /// The positive (`sign` 1) or negative (-1) part; `None` where there is none.
    pub fn part(&self, sign: i8) -> Option<Self> {
        let is_inside = |end: &End| end.value.signum() == sign;
        let (near, far) = if sign > 0 {
            (self.low, self.high)
        } else {
            (self.high, self.low)
        };
        if far.is_some_and(|end| !is_inside(&end)) {
            return None;
        }
        let near = Some(near.filter(is_inside).unwrap_or(End::open(Fraction::ZERO)));
        Some(if sign > 0 {
            Self { low: near, high: far }
        } else {
            Self { low: far, high: near }
        })
    }

    fn reciprocals(&self) -> Option<Self> {
        let inverse = |end: Option<End>| match end {
            None => Some(End::open(Fraction::ZERO)),
            Some(end) => end.value.reciprocal().map(|value| End {
                value,
                closed: end.closed,
            }),
        };
        Some(Self {
            low: inverse(self.high),
            high: inverse(self.low),
        })
    }

    pub fn has_zero(&self) -> bool {
        let beyond = |end: Option<End>, outside: i8| {
            end.is_some_and(|end| {
                let sign = end.value.signum();
                sign == outside || (sign == 0 && !end.closed)
            })
        };
        !beyond(self.low, 1) && !beyond(self.high, -1)
    }

    pub fn hull(&self, other: &Self) -> Self {
        let least = Corner::low(self).further(Corner::low(other), Ordering::Less);
        let greatest = Corner::high(self).further(Corner::high(other), Ordering::Greater);
        Self {
            low: least.end(),
            high: greatest.end(),
        }
    }

    /// Each number, or 0 where it is below.
    pub fn raised_to_zero(&self) -> Self {
        let zero = (self.has_zero() || self.part(-1).is_some()).then(|| Self::one(Fraction::ZERO));
        let parts = [zero, self.part(1)].into_iter().flatten();
        parts
            .reduce(|a, b| a.hull(&b))
            .unwrap_or_else(|| Self::one(Fraction::ZERO))
    }

    /// The range of a function that never falls and has a value everywhere. `strictly` rising keeps open ends open.
    pub fn rising(&self, strictly: bool, function: impl Fn(Fraction) -> Option<Fraction>) -> Option<Self> {
        let image = |end: Option<End>| match end {
            None => Some(None),
            Some(end) => Some(Some(End {
                value: function(end.value)?,
                closed: end.closed || !strictly,
            })),
        };
        Some(Self {
            low: image(self.low)?,
            high: image(self.high)?,
        })
    }

    /// The range of a whole power.
    pub fn power(&self, exponent: u8) -> Option<Self> {
        if exponent == 0 {
            return Some(Self::one(Fraction::whole(1)));
        }
        let raise = |numbers: &Self| numbers.rising(true, |value| value.power(exponent));
        if exponent % 2 == 1 {
            return raise(self);
        }
        let mut hull = self.has_zero().then(|| Self::one(Fraction::ZERO));
        for part in [self.part(1), self.part(-1).map(|part| part.negated())]
            .into_iter()
            .flatten()
        {
            let raised = raise(&part)?;
            hull = Some(hull.map_or(raised, |hull| hull.hull(&raised)));
        }
        Some(hull.unwrap_or(*self))
    }

    /// Whether some number of this may be below some number of `other`.
    pub fn may_be_below(&self, other: &Self) -> bool {
        match (self.low, other.high) {
            (Some(least), Some(greatest)) => least.value.compare(greatest.value) == Ordering::Less,
            _ => true,
        }
    }

    /// Whether some number of this may be at most some number of `other`.
    pub fn may_be_at_most(&self, other: &Self) -> bool {
        match (self.low, other.high) {
            (Some(least), Some(greatest)) => match least.value.compare(greatest.value) {
                Ordering::Less => true,
                Ordering::Equal => least.closed && greatest.closed,
                Ordering::Greater => false,
            },
            _ => true,
        }
    }

    /// Whether some number belongs to both.
    pub fn intersects(&self, other: &Self) -> bool {
        self.may_be_at_most(other) && other.may_be_at_most(self)
    }
}

/// An end of a range, or no limit in a direction.
#[derive(Clone, Copy, Debug)]
enum Corner {
    Finite(End),
    Infinite(i8),
}

impl Corner {
    fn low(range: &Range) -> Self {
        range.low.map_or(Self::Infinite(-1), Self::Finite)
    }

    fn high(range: &Range) -> Self {
        range.high.map_or(Self::Infinite(1), Self::Finite)
    }

    fn end(self) -> Option<End> {
        match self {
            Self::Finite(end) => Some(end),
            Self::Infinite(_) => None,
        }
    }

    fn sign(self) -> i8 {
        match self {
            Self::Finite(end) => end.value.signum(),
            Self::Infinite(sign) => sign,
        }
    }

    fn is_closed_zero(self) -> bool {
        matches!(self, Self::Finite(end) if end.closed && end.value.signum() == 0)
    }

    fn times(self, other: Self) -> Option<Self> {
        let sign = self.sign().saturating_mul(other.sign());
        let end = |value, closed| Some(Self::Finite(End { value, closed }));
        if sign == 0 {
            let both = matches!((self, other), (Self::Finite(a), Self::Finite(b)) if a.closed && b.closed);
            return end(Fraction::ZERO, both || self.is_closed_zero() || other.is_closed_zero());
        }
        match (self, other) {
            (Self::Finite(a), Self::Finite(b)) => end(a.value.times(b.value)?, a.closed && b.closed),
            _ => Some(Self::Infinite(sign)),
        }
    }

    /// The one that lies further in a direction; of two at one number the closed one.
    fn further(self, other: Self, direction: Ordering) -> Self {
        let order = match (self, other) {
            (Self::Finite(a), Self::Finite(b)) => a.value.compare(b.value),
            (Self::Infinite(sign), _) => sign.cmp(&0),
            (_, Self::Infinite(sign)) => 0.cmp(&sign),
        };
        let is_tie = order == Ordering::Equal;
        let other_is_closed = matches!(other, Self::Finite(end) if end.closed);
        if order == direction || (is_tie && !other_is_closed) {
            self
        } else {
            other
        }
    }
}
