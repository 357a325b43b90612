//! Money over time, between payers and against funds, as results show it.

use meed_engine::awards::certainty::Certainty;
use meed_engine::awards::verdict::{Verdict, Why};
use meed_engine::result::{AmountKind, AwardLine, MarkLine, ReasonKind};
use meed_engine::value::CauseKind;
use meed_rules::program::Confidence;
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
fn a_formula_below_nothing_shows_what_it_gave() {
    let rules = "measure m for Enterprise { when { c: clean } pay first_amount - second_amount once }";
    let facts = r#"{"enterprise": {"clean": true, "first_amount": 7, "second_amount": 10, "awards": []}}"#;
    let line = only(rules, facts, TODAY);
    assert_eq!(line.amount.exact().unwrap().minor(), 0);
    assert_eq!(line.steps[0].exact.as_deref(), Some("-3"));
}

/// The first day, the day after the last, and the day of payment of each period, the asked one among them.
fn periods(every: &str, from: &str, on: &str) -> Vec<[String; 3]> {
    let rules = format!(
        "measure m for Talent {{ while {{ stays: works_here }} pay 1 CNY every {every} from hired_on, in arrears }}"
    );
    let facts = format!(r#"{{"talent": {{"hired_on": "{from}", "works_here": true, "awards": []}}}}"#);
    let told =
        |one: &meed_engine::result::InstalmentLine| [one.from, one.until, one.due].map(|day| day.unwrap().to_string());
    only(&rules, &facts, on).instalments.iter().map(told).collect()
}

#[test]
fn no_day_between_two_periods_belongs_to_neither_where_a_series_starts_at_the_end_of_a_month() {
    for (every, from, on) in [
        ("half year for 3 years", "2020-08-31", "2021-08-30"),
        ("month for 2 years", "2023-01-31", "2023-03-30"),
        ("quarter for 2 years", "2022-11-30", "2023-05-29"),
        ("year for 9 years", "2020-02-29", "2024-02-28"),
    ] {
        let periods = periods(every, from, on);
        assert!(
            periods.windows(2).all(|two| two[0][1] == two[1][0]),
            "{every}: {periods:?}"
        );
        assert!(
            periods.iter().all(|[_, until, due]| until == due),
            "{every}: {periods:?}"
        );
    }
    let half_years = periods("half year for 3 years", "2020-08-31", "2021-08-30");
    assert_eq!(half_years[1], ["2021-02-28", "2021-08-31", "2021-08-31"]);
}

#[test]
fn who_leaves_before_the_last_day_of_a_period_that_ends_with_a_month_is_not_paid_for_it() {
    let rules = "measure s for Talent { while { stays: worked_until >= due } pay 0.5万 CNY every half year for 3 years from hired_on, in arrears }";
    let left = |on: &str| {
        format!(r#"{{"talent": {{"hired_on": "2020-08-31", "has_left": true, "worked_until": "{on}", "awards": []}}}}"#)
    };
    let verdict = |left_on: &str| only(rules, &left(left_on), "2021-08-30").verdict;
    assert_eq!(verdict("2021-08-30"), Verdict::NotEligible(Why::Conditions));
    assert_eq!(verdict("2021-08-31"), Verdict::Eligible);
}

/// What is recovered of 36,000 yuan for a hire of 2022-05-15 who was to stay three years.
fn owed(keep: &str, hire: &str, awards: &str, on: &str) -> (Certainty, Option<(i128, Option<i128>)>) {
    let rules = format!(
        "measure m for Enterprise per hire in hires {{ when {{ here: not hire.has_left }} pay 36000 CNY once
        keep {keep} for 3 years from hire.start, otherwise recover in proportion }}"
    );
    let facts =
        format!(r#"{{"enterprise": {{"hires": [{{"id": "h", "start": "2022-05-15", {hire}}}], "awards": {awards}}}}}"#);
    let line = only(&rules, &facts, on);
    let kept = &line.obligations[0];
    let yuan = |fen: i128| fen / 100;
    let recover = kept
        .recover
        .map(|recover| (yuan(recover.low.minor()), recover.high.map(|high| yuan(high.minor()))));
    (kept.holds, recover)
}

const PAID: &str = r#"[{"measure": "m", "key": "h", "on": "2022-06-01", "amount": 36000, "state": "paid"}]"#;
const LATER: [&str; 3] = ["2023-06-01", "2024-06-01", "2026-06-01"];

#[test]
fn a_hire_who_leaves_in_month_13_owes_in_proportion_whenever_one_looks() {
    let left = r#""has_left": true, "left": "2023-05-20""#;
    for on in LATER {
        let owed = owed("hire.left >= today", left, PAID, on);
        assert_eq!(
            owed,
            (Certainty::No, Some((24_000, Some(24_000)))),
            "12 whole months of 36 are served: {on}"
        );
    }
}

#[test]
fn a_breach_that_is_over_before_the_next_first_of_a_month_is_a_breach() {
    let here = r#""has_left": true"#;
    let away = [
        "any of { before: today < 2023-07-20 after: today >= 2023-08-01 }",
        "any of { before: today + 1 months < 2023-08-20 after: today >= 2023-08-01 }",
        "not all of { gone: today > 2023-07-19 still: today < 2023-08-01 }",
    ];
    for (condition, on) in away.iter().flat_map(|condition| LATER.map(|on| (condition, on))) {
        let expected = match on {
            "2023-06-01" => (Certainty::Yes, None),
            _ => (Certainty::No, Some((22_000, Some(22_000)))),
        };
        assert_eq!(
            owed(condition, here, PAID, on),
            expected,
            "14 whole months of 36 are served: {condition} {on}"
        );
    }
}

#[test]
fn the_month_that_was_served_to_its_last_day_is_not_owed() {
    let left = r#""has_left": true, "left": "2023-06-14""#;
    for on in ["2023-06-15", "2024-06-01", "2026-06-01"] {
        let owed = owed("hire.left >= today", left, PAID, on);
        assert_eq!(
            owed,
            (Certainty::No, Some((23_000, Some(23_000)))),
            "the first day not served is 13 months after the first of 36: {on}"
        );
    }
}

/// Whether a hire who left on 2021-03-01 kept what was asked for three years.
fn kept(start: &str) -> Certainty {
    let rules = "measure k for Enterprise per hire in hires { when { c: hire.full_time } pay 3600 CNY once
        keep hire.left >= today for 3 years from hire.start, otherwise recover in proportion }";
    let facts = format!(
        r#"{{"enterprise": {{"hires": [{{"id": "h", "full_time": true, {start} "has_left": true, "left": "2021-03-01"}}],
            "awards": [{{"measure": "k", "key": "h", "on": "2018-02-01", "amount": 3600, "state": "paid"}}]}}}}"#
    );
    only(rules, &facts, "2021-06-01").obligations[0].holds
}

