//! Sums, products and the order of rationals: by 64 or 128 bits where nothing overflows, else by big integers.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Neg, Sub};

use num_integer::Integer;

use super::{Large, Ratio, Repr};

// Both parts by a common divisor; by 64 bits where that is enough, which is several times faster.
pub(super) fn quotients(numerator: i128, denominator: i128, divisor: i128) -> (i128, i128) {
    let quotient = |part: i128| match (i64::try_from(part), i64::try_from(divisor)) {
        (Ok(part), Ok(divisor)) => part.checked_div(divisor).map_or(0, i128::from),
        _ => part.checked_div(divisor).unwrap_or(0),
    };
    (quotient(numerator), quotient(denominator))
}

pub(super) fn gcd(a: u128, b: u128) -> u128 {
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
        if let (Some(a), Some(b)) = (self.to_small_int(), other.to_small_int()) {
            return match a.checked_add(b) {
                Some(sum) if sum != i64::MIN => Ratio::whole(sum),
                _ => Ratio::from_int(i128::from(a).saturating_add(i128::from(b))),
            };
        }
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
        if let (Some(a), Some(b)) = (self.to_small_int(), other.to_small_int()) {
            return match a.checked_mul(b) {
                Some(product) if product != i64::MIN => Ratio::whole(product),
                _ => Ratio::from_int(i128::from(a).saturating_mul(i128::from(b))),
            };
        }
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
        reason = "no part is the least integer; big ones do not overflow"
    )]
    fn neg(self) -> Ratio {
        match &self.0 {
            Repr::Small { numerator, denominator } => Ratio(Repr::Small {
                numerator: -numerator,
                denominator: *denominator,
            }),
            Repr::Large(large) => match &**large {
                Large::Wide { numerator, denominator } => Ratio::lowest(-numerator, *denominator),
                Large::Big(value) => Ratio::from_big(-value),
            },
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
        if let (Some((an, ad)), Some((bn, bd))) = (self.to_small(), other.to_small()) {
            if ad == bd {
                return an.cmp(&bn);
            }
            // 63 bits by 64 never overflow 127.
            let cross = |numerator: i64, denominator: u64| i128::from(numerator).wrapping_mul(denominator.into());
            return cross(an, bd).cmp(&cross(bn, ad));
        }
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
