//! An interview ends, asks nothing twice, and leaves nothing open that an answer could settle.

use std::collections::BTreeSet;

use meed_engine::awards::determine;
use meed_engine::awards::verdict::Verdict;
use meed_engine::questions::{self, AnswerKind, Interview, Question};
use meed_engine::result::AmountKind;
use meed_facts::label::Lang;
use meed_facts::record::Record;
use meed_facts::schema::{FactType, Source};
use meed_rules::program::Program;
use proptest::prelude::*;

use crate::package::{firm, harbin, small, small_with};

fn empty(program: &Program, entity: &str) -> Record {
    meed_facts::json::read(&program.schema, &format!("{{\"{entity}\": {{}}}}")).unwrap()
}

/// Some answer of the right kind.
fn some_answer(program: &Program, question: &Question, choice: u32) -> String {
    let year = 2015 + choice % 9;
    match &question.answer {
        AnswerKind::Value(ty) => match ty {
            FactType::Bool => ["yes", "no"][(choice % 2) as usize].to_owned(),
            FactType::Number(_) => format!("0.{}", choice % 10),
            FactType::Count => (choice % 300).to_string(),
            FactType::Money(_) => format!("{}万", choice % 100_000),
            FactType::Date => format!("{year}-05-0{}", 1 + choice % 9),
            FactType::Months => format!("{} years", choice % 9),
            FactType::Days => (choice % 400).to_string(),
            FactType::Enumeration(id) => {
                let members = &program.schema.enumerations[*id].members;
                members[choice as usize % members.len()].name.to_string()
            }
            FactType::Identifier(_) => "refused".to_owned(),
            _ => format!("text {choice}"),
        },
        AnswerKind::Items => (choice % 3).to_string(),
        AnswerKind::Title(levels) if choice.is_multiple_of(3) => match levels {
            Some(levels) => format!("{year}-01-01 {}", program.schema.enumerations[*levels].members[0].name),
            None => format!("{year}-01-01"),
        },
        AnswerKind::Title(_) => "no".to_owned(),
        AnswerKind::Awards => "none".to_owned(),
        AnswerKind::Choice(options) => options[choice as usize % options.len()].to_string(),
    }
}

#[test]
fn what_only_changes_the_amount_is_asked_after_the_verdict_is_known() {
    let rules =
        "measure other for Firm zh \"其他\" en \"Other\" { when { size: staff > 5  good: judged_good } pay rd(2021) }";
    let program = small_with(rules, "2024-03-01");
    let record = firm(
        &program,
        r#"{"revenue": {"2022": 1}, "clean": false, "founded": "2020-01-01", "export_share": "0.2"}"#,
    );
    let of_other = |question: &Question| {
        question
            .measures
            .iter()
            .any(|id| &*program.measures[*id].named.name == "other")
    };
    let names: Vec<String> = questions::all(&program, &record)
        .into_iter()
        .filter(of_other)
        .map(|question| question.name)
        .collect();
    let place = |name: &str| names.iter().position(|known| known == name).unwrap();
    assert!(
        place("judged_good") < place("rd(2021)") && place("staff") < place("rd(2021)"),
        "{names:?}"
    );
}

/// Answers until nothing is asked any more.
fn interview(program: &Program, record: &mut Record, answers: &mut dyn FnMut() -> u32) -> usize {
    let mut asked = BTreeSet::new();
    while let Some(question) = questions::next(program, record) {
        assert!(asked.insert(question.place.clone()), "{} is asked twice", question.name);
        assert!(asked.len() < 2_000, "the interview does not end");
        let text = some_answer(program, &question, answers());
        questions::answer(program, record, &question, &text)
            .or_else(|_| questions::answer(program, record, &question, "refused"))
            .unwrap();
    }
    asked.len()
}

