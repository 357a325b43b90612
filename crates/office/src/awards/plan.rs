//! From a line of a determination to payments: who pays what, from which fund, when.

use std::cmp::Ordering;

use meed_engine::awards::certainty::Certainty;
use meed_engine::awards::verdict::Verdict;
use meed_engine::result::AwardLine;
use meed_facts::date::Date;
use meed_facts::money::Money;
use meed_facts::ratio::Ratio;
use meed_rules::program::Program;

use crate::setup::Config;
use crate::stop::{Answer, Stop};

/// A payment that an award plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Who pays.
    pub payer: String,
    /// From which fund; empty where no fund pays for the measure.
    pub fund: String,
    /// Which instalment, from 1.
    pub n: i64,
    /// When it is due.
    pub due: Date,
    /// How much.
    pub amount: Money,
    /// Whether it waits until the other payers can pay their part of it.
    pub together: bool,
}

/// The payments of a line for which `amount` was decided. Later periods of a series, whose facts nobody can know yet, are planned at what is
/// paid now; each is rechecked when it is due.
///
/// # Errors
/// Undecided where a payer's part is not known.
pub fn plan(config: &Config, program: &Program, line: &AwardLine, amount: Money, today: Date) -> Answer<Vec<Planned>> {
    let fund = program.funds.iter().find(|fund| fund.covers.contains(&line.measure));
    let fund = fund.map_or_else(String::new, |fund| fund.named.name.to_string());
    let mut planned = Vec::new();
    for (n, due, whole) in periods(program, line, amount, today) {
        for (payer, on, part) in parts(config, line, whole)? {
            if !part.is_zero() {
                let due = on.unwrap_or(due);
                planned.push(Planned {
                    payer,
                    fund: fund.clone(),
                    n,
                    due,
                    amount: part,
                    together: line.together,
                });
            }
        }
    }
    Ok(planned)
}

/// Number, due day and amount of each payment over time.
fn periods(program: &Program, line: &AwardLine, amount: Money, today: Date) -> Vec<(i64, Date, Money)> {
    let parts = in_parts(program, line, amount);
    let first = line.instalments.iter().position(|one| one.current == Certainty::Yes);
    let Some(first) = first.filter(|_| parts.is_empty()).or((!parts.is_empty()).then_some(0)) else {
        return vec![(1, today, amount)];
    };
    let coming = line.instalments.iter().enumerate().skip(first);
    let paid = coming.filter(|(_, one)| !matches!(one.verdict, Verdict::NotEligible(_)));
    let of = |(index, one): (usize, &meed_engine::result::InstalmentLine)| {
        let whole = match (parts.get(index), one.amount.exact()) {
            (Some(part), _) => *part,
            _ if index == first => amount,
            (None, Some(exact)) => exact,
            (None, None) => one.amount.high.unwrap_or(amount),
        };
        (i64::from(one.number), one.due.unwrap_or(today), whole)
    };
    paid.map(of).filter(|(_, _, whole)| !whole.is_zero()).collect()
}

/// The parts in which one amount is paid; none where the measure pays at once, or again and again.
fn in_parts(program: &Program, line: &AwardLine, amount: Money) -> Vec<Money> {
    let rules = &program.measures[line.measure].rules;
    if !rules.iter().any(|rules| rules.split.is_some()) {
        return Vec::new();
    }
    let highest = |one: &meed_engine::result::InstalmentLine| one.amount.high.unwrap_or(one.amount.low).to_ratio();
    let weights: Vec<Ratio> = line.instalments.iter().map(highest).collect();
    let split = amount.split(&weights);
    split.map_or_else(Vec::new, |split| split.settle(|a, b| a.cmp(&b)).shares)
}

/// What each payer pays of a payment.
fn parts(config: &Config, line: &AwardLine, whole: Money) -> Answer<Vec<(String, Option<Date>, Money)>> {
    match line.payers.as_slice() {
        [] => return Ok(vec![(config.payer.clone(), None, whole)]),
        [only] => return Ok(vec![(only.agency.to_string(), only.on, whole)]),
        _ => {}
    }
    let exact: Option<Vec<Money>> = line.payers.iter().map(|payer| payer.amount.exact()).collect();
    let unknown = || {
        let name = &line.name;
        Stop::undecided(
            "payers_unknown",
            format!("who pays which part of {name} is not known"),
            format!("{name} 的分担数额尚不能确定"),
        )
    };
    let weights: Vec<Ratio> = exact.ok_or_else(unknown)?.into_iter().map(Money::to_ratio).collect();
    let settled = whole.split(&weights).ok_or_else(unknown)?.settle(|a, b| a.cmp(&b));
    let named = line.payers.iter().zip(settled.shares);
    Ok(named
        .map(|(payer, share)| (payer.agency.to_string(), payer.on, share))
        .collect())
}

/// Payments in the order in which they are due.
pub fn by_due(a: &Planned, b: &Planned) -> Ordering {
    (a.due, a.n, &a.payer).cmp(&(b.due, b.n, &b.payer))
}
