//! What leaves an amount open is named as missing, wherever it stands: an open amount that names nothing could never be settled.

use meed_engine::explain::Evaluator;
use meed_engine::result::AwardLine;
use meed_engine::{awards::determine, words};
use meed_facts::label::Lang;
use meed_rules::{Package, check};

use super::packages::{TODAY, day, decide, files};

fn line(rules: &str, facts: &str, measure: &str) -> AwardLine {
    let facts = format!(r#"{{"enterprise": {{{facts}}}}}"#);
    let lines = decide(files(rules), &facts, TODAY).lines;
    lines.into_iter().find(|line| &*line.name == measure).unwrap()
}

fn missing(line: &AwardLine) -> Vec<&str> {
    assert!(line.amount.exact().is_none(), "{:?}", line.amount);
    line.missing.iter().map(|one| &*one.name).collect()
}

#[test]
fn a_year_before_that_may_have_ended_the_series_is_asked_for() {
    let rules = "measure s for Enterprise { while { r: revenue(year) >= 100 CNY } judged on the year before
        pay 10 CNY every year for 3 years from approved_on ends on failure }";
    let facts = r#""approved_on": "2020-05-01", "revenue": {"2020": 100, "2022": 100}, "awards": []"#;
    let open = line(rules, facts, "s");
    assert_eq!(missing(&open), ["revenue(2021)"]);
}

#[test]
fn what_is_not_known_of_the_line_beside_it_is_missing_for_a_line() {
    let measures = "measure a for Enterprise { when { c: listed } pay 4 CNY once }
        measure b for Enterprise { when { c: clean } pay 3 CNY once }";
    for clause in [
        "exclusive a before b",
        "highest of a, b",
        "top up b, a",
        "at most 5 CNY over a, b, cut in proportion",
        "at most 5 CNY over a, b, cut b before a",
    ] {
        let rules = format!("{measures} combine g zh \"条款\" en \"Clause\": {clause}");
        let open = line(&rules, r#""clean": true, "awards": []"#, "b");
        assert_eq!(missing(&open), ["listed"], "{clause}");
    }
}

#[test]
fn a_line_that_cannot_change_another_is_not_missing_for_it() {
    let measures = "measure a for Enterprise { when { c: listed } pay 4 CNY once }
        measure b for Enterprise { when { c: clean } pay 3 CNY once }
        measure d for Enterprise { when { c: leading } pay 1 CNY once }";
    for clause in ["exclusive a before b, d", "highest of a, b, d", "top up d, b, a"] {
        let rules = format!("{measures} combine g zh \"条款\" en \"Clause\": {clause}");
        let open = line(&rules, r#""clean": true, "awards": []"#, "b");
        assert_eq!(missing(&open), ["listed"], "{clause}");
    }
}

#[test]
fn an_award_that_does_not_tell_its_day_key_or_amount_is_missing() {
    let yearly = "measure a for Enterprise { when { c: clean } pay 12 CNY every year for 3 years from approved_on }";
    let keyed = "measure a for Enterprise per project in projects { when { c: clean } pay 12 CNY once }";
    let list = r#""projects": [{"id": "p"}, {"id": "q"}], "#;
    for (rules, facts) in [
        (
            yearly,
            r#""awards": [{"measure": "a", "amount": 12, "state": "paid"}]"#.to_owned(),
        ),
        (
            yearly,
            r#""awards": [{"measure": "a", "on": "2023-02-01", "state": "paid"}]"#.to_owned(),
        ),
        (
            keyed,
            format!(r#"{list}"awards": [{{"measure": "a", "on": "2023-02-01", "amount": 12, "state": "paid"}}]"#),
        ),
    ] {
        let open = line(
            rules,
            &format!(r#""clean": true, "approved_on": "2022-04-01", {facts}"#),
            "a",
        );
        assert_eq!(missing(&open), ["awards.a"], "{facts}");
    }
    let told = r#""clean": true, "approved_on": "2022-04-01", "awards": [{"measure": "a", "on": "2023-02-01", "amount": 5, "state": "paid"}]"#;
    assert_eq!(line(yearly, told, "a").missing.len(), 0);
}

#[test]
fn a_list_of_titles_that_is_complete_is_not_asked_for() {
    let rules = "title unicorn of Enterprise { valid 3 years }
        measure m for Enterprise { when { c: granted(unicorn) >= 2020-01-01 } pay 5 CNY once }";
    let kinds = |facts: &str| -> Vec<&'static str> {
        let open = line(rules, facts, "m");
        open.missing.iter().map(|one| one.kind.name()).collect()
    };
    assert_eq!(kinds(r#""awards": [], "titles": []"#), ["undefined"]);
    assert_eq!(kinds(r#""awards": []"#), ["missing", "undefined"]);
}

#[test]
fn who_bears_an_amount_is_said_with_the_doubt_there_is() {
    let rules = "measure a for Enterprise { when { c: listed } pay 4 CNY once }
        measure b for Enterprise { when { c: clean } pay 3 CNY once }
        combine g zh \"条款\" en \"Clause\": exclusive a before b";
    let package = Package::from_files(files(rules)).unwrap();
    let program = check(&package).program(day(TODAY)).unwrap();
    let text = |facts: &str| {
        let facts = format!(r#"{{"enterprise": {{"clean": true, {facts} "awards": []}}}}"#);
        let record = meed_facts::json::read_on(&program.schema, &facts, program.date).unwrap();
        let evaluator = Evaluator::new(&program, &record);
        let result = determine::of(&evaluator, &record);
        words::text(&evaluator, &result, Lang::En)
    };
    assert!(text("").contains("may be borne by a"), "{}", text(""));
    let known = text(r#""listed": true,"#);
    assert!(known.contains("borne by a") && !known.contains("may be"), "{known}");
}
