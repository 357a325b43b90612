//! Files of facts: read exactly, or refused with place and likely fix.

use meed_facts::json::read_on;
use meed_rules::{Package, check};

use super::packages::{TODAY, day, decide, files};

/// What is said about these facts.
fn refusal(facts: &str) -> String {
    let package = Package::from_files(files("define x of Enterprise = score")).unwrap();
    let program = check(&package).program(day(TODAY)).unwrap();
    let errors = read_on(&program.schema, facts, program.date).unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_misspelt_fact_is_refused_with_the_nearest_name() {
    let said = refusal(r#"{"enterprise": {"revenu": {"2022": 1}}}"#);
    assert!(said.contains("revenue"), "{said}");
}

#[test]
fn null_is_no_way_to_say_unknown() {
    let said = refusal(r#"{"enterprise": {"listed": null}}"#);
    assert!(said.contains("null"), "{said}");
}

#[test]
fn facts_outside_the_bounds_of_their_type_are_refused() {
    let said = refusal(r#"{"enterprise": {"score": 101}}"#);
    assert!(said.contains("score"), "{said}");
}

#[test]
fn a_year_that_has_not_ended_needs_a_range() {
    let said = refusal(r#"{"enterprise": {"revenue": {"2023": 5}}}"#);
    assert!(said.contains("2023"), "{said}");
}

#[test]
fn an_impossible_date_is_refused() {
    let said = refusal(r#"{"enterprise": {"founded": "2023-02-29"}}"#);
    assert!(said.contains("founded"), "{said}");
}

#[test]
fn fifty_million_and_one_is_exact_as_number_and_as_text() {
    let rules = "measure m for Enterprise { when { c: investment > 5000万 CNY } pay investment once }";
    for amount in ["50000001", "\"50000001.00\"", "5.0000001e7"] {
        let facts = format!(r#"{{"enterprise": {{"investment": {amount}, "awards": []}}}}"#);
        let line = decide(files(rules), &facts, TODAY).lines.remove(0);
        assert_eq!(line.amount.exact().unwrap().to_decimal(), "50000001.00");
    }
}

#[test]
fn a_range_stays_a_range() {
    let rules =
        "measure m for Enterprise { when { c: clean } pay 1 CNY per 1 of employees(2022), rounded down to 1 CNY once }";
    let facts =
        r#"{"enterprise": {"clean": true, "employees": {"2022": {"at_least": 10, "at_most": 49}}, "awards": []}}"#;
    let line = decide(files(rules), facts, TODAY).lines.remove(0);
    assert_eq!(line.amount.low.to_decimal(), "10.00");
    assert_eq!(line.amount.high.unwrap().to_decimal(), "49.00");
}

#[test]
fn old_names_of_measures_and_members_stay_readable() {
    let rules = "measure renamed for Enterprise { formerly older_name when { c: clean } pay 10 CNY once }";
    let facts = r#"{"enterprise": {"clean": true, "awards": [{"measure": "older_name", "on": "2022-01-01", "amount": 10, "state": "paid"}]}}"#;
    let line = decide(files(rules), facts, TODAY).lines.remove(0);
    assert_eq!(
        line.amount.exact().unwrap().to_decimal(),
        "0.00",
        "it was paid under its old name"
    );
}

#[test]
fn a_title_is_not_held_and_denied_at_once() {
    let package = Package::from_files(files(
        "title unicorn of Enterprise { }\ndefine x of Enterprise = holds(unicorn)",
    ))
    .unwrap();
    let program = check(&package).program(day(TODAY)).unwrap();
    let read = |record: &str| {
        let facts = format!(r#"{{"enterprise": {{"titles": [{{"title": "unicorn", "held": false}}, {record}]}}}}"#);
        read_on(&program.schema, &facts, program.date)
    };
    let said = read(r#"{"title": "unicorn", "granted": "2022-01-01"}"#).unwrap_err();
    assert!(
        said.iter().any(|one| one.to_string().contains("both held and denied")),
        "{said:?}"
    );
    assert!(read(r#"{"title": "unicorn", "granted": "2019-01-01", "until": "2022-01-01"}"#).is_ok());
}
