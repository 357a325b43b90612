//! Earlier awards: what was received, and whether something was awarded before.

use meed_facts::date::Date;
use meed_facts::record::{AwardRecord, AwardState, List};

use super::amount::Amount;
use super::certainty::Certainty;
use super::judge::Between;

/// An applicant's earlier awards, as far as they are known.
#[derive(Clone, Debug)]
pub struct History {
    awards: Vec<AwardRecord>,
    complete: bool,
    /// The last day whose awards count.
    until: Option<Date>,
}

/// What earlier awards answer a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// How much.
    pub amount: Amount,
    /// Whether there was an award that counts.
    pub awarded: Certainty,
    /// Whether more about earlier awards could change the answer: others than those that are listed, or the day, key or amount of one of these.
    pub open: bool,
}

impl Received {
    /// Nothing, for certain.
    pub const NOTHING: Self = Self {
        amount: Amount::ZERO,
        awarded: Certainty::No,
        open: false,
    };

    /// What awards come to, each with whether it counts.
    pub fn of<'a>(awards: impl Iterator<Item = (&'a AwardRecord, Certainty)>, complete: bool) -> Self {
        let mut all = Self::NOTHING;
        for (award, counts) in awards.filter(|(_, counts)| counts.possible()) {
            let (amount, awarded) = net(award);
            let unplaced = !counts.certain() && (award.on.is_none() || award.key.is_none());
            all.open |= awarded.possible() && (unplaced || award.amount.is_none());
            let amount = if counts.certain() {
                amount
            } else {
                amount.down_to_zero()
            };
            all.amount = all.amount.plus(amount);
            all.awarded = all.awarded.or(awarded.and(counts));
        }
        if !complete {
            all.open = true;
            all.amount = all.amount.plus(Amount::UNKNOWN);
            all.awarded = all.awarded.or(Certainty::Maybe);
        }
        all
    }
}

impl History {
    /// The history that a record states.
    pub fn of(awards: Option<&List<AwardRecord>>) -> Self {
        let items = awards.map(|list| list.items.as_slice());
        Self::listed(items.unwrap_or_default(), awards.is_some_and(|list| list.complete))
    }

    /// These awards, and no others where they are complete.
    pub fn listed(awards: &[AwardRecord], complete: bool) -> Self {
        Self {
            awards: awards.to_vec(),
            complete,
            until: None,
        }
    }

    /// The same up to a day: what was awarded later is no earlier award, what was awarded on a day that is not known may be one.
    #[must_use]
    pub fn until(mut self, day: Date) -> Self {
        self.awards.retain(|award| up_to(award, day).possible());
        self.until = Some(day);
        self
    }

    /// The days between which the first award that is named was made, if one is for which `matches`.
    pub fn first(&self, matches: impl Fn(&AwardRecord) -> Certainty) -> Option<Between> {
        let named = || self.awards.iter().filter(|award| matches(award).possible());
        let days: Option<Vec<Date>> = named().map(|award| award.on).collect();
        let sure = named().filter(|award| matches(award).certain());
        let latest = sure.filter_map(|award| award.on).min().or(self.until);
        let earliest = days.and_then(|days| days.into_iter().min());
        named().next().map(|_| (earliest, latest))
    }

    /// What was received by awards that `matches`, of the year where one is given.
    pub fn received(&self, year: Option<i16>, matches: impl Fn(&AwardRecord) -> Certainty) -> Received {
        let counted = self.awards.iter().map(|award| {
            let dated = self.until.map_or(Certainty::Yes, |day| up_to(award, day));
            (award, matches(award).and(in_year(award, year)).and(dated))
        });
        Received::of(counted, self.complete)
    }
}

/// Whether an award was made by a day, so that it is an earlier one; one whose day is not known may be.
pub fn up_to(award: &AwardRecord, day: Date) -> Certainty {
    award.on.map_or(Certainty::Maybe, |on| Certainty::known(on <= day))
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
