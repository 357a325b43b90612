//! Amounts of money: whole numbers of a currency's smallest unit, and how to split them without losing one.

use std::cmp::Ordering;
use std::fmt;

use crate::message::Message;
use crate::ratio::Ratio;

/// A currency of ISO 4217.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: &'static str,
    exponent: u8,
}

impl Currency {
    /// Chinese yuan, of 100 fen.
    pub const CNY: Self = Self {
        code: "CNY",
        exponent: 2,
    };

    // ISO 4217:2015, table A.1: the yuan and those of its main trading partners.
    const ALL: [Self; 24] = [
        Self::CNY,
        Self {
            code: "AUD",
            exponent: 2,
        },
        Self {
            code: "BHD",
            exponent: 3,
        },
        Self {
            code: "BRL",
            exponent: 2,
        },
        Self {
            code: "CAD",
            exponent: 2,
        },
        Self {
            code: "CHF",
            exponent: 2,
        },
        Self {
            code: "DKK",
            exponent: 2,
        },
        Self {
            code: "EUR",
            exponent: 2,
        },
        Self {
            code: "GBP",
            exponent: 2,
        },
        Self {
            code: "HKD",
            exponent: 2,
        },
        Self {
            code: "INR",
            exponent: 2,
        },
        Self {
            code: "JPY",
            exponent: 0,
        },
        Self {
            code: "KRW",
            exponent: 0,
        },
        Self {
            code: "KWD",
            exponent: 3,
        },
        Self {
            code: "MOP",
            exponent: 2,
        },
        Self {
            code: "MYR",
            exponent: 2,
        },
        Self {
            code: "NOK",
            exponent: 2,
        },
        Self {
            code: "NZD",
            exponent: 2,
        },
        Self {
            code: "RUB",
            exponent: 2,
        },
        Self {
            code: "SEK",
            exponent: 2,
        },
        Self {
            code: "SGD",
            exponent: 2,
        },
        Self {
            code: "THB",
            exponent: 2,
        },
        Self {
            code: "TWD",
            exponent: 2,
        },
        Self {
            code: "USD",
            exponent: 2,
        },
    ];

    /// The currency with this code in capitals; `None` if it is not in the table.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|currency| currency.code == code)
    }

    /// All currencies of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

    /// The three letters.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// Digits after the point: the smallest unit is 10 to the minus this.
    pub fn exponent(self) -> u32 {
        self.exponent.into()
    }

    /// How many smallest units the main unit has (100 fen).
    pub fn units(self) -> i128 {
        10_i128.saturating_pow(self.exponent())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

/// Why an amount is no [`Money`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum MoneyError {
    /// It is not a whole number of the smallest unit.
    Fraction {
        /// The amount in main units.
        amount: Ratio,
        /// Its currency.
        currency: Currency,
    },
    /// It does not fit.
    TooLarge {
        /// Its currency.
        currency: Currency,
    },
}

impl MoneyError {
    /// What is wrong, in both languages.
    pub fn words(&self) -> Message {
        match self {
            Self::Fraction { amount, currency } => Message::new(
                format!("{amount} {currency} is not a whole number of its smallest unit; round it first"),
                format!("{amount} {currency} 不是最小货币单位的整数倍；请先取整"),
            ),
            Self::TooLarge { currency } => Message::new(
                format!("an amount of {currency} beyond 10^36"),
                format!("{currency} 金额超过 10^36"),
            ),
        }
    }
}

/// An amount of money in whole smallest units (fen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i128,
    currency: Currency,
}

impl Money {
    /// An amount of `minor` smallest units.
    pub const fn from_minor(minor: i128, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// An amount given in main units (yuan), refused where it is not a whole number of smallest ones.
    pub fn from_ratio(amount: &Ratio, currency: Currency) -> Result<Self, MoneyError> {
        let minor = amount * &Ratio::from_int(currency.units());
        if !minor.is_integer() {
            return Err(MoneyError::Fraction {
                amount: amount.clone(),
                currency,
            });
        }
        let minor = minor.to_i128().ok_or(MoneyError::TooLarge { currency })?;
        Ok(Self { minor, currency })
    }

    /// Smallest units (fen).
    pub fn minor(self) -> i128 {
        self.minor
    }

    /// Its currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Main units (yuan), exact.
    pub fn to_ratio(self) -> Ratio {
        Ratio::new(self.minor, self.currency.units()).unwrap_or(Ratio::ZERO)
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// The sum; `None` for different currencies or beyond 128 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.same(other)?;
        Some(Self {
            minor: self.minor.checked_add(other.minor)?,
            ..self
        })
    }

    /// The difference; `None` for different currencies or beyond 128 bits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.same(other)?;
        Some(Self {
            minor: self.minor.checked_sub(other.minor)?,
            ..self
        })
    }

    /// Which is larger; `None` for different currencies.
    pub fn checked_cmp(self, other: Self) -> Option<Ordering> {
        self.same(other)?;
        Some(self.minor.cmp(&other.minor))
    }

    fn same(self, other: Self) -> Option<()> {
        (self.currency == other.currency).then_some(())
    }

    /// The decimal in main units, with all digits of the currency: `500000.00`.
    pub fn to_decimal(self) -> String {
        let places = self.currency.exponent();
        self.to_ratio()
            .to_decimal(places)
            .unwrap_or_else(|| self.to_ratio().to_string())
    }

