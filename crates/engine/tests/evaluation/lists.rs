//! Children and years: complete lists, lists of which a part is known, and the child before.

use meed_engine::value::CauseKind;
use meed_facts::record::Record;
use meed_facts::schema::{FactId, FactType};
use meed_facts::value::Scalar;
use meed_rules::program::{Aggregate, Cmp, NodeId, Op, Program, Scope, ScopeId, ScopeKind, Type};

use crate::build::{Build, NUMBER, State, date, kinds, num, range, shown, value};

struct Hires {
    build: Build,
    list: FactId,
    scope: ScopeId,
    salary: FactId,
    phd: FactId,
    start: FactId,
    reads: (NodeId, NodeId),
}

fn hires() -> Hires {
    let mut build = Build::new();
    let hire = build.hire;
    let salary = build.declare(hire, "salary", FactType::Number(None), None);
    let phd = build.declare(hire, "phd", FactType::Bool, None);
    let start = build.declare(hire, "start", FactType::Date, None);
    let (list, scope) = build.hires(Some(start));
    let reads = (build.read_in(scope, salary), build.read_in(scope, phd));
    Hires {
        build,
        list,
        scope,
        salary,
        phd,
        start,
        reads,
    }
}

impl Hires {
    fn of(&mut self, kind: Aggregate, filtered: bool) -> NodeId {
        let (salary, phd) = self.reads;
        let value = match kind {
            Aggregate::Count => None,
            Aggregate::Any | Aggregate::Each => Some(phd),
            _ => Some(salary),
        };
        let ty = match kind {
            Aggregate::Any | Aggregate::Each => Type::Bool,
            _ => NUMBER,
        };
        let filter = filtered.then_some(phd);
        let over = self.scope;
        self.build.node(
            ty,
            Op::Aggregate {
                kind,
                over,
                filter,
                value,
            },
        )
    }

    /// A hire with a salary; a phd or not, or unknown.
    fn hire(&self, salary: &str, phd: Option<bool>) -> Record {
        let record = Record::new(self.build.hire).is(self.salary, num(salary));
        match phd {
            Some(phd) => record.is(self.phd, Scalar::Bool(phd)),
            None => record,
        }
    }
}

const ALL: [Aggregate; 8] = [
    Aggregate::Count,
    Aggregate::CountDistinct,
    Aggregate::Sum,
    Aggregate::Average,
    Aggregate::Highest,
    Aggregate::Lowest,
    Aggregate::Any,
    Aggregate::Each,
];

fn all_of(hires: &mut Hires, filtered: bool) -> Vec<NodeId> {
    ALL.iter().map(|kind| hires.of(*kind, filtered)).collect()
}

fn show_all(program: &Program, record: &Record, nodes: &[NodeId]) -> Vec<String> {
    nodes.iter().map(|node| shown(program, record, *node)).collect()
}

#[test]
fn a_complete_list_is_all_there_is() {
    let mut hires = hires();
    let nodes = all_of(&mut hires, false);
    let items = vec![hires.hire("2", Some(true)), hires.hire("4", Some(false))];
    let record = hires.build.record().holding(hires.list, items, true);
    let shown = show_all(&hires.build.finish(), &record, &nodes);
    assert_eq!(shown, ["2", "2", "6", "3", "4", "2", "true", "false"]);
}

#[test]
fn over_nobody_sums_are_nothing_and_averages_undefined() {
    let mut hires = hires();
    let nodes = all_of(&mut hires, false);
    let record = hires.build.record().holding(hires.list, vec![], true);
    let shown = show_all(&hires.build.finish(), &record, &nodes);
    let undefined = "undefined";
    assert_eq!(shown, ["0", "0", "0", undefined, undefined, undefined, "false", "true"]);
}

#[test]
fn who_may_or_may_not_count_widens() {
    let mut hires = hires();
    let nodes = all_of(&mut hires, true);
    let items = vec![hires.hire("2", Some(true)), hires.hire("4", None)];
    let record = hires.build.record().holding(hires.list, items, true);
    let shown = show_all(&hires.build.finish(), &record, &nodes);
    let expected = ["[1, 2]", "[1, 2]", "[2, 6]", "[2, 4]", "[2, 4]", "2", "true", "either"];
    assert_eq!(shown, expected);
}

#[test]
fn a_part_of_a_list_leaves_room_for_any_number_of_others() {
    let mut hires = hires();
    hires.build.schema.facts[hires.salary].bounds = Some(crate::build::between("0 .. 9", num));
    let nodes = all_of(&mut hires, false);
    let items = vec![hires.hire("2", Some(true)), hires.hire("4", Some(false))];
    let record = hires.build.record().holding(hires.list, items, false);
    let nobody = hires.build.record();
    let program = hires.build.finish();
    let some = show_all(&program, &record, &nodes);
    let expected = [
        "[2, ..)", "[2, ..)", "[6, ..)", "[0, 9]", "[4, 9]", "[0, 2]", "true", "false",
    ];
    assert_eq!(some, expected);
    let none = show_all(&program, &nobody, &nodes);
    let maybe = "[0, 9] or undefined";
    assert_eq!(
        none,
        ["[0, ..)", "[0, ..)", "[0, ..)", maybe, maybe, maybe, "either", "either"]
    );
    assert_eq!(kinds(&value(&program, &nobody, nodes[0])), [CauseKind::Missing]);
}

