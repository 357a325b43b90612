//! By how much something changes under a reform, as far as that is known.

use std::collections::BTreeSet;
use std::sync::Arc;

use meed_engine::awards::amount::{Amount, least};

use super::changes::Turn;
use super::tally::Row;
use super::{Outcome, Simulation};

/// A change in whole smallest units (fen), or the interval it lies in: below zero something falls. An end that is `None` is without limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is at least.
    pub low: Option<i128>,
    /// What it is at most.
    pub high: Option<i128>,
}

impl Difference {
    /// No change.
    pub const NONE: Self = Self {
        low: Some(0),
        high: Some(0),
    };

    /// From one amount to another, of which it is not known how they hang together: each may lie anywhere in its interval.
    pub fn between(before: Amount, after: Amount) -> Self {
        Self {
            low: before.high().map(|before| after.low().saturating_sub(before)),
            high: after.high().map(|after| after.saturating_sub(before.low())),
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = |a: Option<i128>, b: Option<i128>| Some(a?.saturating_add(b?));
        Self {
            low: sum(self.low, other.low),
            high: sum(self.high, other.high),
        }
    }

    /// What both allow.
    #[must_use]
    pub fn meet(self, other: Self) -> Self {
        Self {
            low: self.low.max(other.low),
            high: least(self.high, other.high),
        }
    }

    /// What it means for somebody; nothing where nothing changes for certain.
    pub fn turn(self) -> Option<Turn> {
        match (self.low, self.high) {
            (Some(0), Some(0)) => None,
            (Some(low), _) if low > 0 => Some(Turn::Gains),
            (_, Some(high)) if high < 0 => Some(Turn::Loses),
            _ => Some(Turn::Open),
        }
    }

    /// Of an applicant, by all that may be due and by the lines that a reform touches: what it does not touch is the same, however little is known of it.
    pub(super) fn of(touched: &BTreeSet<Arc<str>>, rows: [&Row<'_>; 2]) -> Self {
        let [before, after] = rows.map(|row| row.may_be_due(touched));
        let [old, new] = rows.map(|row| row.possible.before_funds);
        Self::between(before, after).meet(Self::between(old, new))
    }
}

impl Simulation {
    /// By how much a reform, by its position, changes what eligible lines are due after funds.
    pub fn change(&self, reform: usize) -> Difference {
        let Some([before, after]) = self.outcomes_of(reform) else {
            return Difference::NONE;
        };
        let touched = self.touched(reform);
        let changes = touched.iter().map(|measure| {
            let [before, after] = [before, after].map(|outcome| outcome.cost_of(measure));
            Difference::between(before, after)
        });
        let together = changes.fold(Difference::NONE, Difference::plus);
        together.meet(Difference::between(before.cost(), after.cost()))
    }

    /// The same of one measure.
    pub fn change_of(&self, reform: usize, measure: &str) -> Difference {
        match self.outcomes_of(reform) {
            Some([before, after]) if self.touched(reform).contains(measure) => {
                Difference::between(before.cost_of(measure), after.cost_of(measure))
            }
            _ => Difference::NONE,
        }
    }

    fn outcomes_of(&self, reform: usize) -> Option<[&Outcome; 2]> {
        Some([self.outcomes.first()?, self.outcomes.get(reform.saturating_add(1))?])
    }

    /// The measures that a reform touches, by itself or by what funds then leave.
    fn touched(&self, reform: usize) -> BTreeSet<Arc<str>> {
        let (Some(outcomes), Some(changed)) = (self.outcomes_of(reform), self.changed.get(reform)) else {
            return BTreeSet::new();
        };
        let mut measures = changed.measures.clone();
        let programs = self.scenarios.iter().map(|scenario| &scenario.program);
        let funds = programs.flat_map(|program| program.funds.iter().map(move |fund| (program, fund)));
        let shared: Vec<(bool, BTreeSet<Arc<str>>)> = funds
            .filter(|(_, fund)| outcomes.iter().any(|outcome| outcome.may_be_short(&fund.named.name)))
            .map(|(program, fund)| {
                let covers = fund.covers.iter();
                let names = covers.map(|measure| program.measures[*measure].named.name.clone());
                (changed.funds.contains(&fund.named.name), names.collect())
            })
            .collect();
        let mut known = None;
        while known.replace(measures.len()) != Some(measures.len()) {
            for (is_changed, covers) in &shared {
                if *is_changed || covers.iter().any(|name| measures.contains(name)) {
                    measures.extend(covers.iter().cloned());
                }
            }
        }
        measures
    }
}

impl Outcome {
    /// Whether a fund takes something of a claim, or may.
    pub fn may_be_short(&self, fund: &str) -> bool {
        self.funds.iter().any(|own| *own.name == *fund && own.short.1 > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(before: Amount, after: Amount) -> Option<Turn> {
        Difference::between(before, after).turn()
    }

    #[test]
    fn only_what_cannot_be_otherwise_is_a_gain_or_a_loss() {
        let up_to = |low, high| Amount::between(low, Some(high));
        assert_eq!(turn(Amount::exact(5), Amount::exact(5)), None);
        assert_eq!(turn(Amount::exact(5), Amount::exact(6)), Some(Turn::Gains));
        assert_eq!(turn(up_to(7, 8), up_to(0, 6)), Some(Turn::Loses));
        // Both ends fall, or none moves; yet what is due may rise from 0 to 5.
        assert_eq!(turn(up_to(0, 6), up_to(0, 5)), Some(Turn::Open));
        assert_eq!(turn(up_to(0, 6), up_to(0, 6)), Some(Turn::Open));
        assert_eq!(turn(Amount::between(0, None), Amount::exact(5)), Some(Turn::Open));
        assert_eq!(turn(Amount::exact(5), Amount::between(6, None)), Some(Turn::Gains));
        // It may also stay as it is.
        assert_eq!(turn(Amount::exact(5), up_to(5, 6)), Some(Turn::Open));
    }

    #[test]
    fn what_two_bounds_allow_is_the_narrower_of_each_end() {
        let (low, high) = (Some(-3), Some(4));
        let wide = Difference { low: None, high };
        assert_eq!(wide.meet(Difference { low, high: None }), Difference { low, high });
    }
}
