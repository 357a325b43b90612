//! Money by the month in which it is paid: at once, in instalments, and on days that nobody knows.

#![cfg(test)]

#[path = "shared/tiny.rs"]
mod tiny;

use std::fs;

use meed_engine::awards::amount::Amount;
use meed_facts::date::Date;
use meed_facts::label::Label;
use meed_rules::package::Files;
use meed_rules::{Package, check};
use meed_simulate::reform::scenario::Scenario;
use meed_simulate::reform::{Options, simulate};
use meed_tables::results::Format;
use tiny::MANIFEST;

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

#[test]
fn instalments_stand_in_the_months_in_which_they_fall_due() {
    let package = Package::from_files(Files::from([
        ("meed.toml".to_owned(), MANIFEST.to_owned()),
        ("rules.md".to_owned(), RULES.to_owned()),
    ]));
    let package = package.unwrap();
    let checked = check(&package);
    let program = checked.program(Date::parse("2023-05-20").unwrap());
    let program = program.map_err(|found| format!("{found:?}")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let facts = folder.path().join("facts.jsonl");
    let rows = [("a", "2023-05-01"), ("b", "2022-05-01"), ("c", "2023-04-01")];
    let lines =
        rows.map(|(id, hired)| format!(r#"{{"enterprise": {{"id": "{id}", "hired": "{hired}", "awards": []}}}}"#));
    fs::write(&facts, lines.join("\n")).unwrap();
    let scenario = Scenario {
        name: "baseline".to_owned(),
        title: Label::default(),
        reform: None,
        program,
    };
    let options = Options {
        out: folder.path().join("out"),
        format: Format::Csv,
        threads: 1,
        facts,
        applicant: None,
        by: Vec::new(),
        take_up: Vec::new(),
        step: None,
        months: true,
    };
    let found = simulate(vec![scenario], &options, |_, _| ()).unwrap();
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
    let table = fs::read_to_string(options.out.join("months-00001.csv")).unwrap();
    assert_eq!(table.lines().count(), 4, "{table}");
}
