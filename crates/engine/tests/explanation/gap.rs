//! A move is exactly enough: with it the condition holds, with one smallest unit less it does not.

use meed_engine::awards::determine;
use meed_engine::awards::verdict::Verdict;
use meed_engine::explain::Evaluator;
use meed_engine::gap;
use meed_engine::result::{AwardLine, Determination};
use meed_engine::words::Words;
use meed_facts::label::Lang;
use meed_facts::record::Record;
use meed_rules::program::Program;
use proptest::prelude::*;

use crate::package::{example, firm, harbin, small, small_with};

/// The result with gaps, and each move as English text.
fn determined(program: &Program, record: &Record) -> (Determination, Vec<String>) {
    let evaluator = Evaluator::new(program, record);
    let mut result = determine::of(&evaluator, record);
    gap::fill(&evaluator, record, &mut result);
    let words = Words::about(&evaluator, Lang::En);
    let moves = result
        .lines
        .iter()
        .flat_map(|line| &line.gap)
        .flat_map(|gap| &gap.conditions);
    let texts = moves
        .flat_map(|condition| &condition.moves)
        .map(|one| words.moved(one))
        .collect();
    (result, texts)
}

fn line<'d>(result: &'d Determination, name: &'d str) -> &'d AwardLine {
    result.lines_of(name).next().unwrap()
}

fn is_eligible(program: &Program, facts: &str, measure: &str) -> bool {
    let record = firm(program, facts);
    line(&determine::determine(program, &record).unwrap(), measure).verdict == Verdict::Eligible
}

#[test]
fn money_moves_to_the_fen() {
    let program = small("2024-03-01");
    let record = firm(
        &program,
        r#"{"revenue": {"2022": "47333333.33"}, "rd": {"2022": "1000000.00"}, "clean": true, "staff": 30}"#,
    );
    let (_, moves) = determined(&program, &record);
    // 3 % of the revenue is 1,419,999.9999: one fen less than 1,420,000.00 is not enough.
    assert!(
        moves.contains(&"R&D expense (2022) must rise by 420,000.00 CNY to 1,420,000.00 CNY".to_owned()),
        "{moves:?}"
    );
    assert!(
        moves.contains(&"Revenue (2022) must fall by 14,000,000.00 CNY to 33,333,333.33 CNY".to_owned()),
        "{moves:?}"
    );
    assert!(is_eligible(
        &program,
        r#"{"revenue": {"2022": "47333333.33"}, "rd": {"2022": "1420000.00"}, "clean": true}"#,
        "research"
    ));
    assert!(!is_eligible(
        &program,
        r#"{"revenue": {"2022": "47333333.33"}, "rd": {"2022": "1419999.99"}, "clean": true}"#,
        "research"
    ));
}

#[test]
fn a_strict_comparison_needs_one_unit_more() {
    let program = small("2024-03-01");
    let record = firm(
        &program,
        r#"{"staff": 20, "revenue": {"2022": 11000000}, "rd": {"2022": 1000000}}"#,
    );
    let (result, moves) = determined(&program, &record);
    assert_eq!(line(&result, "size").gap.len(), 2, "either condition is enough");
    assert!(moves.contains(&"Staff must rise by 1 to 21".to_owned()), "{moves:?}");
    assert!(
        moves.contains(&"Revenue (2022) must rise by 0.01 CNY to 11,000,000.01 CNY".to_owned()),
        "{moves:?}"
    );
}

