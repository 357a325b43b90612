//! Rounds: what a fund leaves to each of many claims (`semantics.md` §7).
//!
//! A round is pure: claims go in, shares come out, and nothing but the claims' data decides. It works in steps, so that claims may lie in files: a pass that
//! adds them up ([`Totals`]), one that counts what rounding leaves ([`Round::count`]), and, when they are sorted by their places ([`Round::place`]), one that gives
//! each its share ([`Shares`]). [`ration`] does all three in memory.
//!
//! ```
//! use meed_engine::awards::amount::Amount;
//! use meed_engine::round::{Claim, Rule, ration};
//! let claim = |applicant: &str, fen| Claim::new(applicant, None, Amount::exact(fen));
//! let shares = ration(&Rule::ProRata, Amount::exact(100), &[claim("a", 100), claim("b", 50), claim("c", 50)]);
//! assert_eq!(shares.iter().map(|share| share.amount.value()).collect::<Vec<_>>(), [Some(50), Some(25), Some(25)]);
//! ```

mod place;
mod shares;
pub mod terms;
mod totals;

use std::sync::Arc;

use meed_facts::ratio::Ratio;

use crate::awards::amount::Amount;

pub use place::{Place, Round};
pub use shares::Shares;
pub use totals::Totals;

/// One claim on a fund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Whose: the applicant's key; empty where it has none.
    pub applicant: Arc<str>,
    /// For which child, where it is for one and its key is known.
    pub key: Option<Arc<str>>,
    /// What is due before the fund.
    pub amount: Amount,
    /// What decides who comes first, the higher first; `None` where it is not known.
    pub rank: Option<Ratio>,
}

impl Claim {
    /// A claim without a rank.
    pub fn new(applicant: &str, key: Option<&str>, amount: Amount) -> Self {
        Self {
            applicant: applicant.into(),
            key: key.map(Into::into),
            amount,
            rank: None,
        }
    }

    /// The same with a rank.
    pub fn ranked(self, rank: Ratio) -> Self {
        Self {
            rank: Some(rank),
            ..self
        }
    }
}

/// What happens when a fund is short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The text does not say.
    Unsaid,
    /// All in proportion to their amounts.
    ProRata,
    /// The higher rank first, each in full; the last one gets what is left.
    InOrder,
    /// So many awards, at least and at most; which ones, the text does not say.
    Quota(u64, u64),
}

/// What a round makes of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// The fund takes nothing away.
    Full,
    /// It pays less, so much exactly.
    Reduced,
    /// It pays nothing.
    Nothing,
    /// What it pays depends on what is not known yet.
    Open,
    /// A person has to decide: the text does not say who comes first, or what happens.
    Unresolved,
}

impl State {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Reduced => "reduced",
            Self::Nothing => "nothing",
            Self::Open => "open",
            Self::Unresolved => "unresolved",
        }
    }
}

/// A claim's share of a fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// What the fund pays.
    pub amount: Amount,
    /// How that came about.
    pub state: State,
}

/// Shares a fund out: a share for each claim, in the order of the claims.
pub fn ration(rule: &Rule, available: Amount, claims: &[Claim]) -> Vec<Share> {
    let mut totals = Totals::default();
    claims.iter().for_each(|claim| totals.add(claim));
    let mut round = Round::new(rule.clone(), available, totals);
    let mut queue: Vec<(Place, usize)> = Vec::with_capacity(claims.len());
    for (position, claim) in claims.iter().enumerate() {
        round.count(claim);
        queue.push((round.place(claim), position));
    }
    queue.sort();
    let amount = |position: usize| claims.get(position).map_or(Amount::ZERO, |claim| claim.amount);
    let ahead = queue.iter().map(|(place, position)| (place.clone(), amount(*position)));
    let mut shares = Shares::new(&round, ahead);
    let mut found: Vec<(usize, Share)> = Vec::with_capacity(claims.len());
    for (place, position) in &queue {
        found.push((*position, shares.of(place, amount(*position))));
    }
    found.sort_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, share)| share).collect()
}
