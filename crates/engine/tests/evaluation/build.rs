//! Small Programs by hand, and values in a form that reads well in a test.

use std::sync::Arc;

use meed_engine::explain::Evaluator;
use meed_engine::value::{CauseKind, Set, Value};
use meed_facts::date::{Date, Period};
use meed_facts::label::Label;
use meed_facts::money::Currency;
use meed_facts::ratio::Ratio;
use meed_facts::record::{List, Record};
use meed_facts::schema::{
    Entity, EntityId, Enumeration, Fact, FactId, FactType, Named, PeriodUnit, Schema, Source, Title, TitleId,
};
use meed_facts::value::{Bound, Interval, Scalar, Stated};
use meed_rules::program::{
    Cmp, Condition, Dimension, FactRules, Node, NodeId, Op, OriginId, PackageInfo, Program, Scope, ScopeId, ScopeKind,
    Type,
};

/// A Program in the making: an enterprise with a list of hires.
pub struct Build {
    pub schema: Schema,
    pub program: Program,
    pub enterprise: EntityId,
    pub hire: EntityId,
    pub root: ScopeId,
}

pub const NUMBER: Type = Type::Number(Dimension::NONE);

/// Nothing in these tests has a place in a document.
pub fn nowhere() -> OriginId {
    OriginId::from_raw(0_u32.into())
}

pub fn named(name: &str) -> Named {
    Named {
        name: name.into(),
        ..Named::default()
    }
}

pub fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub fn num(text: &str) -> Scalar {
    Scalar::Number(ratio(text))
}

pub fn ratio(text: &str) -> Ratio {
    match text.split_once('/') {
        Some((a, b)) => Ratio::new(a.parse().unwrap(), b.parse().unwrap()).unwrap(),
        None => Ratio::parse_decimal(text).unwrap(),
    }
}

/// `2 .. 5`, `2 ..< 5`, `2 <.. 5`; an end may be left out.
pub fn between(text: &str, value: fn(&str) -> Scalar) -> Interval {
    let (sign, _) = [("..<", 0), ("<..", 0), ("..", 0)]
        .into_iter()
        .find(|(sign, _)| text.contains(sign))
        .unwrap();
    let (low, high) = text.split_once(sign).unwrap();
    let bound = |text: &str, closed| {
        let text = text.trim();
        (!text.is_empty()).then(|| Bound {
            value: value(text),
            closed,
        })
    };
    Interval {
        low: bound(low, sign != "<.."),
        high: bound(high, sign != "..<"),
    }
}

pub fn range(text: &str) -> Stated {
    Stated::Range(between(text, num))
}

impl Build {
    pub fn new() -> Self {
        let mut schema = Schema::default();
        let entity = |name| Entity {
            named: named(name),
            key: None,
            facts: Vec::new(),
            applicant: true,
        };
        let enterprise = schema.entities.alloc(entity("Enterprise"));
        let hire = schema.entities.alloc(entity("Hire"));
        let mut program = empty_program();
        let root = program.scopes.alloc(Scope {
            parent: None,
            kind: ScopeKind::Applicant(enterprise),
        });
        Self {
            schema,
            program,
            enterprise,
            hire,
            root,
        }
    }

    pub fn declare(&mut self, entity: EntityId, name: &str, ty: FactType, period: Option<PeriodUnit>) -> FactId {
        let fact = self.schema.facts.alloc(Fact {
            named: named(name),
            entity,
            ty,
            period,
            bounds: None,
            until: None,
            source: Source::Declared,
            evidence: Vec::new(),
        });
        self.schema.entities[entity].facts.push(fact);
        fact
    }

    /// A fact of the enterprise.
    pub fn fact(&mut self, name: &str, ty: FactType) -> FactId {
        self.declare(self.enterprise, name, ty, None)
    }

    pub fn enumeration(&mut self, members: &[&str]) -> meed_facts::schema::EnumerationId {
        self.schema.enumerations.alloc(Enumeration {
            named: named("levels"),
            members: members.iter().map(|member| named(member)).collect(),
            ordered: true,
        })
    }

