//! Exact rational numbers of any size, fast while they are small.
//!
//! A [`Ratio`] is a pair of `i128` while both parts fit, and a boxed [`BigRational`] beyond. Equal numbers have one
//! representation, so `Eq`, `Hash` and `Ord` agree.
//!
//! **Work is bounded.** One operation costs at most what its operands' sizes make it cost, and a product is at most
//! as long as its factors together. Who chains operations on outside input uses the `checked_…` forms, which give
//! `None` where the result would exceed [`LIMIT_BITS`]; the operators `+ - *` are total and meant for operands that
//! are known to be within the limit.

mod decimal;
mod rounding;

use std::cmp::Ordering;
use std::ops::{Add, Mul, Neg, Sub};

use num_bigint::BigInt;
use num_integer::Integer;
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

// INVARIANT: reduced, denominator positive; `Small` whenever both parts are in `-i128::MAX..=i128::MAX`.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Small { numerator: i128, denominator: i128 },
    Big(Box<BigRational>),
}

impl Ratio {
    /// 0.
    pub const ZERO: Self = Self::whole(0);
    /// 1.
    pub const ONE: Self = Self::whole(1);

    const fn whole(numerator: i128) -> Self {
        Self(Repr::Small {
            numerator,
            denominator: 1,
        })
    }

    /// A whole number.
    pub fn from_int(value: i128) -> Self {
        if value == i128::MIN {
            return Self::from_big(BigRational::from_integer(value.into()));
        }
        Self::whole(value)
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
        match (to_small(value.numer()), to_small(value.denom())) {
            (Some(numerator), Some(denominator)) => Self(Repr::Small { numerator, denominator }),
            _ => Self(Repr::Big(Box::new(value))),
        }
    }

    /// The same number as a [`BigRational`].
    pub fn to_big(&self) -> BigRational {
        match &self.0 {
            Repr::Small { numerator, denominator } => BigRational::new_raw((*numerator).into(), (*denominator).into()),
            Repr::Big(value) => value.as_ref().clone(),
        }
    }

