//! Cases, exceptions, readings and versions.

use meed_engine::value::CauseKind;
use meed_facts::date::Span;
use meed_facts::value::{Scalar, Stated};
use meed_rules::program::{Arm, Cmp, NodeId, Op};

use crate::build::{Build, State, between, date, kinds, nowhere, num, range, shown, value};

fn arm(guard: Option<NodeId>, value: NodeId, overrides: &[u16]) -> Arm {
    Arm {
        label: None,
        guard,
        value,
        overrides: overrides.to_vec(),
        origin: nowhere(),
    }
}

#[test]
fn an_unknown_guard_does_no_harm_where_the_rows_agree() {
    // The little giant's intensity: 3 % from 1亿, 6 % from 5000万, else a third row that fails.
    let mut build = Build::new();
    let (revenue, node) = build.number_fact("revenue");
    let spent = build.n("1200");
    let ratio = build.number(Op::Div(spent, node));
    let (large, medium) = (build.n("10000"), build.n("5000"));
    let (three, six) = (build.n("0.03"), build.n("0.06"));
    let rows = [(large, three), (medium, six)].map(|(limit, rate)| {
        let guard = build.compare(Cmp::Ge, node, limit);
        (guard, build.compare(Cmp::Ge, ratio, rate))
    });
    let third = build.constant(Scalar::Bool(false));
    let cases = build.bool(Op::Cases {
        rows: rows.to_vec(),
        otherwise: Some(third),
    });
    let record = build.record();
    let program = build.finish();
    let with = |text| record.clone().with(revenue, range(text));
    assert_eq!(shown(&program, &with("5000 .. 20000"), cases), "true");
    assert_eq!(shown(&program, &with("3000 .. 20000"), cases), "either");
    assert!(value(&program, &with("5000 .. 20000"), cases).causes().is_empty());
}

#[test]
fn no_row_reached_is_undefined() {
    let mut build = Build::new();
    let no = build.constant(Scalar::Bool(false));
    let one = build.n("1");
    let node = build.number(Op::Cases {
        rows: vec![(no, one)],
        otherwise: None,
    });
    let record = build.record();
    let value = value(&build.finish(), &record, node);
    assert!(value.is_undefined());
    assert_eq!(kinds(&value), [CauseKind::Undefined]);
}

/// A base of 30 and an exception of 20 that overrides it.
fn with_exception(build: &mut Build) -> (meed_facts::schema::FactId, NodeId) {
    let (fact, guard) = build.bool_fact("listed");
    let (base, exception) = (build.n("30"), build.n("20"));
    let arms = vec![arm(None, base, &[]), arm(Some(guard), exception, &[0])];
    (fact, build.number(Op::Choose { arms, otherwise: None }))
}

#[test]
fn an_exception_that_applies_overrides_and_one_that_may_counts_both_ways() {
    let mut build = Build::new();
    let (listed, node) = with_exception(&mut build);
    let record = build.record();
    let program = build.finish();
    let is = |value| record.clone().is(listed, Scalar::Bool(value));
    assert_eq!(shown(&program, &is(true), node), "20");
    assert_eq!(shown(&program, &is(false), node), "30");
    assert_eq!(shown(&program, &record, node), "[20, 30]");
    assert_eq!(kinds(&value(&program, &record, node)), [CauseKind::Missing]);
}

#[test]
fn exceptions_that_certainly_disagree_are_a_conflict() {
    let mut build = Build::new();
    let (base, a, b) = (build.n("30"), build.n("20"), build.n("25"));
    let yes = build.constant(Scalar::Bool(true));
    let arms = vec![arm(None, base, &[]), arm(Some(yes), a, &[0]), arm(Some(yes), b, &[0])];
    let node = build.number(Op::Choose { arms, otherwise: None });
    let record = build.record();
    let program = build.finish();
    assert_eq!(shown(&program, &record, node), "[20, 25]");
    assert_eq!(kinds(&value(&program, &record, node)), [CauseKind::Conflict]);
}

