//! Calendar arithmetic over days that are known, lie between two, or are unknown.

use std::sync::Arc;

use meed_engine::value::CauseKind;
use meed_facts::calendar::Calendar;
use meed_facts::value::{Scalar, Stated};
use meed_rules::program::{NodeId, Op, Type};

use crate::build::{Build, State, between, date, kinds, shown, value};

fn of_two(ty: Type, op: fn(NodeId, NodeId) -> Op, a: &str, b: &str) -> String {
    let mut build = Build::new();
    let (fact_a, node_a) = build.date_fact("a");
    let (fact_b, node_b) = build.date_fact("b");
    let node = build.node(ty, op(node_a, node_b));
    let day = |text: &str| Scalar::Date(date(text));
    let mut record = build.record();
    for (fact, text) in [(fact_a, a), (fact_b, b)] {
        record = match text {
            "?" => record,
            text if text.contains("..") => record.with(fact, Stated::Range(between(text, day))),
            text => record.is(fact, day(text)),
        };
    }
    shown(&build.finish(), &record, node)
}

#[test]
fn age_is_complete_on_the_birthday_and_a_leap_day_waits_for_march() {
    let age = |born, on| of_two(crate::build::NUMBER, Op::Age, born, on);
    assert_eq!(age("1990-05-10", "2024-05-10"), "34");
    assert_eq!(age("1990-05-10", "2024-05-09"), "33");
    assert_eq!(age("2000-02-29", "2023-02-28"), "22");
    assert_eq!(age("2000-02-29", "2023-03-01"), "23");
    assert_eq!(age("1990-01-01 .. 1990-12-31", "2024-06-01"), "[33, 34]");
    assert_eq!(age("2024-01-01", "2023-01-01"), "undefined");
    assert_eq!(age("?", "2024-06-01"), "[0, ..) or undefined");
}

#[test]
fn a_month_added_keeps_the_day_or_takes_the_last() {
    let mut build = Build::new();
    let (fact, start) = build.date_fact("start");
    let month = build.constant(Scalar::Months(1));
    let node = build.node(Type::Date, Op::AddMonths(start, month));
    let record = build.record();
    let program = build.finish();
    let day = |text: &str| Scalar::Date(date(text));
    let on = |text| shown(&program, &record.clone().is(fact, day(text)), node);
    assert_eq!(on("2024-01-31"), "2024-02-29");
    assert_eq!(on("2023-01-31"), "2023-02-28");
    assert_eq!(on("2024-01-15"), "2024-02-15");
    let some = record
        .clone()
        .with(fact, Stated::Range(between("2024-01-30 <.. 2024-02-10", day)));
    assert_eq!(shown(&program, &some, node), "[2024-02-29, 2024-03-10]");
    assert_eq!(on("9999-12-31"), "undefined");
}

#[test]
fn differences_follow_their_ends() {
    let days = |later, earlier| of_two(Type::Days, Op::DaysBetween, later, earlier);
    assert_eq!(days("2024-03-01", "2024-02-28"), "2 days");
    assert_eq!(
        days("2024-03-01 .. 2024-03-05", "2024-03-01 ..< 2024-03-03"),
        "(-2 days, 4 days]"
    );
    let years = |from, to| of_two(crate::build::NUMBER, Op::FullYearsBetween, from, to);
    assert_eq!(years("2020-02-29", "2021-02-28"), "1");
    assert_eq!(years("2020-06-01 .. 2021-06-01", "2023-06-01"), "[2, 3]");
    assert_eq!(years("?", "2023-06-01"), "(.., ..)");
}

#[test]
fn a_year_has_as_many_days_as_the_calendar_says() {
    let mut build = Build::new();
    let (fact, on) = build.date_fact("on");
    let year = build.node(Type::Year, Op::YearOf(on));
    let node = build.number(Op::DaysIn(year));
    let record = build.record();
    let program = build.finish();
    let day = |text: &str| Scalar::Date(date(text));
    let within = |text| {
        shown(
            &program,
            &record.clone().with(fact, Stated::Range(between(text, day))),
            node,
        )
    };
    assert_eq!(within("2021-01-01 .. 2022-05-01"), "365");
    assert_eq!(within("2024-01-01 .. 2024-05-01"), "366");
    assert_eq!(within("2023-01-01 .. 2024-05-01"), "[365, 366]");
}

#[test]
fn the_next_working_day_needs_the_holiday_notice() {
    let mut build = Build::new();
    let (fact, on) = build.date_fact("on");
    let node = build.node(Type::Date, Op::NextWorkingDay(on));
    let record = build.record();
    build.program.calendar = Arc::new(Calendar::parse("date,kind\n2024-05-01,off\n").unwrap());
    let program = build.finish();
    let on = |text: &str| record.clone().is(fact, Scalar::Date(date(text)));
    assert_eq!(shown(&program, &on("2024-05-01"), node), "2024-05-02");
    assert_eq!(shown(&program, &on("2024-05-04"), node), "2024-05-06");
    assert_eq!(shown(&program, &on("2025-05-01"), node), "[2025-05-01, ..)");
    assert_eq!(
        kinds(&value(&program, &on("2025-05-01"), node)),
        [CauseKind::TextMissing]
    );
}
