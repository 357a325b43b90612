//! Random Programs, from one string of bytes that proptest can shrink.

use meed_facts::date::Span;
use meed_facts::ratio::{Ratio, Rounding};
use meed_facts::schema::{FactId, FactType, PeriodUnit, TitleId};
use meed_facts::value::{Bound, Interval, Scalar};
use meed_rules::program::{
    Aggregate, Arm, Cell, Cmp, FactRules, LevelTest, NodeId, Op, Program, Row, Scope, ScopeId, ScopeKind, Table,
    TableRule, Type,
};

use crate::build::{Build, NUMBER, conditions, date, named, nowhere};

/// Choices, one after the other; 0 when they run out.
pub struct Picks<'b>(std::slice::Iter<'b, u8>);

impl<'b> Picks<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(bytes.iter())
    }

    pub fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % count
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub fn small(&mut self) -> i32 {
        i32::try_from(self.below(13)).unwrap() - 4
    }
}

/// Facts of the vocabulary that random records are about.
pub struct Facts {
    pub yearly: FactId,
    pub list: FactId,
    pub child: Vec<FactId>,
    pub title: TitleId,
}

/// Nodes to choose operands from.
#[derive(Clone, Default)]
struct Pool {
    numbers: Vec<NodeId>,
    bools: Vec<NodeId>,
    dates: Vec<NodeId>,
    levels: Vec<NodeId>,
}

pub struct Case {
    pub program: Program,
    pub facts: Facts,
    pub entity: (meed_facts::schema::EntityId, meed_facts::schema::EntityId),
    pub root_nodes: Vec<NodeId>,
}

/// A Program of some forty nodes of all families.
pub fn program(picks: &mut Picks) -> Case {
    let mut build = Build::new();
    let levels = build.enumeration(&["none", "municipal", "provincial", "national"]);
    let types = [
        FactType::Number(None),
        FactType::Number(None),
        FactType::Count,
        FactType::Bool,
        FactType::Bool,
        FactType::Date,
        FactType::Date,
        FactType::Enumeration(levels),
    ];
    let single: Vec<FactId> = types.iter().map(|ty| build.fact("f", ty.clone())).collect();
    let yearly = build.declare(
        build.enterprise,
        "yearly",
        FactType::Number(None),
        Some(PeriodUnit::Year),
    );
    let child_types = [FactType::Number(None), FactType::Bool, FactType::Date];
    let hire = build.hire;
    let child: Vec<FactId> = child_types
        .iter()
        .map(|ty| build.declare(hire, "c", ty.clone(), None))
        .collect();
    let title = build.title("title");
    build.schema.titles[title].levels = Some(levels);
    build.schema.titles[title].validity = vec![(date("2018-01-01"), Some(meed_facts::date::Months(36)))];
    let (list, children) = build.hires(Some(child[2]));
    let root = build.root;
    let mut outer = Pool::default();
    for fact in &single {
        let node = build.read(*fact);
        sort_in(&mut outer, &build, node);
    }
    for value in [0, 1, 3] {
        let node = build.n(&value.to_string());
        outer.numbers.push(node);
    }
    let mut inner = outer.clone();
    for fact in &child {
        let node = build.read_in(children, *fact);
        sort_in(&mut inner, &build, node);
    }
    let facts = Facts {
        yearly,
        list,
        child,
        title,
    };
    for turn in 0..8 {
        step(&mut build, children, &mut inner, picks);
        if turn % 4 == 3 {
            let value = picks.of(&inner.numbers);
            let previous = Op::Previous { over: children, value };
            inner.numbers.push(build.node_in(children, NUMBER, previous));
        }
    }
    let years = years(&mut build, &outer, picks);
    let mut by_year = outer.clone();
    let bound = build.node_in(years, Type::Year, Op::BoundYear(years));
    let rules = FactRules::default();
    let read = Op::FactAt {
        of: root,
        fact: yearly,
        at: bound,
        rules,
    };
    by_year.numbers.push(build.node_in(years, NUMBER, read));
    for _ in 0..3 {
        step(&mut build, years, &mut by_year, picks);
    }
    for _ in 0..22 {
        match picks.below(5) {
            0 => aggregate(&mut build, children, (&inner, &mut outer), picks),
            1 => aggregate(&mut build, years, (&by_year, &mut outer), picks),
            2 if picks.below(2) == 0 => of_applicant(&mut build, &facts, &mut outer, picks),
            _ => step(&mut build, root, &mut outer, picks),
        }
    }
    let entity = (build.enterprise, build.hire);
    let program = build.finish();
    let root_nodes = program
        .nodes
        .iter()
        .filter(|(_, node)| node.scope == root)
        .map(|(id, _)| id)
        .collect();
    Case {
        program,
        facts,
        entity,
        root_nodes,
    }
}

