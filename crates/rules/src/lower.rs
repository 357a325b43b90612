//! From names and trees to the Program of one date.

mod bars;
mod builder;
mod calls;
mod combines;
mod definitions;
mod env;
mod exceptions;
mod expr;
mod facts;
mod growth;
mod history;
mod literals;
mod measures;
mod names;
mod parameters;
mod quantifiers;
mod reading;
mod sheets;
mod tables;
mod title_questions;
mod titles;
mod typed;
mod units;
mod values;
mod within;

use std::sync::Arc;

use la_arena::Arena;
use meed_facts::calendar::Calendar;
use meed_facts::date::Date;
use meed_facts::schema::{EntityId, FactId, Schema};
use meed_syntax::ast;
use meed_syntax::diagnostic::{Diagnostic, Span};
use rustc_hash::FxHashMap;

use self::builder::Builder;
use self::definitions::DefinitionKey;
use self::env::{Env, Period};
use self::reading::Reading;
use self::typed::Typed;
use crate::names::Names;
use crate::package::Package;
use crate::place::Place;
use crate::program::{
    Dimension, Document, Measure, MeasureId, NameId, NamedValue, NodeId, Origin, OriginId, PackageInfo, Program,
    ScopeId, ScopeKind, Table, TableId, Type,
};
use crate::vocabulary::Vocabulary;

/// A package whose names are known: what every date's Program is made from.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    pub(crate) package: &'a Package,
    pub(crate) names: &'a Names,
    pub(crate) documents: &'a Arena<Document>,
    pub(crate) schema: &'a Arc<Schema>,
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) calendar: &'a Arc<Calendar>,
    pub(crate) info: &'a PackageInfo,
    pub(crate) turning_points: &'a [Date],
    /// Those of them on which a value that rules read may change.
    pub(crate) value_points: &'a [Date],
    /// Whether something is wrong with the package already, so that rules may be incomplete.
    pub(crate) has_errors: bool,
}

/// A Program and what was noticed on the way.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub(crate) program: Program,
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) holes: Vec<Span>,
    pub(crate) wanted: Vec<Option<NodeId>>,
}

/// A value as an expectation writes it.
#[derive(Clone, Debug)]
pub(crate) enum WantedValue {
    /// An expression.
    Expr(ast::Expr),
    /// A name, perhaps of a part: `sheet.group`.
    Path(Vec<ast::NameRef>),
}

/// A value wanted of a Program besides its rules.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) what: WantedValue,
    /// For which kind of applicant.
    pub(crate) entity: EntityId,
    pub(crate) place: Place,
    pub(crate) ty: WantedType,
}

/// Of which type a wanted value must be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WantedType {
    /// Of any.
    Any,
    /// An amount in the package's currency.
    Money,
    /// As the one at this position.
    Like(usize),
}

/// Lowers the package on `date`, and `wanted` with it: a node for each.
pub(crate) fn lower(source: &Source<'_>, date: Date, wanted: &[Wanted]) -> Lowered {
    let mut lower = Lower::new(source, date);
    lower.declare_measures();
    let values = lower.values();
    let titles = lower.titles();
    lower.fill_measures();
    let services = lower.services();
    let combines = lower.combines();
    let funds = lower.funds();
    let order = lower.measure_order();
    let wanted = lower.wanted(wanted);
    lower.unused_tables();
    let program = Program {
        package: source.info.clone(),
        date,
        schema: source.schema.clone(),
        calendar: source.calendar.clone(),
        documents: source.documents.clone(),
        origins: lower.origins,
        scopes: lower.builder.scopes,
        nodes: lower.builder.nodes,
        tables: lower.tables,
        names: lower.named,
        values,
        titles,
        measures: lower.measures,
        order,
        services,
        combines,
        funds,
    };
    Lowered {
        program,
        findings: lower.findings,
        holes: lower.holes,
        wanted,
    }
}

