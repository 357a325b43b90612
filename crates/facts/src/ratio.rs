//! Exact rational numbers of any size, fast while they are small.
//!
//! A [`Ratio`] is a pair of 64-bit integers while both parts fit; beyond that it is boxed, a pair of `i128` or a [`BigRational`].
//! Equal numbers have one representation, so `Eq`, `Hash` and `Ord` agree.
//!
//! **Work is bounded.** One operation costs at most what its operands' sizes make it cost, and a product is at most
//! as long as its factors together. Who chains operations on outside input uses the `checked_…` forms, which give
//! `None` where the result would exceed [`LIMIT_BITS`]; the operators `+ - *` are total and meant for operands that
//! are known to be within the limit.

mod decimal;
mod operators;
mod rounding;

use std::cmp::Ordering;
use std::num::NonZeroU64;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

pub use decimal::DecimalError;
pub use rounding::Rounding;

/// The largest size in bits of a numerator or denominator that the checked operations give.
pub const LIMIT_BITS: u64 = 4096;

/// An exact rational number.
///
/// ```
/// use meed_facts::ratio::Ratio;
/// let third = Ratio::new(1, 3).unwrap();
/// assert_eq!(&(&third + &third) + &third, Ratio::ONE);
/// assert_eq!(Ratio::parse_decimal("0.10").unwrap().to_string(), "0.1");
/// assert_eq!(third.to_string(), "1/3");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Ratio(Repr);

// INVARIANT: reduced, denominator positive; the first form of which each part is within plus or minus its greatest value.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    // The zero that a denominator never is tells the forms apart, so a number takes 16 bytes.
    Small { numerator: i64, denominator: NonZeroU64 },
    Large(Box<Large>),
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Large {
    Wide { numerator: i128, denominator: i128 },
    Big(BigRational),
}

impl Ratio {
    /// 0.
    pub const ZERO: Self = Self::whole(0);
    /// 1.
    pub const ONE: Self = Self::whole(1);

    // Not `i64::MIN`.
    const fn whole(numerator: i64) -> Self {
        Self(Repr::Small {
            numerator,
            denominator: NonZeroU64::MIN,
        })
    }

    /// A whole number.
    pub fn from_int(value: i128) -> Self {
        if value == i128::MIN {
            return Self::from_big(BigRational::from_integer(value.into()));
        }
        Self::lowest(value, 1)
    }

