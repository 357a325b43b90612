//! Arithmetic, comparison, extremes and growth, over values that are known, ranges, undefined or do not apply.

use meed_engine::value::CauseKind;
use meed_facts::ratio::Rounding;
use meed_facts::schema::FactType;
use meed_facts::value::{Scalar, Stated};
use meed_rules::program::{Cmp, FactRules, NodeId, Op};

use crate::build::{Build, State, conditions, kinds, num, range, ratio, show, shown, value};

/// What an operator makes of two numbers, each stated as a value, a range or not at all.
fn of_two(op: fn(NodeId, NodeId) -> Op, a: &str, b: &str) -> String {
    let mut build = Build::new();
    let (fact_a, node_a) = build.number_fact("a");
    let (fact_b, node_b) = build.number_fact("b");
    let node = build.number(op(node_a, node_b));
    let mut record = build.record();
    for (fact, text) in [(fact_a, a), (fact_b, b)] {
        record = match text {
            "?" => record,
            range_text if range_text.contains("..") => record.with(fact, range(range_text)),
            one => record.is(fact, num(one)),
        };
    }
    shown(&build.finish(), &record, node)
}

#[test]
fn nothing_times_anything_is_nothing() {
    assert_eq!(of_two(Op::Mul, "0", "?"), "0");
    assert_eq!(of_two(Op::Mul, "?", "0"), "0");
    assert_eq!(of_two(Op::Mul, "0 .. 3", "?"), "(.., ..)");
}

#[test]
fn the_ends_of_a_product_are_products_of_ends() {
    assert_eq!(of_two(Op::Mul, "-2 .. 3", "-5 .. 7"), "[-15, 21]");
    assert_eq!(of_two(Op::Mul, "0 <.. 3", "2 .."), "(0, ..)");
    assert_eq!(of_two(Op::Mul, "0 .. 3", "2 .."), "[0, ..)");
    assert_eq!(of_two(Op::Mul, ".. -1", ".. -2"), "[2, ..)");
    assert_eq!(of_two(Op::Mul, "2 ..< 3", "4 .. 5"), "[8, 15)");
}

#[test]
fn a_divisor_that_may_be_zero_makes_the_quotient_undefined_possibly() {
    assert_eq!(of_two(Op::Div, "6", "2 .. 3"), "[2, 3]");
    assert_eq!(of_two(Op::Div, "6", "0 <.. 3"), "[2, ..)");
    assert_eq!(of_two(Op::Div, "6", "0 .. 3"), "[2, ..) or undefined");
    assert_eq!(of_two(Op::Div, "6", "-3 .. 3"), "(.., ..) or undefined");
    assert_eq!(of_two(Op::Div, "-6 .. -4", ".. -2"), "(0, 3]");
    assert_eq!(of_two(Op::Div, "0", "-3 .. 3"), "0 or undefined");
    assert_eq!(of_two(Op::Div, "6", "0"), "undefined");
    assert_eq!(of_two(Op::Div, "?", "0"), "undefined");
}

#[test]
fn a_division_by_zero_names_the_divisor() {
    let mut build = Build::new();
    let (a, b) = (build.n("1"), build.n("0"));
    let node = build.number(Op::Div(a, b));
    let record = build.record();
    let value = value(&build.finish(), &record, node);
    let causes: Vec<_> = value.causes().iter().cloned().collect();
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].kind, CauseKind::Undefined);
    assert_eq!(causes[0].place, meed_engine::value::CausePlace::Divisor(b));
}

#[test]
fn an_interval_less_itself_stays_an_interval() {
    assert_eq!(of_two(Op::Sub, "1 .. 2", "1 .. 2"), "[-1, 1]");
    assert_eq!(of_two(Op::Add, "1 ..< 2", "1 .. 2"), "[2, 4)");
    assert_eq!(of_two(Op::Add, "1", "?"), "(.., ..)");
}

#[test]
fn a_cap_already_reached_is_the_cap() {
    assert_eq!(of_two(|a, b| Op::Min(vec![a, b]), "10", "12 .."), "10");
    assert_eq!(of_two(|a, b| Op::Min(vec![a, b]), "10", "8 .."), "[8, 10]");
    assert_eq!(of_two(|a, b| Op::Max(vec![a, b]), "10", "12 <.. 15"), "(12, 15]");
    assert_eq!(of_two(|a, b| Op::Max(vec![a, b]), "10", "?"), "[10, ..)");
    assert_eq!(of_two(|a, _| Op::NotBelowZero(a), "-5 ..< 5", "0"), "[0, 5)");
    assert_eq!(of_two(|a, _| Op::NotBelowZero(a), "?", "0"), "[0, ..)");
    assert_eq!(of_two(|a, _| Op::NotBelowZero(a), "-5", "0"), "0");
}

