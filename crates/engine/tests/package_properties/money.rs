//! Money over time, between payers and against funds, as results show it.

use meed_engine::result::{AmountKind, AwardLine, MarkLine};
use meed_engine::value::CauseKind;
use proptest::prelude::*;

use super::packages::{TODAY, decide, files};

fn only(rules: &str, facts: &str, on: &str) -> AwardLine {
    let mut lines = decide(files(rules), facts, on).lines;
    assert_eq!(lines.len(), 1);
    lines.remove(0)
}

fn minor(line: &AwardLine) -> Vec<i128> {
    let exact = |part: &meed_engine::result::InstalmentLine| part.amount.exact().unwrap().minor();
    line.instalments.iter().map(exact).collect()
}

#[test]
fn twenty_wan_in_three_equal_parts_sum_to_the_fen() {
    let rules = "measure m for Enterprise { when { c: clean } pay 20万 CNY in 3 equal instalments every year from approved_on }";
    let facts = r#"{"enterprise": {"clean": true, "approved_on": "2023-01-31", "awards": []}}"#;
    let line = only(rules, facts, TODAY);
    assert_eq!(minor(&line).iter().sum::<i128>(), 20_000_000);
    assert_eq!(minor(&line).len(), 3);
    assert!(minor(&line).iter().all(|part| (6_666_666..=6_666_667).contains(part)));
}

proptest! {
    #[test]
    fn equal_parts_and_payers_shares_sum_to_the_whole(fen in 1_i64..10_000_000, parts in 2_u32..13) {
        let amount = format!("{}.{:02}", fen / 100, fen % 100);
        let rules = format!(
            "measure m for Enterprise {{ when {{ c: clean }} pay {amount} CNY in {parts} equal instalments every month from approved_on shared city 37%, district 63% }}"
        );
        let line = only(&rules, r#"{"enterprise": {"clean": true, "approved_on": "2023-01-31", "awards": []}}"#, TODAY);
        prop_assert_eq!(minor(&line).iter().sum::<i128>(), i128::from(fen));
        let most = minor(&line).into_iter().max().unwrap();
        let least = minor(&line).into_iter().min().unwrap();
        prop_assert!(most - least <= 1);
        let paid: i128 = line.payers.iter().map(|payer| payer.amount.exact().unwrap().minor()).sum();
        prop_assert_eq!(paid, line.amount.exact().unwrap().minor());
    }
}

fn settling_in(when: &str) -> AwardLine {
    let rules = format!(
        "measure m for Talent {{ while {{ stays: worked_until >= due }} pay 0.5万 CNY every half year for 3 years from hired_on, {when} ends on failure }}"
    );
    let facts =
        r#"{"talent": {"hired_on": "2021-01-01", "has_left": true, "worked_until": "2022-02-01", "awards": []}}"#;
    only(&rules, facts, "2021-06-01")
}

#[test]
fn leaving_after_13_months_leaves_one_wan_in_arrears() {
    assert_eq!(
        settling_in("in arrears").over_time.exact().unwrap().to_decimal(),
        "10000.00"
    );
}

#[test]
fn leaving_after_13_months_leaves_one_and_a_half_wan_in_advance() {
    assert_eq!(
        settling_in("in advance").over_time.exact().unwrap().to_decimal(),
        "15000.00"
    );
}

#[test]
fn the_schedule_lists_every_half_year_with_its_verdict() {
    let paid: Vec<bool> = settling_in("in advance")
        .instalments
        .iter()
        .map(|part| part.amount.exact().unwrap().minor() > 0)
        .collect();
    assert_eq!(paid, [true, true, true, false, false, false]);
}

#[test]
fn instalments_fall_on_the_payment_windows() {
    let rules = "measure m for Talent { while { stays: works_here } pay 0.5万 CNY every half year for 1 years from hired_on, in arrears, paid in windows 04-30, 10-31 }";
    let line = only(
        rules,
        r#"{"talent": {"hired_on": "2021-02-15", "works_here": true, "awards": []}}"#,
        "2021-06-01",
    );
    let due: Vec<String> = line
        .instalments
        .iter()
        .map(|part| part.due.unwrap().to_string())
        .collect();
    assert_eq!(due, ["2021-10-31", "2022-04-30"]);
}

#[test]
fn a_hire_who_leaves_in_month_13_owes_in_proportion() {
    let rules = "measure m for Enterprise per hire in hires { when { here: hire.start < today } pay 36000 CNY once
        keep hire.full_time for 3 years from hire.start, otherwise recover in proportion }";
    let facts = r#"{"enterprise": {"hires": [{"id": "h", "start": "2022-05-15", "full_time": false}], "awards": []}}"#;
    let line = only(rules, facts, TODAY);
    let owed = line.obligations[0].recover.unwrap().exact().unwrap().to_decimal();
    assert_eq!(owed, "24000.00", "12 whole months of 36 are served");
}

