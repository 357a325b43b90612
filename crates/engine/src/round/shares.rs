//! What each claim gets, in the order of places.
//!
//! Where something is not known, a share lies between its least (this claim at its least, the others at their most) and the reverse.

use std::iter::Peekable;

use meed_facts::ratio::Ratio;

use super::place::part;
use super::totals::Sums;
use super::{Place, Round, Rule, Share, State};
use crate::awards::amount::{self, Amount};

/// Gives claims their shares. They are gone through twice at once: a look ahead tells what claims of one place come to together.
pub struct Shares<'r, L: Iterator<Item = (Place, Amount)>> {
    round: &'r Round,
    ahead: Peekable<L>,
    /// What claims come to that are certainly before those at hand.
    before: Sums,
    group: Option<(Place, Sums, u64)>,
    /// Units that are left to hand out, and whether those at hand get one.
    left_over: u64,
    one_more: bool,
}

impl<'r, L: Iterator<Item = (Place, Amount)>> Shares<'r, L> {
    /// Shares of a round that has placed all claims; `ahead` gives them by ascending place.
    pub fn new(round: &'r Round, ahead: L) -> Self {
        Self {
            round,
            ahead: ahead.peekable(),
            before: Sums::default(),
            group: None,
            left_over: round.left_over(),
            one_more: false,
        }
    }

    /// The share of the next claim by ascending place.
    pub fn of(&mut self, place: &Place, amount: Amount) -> Share {
        match self.round.rule {
            Rule::ProRata if self.round.exact.is_some() => {
                self.look_ahead(place);
                self.exact_part(amount)
            }
            Rule::ProRata => self.part_between(amount),
            Rule::InOrder => {
                self.look_ahead(place);
                self.in_order(place, amount)
            }
            Rule::Unsaid => self.all_or_unresolved(amount, (u64::MAX, u64::MAX)),
            Rule::Quota(_, 0) => Share::of(amount, Amount::ZERO),
            Rule::Quota(least, most) => self.all_or_unresolved(amount, (least, most)),
        }
    }

    /// Looks at all claims that stand where this one does, when the first of them comes.
    fn look_ahead(&mut self, place: &Place) {
        let by_rank = self.round.rule == Rule::InOrder;
        let is_one = |a: &Place, b: &Place| if by_rank { a.rank == b.rank } else { a == b };
        if let Some((known, ..)) = &self.group
            && is_one(known, place)
        {
            return;
        }
        if let Some((_, sums, _)) = self.group.take() {
            self.before = self.before.plus(sums);
        }
        let (mut sums, mut count) = (Sums::default(), 0_u64);
        while let Some((_, amount)) = self.ahead.next_if(|(next, _)| is_one(next, place)) {
            sums.add(amount);
            count = count.saturating_add(1);
        }
        // Between equals that are more than what is left, the rest stays unpaid.
        self.one_more = count <= self.left_over && place.rank().is_some_and(|remainder| !remainder.is_zero());
        self.left_over = match self.one_more {
            true => self.left_over.saturating_sub(count),
            false => 0,
        };
        self.group = Some((place.clone(), sums, count));
    }

    fn exact_part(&self, amount: Amount) -> Share {
        let floor = self.round.exact.map_or(0, |short| part(short, amount.low()).0);
        let share = floor.saturating_add(i128::from(self.one_more));
        Share::of(amount, Amount::exact(share))
    }

    /// A part in proportion between bounds that hold for every way of rounding.
    fn part_between(&self, amount: Amount) -> Share {
        if self.suffices() {
            return Share::full(amount);
        }
        let (available, others) = (self.round.available, self.round.totals.all.without(amount));
        let low = match others.most() {
            Some(others) => fraction(available.low(), amount.low(), others).floor(),
            None => Ratio::ZERO,
        };
        let high = match (available.high(), amount.high()) {
            (None, high) => high,
            (available, None) => available,
            (Some(available), Some(high)) => fraction(available, high, others.low).ceil().to_i128(),
        };
        let share = Amount::between(low.to_i128().unwrap_or(0), high);
        Share::of(amount, share)
    }

    /// What is left when all that may come before has been paid; where equals do not all fit, a person decides.
    fn in_order(&self, place: &Place, amount: Amount) -> Share {
        let Some((_, group, _)) = &self.group else {
            return Share::full(amount);
        };
        let (round, equals) = (self.round, group.without(amount));
        let is_ranked = place.rank().is_some();
        let (certainly_before, perhaps, equal) = match is_ranked {
            true => {
                let unranked = round.totals.unranked;
                (self.before, self.before.plus(unranked), equals.plus(unranked))
            }
            false => (Sums::default(), self.before, self.before.plus(equals)),
        };
        let all = perhaps.plus(equals);
        let all = amount::add(all.most(), amount.high());
        if all.is_some_and(|all| all <= round.available.low()) {
            return Share::full(amount);
        }
        let before = perhaps.most();
        let left = before.map_or(0, |before| round.available.low().saturating_sub(before));
        let most = round.available.high();
        let most = most.map(|most| most.saturating_sub(certainly_before.low).max(0));
        if equal.possible > 0 {
            let exceeded = most.is_some_and(|most| group.low > most);
            let certain = is_ranked && equals.certain > 0 && left > 0 && exceeded;
            return Share::undecided(amount, most, certain);
        }
        let low = amount.low().min(left.max(0));
        let share = Amount::between(low, amount::least(amount.high(), most));
        Share::of(amount, share)
    }

    /// All in full where money and places suffice; else the text does not say what happens.
    fn all_or_unresolved(&self, amount: Amount, (least_places, most_places): (u64, u64)) -> Share {
        let (all, available) = (&self.round.totals.all, self.round.available);
        if self.suffices() && all.possible <= least_places {
            return Share::full(amount);
        }
        let is_short = available.high().is_some_and(|most| all.low > most);
        let certain = available.low() > 0 && (is_short || all.certain > most_places);
        Share::undecided(amount, available.high(), certain)
    }

    /// Whether the fund suffices for all, whatever comes.
    fn suffices(&self) -> bool {
        let claimed = self.round.totals.all.most();
        claimed.is_some_and(|claimed| claimed <= self.round.available.low())
    }
}

/// The part of a claim in what is available, where others claim so much: the claim itself where the fund suffices.
fn fraction(available: i128, own: i128, others: i128) -> Ratio {
    let claimed = own.saturating_add(others);
    if claimed <= available {
        return Ratio::from_int(own);
    }
    let part = &Ratio::from_int(available) * &Ratio::from_int(own);
    part.checked_div(&Ratio::from_int(claimed)).unwrap_or(Ratio::ZERO)
}

impl Share {
    /// The fund takes nothing away, whatever comes.
    fn full(amount: Amount) -> Self {
        Self {
            amount,
            state: State::Full,
        }
    }

    fn of(before: Amount, after: Amount) -> Self {
        let state = match (after.value(), before.value()) {
            (Some(after), Some(before)) if after == before => State::Full,
            (Some(0), _) => State::Nothing,
            (Some(_), Some(_)) => State::Reduced,
            _ => State::Open,
        };
        Self { amount: after, state }
    }

    /// Anything up to what there is, for a person to decide; open where that is not certain.
    fn undecided(before: Amount, most: Option<i128>, certain: bool) -> Self {
        let share = Self::of(before, Amount::between(0, amount::least(before.high(), most)));
        match share.state {
            State::Open if certain => Self {
                state: State::Unresolved,
                ..share
            },
            _ => share,
        }
    }
}
