//! Whole parts, and rounding to a multiple of a step.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;

use super::Ratio;

/// How to take a number to a multiple of a step (`semantics.md` §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rounding {
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
    /// To the nearest; from the middle away from zero.
    HalfUp,
    /// To the nearest; from the middle towards zero.
    HalfDown,
    /// To the nearest; from the middle to the even multiple.
    HalfEven,
    /// To the lower.
    Floor,
    /// To the higher.
    Ceiling,
}

impl Ratio {
    /// The greatest whole number not above it.
    pub fn floor(&self) -> Self {
        match self.to_parts() {
            Some((_, 1)) => self.clone(),
            Some((numerator, denominator)) => Self::from_int(Integer::div_floor(&numerator, &denominator)),
            None => {
                let value = self.to_big();
                Self::from_integer(value.numer().div_floor(value.denom()))
            }
        }
    }

    /// The least whole number not below it.
    pub fn ceil(&self) -> Self {
        -(-self).floor()
    }

    /// The whole part: rounded towards zero.
    pub fn trunc(&self) -> Self {
        if self.is_negative() { self.ceil() } else { self.floor() }
    }

    /// The nearest multiple of `step` as `mode` says; `None` unless `step` is above 0 (or beyond the size limit).
    pub fn round(&self, mode: Rounding, step: &Self) -> Option<Self> {
        if step.signum() <= 0 {
            return None;
        }
        self.checked_div(step)?.round_whole(mode).checked_mul(step)
    }

    /// The nearest whole number as `mode` says.
    pub fn round_whole(&self, mode: Rounding) -> Self {
        if self.is_integer() {
            return self.clone();
        }
        match mode {
            Rounding::Floor => self.floor(),
            Rounding::Ceiling => self.ceil(),
            Rounding::Down => self.trunc(),
            Rounding::Up => self.away(),
            Rounding::HalfUp | Rounding::HalfDown | Rounding::HalfEven => self.nearest(mode),
        }
    }

    fn away(&self) -> Self {
        if self.is_negative() { self.floor() } else { self.ceil() }
    }

    fn nearest(&self, mode: Rounding) -> Self {
        let (near, far) = (self.trunc(), self.away());
        let past = (self - &near).abs();
        let twice_past = &past + &past;
        match (twice_past.cmp(&Self::ONE), mode) {
            (Ordering::Less, _) | (Ordering::Equal, Rounding::HalfDown) => near,
            (Ordering::Equal, Rounding::HalfEven) if near.is_even() => near,
            _ => far,
        }
    }

    fn is_even(&self) -> bool {
        match self.to_parts() {
            Some((numerator, _)) => numerator.is_even(),
            None => self.to_big().numer().is_even(),
        }
    }

    pub(super) fn from_integer(value: BigInt) -> Self {
        Self::from_big(BigRational::from_integer(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(value: &str, mode: Rounding, step: &str) -> String {
        let parse = |text| Ratio::parse_decimal(text).unwrap();
        parse(value).round(mode, &parse(step)).unwrap().to_string()
    }

    #[test]
    fn each_mode_on_both_sides_of_zero() {
        let cases = [
            (Rounding::Down, ["2", "-2", "2", "-2", "3"]),
            (Rounding::Up, ["3", "-3", "3", "-3", "4"]),
            (Rounding::HalfUp, ["3", "-3", "2", "-2", "4"]),
            (Rounding::HalfDown, ["2", "-2", "2", "-2", "3"]),
            (Rounding::HalfEven, ["2", "-2", "2", "-2", "4"]),
            (Rounding::Floor, ["2", "-3", "2", "-3", "3"]),
            (Rounding::Ceiling, ["3", "-2", "3", "-2", "4"]),
        ];
        for (mode, expected) in cases {
            let got = ["2.5", "-2.5", "2.4", "-2.4", "3.5"].map(|value| rounded(value, mode, "1"));
            assert_eq!(got, expected, "{mode:?}");
        }
    }

    #[test]
    fn a_step_is_any_positive_amount() {
        assert_eq!(rounded("123456.78", Rounding::Down, "10000"), "120000");
        assert_eq!(rounded("0.125", Rounding::HalfUp, "0.01"), "0.13");
        assert_eq!(Ratio::ONE.round(Rounding::Down, &Ratio::ZERO), None);
    }
}
