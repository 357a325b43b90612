//! What many claims come to together.

use crate::awards::amount::Amount;

use super::Claim;

/// What all claims of a round come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All of them.
    pub(super) all: Sums,
    /// Those whose rank is not known.
    pub(super) unranked: Sums,
}

impl Totals {
    /// Adds a claim.
    pub fn add(&mut self, claim: &Claim) {
        self.all.add(claim.amount);
        if claim.rank.is_none() {
            self.unranked.add(claim.amount);
        }
    }

    /// What is claimed, at least and at most.
    pub fn claimed(&self) -> Amount {
        Amount::between(self.all.low, self.all.most())
    }

    /// How many claims are above nothing, for certain and perhaps.
    pub fn count(&self) -> (u64, u64) {
        (self.all.certain, self.all.possible)
    }
}

/// Sums of amounts, from which one can be taken out again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// All at their least.
    pub low: i128,
    /// Those that have a limit, at their most.
    limited: i128,
    /// How many have none.
    unlimited: u64,
    /// How many are above nothing for certain.
    pub certain: u64,
    /// How many may be above nothing.
    pub possible: u64,
}

impl Sums {
    pub fn add(&mut self, amount: Amount) {
        self.low = self.low.saturating_add(amount.low());
        self.limited = self.limited.saturating_add(amount.high().unwrap_or(0));
        self.unlimited = self.unlimited.saturating_add(u64::from(amount.high().is_none()));
        self.certain = self.certain.saturating_add(u64::from(amount.low() > 0));
        self.possible = self.possible.saturating_add(u64::from(!amount.is_zero()));
    }

    pub fn plus(self, other: Self) -> Self {
        Self {
            low: self.low.saturating_add(other.low),
            limited: self.limited.saturating_add(other.limited),
            unlimited: self.unlimited.saturating_add(other.unlimited),
            certain: self.certain.saturating_add(other.certain),
            possible: self.possible.saturating_add(other.possible),
        }
    }

    /// Without one of its amounts.
    pub fn without(self, amount: Amount) -> Self {
        Self {
            low: self.low.saturating_sub(amount.low()),
            limited: self.limited.saturating_sub(amount.high().unwrap_or(0)),
            unlimited: self.unlimited.saturating_sub(u64::from(amount.high().is_none())),
            certain: self.certain.saturating_sub(u64::from(amount.low() > 0)),
            possible: self.possible.saturating_sub(u64::from(!amount.is_zero())),
        }
    }

    /// All at their most; without limit where `None`.
    pub fn most(&self) -> Option<i128> {
        (self.unlimited == 0).then_some(self.limited)
    }
}