    // Neither part is `i128::MIN`, the denominator is not 0.
    fn reduced(numerator: i128, denominator: i128) -> Self {
        if denominator == 1 {
            return Self::whole(numerator);
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).unwrap_or(1);
        #[expect(
            clippy::arithmetic_side_effects,
            reason = "no part is i128::MIN, and a gcd is at least 1"
        )]
        let (numerator, denominator) = (numerator / divisor, denominator / divisor);
        #[expect(clippy::arithmetic_side_effects, reason = "no part is i128::MIN")]
        let (numerator, denominator) = if denominator < 0 {
            (-numerator, -denominator)
        } else {
            (numerator, denominator)
        };
        Self(Repr::Small { numerator, denominator })
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        self.signum() == 0
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i8 {
        let positive = match &self.0 {
            Repr::Small { numerator, .. } => numerator.cmp(&0),
            Repr::Big(value) => value.numer().cmp(&BigInt::zero()),
        };
        match positive {
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
        match &self.0 {
            Repr::Small { denominator, .. } => *denominator == 1,
            Repr::Big(value) => value.is_integer(),
        }
    }

    /// The whole number, where it is one and fits.
    pub fn to_i128(&self) -> Option<i128> {
        match &self.0 {
            Repr::Small {
                numerator,
                denominator: 1,
            } => Some(*numerator),
            Repr::Small { .. } => None,
            Repr::Big(value) if value.is_integer() => value.numer().to_i128(),
            Repr::Big(_) => None,
        }
    }

    /// Numerator and positive denominator in lowest terms, where both fit.
    pub fn to_parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small { numerator, denominator } => Some((*numerator, *denominator)),
            Repr::Big(_) => None,
        }
    }

    /// The distance from 0.
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// Bits of the longer of numerator and denominator.
    pub fn bits(&self) -> u64 {
        match &self.0 {
            Repr::Small { numerator, denominator } => {
                let longest = numerator.unsigned_abs().max(denominator.unsigned_abs());
                u64::from(u128::BITS.saturating_sub(longest.leading_zeros()))
            }
            Repr::Big(value) => value.numer().bits().max(value.denom().bits()),
        }
    }

    /// Whether it is within [`LIMIT_BITS`].
    pub fn is_within_limit(&self) -> bool {
        matches!(self.0, Repr::Small { .. }) || self.bits() <= LIMIT_BITS
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
        Some(match &self.0 {
            Repr::Small { numerator, denominator } => {
                #[expect(clippy::arithmetic_side_effects, reason = "no part is i128::MIN")]
                let denominator = if *numerator < 0 { -denominator } else { *denominator };
                let numerator = i128::try_from(numerator.unsigned_abs()).unwrap_or(i128::MAX);
                Self(Repr::Small {
                    numerator: denominator,
                    denominator: numerator,
                })
            }
            Repr::Big(value) => Self::from_big(value.recip()),
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

fn to_small(value: &BigInt) -> Option<i128> {
    value.to_i128().filter(|small| *small != i128::MIN)
}

fn gcd(a: u128, b: u128) -> u128 {
    // 64-bit division is several times faster, and most amounts fit.
    match (u64::try_from(a), u64::try_from(b)) {
        (Ok(a), Ok(b)) => u128::from(a.gcd(&b)),
        _ => a.gcd(&b),
    }
}

fn small_sum(a: (i128, i128), b: (i128, i128)) -> Option<Ratio> {
    let ((an, ad), (bn, bd)) = (a, b);
    let (numerator, denominator) = if ad == bd {
        (an.checked_add(bn)?, ad)
    } else {
        let cross = an.checked_mul(bd)?.checked_add(bn.checked_mul(ad)?)?;
        (cross, ad.checked_mul(bd)?)
    };
    (numerator != i128::MIN).then(|| Ratio::reduced(numerator, denominator))
}

fn small_product(a: (i128, i128), b: (i128, i128)) -> Option<Ratio> {
    let ((an, ad), (bn, bd)) = (a, b);
    let (numerator, denominator) = (an.checked_mul(bn)?, ad.checked_mul(bd)?);
    (numerator != i128::MIN).then(|| Ratio::reduced(numerator, denominator))
}

impl Add for &Ratio {
    type Output = Ratio;

    fn add(self, other: Self) -> Ratio {
        let small = self.to_parts().zip(other.to_parts()).and_then(|(a, b)| small_sum(a, b));
        small.unwrap_or_else(|| Ratio::from_big(self.to_big() + other.to_big()))
    }
}

impl Sub for &Ratio {
    type Output = Ratio;

    fn sub(self, other: Self) -> Ratio {
        self + &-other
    }
}

impl Mul for &Ratio {
    type Output = Ratio;

    fn mul(self, other: Self) -> Ratio {
        let small = self
            .to_parts()
            .zip(other.to_parts())
            .and_then(|(a, b)| small_product(a, b));
        small.unwrap_or_else(|| Ratio::from_big(self.to_big() * other.to_big()))
    }
}

impl Neg for &Ratio {
    type Output = Ratio;

    #[expect(
        clippy::arithmetic_side_effects,
        reason = "no small numerator is i128::MIN; big ones do not overflow"
    )]
    fn neg(self) -> Ratio {
        match &self.0 {
            Repr::Small { numerator, denominator } => Ratio(Repr::Small {
                numerator: -numerator,
                denominator: *denominator,
            }),
            Repr::Big(value) => Ratio(Repr::Big(Box::new(-value.as_ref()))),
        }
    }
}

impl Neg for Ratio {
    type Output = Ratio;

    fn neg(self) -> Ratio {
        -&self
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Some((an, ad)), Some((bn, bd))) = (self.to_parts(), other.to_parts()) {
            if ad == bd {
                return an.cmp(&bn);
            }
            if an.signum() != bn.signum() {
                return an.cmp(&bn);
            }
            if let (Some(left), Some(right)) = (an.checked_mul(bd), bn.checked_mul(ad)) {
                return left.cmp(&right);
            }
        }
        self.to_big().cmp(&other.to_big())
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
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
        Self::whole(value.into())
    }
}

impl std::fmt::Debug for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}