#[test]
fn open_ends_compare_exactly() {
    let compared = |cmp: Cmp, a: &str, b: &str| {
        let op: fn(NodeId, NodeId) -> Op = match cmp {
            Cmp::Lt => |a, b| Op::Compare(Cmp::Lt, a, b),
            Cmp::Le => |a, b| Op::Compare(Cmp::Le, a, b),
            Cmp::Gt => |a, b| Op::Compare(Cmp::Gt, a, b),
            Cmp::Ge => |a, b| Op::Compare(Cmp::Ge, a, b),
            Cmp::Eq => |a, b| Op::Compare(Cmp::Eq, a, b),
            Cmp::Ne => |a, b| Op::Compare(Cmp::Ne, a, b),
        };
        of_two(op, a, b)
    };
    assert_eq!(compared(Cmp::Gt, "5 <.. 9", "5"), "true");
    assert_eq!(compared(Cmp::Gt, "5 .. 9", "5"), "either");
    assert_eq!(compared(Cmp::Ge, "5 .. 9", "5"), "true");
    assert_eq!(compared(Cmp::Lt, "1 ..< 5", "5"), "true");
    assert_eq!(compared(Cmp::Le, "1 .. 5", "5"), "true");
    assert_eq!(compared(Cmp::Lt, "1 .. 5", "5 .. 6"), "either");
    assert_eq!(compared(Cmp::Eq, "1 ..< 5", "5"), "false");
    assert_eq!(compared(Cmp::Ne, "1 ..< 5", "5"), "true");
    assert_eq!(compared(Cmp::Eq, "1 .. 5", "5 .. 6"), "either");
    assert_eq!(compared(Cmp::Eq, "5", "5"), "true");
    assert_eq!(compared(Cmp::Lt, "?", "5"), "either");
}

#[test]
fn even_powers_are_never_negative() {
    assert_eq!(of_two(|a, _| Op::Pow(a, 2), "-3 .. 2", "0"), "[0, 9]");
    assert_eq!(of_two(|a, _| Op::Pow(a, 2), "-3 ..< -1", "0"), "(1, 9]");
    assert_eq!(of_two(|a, _| Op::Pow(a, 2), "?", "0"), "[0, ..)");
    assert_eq!(of_two(|a, _| Op::Pow(a, 3), "-3 .. 2", "0"), "[-27, 8]");
    assert_eq!(of_two(|a, _| Op::Pow(a, 0), "?", "0"), "1");
}

#[test]
fn rounding_keeps_both_ends() {
    let down = |a, _| Op::Round(a, Rounding::Floor, ratio("10"));
    assert_eq!(of_two(down, "27", "0"), "20");
    assert_eq!(of_two(down, "21 .. 29", "0"), "20");
    assert_eq!(of_two(down, "21 .. 31", "0"), "[20, 30]");
}

#[test]
fn growth_from_nothing_is_undefined() {
    let growth = |from, to| Op::GrowthRate { from, to };
    assert_eq!(of_two(growth, "100", "105"), "0.05");
    assert_eq!(of_two(growth, "0", "105"), "undefined");
    assert_eq!(of_two(growth, "-5", "105"), "undefined");
    assert_eq!(of_two(growth, "100 .. 200", "300"), "[0.5, 2]");
    assert_eq!(of_two(growth, "0 .. 200", "300"), "[0.5, ..) or undefined");
}

#[test]
fn compound_growth_is_compared_by_powers() {
    // Revenue 100, 125, 110: the mean of the yearly rates is 6.5 %, the compound rate 4.88 %.
    let over = |rate: &str| {
        let mut build = Build::new();
        let (first, last, rate) = (build.n("100"), build.n("110"), build.n(rate));
        let node = build.bool(Op::CompoundGrowth {
            cmp: Cmp::Ge,
            first,
            last,
            years: 2,
            rate,
        });
        let record = build.record();
        shown(&build.finish(), &record, node)
    };
    assert_eq!(over("0.05"), "false");
    assert_eq!(over("0.0488"), "true");
    assert_eq!(over("-3"), "true");
}

#[test]
fn compound_growth_to_exactly_the_rate_is_not_above_it() {
    let mut build = Build::new();
    let (first, last, rate) = (build.n("100"), build.n("115.7625"), build.n("0.05"));
    let growth = |cmp| Op::CompoundGrowth {
        cmp,
        first,
        last,
        years: 3,
        rate,
    };
    let (ge, gt) = (build.bool(growth(Cmp::Ge)), build.bool(growth(Cmp::Gt)));
    let record = build.record();
    let program = build.finish();
    assert_eq!(shown(&program, &record, ge), "true");
    assert_eq!(shown(&program, &record, gt), "false");
}

