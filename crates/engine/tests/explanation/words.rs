//! What people read says what was computed.

use meed_engine::awards::determine;
use meed_engine::explain::Evaluator;
use meed_engine::words::{Entry, Words};
use meed_engine::{gap, words};
use meed_facts::label::Lang;
use meed_facts::record::Record;
use meed_rules::program::Program;

use crate::package::{example, firm, harbin, small, small_with};

fn text(program: &Program, record: &Record, lang: Lang) -> String {
    let evaluator = Evaluator::new(program, record);
    let mut result = determine::of(&evaluator, record);
    gap::fill(&evaluator, record, &mut result);
    words::text(&evaluator, &result, lang)
}

fn almost(program: &Program) -> Record {
    firm(
        program,
        r#"{"revenue": {"2022": "1000000000.00"}, "rd": {"2022": "29800000.00"}, "clean": true, "staff": 3}"#,
    )
}

#[test]
fn a_failing_condition_shows_formula_values_and_clause() {
    let program = small("2024-03-01");
    let text = text(&program, &almost(&program), Lang::En);
    for expected in [
        "✗ Research grant: not eligible",
        "✗ ratio: R&D expense (2022) ÷ Revenue (2022) ≥ 3%",
        "= 2.98% (R&D expense (2022): 29,800,000.00 CNY; Revenue (2022): 1,000,000,000.00 CNY)",
        "测试〔2024〕1号 › 一 条件",
        "R&D expense (2022) must rise by 200,000.00 CNY to 30,000,000.00 CNY",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(!text.contains("✓ clean"), "what holds is no reason against\n{text}");
}

#[test]
fn chinese_uses_its_own_labels_and_units() {
    let program = small("2024-03-01");
    let text = text(&program, &almost(&program), Lang::Zh);
    for expected in [
        "✗ 研发补助：不符合",
        "研发费用（2022年） ÷ 营业收入（2022年） ≥ 3%",
        "= 2.98%（研发费用（2022年）：2,980万元；营业收入（2022年）：10亿元）",
        "须增加20万元，达到3,000万元",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn what_is_missing_says_whom_to_ask() {
    let program = small("2024-03-01");
    let text = text(&program, &firm(&program, "{}"), Lang::En);
    for expected in [
        "? judgement: Judged good",
        "from Office",
        "evidence: 审计报告",
        "from a register",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn the_page_is_whole_and_escaped() {
    let program = small("2024-03-01");
    let record = almost(&program);
    let evaluator = Evaluator::new(&program, &record);
    let result = determine::of(&evaluator, &record);
    let page = words::html(&evaluator, &result, Lang::En);
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("R&amp;D expense (2022)") && !page.contains("R&D"));
    for outside in ["<script", "http://", "https://", " src=", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("<ul>").count(), page.matches("</ul>").count());
    assert_eq!(
        page.matches("<section").count(),
        result.lines.len() + result.services.len()
    );
}

#[test]
fn reasons_carry_their_words_in_both_languages() {
    let program = small("2024-03-01");
    let record = almost(&program);
    let evaluator = Evaluator::new(&program, &record);
    let result = determine::of(&evaluator, &record);
    let json = words::to_json(&evaluator, &result);
    let awards = json["awards"].as_array().unwrap();
    let research = awards.iter().find(|line| line["measure"] == "research").unwrap();
    let reason = &research["reasons"][0];
    assert_eq!(reason["text"]["en"], "R&D expense (2022) ÷ Revenue (2022) ≥ 3%");
    assert_eq!(reason["text"]["zh"], "研发费用（2022年） ÷ 营业收入（2022年） ≥ 3%");
}

#[test]
fn members_are_those_of_their_own_enumeration() {
    let program = harbin("2024-03-01");
    let text = text(&program, &example(&program, "little-giant.json"), Lang::Zh);
    assert!(text.contains("岗位类别属于“专业技术人才、高级管理人才”"), "{text}");
    assert!(text.contains("年薪门槛：50万元"), "{text}");
}

#[test]
fn every_example_can_be_told() {
    let program = harbin("2024-03-01");
    let examples = [
        "almost",
        "little-giant",
        "high-tech",
        "ranges",
        "phd",
        "startup",
        "technology-centre",
    ];
    for name in examples {
        let record = example(&program, &format!("{name}.json"));
        for lang in [Lang::Zh, Lang::En] {
            let text = text(&program, &record, lang);
            assert!(text.lines().count() > 10);
            if let Ok(folder) = std::env::var("MEED_SHOW") {
                std::fs::write(format!("{folder}/{name}-{lang:?}.txt"), &text).unwrap();
                let evaluator = Evaluator::new(&program, &record);
                let mut result = determine::of(&evaluator, &record);
                gap::fill(&evaluator, &record, &mut result);
                std::fs::write(
                    format!("{folder}/{name}-{lang:?}.html"),
                    words::html(&evaluator, &result, lang),
                )
                .unwrap();
            }
        }
    }
}

#[test]
fn what_people_read_cites_the_law_that_results_cite() {
    let program = harbin("2024-03-01");
    for name in [
        "little-giant",
        "high-tech",
        "graduate-master",
        "design-centre",
        "technology-centre",
    ] {
        let record = example(&program, &format!("{name}.json"));
        let evaluator = Evaluator::new(&program, &record);
        let result = determine::of(&evaluator, &record);
        let words = Words::about(&evaluator, Lang::En);
        for line in &result.lines {
            let block = words.award(line);
            let shown = entries(block.parts.iter().flat_map(|(_, entries)| entries));
            for reason in &line.reasons {
                let Some((node, frame)) = reason.node else { continue };
                let text = words.node(node, Some(frame));
                let cited: Vec<_> = shown
                    .iter()
                    .filter(|entry| entry.text == text)
                    .map(|entry| &entry.citation)
                    .collect();
                assert!(
                    cited.is_empty() || cited.contains(&&reason.citation),
                    "{name}, {}: {text} cites {cited:?}, the result {:?}",
                    line.name,
                    reason.citation
                );
            }
        }
    }
}

fn entries<'e>(of: impl Iterator<Item = &'e Entry>) -> Vec<&'e Entry> {
    of.flat_map(|entry| [vec![entry], entries(entry.children.iter())].concat())
        .collect()
}

#[test]
fn payers_that_wait_for_each_other_are_told_to() {
    let rules = |word: &str| {
        format!(
            "agency city zh \"市财政\" en \"City treasury\"\n\
            measure joint for Firm zh \"共担\" en \"Joint grant\" {{ when {{ clean: clean }} pay 3 CNY shared office 50%, city 50% {word} }}"
        )
    };
    let told = |word: &str, lang: Lang| {
        let program = small_with(&rules(word), "2024-03-01");
        text(&program, &firm(&program, r#"{"clean": true}"#), lang)
    };
    let (alone, together) = (told("", Lang::En), told("together", Lang::En));
    let wait = "They pay together: each once all the others can";
    assert!(together.contains(wait) && !alone.contains(wait), "{together}");
    assert!(together.contains("City treasury: 1.50 CNY"), "{together}");
    assert!(told("together", Lang::Zh).contains("各方同步支付"));
}
