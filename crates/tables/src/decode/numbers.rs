//! Columns of numbers into whole multiples of a power of ten, exactly.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_schema::DataType;
use meed_facts::batch::{Bits, scaled, unscaled};
use meed_facts::check::{self, Complaint};
use meed_facts::ratio::Ratio;
use meed_facts::schema::{Fact, FactType};
use meed_facts::value::{Scalar, Stated};

use super::Notes;
use super::texts::Words;

/// Numbers of a column: those that are whole multiples, and the others.
pub(super) struct Numbers {
    pub known: Bits,
    pub units: Vec<i64>,
    pub others: Vec<(u32, Stated)>,
}

/// Reads a column of numbers as multiples of 10 to the minus `scale`; whole numbers count the smallest unit where `minor` says so.
pub(super) fn read(fact: &Fact, array: &dyn Array, scale: u8, minor: bool, notes: &mut Notes<'_>) -> Numbers {
    let known = super::known(array);
    let whole = if minor { i32::from(scale) } else { 0 };
    let to = i32::from(scale);
    let mut odd = Odd::default();
    let units = match array.data_type() {
        DataType::Int64 => longs(array.as_primitive::<Int64Type>().values(), whole, to, &mut odd),
        DataType::Decimal64(_, from) => longs(
            array.as_primitive::<Decimal64Type>().values(),
            i32::from(*from),
            to,
            &mut odd,
        ),
        DataType::Int8 => shorts::<Int8Type>(array, whole, to, &mut odd),
        DataType::Int16 => shorts::<Int16Type>(array, whole, to, &mut odd),
        DataType::Int32 => shorts::<Int32Type>(array, whole, to, &mut odd),
        DataType::UInt8 => shorts::<UInt8Type>(array, whole, to, &mut odd),
        DataType::UInt16 => shorts::<UInt16Type>(array, whole, to, &mut odd),
        DataType::UInt32 => shorts::<UInt32Type>(array, whole, to, &mut odd),
        DataType::UInt64 => wholes::<UInt64Type>(array, whole, to, &mut odd),
        DataType::Decimal32(_, from) => shorts::<Decimal32Type>(array, i32::from(*from), to, &mut odd),
        DataType::Decimal128(_, from) => wholes::<Decimal128Type>(array, i32::from(*from), to, &mut odd),
        DataType::Float64 => doubles(
            array.as_primitive::<Float64Type>().values().iter().copied(),
            scale,
            &mut odd,
        ),
        DataType::Float32 => singles(array, scale, &known, &mut odd),
        _ => written(array, scale, &known, &mut odd),
    };
    let mut numbers = Numbers {
        known,
        units,
        others: Vec::new(),
    };
    settle(fact, array, scale, whole, odd, &mut numbers, notes);
    numbers
}

// Rows whose number is no whole multiple that fits, or no number at all. Rows that are null may be among them.
#[derive(Default)]
struct Odd(Vec<usize>);

impl Odd {
    fn unless(&mut self, row: usize, unit: Option<i64>) -> i64 {
        unit.unwrap_or_else(|| {
            self.0.push(row);
            0
        })
    }
}

// A step between scales: times or divided by a power of ten.
fn step(from: i32, to: i32) -> Option<(bool, i64)> {
    let places = to.checked_sub(from)?;
    Some((places >= 0, 10_i64.checked_pow(places.unsigned_abs())?))
}

fn longs(values: &[i64], from: i32, to: i32, odd: &mut Odd) -> Vec<i64> {
    if from == to {
        return values.to_vec();
    }
    match step(from, to) {
        Some((true, factor)) if fits(values, factor) => values.iter().map(|value| value.wrapping_mul(factor)).collect(),
        _ => scale(values.iter().map(|value| Some(*value)), from, to, odd),
    }
}

// Whether all multiples by a factor above 0 fit.
fn fits(values: &[i64], factor: i64) -> bool {
    let most = values.iter().fold(0, |most, value| value.unsigned_abs().max(most));
    most.checked_mul(factor.unsigned_abs())
        .is_some_and(|most| i64::try_from(most).is_ok())
}

// Whole numbers that fit 64 bits.
fn shorts<T: ArrowPrimitiveType>(array: &dyn Array, from: i32, to: i32, odd: &mut Odd) -> Vec<i64>
where
    T::Native: Into<i64> + Copy,
{
    let values = array.as_primitive::<T>().values();
    let values: Vec<i64> = values.iter().map(|value| (*value).into()).collect();
    if from == to {
        return values;
    }
    longs(&values, from, to, odd)
}

