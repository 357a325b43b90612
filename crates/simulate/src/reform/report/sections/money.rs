//! Where the money goes, and when: by measure, fund, place, industry, month of payment.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use meed_engine::awards::amount::{self, Amount};

use super::super::table::{Cell, table};
use super::super::words::{Words, escaped};
use super::{figure, fund_name, heading, note, series};
use crate::reform::groups::{Grouping, UNKNOWN, by_number, unknown};
use crate::reform::scenario::Scenario;
use crate::reform::{Outcome, Simulation};
use crate::round::FundTotals;

/// Groups of a grouping that are shown one by one.
const SHOWN: usize = 16;

/// Months of payment that are shown one by one; of more, the years are.
const MONTHS_SHOWN: usize = 24;

/// Money by measure.
pub(in super::super) fn measures(simulation: &Simulation, words: &Words) -> String {
    let of = |measure: &str| {
        simulation
            .outcomes
            .iter()
            .map(|outcome| outcome.cost_of(measure))
            .collect::<Vec<_>>()
    };
    let mut rows: Vec<(String, Vec<Amount>)> = simulation
        .measures()
        .into_iter()
        .map(|(measure, label)| (label.text(words.lang, &measure).to_owned(), of(&measure)))
        .filter(|(_, amounts)| amounts.iter().any(|amount| !amount.is_zero()))
        .collect();
    by_size(&mut rows);
    let mut out = heading(words, "各项措施", "Measure by measure");
    out.push_str(&note(
        words,
        "符合条件者的应付金额，资金不足的已按其规则分配。着色部分为确定金额，浅色带边框部分为可能增至的金额。几项措施之间另有限制的，合计可能小于各项之和。",
        "What is due to those who are eligible, after funds. The coloured part is certain, the pale part with an outline is what it may rise to. Where measures limit each other, the whole may be less than their sum.",
    ));
    let about = words.say("各项措施的测算支出", "Forecast cost of each measure");
    out.push_str(&figure(simulation, words, "measures", (about, about), &rows));
    out
}

/// The largest first, then by name.
fn by_size(rows: &mut [(String, Vec<Amount>)]) {
    let size = |amounts: &[Amount]| {
        amounts
            .iter()
            .map(|amount| amount.high().unwrap_or(i128::MAX))
            .max()
            .unwrap_or(0)
    };
    rows.sort_by(|a, b| size(&b.1).cmp(&size(&a.1)).then_with(|| a.0.cmp(&b.0)));
}

/// Groups that are numbers stand in their order.
fn by_own_order(grouping: &Grouping, rows: &mut [(String, Vec<Amount>)]) {
    if grouping.is_by_number() {
        rows.sort_by_cached_key(|(group, _)| by_number(group));
    }
}

/// What becomes of the funds: a table for each, with a column for each scenario, so that it fits a page however many figures there are.
pub(in super::super) fn funds(simulation: &Simulation, words: &Words) -> String {
    let mut names: BTreeMap<&str, &Scenario> = BTreeMap::new();
    for (scenario, outcome) in simulation.scenarios.iter().zip(&simulation.outcomes) {
        for fund in &outcome.funds {
            names.entry(&fund.name).or_insert(scenario);
        }
    }
    if names.is_empty() {
        return String::new();
    }
    let mut out = heading(words, "资金", "Funds");
    for (name, scenario) in names {
        let mut head = vec![fund_name(words, scenario, name).to_owned()];
        head.extend(series(simulation, words));
        let own = |outcome: &'_ Outcome| outcome.funds.iter().find(|fund| *fund.name == *name).cloned();
        let own: Vec<Option<FundTotals>> = simulation.outcomes.iter().map(own).collect();
        let row = |(zh, en, told): &FundRow| {
            let cell = |fund: &Option<FundTotals>| {
                let told = fund.as_ref().and_then(|fund| told(words, fund));
                Cell::Number(told.unwrap_or_else(|| "–".to_owned()))
            };
            let title = Cell::Head(words.say(zh, en).to_owned());
            [title].into_iter().chain(own.iter().map(cell)).collect()
        };
        let rows: Vec<Vec<Cell>> = FUND_ROWS.iter().map(row).collect();
        out.push_str(&table(&head, &rows));
    }
    out
}

/// A figure of a fund, in both languages; none where a fund that only counts awards has no amount.
type FundRow = (&'static str, &'static str, fn(&Words, &FundTotals) -> Option<String>);