    pub fn title(&mut self, name: &str) -> TitleId {
        self.schema.titles.alloc(Title {
            named: named(name),
            entity: self.enterprise,
            levels: None,
            level: None,
            validity: Vec::new(),
        })
    }

    pub fn node_in(&mut self, scope: ScopeId, ty: Type, op: Op) -> NodeId {
        self.program.nodes.alloc(Node {
            op,
            ty,
            scope,
            origin: nowhere(),
        })
    }

    pub fn node(&mut self, ty: Type, op: Op) -> NodeId {
        self.node_in(self.root, ty, op)
    }

    pub fn number(&mut self, op: Op) -> NodeId {
        self.node(NUMBER, op)
    }

    pub fn bool(&mut self, op: Op) -> NodeId {
        self.node(Type::Bool, op)
    }

    pub fn constant(&mut self, value: Scalar) -> NodeId {
        let ty = match &value {
            Scalar::Bool(_) => Type::Bool,
            Scalar::Number(_) => NUMBER,
            Scalar::Date(_) => Type::Date,
            Scalar::Months(_) => Type::Months,
            Scalar::Days(_) => Type::Days,
            Scalar::Text(_) => Type::Text,
            Scalar::Member(_) => panic!("of which enumeration?"),
        };
        self.node(ty, Op::Const(value))
    }

    pub fn n(&mut self, text: &str) -> NodeId {
        self.constant(num(text))
    }

    pub fn type_of(&self, fact: FactId) -> Type {
        match &self.schema.facts[fact].ty {
            FactType::Bool => Type::Bool,
            FactType::Date => Type::Date,
            FactType::Months => Type::Months,
            FactType::Days => Type::Days,
            FactType::Text => Type::Text,
            FactType::Enumeration(id) => Type::Enumeration(*id),
            FactType::Identifier(kind) => Type::Identifier(*kind),
            _ => NUMBER,
        }
    }

    pub fn read_in(&mut self, scope: ScopeId, fact: FactId) -> NodeId {
        let rules = FactRules::default();
        self.node_in(scope, self.type_of(fact), Op::Fact { of: scope, fact, rules })
    }

    pub fn read(&mut self, fact: FactId) -> NodeId {
        self.read_in(self.root, fact)
    }

    /// A new number of the enterprise and the node that reads it.
    pub fn number_fact(&mut self, name: &str) -> (FactId, NodeId) {
        let fact = self.fact(name, FactType::Number(None));
        (fact, self.read(fact))
    }

    pub fn bool_fact(&mut self, name: &str) -> (FactId, NodeId) {
        let fact = self.fact(name, FactType::Bool);
        (fact, self.read(fact))
    }

    pub fn date_fact(&mut self, name: &str) -> (FactId, NodeId) {
        let fact = self.fact(name, FactType::Date);
        (fact, self.read(fact))
    }

    /// A list of hires and the scope that binds each.
    pub fn hires(&mut self, by: Option<FactId>) -> (FactId, ScopeId) {
        let list = self.fact("hires", FactType::Many(self.hire));
        let kind = ScopeKind::Children {
            owner: self.root,
            list,
            entity: self.hire,
            by,
        };
        let scope = self.program.scopes.alloc(Scope {
            parent: Some(self.root),
            kind,
        });
        (list, scope)
    }

    pub fn compare(&mut self, cmp: Cmp, a: NodeId, b: NodeId) -> NodeId {
        self.bool(Op::Compare(cmp, a, b))
    }

    pub fn finish(mut self) -> Program {
        self.program.schema = Arc::new(self.schema);
        self.program
    }

    pub fn record(&self) -> Record {
        Record::new(self.enterprise)
    }
}