fn wholes<T: ArrowPrimitiveType>(array: &dyn Array, from: i32, to: i32, odd: &mut Odd) -> Vec<i64>
where
    T::Native: TryInto<i64> + Copy,
{
    let values = array.as_primitive::<T>().values();
    scale(values.iter().map(|value| (*value).try_into().ok()), from, to, odd)
}

fn scale(values: impl Iterator<Item = Option<i64>>, from: i32, to: i32, odd: &mut Odd) -> Vec<i64> {
    let step = step(from, to);
    let unit = |value: Option<i64>| {
        let (more, factor) = step?;
        let value = value?;
        if more {
            return value.checked_mul(factor);
        }
        let quotient = value.checked_div(factor)?;
        (quotient.checked_mul(factor)? == value).then_some(quotient)
    };
    values
        .enumerate()
        .map(|(row, value)| odd.unless(row, unit(value)))
        .collect()
}

// A power of ten and whole numbers below 2^53 are exact in a double, and division rounds to the nearest. So a whole number of at most 15 digits whose
// quotient is the value is, shortened, the shortest decimal that reads as the value: two different decimals of 15 digits are never the same double.
const EXACT: f64 = 1e15;

#[expect(
    clippy::float_arithmetic,
    reason = "only proposes a decimal, which then must read as the very same double"
)]
fn doubles(values: impl Iterator<Item = f64>, scale: u8, odd: &mut Odd) -> Vec<i64> {
    let factor = 10_f64.powi(i32::from(scale));
    let unit = |value: f64| {
        let whole = (value * factor).round();
        let fits = whole.abs() < EXACT && whole / factor == value;
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 10^15")]
        fits.then_some(whole as i64)
    };
    values
        .enumerate()
        .map(|(row, value)| odd.unless(row, unit(value)))
        .collect()
}

// A single's shortest decimal has at most nine digits, which are those of the double that the decimal reads as.
fn singles(array: &dyn Array, scale: u8, known: &Bits, odd: &mut Odd) -> Vec<i64> {
    let values = array.as_primitive::<Float32Type>().values();
    let double = |(row, value): (usize, &f32)| {
        if known.get(row) {
            value.to_string().parse().unwrap_or(f64::NAN)
        } else {
            0.0
        }
    };
    doubles(values.iter().enumerate().map(double), scale, odd)
}

fn written(array: &dyn Array, places: u8, known: &Bits, odd: &mut Odd) -> Vec<i64> {
    let Some(words) = Words::new(array) else {
        odd.0.extend(0..array.len());
        return vec![0; array.len()];
    };
    let unit = |row| {
        if known.get(row) {
            odd.unless(row, decimal(words.get(row), places))
        } else {
            0
        }
    };
    (0..array.len()).map(unit).collect()
}

/// The multiple that a plain decimal of few digits is; `None` for all other texts, numbers or not.
fn decimal(text: &str, places: u8) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.is_empty() || fraction.is_empty() {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let missing = usize::from(places).checked_sub(fraction.len())?;
    let mut digits = whole
        .bytes()
        .chain(fraction.bytes())
        .chain(std::iter::repeat_n(b'0', missing));
    let units = digits.try_fold(0_i64, |units, digit| {
        let digit = i64::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        units.checked_mul(10)?.checked_add(digit)
    })?;
    if negative { units.checked_neg() } else { Some(units) }
}

// Looks at the odd rows one by one.
fn settle(
    fact: &Fact,
    array: &dyn Array,
    scale: u8,
    whole: i32,
    odd: Odd,
    numbers: &mut Numbers,
    notes: &mut Notes<'_>,
) {
    let words = Words::new(array);
    for row in odd.0 {
        if !numbers.known.get(row) {
            continue;
        }
        numbers.known.set(row, false);
        let text = match &words {
            Some(words) => Cow::Borrowed(words.get(row)),
            None => Cow::Owned(number_text(array, row, whole)),
        };
        let Some(number) = notes.checked(row, number(fact, &text)) else {
            continue;
        };
        match self::scaled(&number, scale) {
            Some(unit) => {
                numbers.known.set(row, true);
                if let Some(place) = numbers.units.get_mut(row) {
                    *place = unit;
                }
            }
            None => {
                let row = u32::try_from(row).unwrap_or(u32::MAX);
                numbers.others.push((row, Stated::Value(Scalar::Number(number))));
            }
        }
    }
}

fn number(fact: &Fact, text: &str) -> Result<Ratio, Complaint> {
    let number = check::number(text)?;
    match &fact.ty {
        FactType::Count => check::count(number),
        FactType::Money(currency) => check::amount(*currency, &number).map(|money| money.to_ratio()),
        _ => Ok(number),
    }
}

