//! Exact numbers agree with unlimited ones, also where they stop being small; splits lose nothing; dates add up.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

use std::cmp::Ordering;

use meed_facts::date::{Date, Days, Months, age, full_months_between, full_years_between};
use meed_facts::money::{Currency, Money};
use meed_facts::ratio::{Ratio, Rounding};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

fn part() -> impl Strategy<Value = i128> {
    prop_oneof![
        -1000_i128..1000,
        any::<i64>().prop_map(i128::from),
        any::<i128>(),
        (-4_i128..4).prop_map(|step| i128::from(i64::MAX) + step),
        (-4_i128..4).prop_map(|step| i128::from(i64::MIN) + step),
        (0_i128..8).prop_map(|step| i128::MAX - step),
        (0_i128..8).prop_map(|step| i128::MIN + step),
    ]
}

fn pair() -> impl Strategy<Value = (i128, i128)> {
    (part(), part().prop_filter("a denominator", |part| *part != 0))
}

fn both((numerator, denominator): (i128, i128)) -> (Ratio, BigRational) {
    let big = BigRational::new(BigInt::from(numerator), BigInt::from(denominator));
    (Ratio::new(numerator, denominator).unwrap(), big)
}

fn hash(ratio: &Ratio) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    ratio.hash(&mut hasher);
    hasher.finish()
}

fn date() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=31).prop_filter_map("a day", |(year, month, day)| Date::new(year, month, day))
}

proptest! {
    #[test]
    fn arithmetic_is_that_of_unlimited_rationals(a in pair(), b in pair()) {
        let ((a, big_a), (b, big_b)) = (both(a), both(b));
        let results = [
            (&a + &b, &big_a + &big_b),
            (&a - &b, &big_a - &big_b),
            (&a * &b, &big_a * &big_b),
            (-&a, -&big_a),
            (a.floor(), big_a.floor()),
            (a.ceil(), big_a.ceil()),
            (a.trunc(), big_a.trunc()),
        ];
        for (ratio, big) in results {
            prop_assert_eq!(ratio.to_big(), big.clone());
            let again = Ratio::from_big(big);
            prop_assert_eq!(&ratio, &again);
            prop_assert_eq!(hash(&ratio), hash(&again));
        }
        prop_assert_eq!(a.cmp(&b), big_a.cmp(&big_b));
        prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        match a.checked_div(&b) {
            Some(quotient) => prop_assert_eq!(quotient.to_big(), &big_a / &big_b),
            None => prop_assert!(b.is_zero()),
        }
        prop_assert_eq!(&(&(&a + &b) - &b), &a);
    }

    #[test]
    fn text_gives_the_number_back(a in pair()) {
        let (ratio, _) = both(a);
        prop_assert_eq!(Ratio::parse(&ratio.to_string()), Ok(ratio));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-+0-9.eE/ 万]{0,40}") {
        if let Ok(ratio) = Ratio::parse(&text) {
            prop_assert!(ratio.is_within_limit());
        }
    }

    #[test]
    fn powers_stay_within_the_limit(a in pair(), exponent in 0_u32..70) {
        let (ratio, big) = both(a);
        match ratio.pow(exponent) {
            Some(power) => prop_assert_eq!(power.to_big(), num_traits::Pow::pow(&big, exponent)),
            None => prop_assert!(ratio.bits() * u64::from(exponent) >= 4096),
        }
    }

    #[test]
    fn rounding_gives_the_nearest_multiple(a in pair(), step in 1_i128..100_000) {
        let (value, _) = both(a);
        let step = Ratio::new(step, 100).unwrap();
        let rounded = |mode| value.round(mode, &step).unwrap();
        let (floor, ceiling) = (rounded(Rounding::Floor), rounded(Rounding::Ceiling));
        prop_assert!(floor <= value && value <= ceiling && (&ceiling - &floor) <= step);
        for mode in [Rounding::Down, Rounding::Up, Rounding::HalfUp, Rounding::HalfDown, Rounding::HalfEven] {
            let result = rounded(mode);
            prop_assert!(result == floor || result == ceiling);
            prop_assert!(result.checked_div(&step).unwrap().is_integer());
        }
        prop_assert!(rounded(Rounding::Down).abs() <= value.abs() && value.abs() <= rounded(Rounding::Up).abs());
        let distance = (&rounded(Rounding::HalfEven) - &value).abs();
        prop_assert!(&distance + &distance <= step);
    }

    #[test]
    fn a_split_never_loses_a_fen(total in 0_i128..1_000_000_000, weights in prop::collection::vec(0_i128..1000, 1..9)) {
        let weights: Vec<Ratio> = weights.into_iter().map(Ratio::from_int).collect();
        let money = Money::from_minor(total, Currency::CNY);
        let Some(split) = money.split(&weights) else {
            prop_assert!(weights.iter().all(Ratio::is_zero));
            return Ok(());
        };
        for settled in [split.settle(|a, b| a.cmp(&b)), split.settle(|_, _| Ordering::Equal)] {
            let paid: i128 = settled.shares.iter().map(|share| share.minor()).sum();
            prop_assert_eq!(paid + i128::try_from(settled.unpaid).unwrap(), total);
            for (share, weight) in settled.shares.iter().zip(&weights) {
                prop_assert!(share.minor() == 0 || !weight.is_zero());
            }
        }
        prop_assert_eq!(split.settle(|a, b| a.cmp(&b)).unpaid, 0);
    }

    #[test]
    fn a_split_ignores_the_order_of_parts(total in 0_i128..100_000, weights in prop::collection::vec(0_i128..50, 2..7)) {
        let ratios = |weights: &[i128]| weights.iter().map(|weight| Ratio::from_int(*weight)).collect::<Vec<_>>();
        let money = Money::from_minor(total, Currency::CNY);
        let Some(split) = money.split(&ratios(&weights)) else { return Ok(()) };
        let backwards: Vec<i128> = weights.iter().rev().copied().collect();
        let other = money.split(&ratios(&backwards)).unwrap().settle(|_, _| Ordering::Equal);
        let shares: Vec<Money> = other.shares.into_iter().rev().collect();
        prop_assert_eq!(split.settle(|_, _| Ordering::Equal).shares, shares);
    }

    #[test]
    fn dates_read_what_they_write(day in date()) {
        prop_assert_eq!(Date::parse(&day.to_string()), Ok(day));
    }

    #[test]
    fn days_between_are_days_to_add(a in date(), b in date()) {
        prop_assert_eq!(a.plus_days(a.days_until(b)), Some(b));
        prop_assert_eq!(a.days_until(b), Days(-b.days_until(a).0));
    }

    #[test]
    fn full_months_and_years_do_not_pass_the_end(a in date(), b in date()) {
        let (from, to) = (a.min(b), a.max(b));
        let months = full_months_between(from, to);
        prop_assert!(from.plus_months(months).is_some_and(|day| day <= to));
        prop_assert!(from.plus_months(Months(months.0 + 1)).is_none_or(|day| day > to));
        prop_assert_eq!(full_years_between(from, to), months.0 / 12);
        let years = age(from, to).unwrap();
        prop_assert!(years == months.0 / 12 || (years == months.0 / 12 - 1 && (from.month(), from.day()) == (2, 29)));
    }
}
