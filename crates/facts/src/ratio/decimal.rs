//! Decimal text in and out, never through a float.

use std::fmt;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::{LIMIT_BITS, Ratio, Rounding};
use crate::message::Message;

/// Digits and decimal exponents beyond this are refused before any work is done on them.
const LIMIT_DIGITS: usize = 1200;

/// Why a text is no decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum DecimalError {
    /// Not of the form `-12.50` or `1.25e7`.
    Form {
        /// Position of the first character that does not fit, from 1.
        position: usize,
    },
    /// Longer than any amount can be.
    TooLarge,
}

impl DecimalError {
    /// What is wrong, in both languages.
    pub fn words(self) -> Message {
        match self {
            Self::Form { position } => Message::new(
                format!(
                    "not a decimal number at character {position}; write digits with at most one point, as in 61000000.00"
                ),
                format!("第 {position} 个字符处不是十进制数；请只写数字和至多一个小数点，如 61000000.00"),
            ),
            Self::TooLarge => Message::new(
                format!("a number of more than {LIMIT_DIGITS} digits"),
                format!("数字超过 {LIMIT_DIGITS} 位"),
            ),
        }
    }
}

impl Ratio {
    /// Reads `-12.50` or `1.25e7` exactly: an optional sign, digits, at most one point between digits, an optional
    /// exponent.
    pub fn parse_decimal(text: &str) -> Result<Self, DecimalError> {
        if text.len() > LIMIT_DIGITS.saturating_mul(2) {
            return Err(DecimalError::TooLarge);
        }
        let parts = Parts::read(text)?;
        let exponent: i64 = match parts.exponent {
            "" => 0,
            digits => digits.parse().map_err(|_| DecimalError::TooLarge)?,
        };
        let fraction_digits = i64::try_from(parts.fraction.len()).map_err(|_| DecimalError::TooLarge)?;
        let shift = exponent.saturating_sub(fraction_digits);
        let shift_size = usize::try_from(shift.unsigned_abs()).map_err(|_| DecimalError::TooLarge)?;
        let mantissa = [parts.whole, parts.fraction].concat();
        let mantissa = mantissa.trim_start_matches('0');
        if mantissa.is_empty() {
            return Ok(Self::ZERO);
        }
        if mantissa.len() > LIMIT_DIGITS || shift_size > LIMIT_DIGITS {
            return Err(DecimalError::TooLarge);
        }
        let value = scaled(mantissa, shift, parts.negative).ok_or(DecimalError::TooLarge)?;
        value.limited().ok_or(DecimalError::TooLarge)
    }

    /// Reads a decimal, or two whole numbers with a stroke between: `1/3`.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let Some((numerator, denominator)) = text.split_once('/') else {
            return Self::parse_decimal(text);
        };
        let position = numerator.chars().count().saturating_add(1);
        let whole = |part: &str| {
            let value = Self::parse_decimal(part)?;
            let digits = part
                .strip_prefix('-')
                .unwrap_or(part)
                .bytes()
                .all(|byte| byte.is_ascii_digit());
            if digits {
                Ok(value)
            } else {
                Err(DecimalError::Form { position })
            }
        };
        let (numerator, denominator) = (whole(numerator)?, whole(denominator)?);
        if denominator.is_zero() {
            return Err(DecimalError::Form {
                position: position.saturating_add(1),
            });
        }
        numerator.checked_div(&denominator).ok_or(DecimalError::TooLarge)
    }

    /// Digits after the point that its finite decimal needs; `None` where there is no finite decimal.
    pub fn decimal_places(&self) -> Option<u32> {
        if self.is_integer() {
            return Some(0);
        }
        if let Some((_, denominator)) = self.to_parts() {
            return small_places(denominator.unsigned_abs());
        }
        let mut rest = self.to_big().denom().clone();
        let twos = remove_factor(&mut rest, 2);
        let fives = remove_factor(&mut rest, 5);
        rest.is_one().then(|| twos.max(fives))
    }

    /// The decimal with exactly `places` digits after the point (`500000.00`); `None` where that would need rounding.
    pub fn to_decimal(&self, places: u32) -> Option<String> {
        if self.decimal_places()? > places {
            return None;
        }
        if let Some(scaled) = self.small_scaled(places) {
            return Some(point(&scaled.unsigned_abs().to_string(), scaled < 0, places));
        }
        let scaled = self.to_big() * BigRational::from_integer(power_of_ten(places));
        Some(point_big(scaled.numer(), places))
    }

    // The number times a power of ten that makes it whole, where everything on the way fits.
    fn small_scaled(&self, places: u32) -> Option<i128> {
        let (numerator, denominator) = self.to_parts()?;
        let factor = 10_i128.checked_pow(places)?.checked_div(denominator)?;
        numerator.checked_mul(factor)
    }

    /// The decimal with exactly `places` digits after the point, rounded as `mode` says: for display only.
    pub fn to_decimal_rounded(&self, places: u32, mode: Rounding) -> String {
        let scaled = self.to_big() * BigRational::from_integer(power_of_ten(places));
        let whole = Self::from_big(scaled).round_whole(mode);
        point_big(whole.to_big().numer(), places)
    }
}

