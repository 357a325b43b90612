//! What an award may still amount to: an interval of whole smallest units, never below zero.

use meed_facts::ratio::Ratio;

/// An amount of money, or the interval it lies in, in whole smallest units (fen).
///
/// INVARIANT: `0 <= low`, and `low` is at most the upper end where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    low: i128,
    most: i128,
}

/// Stands for no upper end, in the room of a number: amounts are held for each line of a population.
const NO_LIMIT: i128 = -1;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self { low: 0, most: 0 };
    /// Any amount.
    pub const UNKNOWN: Self = Self { low: 0, most: NO_LIMIT };

    /// An amount that is known; below zero it is nothing.
    pub fn exact(minor: i128) -> Self {
        let minor = minor.max(0);
        Self {
            low: minor,
            most: minor,
        }
    }

    /// An amount between two; `high` is raised to `low` where it is below.
    pub fn between(low: i128, high: Option<i128>) -> Self {
        let low = low.max(0);
        Self {
            low,
            most: high.map_or(NO_LIMIT, |high| high.max(low)),
        }
    }

    /// Anything up to what this may be.
    pub fn down_to_zero(self) -> Self {
        Self { low: 0, ..self }
    }

    /// The least it may be.
    pub fn low(self) -> i128 {
        self.low
    }

    /// The most it may be; without limit where `None`.
    pub fn high(self) -> Option<i128> {
        (self.most != NO_LIMIT).then_some(self.most)
    }

    /// Its value, where only one is left.
    pub fn value(self) -> Option<i128> {
        (self.most == self.low).then_some(self.low)
    }

    /// Whether it is nothing for certain.
    pub fn is_zero(self) -> bool {
        self.most == 0
    }

    /// Whether every amount of `other` is also one of this.
    pub fn contains(self, other: Self) -> bool {
        self.low <= other.low && at_most(other.high(), self.high())
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self::between(self.low.saturating_add(other.low), add(self.high(), other.high()))
    }

    /// What is left after `other`, never below nothing.
    pub fn less(self, other: Self) -> Self {
        let low = other.high().map_or(0, |taken| self.low.saturating_sub(taken));
        let high = self.high().map(|high| high.saturating_sub(other.low));
        Self::between(low, high.map(|high| high.max(0)))
    }

    /// The smaller of the two.
    pub fn lesser(self, other: Self) -> Self {
        Self::between(self.low.min(other.low), least(self.high(), other.high()))
    }

    /// The greater of the two.
    pub fn greater(self, other: Self) -> Self {
        Self::between(self.low.max(other.low), greatest(self.high(), other.high()))
    }

    /// Either of the two.
    pub fn hull(self, other: Self) -> Self {
        Self::between(self.low.min(other.low), greatest(self.high(), other.high()))
    }

    /// What both allow; this where they have nothing in common.
    pub fn meet(self, other: Self) -> Self {
        let low = self.low.max(other.low);
        let high = least(self.high(), other.high());
        if high.is_some_and(|high| high < low) {
            self
        } else {
            Self::between(low, high)
        }
    }

    /// A share of it in whole smallest units, either way of rounding allowed for.
    pub fn share(self, share: &Ratio) -> Self {
        let part = |minor: i128| Ratio::from_int(minor).checked_mul(share);
        let low = part(self.low).and_then(|part| part.floor().to_i128()).unwrap_or(0);
        let high = self.high().and_then(part).and_then(|part| part.ceil().to_i128());
        Self::between(low, high)
    }
}

/// The sum of several amounts.
pub fn sum(amounts: impl IntoIterator<Item = Amount>) -> Amount {
    amounts.into_iter().fold(Amount::ZERO, Amount::plus)
}

/// The greatest of several amounts; nothing where there is none.
pub fn highest(amounts: impl IntoIterator<Item = Amount>) -> Amount {
    amounts.into_iter().fold(Amount::ZERO, Amount::greater)
}

/// The sum of two upper ends.
pub fn add(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    Some(a?.saturating_add(b?))
}

/// The lower of two upper ends.
pub fn least(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The higher of two upper ends.
pub fn greatest(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    Some(a?.max(b?))
}

/// Whether the first upper end is at most the second.
pub fn at_most(a: Option<i128>, b: Option<i128>) -> bool {
    match (a, b) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => a <= b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_never_falls_below_nothing() {
        let paid = Amount::between(3, Some(8));
        assert_eq!(Amount::exact(5).less(paid), Amount::between(0, Some(2)));
        assert_eq!(Amount::exact(2).less(paid), Amount::ZERO);
        assert_eq!(Amount::exact(5).less(Amount::UNKNOWN), Amount::between(0, Some(5)));
        assert_eq!(Amount::UNKNOWN.less(paid), Amount::UNKNOWN);
    }

    #[test]
    fn a_share_allows_for_either_rounding() {
        let third = Ratio::new(1, 3).unwrap();
        assert_eq!(Amount::exact(100).share(&third), Amount::between(33, Some(34)));
        assert_eq!(Amount::exact(99).share(&third), Amount::exact(33));
    }
}