fn sort_in(pool: &mut Pool, build: &Build, node: NodeId) {
    match build.program.nodes[node].ty {
        Type::Bool => pool.bools.push(node),
        Type::Date => pool.dates.push(node),
        Type::Enumeration(_) => pool.levels.push(node),
        _ => pool.numbers.push(node),
    }
}

fn years(build: &mut Build, outer: &Pool, picks: &mut Picks) -> ScopeId {
    let on = picks.of(&outer.dates);
    let to = build.node(Type::Year, Op::YearOf(on));
    let since = (picks.below(2) == 0).then(|| picks.of(&outer.dates));
    build.program.scopes.alloc(Scope {
        parent: Some(build.root),
        kind: ScopeKind::Years { count: 3, to, since },
    })
}

fn aggregate(build: &mut Build, over: ScopeId, (inner, outer): (&Pool, &mut Pool), picks: &mut Picks) {
    let filter = (picks.below(2) == 0).then(|| picks.of(&inner.bools));
    let mut make = |kind, value, ty| {
        build.node(
            ty,
            Op::Aggregate {
                kind,
                over,
                filter,
                value,
            },
        )
    };
    match picks.below(8) {
        0 => outer.numbers.push(make(Aggregate::Count, None, NUMBER)),
        1 => outer
            .bools
            .push(make(Aggregate::Any, Some(picks.of(&inner.bools)), Type::Bool)),
        2 => outer
            .bools
            .push(make(Aggregate::Each, Some(picks.of(&inner.bools)), Type::Bool)),
        3 => outer
            .dates
            .push(make(Aggregate::Highest, Some(picks.of(&inner.dates)), Type::Date)),
        other => {
            let kinds = [
                Aggregate::Sum,
                Aggregate::Average,
                Aggregate::Lowest,
                Aggregate::CountDistinct,
            ];
            outer
                .numbers
                .push(make(kinds[other - 4], Some(picks.of(&inner.numbers)), NUMBER));
        }
    }
}

fn of_applicant(build: &mut Build, facts: &Facts, pool: &mut Pool, picks: &mut Picks) {
    let (of, title) = (build.root, facts.title);
    let tests = [LevelTest::Any, LevelTest::Exactly(2), LevelTest::AtLeast(2)];
    let level = picks.of(&tests);
    let on = picks.of(&pool.dates);
    match picks.below(5) {
        0 | 1 => pool.bools.push(build.bool(Op::Holds { of, title, level, on })),
        4 => pool.bools.push(build.bool(Op::Had { of, title, on })),
        2 => {
            let year = build.node(Type::Year, Op::YearOf(on));
            pool.bools.push(build.bool(Op::Newly { of, title, level, year }));
        }
        _ => pool
            .dates
            .push(build.node(Type::Date, Op::Granted { of, title, level, on })),
    }
}