// A number of a column that is not text, as text.
fn number_text(array: &dyn Array, row: usize, whole: i32) -> String {
    match array.data_type() {
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Float32 => array.as_primitive::<Float32Type>().value(row).to_string(),
        DataType::Decimal32(_, _) => array.as_primitive::<Decimal32Type>().value_as_string(row),
        DataType::Decimal64(_, _) => array.as_primitive::<Decimal64Type>().value_as_string(row),
        DataType::Decimal128(_, _) => array.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::Decimal256(_, _) => array.as_primitive::<Decimal256Type>().value_as_string(row),
        DataType::UInt64 => format!("{}e-{whole}", array.as_primitive::<UInt64Type>().value(row)),
        // The others fit into 64 bits, and so does their multiple by a hundred or thousand but for the largest.
        DataType::Int64 => format!("{}e-{whole}", array.as_primitive::<Int64Type>().value(row)),
        _ => String::new(),
    }
}

/// Notes rows whose number is outside the fact's bounds; a count has the bound 0.
pub(super) fn within_bounds(fact: &Fact, scale: u8, numbers: &Numbers, notes: &mut Notes<'_>) {
    let count = matches!(fact.ty, FactType::Count);
    if !count && fact.bounds.is_none() {
        return;
    }
    let judge = |number: Ratio| {
        let number = if count { check::count(number)? } else { number };
        check::within_bounds(fact, &Scalar::Number(number))
    };
    for (row, stated) in &numbers.others {
        if let Stated::Value(Scalar::Number(number)) = stated {
            notes.checked(*row as usize, judge(number.clone()));
        }
    }
    let (low, high) = allowed(fact, scale);
    let outside = |unit: &i64| *unit < low || *unit > high;
    if !numbers.units.iter().fold(false, |any, unit| any | outside(unit)) {
        return;
    }
    for (row, unit) in numbers.units.iter().enumerate() {
        if outside(unit) && numbers.known.get(row) {
            notes.checked(row, judge(unscaled(*unit, scale)));
        }
    }
}

// The multiples that the bounds allow for certain: narrower by the ends that are open or no multiples, which are looked at one by one.
fn allowed(fact: &Fact, scale: u8) -> (i64, i64) {
    let end = |bound: Option<&meed_facts::value::Bound>| match bound {
        Some(bound) => match &bound.value {
            Scalar::Number(number) if bound.closed => Some(self::scaled(number, scale)),
            _ => Some(None),
        },
        None => None,
    };
    let bounds = fact.bounds.as_ref();
    let low = end(bounds.and_then(|bounds| bounds.low.as_ref()));
    let high = end(bounds.and_then(|bounds| bounds.high.as_ref()));
    let least = if matches!(fact.ty, FactType::Count) {
        0
    } else {
        i64::MIN
    };
    // An end that is no multiple lets no row pass unseen.
    let low = low.map_or(least, |low| low.unwrap_or(i64::MAX).max(least));
    let high = high.map_or(i64::MAX, |high| high.unwrap_or(i64::MIN));
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_double_is_read_as_its_shortest_decimal(value in proptest::num::f64::NORMAL, scale in 0_u8..7) {
            let mut odd = Odd::default();
            let units = doubles(std::iter::once(value), scale, &mut odd);
            let shortest = Ratio::parse_decimal(&value.to_string()).ok().and_then(|number| self::scaled(&number, scale));
            if odd.0.is_empty() {
                prop_assert_eq!(Some(units[0]), shortest);
            }
        }

        #[test]
        fn amounts_of_fifteen_digits_take_the_short_way(units in -999_999_999_999_999_i64..=999_999_999_999_999, scale in 0_u8..7) {
            let text = unscaled(units, scale).to_decimal(scale.into()).unwrap();
            let mut odd = Odd::default();
            prop_assert_eq!(doubles(std::iter::once(text.parse().unwrap()), scale, &mut odd), vec![units]);
            prop_assert!(odd.0.is_empty());
            prop_assert_eq!(decimal(&text, scale), Some(units));
        }

        #[test]
        fn plain_decimals_are_what_the_exact_reader_reads(text in "-?[0-9]{0,20}[.]?[0-9]{0,9}|[+ 0-9eE./,-]{0,8}", scale in 0_u8..7) {
            if let Some(units) = decimal(&text, scale) {
                prop_assert_eq!(Ratio::parse(&text).ok(), Some(unscaled(units, scale)));
            }
        }
    }
}
