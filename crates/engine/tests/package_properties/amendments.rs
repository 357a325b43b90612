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

const TITLE: &str = "title studio of Enterprise {
  level municipal
  valid 3 years
  criteria { clean: clean  large: investment >= 100 CNY }
  criteria for renewal { clean: clean }
}
measure held for Enterprise { when { holds: holds(studio) } pay 1 CNY once }
measure fit for Enterprise { when { fits: meets(studio) } pay 1 CNY once }";

const STUDIO: &str = r#"{"enterprise": {"clean": true, "investment": 150, "titles": [], "awards": []}}"#;

#[test]
fn amended_criteria_are_read_and_cited_where_they_stand() {
    let amendment = later(
        "2",
        "2024-01-01..",
        "amend studio { criteria { huge: investment >= 1000 CNY } }",
    );
    let files = files_of(&[("a.md", document("1", TITLE)), ("b.md", amendment)]);
    let fit = |facts: &str, on| {
        decide(files.clone(), facts, on)
            .lines
            .into_iter()
            .find(|line| &*line.name == "fit")
    };
    assert_eq!(fit(STUDIO, "2023-12-31").unwrap().verdict, Verdict::Eligible);
    let line = fit(STUDIO, "2024-01-01").unwrap();
    let [reason] = line.reasons.as_slice() else {
        panic!("one reason: {:?}", line.reasons)
    };
    assert_eq!(reason.path.last().map(|label| &**label), Some("huge"));
    assert_eq!(reason.citation.as_ref().unwrap().number.as_deref(), Some("2"));
    let before = STUDIO
        .replace("[]", r#"[{"title": "studio", "granted": "2020-01-01"}]"#)
        .replacen(
            r#""awards": [{"title": "studio", "granted": "2020-01-01"}]"#,
            r#""awards": []"#,
            1,
        );
    assert_eq!(
        fit(&before, "2024-01-01").unwrap().verdict,
        Verdict::Eligible,
        "criteria for a renewal stay"
    );
}

#[test]
fn an_amended_validity_holds_for_grants_under_it() {
    let amendment = later("2", "2024-01-01..", "amend studio { valid 1 years }");
    let files = files_of(&[("a.md", document("1", TITLE)), ("b.md", amendment)]);
    let held = |granted: &str, on| {
        let facts =
            format!(r#"{{"enterprise": {{"titles": [{{"title": "studio", "granted": "{granted}"}}], "awards": []}}}}"#);
        let lines = decide(files.clone(), &facts, on).lines;
        lines.into_iter().find(|line| &*line.name == "held").unwrap().verdict == Verdict::Eligible
    };
    assert!(held("2023-06-01", "2025-06-01"));
    assert!(!held("2024-06-01", "2025-06-01"));
}

#[test]
fn an_amended_condition_is_one_of_its_rule_and_not_of_what_the_rule_reads() {
    let rules = "define fine of Enterprise = all of { large: investment >= 100 CNY }
measure other for Enterprise { when { fine: fine } pay 5 CNY once }
measure reward for Enterprise { when { large: clean  fine: fine } pay 10 CNY once }";
    let amendment = later("2", "2024-01-01..", "amend reward { large: investment >= 1000 CNY }");
    let files = files_of(&[("a.md", document("1", rules)), ("b.md", amendment)]);
    let lines = decide(files, FACTS, "2024-01-01").lines;
    let verdict = |name: &str| lines.iter().find(|line| &*line.name == name).unwrap().verdict;
    assert_eq!(verdict("other"), Verdict::Eligible);
    let reward = lines.iter().find(|line| &*line.name == "reward").unwrap();
    let reasons: Vec<String> = reward.reasons.iter().map(|reason| reason.path.join(".")).collect();
    assert_eq!(reasons, ["large"]);
}

#[test]
fn a_repealed_annex_takes_no_other_whose_number_begins_alike() {
    let repeal = "---\ntitle: { zh: 废止, en: Repeal }\nnumber: 3\nrepeals: [1 Annex 3 from 2024-01-01]\n---\n\n# Repeal\n\n```meed\nno rule: organisational\n```\n";
    let annexes = document("1", RULES).replace("# Article", "# Annex 3 Rewards")
        + "\n# Annex 30 Others\n\n```meed\nmeasure other for Enterprise { when { clean: clean } pay 5 CNY once }\n```\n";
    let files = files_of(&[("a.md", annexes), ("c.md", repeal.to_owned())]);
    let lines = decide(files, FACTS, "2024-01-01").lines;
    let verdict = |name: &str| lines.iter().find(|line| &*line.name == name).unwrap().verdict;
    assert_eq!(verdict("other"), Verdict::Eligible);
    assert!(matches!(verdict("reward"), Verdict::NotEligible(_)));
}

#[test]
fn a_clause_written_anew_is_not_changed_by_what_amended_the_old_one() {
    let first = later("2", "2023-06-01..", "amend reward { large: investment >= 1000 CNY }");
    let second = later(
        "3",
        "2024-01-01..",
        "amend reward { when { clean: clean  large: investment >= 120 CNY } }",
    );
    let third = later("4", "2025-01-01..", "amend reward { large: investment >= 200 CNY }");
    let files = files_of(&[
        ("a.md", document("1", RULES)),
        ("b.md", first),
        ("c.md", second),
        ("d.md", third),
    ]);
    let is_eligible = |on| decide(files.clone(), FACTS, on).lines.remove(0).verdict == Verdict::Eligible;
    let seen = ["2023-05-31", "2023-06-01", "2024-01-01", "2025-01-01"].map(is_eligible);
    assert_eq!(seen, [true, false, true, false]);
}
