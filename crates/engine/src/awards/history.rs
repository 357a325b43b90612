//! Earlier awards: what was received, and whether something was awarded before.

use meed_facts::record::{AwardRecord, AwardState, List};

use super::amount::Amount;
use super::certainty::Certainty;

/// An applicant's earlier awards, as far as they are known.
#[derive(Clone, Debug)]
pub struct History {
    awards: Vec<AwardRecord>,
    complete: bool,
}

/// What earlier awards answer a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// How much.
    pub amount: Amount,
    /// Whether there was an award that counts.
    pub awarded: Certainty,
    /// Whether awards that are not listed could change the answer.
    pub open: bool,
}

impl Received {
    /// Nothing, for certain.
    pub const NOTHING: Self = Self {
        amount: Amount::ZERO,
        awarded: Certainty::No,
        open: false,
    };
}

impl History {
    /// The history that a record states.
    pub fn of(awards: Option<&List<AwardRecord>>) -> Self {
        match awards {
            None => Self {
                awards: Vec::new(),
                complete: false,
            },
            Some(list) => Self {
                awards: list.items.clone(),
                complete: list.complete,
            },
        }
    }

    /// What was received by awards that `matches`, of the year where one is given.
    pub fn received(&self, year: Option<i16>, matches: impl Fn(&AwardRecord) -> Certainty) -> Received {
        let mut all = Received::NOTHING;
        for award in &self.awards {
            let counts = matches(award).and(in_year(award, year));
            if counts.possible() {
                let (amount, awarded) = net(award);
                let awarded = awarded.and(counts);
                let amount = if counts.certain() {
                    amount
                } else {
                    amount.down_to_zero()
                };
                all.amount = all.amount.plus(amount);
                all.awarded = all.awarded.or(awarded);
            }
        }
        if !self.complete {
            all.open = true;
            all.amount = all.amount.plus(Amount::UNKNOWN);
            all.awarded = all.awarded.or(Certainty::Maybe);
        }
        all
    }
}

fn in_year(award: &AwardRecord, year: Option<i16>) -> Certainty {
    match (year, award.on) {
        (None, _) => Certainty::Yes,
        (Some(_), None) => Certainty::Maybe,
        (Some(year), Some(on)) => Certainty::known(on.year() == year),
    }
}

/// What is left of an award after annulment and recovery, and whether it counts as an award.
fn net(award: &AwardRecord) -> (Amount, Certainty) {
    let gross = award
        .amount
        .map_or(Amount::UNKNOWN, |amount| Amount::exact(amount.minor()));
    let recovered = award.recovered.map(|amount| Amount::exact(amount.minor()));
    let left = match (award.state, recovered) {
        (AwardState::Annulled, _) | (AwardState::Recovered, None) => return (Amount::ZERO, Certainty::No),
        (AwardState::Approved | AwardState::Paid, None) => return (gross, Certainty::Yes),
        (_, Some(recovered)) => gross.less(recovered),
    };
    let counts = if left.is_zero() {
        Certainty::No
    } else if left.low() > 0 {
        Certainty::Yes
    } else {
        Certainty::Maybe
    };
    (left, counts)
}