const FUND_ROWS: [FundRow; 6] = [
    ("可用", "Available", |words, fund| {
        fund.has_amount().then(|| words.amount(fund.terms.available))
    }),
    ("申领项数", "Claims", |words, fund| Some(words.counts(fund.claims))),
    ("申领金额", "Claimed", |words, fund| {
        Some(words.amount(fund.claimed))
    }),
    ("支付", "Paid", |words, fund| Some(words.amount(fund.granted))),
    ("结余", "Left", |words, fund| {
        fund.has_amount().then(|| words.amount(fund.left()))
    }),
    ("未足额项数", "Not in full", |words, fund| {
        Some(words.counts(fund.short))
    }),
];

/// Money by place, industry and whatever else was asked for.
pub(in super::super) fn groups(simulation: &Simulation, words: &Words) -> String {
    let Some(program) = simulation.scenarios.first().map(|one| &one.program) else {
        return String::new();
    };
    let mut out = String::new();
    for (position, grouping) in simulation.groupings.iter().enumerate() {
        let mut sums: BTreeMap<&str, Vec<Amount>> = BTreeMap::new();
        for (scenario, outcome) in simulation.outcomes.iter().enumerate() {
            let own = outcome.tally.groups.iter().filter(|((by, ..), _)| *by == position);
            for ((_, group, _), lines) in own {
                let row = sums
                    .entry(group)
                    .or_insert_with(|| vec![Amount::ZERO; simulation.outcomes.len()]);
                if let Some(sum) = row.get_mut(scenario) {
                    *sum = sum.plus(lines.claimed);
                }
            }
        }
        let mut rows: Vec<(String, Vec<Amount>)> = sums
            .into_iter()
            .filter(|(_, amounts)| amounts.iter().any(|amount| !amount.is_zero()))
            .map(|(group, amounts)| (grouping.words(program, group, words.lang), amounts))
            .collect();
        by_size(&mut rows);
        if rows.len() > SHOWN {
            let rest = rows.split_off(SHOWN);
            let together = (0..simulation.outcomes.len())
                .map(|at| amount::sum(rest.iter().filter_map(|(_, amounts)| amounts.get(at).copied())));
            let others = (words.say("其他", "others").to_owned(), together.collect());
            by_own_order(grouping, &mut rows);
            rows.push(others);
        } else {
            by_own_order(grouping, &mut rows);
        }
        if rows.is_empty() {
            continue;
        }
        let name = grouping.label.text(words.lang, &grouping.name);
        let _ = writeln!(out, "<h3>{}</h3>", escaped(name));
        let about = format!(
            "{}{name}",
            words.say("资金分配前的应付金额，按：", "What is due before funds, by: ")
        );
        out.push_str(&figure(
            simulation,
            words,
            &format!("group-{position}"),
            (&about, &about),
            &rows,
        ));
    }
    if out.is_empty() {
        out
    } else {
        format!("{}{out}", heading(words, "钱到哪里去", "Where the money goes"))
    }
}

/// Money by month of payment, where that was asked for; by year, where there are many months.
pub(in super::super) fn months(simulation: &Simulation, words: &Words) -> String {
    let outcomes = &simulation.outcomes;
    let months: BTreeSet<&str> = outcomes
        .iter()
        .flat_map(|outcome| outcome.tally.months.keys())
        .map(String::as_str)
        .collect();
    if months.is_empty() {
        return String::new();
    }
    let by_year = months.len() > MONTHS_SHOWN;
    let period = |month: &str| match month.split_once('-') {
        Some((year, _)) if by_year => year.to_owned(),
        _ => month.to_owned(),
    };
    let mut sums: BTreeMap<String, Vec<Amount>> = BTreeMap::new();
    for (scenario, outcome) in outcomes.iter().enumerate() {
        for (month, amount) in &outcome.tally.months {
            let row = sums.entry(period(month));
            let row = row.or_insert_with(|| vec![Amount::ZERO; outcomes.len()]);
            if let Some(sum) = row.get_mut(scenario) {
                *sum = sum.plus(*amount);
            }
        }
    }
    let label = |period: String| match period.as_str() {
        UNKNOWN => unknown(words.lang).to_owned(),
        _ => period,
    };
    let rows: Vec<_> = sums.into_iter().map(|(period, sums)| (label(period), sums)).collect();
    let mut out = heading(words, "何时支付", "When it is paid");
    out.push_str(&note(
        words,
        "符合条件者的应付金额，资金分配前。一次付清的列在测算日所在月份，分期支付的列在各期到期的月份。",
        "What is due to those who are eligible, before funds. What is paid at once stands in the month of the day that is looked at, instalments in the months in which they fall due.",
    ));
    let about = if by_year {
        words.say("按支付年份的应付金额", "What is due, by year of payment")
    } else {
        words.say("按支付月份的应付金额", "What is due, by month of payment")
    };
    out.push_str(&figure(simulation, words, "months", (about, about), &rows));
    out
}
