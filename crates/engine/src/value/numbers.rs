//! Ranges of numbers and what arithmetic makes of them.
//!
//! Every operation gives a range that holds all results. A number beyond the size limit of `Ratio` has no value here: such a result is *undefined*, and a range
//! whose end would be beyond it has no limit there.

use std::cmp::Ordering;

use meed_facts::ratio::Ratio;
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::Type;

use super::{Limit, Set};

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub value: Ratio,
    pub closed: bool,
}

/// The numbers between two ends, of which there is one at least; an end that is `None` is without limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub low: Option<End>,
    pub high: Option<End>,
}

/// What an operator makes of ordinary operands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub set: Option<Set>,
    pub undefined: bool,
}

impl Outcome {
    pub const UNDEFINED: Self = Self {
        set: None,
        undefined: true,
    };

    pub fn known(value: Scalar) -> Self {
        Set::One(value).into()
    }
}

impl From<Set> for Outcome {
    fn from(set: Set) -> Self {
        Self {
            set: Some(set),
            undefined: false,
        }
    }
}

/// The number that a scalar stands for in arithmetic.
pub(crate) fn number_of(value: &Scalar) -> Option<Ratio> {
    match value {
        Scalar::Number(number) => Some(number.clone()),
        Scalar::Months(whole) | Scalar::Days(whole) => Some(Ratio::from(*whole)),
        _ => None,
    }
}

/// The scalar of a type for a number. Durations are whole.
fn scalar_of(value: Ratio, ty: &Type) -> Option<Scalar> {
    let whole = || value.to_i128().and_then(|whole| i32::try_from(whole).ok());
    match ty {
        Type::Months => whole().map(Scalar::Months),
        Type::Days => whole().map(Scalar::Days),
        _ => Some(Scalar::Number(value)),
    }
}

impl End {
    pub fn closed(value: Ratio) -> Self {
        Self { value, closed: true }
    }

    fn open(value: Ratio) -> Self {
        Self { value, closed: false }
    }
}

impl Numbers {
    pub fn one(value: Ratio) -> Self {
        Self {
            low: Some(End::closed(value.clone())),
            high: Some(End::closed(value)),
        }
    }

