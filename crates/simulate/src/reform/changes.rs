//! Who gains and who loses under a reform: applicant by applicant, before funds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use meed_engine::awards::amount::Amount;
use serde::{Deserialize, Serialize};

use super::difference::Difference;
use super::tally::Row;
use crate::round::Line;

/// What a reform means for an applicant, whatever is true of what is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Turn {
    /// More is due than before, for certain.
    Gains,
    /// Less is due than before, for certain.
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
    /// By how much what is due changes, lines included of which it is not known whether they qualify.
    pub difference: Difference,
    /// What is due for eligible lines before the reform, and after.
    pub total: [Amount; 2],
    /// What may be due for all lines before the reform, and after.
    pub possible: [Amount; 2],
}

impl Change {
    /// What changes, where anything does or may; `touched` are the measures that the reform does not leave as they are.
    pub(super) fn of(applicant: &str, touched: &BTreeSet<Arc<str>>, rows: [&Row<'_>; 2]) -> Option<Self> {
        let difference = Difference::of(touched, rows);
        Some(Self {
            applicant: applicant.to_owned(),
            turn: difference.turn()?,
            difference,
            total: rows.map(|row| row.total.before_funds),
            possible: rows.map(|row| row.possible.before_funds),
        })
    }

    /// A key by which changes are in one order.
    pub(super) fn order(&self) -> (String, String) {
        (self.applicant.clone(), self.line())
    }
}

type Ends = (String, Option<String>);
type Cells = (String, Turn, [Option<String>; 2], [Ends; 2], [Ends; 2]);

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
            [self.difference.low, self.difference.high].map(|end| end.map(|end| end.to_string())),
            self.total.map(ends),
            self.possible.map(ends),
        );
        serde_json::to_string(&cells).unwrap_or_default()
    }

    fn read(line: &str) -> Option<Self> {
        let (applicant, turn, [low, high], [before, after], [least, most]): Cells = serde_json::from_str(line).ok()?;
        let end = |end: Option<String>| {
            end.map(|end| end.parse().ok())
                .map_or(Some(None), |known| Some(Some(known?)))
        };
        Some(Self {
            applicant,
            turn,
            difference: Difference {
                low: end(low)?,
                high: end(high)?,
            },
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

    #[test]
    fn a_change_is_read_as_it_was_written() {
        let amounts = [Amount::between(3, None), Amount::exact(170_000_000_000_000_000_000)];
        let change = Change {
            applicant: "甲".into(),
            turn: Turn::Open,
            difference: Difference {
                low: Some(-170_000_000_000_000_000_000),
                high: None,
            },
            total: amounts,
            possible: amounts,
        };
        assert_eq!(Change::read(&change.line()), Some(change));
    }
}