#[test]
fn whether_something_was_kept_is_open_until_its_first_day_tells() {
    let between = |low: &str, high: &str| format!(r#""start": {{"at_least": "{low}", "at_most": "{high}"}},"#);
    for (start, expected) in [
        (String::new(), Certainty::Maybe),
        (between("2018-01-01", "2019-12-31"), Certainty::Maybe),
        (between("2018-01-01", "2018-02-28"), Certainty::Yes),
        (between("2019-01-01", "2019-12-31"), Certainty::No),
        (r#""start": "2018-01-01","#.to_owned(), Certainty::Yes),
        (r#""start": "2019-01-01","#.to_owned(), Certainty::No),
    ] {
        assert_eq!(kept(&start), expected, "{start}");
    }
}

#[test]
fn an_obligation_from_an_award_of_an_unknown_day_has_no_first_day() {
    let rules = "measure m for Enterprise { when { c: clean } pay 10 CNY once keep approved_on >= today for 1 years, otherwise recover in full }";
    let facts = |on: &str| {
        format!(
            r#"{{"enterprise": {{"clean": true, "approved_on": "2022-01-01", "awards": [{{"measure": "m", {on} "amount": 10, "state": "paid"}}]}}}}"#
        )
    };
    let kept = |on: &str| {
        let line = only(rules, &facts(on), TODAY);
        (
            line.obligations[0].holds,
            line.obligations[0].from.map(|day| day.to_string()),
        )
    };
    assert_eq!(kept(""), (Certainty::Maybe, None));
    assert_eq!(
        kept(r#""on": "2020-12-31","#),
        (Certainty::Yes, Some("2020-12-31".to_owned()))
    );
}

#[test]
fn nothing_is_owed_before_the_day_and_by_who_leaves_after_the_last() {
    let left = r#""has_left": true, "left": "2023-05-20""#;
    assert_eq!(
        owed("hire.left >= today", left, PAID, "2023-05-20"),
        (Certainty::Yes, None)
    );
    let later = r#""has_left": true, "left": "2025-05-14""#;
    assert_eq!(
        owed("hire.left >= today", later, PAID, "2026-06-01"),
        (Certainty::Yes, None)
    );
    let a_day_early = r#""has_left": true, "left": "2025-05-13""#;
    let one_month = owed("hire.left >= today", a_day_early, PAID, "2026-06-01");
    assert_eq!(one_month, (Certainty::No, Some((1_000, Some(1_000)))));
}

#[test]
fn an_unknown_day_of_leaving_leaves_open_how_much_is_owed() {
    let between = r#""has_left": true, "left": {"at_least": "2023-01-20", "at_most": "2023-05-20"}"#;
    let owed_between = owed("hire.left >= today", between, PAID, "2024-06-01");
    assert_eq!(owed_between, (Certainty::No, Some((24_000, Some(28_000)))));
    let only_that = owed("not hire.has_left", r#""has_left": true"#, PAID, "2023-06-01");
    assert_eq!(only_that, (Certainty::No, Some((24_000, Some(36_000)))));
}

#[test]
fn what_was_paid_is_recovered_and_what_was_taken_back_is_not() {
    let left = r#""has_left": true, "left": "2023-05-20""#;
    let half =
        r#"[{"measure": "m", "key": "h", "on": "2022-06-01", "amount": 36000, "recovered": 18000, "state": "paid"}]"#;
    let owed_of_half = owed("hire.left >= today", left, half, "2024-06-01");
    assert_eq!(owed_of_half, (Certainty::No, Some((12_000, Some(12_000)))));
    let rules = "measure m for Enterprise { when { c: clean } pay 10 CNY once keep listed for 3 years, otherwise recover in full }";
    let never_paid = only(
        rules,
        r#"{"enterprise": {"clean": false, "listed": false, "awards": []}}"#,
        TODAY,
    );
    assert!(never_paid.obligations.is_empty());
}

#[test]
fn an_obligation_that_is_kept_recovers_nothing() {
    let rules = "measure m for Enterprise per hire in hires { when { here: hire.start < today } pay 36000 CNY once
        keep hire.full_time for 3 years from hire.start, otherwise recover in full }";
    let facts = r#"{"enterprise": {"hires": [{"id": "h", "start": "2022-05-15", "full_time": true}], "awards": []}}"#;
    assert_eq!(only(rules, facts, TODAY).obligations[0].recover, None);
}

#[test]
fn what_does_not_apply_tells_which_condition_and_the_presumption_it_rests_on() {
    let rules = "presume not listed of Enterprise unless stated
        measure m for Enterprise { when { pricey: share_price > 10 CNY } pay 10 CNY once }";
    let line = only(rules, r#"{"enterprise": {"awards": []}}"#, TODAY);
    assert_eq!(line.verdict, Verdict::NotEligible(Why::NotApplicable));
    let reasons: Vec<_> = line.reasons.iter().map(|one| (one.kind, one.path.join("."))).collect();
    assert_eq!(reasons, [(ReasonKind::DoesNotApply, "pricey".to_owned())]);
    let presumed: Vec<&str> = line.presumptions.iter().map(|one| &*one.name).collect();
    assert_eq!(presumed, ["listed"]);
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
fn before_a_round_a_line_names_its_fund_whatever_its_order() {
    for order in ["pro rata", "first come", "by priority score", "quota 14"] {
        let rules = format!(
            "measure m for Enterprise {{ when {{ c: clean }} pay 4 CNY once }} fund purse {{ 2023: 6 CNY covers m when short: {order} }}"
        );
        let facts = r#"{"enterprise": {"clean": true, "score": 80, "awards": []}}"#;
        let line = only(&rules, facts, TODAY);
        assert_eq!(
            (line.amount.kind, line.amount.high.unwrap().minor()),
            (AmountKind::UpTo, 400),
            "{order}"
        );
        assert_eq!(line.before_rationing.exact().unwrap().minor(), 400, "{order}");
        assert!(
            matches!(&line.marks[..], [MarkLine::Fund(name, _)] if &**name == "purse"),
            "{order}"
        );
    }
}

#[test]
fn a_value_that_nobody_else_may_claim_is_a_condition_of_payment_and_no_condition_of_the_verdict() {
    let rules =
        "measure m for Enterprise per hire in hires { when { f: hire.full_time } pay 10 CNY once unique hire.id }";
    let facts =
        r#"{"enterprise": {"hires": [{"id": "h", "full_time": true}, {"id": "i", "full_time": true}], "awards": []}}"#;
    let lines = decide(files(rules), facts, TODAY).lines;
    let seen: Vec<(&str, Vec<String>)> = lines
        .iter()
        .map(|line| (line.verdict.name(), line.unique.clone()))
        .collect();
    assert_eq!(
        seen,
        [("eligible", vec!["h".to_owned()]), ("eligible", vec!["i".to_owned()])]
    );
}

#[test]
fn a_result_shows_the_weakest_source_among_the_rules_that_decided_it() {
    let rules = |own: &str, read: &str| {
        format!(
            "define fine of Enterprise = clean {read}
            define other of Enterprise = listed source draft
            measure m for Enterprise {{ {own} when {{ c: fine }} pay 10 CNY once }}
            measure n for Enterprise {{ when {{ c: other }} pay 10 CNY once }}"
        )
    };
    let facts = r#"{"enterprise": {"clean": true, "listed": false, "awards": []}}"#;
    let source = |own: &str, read: &str| {
        let lines = decide(files(&rules(own, read)), facts, TODAY).lines;
        lines.iter().find(|line| &*line.name == "m").unwrap().source
    };
    assert_eq!(source("", ""), Some(Confidence::Official));
    assert_eq!(source("source secondary", ""), Some(Confidence::Secondary));
    assert_eq!(source("", "source secondary"), Some(Confidence::Secondary));
    assert_eq!(source("source secondary", "source draft"), Some(Confidence::Draft));
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