    /// `numerator / denominator`; `None` if the denominator is 0.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        if numerator == i128::MIN || denominator == i128::MIN {
            return Some(Self::from_big(BigRational::new(numerator.into(), denominator.into())));
        }
        Some(Self::reduced(numerator, denominator))
    }

    /// The canonical form of a big rational.
    pub fn from_big(value: BigRational) -> Self {
        match (to_wide(value.numer()), to_wide(value.denom())) {
            (Some(numerator), Some(denominator)) => Self::lowest(numerator, denominator),
            _ => Self(Repr::Large(Box::new(Large::Big(value)))),
        }
    }

    /// The same number as a [`BigRational`].
    pub fn to_big(&self) -> BigRational {
        match (self.as_big(), self.to_parts()) {
            (Some(value), _) => value.clone(),
            (None, Some((numerator, denominator))) => BigRational::new_raw(numerator.into(), denominator.into()),
            (None, None) => BigRational::zero(),
        }
    }

    fn as_big(&self) -> Option<&BigRational> {
        match &self.0 {
            Repr::Large(large) => match &**large {
                Large::Big(value) => Some(value),
                Large::Wide { .. } => None,
            },
            Repr::Small { .. } => None,
        }
    }

    // In lowest terms, the denominator positive, neither part `i128::MIN`.
    fn lowest(numerator: i128, denominator: i128) -> Self {
        let small = i64::try_from(numerator).ok().filter(|part| *part != i64::MIN);
        let divisor = i64::try_from(denominator).ok();
        match (small, divisor.and_then(|part| NonZeroU64::new(part.unsigned_abs()))) {
            (Some(numerator), Some(denominator)) => Self(Repr::Small { numerator, denominator }),
            _ => Self(Repr::Large(Box::new(Large::Wide { numerator, denominator }))),
        }
    }

    // Neither part is `i128::MIN`, the denominator is not 0.
    fn reduced(numerator: i128, denominator: i128) -> Self {
        if denominator == 1 {
            return Self::lowest(numerator, 1);
        }
        let divisor = operators::gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).unwrap_or(1);
        let (numerator, denominator) = if divisor == 1 {
            (numerator, denominator)
        } else {
            operators::quotients(numerator, denominator, divisor)
        };
        #[expect(clippy::arithmetic_side_effects, reason = "no part is i128::MIN")]
        if denominator < 0 {
            Self::lowest(-numerator, -denominator)
        } else {
            Self::lowest(numerator, denominator)
        }
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        self.signum() == 0
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i8 {
        let order = match &self.0 {
            Repr::Small { numerator, .. } => numerator.cmp(&0),
            Repr::Large(large) => match &**large {
                Large::Wide { numerator, .. } => numerator.cmp(&0),
                Large::Big(value) => value.numer().cmp(&BigInt::zero()),
            },
        };
        match order {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    /// Whether it is below 0.
    pub fn is_negative(&self) -> bool {
        self.signum() < 0
    }

    /// Whether it is a whole number.
    pub fn is_integer(&self) -> bool {
        match (self.to_parts(), self.as_big()) {
            (Some((_, denominator)), _) => denominator == 1,
            (None, big) => big.is_some_and(BigRational::is_integer),
        }
    }

    /// The whole number, where it is one and fits.
    pub fn to_i128(&self) -> Option<i128> {
        match (self.to_parts(), self.as_big()) {
            (Some((numerator, 1)), _) => Some(numerator),
            (Some(_), _) => None,
            (None, big) => big.filter(|value| value.is_integer())?.numer().to_i128(),
        }
    }

    /// Numerator and positive denominator in lowest terms, where both fit.
    pub fn to_parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small { numerator, denominator } => Some((i128::from(*numerator), i128::from(denominator.get()))),
            Repr::Large(large) => match &**large {
                Large::Wide { numerator, denominator } => Some((*numerator, *denominator)),
                Large::Big(_) => None,
            },
        }
    }

    /// The distance from 0.
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// Bits of the longer of numerator and denominator.
    pub fn bits(&self) -> u64 {
        match (self.to_parts(), self.as_big()) {
            (Some((numerator, denominator)), _) => {
                let longest = numerator.unsigned_abs().max(denominator.unsigned_abs());
                u64::from(u128::BITS.saturating_sub(longest.leading_zeros()))
            }
            (None, big) => big.map_or(0, |value| value.numer().bits().max(value.denom().bits())),
        }
    }

    /// Whether it is within [`LIMIT_BITS`].
    pub fn is_within_limit(&self) -> bool {
        self.as_big().is_none() || self.bits() <= LIMIT_BITS
    }

    // Numerator and denominator of the small form.
    fn to_small(&self) -> Option<(i64, u64)> {
        match &self.0 {
            Repr::Small { numerator, denominator } => Some((*numerator, denominator.get())),
            Repr::Large(_) => None,
        }
    }

    // The whole number, where it is one in the small form.
    fn to_small_int(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small {
                numerator,
                denominator: NonZeroU64::MIN,
            } => Some(*numerator),
            _ => None,
        }
    }

    fn limited(self) -> Option<Self> {
        self.is_within_limit().then_some(self)
    }

    /// The sum; `None` beyond [`LIMIT_BITS`].
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        (self + other).limited()
    }

    /// The difference; `None` beyond [`LIMIT_BITS`].
    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        (self - other).limited()
    }

    /// The product; `None` beyond [`LIMIT_BITS`].
    pub fn checked_mul(&self, other: &Self) -> Option<Self> {
        (self * other).limited()
    }

    /// The quotient; `None` if `divisor` is 0 or the result is beyond [`LIMIT_BITS`].
    pub fn checked_div(&self, divisor: &Self) -> Option<Self> {
        (self * &divisor.reciprocal()?).limited()
    }

    /// 1 divided by it; `None` for 0.
    pub fn reciprocal(&self) -> Option<Self> {
        if self.is_zero() {
            return None;
        }
        Some(match (self.to_parts(), self.as_big()) {
            #[expect(clippy::arithmetic_side_effects, reason = "no part is i128::MIN")]
            (Some((numerator, denominator)), _) if numerator < 0 => Self::lowest(-denominator, -numerator),
            (Some((numerator, denominator)), _) => Self::lowest(denominator, numerator),
            (None, big) => Self::from_big(big?.recip()),
        })
    }

    /// The power with a whole exponent (`x` to the 0 is 1); `None` beyond [`LIMIT_BITS`].
    pub fn pow(&self, exponent: u32) -> Option<Self> {
        let mut result = Self::ONE;
        let mut square = self.clone();
        let mut rest = exponent;
        while rest > 0 {
            if rest & 1 == 1 {
                result = result.checked_mul(&square)?;
            }
            rest >>= 1;
            if rest > 0 {
                square = square.checked_mul(&square)?;
            }
        }
        Some(result)
    }

    /// The smaller of two.
    pub fn min<'a>(&'a self, other: &'a Self) -> &'a Self {
        if other < self { other } else { self }
    }

    /// The larger of two.
    pub fn max<'a>(&'a self, other: &'a Self) -> &'a Self {
        if other > self { other } else { self }
    }
}

fn to_wide(value: &BigInt) -> Option<i128> {
    value.to_i128().filter(|wide| *wide != i128::MIN)
}

impl Default for Ratio {
    fn default() -> Self {
        Self::ZERO
    }
}

impl From<i128> for Ratio {
    fn from(value: i128) -> Self {
        Self::from_int(value)
    }
}

impl From<i32> for Ratio {
    fn from(value: i32) -> Self {
        Self::whole(value.into())
    }
}

impl From<i64> for Ratio {
    fn from(value: i64) -> Self {
        Self::from_int(value.into())
    }
}

impl std::fmt::Debug for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}
