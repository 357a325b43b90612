//! In which month money is paid: what is paid at once in the month of the date, what is paid over time in the months in which its instalments fall due.
//!
//! Columns know what is due on a date, not what falls due later. So who has a line that is paid over time is determined once more by the explaining
//! evaluator, whose instalments have their days.

use meed_engine::awards::amount::Amount;
use meed_engine::awards::certainty::Certainty;
use meed_engine::awards::decision::{Decided, Decision};
use meed_engine::awards::verdict::Verdict;
use meed_engine::columns::{LineOutcomes, LineView};
use meed_engine::explain::Evaluator;
use meed_engine::result::{AwardLine, InstalmentLine};
use meed_facts::date::Date;
use meed_facts::record::Record;
use meed_rules::program::Program;

use super::groups::UNKNOWN;
use super::tally::claimed;

/// What the eligible lines of one applicant come to by month, before funds: `2023-03`, or [`UNKNOWN`] where nobody can say when.
pub(super) fn of_row(
    program: &Program,
    lines: LineOutcomes<'_>,
    record: impl FnOnce() -> Option<Record>,
) -> Vec<(String, Amount)> {
    let eligible = || lines.iter().filter(|line| line.verdict() == Verdict::Eligible);
    let (over_time, at_once): (Vec<_>, Vec<_>) = eligible().partition(|line| is_over_time(program, *line));
    let now = month(program.date);
    let mut all: Vec<(String, Amount)> = at_once.iter().map(|line| (now.clone(), claimed(*line))).collect();
    if over_time.is_empty() {
        return all;
    }
    let Some(record) = record() else { return all };
    let evaluator = Evaluator::new(program, &record);
    let decision = Decision::of(&evaluator, &record);
    for line in over_time {
        let mut own = decision.lines();
        let found = own.find(|one| one.draft.measure == line.measure() && one.draft.key.as_ref() == line.key());
        // Before funds, as what is paid at once: a fund takes of the whole award, and nobody knows yet how much.
        let found = found.map(|found| {
            decision.explained(Decided {
                due: claimed(line),
                ..found
            })
        });
        match found.filter(|_| evaluator.within_limit().is_ok()) {
            Some(found) if !found.instalments.is_empty() => all.extend(instalments(&found, program.date)),
            _ => all.push((UNKNOWN.to_owned(), claimed(line))),
        }
    }
    all
}

fn is_over_time(program: &Program, line: LineView<'_>) -> bool {
    let rules = &program.measures[line.measure()].rules;
    rules
        .iter()
        .any(|rules| rules.series.is_some() || rules.split.is_some())
}

/// The instalments that are still to be paid. What fell due in a month before stands in the month of the date where it belongs to what the line comes to
/// on that date; otherwise it was paid then.
fn instalments(line: &AwardLine, today: Date) -> impl Iterator<Item = (String, Amount)> {
    let now = (today.year(), today.month());
    line.instalments.iter().filter_map(move |one| {
        let when = match one.due {
            None => UNKNOWN.to_owned(),
            Some(due) if (due.year(), due.month()) >= now => month(due),
            Some(_) if one.current != Certainty::No => month(today),
            Some(_) => return None,
        };
        Some((when, amount(one)))
    })
}

fn amount(one: &InstalmentLine) -> Amount {
    let amount = Amount::between(one.amount.low.minor(), one.amount.high.map(|high| high.minor()));
    match one.verdict {
        Verdict::Eligible => amount,
        Verdict::Undetermined => amount.down_to_zero(),
        Verdict::NotEligible(_) => Amount::ZERO,
    }
}

fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}