#[test]
fn an_undefined_condition_of_an_exception_is_never_silently_false() {
    let mut build = Build::new();
    let (zero, one) = (build.n("0"), build.n("1"));
    let undefined = build.number(Op::Div(one, zero));
    let guard = build.compare(Cmp::Ge, undefined, one);
    let arms = vec![arm(None, zero, &[]), arm(Some(guard), one, &[0])];
    let node = build.number(Op::Choose { arms, otherwise: None });
    let record = build.record();
    let program = build.finish();
    assert_eq!(shown(&program, &record, node), "[0, 1]");
    assert_eq!(kinds(&value(&program, &record, node)), [CauseKind::Undefined]);
}

#[test]
fn where_no_rule_applies_the_otherwise_holds() {
    let mut build = Build::new();
    let (fact, guard) = build.bool_fact("a");
    let (one, two) = (build.n("1"), build.n("2"));
    let arms = vec![arm(Some(guard), one, &[])];
    let with = build.number(Op::Choose {
        arms: arms.clone(),
        otherwise: Some(two),
    });
    let without = build.number(Op::Choose { arms, otherwise: None });
    let record = build.record();
    let no = record.clone().is(fact, Scalar::Bool(false));
    let program = build.finish();
    assert_eq!(shown(&program, &no, with), "2");
    assert_eq!(shown(&program, &record, with), "[1, 2]");
    assert_eq!(shown(&program, &no, without), "undefined");
    assert_eq!(shown(&program, &record, without), "1 or undefined");
}

#[test]
fn readings_that_agree_are_no_conflict() {
    let mut build = Build::new();
    let (fact, node) = build.number_fact("a");
    let (two, three) = (build.n("2"), build.n("3"));
    let unclear = |build: &mut Build, a, b| build.number(Op::Unclear(vec![("a".into(), a), ("b".into(), b)]));
    let (same, other) = (unclear(&mut build, two, node), unclear(&mut build, two, three));
    let record = build.record().is(fact, num("2"));
    let program = build.finish();
    assert_eq!(shown(&program, &record, same), "2");
    assert_eq!(shown(&program, &record, other), "[2, 3]");
    assert_eq!(kinds(&value(&program, &record, other)), [CauseKind::Conflict]);
}

#[test]
fn a_date_before_the_first_version_finds_no_text() {
    let mut build = Build::new();
    let (start, on) = build.date_fact("start");
    let (old, new) = (build.n("3"), build.n("5"));
    let span = |from: &str, until: Option<&str>| Span::new(Some(date(from)), until.map(date));
    let branches = |new| {
        vec![
            (span("2017-01-01", Some("2020-01-01")), old),
            (span("2020-01-01", None), new),
        ]
    };
    let versions = build.number(Op::Versions {
        on,
        branches: branches(new),
    });
    let alike = build.number(Op::Versions {
        on,
        branches: branches(old),
    });
    let record = build.record();
    let program = build.finish();
    let on = |text: &str| record.clone().is(start, Scalar::Date(date(text)));
    let days = |text: &str| Stated::Range(between(text, |text| Scalar::Date(date(text))));
    let within = |text| record.clone().with(start, days(text));
    assert_eq!(shown(&program, &on("2019-12-31"), versions), "3");
    assert_eq!(shown(&program, &on("2020-01-01"), versions), "5");
    assert_eq!(shown(&program, &on("2016-12-31"), versions), "(.., ..)");
    assert_eq!(
        kinds(&value(&program, &on("2016-12-31"), versions)),
        [CauseKind::TextMissing]
    );
    assert_eq!(shown(&program, &within("2018-01-01 .. 2023-01-01"), versions), "[3, 5]");
    assert_eq!(shown(&program, &within("2018-01-01 .. 2023-01-01"), alike), "3");
}
