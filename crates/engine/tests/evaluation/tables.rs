//! Decision tables, scores and scales.

use meed_engine::value::CauseKind;
use meed_facts::schema::{FactId, FactType};
use meed_facts::value::Scalar;
use meed_rules::program::{Cell, FactRules, NodeId, Op, Row, Table, TableRule};

use crate::build::{Build, NUMBER, State, between, kinds, named, nowhere, num, range, shown, value};

/// A table by one number: bands as text, and points.
fn table(build: &mut Build, rule: TableRule, rows: &[(&str, &str)], ordered: bool) -> meed_rules::program::TableId {
    let mut cells = Vec::new();
    for (band, points) in rows {
        cells.push(Row {
            cells: vec![match *band {
                "-" | "otherwise" => Cell::Any,
                band => Cell::Band(between(band, num)),
            }],
            otherwise: *band == "otherwise",
            outcomes: vec![build.n(points)],
            origin: nowhere(),
        });
    }
    let count = u32::try_from(cells.len()).unwrap();
    build.program.tables.alloc(Table {
        named: named("points"),
        origin: nowhere(),
        keys: vec![("ratio".into(), NUMBER)],
        counts: vec![false],
        outcomes: vec![("points".into(), NUMBER)],
        rule,
        rows: cells,
        ordered: ordered.then(|| (0..count).collect()),
    })
}

fn looked_up(rule: TableRule, rows: &[(&str, &str)], ordered: bool) -> (Build, FactId, NodeId) {
    let mut build = Build::new();
    let (fact, key) = build.number_fact("ratio");
    let table = table(&mut build, rule, rows, ordered);
    let keys = vec![key];
    let node = build.number(Op::Lookup {
        table,
        keys,
        outcome: 0,
    });
    (build, fact, node)
}

const POINTS: [(&str, &str); 3] = [("10 ..", "10"), ("8 ..< 10", "8"), ("-", "0")];

#[test]
fn the_first_row_that_matches_decides() {
    let (build, ratio, node) = looked_up(TableRule::FirstMatch, &POINTS, false);
    let record = build.record();
    let program = build.finish();
    let is = |text: &str| record.clone().is(ratio, num(text));
    assert_eq!(shown(&program, &is("10"), node), "10");
    assert_eq!(shown(&program, &is("9.99"), node), "8");
    assert_eq!(shown(&program, &is("1"), node), "0");
    assert_eq!(
        shown(&program, &record.clone().with(ratio, range("9 .. 12")), node),
        "[8, 10]"
    );
    assert_eq!(shown(&program, &record, node), "[0, 10]");
}

#[test]
fn rows_that_cover_all_that_is_possible_leave_nothing_undefined() {
    let rows = [("..< 0", "1"), ("0 ..< 5", "2"), ("5 ..", "3")];
    for ordered in [false, true] {
        let (build, ratio, node) = looked_up(TableRule::OneRow, &rows, ordered);
        let record = build.record();
        let program = build.finish();
        assert_eq!(shown(&program, &record, node), "[1, 3]");
        assert_eq!(shown(&program, &record.clone().with(ratio, range("1 .. 4")), node), "2");
    }
    let gap = [("..< 0", "1"), ("0 <..", "3")];
    let (build, _, node) = looked_up(TableRule::OneRow, &gap, true);
    let record = build.record();
    assert_eq!(shown(&build.finish(), &record, node), "[1, 3] or undefined");
}

#[test]
fn a_last_row_otherwise_takes_only_what_the_others_leave() {
    let rows = [("0 ..< 5", "2"), ("5 ..< 9", "3"), ("-", "0")];
    let (build, ratio, node) = looked_up(TableRule::OneRow, &rows, false);
    let record = build.record();
    let program = build.finish();
    let with = |text| shown(&program, &record.clone().with(ratio, range(text)), node);
    assert_eq!(shown(&program, &record, node), "[0, 3]");
    assert_eq!(with("1 .. 7"), "[2, 3]");
    assert_eq!(with("7 .. 10"), "[0, 3]");
    assert_eq!(with("10 .. 12"), "0");
}

#[test]
fn otherwise_matches_where_no_other_row_does_whatever_the_rule() {
    let rows = [("otherwise", "9"), ("0 ..< 5", "2"), ("3 .. 6", "4")];
    let of = |rule: TableRule, text: &str| {
        let (build, ratio, node) = looked_up(rule, &rows, false);
        let record = build.record().with(ratio, range(text));
        shown(&build.finish(), &record, node)
    };
    let expected = [
        (TableRule::HighestMatch, ["4", "9", "[2, 4]", "[2, 9]"]),
        (TableRule::LowestMatch, ["2", "9", "2", "[2, 9]"]),
        (TableRule::SumOfMatches(None), ["6", "9", "[2, 6]", "[0, 15]"]),
        (TableRule::CountOfMatches, ["2", "0", "[1, 2]", "[0, 2]"]),
        (TableRule::FirstMatch, ["9", "9", "9", "9"]),
    ];
    for (rule, values) in expected {
        let found = ["4 .. 4", "7 .. 7", "1 .. 4", "4 .. 7"].map(|text| of(rule.clone(), text));
        assert_eq!(found, values, "{rule:?}");
    }
}

