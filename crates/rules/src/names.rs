//! Every rule of a package under its name, with its place and the time in which its text is in force.

mod amend;
mod collect;
mod documents;

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::date::Date;
use meed_syntax::ast;
use rustc_hash::FxHashSet;

pub(crate) use collect::collect;

use crate::place::Place;

/// One rule, as one document states it.
#[derive(Clone, Debug)]
pub(crate) struct Rule<N> {
    /// Its name.
    pub(crate) name: Arc<str>,
    /// Its tree.
    pub(crate) node: N,
    /// Where it stands.
    pub(crate) place: Place,
    /// The table that its block introduces, where its item ends in `from table`.
    pub(crate) table: Option<ast::Table>,
    /// Amendments in force with it, in the order of the documents.
    pub(crate) amendments: Vec<Rule<ast::Amend>>,
}

impl<N> Rule<N> {
    fn new(name: Arc<str>, node: N, place: Place, table: Option<ast::Table>) -> Self {
        Rule {
            name,
            node,
            place,
            table,
            amendments: Vec::new(),
        }
    }
}

/// Rules of one kind by name; several of one name are versions, in the order of their beginning.
#[derive(Clone, Debug)]
pub(crate) struct Rules<N>(BTreeMap<Arc<str>, Vec<Rule<N>>>);

impl<N> Default for Rules<N> {
    fn default() -> Self {
        Rules(BTreeMap::new())
    }
}

impl<N> Rules<N> {
    fn push(&mut self, rule: Rule<N>) {
        let name = rule.name.clone();
        self.0.entry(name.clone()).or_default().push(rule);
        self.sort(&name);
    }

    fn sort(&mut self, name: &str) {
        if let Some(versions) = self.0.get_mut(name) {
            versions.sort_by_key(|rule| (rule.place.in_force.from, rule.place.span));
        }
    }

    /// Whether there is a rule of this name at any time.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All rules of a name.
    pub(crate) fn all(&self, name: &str) -> &[Rule<N>] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The rules of a name that are in force on a day.
    pub(crate) fn on(&self, name: &str, day: Date) -> impl Iterator<Item = &Rule<N>> {
        self.all(name)
            .iter()
            .filter(move |rule| rule.place.in_force.contains(day))
    }

    /// Names in alphabetical order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.keys()
    }

    /// All rules, by name and beginning.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Rule<N>> {
        self.0.values().flatten()
    }

    /// All versions of each name.
    pub(crate) fn by_name(&self) -> impl Iterator<Item = (&Arc<str>, &[Rule<N>])> {
        self.0.iter().map(|(name, rules)| (name, rules.as_slice()))
    }
}

/// Every rule of a package.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) entities: Rules<ast::Entity>,
    pub(crate) facts: Vec<Rule<ast::Facts>>,
    pub(crate) enumerations: Rules<ast::Enumeration>,
    pub(crate) agencies: Rules<ast::Agency>,
    pub(crate) units: Rules<ast::UnitDeclaration>,
    pub(crate) titles: Rules<ast::Title>,
    pub(crate) measures: Rules<ast::Measure>,
    pub(crate) services: Rules<ast::Service>,
    pub(crate) parameters: Rules<ast::Parameter>,
    pub(crate) definitions: Rules<ast::Define>,
    /// By the rule they except from.
    pub(crate) exceptions: Rules<ast::Exception>,
    pub(crate) exception_groups: Rules<ast::ExceptionGroup>,
    pub(crate) presumptions: Vec<Rule<ast::Presumption>>,
    pub(crate) categories: Rules<ast::Category>,
    pub(crate) combines: Rules<ast::Combine>,
    pub(crate) funds: Rules<ast::Fund>,
    pub(crate) tables: Rules<ast::TableItem>,
    pub(crate) sheets: Rules<ast::Sheet>,
    pub(crate) amendments: Rules<ast::Amend>,
    pub(crate) cases: Vec<Rule<ast::Case>>,
    pub(crate) case_tables: Vec<Rule<ast::CaseTable>>,
    pub(crate) no_rules: Vec<Rule<ast::NoRule>>,
    /// Names of definitions, parameters, tables and sheets: each word of a rule may be one.
    values: FxHashSet<Arc<str>>,
}

impl Names {
    /// Whether a definition, parameter, table or sheet has this name.
    pub(crate) fn has_value(&self, name: &str) -> bool {
        self.values.contains(name)
    }

    /// Names of all definitions, parameters, tables and sheets.
    pub(crate) fn value_names(&self) -> impl Iterator<Item = Arc<str>> {
        let definitions = self.definitions.names().chain(self.parameters.names());
        definitions
            .chain(self.tables.names())
            .chain(self.sheets.names())
            .cloned()
    }

    /// The measures that a name of a category means at any time; any other name means itself.
    pub(crate) fn of_category(&self, name: &str) -> Vec<Arc<str>> {
        match self.categories.all(name) {
            [] => vec![name.into()],
            versions => {
                let members = versions.iter().flat_map(|category| category.node.member());
                members.map(|member| member.text().into()).collect()
            }
        }
    }

    /// Every day on which the text may change: beginnings and ends of all rules and of dated parameters' entries.
    pub(crate) fn turning_points(&self) -> Vec<Date> {
        let rules = ends(&self.measures)
            .chain(ends(&self.services))
            .chain(ends(&self.combines))
            .chain(ends(&self.categories))
            .chain(ends(&self.funds));
        sorted(rules.chain(ends(&self.amendments)).chain(self.value_points()))
    }

    /// Every day on which a value that rules read may change: of parameters, definitions, tables, sheets and titles' criteria.
    pub(crate) fn value_points(&self) -> Vec<Date> {
        let entries = self
            .parameters
            .iter()
            .flat_map(|rule| rule.node.entry().collect::<Vec<_>>());
        let entries = entries
            .filter_map(|entry| entry.span())
            .flat_map(|span| days_of_span(days_of(&span)));
        let named = ends(&self.parameters)
            .chain(ends(&self.definitions))
            .chain(ends(&self.exceptions));
        sorted(
            named
                .chain(ends(&self.tables))
                .chain(ends(&self.sheets))
                .chain(ends(&self.titles))
                .chain(entries),
        )
    }
}

fn ends<N>(rules: &Rules<N>) -> impl Iterator<Item = Date> {
    rules.iter().flat_map(|rule| days_of_span(rule.place.in_force))
}

fn days_of_span(span: meed_facts::date::Span) -> impl Iterator<Item = Date> {
    span.from.into_iter().chain(span.until)
}

fn sorted(days: impl Iterator<Item = Date>) -> Vec<Date> {
    let mut days: Vec<Date> = days.collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The days of a written span.
pub(crate) fn days_of(span: &ast::Span) -> meed_facts::date::Span {
    let day = |date: Option<ast::Date>| date.and_then(|date| date.value());
    meed_facts::date::Span::new(day(span.from()), day(span.to()))
}