impl fmt::Display for Ratio {
    /// The finite decimal where there is one (`0.1`), else `numerator/denominator` in lowest terms.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(whole) = self.to_i128() {
            return write!(f, "{whole}");
        }
        match self.decimal_places().and_then(|places| self.to_decimal(places)) {
            Some(text) => f.write_str(&text),
            None => {
                let big = self.to_big();
                write!(f, "{}/{}", big.numer(), big.denom())
            }
        }
    }
}

struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: &'a str,
}

impl<'a> Parts<'a> {
    fn read(text: &'a str) -> Result<Self, DecimalError> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (unsigned, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let exponent_digits = exponent.map(|part| part.strip_prefix(['-', '+']).unwrap_or(part));
        if digits(whole) && fraction.is_none_or(digits) && exponent_digits.is_none_or(digits) {
            return Ok(Self {
                negative: text.starts_with('-'),
                whole,
                fraction: fraction.unwrap_or(""),
                exponent: exponent.unwrap_or(""),
            });
        }
        Err(DecimalError::Form {
            position: first_misfit(text),
        })
    }
}

// For the message only: the first character that no decimal number can have there.
fn first_misfit(text: &str) -> usize {
    let mut point = false;
    let mut exponent = false;
    let mut previous = ' ';
    for (index, character) in text.chars().enumerate() {
        let fits = match character {
            '0'..='9' => true,
            '-' | '+' => index == 0 || matches!(previous, 'e' | 'E'),
            '.' => !std::mem::replace(&mut point, true) && previous.is_ascii_digit() && !exponent,
            'e' | 'E' => !std::mem::replace(&mut exponent, true) && previous.is_ascii_digit(),
            _ => false,
        };
        if !fits {
            return index.saturating_add(1);
        }
        previous = character;
    }
    text.chars().count().saturating_add(1)
}

fn scaled(mantissa: &str, shift: i64, negative: bool) -> Option<Ratio> {
    let exponent = u32::try_from(shift.unsigned_abs()).ok()?;
    if let Ok(small) = mantissa.parse::<i128>()
        && let Some(value) = small_scaled(small, exponent, shift < 0)
    {
        return Some(if negative { -value } else { value });
    }
    let mantissa: BigInt = mantissa.parse().ok()?;
    let mantissa = if negative { -mantissa } else { mantissa };
    let power = power_of_ten(exponent);
    let value = if shift < 0 {
        BigRational::new(mantissa, power)
    } else {
        BigRational::from_integer(mantissa * power)
    };
    Some(Ratio::from_big(value))
}

// A number times or divided by a power of ten, where that fits.
fn small_scaled(number: i128, exponent: u32, divide: bool) -> Option<Ratio> {
    let power = 10_i128.checked_pow(exponent)?;
    if divide {
        return Ratio::new(number, power);
    }
    number.checked_mul(power).map(Ratio::from_int)
}

// Digits after the point that a denominator in lowest terms needs; `None` where it has other factors than 2 and 5.
fn small_places(denominator: u128) -> Option<u32> {
    let twos = denominator.trailing_zeros();
    let mut rest = denominator.checked_shr(twos)?;
    let mut fives = 0_u32;
    while rest > 1 {
        if rest % 5 != 0 {
            return None;
        }
        rest /= 5;
        fives = fives.saturating_add(1);
    }
    (rest == 1).then(|| twos.max(fives))
}

fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

fn remove_factor(number: &mut BigInt, factor: u32) -> u32 {
    let factor = BigInt::from(factor);
    let mut times = 0_u32;
    loop {
        let (quotient, remainder) = number.div_rem(&factor);
        if !remainder.is_zero() {
            return times;
        }
        *number = quotient;
        times = times.saturating_add(1);
    }
}

fn point_big(scaled: &BigInt, places: u32) -> String {
    point(&scaled.abs().to_string(), scaled.is_negative(), places)
}

fn point(digits: &str, negative: bool, places: u32) -> String {
    let sign = if negative { "-" } else { "" };
    let places = places.to_usize().unwrap_or(usize::MAX);
    if places == 0 {
        return format!("{sign}{digits}");
    }
    let width = places.saturating_add(1);
    let digits = format!("{digits:0>width$}");
    let (whole, fraction) = digits
        .split_at_checked(digits.len().saturating_sub(places))
        .unwrap_or((&digits, ""));
    format!("{sign}{whole}.{fraction}")
}

const _: () = assert!(LIMIT_BITS >= 4096, "1200 digits must fit");

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Ratio {
        Ratio::parse_decimal(text).unwrap()
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(parse("0.1").to_string(), "0.1");
        assert_eq!(parse("-61000000.00").to_string(), "-61000000");
        assert_eq!(parse("1.25e7"), parse("12500000"));
        assert_eq!(parse("1E-3").to_string(), "0.001");
        assert_eq!(parse("16777217.01").to_string(), "16777217.01");
        assert_eq!(parse("-0.00"), Ratio::ZERO);
    }

    #[test]
    fn what_is_no_decimal_says_where() {
        for (text, position) in [
            ("", 1),
            ("1,000", 2),
            ("1.2.3", 4),
            (".5", 1),
            ("5.", 3),
            ("0x10", 2),
            ("1e", 3),
            ("--1", 2),
            ("NaN", 1),
        ] {
            assert_eq!(
                Ratio::parse_decimal(text),
                Err(DecimalError::Form { position }),
                "{text}"
            );
        }
    }

    #[test]
    fn sizes_are_limited() {
        assert_eq!(
            Ratio::parse_decimal("1e999999999999999999999"),
            Err(DecimalError::TooLarge)
        );
        assert_eq!(Ratio::parse_decimal("1e-100000"), Err(DecimalError::TooLarge));
        assert_eq!(Ratio::parse_decimal(&"9".repeat(100_000)), Err(DecimalError::TooLarge));
        assert_eq!(parse("0e99999"), Ratio::ZERO);
        assert_eq!(parse("1e200").to_string(), format!("1{}", "0".repeat(200)));
    }

    #[test]
    fn places_are_kept_or_refused() {
        assert_eq!(parse("500000").to_decimal(2).as_deref(), Some("500000.00"));
        assert_eq!(parse("-0.05").to_decimal(2).as_deref(), Some("-0.05"));
        assert_eq!(parse("0.005").to_decimal(2), None);
        assert_eq!(Ratio::new(1, 3).unwrap().to_decimal(9), None);
        assert_eq!(
            Ratio::new(2, 3).unwrap().to_decimal_rounded(4, Rounding::HalfUp),
            "0.6667"
        );
        assert_eq!(Ratio::new(-2, 3).unwrap().to_decimal_rounded(0, Rounding::HalfUp), "-1");
    }

    #[test]
    fn small_and_big_numbers_are_written_alike() {
        let texts = [
            "0.000000000000000001",
            "-0.25",
            "123456789.875",
            "170141183460469231731687303715884105727",
            "0.5",
        ];
        for text in texts {
            for places in [0, 1, 3, 18, 38, 40] {
                let number = parse(text);
                let big = number.to_big() * BigRational::from_integer(power_of_ten(places));
                let expected = big.is_integer().then(|| point_big(big.numer(), places));
                assert_eq!(number.to_decimal(places), expected, "{text} with {places}");
            }
            assert_eq!(parse(text).to_string(), text);
        }
    }
}
