//! Order, names and strangers change nothing, and rules in Chinese mean the same.

use meed_rules::package::Files;
use proptest::prelude::*;
use serde_json::Value;

use super::packages::{TODAY, canonical, decide, document, files, files_of};

/// Rules that read each other, share groups and ceilings, and are written in no particular order.
const RULES: [&str; 9] = [
    "define ratio of Enterprise = rd_expense(2022) / revenue(2022)",
    "parameter floor_ratio = 3%",
    "measure alpha for Enterprise { when { r: ratio >= floor_ratio } pay 100 CNY once }",
    "measure beta for Enterprise { when { c: clean } pay 100 CNY once }",
    "measure gamma for Enterprise per hire in hires { when { f: hire.full_time } pay hire.bonus once }",
    "measure delta for Enterprise { when { g: gets(alpha) } pay 7 CNY once }",
    "combine ceiling: at most 150.01 CNY over alpha, beta, cut in proportion",
    "combine people: at most 10 CNY over gamma, cut in proportion",
    "title medal of Enterprise { valid 3 years criteria { c: clean } }",
];

const FACTS: &str = r#"{"enterprise": {"clean": true, "revenue": {"2022": 100}, "rd_expense": {"2022": 3}, "awards": [], "titles": [],
    "hires": [{"id": "h1", "full_time": true, "bonus": 5}, {"id": "h2", "full_time": true, "bonus": 5}, {"id": "h3", "bonus": 9}]}}"#;

/// Each rule in an article of its own, so that its citation does not depend on its place.
fn in_articles(rules: &[&str]) -> Files {
    let articles: String = rules
        .iter()
        .map(|rule| {
            let heading: String = rule.chars().take_while(|c| !"={:".contains(*c)).collect();
            format!("# {heading}\n\n```meed\n{rule}\n```\n\n")
        })
        .collect();
    let head = "---\ntitle: { zh: 文件, en: Document }\nnumber: 1\n---\n\n";
    files_of(&[("document.md", format!("{head}{articles}"))])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_rules_changes_nothing(rules in Just(RULES.to_vec()).prop_shuffle()) {
        let expected = canonical(&decide(in_articles(&RULES), FACTS, TODAY));
        prop_assert_eq!(canonical(&decide(in_articles(&rules), FACTS, TODAY)), expected);
    }

    #[test]
    fn the_order_of_documents_changes_nothing(order in Just((0..RULES.len()).collect::<Vec<_>>()).prop_shuffle()) {
        // Documents are read by path: new paths put them into another order, and are all that may differ.
        let split = |order: &[usize]| {
            let named: Vec<(String, String)> = order
                .iter()
                .zip(RULES.iter().enumerate())
                .map(|(place, (number, rule))| (format!("d{place}.md"), document(&number.to_string(), rule)))
                .collect();
            let documents: Vec<(&str, String)> = named.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
            files_of(&documents)
        };
        let plain: Vec<usize> = (0..RULES.len()).collect();
        let without_paths = |files: Files| {
            let text = canonical(&decide(files, FACTS, TODAY));
            (0..RULES.len()).fold(text, |text, at| text.replace(&format!("d{at}.md"), "d.md"))
        };
        prop_assert_eq!(without_paths(split(&order)), without_paths(split(&plain)));
    }

    #[test]
    fn the_order_of_children_changes_nothing(order in Just(vec![0_usize, 1, 2]).prop_shuffle()) {
        let mut facts: Value = serde_json::from_str(FACTS).unwrap();
        let hires = facts["enterprise"]["hires"].as_array().unwrap().clone();
        facts["enterprise"]["hires"] = order.iter().map(|at| hires[*at].clone()).collect();
        let without_facts_digest = |facts: &str| {
            let mut json = decide(in_articles(&RULES), facts, TODAY).to_json();
            json["facts"] = Value::Null;
            meed_facts::json::canonical(&json)
        };
        prop_assert_eq!(without_facts_digest(&facts.to_string()), without_facts_digest(FACTS));
    }

    #[test]
    fn renaming_a_measure_changes_nothing_but_the_name(name in "[a-z]{1,8}_x|甲乙[一-十]{1,3}") {
        let expected = canonical(&decide(in_articles(&RULES), FACTS, TODAY));
        let renamed: Vec<String> = RULES.iter().map(|rule| rule.replace("alpha", &name)).collect();
        let renamed: Vec<&str> = renamed.iter().map(String::as_str).collect();
        let found = canonical(&decide(in_articles(&renamed), FACTS, TODAY)).replace(&name, "alpha");
        prop_assert_eq!(by_name(&found), by_name(&expected));
    }
}

/// The result with its lines in the order of their names, since that order alone is by name.
fn by_name(canonical: &str) -> String {
    let mut json: Value = serde_json::from_str(canonical).unwrap();
    for list in ["awards", "titles"] {
        let name = |line: &Value| (line["measure"].to_string(), line["key"].to_string());
        json[list].as_array_mut().unwrap().sort_by_key(name);
    }
    json.to_string()
}

