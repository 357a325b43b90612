//! Why something has no value, or several: told with the operation, and cited where the rule that reads it stands.

use meed_engine::awards::determine;
use meed_engine::explain::Evaluator;
use meed_engine::words;
use meed_facts::label::Lang;
use meed_rules::{Package, check};
use serde_json::Value;

use super::packages::{TODAY, day, document, files_of};

/// What the second of two documents says of its measure `own`, as JSON and as text: the first says the same in a measure of its own.
fn told(condition: &str, facts: &str) -> (Value, [String; 2]) {
    let measure = |name: &str| format!("measure {name} for Enterprise {{ when {{ c: {condition} }} pay 5 CNY once }}");
    let files = files_of(&[
        ("a.md", document("1", &measure("foreign"))),
        ("b.md", document("2", &measure("own"))),
    ]);
    let package = Package::from_files(files).unwrap();
    let program = check(&package).program(day(TODAY)).unwrap();
    let record = meed_facts::json::read_on(&program.schema, facts, program.date).unwrap();
    let evaluator = Evaluator::new(&program, &record);
    let result = determine::of(&evaluator, &record);
    let json = words::to_json(&evaluator, &result);
    let own = json["awards"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["measure"] == "own");
    let texts = [Lang::En, Lang::Zh].map(|lang| words::text(&evaluator, &result, lang));
    (own.unwrap().clone(), texts)
}

#[test]
fn a_division_by_zero_names_the_divisor_and_cites_the_rule_that_reads_it() {
    let (own, [en, zh]) = told(
        "rd_expense(2022) / revenue(2022) >= 3%",
        r#"{"enterprise": {"revenue": {"2022": 0}, "rd_expense": {"2022": 5}, "awards": []}}"#,
    );
    let [gap] = own["missing"].as_array().unwrap().as_slice() else {
        panic!("{own:#}")
    };
    assert_eq!(gap["kind"], "undefined");
    assert_eq!(
        gap["citation"]["number"], "2",
        "not the document that says the same first"
    );
    assert_eq!(gap["text"]["en"], "division by Revenue (2022), which is 0");
    assert_eq!(gap["text"]["zh"], "除数“营业收入（2022年）”为零");
    assert!(en.contains("division by Revenue (2022), which is 0"), "{en}");
    assert!(zh.contains("除数“营业收入（2022年）”为零"), "{zh}");
}

#[test]
fn a_division_in_a_shared_definition_is_cited_where_the_definition_stands() {
    let rules = "define ratio of Enterprise = rd_expense(2022) / revenue(2022)\nmeasure own for Enterprise { when { c: clean and ratio >= 3% } pay 5 CNY once }";
    let files = files_of(&[("a.md", document("1", rules))]);
    let package = Package::from_files(files).unwrap();
    let program = check(&package).program(day(TODAY)).unwrap();
    let facts = r#"{"enterprise": {"clean": true, "revenue": {"2022": 0}, "rd_expense": {"2022": 5}, "awards": []}}"#;
    let record = meed_facts::json::read_on(&program.schema, facts, program.date).unwrap();
    let line = determine::determine(&program, &record).unwrap().lines.remove(0);
    let [gap] = line.missing.as_slice() else {
        panic!("{:?}", line.missing)
    };
    assert!(gap.frame.is_some() && gap.citation.is_some());
}

#[test]
fn what_is_too_large_says_so() {
    let (own, _) = told(
        "(score ^ 64) ^ 64 > 1",
        r#"{"enterprise": {"score": 99, "awards": []}}"#,
    );
    let gap = &own["missing"][0];
    assert_eq!(gap["kind"], "undefined", "{own:#}");
    assert!(
        gap["text"]["en"].as_str().unwrap().contains("too large to be computed"),
        "{gap:#}"
    );
}

#[test]
fn an_amount_too_large_to_be_paid_is_not_nothing_and_has_a_reason() {
    let rules = "measure m for Enterprise { when { c: clean } pay first_amount * second_amount / 1 CNY, rounded down to 1 CNY once }";
    let facts = r#"{"enterprise": {"clean": true, "first_amount": "999999999999999999999999.00", "second_amount": "999999999999999999999999.00", "awards": []}}"#;
    let line = super::packages::decide(super::packages::files(rules), facts, TODAY)
        .lines
        .remove(0);
    assert!(line.amount.high.is_none());
    assert!(
        line.missing.iter().any(|gap| gap.kind.name() == "undefined"),
        "{:?}",
        line.missing
    );
}

#[test]
fn an_unclear_text_shows_what_each_reading_gives() {
    let (own, [en, zh]) = told(
        "unclear { at_purchase: score >= 60  at_application: score >= 80 }",
        r#"{"enterprise": {"score": 70, "awards": []}}"#,
    );
    let [gap] = own["missing"].as_array().unwrap().as_slice() else {
        panic!("{own:#}")
    };
    assert_eq!(gap["kind"], "conflict");
    assert_eq!(gap["citation"]["number"], "2");
    assert_eq!(
        gap["readings"],
        serde_json::json!({ "at_purchase": true, "at_application": false })
    );
    for (text, words) in [
        (en, ["at_purchase: yes", "at_application: no"]),
        (zh, ["at_purchase：是", "at_application：否"]),
    ] {
        for expected in words {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
    }
}

#[test]
fn a_divisor_that_is_not_known_may_be_0() {
    let (own, _) = told(
        "rd_expense(2022) / revenue(2022) >= 3%",
        r#"{"enterprise": {"rd_expense": {"2022": 5}, "awards": []}}"#,
    );
    let gaps = own["missing"].as_array().unwrap();
    let undefined = gaps.iter().find(|gap| gap["kind"] == "undefined").unwrap();
    assert_eq!(undefined["text"]["en"], "division by Revenue (2022), which may be 0");
}