#[test]
fn an_obligation_that_is_kept_recovers_nothing() {
    let rules = "measure m for Enterprise per hire in hires { when { here: hire.start < today } pay 36000 CNY once
        keep hire.full_time for 3 years from hire.start, otherwise recover in full }";
    let facts = r#"{"enterprise": {"hires": [{"id": "h", "start": "2022-05-15", "full_time": true}], "awards": []}}"#;
    assert_eq!(only(rules, facts, TODAY).obligations[0].recover, None);
}

#[test]
fn fourteen_rewards_of_50_wan_are_the_whole_fund_of_700_wan() {
    let rules = "measure m for Enterprise { when { c: clean } pay 50万 CNY once }
        fund design { 2023: 700万 CNY covers m when short: pro rata }";
    let line = only(rules, r#"{"enterprise": {"clean": true, "awards": []}}"#, TODAY);
    assert_eq!(line.amount.kind, AmountKind::UpTo);
    assert_eq!(line.before_rationing.exact().unwrap().minor() * 14, 700 * 10_000 * 100);
    assert!(matches!(&line.marks[..], [MarkLine::Fund(name, _)] if &**name == "design"));
}

#[test]
fn an_anchor_before_the_first_version_is_a_hole_in_the_text() {
    let rules =
        "measure m for Talent { anchored at hired_on in force 2017-12-13.. when { w: works_here } pay 3万 CNY once }";
    let line = only(
        rules,
        r#"{"talent": {"hired_on": "2016-05-01", "works_here": true, "awards": []}}"#,
        TODAY,
    );
    assert!(
        line.missing
            .iter()
            .any(|missing| missing.kind == CauseKind::TextMissing),
        "{:?}",
        line.missing
    );
}

#[test]
fn a_class_that_the_text_does_not_name_is_a_hole_in_the_text_and_asked_of_nobody() {
    let rules = "measure m for Enterprise per placement in placements {
        when { class: cases { placement.class in {class_c, class_d}: true  otherwise: text missing } } pay 10万 CNY once }";
    let line = only(
        rules,
        r#"{"enterprise": {"placements": [{"id": "p", "class": "class_b"}], "awards": []}}"#,
        TODAY,
    );
    let kinds: Vec<CauseKind> = line.missing.iter().map(|missing| missing.kind).collect();
    assert_eq!(kinds, [CauseKind::TextMissing]);
}

#[test]
fn a_part_of_a_list_gives_a_line_without_key_for_the_rest() {
    let rules = "measure m for Enterprise per hire in hires { when { f: hire.full_time } pay 10 CNY once }";
    let facts =
        r#"{"enterprise": {"hires": {"known": [{"id": "h", "full_time": true}], "complete": false}, "awards": []}}"#;
    let lines = decide(files(rules), facts, TODAY).lines;
    let rest: Vec<&AwardLine> = lines.iter().filter(|line| line.key.is_none()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (rest.len(), rest[0].unlisted, rest[0].verdict.name()),
        (1, true, "undetermined")
    );
}

#[test]
fn only_the_failing_condition_is_a_reason() {
    let rules = "measure m for Enterprise { when { a: clean  b: listed  c: any of { d: first_holds  e: second_holds } } pay 10 CNY once }";
    let facts = r#"{"enterprise": {"clean": true, "listed": false, "first_holds": true}}"#;
    let line = only(rules, facts, TODAY);
    let reasons: Vec<String> = line.reasons.iter().map(|reason| reason.path.join(".")).collect();
    assert_eq!(reasons, ["b"]);
}