    /// The numbers of a set of numbers or durations.
    pub fn of(set: &Set) -> Self {
        let end = |limit: Option<Limit<'_>>| {
            let limit = limit?;
            Some(End {
                value: number_of(&limit.value)?,
                closed: limit.closed,
            })
        };
        Self {
            low: end(set.least()),
            high: end(set.greatest()),
        }
    }

    /// The only number.
    pub fn as_one(&self) -> Option<&Ratio> {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) if low.value == high.value => Some(&low.value),
            _ => None,
        }
    }

    /// The values of a type that these numbers are. Months and days are whole: ends in between move inwards.
    pub fn outcome(self, ty: &Type) -> Outcome {
        if let Some(one) = self.as_one() {
            return scalar_of(one.clone(), ty).map_or(Outcome::UNDEFINED, Outcome::known);
        }
        let whole = matches!(ty, Type::Months | Type::Days);
        let bound = |end: Option<End>, inwards: fn(&Ratio) -> Ratio| {
            let end = end?;
            let value = if whole { inwards(&end.value) } else { end.value.clone() };
            let closed = end.closed || value != end.value;
            scalar_of(value, ty).map(|value| Bound { value, closed })
        };
        let (low, high) = (bound(self.low, Ratio::ceil), bound(self.high, Ratio::floor));
        Outcome {
            set: Set::range(low, high),
            undefined: false,
        }
    }

    /// The positive (`sign` 1) or negative (-1) part; `None` where there is none.
    pub fn part(&self, sign: i8) -> Option<Self> {
        let zero = || Some(End::open(Ratio::ZERO));
        let positive = |end: &End| end.value.signum() == sign;
        let (near, far) = if sign > 0 {
            (&self.low, &self.high)
        } else {
            (&self.high, &self.low)
        };
        if far.as_ref().is_some_and(|end| !positive(end)) {
            return None;
        }
        let near = if near.as_ref().is_some_and(positive) {
            near.clone()
        } else {
            zero()
        };
        let far = far.clone();
        Some(if sign > 0 {
            Self { low: near, high: far }
        } else {
            Self { low: far, high: near }
        })
    }

    fn is_never_negative(&self) -> bool {
        self.low.as_ref().is_some_and(|low| !low.value.is_negative())
    }

    /// Whether 0 is among them.
    pub fn has_zero(&self) -> bool {
        let beyond = |end: &Option<End>, outside: Ordering| {
            end.as_ref().is_some_and(|end| {
                let order = end.value.cmp(&Ratio::ZERO);
                order == outside || (order == Ordering::Equal && !end.closed)
            })
        };
        !beyond(&self.low, Ordering::Greater) && !beyond(&self.high, Ordering::Less)
    }

    pub fn add(&self, other: &Self) -> Self {
        let sum = |a: &Option<End>, b: &Option<End>| {
            let (a, b) = (a.as_ref()?, b.as_ref()?);
            Some(End {
                value: a.value.checked_add(&b.value)?,
                closed: a.closed && b.closed,
            })
        };
        Self {
            low: sum(&self.low, &other.low),
            high: sum(&self.high, &other.high),
        }
    }

    pub fn negated(&self) -> Self {
        let opposite = |end: &Option<End>| {
            end.as_ref().map(|end| End {
                value: Ratio::ZERO.checked_sub(&end.value).unwrap_or_default(),
                closed: end.closed,
            })
        };
        Self {
            low: opposite(&self.high),
            high: opposite(&self.low),
        }
    }

    /// The range of products: its ends are products of ends. `0 * x` is 0, for unlimited `x` too.
    pub fn times(&self, other: &Self) -> Self {
        if self.is_never_negative() && other.is_never_negative() {
            // Ends lead to ends.
            return Self {
                low: Corner::low(self).times(&Corner::low(other)).end(),
                high: Corner::high(self).times(&Corner::high(other)).end(),
            };
        }
        let mine = [Corner::low(self), Corner::high(self)];
        let theirs = [Corner::low(other), Corner::high(other)];
        let (mut least, mut greatest): (Option<Corner>, Option<Corner>) = (None, None);
        for a in &mine {
            for b in &theirs {
                let product = a.times(b);
                least = Some(least.map_or_else(|| product.clone(), |end| end.further(&product, Ordering::Less)));
                greatest =
                    Some(greatest.map_or_else(|| product.clone(), |end| end.further(&product, Ordering::Greater)));
            }
        }
        Self {
            low: least.and_then(Corner::end),
            high: greatest.and_then(Corner::end),
        }
    }

    /// 1 divided by each of numbers of one sign.
    fn reciprocals(&self) -> Self {
        let inverse = |end: &Option<End>| match end {
            None => Some(End::open(Ratio::ZERO)),
            Some(end) => end.value.reciprocal().map(|value| End {
                value,
                closed: end.closed,
            }),
        };
        Self {
            low: inverse(&self.high),
            high: inverse(&self.low),
        }
    }

    /// The range of quotients by the divisors that are not 0; `None` where there is no such divisor.
    pub fn divided_by(&self, divisor: &Self) -> Option<Self> {
        let quotients = |part: Option<Self>| part.map(|part| self.times(&part.reciprocals()));
        match (quotients(divisor.part(1)), quotients(divisor.part(-1))) {
            (Some(a), Some(b)) => Some(a.hull(&b)),
            (a, b) => a.or(b),
        }
    }

    pub fn hull(&self, other: &Self) -> Self {
        let least = Corner::low(self).further(&Corner::low(other), Ordering::Less);
        let greatest = Corner::high(self).further(&Corner::high(other), Ordering::Greater);
        Self {
            low: least.end(),
            high: greatest.end(),
        }
    }

    /// Each number, or 0 where it is below.
    pub fn raised_to_zero(&self) -> Self {
        let zero = (self.has_zero() || self.part(-1).is_some()).then(|| Self::one(Ratio::ZERO));
        let parts = [zero, self.part(1)].into_iter().flatten();
        parts
            .reduce(|a, b| a.hull(&b))
            .unwrap_or_else(|| Self::one(Ratio::ZERO))
    }

    /// The range of a function that never falls. `strictly` rising keeps open ends open. An end without value is without limit.
    pub fn rising(&self, strictly: bool, function: impl Fn(&Ratio) -> Option<Ratio>) -> Self {
        let image = |end: &Option<End>| {
            let end = end.as_ref()?;
            Some(End {
                value: function(&end.value)?,
                closed: end.closed || !strictly,
            })
        };
        Self {
            low: image(&self.low),
            high: image(&self.high),
        }
    }

    /// The range of a whole power.
    pub fn power(&self, exponent: u8) -> Self {
        if exponent == 0 {
            return Self::one(Ratio::ONE);
        }
        let raise = |numbers: &Self| numbers.rising(true, |value| value.pow(exponent.into()));
        if exponent % 2 == 1 {
            return raise(self);
        }
        let zero = self.has_zero().then(|| Self::one(Ratio::ZERO));
        let positive = self.part(1);
        let negative = self.part(-1).map(|part| part.negated());
        let parts = [zero, positive.as_ref().map(raise), negative.as_ref().map(raise)];
        let hull = parts.into_iter().flatten().reduce(|a, b| a.hull(&b));
        hull.unwrap_or_else(|| self.clone())
    }
}