/// One more node of a scope.
fn step(build: &mut Build, scope: ScopeId, pool: &mut Pool, picks: &mut Picks) {
    let (a, b) = (picks.of(&pool.numbers), picks.of(&pool.numbers));
    let (p, q, r) = (picks.of(&pool.bools), picks.of(&pool.bools), picks.of(&pool.bools));
    let (d, e) = (picks.of(&pool.dates), picks.of(&pool.dates));
    let cmp = picks.of(&[Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge, Cmp::Eq, Cmp::Ne]);
    let three = conditions(&[p, q, r]);
    let choice = picks.below(37);
    let op = match choice {
        0 => Op::Add(a, b),
        1 => Op::Sub(a, b),
        2 | 3 => Op::Mul(a, b),
        4 | 5 => Op::Div(a, b),
        6 => Op::Neg(a),
        7 => Op::Pow(a, u8::try_from(picks.below(4)).unwrap()),
        8 if picks.below(3) == 0 => Op::NotBelowZero(a),
        8 => Op::Max(vec![a, b]),
        9 => Op::Min(vec![a, b]),
        10 => Op::Round(
            a,
            picks.of(&[Rounding::HalfEven, Rounding::Up, Rounding::Floor]),
            Ratio::from(2),
        ),
        11 => Op::GrowthRate { from: a, to: b },
        12 => cases(p, q, (a, b), picks),
        13 | 14 => choose([p, q, r], [a, b, picks.of(&pool.numbers)], picks),
        15 => Op::Unclear(vec![("one".into(), a), ("two".into(), b)]),
        16 => Op::Versions {
            on: d,
            branches: vec![
                (Span::new(Some(date("2019-06-01")), Some(date("2020-06-01"))), a),
                (Span::new(Some(date("2020-06-01")), None), b),
            ],
        },
        17 => return off_where(build, scope, pool, (p, a)),
        18 | 19 => return lookup(build, scope, pool, picks),
        20 => Op::Age(d, e),
        21 => Op::FullYearsBetween(d, e),
        22 => Op::YearOf(d),
        23..=25 => {
            return pool
                .bools
                .push(build.node_in(scope, Type::Bool, Op::Compare(cmp, a, b)));
        }
        26 => {
            return pool
                .bools
                .push(build.node_in(scope, Type::Bool, Op::Compare(cmp, d, e)));
        }
        27 => {
            let (x, y) = (picks.of(&pool.levels), picks.of(&pool.levels));
            return pool
                .bools
                .push(build.node_in(scope, Type::Bool, Op::Compare(cmp, x, y)));
        }
        28 => return pool.bools.push(build.node_in(scope, Type::Bool, Op::In(a, vec![b, a]))),
        29 => return later(build, scope, pool, (d, a)),
        30 => {
            let ty = build.program.nodes[picks.of(&pool.levels)].ty.clone();
            let two = vec![picks.of(&pool.levels), picks.of(&pool.levels)];
            let op = if picks.below(2) == 0 {
                Op::Max(two)
            } else {
                Op::Min(two)
            };
            return pool.levels.push(build.node_in(scope, ty, op));
        }
        31 => {
            let years = 2;
            let (first, last, rate) = (a, b, picks.of(&pool.numbers));
            let growth = Op::CompoundGrowth {
                cmp,
                first,
                last,
                years,
                rate,
            };
            return pool.bools.push(build.node_in(scope, Type::Bool, growth));
        }
        _ => {
            let least = u32::try_from(picks.below(4)).unwrap();
            let op = match choice {
                32 => Op::Not(p),
                33 => Op::All(three),
                34 => Op::Any(three),
                35 => Op::AtLeast(least, three),
                _ => Op::Applies(a),
            };
            return pool.bools.push(build.node_in(scope, Type::Bool, op));
        }
    };
    pool.numbers.push(build.node_in(scope, NUMBER, op));
}

fn cases(p: NodeId, q: NodeId, (a, b): (NodeId, NodeId), picks: &mut Picks) -> Op {
    Op::Cases {
        rows: vec![(p, a), (q, b)],
        otherwise: (picks.below(2) == 0).then_some(a),
    }
}