fn nothing_to_ask(program: &Program, record: &Record) {
    for line in &determine::determine(program, record).unwrap().lines {
        let open = line.verdict == Verdict::Undetermined || line.amount.kind == AmountKind::Between;
        // Where the text itself is silent an answer may settle nothing.
        let question = line.missing.iter().all(|missing| missing.kind.is_question()) && !line.missing.is_empty();
        assert!(!open || !question, "{} {:?}", line.name, line.missing);
    }
}

#[test]
fn registers_come_before_the_applicant_and_judgements_last() {
    let program = small("2024-03-01");
    let all = questions::all(&program, &firm(&program, "{}"));
    let rank = |question: &Question| match question.source {
        Source::Registry => 0,
        Source::Declared => 1,
        Source::Judged(_) => 2,
    };
    let ranks: Vec<i32> = all.iter().map(rank).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    assert_eq!(
        all[0].text(Lang::En),
        "Clean record",
        "the research grant has the most money"
    );
    assert_eq!(all[0].text(Lang::Zh), "无违法记录");
}

#[test]
fn what_cannot_change_anything_is_not_asked() {
    let program = small("2024-03-01");
    let record = firm(&program, r#"{"clean": false}"#);
    let names: Vec<String> = questions::all(&program, &record)
        .into_iter()
        .map(|question| question.name)
        .collect();
    assert!(!names.contains(&"rd(2022)".to_owned()) || names.contains(&"staff".to_owned()));
    let record = firm(&program, r#"{"clean": false, "staff": 21}"#);
    let names: Vec<String> = questions::all(&program, &record)
        .into_iter()
        .map(|question| question.name)
        .collect();
    assert_eq!(names, ["founded", "export_share", "judged_good"]);
}

#[test]
fn an_answer_that_is_none_changes_nothing() {
    let program = small("2024-03-01");
    let mut record = firm(&program, r#"{"clean": true}"#);
    let before = record.clone();
    for question in questions::all(&program, &record.clone()) {
        assert!(
            questions::answer(&program, &mut record, &question, "perhaps").is_err(),
            "{}",
            question.name
        );
    }
    let share = questions::all(&program, &record)
        .into_iter()
        .find(|question| question.name == "export_share");
    assert!(
        questions::answer(&program, &mut record, &share.unwrap(), "120%").is_err(),
        "outside the bounds"
    );
    assert_eq!(record, before);
}

#[test]
fn an_interview_goes_on_when_a_question_is_passed_over() {
    let program = small("2024-03-01");
    let record = firm(&program, "{}");
    let mut interview = Interview::default();
    let mut asked = 0;
    while interview.next(&program, &record).is_some() {
        asked += 1;
    }
    assert_eq!(asked, questions::all(&program, &record).len());
}

#[test]
fn an_interview_over_the_whole_package_ends() {
    let program = harbin("2024-03-01");
    for (entity, seed) in [("enterprise", 1), ("enterprise", 7), ("talent", 3)] {
        let mut record = empty(&program, entity);
        let mut state: u32 = seed;
        let count = interview(&program, &mut record, &mut || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        });
        assert!(count > 0);
        nothing_to_ask(&program, &record);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_interview_ends_and_settles(choices in prop::collection::vec(0_u32..100_000, 12)) {
        let program = small("2024-03-01");
        let mut record = firm(&program, "{}");
        let mut choices = choices.into_iter().cycle();
        interview(&program, &mut record, &mut || choices.next().unwrap());
        nothing_to_ask(&program, &record);
        for line in &determine::determine(&program, &record).unwrap().lines {
            prop_assert!(line.verdict != Verdict::Undetermined || line.missing.iter().all(|missing| !missing.kind.is_question()));
        }
    }
}

#[test]
fn what_the_law_presumes_is_asked_last() {
    let rules = "presume clean of Firm unless stated";
    let program = small_with(rules, "2024-03-01");
    let all = questions::all(&program, &firm(&program, "{}"));
    let (presumed, others): (Vec<_>, Vec<_>) = all.iter().partition(|question| question.presumed.is_some());
    assert_eq!(presumed.len(), 1);
    assert_eq!(all.last().unwrap().name, "clean", "although a register could say it");
    assert!(!others.is_empty());
}
