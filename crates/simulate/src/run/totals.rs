//! What many determinations come to.

use std::collections::BTreeMap;

use la_arena::ArenaMap;
use meed_engine::awards::amount::Amount;
use meed_engine::awards::verdict::Verdict;
use meed_engine::columns::Outcome;
use meed_facts::money::{Currency, Money};
use meed_rules::program::{MeasureId, Program};
use serde::{Deserialize, Serialize};

/// What some applicants come to together. Amounts are whole smallest units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Rows, right and wrong.
    pub rows: u64,
    /// Rows that were wrong.
    pub rejected: u64,
    /// Rows of lists that name no applicant.
    pub unowned: u64,
    /// Applicants whom the explaining evaluator determined.
    pub explained: u64,
    /// What eligible lines come to.
    pub due: Sum,
    /// What all lines may come to.
    pub possible: Sum,
    /// By measure's name.
    pub measures: BTreeMap<String, MeasureTotals>,
}

/// What one measure comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureTotals {
    /// Lines that are eligible.
    pub eligible: u64,
    /// Lines that are undetermined.
    pub undetermined: u64,
    /// What the formulas give for eligible lines.
    pub gross: Sum,
    /// What is due for them.
    pub due: Sum,
    /// What may be due for lines that are undetermined.
    pub undetermined_due: Sum,
}

/// A sum of amounts: between two, or without limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// At least, in whole smallest units.
    pub low: String,
    /// At most; without limit where `None`.
    pub high: Option<String>,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            low: "0".to_owned(),
            high: Some("0".to_owned()),
        }
    }
}

impl Sum {
    pub(super) fn amount(&self) -> Amount {
        let whole = |text: &String| text.parse::<i128>().ok();
        Amount::between(whole(&self.low).unwrap_or(0), self.high.as_ref().and_then(whole))
    }

    fn of(amount: Amount) -> Self {
        Self {
            low: amount.low().to_string(),
            high: amount.high().map(|high| high.to_string()),
        }
    }

    fn add(&mut self, amount: Amount) {
        *self = Self::of(self.amount().plus(amount));
    }

    /// The least and the most in main units, as decimal text.
    pub fn in_main_units(&self, currency: Currency) -> (String, Option<String>) {
        let text = |minor: i128| Money::from_minor(minor, currency).to_decimal();
        let amount = self.amount();
        (text(amount.low()), amount.high().map(text))
    }
}

impl Totals {
    /// Whether nothing was wrong with any row.
    pub fn is_clean(&self) -> bool {
        self.rejected == 0 && self.unowned == 0
    }

    /// Adds what others come to.
    pub fn add(&mut self, other: &Self) {
        self.rows = self.rows.saturating_add(other.rows);
        self.rejected = self.rejected.saturating_add(other.rejected);
        self.unowned = self.unowned.saturating_add(other.unowned);
        self.explained = self.explained.saturating_add(other.explained);
        self.due.add(other.due.amount());
        self.possible.add(other.possible.amount());
        for (name, theirs) in &other.measures {
            let own = self.measures.entry(name.clone()).or_default();
            own.eligible = own.eligible.saturating_add(theirs.eligible);
            own.undetermined = own.undetermined.saturating_add(theirs.undetermined);
            own.gross.add(theirs.gross.amount());
            own.due.add(theirs.due.amount());
            own.undetermined_due.add(theirs.undetermined_due.amount());
        }
    }
}

/// Counts outcomes without turning numbers into text.
#[derive(Debug)]
pub(super) struct Counter {
    explained: u64,
    due: Amount,
    possible: Amount,
    /// By measure: eligible and undetermined lines, and what they come to.
    measures: ArenaMap<MeasureId, (u64, u64, [Amount; 3])>,
}

impl Counter {
    pub fn new() -> Self {
        Self {
            explained: 0,
            due: Amount::ZERO,
            possible: Amount::ZERO,
            measures: ArenaMap::default(),
        }
    }

    pub fn of(outcome: &Outcome) -> Self {
        let mut counter = Self::new();
        counter.add(outcome);
        counter
    }

    fn add(&mut self, outcome: &Outcome) {
        let explained = u64::try_from(outcome.explained.count()).unwrap_or(u64::MAX);
        self.explained = self.explained.saturating_add(explained);
        for (_, due) in outcome.payees() {
            self.due = self.due.plus(due.total);
            self.possible = self.possible.plus(due.possible);
        }
        for line in outcome.lines().iter() {
            let entry = self.measures.entry(line.measure()).or_insert((0, 0, [Amount::ZERO; 3]));
            let [gross, due, undetermined] = &mut entry.2;
            let [own_gross, .., own_due] = line.amounts();
            if line.verdict() == Verdict::Eligible {
                entry.0 = entry.0.saturating_add(1);
                *gross = gross.plus(own_gross);
                *due = due.plus(own_due);
            } else {
                entry.1 = entry.1.saturating_add(1);
                *undetermined = undetermined.plus(own_due);
            }
        }
    }

    /// Adds what others come to.
    pub fn join(&mut self, other: &Self) {
        self.explained = self.explained.saturating_add(other.explained);
        self.due = self.due.plus(other.due);
        self.possible = self.possible.plus(other.possible);
        for (measure, (eligible, undetermined, amounts)) in other.measures.iter() {
            let entry = self.measures.entry(measure).or_insert((0, 0, [Amount::ZERO; 3]));
            entry.0 = entry.0.saturating_add(*eligible);
            entry.1 = entry.1.saturating_add(*undetermined);
            for (own, theirs) in entry.2.iter_mut().zip(amounts) {
                *own = own.plus(*theirs);
            }
        }
    }

    pub fn totals(self, program: &Program, [rows, rejected, unowned]: [u64; 3]) -> Totals {
        let measures = self
            .measures
            .into_iter()
            .map(|(measure, (eligible, undetermined, amounts))| {
                let [gross, due, undetermined_due] = amounts.map(Sum::of);
                let totals = MeasureTotals {
                    eligible,
                    undetermined,
                    gross,
                    due,
                    undetermined_due,
                };
                (program.measures[measure].named.name.to_string(), totals)
            });
        Totals {
            rows,
            rejected,
            unowned,
            explained: self.explained,
            due: Sum::of(self.due),
            possible: Sum::of(self.possible),
            measures: measures.collect(),
        }
    }
}
