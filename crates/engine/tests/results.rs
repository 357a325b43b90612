//! What a result says beside its lines: facts given in vain, sources of services, and what is left of it for one rule.
#![cfg(test)]

use std::collections::BTreeMap;

use meed_engine::awards::determine::determine;
use meed_engine::result::{Determination, Payable};
use meed_facts::date::Date;
use meed_facts::json;
use meed_facts::money::{Currency, Money};
use meed_facts::ratio::Ratio;
use meed_rules::program::Confidence;

const MANIFEST: &str = r#"
name = "results"
version = "1"
title = { zh = "结果", en = "Results" }
jurisdiction = "CN-230100"
currency = "CNY"
"#;

const DOCUMENT: &str = r#"---
title: { zh: 办法, en: Rules }
number: A
in_force: 2020-01-01..
---

# 第一条

```meed
entity Firm key name
facts of Firm from table
```

| fact | type | source |
|---|---|---|
| name | text | registry |
| listed | bool | registry |
| price | CNY applies when listed | registry |

```meed
define dear of Firm = price > 10 CNY
  source draft

service advice for Firm { when dear }
measure first for Firm { pay 1万 CNY once }
measure second for Firm { when dear pay 2万 CNY once }
measure assessed for Firm { pay assessed once }
```
"#;

fn decided(facts: &str) -> Determination {
    let files = [("meed.toml", MANIFEST), ("a.md", DOCUMENT)];
    let files: BTreeMap<String, String> = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let package = meed_rules::Package::from_files(files).unwrap();
    let checked = meed_rules::check(&package);
    let program = checked.program(Date::parse("2024-06-01").unwrap()).unwrap();
    let record = json::read(&program.schema, facts).unwrap();
    determine(&program, &record).unwrap()
}

#[test]
fn a_fact_that_is_given_although_it_does_not_apply_is_told() {
    let told = |facts: &str| -> Vec<String> {
        let unneeded = decided(facts).unneeded;
        unneeded.into_iter().map(|one| one.name).collect()
    };
    assert_eq!(told(r#"{"firm": {"listed": false, "price": "20.00"}}"#), ["price"]);
    assert_eq!(told(r#"{"firm": {"listed": true, "price": "20.00"}}"#), [""; 0]);
    assert_eq!(told(r#"{"firm": {"listed": false}}"#), [""; 0]);
    let json = decided(r#"{"firm": {"listed": false, "price": "20.00"}}"#).to_canonical_json();
    assert!(
        json.contains(r#""notes":[{"fact":"price","note":"does not apply"}]"#),
        "{json}"
    );
}

#[test]
fn a_service_is_no_surer_than_the_rules_that_decide_it() {
    for facts in [
        r#"{"firm": {"listed": true, "price": "20.00"}}"#,
        r#"{"firm": {"listed": true}}"#,
    ] {
        let sources: Vec<Confidence> = decided(facts).services.iter().map(|line| line.source).collect();
        assert_eq!(sources, [Confidence::Draft], "{facts}");
    }
}

#[test]
fn totals_are_those_of_the_lines_that_are_kept() {
    let money = |yuan: i128| Money::from_ratio(&Ratio::from_int(yuan), Currency::parse("CNY").unwrap()).unwrap();
    let kept = |name: &str| -> (Payable, Payable, usize, usize) {
        let mut determination = decided(r#"{"firm": {"listed": true, "awards": []}}"#);
        determination.keep_only(name);
        let (lines, services) = (determination.lines.len(), determination.services.len());
        (determination.total, determination.possible, lines, services)
    };
    let (total, possible, lines, services) = kept("first");
    assert_eq!(
        (total.exact(), possible.exact(), lines, services),
        (Some(money(10_000)), Some(money(10_000)), 1, 0)
    );
    let (total, possible, ..) = kept("second");
    assert_eq!(
        (total.exact(), possible.low, possible.high),
        (Some(money(0)), money(0), Some(money(20_000)))
    );
    let (total, _, lines, services) = kept("advice");
    assert_eq!((total.exact(), lines, services), (Some(money(0)), 0, 1));
}

#[test]
fn an_amount_that_is_set_without_a_ceiling_lies_between_nothing_and_no_end() {
    let json = decided(r#"{"firm": {"listed": true, "awards": []}}"#).to_canonical_json();
    assert!(json.contains(r#""amount":{"between":{"at_least":"0.00"}}"#), "{json}");
}