#[test]
fn a_number_without_smallest_unit_has_a_threshold() {
    let program = small("2024-03-01");
    let record = firm(&program, r#"{"export_share": "0.2"}"#);
    let (_, moves) = determined(&program, &record);
    assert_eq!(moves, ["Export share must be above 25%"]);
}

#[test]
fn a_number_exactly_on_a_strict_threshold_has_a_way_beyond_it() {
    let facts = r#"{"export_share": "0.25", "clean": false}"#;
    for (condition, text) in [
        ("export_share > 25%", "Export share must be above 25%"),
        ("export_share < 25%", "Export share must be below 25%"),
        ("export_share in 25% <.. 70%", "Export share must be above 25%"),
    ] {
        let rules = format!(
            "measure other for Firm zh \"其他\" en \"Other\" {{\n  when {{\n    share: {condition}\n    clean: clean\n  }}\n  pay 1万 CNY\n}}"
        );
        let program = small_with(&rules, "2024-03-01");
        let (result, moves) = determined(&program, &firm(&program, facts));
        let [way] = line(&result, "other").gap.as_slice() else {
            panic!("{condition}")
        };
        let labels: Vec<String> = way.conditions.iter().map(|one| one.path.concat()).collect();
        assert_eq!(labels, ["share", "clean"], "{condition}");
        assert!(moves.contains(&text.to_owned()), "{condition}: {moves:?}");
    }
}

#[test]
fn a_threshold_to_reach_and_the_same_to_pass_are_passed_together() {
    let way = ways(
        "reach: export_share >= 25%\npass: export_share > 25%",
        r#"{"export_share": "0.2"}"#,
    );
    assert_eq!(way.len(), 1, "{way:?}");
}

#[test]
fn dates_move_by_days() {
    let program = small("2024-03-01");
    let record = firm(&program, r#"{"founded": "2022-03-02"}"#);
    let (_, moves) = determined(&program, &record);
    assert_eq!(moves, ["Date founded: not after 2022-03-01"]);
}

#[test]
fn both_failing_conditions_stand_in_one_set() {
    let program = small("2024-03-01");
    let record = firm(
        &program,
        r#"{"revenue": {"2022": 100}, "rd": {"2022": 1}, "clean": false}"#,
    );
    let (result, _) = determined(&program, &record);
    let gap = &line(&result, "research").gap;
    assert_eq!(gap.len(), 1);
    let labels: Vec<_> = gap[0]
        .conditions
        .iter()
        .map(|condition| condition.path.concat())
        .collect();
    assert_eq!(labels, ["ratio", "clean"]);
}

#[test]
fn the_example_that_almost_qualifies_is_told_by_how_much() {
    let program = harbin("2024-03-01");
    let record = example(&program, "almost.json");
    let (result, moves) = determined(&program, &record);
    assert!(!moves.is_empty());
    let near = result
        .lines
        .iter()
        .filter(|line| matches!(line.verdict, Verdict::NotEligible(_)));
    assert!(near.clone().any(|line| !line.gap.is_empty()));
}

/// The ways to become eligible for a measure with these conditions.
fn ways(conditions: &str, facts: &str) -> Vec<gap::Gap> {
    let rules =
        format!("measure other for Firm zh \"其他\" en \"Other\" {{\n  when {{\n{conditions}\n  }}\n  pay 1万 CNY\n}}");
    let program = small_with(&rules, "2024-03-01");
    let (result, _) = determined(&program, &firm(&program, facts));
    line(&result, "other").gap.clone()
}

#[test]
fn what_breaks_another_condition_is_no_way() {
    let band = "low: rd(2022) >= 600 CNY or clean\nhigh: rd(2022) <= 500 CNY";
    let only = ways(band, r#"{"rd": {"2022": "300.00"}, "clean": false}"#);
    let moves: Vec<_> = only
        .iter()
        .flat_map(|way| &way.conditions)
        .flat_map(|one| &one.moves)
        .collect();
    assert_eq!((only.len(), moves.len()), (1, 0), "only a clean record helps: {only:?}");
    let opposite = "a: clean or staff > 5\nb: not clean or staff > 9";
    let way = ways(opposite, r#"{"clean": false, "staff": 1}"#);
    assert_eq!(way.len(), 1, "a clean record would break the other: {way:?}");
}

#[test]
fn what_the_bounds_of_a_fact_exclude_is_no_way() {
    assert_eq!(ways("share: export_share > 101%", r#"{"export_share": "0.2"}"#), []);
    assert_eq!(ways("share: export_share > 99%", r#"{"export_share": "0.2"}"#).len(), 1);
}

#[test]
fn two_conditions_on_one_fact_are_met_by_the_greater_move() {
    let way = ways(
        "some: rd(2022) >= 500 CNY\nmore: rd(2022) >= 600 CNY",
        r#"{"rd": {"2022": "1.00"}}"#,
    );
    assert_eq!(way.len(), 1);
    assert!(way[0].conditions.iter().all(|condition| condition.moves.len() == 1));
}

#[test]
fn what_has_no_value_fails_until_a_move_gives_it_one() {
    let way = ways(
        "ratio: rd(2022) / revenue(2022) >= 3%",
        r#"{"revenue": {"2022": 0}, "rd": {"2022": "100.00"}}"#,
    );
    assert!(!way[0].conditions[0].unknown);
    let moves: Vec<_> = way[0].conditions[0].moves.iter().map(|one| &*one.name).collect();
    assert_eq!(moves, ["revenue(2022)"]);
}

#[test]
fn a_way_may_need_many_conditions() {
    let program = harbin("2024-03-01");
    let (result, _) = determined(&program, &example(&program, "little-giant.json"));
    assert!(!line(&result, "capability_project_reward").gap.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_move_is_exactly_enough(revenue in 1_i64..=1_000_000_000_000, rd in 0_i64..=1_000_000_000_000, staff in 0_u32..=20) {
        let program = small("2024-03-01");
        let fen = |minor: i64| format!("\"{}.{:02}\"", minor / 100, minor % 100);
        let facts = |revenue: &str, rd: &str, staff: u32| {
            format!("{{\"revenue\": {{\"2022\": {revenue}}}, \"rd\": {{\"2022\": {rd}}}, \"staff\": {staff}, \"clean\": true}}")
        };
        let text = facts(&fen(revenue), &fen(rd), staff);
        let (result, _) = determined(&program, &firm(&program, &text));
        for measure in ["research", "size"] {
            let line = line(&result, measure);
            prop_assert_eq!(line.verdict == Verdict::Eligible, line.gap.is_empty());
            for one in line.gap.iter().flat_map(|gap| &gap.conditions).flat_map(|condition| &condition.moves) {
                let meed_facts::value::Scalar::Number(to) = &one.to else { panic!("{one:?}") };
                let hundred = meed_facts::ratio::Ratio::from_int(if one.name == "staff" { 1 } else { 100 });
                let enough = i64::try_from(to.checked_mul(&hundred).unwrap().to_i128().unwrap()).unwrap();
                let less = if one.rises() { enough - 1 } else { enough + 1 };
                for (value, expected) in [(enough, true), (less, false)] {
                    if value < 0 {
                        continue;
                    }
                    let text = match one.name.as_str() {
                        "revenue(2022)" => facts(&fen(value), &fen(rd), staff),
                        "rd(2022)" => facts(&fen(revenue), &fen(value), staff),
                        "staff" => facts(&fen(revenue), &fen(rd), u32::try_from(value).unwrap()),
                        other => panic!("{other}"),
                    };
                    prop_assert_eq!(is_eligible(&program, &text, measure), expected, "{} {:?}", text, one);
                }
            }
        }
    }
}
