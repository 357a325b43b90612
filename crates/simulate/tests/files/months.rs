//! Money by the month in which it is paid: at once, in instalments, and on days that nobody knows.

use meed_engine::awards::amount::Amount;
use meed_simulate::reform::{Options, Simulation};

use crate::shared::tiny;

const RULES: &str = r#"---
title: { zh: 规则, en: Rules }
number: 1
---

# 规则

```meed
agency city zh "市" en "City"
entity Enterprise zh "企业" en "Enterprise" key id
facts of Enterprise from table
```

| fact | type | 中文 | English | source |
|---|---|---|---|---|
| id | text | 编号 | Number | registry |
| hired | date | 入职日期 | Hired on | registry |

```meed
measure once_paid for Enterprise zh "一次" en "Once" { when { h: hired >= 2023-01-01 or hired < 2023-01-01 } pay 100 CNY once led by city }
measure split for Enterprise zh "分期" en "Split" {
  when { h: hired >= 2023-01-01 }
  pay 300 CNY
  in 3 equal instalments every month from hired
  once
  led by city
}
```
"#;

/// What three applicants are paid, as the simulation finds it and as its folder tells it.
fn simulated(rules: &str) -> (Simulation, tiny::Read) {
    let program = tiny::program(tiny::files(rules), "2023-05-20");
    let rows = [("a", "2023-05-01"), ("b", "2022-05-01"), ("c", "2023-04-01")];
    let lines =
        rows.map(|(id, hired)| format!(r#"{{"enterprise": {{"id": "{id}", "hired": "{hired}", "awards": []}}}}"#));
    tiny::simulated(vec![tiny::scenario("baseline", program)], &lines, |options| Options {
        months: true,
        ..options
    })
}

#[test]
fn instalments_stand_in_the_months_in_which_they_fall_due() {
    let (found, read) = simulated(RULES);
    let months: Vec<(&str, Amount)> = found.outcomes[0]
        .tally
        .months
        .iter()
        .map(|(month, sum)| (month.as_str(), *sum))
        .collect();
    // Of `c` two instalments are due by the day: both are what its line comes to that day.
    let yuan = |yuan: i128| Amount::exact(yuan * 100);
    assert_eq!(
        months,
        [("2023-05", yuan(600)), ("2023-06", yuan(200)), ("2023-07", yuan(100))]
    );
    let table = read("months-00001.csv");
    assert_eq!(table.lines().count(), 4, "{table}");
}

#[test]
fn instalments_of_what_a_short_fund_pays_are_exact_before_funds_and_come_to_what_is_claimed() {
    let fund = r#"fund all zh "资金" en "Fund" { 2023: 500 CNY covers once_paid, split when short: pro rata }
```
"#;
    let (found, _) = simulated(&format!("{}{fund}", RULES.trim_end().trim_end_matches("```")));
    let tally = &found.outcomes[0].tally;
    let months: Vec<(&str, Option<i128>)> = tally
        .months
        .iter()
        .map(|(month, sum)| (month.as_str(), sum.value()))
        .collect();
    let yuan = |yuan: i128| Some(yuan * 100);
    assert_eq!(
        months,
        [("2023-05", yuan(600)), ("2023-06", yuan(200)), ("2023-07", yuan(100))]
    );
    let claimed = tally.measures.values().map(|lines| lines.claimed.low()).sum::<i128>();
    assert_eq!(claimed, tally.months.values().map(|sum| sum.low()).sum::<i128>());
}

/// The cell beside a row's name below a heading of a report.
fn cell(report: &str, heading: &str, name: &str) -> String {
    let (_, section) = report.split_once(&format!("<h2>{heading}</h2>")).unwrap();
    let (_, row) = section.split_once(&format!("<th scope=\"row\">{name}</th>")).unwrap();
    let (_, cell) = row.split_once("<td class=\"n\">").unwrap();
    cell.split_once("</td>").unwrap().0.to_owned()
}

#[test]
fn the_report_says_when_money_is_paid_by_year_where_there_are_many_months() {
    let (_, read) = simulated(RULES);
    assert_eq!(cell(&read("report.en.html"), "When it is paid", "2023-05"), "CNY 600");
    assert_eq!(cell(&read("report.zh.html"), "何时支付", "2023-06"), "200元");

    let (_, read) = simulated(&RULES.replace("in 3 equal", "in 30 equal"));
    // Thirty payments of ten yuan each, of `a` from May 2023, of `c` from April; and three times a hundred at once.
    let report = read("report.en.html");
    assert_eq!(cell(&report, "When it is paid", "2023"), "CNY 470");
    assert_eq!(cell(&report, "When it is paid", "2024"), "CNY 240");
    assert_eq!(cell(&report, "When it is paid", "2025"), "CNY 190");
}