    /// Splits it in proportion to `weights` into whole smallest units. The units that are left over are not handed
    /// out yet: that is [`Split::settle`]'s work, with the caller's order of equals.
    ///
    /// `None` if it is negative, a weight is negative, or all weights are 0.
    pub fn split(self, weights: &[Ratio]) -> Option<Split> {
        if self.minor < 0 || weights.iter().any(Ratio::is_negative) || weights.iter().all(Ratio::is_zero) {
            return None;
        }
        let total = weights
            .iter()
            .try_fold(Ratio::ZERO, |sum, weight| sum.checked_add(weight))?;
        let whole = Ratio::from_int(self.minor);
        let mut parts = Vec::with_capacity(weights.len());
        let mut given = 0_i128;
        for weight in weights {
            let exact = whole.checked_mul(weight)?.checked_div(&total)?;
            let floor = exact.floor();
            let remainder = exact.checked_sub(&floor)?;
            let minor = floor.to_i128()?;
            given = given.checked_add(minor)?;
            parts.push(Part {
                share: Self { minor, ..self },
                remainder,
            });
        }
        let left_over = usize::try_from(self.minor.checked_sub(given)?).ok()?;
        Some(Split { parts, left_over })
    }
}

impl fmt::Display for Money {
    /// `500000.00 CNY`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

/// One part of a [`Split`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The exact share, rounded down to whole smallest units.
    pub share: Money,
    /// What rounding took from it: a fraction of one smallest unit, from 0 to below 1.
    pub remainder: Ratio,
}

/// An amount split in proportion, with some smallest units not yet handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The parts in the order of the weights.
    pub parts: Vec<Part>,
    /// Smallest units left over: fewer than there are parts with a remainder.
    pub left_over: usize,
}

/// A split whose left-over units went to the largest remainders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The shares in the order of the weights.
    pub shares: Vec<Money>,
    /// Smallest units that nobody gets, because those next in line are equal in everything.
    pub unpaid: usize,
}

impl Split {
    /// Hands the left-over units out, one each, to the larger remainder; among equal remainders `order` (of the parts'
    /// positions) decides who comes first. Where it answers `Equal` and the units do not suffice for all equals, those
    /// units stay unpaid (`semantics.md` §3).
    pub fn settle(&self, mut order: impl FnMut(usize, usize) -> Ordering) -> Settled {
        let mut shares: Vec<Money> = self.parts.iter().map(|part| part.share).collect();
        let mut queue: Vec<(usize, &Ratio)> = self
            .parts
            .iter()
            .enumerate()
            .map(|(index, part)| (index, &part.remainder))
            .collect();
        let mut compare = |a: &(usize, &Ratio), b: &(usize, &Ratio)| b.1.cmp(a.1).then_with(|| order(a.0, b.0));
        queue.sort_by(&mut compare);
        let mut left = self.left_over;
        for equals in queue.chunk_by(|a, b| compare(a, b).is_eq()) {
            if equals.len() > left {
                break;
            }
            left = left.saturating_sub(equals.len());
            for (index, _) in equals {
                if let Some(share) = shares.get_mut(*index) {
                    share.minor = share.minor.saturating_add(1);
                }
            }
        }
        Settled { shares, unpaid: left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(text: &str) -> Money {
        Money::from_ratio(&Ratio::parse_decimal(text).unwrap(), Currency::CNY).unwrap()
    }

    fn weights(numbers: &[i128]) -> Vec<Ratio> {
        numbers.iter().map(|number| Ratio::from_int(*number)).collect()
    }

    #[test]
    fn decimals_keep_all_digits() {
        assert_eq!(yuan("500000").to_decimal(), "500000.00");
        assert_eq!(yuan("-0.01").to_string(), "-0.01 CNY");
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(Money::from_minor(12, yen).to_decimal(), "12");
        assert_eq!(Currency::parse("cny"), None);
    }

    #[test]
    fn part_of_a_fen_is_refused() {
        let half = Ratio::parse_decimal("0.005").unwrap();
        assert!(matches!(
            Money::from_ratio(&half, Currency::CNY),
            Err(MoneyError::Fraction { .. })
        ));
    }

    #[test]
    fn currencies_do_not_mix() {
        let dollar = Money::from_minor(1, Currency::parse("USD").unwrap());
        assert_eq!(yuan("1").checked_add(dollar), None);
        assert_eq!(yuan("1").checked_cmp(dollar), None);
    }

    #[test]
    fn left_over_units_go_to_the_larger_remainder() {
        let split = yuan("0.10").split(&weights(&[1, 2, 3])).unwrap();
        let settled = split.settle(|_, _| Ordering::Equal);
        assert_eq!(
            settled.shares.iter().map(|share| share.minor()).collect::<Vec<_>>(),
            [2, 3, 5]
        );
        assert_eq!(settled.unpaid, 0);
    }

    #[test]
    fn between_equals_the_unit_stays_unpaid_unless_data_orders_them() {
        let split = yuan("0.05").split(&weights(&[1, 1])).unwrap();
        let undecided = split.settle(|_, _| Ordering::Equal);
        assert_eq!(
            (undecided.shares, undecided.unpaid),
            (vec![yuan("0.02"), yuan("0.02")], 1)
        );
        let decided = split.settle(|a, b| b.cmp(&a));
        assert_eq!((decided.shares, decided.unpaid), (vec![yuan("0.02"), yuan("0.03")], 0));
    }

    #[test]
    fn nothing_to_split_by_is_refused() {
        assert_eq!(yuan("1").split(&weights(&[0, 0])), None);
        assert_eq!(yuan("1").split(&[]), None);
        assert_eq!(yuan("1").split(&weights(&[2, -1])), None);
        assert_eq!(yuan("-1").split(&weights(&[1])), None);
    }
}