#[test]
fn renaming_a_title_a_fact_a_definition_and_a_parameter_changes_nothing_but_the_name() {
    let expected = canonical(&decide(in_articles(&RULES), FACTS, TODAY));
    for (old, new) in [
        ("medal", "zz_medal"),
        ("ratio >=", "aa_ratio >="),
        ("clean", "zz_clean"),
        ("floor_ratio", "aa_floor"),
    ] {
        let (old, new) = (old.trim_end_matches(" >="), new.trim_end_matches(" >="));
        let word = |text: &str| rename(text, old, new);
        let mut files = in_articles(&RULES);
        for (path, text) in &mut files {
            if path.ends_with(".md") {
                *text = word(text);
            }
        }
        let found = canonical(&decide(files, &word(FACTS), TODAY));
        let digest = |text: &str| {
            let mut json: Value = serde_json::from_str(text).unwrap();
            json["facts"] = Value::Null;
            json.to_string()
        };
        assert_eq!(digest(&rename(&found, new, old)), digest(&expected), "{old} → {new}");
    }
}

/// Replaces a whole word.
fn rename(text: &str, old: &str, new: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut made = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\n']) {
        if is_word(c) {
            word.push(c);
        } else {
            made.push_str(if word == old { new } else { &word });
            word.clear();
            made.push(c);
        }
    }
    made.pop();
    made
}

#[test]
fn two_equal_measures_under_an_odd_ceiling_whatever_their_names() {
    let rules = |first: &str| {
        format!(
            "measure {first} for Enterprise {{ when {{ c: clean }} pay 100 CNY once }}
            measure m for Enterprise {{ when {{ c: clean }} pay 100 CNY once }}
            combine odd: at most 100.01 CNY over {first}, m, cut in proportion"
        )
    };
    let facts = r#"{"enterprise": {"clean": true, "awards": []}}"#;
    let made = |name: &str| {
        by_name(&canonical(&decide(files(&rules(name)), facts, TODAY)).replace(&format!("\"{name}\""), "\"first\""))
    };
    assert_eq!(made("a"), made("z"));
}

#[test]
fn a_stranger_changes_no_other_line() {
    let strangers = "measure stranger for Enterprise { when { c: clean } pay 1000000 CNY once }
        define unrelated of Enterprise = score + 1
        combine strangers_only: at most 5 CNY over stranger";
    let mut with = in_articles(&RULES);
    with.insert("stranger.md".to_owned(), document("9", strangers));
    let mut found = decide(with, FACTS, TODAY).to_json();
    let expected = decide(in_articles(&RULES), FACTS, TODAY).to_json();
    found["awards"]
        .as_array_mut()
        .unwrap()
        .retain(|line| line["measure"] != "stranger");
    assert_eq!(found["awards"], expected["awards"]);
    assert_eq!(found["titles"], expected["titles"]);
}

#[test]
fn chinese_names_and_chinese_keywords_mean_the_same() {
    let english = document(
        "1",
        "title medal of Enterprise { valid 3 years }\ndefine ratio of Enterprise = rd_expense(2022) / revenue(2022)\nmeasure m for Enterprise { when { r: ratio >= 3% } pay 100 CNY once }",
    );
    let chinese = meed_rules::format::convert(file_id(), &english, meed_rules::phrases::Language::Chinese).unwrap();
    assert!(chinese.contains("rules: zh"), "{chinese}");
    assert!(!chinese.contains("measure"), "{chinese}");
    let of = |text: String| canonical(&decide(files_of(&[("document.md", text)]), FACTS, TODAY));
    assert_eq!(of(chinese), of(english.clone()));
    let renamed = |text: &str| rename(&rename(text, "ratio", "研发强度"), "m", "研发奖励");
    let restored = of(renamed(&english))
        .replace("研发强度", "ratio")
        .replace("研发奖励", "m");
    assert_eq!(by_name(&restored), by_name(&of(english)));
}

fn file_id() -> meed_rules::diagnostic::FileId {
    meed_rules::diagnostic::Sources::new().add("document.md", "")
}

#[test]
fn names_are_the_same_in_either_unicode_form() {
    // The accent on its own letter, and after it.
    let (composed, apart) = ("prim\u{e9}", "prime\u{301}");
    let rules = |defined: &str, read: &str| {
        format!(
            "define {defined} of Enterprise = clean\nmeasure aid_{defined} for Enterprise {{ when {{ c: {read} }} pay 1 CNY once }}"
        )
    };
    let facts = |name: &str| {
        format!(
            r#"{{"enterprise": {{"clean": true, "awards": [{{"measure": "aid_{name}", "on": "2022-01-01", "amount": 1, "state": "paid"}}]}}}}"#
        )
    };
    let seen = |defined: &str, read: &str, stated: &str| {
        let line = decide(files(&rules(defined, read)), &facts(stated), TODAY)
            .lines
            .remove(0);
        (
            line.name.to_string(),
            line.verdict.name(),
            line.amount.exact().unwrap().minor(),
        )
    };
    let expected = (format!("aid_{composed}"), "eligible", 0);
    assert_eq!(seen(apart, composed, composed), expected);
    assert_eq!(seen(composed, apart, apart), expected);
}
