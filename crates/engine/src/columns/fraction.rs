//! Exact numbers that fit a register pair. Where one would not fit, an operation gives `None`.

use std::cmp::Ordering;

use meed_facts::ratio::{Ratio, Rounding};

/// `num / den`, not necessarily reduced.
// INVARIANT: `den > 0`, and neither part is `i128::MIN`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fraction {
    pub num: i128,
    pub den: i128,
}

impl Fraction {
    pub const ZERO: Self = Self::whole(0);

    pub const fn whole(num: i128) -> Self {
        Self { num, den: 1 }
    }

    /// A whole multiple of 10 to the minus `scale`.
    pub fn of_units(units: i64, scale: u8) -> Self {
        Self {
            num: units.into(),
            den: power_of_ten(scale),
        }
    }

    pub fn of(ratio: &Ratio) -> Option<Self> {
        let (num, den) = ratio.to_parts()?;
        Some(Self { num, den })
    }

    pub fn to_ratio(self) -> Ratio {
        Ratio::new(self.num, self.den).unwrap_or(Ratio::ZERO)
    }

    /// As a whole multiple of 10 to the minus `scale`, where it is one and fits.
    pub fn to_units(self, scale: u8) -> Option<i64> {
        let ten = power_of_ten(scale);
        if self.den == ten {
            return i64::try_from(self.num).ok();
        }
        let scaled = self.num.checked_mul(ten)?;
        let units = scaled.checked_div(self.den)?;
        let exact = units.checked_mul(self.den) == Some(scaled);
        i64::try_from(units).ok().filter(|_| exact)
    }

    pub fn signum(self) -> i8 {
        match self.num.cmp(&0) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    pub fn compare(self, other: Self) -> Ordering {
        if self.den == other.den {
            return self.num.cmp(&other.num);
        }
        if let (Some((a, b)), Some((c, d))) = (self.small(), other.small()) {
            return wide(a, d).cmp(&wide(c, b));
        }
        match (self.num.checked_mul(other.den), other.num.checked_mul(self.den)) {
            (Some(a), Some(b)) => a.cmp(&b),
            // Too large for a register pair, but not for the definition's numbers.
            _ => self.to_ratio().cmp(&other.to_ratio()),
        }
    }

    pub fn least(self, other: Self) -> Self {
        if other.compare(self).is_lt() { other } else { self }
    }

    pub fn greatest(self, other: Self) -> Self {
        if other.compare(self).is_gt() { other } else { self }
    }

    pub fn add(self, other: Self) -> Option<Self> {
        if self.den == other.den {
            return Self::fitting(self.num.checked_add(other.num)?, self.den);
        }
        let (a, b) = (self.reduced_if_large(), other.reduced_if_large());
        let num = a.num.checked_mul(b.den)?.checked_add(b.num.checked_mul(a.den)?)?;
        Self::fitting(num, a.den.checked_mul(b.den)?)
    }

    pub fn negated(self) -> Self {
        // No part is i128::MIN.
        Self {
            num: self.num.wrapping_neg(),
            den: self.den,
        }
    }

    pub fn times(self, other: Self) -> Option<Self> {
        if let (Some((a, b)), Some((c, d))) = (self.small(), other.small()) {
            return Some(Self {
                num: wide(a, c),
                den: wide(b, d),
            });
        }
        let product = |a: Self, b: Self| Self::fitting(a.num.checked_mul(b.num)?, a.den.checked_mul(b.den)?);
        product(self, other).or_else(|| product(self.reduced(), other.reduced()))
    }

    pub fn reciprocal(self) -> Option<Self> {
        match self.num.cmp(&0) {
            Ordering::Equal => None,
            Ordering::Greater => Some(Self {
                num: self.den,
                den: self.num,
            }),
            Ordering::Less => Some(Self {
                num: self.den.wrapping_neg(),
                den: self.num.wrapping_neg(),
            }),
        }
    }

    pub fn power(self, exponent: u8) -> Option<Self> {
        (0..exponent).try_fold(Self::whole(1), |power, _| power.times(self))
    }

    /// The nearest multiple of a step above 0, as the mode says.
    pub fn round(self, mode: Rounding, step: Self) -> Option<Self> {
        let steps = self.times(step.reciprocal()?)?;
        let below = steps.floor();
        let past = steps.num.checked_sub(below.checked_mul(steps.den)?)?;
        if past == 0 {
            return Some(self);
        }
        let negative = steps.num < 0;
        let up = match mode {
            Rounding::Floor => false,
            Rounding::Ceiling => true,
            Rounding::Down => negative,
            Rounding::Up => !negative,
            Rounding::HalfUp | Rounding::HalfDown | Rounding::HalfEven => match past.checked_mul(2)?.cmp(&steps.den) {
                Ordering::Less => false,
                Ordering::Greater => true,
                Ordering::Equal => match mode {
                    Rounding::HalfUp => !negative,
                    Rounding::HalfDown => negative,
                    _ => below.rem_euclid(2) == 1,
                },
            },
        };
        Self::whole(below.checked_add(i128::from(up))?).times(step)
    }

    /// The greatest whole number that is not above.
    pub fn floor(self) -> i128 {
        if let Some((num, den)) = self.small() {
            return num.div_euclid(den).into();
        }
        self.num.div_euclid(self.den)
    }

    /// The least whole number that is not below.
    pub fn ceil(self) -> i128 {
        self.negated().floor().wrapping_neg()
    }

    /// Both parts, where 64 bits are enough: then products fit, and are found without a check.
    fn small(self) -> Option<(i64, i64)> {
        i64::try_from(self.num).ok().zip(i64::try_from(self.den).ok())
    }

    fn fitting(num: i128, den: i128) -> Option<Self> {
        (num != i128::MIN).then_some(Self { num, den })
    }

    fn reduced_if_large(self) -> Self {
        const LARGE: i128 = 1 << 62;
        if self.den > LARGE || self.num > LARGE || self.num < -LARGE {
            self.reduced()
        } else {
            self
        }
    }

    fn reduced(self) -> Self {
        Self::of(&self.to_ratio()).unwrap_or(self)
    }
}

/// A product of 64 bits each.
fn wide(a: i64, b: i64) -> i128 {
    i128::from(a).wrapping_mul(b.into())
}

/// 10 to the power of a scale; scales are small.
pub(super) fn power_of_ten(scale: u8) -> i128 {
    10_i128.checked_pow(scale.into()).unwrap_or(i128::MAX)
}
