//! Who pays which part of what is due.

use std::cmp::Ordering;

use meed_facts::money::{Currency, Money};
use meed_facts::ratio::Ratio;

use super::amount::Amount;

/// Splits an amount by weights into whole parts that sum to it. What is left over goes to the larger remainder, and between equals to the part named first: order
/// inside a clause is meaning.
pub fn split(amount: Amount, weights: &[Ratio]) -> Vec<Amount> {
    let whole = amount.value().and_then(|minor| {
        // The currency plays no part: whole smallest units are split.
        let split = Money::from_minor(minor, Currency::CNY).split(weights)?;
        let shares = split.settle(|a, b| a.cmp(&b)).shares;
        Some(shares.iter().map(|share| Amount::exact(share.minor())).collect())
    });
    whole.unwrap_or_else(|| weights.iter().map(|weight| part(amount, weight, weights)).collect())
}

fn part(amount: Amount, weight: &Ratio, weights: &[Ratio]) -> Amount {
    let total = weights.iter().fold(Ratio::ZERO, |sum, weight| &sum + weight);
    match weight.checked_div(&total) {
        Some(share) if share.cmp(&Ratio::ZERO) != Ordering::Less => amount.share(&share),
        _ => Amount::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(parts: usize) -> Vec<Ratio> {
        vec![Ratio::ONE; parts]
    }

    #[test]
    fn twenty_wan_over_three_years_sums_to_the_fen() {
        let parts = split(Amount::exact(20_000_000), &equal(3));
        let fen: Vec<i128> = parts.iter().filter_map(|part| part.value()).collect();
        assert_eq!(fen, [6_666_667, 6_666_667, 6_666_666]);
    }

    #[test]
    fn the_payer_named_first_bears_the_odd_fen() {
        let halves = split(Amount::exact(101), &equal(2));
        assert_eq!(halves, [Amount::exact(51), Amount::exact(50)]);
    }

    #[test]
    fn parts_of_an_interval_hold_the_parts_of_every_amount() {
        let weights = [Ratio::new(2, 3).unwrap(), Ratio::new(1, 3).unwrap()];
        let wide = split(Amount::between(10, Some(20)), &weights);
        for minor in 10..=20 {
            for (part, wide) in split(Amount::exact(minor), &weights).iter().zip(&wide) {
                assert!(wide.contains(*part));
            }
        }
    }
}
