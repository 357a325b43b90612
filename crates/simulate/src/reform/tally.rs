//! What a scenario comes to over a population: sums that are the same in every order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use meed_engine::awards::amount::{self, Amount};
use meed_engine::awards::verdict::Verdict;
use meed_engine::columns::{LineOutcomes, LineView, Outcome};
use meed_facts::ratio::Ratio;
use meed_rules::program::Program;

use super::take_up::TakeUp;

/// What lines come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// How many are eligible.
    pub eligible: u64,
    /// How many are undetermined.
    pub undetermined: u64,
    /// What the eligible ones are due before funds.
    pub claimed: Amount,
    /// What they are due, as one determination has it: from nothing where a fund pays.
    pub due: Amount,
    /// What the undetermined ones may be due.
    pub open: Amount,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            eligible: 0,
            undetermined: 0,
            claimed: Amount::ZERO,
            due: Amount::ZERO,
            open: Amount::ZERO,
        }
    }
}

impl Lines {
    fn line(&mut self, line: LineView<'_>) {
        if line.verdict() == Verdict::Eligible {
            self.eligible = self.eligible.saturating_add(1);
            self.claimed = self.claimed.plus(claimed(line));
            self.due = self.due.plus(line.due());
        } else {
            self.undetermined = self.undetermined.saturating_add(1);
            self.open = self.open.plus(line.combined().down_to_zero());
        }
    }

    fn add(&mut self, other: &Self) {
        self.eligible = self.eligible.saturating_add(other.eligible);
        self.undetermined = self.undetermined.saturating_add(other.undetermined);
        self.claimed = self.claimed.plus(other.claimed);
        self.due = self.due.plus(other.due);
        self.open = self.open.plus(other.open);
    }
}

/// A line's amount before funds.
pub(super) fn claimed(line: LineView<'_>) -> Amount {
    if line.contested() {
        line.combined().down_to_zero()
    } else {
        line.combined()
    }
}

/// What a scenario comes to.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// What eligible lines come to together, as determinations have it.
    pub total: Both,
    /// What all lines may come to.
    pub possible: Both,
    /// By measure.
    pub measures: BTreeMap<Arc<str>, Lines>,
    /// By grouping, group and measure.
    pub groups: BTreeMap<(usize, String, Arc<str>), Lines>,
    /// By the month of payment, before funds; [`super::groups::UNKNOWN`] where nobody can say when. Empty where it was not asked for.
    pub months: BTreeMap<String, Amount>,
    /// Under each assumption of take-up, by its position, seed and measure: how many eligible lines are taken up, and what they come to before funds.
    pub taken: BTreeMap<(usize, u64, Arc<str>), (u64, Amount)>,
}

/// A sum as determinations have it, and before funds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Both {
    /// From nothing where a fund pays.
    pub due: Amount,
    /// Before funds.
    pub before_funds: Amount,
}

impl Default for Both {
    fn default() -> Self {
        Self {
            due: Amount::ZERO,
            before_funds: Amount::ZERO,
        }
    }
}

impl Both {
    /// One applicant's sum: what funds may take of lines is put back.
    pub(super) fn of(due: Amount, lines: LineOutcomes<'_>, counts: impl Fn(&LineView<'_>) -> bool) -> Self {
        let counted = lines.iter().filter(|line| counts(line) && !line.contested());
        let taken = counted.map(|line| line.combined().low().saturating_sub(line.due().low()).max(0));
        let low = taken.fold(due.low(), i128::saturating_add);
        Self {
            due,
            before_funds: Amount::between(low, due.high()),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.due = self.due.plus(other.due);
        self.before_funds = self.before_funds.plus(other.before_funds);
    }
}

/// An applicant under a scenario.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'o> {
    pub program: &'o Program,
    pub lines: LineOutcomes<'o>,
    /// What eligible lines come to.
    pub total: Both,
    /// What all lines may come to.
    pub possible: Both,
}

/// The rows of an outcome.
pub(super) fn rows<'o>(program: &'o Program, outcome: &'o Outcome) -> impl Iterator<Item = Row<'o>> {
    outcome.each().map(|due| {
        let eligible = |line: &LineView<'_>| line.verdict() == Verdict::Eligible;
        let [total, possible] = [due.total, due.possible].map(|sum| Both::of(sum, due.lines, eligible));
        Row {
            program,
            lines: due.lines,
            total,
            possible,
        }
    })
}

impl Row<'_> {
    /// What lines of some measures may come to before funds.
    pub fn may_be_due(&self, measures: &BTreeSet<Arc<str>>) -> Amount {
        let own = self.lines.iter().filter(|line| {
            let name = &self.program.measures[line.measure()].named.name;
            measures.contains(name)
        });
        amount::sum(own.map(|line| match line.verdict() {
            Verdict::Eligible => claimed(line),
            _ => line.combined().down_to_zero(),
        }))
    }
}

impl Tally {
    /// Adds an applicant. `groups` are theirs, by grouping.
    pub(super) fn row(&mut self, row: &Row<'_>, applicant: &str, groups: &[String], take_up: &[TakeUp]) {
        self.total.add(&row.total);
        self.possible.add(&row.possible);
        for line in row.lines.iter() {
            let measure = &row.program.measures[line.measure()].named.name;
            self.measures.entry(measure.clone()).or_default().line(line);
            for (position, group) in groups.iter().enumerate() {
                let key = (position, group.clone(), measure.clone());
                self.groups.entry(key).or_default().line(line);
            }
            if line.verdict() != Verdict::Eligible {
                continue;
            }
            for (position, assumed) in take_up.iter().enumerate() {
                let share: &Ratio = assumed.share(measure);
                for seed in &assumed.seeds {
                    let entry = self.taken.entry((position, *seed, measure.clone()));
                    let (count, sum) = entry.or_insert((0, Amount::ZERO));
                    if super::take_up::takes_up(*seed, applicant, share) {
                        *count = count.saturating_add(1);
                        *sum = sum.plus(claimed(line));
                    }
                }
            }
        }
    }

    /// Adds what an applicant is paid by month.
    pub(super) fn paid(&mut self, months: impl IntoIterator<Item = (String, Amount)>) {
        for (month, amount) in months {
            let sum = self.months.entry(month).or_insert(Amount::ZERO);
            *sum = sum.plus(amount);
        }
    }

    /// Adds what others come to.
    pub(super) fn add(&mut self, other: Self) {
        self.paid(other.months);
        self.total.add(&other.total);
        self.possible.add(&other.possible);
        for (measure, lines) in &other.measures {
            self.measures.entry(measure.clone()).or_default().add(lines);
        }
        for (group, lines) in other.groups {
            self.groups.entry(group).or_default().add(&lines);
        }
        for (assumed, (count, sum)) in other.taken {
            let own = self.taken.entry(assumed).or_insert((0, Amount::ZERO));
            *own = (own.0.saturating_add(count), own.1.plus(sum));
        }
    }
}