fn choose(guards: [NodeId; 3], values: [NodeId; 3], picks: &mut Picks) -> Op {
    let overrides = [
        vec![],
        picks.of(&[&[0_u16][..], &[]]).to_vec(),
        picks.of(&[&[0, 1][..], &[1], &[]]).to_vec(),
    ];
    let first_always = picks.below(2) == 0;
    let arm = |index: usize| Arm {
        label: None,
        guard: (index > 0 || !first_always).then_some(guards[index]),
        value: values[index],
        overrides: overrides[index].clone(),
        origin: nowhere(),
    };
    Op::Choose {
        arms: (0..3).map(arm).collect(),
        otherwise: (picks.below(3) == 0).then_some(values[0]),
    }
}

/// A number that applies only where a condition holds.
fn off_where(build: &mut Build, scope: ScopeId, pool: &mut Pool, (applies, _): (NodeId, NodeId)) {
    let of = build.root;
    let fact = build.fact("extra", FactType::Number(None));
    let rules = FactRules {
        applies: Some(applies),
        presumed: None,
    };
    let node = build.node_in(scope, NUMBER, Op::Fact { of, fact, rules });
    pool.numbers.push(node);
}

fn later(build: &mut Build, scope: ScopeId, pool: &mut Pool, (on, _): (NodeId, NodeId)) {
    let months = build.constant(Scalar::Months(13));
    let node = build.node_in(scope, Type::Date, Op::AddMonths(on, months));
    pool.dates.push(node);
}

fn lookup(build: &mut Build, scope: ScopeId, pool: &mut Pool, picks: &mut Picks) {
    let keys = vec![picks.of(&pool.numbers), picks.of(&pool.bools)];
    let rule = picks.of(&[0, 1, 2, 3, 4, 5, 6]);
    let rule = match rule {
        0 => TableRule::FirstMatch,
        1 => TableRule::RowsAgree,
        2 => TableRule::HighestMatch,
        3 => TableRule::LowestMatch,
        4 => TableRule::SumOfMatches(None),
        5 => TableRule::CountOfMatches,
        _ => TableRule::Marginal,
    };
    let bound = |value: i32, closed| {
        Some(Bound {
            value: Scalar::Number(Ratio::from(value)),
            closed,
        })
    };
    let bands = [
        Interval {
            low: None,
            high: bound(0, false),
        },
        Interval {
            low: bound(0, true),
            high: bound(3, false),
        },
        Interval {
            low: bound(2, true),
            high: bound(5, true),
        },
        Interval {
            low: bound(5, false),
            high: None,
        },
    ];
    let mut rows = Vec::new();
    for band in bands {
        let outcome = build.n(&picks.small().to_string());
        let truth = match picks.below(3) {
            0 => Cell::OneOf(vec![Scalar::Bool(true)]),
            _ => Cell::Any,
        };
        rows.push(Row {
            cells: vec![Cell::Band(band), truth],
            otherwise: false,
            outcomes: vec![outcome],
            origin: nowhere(),
        });
    }
    if rule != TableRule::Marginal && picks.below(2) == 0 {
        let outcome = build.n(&picks.small().to_string());
        let position = picks.below(rows.len());
        let row = Row {
            cells: vec![Cell::Any, Cell::Any],
            otherwise: true,
            outcomes: vec![outcome],
            origin: nowhere(),
        };
        rows.insert(position, row);
    }
    let table = build.program.tables.alloc(Table {
        named: named("table"),
        origin: nowhere(),
        keys: vec![("a".into(), NUMBER), ("b".into(), Type::Bool)],
        counts: vec![false, false],
        outcomes: vec![("points".into(), NUMBER)],
        rule,
        rows,
        ordered: None,
    });
    let op = Op::Lookup {
        table,
        keys,
        outcome: 0,
    };
    pool.numbers.push(build.node_in(scope, NUMBER, op));
}
