//! When applications are taken: a yearly window, also over the turn of the year, and a pause.
#![cfg(test)]

use std::collections::BTreeMap;

use meed_engine::awards::determine::determine;
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
    let determination = determine(&program, &record);
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
