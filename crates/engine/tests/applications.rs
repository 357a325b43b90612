//! When applications are taken: a yearly window, also over the turn of the year, a pause, and a bar.
#![cfg(test)]

use std::collections::BTreeMap;

use meed_engine::awards::determine::determine;
use meed_engine::awards::verdict::{Verdict, Why};
use meed_facts::date::Date;
use meed_facts::json;

const MANIFEST: &str = r#"
name = "applications"
version = "1"
title = { zh = "申报", en = "Applications" }
jurisdiction = "CN-230100"
currency = "CNY"
"#;

fn document(clauses: &str) -> String {
    format!(
        "---\ntitle: {{ zh: 办法, en: Rules }}\nnumber: A\nin_force: 2020-01-01..\n---\n\n# 第一条\n\n```meed\nentity Firm key name\nfacts of Firm from table\n```\n\n\
         | fact | type | source |\n|---|---|---|\n| name | text | registry |\n\n```meed\nmeasure m for Firm {{\n  pay 1万 CNY\n  {clauses}\n  led by text missing\n}}\n```\n"
    )
}

/// Whether an application is taken on a day; `None` where the rules say nothing of applications.
fn open(clauses: &str, day: &str) -> Option<bool> {
    let files = [
        ("meed.toml".to_owned(), MANIFEST.to_owned()),
        ("a.md".to_owned(), document(clauses)),
    ];
    let package = meed_rules::Package::from_files(BTreeMap::from(files)).unwrap();
    let checked = meed_rules::check(&package);
    let program = checked.program(Date::parse(day).unwrap()).unwrap();
    let record = json::read(&program.schema, r#"{"firm": {"name": "x"}}"#).unwrap();
    let determination = determine(&program, &record).unwrap();
    determination
        .lines
        .first()
        .unwrap()
        .application
        .map(|application| application.open)
}

#[test]
fn a_window_includes_its_first_and_last_day() {
    let window = "apply 25 April .. 25 May";
    assert_eq!(open(window, "2024-04-24"), Some(false));
    assert_eq!(open(window, "2024-04-25"), Some(true));
    assert_eq!(open(window, "2024-05-25"), Some(true));
    assert_eq!(open(window, "2024-05-26"), Some(false));
}

#[test]
fn a_window_may_go_over_the_turn_of_the_year() {
    let window = "apply 12-01 .. 01-31";
    assert_eq!(open(window, "2024-11-30"), Some(false));
    assert_eq!(open(window, "2024-12-31"), Some(true));
    assert_eq!(open(window, "2024-01-31"), Some(true));
    assert_eq!(open(window, "2024-02-01"), Some(false));
}

#[test]
fn a_pause_stops_new_applications_from_its_day_on() {
    assert_eq!(open("paused from 2024-07-01", "2024-06-30"), Some(true));
    assert_eq!(open("paused from 2024-07-01", "2024-07-01"), Some(false));
}

#[test]
fn a_measure_that_says_nothing_of_applications_has_none() {
    assert_eq!(open("once", "2024-06-30"), None);
}

/// Whether who applies for the title on a day can get it, by the labels of what decided, and whether an earlier grant stands.
fn applies_for_title(day: &str) -> (bool, Vec<String>, bool) {
    let text = "---\ntitle: { zh: 办法, en: Rules }\nnumber: A\n---\n\n# 第一条\n\n```meed\nentity Firm key name\nfacts of Firm from table\n```\n\n\
         | fact | type | source |\n|---|---|---|\n| name | text | registry |\n| fraud_on | date | registry |\n| fit | bool | declared |\n\n```meed\n\
         title star of Firm {\n  valid 9 years\n  barred 4 years after fraud_on\n  criteria { fit: fit }\n}\n\
         measure m for Firm {\n  when { held: holds(star) }\n  pay 1 CNY\n}\n```\n";
    let files = [
        ("meed.toml".to_owned(), MANIFEST.to_owned()),
        ("a.md".to_owned(), text.to_owned()),
    ];
    let package = meed_rules::Package::from_files(BTreeMap::from(files)).unwrap();
    let program = meed_rules::check(&package).program(Date::parse(day).unwrap()).unwrap();
    let facts = r#"{"firm": {"name": "x", "fit": true, "fraud_on": "2020-03-01", "titles": [{"title": "star", "granted": "2018-01-01"}]}}"#;
    let record = json::read(&program.schema, facts).unwrap();
    let determination = determine(&program, &record).unwrap();
    let title = determination.titles.first().unwrap();
    let reasons = title.reasons.iter().map(|reason| reason.path.join(".")).collect();
    let holds = determination.lines.first().unwrap().verdict == Verdict::Eligible;
    (title.met == Some(Verdict::Eligible), reasons, holds)
}

#[test]
fn a_bar_stops_who_applies_for_the_title_until_its_day_and_takes_nothing_from_who_holds_it() {
    let (met, reasons, holds) = applies_for_title("2024-02-29");
    assert_eq!((met, reasons, holds), (false, vec!["barred".to_owned()], true));
    let (met, _, holds) = applies_for_title("2024-03-01");
    assert_eq!((met, holds), (true, true));
}

/// The verdict on a day of a measure that bars who cheated, and what decided it.
fn applies_for_money(day: &str, fraud: &str) -> (Verdict, Vec<String>) {
    let text = "---\ntitle: { zh: 办法, en: Rules }\nnumber: A\n---\n\n# 第一条\n\n```meed\nentity Firm key name\nfacts of Firm from table\n```\n\n\
         | fact | type | source |\n|---|---|---|\n| name | text | registry |\n| fraud_on | date | registry |\n| fit | bool | declared |\n\n```meed\n\
         measure m for Firm {\n  barred 4 years after fraud_on\n  when { fit: fit }\n  pay 1 CNY\n}\n```\n";
    let files = [
        ("meed.toml".to_owned(), MANIFEST.to_owned()),
        ("a.md".to_owned(), text.to_owned()),
    ];
    let package = meed_rules::Package::from_files(BTreeMap::from(files)).unwrap();
    let program = meed_rules::check(&package).program(Date::parse(day).unwrap()).unwrap();
    let facts = format!(r#"{{"firm": {{"name": "x", "fit": true{fraud}}}}}"#);
    let record = json::read(&program.schema, &facts).unwrap();
    let determination = determine(&program, &record).unwrap();
    let line = determination.lines.first().unwrap();
    let reasons = line.reasons.iter().map(|reason| reason.path.join(".")).collect();
    (line.verdict, reasons)
}

#[test]
fn a_bar_of_a_measure_stops_applications_from_the_event_until_its_time_is_over() {
    let fraud = r#", "fraud_on": "2020-03-01""#;
    let barred = (Verdict::NotEligible(Why::Conditions), vec!["barred".to_owned()]);
    for day in ["2020-03-01", "2024-02-29"] {
        assert_eq!(applies_for_money(day, fraud), barred, "{day}");
    }
    for day in ["2020-02-29", "2024-03-01"] {
        assert_eq!(applies_for_money(day, fraud).0, Verdict::Eligible, "{day}");
    }
    assert_eq!(applies_for_money("2024-02-29", "").0, Verdict::Undetermined);
}