#[test]
fn between_whole_numbers_there_is_no_gap() {
    let mut build = Build::new();
    let staff = build.fact("staff", FactType::Count);
    let key = build.read(staff);
    let table = table(&mut build, TableRule::OneRow, &[("0 .. 3", "1"), ("4 ..", "2")], true);
    let keys = vec![key];
    let node = build.number(Op::Lookup {
        table,
        keys,
        outcome: 0,
    });
    let record = build.record();
    assert_eq!(shown(&build.finish(), &record, node), "[1, 2]");
}

#[test]
fn several_rows_may_count_together() {
    let rows = [("0 ..", "1"), ("5 ..", "2"), ("8 ..", "4")];
    let of = |rule, stated: &str| {
        let (build, ratio, node) = looked_up(rule, &rows, false);
        let record = build.record();
        let record = match stated {
            "?" => record,
            text if text.contains("..") => record.with(ratio, range(text)),
            text => record.is(ratio, num(text)),
        };
        shown(&build.finish(), &record, node)
    };
    assert_eq!(of(TableRule::SumOfMatches(None), "6"), "3");
    assert_eq!(of(TableRule::SumOfMatches(None), "6 .. 9"), "[3, 7]");
    assert_eq!(of(TableRule::CountOfMatches, "6 .. 9"), "[2, 3]");
    assert_eq!(of(TableRule::HighestMatch, "6 .. 9"), "[2, 4]");
    assert_eq!(of(TableRule::LowestMatch, "6 .. 9"), "1");
    assert_eq!(of(TableRule::HighestMatch, "-1"), "undefined");
    assert_eq!(of(TableRule::SumOfMatches(None), "-1"), "0");
}

#[test]
fn matching_rows_that_disagree_are_a_conflict() {
    let rows = [("0 ..", "1"), ("5 ..", "2"), ("8 ..", "2")];
    let (build, ratio, node) = looked_up(TableRule::RowsAgree, &rows, false);
    let record = build.record();
    let program = build.finish();
    let is = |text: &str| record.clone().is(ratio, num(text));
    assert_eq!(shown(&program, &is("3"), node), "1");
    assert_eq!(shown(&program, &is("6"), node), "[1, 2]");
    assert_eq!(kinds(&value(&program, &is("6"), node)), [CauseKind::Conflict]);
}

#[test]
fn a_marginal_scale_pays_each_rate_on_its_part() {
    let rows = [("..< 100", "0.1"), ("100 ..< 200", "0.2"), ("200 ..", "0.5")];
    let (build, base, node) = looked_up(TableRule::Marginal, &rows, false);
    let record = build.record();
    let program = build.finish();
    let is = |text: &str| record.clone().is(base, num(text));
    assert_eq!(shown(&program, &is("50"), node), "5");
    assert_eq!(shown(&program, &is("150"), node), "20");
    assert_eq!(shown(&program, &is("300"), node), "80");
    assert_eq!(shown(&program, &is("-5"), node), "0");
    assert_eq!(
        shown(&program, &record.clone().with(base, range("50 .. 300")), node),
        "[5, 80]"
    );
    assert_eq!(shown(&program, &record, node), "[0, ..)");
}

#[test]
fn a_key_that_does_not_apply_matches_only_cells_that_do_not_look_at_it() {
    let mut build = Build::new();
    let (fact, applies) = build.bool_fact("listed");
    let price = build.fact("price", FactType::Number(None));
    let rules = FactRules {
        applies: Some(applies),
        presumed: None,
    };
    let of = build.root;
    let key = build.number(Op::Fact { of, fact: price, rules });
    let keys = || vec![key];
    let with_rest = table(&mut build, TableRule::OneRow, &[("..", "1")], false);
    let any = table(&mut build, TableRule::OneRow, &[("-", "7")], false);
    let [banded, any] = [with_rest, any].map(|table| {
        build.number(Op::Lookup {
            table,
            keys: keys(),
            outcome: 0,
        })
    });
    let record = build.record().is(fact, Scalar::Bool(false));
    let program = build.finish();
    assert_eq!(shown(&program, &record, any), "7");
    assert_eq!(shown(&program, &record, banded), "inapplicable");
}
