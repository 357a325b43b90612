//! Who gains and who loses under a reform: applicant by applicant, before funds.

use std::collections::BTreeMap;

use meed_engine::awards::amount::Amount;
use serde::{Deserialize, Serialize};

use super::tally::Both;
use crate::round::Line;

/// What a reform means for an applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Turn {
    /// More is due than before.
    Gains,
    /// Less is due than before.
    Loses,
    /// It depends on what is not known.
    Open,
}

impl Turn {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Gains, Self::Loses, Self::Open];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gains => "gains",
            Self::Loses => "loses",
            Self::Open => "open",
        }
    }
}

/// An applicant for whom a reform changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The applicant's key; empty where it has none.
    pub applicant: String,
    /// What it means.
    pub turn: Turn,
    /// What is due for eligible lines before the reform, and after.
    pub total: [Amount; 2],
    /// What may be due for all lines before the reform, and after.
    pub possible: [Amount; 2],
}

impl Change {
    /// What changes, where anything does. Of two intervals the greater is the one with both ends as great or greater.
    pub(super) fn of(applicant: &str, before: (Both, Both), after: (Both, Both)) -> Option<Self> {
        let total = [before.0.before_funds, after.0.before_funds];
        let possible = [before.1.before_funds, after.1.before_funds];
        if total[0] == total[1] && possible[0] == possible[1] {
            return None;
        }
        let turn = match total {
            [before, after] if before == after => Turn::Open,
            [before, after] if is_as_great(after, before) => Turn::Gains,
            [before, after] if is_as_great(before, after) => Turn::Loses,
            _ => Turn::Open,
        };
        Some(Self {
            applicant: applicant.to_owned(),
            turn,
            total,
            possible,
        })
    }

    /// By how much the least that is due rises.
    pub fn rise(&self) -> i128 {
        let [before, after] = self.total;
        after.low().saturating_sub(before.low())
    }

    /// A key by which changes are in one order.
    pub(super) fn order(&self) -> (String, String) {
        (self.applicant.clone(), self.line())
    }
}

fn is_as_great(a: Amount, b: Amount) -> bool {
    let high = match (a.high(), b.high()) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(a), Some(b)) => a >= b,
    };
    a.low() >= b.low() && high
}

type Ends = (String, Option<String>);

fn ends(amount: Amount) -> Ends {
    (amount.low().to_string(), amount.high().map(|high| high.to_string()))
}

fn amount((low, high): Ends) -> Option<Amount> {
    let high = match high {
        Some(high) => Some(high.parse().ok()?),
        None => None,
    };
    Some(Amount::between(low.parse().ok()?, high))
}

impl Line for Change {
    fn line(&self) -> String {
        let cells = (
            &self.applicant,
            self.turn,
            self.total.map(ends),
            self.possible.map(ends),
        );
        serde_json::to_string(&cells).unwrap_or_default()
    }

    fn read(line: &str) -> Option<Self> {
        let (applicant, turn, [before, after], [least, most]): (String, Turn, [Ends; 2], [Ends; 2]) =
            serde_json::from_str(line).ok()?;
        Some(Self {
            applicant,
            turn,
            total: [amount(before)?, amount(after)?],
            possible: [amount(least)?, amount(most)?],
        })
    }
}

/// How many gain, lose, or may do either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turns {
    /// Among all.
    pub all: BTreeMap<Turn, u64>,
    /// By grouping and group.
    pub groups: BTreeMap<(usize, String), BTreeMap<Turn, u64>>,
}

impl Turns {
    pub(super) fn count(&mut self, turn: Turn, groups: &[String]) {
        one_more(&mut self.all, turn, 1);
        for (position, group) in groups.iter().enumerate() {
            one_more(self.groups.entry((position, group.clone())).or_default(), turn, 1);
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        for (turn, count) in other.all {
            one_more(&mut self.all, turn, count);
        }
        for (group, turns) in other.groups {
            let own = self.groups.entry(group).or_default();
            turns.into_iter().for_each(|(turn, count)| one_more(own, turn, count));
        }
    }

    /// How many of a kind there are.
    pub fn of(&self, turn: Turn) -> u64 {
        self.all.get(&turn).copied().unwrap_or(0)
    }
}

fn one_more(counts: &mut BTreeMap<Turn, u64>, turn: Turn, more: u64) {
    let count = counts.entry(turn).or_insert(0);
    *count = count.saturating_add(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: Amount, after: Amount) -> Option<Turn> {
        let both = |amount| Both {
            due: amount,
            before_funds: amount,
        };
        let of = |amount| (both(amount), both(amount));
        Change::of("a", of(before), of(after)).map(|change| change.turn)
    }

    #[test]
    fn an_interval_that_moves_to_one_side_is_a_gain_or_a_loss_and_one_that_widens_is_open() {
        assert_eq!(change(Amount::exact(5), Amount::exact(5)), None);
        assert_eq!(change(Amount::exact(5), Amount::exact(6)), Some(Turn::Gains));
        assert_eq!(
            change(Amount::between(0, Some(6)), Amount::between(0, Some(5))),
            Some(Turn::Loses)
        );
        assert_eq!(change(Amount::exact(5), Amount::between(4, Some(6))), Some(Turn::Open));
    }

    #[test]
    fn a_change_is_read_as_it_was_written() {
        let amounts = [Amount::between(3, None), Amount::exact(170_000_000_000_000_000_000)];
        let change = Change {
            applicant: "甲".into(),
            turn: Turn::Open,
            total: amounts,
            possible: amounts,
        };
        assert_eq!(Change::read(&change.line()), Some(change));
    }
}