struct Lower<'a> {
    source: &'a Source<'a>,
    names: &'a Names,
    schema: &'a Schema,
    vocabulary: &'a Vocabulary,
    date: Date,
    builder: Builder,
    origins: Arena<Origin>,
    /// By place and the amendments in force with it.
    known_origins: FxHashMap<(Span, Vec<Span>), OriginId>,
    tables: Arena<Table>,
    known_tables: FxHashMap<(Span, ScopeId), Option<TableId>>,
    named: Arena<NamedValue>,
    known_named: FxHashMap<(Arc<str>, Span), NameId>,
    known_series: FxHashMap<(Span, ScopeId), ScopeId>,
    measures: Arena<Measure>,
    measure_ids: FxHashMap<Arc<str>, MeasureId>,
    lowered: FxHashMap<DefinitionKey, Vec<(Reading, Option<Typed>)>>,
    reading: Reading,
    in_progress: Vec<(Arc<str>, Span)>,
    applying: Vec<FactId>,
    holes: Vec<Span>,
    findings: Vec<Diagnostic>,
}

impl<'a> Lower<'a> {
    fn new(source: &'a Source<'a>, date: Date) -> Self {
        Lower {
            source,
            names: source.names,
            schema: source.schema,
            vocabulary: source.vocabulary,
            date,
            builder: Builder::default(),
            origins: Arena::new(),
            known_origins: FxHashMap::default(),
            tables: Arena::new(),
            known_tables: FxHashMap::default(),
            named: Arena::new(),
            known_named: FxHashMap::default(),
            known_series: FxHashMap::default(),
            measures: Arena::new(),
            measure_ids: FxHashMap::default(),
            lowered: FxHashMap::default(),
            reading: Reading::new(date),
            in_progress: Vec::new(),
            applying: Vec::new(),
            holes: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Says what is wrong.
    fn say(&mut self, finding: Diagnostic) {
        self.reads_once();
        self.findings.push(finding);
    }

    /// The origin of a piece of the rule an expression stands in.
    fn origin(&mut self, env: &Env, span: Span) -> OriginId {
        self.origin_of(&env.place, span)
    }

    /// The origin of a piece of a rule.
    fn origin_of(&mut self, place: &Place, span: Span) -> OriginId {
        let amendments: Vec<Span> = place.amended_by.iter().map(|place| place.span).collect();
        let key = (span, amendments);
        if let Some(known) = self.known_origins.get(&key) {
            return *known;
        }
        let amended_by = place.amended_by.iter().map(|place| self.origin_of(place, place.span));
        let amended_by = amended_by.collect();
        let origin = self.origins.alloc(Origin {
            document: place.document,
            headings: place.headings.clone(),
            span,
            source: place.source,
            basis: place.basis.clone(),
            amended_by,
        });
        self.known_origins.insert(key, origin);
        origin
    }

    /// The environment of a rule for an applicant.
    fn applicant(&mut self, entity: EntityId, place: &Place) -> Env {
        let root = self.builder.scope(None, ScopeKind::Applicant(entity));
        Env {
            root,
            scope: root,
            record: root,
            entity,
            locals: Vec::new(),
            period: Period::Judged(self.date.year()),
            base: None,
            text_of: self.date,
            place: place.clone(),
            amended: Arc::default(),
        }
    }

    fn wanted(&mut self, wanted: &[Wanted]) -> Vec<Option<NodeId>> {
        let money = Type::Number(Dimension::money(self.source.info.currency));
        let mut made: Vec<Option<Typed>> = Vec::new();
        for one in wanted {
            let env = self.applicant(one.entity, &one.place);
            let typed = match (&one.what, one.ty) {
                (WantedValue::Path(path), _) => self.path(path, &env),
                (WantedValue::Expr(expr), WantedType::Any) => self.expr(expr, &env, None),
                (WantedValue::Expr(expr), WantedType::Money) => self.expr_of(expr, &env, &money),
                (WantedValue::Expr(expr), WantedType::Like(at)) => {
                    let ty = made.get(at).and_then(Option::as_ref).map(|typed| typed.ty.clone());
                    ty.and_then(|ty| self.expr_of(expr, &env, &ty))
                }
            };
            made.push(typed);
        }
        made.into_iter().map(|typed| typed.map(|typed| typed.node)).collect()
    }
}
