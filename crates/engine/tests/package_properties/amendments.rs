//! Documents in time: what is decided for an earlier day stays decided.

use meed_engine::awards::verdict::Verdict;

use super::packages::{canonical, decide, document, files_of};

const RULES: &str = "parameter floor_amount = 100 CNY
measure reward for Enterprise {
  when { clean: clean  large: investment >= floor_amount }
  pay 10 CNY
  once
}";

const FACTS: &str = r#"{"enterprise": {"clean": true, "investment": 150, "awards": []}}"#;

fn later(number: &str, in_force: &str, rules: &str) -> String {
    let head = format!("in_force: {in_force}\namends: [1]\n---\n\n# Article");
    document(number, rules).replacen("---\n\n# Article", &head, 1)
}

#[test]
fn a_later_amendment_leaves_earlier_days_alone_and_holds_from_its_day() {
    let amendment = later("2", "2024-01-01..", "amend reward { pay 99 CNY }");
    let before = files_of(&[("a.md", document("1", RULES))]);
    let after = files_of(&[("a.md", document("1", RULES)), ("b.md", amendment)]);
    for on in ["2022-01-01", "2023-06-01", "2023-12-31"] {
        let (old, new) = (decide(before.clone(), FACTS, on), decide(after.clone(), FACTS, on));
        assert_eq!(canonical(&new), canonical(&old), "{on}");
    }
    let line = decide(after, FACTS, "2024-01-01").lines.remove(0);
    assert_eq!(
        (line.verdict, line.amount.exact().unwrap().to_decimal()),
        (Verdict::Eligible, "99.00".to_owned())
    );
}

#[test]
fn an_amendment_may_change_one_condition_and_keeps_the_others() {
    let amendment = later("2", "2024-01-01..", "amend reward { large: investment >= 200 CNY }");
    let files = files_of(&[("a.md", document("1", RULES)), ("b.md", amendment)]);
    let line = decide(files, FACTS, "2024-01-01").lines.remove(0);
    let reasons: Vec<String> = line.reasons.iter().map(|reason| reason.path.join(".")).collect();
    assert_eq!(reasons, ["large"]);
}

#[test]
fn a_new_value_of_a_parameter_holds_from_its_day() {
    let dated = RULES.replace("= 100 CNY", "{ ..2024-01-01: 100 CNY  2024-01-01..: 200 CNY }");
    let files = files_of(&[("a.md", document("1", &dated))]);
    let verdict = |on| decide(files.clone(), FACTS, on).lines.remove(0).verdict;
    assert_eq!(verdict("2023-12-31"), Verdict::Eligible);
    assert!(matches!(verdict("2024-01-01"), Verdict::NotEligible(_)));
}

#[test]
fn repeal_ends_a_measure_on_its_day() {
    let repeal = "---\ntitle: { zh: 废止, en: Repeal }\nnumber: 3\nrepeals: [1 Article from 2024-01-01]\n---\n\n# Repeal\n\n```meed\nno rule: organisational\n```\n";
    let files = files_of(&[("a.md", document("1", RULES)), ("c.md", repeal.to_owned())]);
    let verdict = |on| decide(files.clone(), FACTS, on).lines.remove(0).verdict;
    assert_eq!(verdict("2023-12-31"), Verdict::Eligible);
    assert_eq!(
        verdict("2024-01-01"),
        Verdict::NotEligible(meed_engine::awards::verdict::Why::NotInForce)
    );
}

#[test]
fn an_amendment_changes_the_document_that_it_amends_and_not_the_one_that_replaces_it() {
    let amendment = later("2", "2023-06-01..", "amend reward { pay 99 CNY }");
    let head = "in_force: 2024-01-01..\nreplaces: [1]\n---\n\n# Article";
    let anew = document("3", &RULES.replace("pay 10 CNY", "pay 20 CNY")).replacen("---\n\n# Article", head, 1);
    let files = files_of(&[("a.md", document("1", RULES)), ("b.md", amendment), ("c.md", anew)]);
    let paid = |on| {
        let line = decide(files.clone(), FACTS, on).lines.remove(0);
        line.amount.exact().unwrap().to_decimal()
    };
    assert_eq!(paid("2023-05-31"), "10.00");
    assert_eq!(paid("2023-06-01"), "99.00");
    assert_eq!(paid("2024-01-01"), "20.00");
}

#[test]
fn an_amended_rule_cites_its_amendment_beside_its_own_place() {
    let amendment = later("2", "2023-06-01..", "amend reward { pay 99 CNY }");
    let files = files_of(&[("a.md", document("1", RULES)), ("b.md", amendment)]);
    let amended_by = |on| {
        let line = decide(files.clone(), FACTS, on).lines.remove(0);
        let citation = line.citation.unwrap();
        assert_eq!(citation.number.as_deref(), Some("1"));
        citation
            .amended_by
            .iter()
            .map(|by| by.number.as_deref().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(amended_by("2023-05-31"), [] as [&str; 0]);
    assert_eq!(amended_by("2023-06-01"), ["2"]);
}