/// An end that may be without limit: a number, or infinite with a sign.
#[derive(Clone, Debug)]
enum Corner {
    Finite(End),
    Infinite(i8),
}

impl Corner {
    fn low(numbers: &Numbers) -> Self {
        numbers.low.clone().map_or(Corner::Infinite(-1), Corner::Finite)
    }

    fn high(numbers: &Numbers) -> Self {
        numbers.high.clone().map_or(Corner::Infinite(1), Corner::Finite)
    }

    fn end(self) -> Option<End> {
        match self {
            Corner::Finite(end) => Some(end),
            Corner::Infinite(_) => None,
        }
    }

    fn sign(&self) -> i8 {
        match self {
            Corner::Finite(end) => end.value.signum(),
            Corner::Infinite(sign) => *sign,
        }
    }

    fn is_closed_zero(&self) -> bool {
        matches!(self, Corner::Finite(end) if end.closed && end.value.is_zero())
    }

    fn times(&self, other: &Self) -> Self {
        let sign = self.sign().saturating_mul(other.sign());
        if sign == 0 {
            let both = matches!((self, other), (Corner::Finite(a), Corner::Finite(b)) if a.closed && b.closed);
            return Corner::Finite(End {
                value: Ratio::ZERO,
                closed: both || self.is_closed_zero() || other.is_closed_zero(),
            });
        }
        let (Corner::Finite(a), Corner::Finite(b)) = (self, other) else {
            return Corner::Infinite(sign);
        };
        a.value.checked_mul(&b.value).map_or(Corner::Infinite(sign), |value| {
            Corner::Finite(End {
                value,
                closed: a.closed && b.closed,
            })
        })
    }

    /// The one that lies further in a direction; of two at one number the closed one.
    fn further(self, other: &Self, direction: Ordering) -> Self {
        let order = match (&self, other) {
            (Corner::Finite(a), Corner::Finite(b)) => a.value.cmp(&b.value),
            (Corner::Infinite(sign), _) => sign.cmp(&0),
            (_, Corner::Infinite(sign)) => 0.cmp(sign),
        };
        let is_tie = order == Ordering::Equal;
        let other_is_closed = matches!(other, Corner::Finite(end) if end.closed);
        if order == direction || (is_tie && !other_is_closed) {
            self
        } else {
            other.clone()
        }
    }
}