#[test]
fn a_filter_that_certainly_fails_keeps_the_rest_out() {
    let mut hires = hires();
    let no = hires.build.constant(Scalar::Bool(false));
    let over = hires.scope;
    let node = hires.build.number(Op::Aggregate {
        kind: Aggregate::Count,
        over,
        filter: Some(no),
        value: None,
    });
    let record = hires.build.record();
    assert_eq!(shown(&hires.build.finish(), &record, node), "0");
}

/// The salary of the hire before, asked of each hire: the sum of what is paid more than before.
fn risen(hires: &mut Hires) -> NodeId {
    let over = hires.scope;
    let salary = hires.reads.0;
    let before = hires.build.node_in(over, NUMBER, Op::Previous { over, value: salary });
    let more = hires.build.node_in(over, NUMBER, Op::Sub(salary, before));
    hires.build.number(Op::Aggregate {
        kind: Aggregate::Highest,
        over,
        filter: None,
        value: Some(more),
    })
}

#[test]
fn the_child_before_is_found_by_date_not_by_position() {
    let mut hires = hires();
    let node = risen(&mut hires);
    let on = |salary: &str, text: &str| hires.hire(salary, None).is(hires.start, Scalar::Date(date(text)));
    let items = vec![on("9", "2022-03-01"), on("1", "2020-03-01"), on("4", "2021-03-01")];
    let record = hires.build.record().holding(hires.list, items.clone(), true);
    let tie = vec![on("1", "2020-03-01"), on("4", "2021-03-01"), on("9", "2021-03-01")];
    let tie = hires.build.record().holding(hires.list, tie, true);
    let program = hires.build.finish();
    assert_eq!(shown(&program, &record, node), "5");
    // Two that began on one day: which was before the other the facts do not say.
    assert_eq!(kinds(&value(&program, &tie, node)), [CauseKind::Conflict]);
}

#[test]
fn years_before_the_founding_are_dropped() {
    let mut build = Build::new();
    let (founded, since) = build.date_fact("founded");
    let to = build.node(Type::Year, Op::Const(num("2023")));
    let root = build.root;
    let scope = |since| Scope {
        parent: Some(root),
        kind: ScopeKind::Years { count: 3, to, since },
    };
    let over = build.program.scopes.alloc(scope(Some(since)));
    let count = build.number(Op::Aggregate {
        kind: Aggregate::Count,
        over,
        filter: None,
        value: None,
    });
    let year = build.node_in(over, Type::Year, Op::BoundYear(over));
    let first = build.number(Op::Aggregate {
        kind: Aggregate::Lowest,
        over,
        filter: None,
        value: Some(year),
    });
    let record = build.record();
    let program = build.finish();
    let on = |text: &str| record.clone().is(founded, Scalar::Date(date(text)));
    assert_eq!(shown(&program, &on("2010-05-01"), count), "3");
    assert_eq!(shown(&program, &on("2022-05-01"), count), "2");
    assert_eq!(shown(&program, &on("2022-05-01"), first), "2022");
    assert_eq!(shown(&program, &on("2024-05-01"), first), "undefined");
    assert_eq!(shown(&program, &record, count), "[0, 3]");
}

#[test]
fn a_sum_over_values_of_which_none_applies_does_not_apply() {
    let mut hires = hires();
    let (salary, phd) = hires.reads;
    let rules = meed_rules::program::FactRules {
        applies: Some(phd),
        presumed: None,
    };
    let (over, fact) = (hires.scope, hires.salary);
    let grant = hires.build.node_in(over, NUMBER, Op::Fact { of: over, fact, rules });
    let total = |hires: &mut Hires, value| {
        hires.build.number(Op::Aggregate {
            kind: Aggregate::Sum,
            over,
            filter: None,
            value: Some(value),
        })
    };
    let (of_grants, of_all) = (total(&mut hires, grant), total(&mut hires, salary));
    let zero = hires.build.n("0");
    let test = hires.build.compare(Cmp::Gt, of_grants, zero);
    let items = vec![hires.hire("2", Some(false)), hires.hire("4", Some(false))];
    let none = hires.build.record().holding(hires.list, items.clone(), true);
    let mut items = items;
    items.push(hires.hire("8", Some(true)));
    let some = hires.build.record().holding(hires.list, items, true);
    let program = hires.build.finish();
    assert_eq!(shown(&program, &none, of_grants), "inapplicable");
    assert_eq!(shown(&program, &none, of_all), "6");
    assert_eq!(shown(&program, &none, test), "inapplicable");
    assert_eq!(shown(&program, &some, of_grants), "8");
}

#[test]
fn a_range_in_one_child_widens_the_whole_by_as_much() {
    let mut hires = hires();
    let node = hires.of(Aggregate::Average, false);
    let ranged = Record::new(hires.build.hire).with(hires.salary, range("4 ..< 8"));
    let items = vec![hires.hire("2", None), ranged];
    let record = hires.build.record().holding(hires.list, items, true);
    assert_eq!(shown(&hires.build.finish(), &record, node), "[3, 5)");
}