fn empty_program() -> Program {
    let info = PackageInfo {
        name: "test".into(),
        version: "1".into(),
        title: Label::default(),
        digest: "".into(),
        jurisdiction: "CN-230100".into(),
        currency: Currency::parse("CNY").unwrap(),
    };
    Program {
        package: info,
        date: date("2024-03-01"),
        schema: Arc::default(),
        calendar: Arc::default(),
        documents: Default::default(),
        origins: Default::default(),
        scopes: Default::default(),
        nodes: Default::default(),
        tables: Default::default(),
        names: Default::default(),
        values: Vec::new(),
        titles: Vec::new(),
        measures: Default::default(),
        order: Vec::new(),
        services: Vec::new(),
        combines: Default::default(),
        funds: Vec::new(),
    }
}

pub fn conditions(nodes: &[NodeId]) -> Vec<Condition> {
    let condition = |node: &NodeId| Condition {
        label: None,
        node: *node,
        origin: nowhere(),
    };
    nodes.iter().map(condition).collect()
}

/// What a record states, step by step.
pub trait State: Sized {
    fn with(self, fact: FactId, stated: Stated) -> Self;
    fn in_year(self, fact: FactId, year: i16, stated: Stated) -> Self;
    fn holding(self, list: FactId, items: Vec<Record>, complete: bool) -> Self;
    fn is(self, fact: FactId, value: Scalar) -> Self {
        self.with(fact, Stated::Value(value))
    }
}

impl State for Record {
    fn with(mut self, fact: FactId, stated: Stated) -> Self {
        self.facts.insert(fact, stated);
        self
    }

    fn in_year(mut self, fact: FactId, year: i16, stated: Stated) -> Self {
        let series = self.series.entry(fact).or_default();
        series.insert(Period::Year(year), stated);
        self
    }

    fn holding(mut self, list: FactId, items: Vec<Record>, complete: bool) -> Self {
        self.children.insert(list, List { items, complete });
        self
    }
}

/// The value of one of the applicant's nodes.
pub fn value(program: &Program, record: &Record, node: NodeId) -> Value {
    let evaluator = Evaluator::new(program, record);
    evaluator.value(node, evaluator.root()).clone()
}

/// The value as text: `5`, `[0, 10)`, `either`, `5 or undefined`.
pub fn show(value: &Value) -> String {
    let mut parts = Vec::new();
    parts.extend(value.set().map(show_set));
    parts.extend(value.may_be_undefined().then(|| "undefined".to_owned()));
    parts.extend(value.may_be_inapplicable().then(|| "inapplicable".to_owned()));
    parts.join(" or ")
}

pub fn shown(program: &Program, record: &Record, node: NodeId) -> String {
    show(&value(program, record, node))
}

fn show_set(set: &Set) -> String {
    match set {
        Set::One(value) => show_scalar(value),
        Set::Either => "either".to_owned(),
        Set::Members(members) => format!("{:?}", members.iter().collect::<Vec<_>>()),
        Set::Texts(texts) => format!("{texts:?}"),
        Set::AnyText => "any text".to_owned(),
        Set::Range(interval) => {
            let low = interval.low.as_ref().map_or("(..".to_owned(), |low| {
                format!("{}{}", if low.closed { "[" } else { "(" }, show_scalar(&low.value))
            });
            let high = interval.high.as_ref().map_or("..)".to_owned(), |high| {
                format!("{}{}", show_scalar(&high.value), if high.closed { "]" } else { ")" })
            });
            format!("{low}, {high}")
        }
    }
}

fn show_scalar(value: &Scalar) -> String {
    match value {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Number(value) => value.to_string(),
        Scalar::Date(value) => value.to_string(),
        Scalar::Months(value) => format!("{value} months"),
        Scalar::Days(value) => format!("{value} days"),
        Scalar::Text(value) => value.to_string(),
        Scalar::Member(value) => format!("#{value}"),
    }
}

pub fn kinds(value: &Value) -> Vec<CauseKind> {
    let mut kinds: Vec<CauseKind> = value.causes().iter().map(|cause| cause.kind).collect();
    kinds.dedup();
    kinds
}
