//! Titles, earlier awards, awards made now and choices.

use meed_engine::explain::Evaluator;
use meed_engine::value::{CauseKind, Value};
use meed_facts::date::Months;
use meed_facts::money::{Currency, Money};
use meed_facts::record::{AwardRecord, AwardState, List, Record, TitleRecord};
use meed_facts::schema::TitleId;
use meed_facts::value::Scalar;
use meed_rules::program::{LevelTest, Measure, MeasureId, NodeId, Op, Type};

use crate::build::{Build, date, kinds, named, num, ratio, show, shown, value};

fn granted(title: TitleId, on: &str) -> TitleRecord {
    TitleRecord {
        title,
        level: None,
        held: true,
        granted: Some(date(on)),
        until: None,
        suspended: Vec::new(),
        revoked: None,
        object: None,
    }
}

struct Held {
    build: Build,
    title: TitleId,
}

fn held() -> Held {
    let mut build = Build::new();
    let title = build.title("little_giant");
    build.schema.titles[title].validity = vec![
        (date("2018-01-01"), Some(Months(36))),
        (date("2024-01-01"), Some(Months(60))),
    ];
    Held { build, title }
}

impl Held {
    fn holds(&mut self, level: LevelTest, on: &str) -> NodeId {
        let on = self.build.constant(Scalar::Date(date(on)));
        let (of, title) = (self.build.root, self.title);
        self.build.bool(Op::Holds { of, title, level, on })
    }

    fn with(&self, items: Vec<TitleRecord>, complete: bool) -> Record {
        let mut record = self.build.record();
        record.titles = Some(List { items, complete });
        record
    }
}

#[test]
fn a_title_runs_for_the_validity_of_the_book_under_which_it_was_granted() {
    let mut held = held();
    let days = ["2022-08-31", "2022-09-01", "2025-08-31", "2025-09-01"];
    let nodes = days.map(|day| held.holds(LevelTest::Any, day));
    let record = held.with(vec![granted(held.title, "2022-09-01")], true);
    let program = held.build.finish();
    let values = nodes.map(|node| shown(&program, &record, node));
    assert_eq!(values, ["false", "true", "true", "false"]);
}

#[test]
fn a_title_granted_before_any_book_at_hand_has_no_known_end() {
    let mut held = held();
    let (before, after) = (
        held.holds(LevelTest::Any, "2016-01-01"),
        held.holds(LevelTest::Any, "2018-01-01"),
    );
    let record = held.with(vec![granted(held.title, "2017-09-01")], true);
    let program = held.build.finish();
    assert_eq!(shown(&program, &record, before), "false");
    assert_eq!(shown(&program, &record, after), "either");
    assert!(kinds(&value(&program, &record, after)).contains(&CauseKind::TextMissing));
}

#[test]
fn an_absent_list_is_unknown_a_complete_one_decides_and_a_denial_too() {
    let mut held = held();
    let node = held.holds(LevelTest::Any, "2024-03-01");
    let denial = TitleRecord {
        held: false,
        granted: None,
        ..granted(held.title, "2022-09-01")
    };
    let records = [
        held.build.record(),
        held.with(vec![], true),
        held.with(vec![], false),
        held.with(vec![denial], false),
        held.with(vec![granted(held.title, "2022-09-01")], false),
    ];
    let program = held.build.finish();
    let values = records.map(|record| shown(&program, &record, node));
    assert_eq!(values, ["either", "false", "either", "false", "true"]);
}

#[test]
fn suspension_interrupts_and_revocation_ends() {
    let mut held = held();
    let days = ["2022-12-01", "2023-02-01", "2023-04-01", "2024-02-01"];
    let nodes = days.map(|day| held.holds(LevelTest::Any, day));
    let title = TitleRecord {
        suspended: vec![(date("2023-01-01"), Some(date("2023-03-01")))],
        revoked: Some(date("2024-01-01")),
        ..granted(held.title, "2022-09-01")
    };
    let record = held.with(vec![title], true);
    let program = held.build.finish();
    let values = nodes.map(|node| shown(&program, &record, node));
    assert_eq!(values, ["true", "false", "true", "false"]);
}

#[test]
fn levels_are_tested_and_an_unknown_level_may_be_any() {
    let mut held = held();
    let levels = held.build.enumeration(&["municipal", "provincial", "national"]);
    held.build.schema.titles[held.title].levels = Some(levels);
    let tests = [
        LevelTest::Any,
        LevelTest::Exactly(1),
        LevelTest::AtLeast(1),
        LevelTest::AtLeast(2),
    ];
    let nodes = tests.map(|level| held.holds(level, "2024-03-01"));
    let at = |level| TitleRecord {
        level,
        ..granted(held.title, "2022-09-01")
    };
    let provincial = held.with(vec![at(Some(1))], true);
    let unknown = held.with(vec![at(None)], true);
    let program = held.build.finish();
    let of = |record: &Record| nodes.map(|node| shown(&program, record, node));
    assert_eq!(of(&provincial), ["true", "true", "true", "false"]);
    assert_eq!(of(&unknown), ["true", "either", "either", "either"]);
}

