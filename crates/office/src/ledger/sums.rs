//! Sums of the office's money: never below zero.

use meed_facts::money::Money;

use crate::store::CURRENCY;

/// What some amounts come to.
pub fn total(amounts: impl IntoIterator<Item = Money>) -> Money {
    let sum = amounts.into_iter().map(Money::minor).fold(0_i128, i128::saturating_add);
    Money::from_minor(sum, CURRENCY)
}

/// What is left of an amount without another; nothing where that is more.
pub fn less(amount: Money, other: Money) -> Money {
    Money::from_minor(amount.minor().saturating_sub(other.minor()).max(0), CURRENCY)
}

/// The lower of two amounts.
pub fn least(one: Money, other: Money) -> Money {
    if other.minor() < one.minor() { other } else { one }
}
