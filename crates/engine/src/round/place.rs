//! The order in which a rule looks at claims.

use std::cmp::Reverse;
use std::sync::Arc;

use meed_facts::ratio::Ratio;

use super::{Claim, Rule, Totals};
use crate::awards::amount::Amount;

/// Where a claim stands among the others: what is placed lower comes first, and claims with one place are equal in everything that counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The rank, or the remainder in a round in proportion; what is not known comes last.
    pub(super) rank: Reverse<Option<Ratio>>,
    amount: Reverse<i128>,
    applicant: Arc<str>,
    key: Option<Arc<str>>,
}

impl Place {
    /// The rank or remainder that placed it.
    pub fn rank(&self) -> Option<&Ratio> {
        self.rank.0.as_ref()
    }
}

/// A fund with its rule, and what is claimed of it.
#[derive(Clone, Debug)]
pub struct Round {
    pub(super) rule: Rule,
    pub(super) available: Amount,
    pub(super) totals: Totals,
    /// What is shared out in proportion and what is claimed, where both are known and the fund is short.
    pub(super) exact: Option<(i128, i128)>,
    /// What shares that are rounded down come to.
    given: i128,
}

impl Round {
    /// A round of claims that come to this.
    pub fn new(rule: Rule, available: Amount, totals: Totals) -> Self {
        let known = available.value().zip(totals.claimed().value());
        let exact = known.filter(|(available, claimed)| rule == Rule::ProRata && claimed > available);
        Self {
            rule,
            available,
            totals,
            exact,
            given: 0,
        }
    }

    /// Counts a claim, each once, before shares are given: what rounding its part down leaves is handed out.
    pub fn count(&mut self, claim: &Claim) {
        if let Some(short) = self.exact {
            self.given = self.given.saturating_add(part(short, claim.amount.low()).0);
        }
    }

    /// The place of a claim.
    pub fn place(&self, claim: &Claim) -> Place {
        let mut amount = 0;
        let rank = match (&self.rule, self.exact) {
            (_, Some(short)) => {
                amount = claim.amount.low();
                Some(Ratio::from_int(part(short, amount).1))
            }
            (Rule::InOrder, None) => claim.rank.clone(),
            _ => None,
        };
        Place {
            rank: Reverse(rank),
            amount: Reverse(amount),
            applicant: claim.applicant.clone(),
            key: claim.key.clone(),
        }
    }

    /// Units that rounding down leaves, in a round in proportion of which everything is known.
    pub(super) fn left_over(&self) -> u64 {
        let left = self
            .exact
            .map_or(0, |(available, _)| available.saturating_sub(self.given));
        u64::try_from(left).unwrap_or(0)
    }
}

/// An amount's part of what is available, rounded down, and the remainder, counted in parts of one unit as large as what is claimed.
pub(super) fn part((available, claimed): (i128, i128), amount: i128) -> (i128, i128) {
    let claimed = Ratio::from_int(claimed);
    let whole = &Ratio::from_int(available) * &Ratio::from_int(amount);
    let floor = whole.checked_div(&claimed).map_or(Ratio::ZERO, |part| part.floor());
    let remainder = &whole - &(&floor * &claimed);
    (floor.to_i128().unwrap_or(0), remainder.to_i128().unwrap_or(0))
}