#[test]
fn a_renewal_is_not_new() {
    let mut held = held();
    let (of, title) = (held.build.root, held.title);
    let newly = ["2022", "2025"].map(|year| {
        let year = held.build.node(Type::Year, Op::Const(num(year)));
        let level = LevelTest::Any;
        held.build.bool(Op::Newly { of, title, level, year })
    });
    let both = vec![granted(title, "2022-09-01"), granted(title, "2025-09-01")];
    let (complete, partial) = (held.with(both.clone(), true), held.with(both, false));
    let program = held.build.finish();
    assert_eq!(newly.map(|node| shown(&program, &complete, node)), ["true", "false"]);
    assert_eq!(newly.map(|node| shown(&program, &partial, node)), ["either", "false"]);
}

#[test]
fn the_day_of_a_grant_that_was_never_made_is_undefined() {
    let mut held = held();
    let (of, title, level) = (held.build.root, held.title, LevelTest::Any);
    let on = held.build.constant(Scalar::Date(date("2024-03-01")));
    let node = held.build.node(Type::Date, Op::Granted { of, title, level, on });
    let some = held.with(vec![granted(title, "2023-09-01"), granted(title, "2022-09-01")], true);
    let part = held.with(vec![granted(title, "2022-09-01")], false);
    let none = held.with(vec![], true);
    let program = held.build.finish();
    assert_eq!(shown(&program, &some, node), "2022-09-01");
    assert_eq!(shown(&program, &part, node), "(.., 2022-09-01]");
    assert_eq!(shown(&program, &none, node), "undefined");
}

fn measure(build: &mut Build, name: &str) -> MeasureId {
    build.program.measures.alloc(Measure {
        named: named(name),
        rules: Vec::new(),
        not_in_force: None,
        entities: Vec::new(),
    })
}

fn award(measure: &str, amount: Option<&str>, state: AwardState) -> AwardRecord {
    let yuan = |text| Money::from_ratio(&ratio(text), Currency::parse("CNY").unwrap()).unwrap();
    AwardRecord {
        measure: measure.into(),
        key: None,
        on: Some(date("2023-05-01")),
        amount: amount.map(yuan),
        recovered: None,
        state,
    }
}

#[test]
fn received_money_counts_what_was_approved_or_paid() {
    let mut build = Build::new();
    let measure = measure(&mut build, "m");
    let year = build.node(Type::Year, Op::Const(num("2022")));
    let all = build.number(Op::Received { measure, year: None });
    let of_2022 = build.number(Op::Received {
        measure,
        year: Some(year),
    });
    let items = vec![
        award("m", Some("15"), AwardState::Paid),
        award("m", Some("7"), AwardState::Annulled),
        award("other", Some("9"), AwardState::Paid),
    ];
    let with = |items: &[AwardRecord], complete| {
        let mut record = build.record();
        let items = items.to_vec();
        record.awards = Some(List { items, complete });
        record
    };
    let unknown_amount = [award("m", None, AwardState::Approved)];
    let records = [
        build.record(),
        with(&items, true),
        with(&items, false),
        with(&unknown_amount, true),
    ];
    let program = build.finish();
    let values = records.each_ref().map(|record| shown(&program, record, all));
    assert_eq!(values, ["[0, ..)", "15", "[15, ..)", "[0, ..)"]);
    assert_eq!(shown(&program, &records[1], of_2022), "0");
}

#[test]
fn another_award_is_what_the_awards_say_and_unknown_before() {
    let mut build = Build::new();
    let measure = measure(&mut build, "m");
    let gets = build.bool(Op::Gets(measure));
    let chosen = build.bool(Op::Chosen {
        group: "g".into(),
        measure,
    });
    let open = build.record();
    let mut decided = build.record();
    decided.chosen.insert("g".into(), "other".into());
    let program = build.finish();
    assert_eq!(shown(&program, &open, gets), "either");
    assert_eq!(shown(&program, &open, chosen), "either");
    assert_eq!(shown(&program, &decided, chosen), "false");
    let evaluator = Evaluator::new(&program, &open);
    evaluator.settle(measure, Value::bool(true));
    assert_eq!(show(evaluator.value(gets, evaluator.root())), "true");
}
