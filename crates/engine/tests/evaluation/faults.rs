//! Faults seen in other engines, by their number in the design, and what holds here instead.

use meed_engine::explain::Evaluator;
use meed_facts::schema::FactType;
use meed_facts::value::Scalar;
use meed_rules::program::{Aggregate, Arm, Cell, Cmp, Op, Row, Table, TableRule};

use crate::build::{Build, NUMBER, State, between, conditions, date, named, nowhere, num, range, shown, value};

#[test]
fn fault_1_a_person_without_birth_date_has_no_age_and_no_income() {
    let mut build = Build::new();
    let (_, born) = build.date_fact("born");
    let today = build.constant(Scalar::Date(date("2024-03-01")));
    let age = build.number(Op::Age(born, today));
    let (_, income) = build.number_fact("income");
    let record = build.record();
    let program = build.finish();
    assert_eq!(shown(&program, &record, age), "[0, ..) or undefined");
    assert_eq!(shown(&program, &record, income), "(.., ..)");
    assert!(!value(&program, &record, age).causes().is_empty());
}

#[test]
fn fault_2_fifty_million_and_one_stays_so() {
    let mut build = Build::new();
    let (salary, node) = build.number_fact("salary");
    let limit = build.n("50000000");
    let above = build.compare(Cmp::Gt, node, limit);
    let record = build.record().is(salary, num("50000001"));
    let cent = build.record().is(salary, num("50000000.01"));
    let program = build.finish();
    assert_eq!(shown(&program, &record, node), "50000001");
    assert_eq!(shown(&program, &record, above), "true");
    assert_eq!(shown(&program, &cent, above), "true");
}

#[test]
fn fault_8_a_size_band_stays_a_range() {
    let mut build = Build::new();
    let staff = build.fact("staff", FactType::Count);
    let node = build.read(staff);
    let (ten, three_hundred) = (build.n("10"), build.n("300"));
    let at_least_ten = build.compare(Cmp::Ge, node, ten);
    let large = build.compare(Cmp::Ge, node, three_hundred);
    let record = build.record().with(staff, range("50 ..< 500"));
    let program = build.finish();
    assert_eq!(shown(&program, &record, node), "[50, 500)");
    assert_eq!(shown(&program, &record, at_least_ten), "true");
    assert_eq!(shown(&program, &record, large), "either");
}

#[test]
fn fault_9_what_has_not_been_asked_is_not_a_no() {
    let mut build = Build::new();
    let (known, a) = build.bool_fact("a");
    let (_, b) = build.bool_fact("b");
    let both = build.bool(Op::All(conditions(&[a, b])));
    let not_b = build.bool(Op::Not(b));
    let yes = build.record().is(known, Scalar::Bool(true));
    let program = build.finish();
    assert_eq!(shown(&program, &yes, both), "either");
    assert_eq!(shown(&program, &yes, not_b), "either");
}

#[test]
fn fault_12_exceptions_that_agree_agree() {
    let mut build = Build::new();
    let (base, a, b) = (build.n("30"), build.n("20"), build.n("20.0"));
    let yes = build.constant(Scalar::Bool(true));
    let arm = |guard, value, overrides: &[u16]| Arm {
        label: None,
        guard,
        value,
        overrides: overrides.to_vec(),
        origin: nowhere(),
    };
    let arms = vec![arm(None, base, &[]), arm(Some(yes), a, &[0]), arm(Some(yes), b, &[0])];
    let node = build.number(Op::Choose { arms, otherwise: None });
    let record = build.record();
    let program = build.finish();
    assert_eq!(shown(&program, &record, node), "20");
    assert!(value(&program, &record, node).causes().is_empty());
}

