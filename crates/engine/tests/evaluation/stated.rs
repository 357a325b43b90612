//! What is stated, missing, presumed, refused, or does not apply.

use meed_engine::explain::Evaluator;
use meed_engine::value::{CauseKind, CausePlace, RecordPath};
use meed_facts::schema::{AgencyId, FactType, PeriodUnit, Source};
use meed_facts::value::{Missing, Scalar, Stated};
use meed_rules::program::{FactRules, Op, Scope, ScopeKind, Type};

use crate::build::{Build, NUMBER, State, between, kinds, nowhere, num, range, shown, value};

#[test]
fn a_missing_fact_has_bounds_a_reason_and_a_place() {
    let mut build = Build::new();
    let staff = build.fact("staff", FactType::Count);
    let node = build.read(staff);
    let record = build.record();
    let value = value(&build.finish(), &record, node);
    assert_eq!(crate::build::show(&value), "[0, ..)");
    let causes: Vec<_> = value.causes().iter().cloned().collect();
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].kind, CauseKind::Missing);
    let place = CausePlace::Fact {
        record: RecordPath::APPLICANT,
        fact: staff,
        period: None,
    };
    assert_eq!(causes[0].place, place);
}

#[test]
fn a_range_stays_within_the_bounds_of_the_fact() {
    let mut build = Build::new();
    let (share, node) = build.number_fact("share");
    build.schema.facts[share].bounds = Some(between("0 .. 1", num));
    let record = build.record();
    let part = record.clone().with(share, range("0.5 .. 7"));
    let program = build.finish();
    assert_eq!(shown(&program, &record, node), "[0, 1]");
    assert_eq!(shown(&program, &part, node), "[0.5, 1]");
}

#[test]
fn a_presumption_fills_only_what_nobody_was_asked() {
    let mut build = Build::new();
    let listed = build.fact("listed", FactType::Bool);
    let rules = FactRules {
        applies: None,
        presumed: Some((Scalar::Bool(false), nowhere())),
    };
    let of = build.root;
    let node = build.bool(Op::Fact {
        of,
        fact: listed,
        rules,
    });
    let absent = build.record();
    let state = |why| absent.clone().with(listed, Stated::Missing(why));
    let (unasked, refused, judgement) = (
        state(Missing::Unasked),
        state(Missing::Refused),
        state(Missing::Judgement),
    );
    let program = build.finish();
    assert_eq!(shown(&program, &absent, node), "false");
    assert_eq!(shown(&program, &unasked, node), "false");
    assert_eq!(kinds(&value(&program, &refused, node)), [CauseKind::Refused]);
    assert_eq!(kinds(&value(&program, &judgement, node)), [CauseKind::Judgement]);
    let stated = absent.clone().is(listed, Scalar::Bool(false));
    let presumed = |record| {
        let evaluator = Evaluator::new(&program, record);
        evaluator.presumption(node, evaluator.root()).is_some()
    };
    assert!(presumed(&absent) && presumed(&unasked));
    assert!(!presumed(&stated) && !presumed(&refused));
}

#[test]
fn a_fact_that_somebody_judges_is_asked_of_that_role() {
    let mut build = Build::new();
    let (leading, node) = build.bool_fact("market_leading");
    build.schema.facts[leading].source = Source::Judged(AgencyId::from_raw(0_u32.into()));
    let record = build.record();
    assert_eq!(kinds(&value(&build.finish(), &record, node)), [CauseKind::Judgement]);
}

#[test]
fn a_fact_applies_only_where_its_rule_says_so() {
    let mut build = Build::new();
    let (listed, applies) = build.bool_fact("listed");
    let price = build.fact("bond_price", FactType::Number(None));
    let rules = FactRules {
        applies: Some(applies),
        presumed: None,
    };
    let of = build.root;
    let node = build.number(Op::Fact { of, fact: price, rules });
    let stated = build.record().is(price, num("7"));
    let program = build.finish();
    let listed_is = |value| stated.clone().is(listed, Scalar::Bool(value));
    assert_eq!(shown(&program, &listed_is(true), node), "7");
    assert_eq!(shown(&program, &listed_is(false), node), "inapplicable");
    assert_eq!(shown(&program, &stated, node), "7 or inapplicable");
    assert!(value(&program, &listed_is(false), node).causes().is_empty());
}

#[test]
fn a_year_without_a_value_is_unknown_and_a_year_that_is_unknown_is_any_of_its_years() {
    let mut build = Build::new();
    let revenue = build.declare(
        build.enterprise,
        "revenue",
        FactType::Number(None),
        Some(PeriodUnit::Year),
    );
    let (founded, founding) = build.date_fact("founded");
    let year = build.node(Type::Year, Op::YearOf(founding));
    let of = build.root;
    let node = build.number(Op::FactAt {
        of,
        fact: revenue,
        at: year,
        rules: FactRules::default(),
    });
    let record =
        build
            .record()
            .in_year(revenue, 2021, Stated::Value(num("3")))
            .in_year(revenue, 2022, Stated::Value(num("5")));
    let program = build.finish();
    let on = |text: &str| record.clone().is(founded, Scalar::Date(crate::build::date(text)));
    let days = between("2021-05-01 .. 2022-05-01", |text| {
        Scalar::Date(crate::build::date(text))
    });
    assert_eq!(shown(&program, &on("2021-05-01"), node), "3");
    assert_eq!(shown(&program, &on("2023-05-01"), node), "(.., ..)");
    assert_eq!(
        shown(&program, &record.clone().with(founded, Stated::Range(days)), node),
        "[3, 5]"
    );
    assert_eq!(shown(&program, &record, node), "(.., ..)");
}

#[test]
fn facts_of_a_record_held_inside_are_read_there() {
    let mut build = Build::new();
    let hire = build.hire;
    let employer = build.fact("employer", FactType::One(hire));
    let staff = build.declare(hire, "staff", FactType::Count, None);
    let scope = build.program.scopes.alloc(Scope {
        parent: Some(build.root),
        kind: ScopeKind::Inner {
            owner: build.root,
            fact: employer,
            entity: hire,
        },
    });
    let read = build.read_in(scope, staff);
    let one = build.n("1");
    let more = build.node(NUMBER, Op::Add(read, one));
    let empty = build.record();
    let mut record = empty.clone();
    let inside = meed_facts::record::Record::new(hire).is(staff, num("8"));
    record.inner.insert(employer, Box::new(inside));
    let program = build.finish();
    assert_eq!(shown(&program, &record, more), "9");
    assert_eq!(shown(&program, &empty, more), "[1, ..)");
    let missing = value(&program, &empty, more);
    let places: Vec<_> = missing.causes().iter().map(|cause| cause.place.clone()).collect();
    assert!(
        matches!(&places[..], [CausePlace::Fact { record, fact, .. }] if record.steps().len() == 1 && *fact == staff)
    );
}

#[test]
fn a_hole_in_the_text_is_unknown_within_what_the_text_says() {
    let mut build = Build::new();
    let (low, high) = (build.n("0"), build.n("15"));
    let bounded = build.number(Op::Hole(Some((low, high))));
    let open = build.bool(Op::Hole(None));
    let record = build.record();
    let program = build.finish();
    assert_eq!(shown(&program, &record, bounded), "[0, 15]");
    assert_eq!(shown(&program, &record, open), "either");
    assert_eq!(kinds(&value(&program, &record, bounded)), [CauseKind::TextMissing]);
}
