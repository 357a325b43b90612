//! Amounts as results show them.

use meed_facts::money::{Currency, Money};
use serde_json::{Value, json};

use crate::awards::amount::Amount;

/// How much is known of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AmountKind {
    /// It is known.
    Exact,
    /// Somebody sets it, or a fund is shared out: anything from nothing.
    UpTo,
    /// Facts or texts are missing.
    Between,
}

/// An amount of money that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payable {
    /// How much is known of it.
    pub kind: AmountKind,
    /// The least.
    pub low: Money,
    /// The most; without limit where `None`.
    pub high: Option<Money>,
}

impl Payable {
    /// An amount; `set_later` where somebody has still to set it below its highest value.
    pub fn of(amount: Amount, currency: Currency, set_later: bool) -> Self {
        let money = |minor| Money::from_minor(minor, currency);
        let kind = match (amount.value(), set_later && amount.low() == 0) {
            (Some(_), _) => AmountKind::Exact,
            (None, true) => AmountKind::UpTo,
            (None, false) => AmountKind::Between,
        };
        Self {
            kind,
            low: money(amount.low()),
            high: amount.high().map(money),
        }
    }

    /// What several amounts of a currency come to, each of them whatever the others are.
    pub fn sum(parts: impl Iterator<Item = Self>, currency: Currency) -> Self {
        let mut sum = Amount::ZERO;
        let mut kind = AmountKind::Exact;
        for part in parts {
            let high = part.high.map(Money::minor);
            sum = sum.plus(Amount::between(part.low.minor(), high));
            kind = kind.max(part.kind);
        }
        Self {
            kind,
            ..Self::of(sum, currency, false)
        }
    }

    /// Its value, where it is exact.
    pub fn exact(self) -> Option<Money> {
        self.high.filter(|_| self.kind == AmountKind::Exact)
    }

    /// `{"exact": "1.00"}`, `{"up_to": "1.00"}` or `{"between": {"at_least": "0.00", "at_most": "1.00"}}`; an upper end that is not known, as of what somebody sets
    /// without a ceiling, is left out.
    pub fn to_json(self) -> Value {
        let low = super::decimal(self.low);
        match (self.kind, self.high.map(super::decimal)) {
            (AmountKind::Exact, _) => json!({ "exact": low }),
            (AmountKind::UpTo, Some(high)) => json!({ "up_to": high }),
            (AmountKind::Between, Some(high)) => json!({ "between": { "at_least": low, "at_most": high } }),
            (AmountKind::UpTo | AmountKind::Between, None) => json!({ "between": { "at_least": low } }),
        }
    }
}