#[test]
fn fault_13_ordered_bands_are_searched() {
    // A row that is looked at is evaluated only if it may match: of three thousand outcomes just one.
    let mut build = Build::new();
    let (ratio, key) = build.number_fact("ratio");
    let mut rows = Vec::new();
    for band in 0..3000 {
        let points = build.n(&band.to_string());
        let band = between(&format!("{band} ..< {}", band + 1), num);
        rows.push(Row {
            cells: vec![Cell::Band(band)],
            otherwise: false,
            outcomes: vec![points],
            origin: nowhere(),
        });
    }
    let outcomes: Vec<_> = rows.iter().map(|row| row.outcomes[0]).collect();
    let table = build.program.tables.alloc(Table {
        named: named("points"),
        origin: nowhere(),
        keys: vec![("ratio".into(), NUMBER)],
        counts: vec![false],
        outcomes: vec![("points".into(), NUMBER)],
        rule: TableRule::OneRow,
        rows,
        ordered: Some((0..3000).collect()),
    });
    let keys = vec![key];
    let node = build.number(Op::Lookup {
        table,
        keys,
        outcome: 0,
    });
    let record = build.record().is(ratio, num("2718.28"));
    let some = build.record().with(ratio, range("17 .. 18.5"));
    let program = build.finish();
    let evaluator = Evaluator::new(&program, &record);
    let found = evaluator.value(node, evaluator.root());
    assert_eq!(found.as_number().unwrap().to_string(), "2718");
    let seen = outcomes
        .iter()
        .filter(|node| evaluator.computed(**node, evaluator.root()).is_some());
    assert_eq!(seen.count(), 1);
    assert_eq!(shown(&program, &some, node), "[17, 18]");
}

#[test]
fn fault_14_the_order_of_children_changes_nothing() {
    let mut build = Build::new();
    let hire = build.hire;
    let salary = build.declare(hire, "salary", FactType::Number(None), None);
    let (list, scope) = build.hires(None);
    let read = build.read_in(scope, salary);
    let kinds = [
        Aggregate::Sum,
        Aggregate::Average,
        Aggregate::Highest,
        Aggregate::CountDistinct,
    ];
    let nodes = kinds.map(|kind| {
        build.number(Op::Aggregate {
            kind,
            over: scope,
            filter: None,
            value: Some(read),
        })
    });
    let of = |stated: &str| meed_facts::record::Record::new(hire).is(salary, num(stated));
    let unknown = meed_facts::record::Record::new(hire);
    let items = vec![of("3"), unknown, of("5")];
    let turned = items.iter().rev().cloned().collect();
    let (one, other) = (
        build.record().holding(list, items, false),
        build.record().holding(list, turned, false),
    );
    let program = build.finish();
    for node in nodes {
        assert_eq!(shown(&program, &one, node), shown(&program, &other, node));
    }
}

#[test]
fn fault_16_an_empty_list_shifts_no_other() {
    let mut build = Build::new();
    let hire = build.hire;
    let salary = build.declare(hire, "salary", FactType::Number(None), None);
    let (first, first_scope) = build.hires(None);
    let (second, second_scope) = build.hires(None);
    let totals = [first_scope, second_scope].map(|over| {
        let read = build.read_in(over, salary);
        build.number(Op::Aggregate {
            kind: Aggregate::Sum,
            over,
            filter: None,
            value: Some(read),
        })
    });
    let of = |stated: &str| meed_facts::record::Record::new(hire).is(salary, num(stated));
    let record = build.record().holding(first, vec![], true);
    let record = record.holding(second, vec![of("3"), of("4")], true);
    let program = build.finish();
    assert_eq!(totals.map(|node| shown(&program, &record, node)), ["0", "7"]);
}

#[test]
fn fault_20_growth_of_exactly_five_percent_is_five_percent() {
    for base in [1_i64, 3, 7, 19, 21, 97, 1_000_003, 123_456_789] {
        let mut build = Build::new();
        let (from, to) = (
            build.n(&base.to_string()),
            build.n(&format!("{}.{:02}", base * 105 / 100, base * 105 % 100)),
        );
        let growth = build.number(Op::GrowthRate { from, to });
        let five = build.n("0.05");
        let (ge, gt) = (
            build.compare(Cmp::Ge, growth, five),
            build.compare(Cmp::Gt, growth, five),
        );
        let record = build.record();
        let program = build.finish();
        assert_eq!(shown(&program, &record, ge), "true", "{base}");
        assert_eq!(shown(&program, &record, gt), "false", "{base}");
    }
}