/// A number that does not apply, one that is undefined, and 5.
fn special(build: &mut Build) -> (NodeId, NodeId, NodeId) {
    let fact = build.fact("bond_price", FactType::Number(None));
    let no = build.constant(Scalar::Bool(false));
    let rules = FactRules {
        applies: Some(no),
        presumed: None,
    };
    let of = build.root;
    let inapplicable = build.number(Op::Fact { of, fact, rules });
    let (one, zero) = (build.n("1"), build.n("0"));
    let undefined = build.number(Op::Div(one, zero));
    (inapplicable, undefined, build.n("5"))
}

#[test]
fn what_does_not_apply_is_left_out_of_sums_and_spoils_products() {
    let mut build = Build::new();
    let (off, _, five) = special(&mut build);
    let cases = [
        (Op::Add(off, five), "5"),
        (Op::Add(five, off), "5"),
        (Op::Add(off, off), "inapplicable"),
        (Op::Sub(five, off), "5"),
        (Op::Sub(off, five), "inapplicable"),
        (Op::Mul(off, five), "inapplicable"),
        (Op::Div(five, off), "inapplicable"),
        (Op::Pow(off, 2), "inapplicable"),
        (Op::NotBelowZero(off), "inapplicable"),
        (Op::Max(vec![off, five]), "5"),
        (Op::Min(vec![five, off]), "5"),
        (Op::Min(vec![off]), "inapplicable"),
        (Op::Compare(Cmp::Lt, off, five), "inapplicable"),
    ];
    let nodes: Vec<_> = cases.into_iter().map(|(op, shown)| (build.number(op), shown)).collect();
    let record = build.record();
    let program = build.finish();
    for (node, expected) in nodes {
        assert_eq!(shown(&program, &record, node), expected, "{:?}", program.nodes[node].op);
    }
}

#[test]
fn what_is_undefined_stays_undefined_unless_logic_decides() {
    let mut build = Build::new();
    let (off, undefined, five) = special(&mut build);
    let unclear = build.compare(Cmp::Lt, undefined, five);
    let (no, yes) = (build.constant(Scalar::Bool(false)), build.constant(Scalar::Bool(true)));
    let off = build.compare(Cmp::Lt, off, five);
    let cases = [
        (Op::All(conditions(&[unclear, no])), "false"),
        (Op::All(conditions(&[unclear, yes])), "undefined"),
        (Op::Any(conditions(&[unclear, yes])), "true"),
        (Op::Any(conditions(&[unclear, no])), "undefined"),
        (Op::NoneOf(conditions(&[unclear, yes])), "false"),
        (Op::Not(unclear), "undefined"),
        (Op::AtLeast(1, conditions(&[unclear, yes])), "true"),
        (Op::AtLeast(2, conditions(&[unclear, yes])), "undefined"),
        (Op::AtLeast(3, conditions(&[unclear, yes])), "false"),
        (Op::All(conditions(&[off, yes])), "true"),
        (Op::All(conditions(&[off])), "inapplicable"),
        (Op::Any(conditions(&[off, no])), "false"),
        (Op::AtLeast(1, conditions(&[off, yes])), "true"),
        (Op::AtLeast(1, conditions(&[off])), "inapplicable"),
        (Op::All(Vec::new()), "true"),
        (Op::Any(Vec::new()), "false"),
        (Op::Applies(off), "false"),
        (Op::Applies(unclear), "true"),
    ];
    let nodes: Vec<_> = cases.into_iter().map(|(op, shown)| (build.bool(op), shown)).collect();
    let record = build.record();
    let program = build.finish();
    for (node, expected) in nodes {
        assert_eq!(shown(&program, &record, node), expected, "{:?}", program.nodes[node].op);
    }
}

#[test]
fn an_undefined_value_keeps_its_cause_and_a_known_one_has_none() {
    let mut build = Build::new();
    let (fact, unknown) = build.number_fact("a");
    let (zero, one) = (build.n("0"), build.n("1"));
    let undefined = build.number(Op::Div(one, zero));
    let both = build.number(Op::Add(undefined, unknown));
    let nothing = build.number(Op::Mul(zero, unknown));
    let record = build
        .record()
        .with(fact, Stated::Missing(meed_facts::value::Missing::Refused));
    let program = build.finish();
    let sum = value(&program, &record, both);
    assert_eq!(show(&sum), "undefined");
    assert_eq!(kinds(&sum), [CauseKind::Refused, CauseKind::Undefined]);
    assert!(value(&program, &record, nothing).causes().is_empty());
}

#[test]
fn conditions_of_which_enough_are_certain_need_no_more() {
    let mut build = Build::new();
    let (_, unknown) = build.bool_fact("unknown");
    let (yes, no) = (build.constant(Scalar::Bool(true)), build.constant(Scalar::Bool(false)));
    let three = conditions(&[yes, no, unknown]);
    let nodes = [1, 2, 3].map(|least| build.bool(Op::AtLeast(least, three.clone())));
    let record = build.record();
    let program = build.finish();
    assert_eq!(
        nodes.map(|node| shown(&program, &record, node)),
        ["true", "either", "false"]
    );
}
