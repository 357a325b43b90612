//! Walks the documents and files every rule under its name.

use std::sync::Arc;

use la_arena::Arena;
use meed_syntax::ast::{self, AstNode, Item};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::documents::{self, Repealed, confidence};
use super::{Names, Rule, Rules, days_of};
use crate::package::{Package, PolicyDocument};
use crate::place::Place;
use crate::program::{Document, DocumentId};

/// Files every rule of the package, and its documents.
pub(crate) fn collect(package: &Package, findings: &mut Vec<Diagnostic>) -> (Names, Arena<Document>) {
    let mut documents = Arena::new();
    let ids: Vec<DocumentId> = package
        .documents
        .iter()
        .map(|document| documents.alloc(documents::describe(document)))
        .collect();
    documents::numbered_twice(package, findings);
    documents::end_replaced(package, &ids, &mut documents, findings);
    let repeals = documents::repeals(package, &documents, findings);
    let mut names = Names::default();
    for (document, id) in package.documents.iter().zip(&ids) {
        let mut collector = Collector {
            id: *id,
            document,
            about: &documents[*id],
            repeals: &repeals,
            names: &mut names,
            findings,
        };
        collector.blocks();
    }
    let amended = documents::amended(package, &ids, &documents, findings);
    super::amend::apply(&mut names, &amended, findings);
    names.values = names.value_names().collect();
    (names, documents)
}

struct Collector<'a> {
    id: DocumentId,
    document: &'a PolicyDocument,
    about: &'a Document,
    repeals: &'a [Repealed],
    names: &'a mut Names,
    findings: &'a mut Vec<Diagnostic>,
}

impl Collector<'_> {
    fn blocks(&mut self) {
        for block in self.document.document().block() {
            let headings: Arc<[Arc<str>]> = block
                .heading_path()
                .iter()
                .map(|heading| Arc::from(heading.text()))
                .collect();
            let table = block.table();
            for item in block.item() {
                let range = item.syntax().text_range();
                let span = Span::new(self.document.file, range.start().into(), range.end().into());
                if headings.is_empty() && self.about.number.is_some() {
                    self.findings.push(
                        Diagnostic::new(Code::MissingCitation, span, Code::MissingCitation).help(Message::new(
                            "put a heading (`## Article 1`) above the block",
                            "请在规则块上方加标题（如 `## 第一条`）",
                        )),
                    );
                }
                let mut place = Place {
                    document: self.id,
                    file: self.document.file,
                    headings: headings.clone(),
                    span,
                    source: self.about.source,
                    basis: None,
                    in_force: self.about.in_force,
                    amended_by: Vec::new(),
                    cells: None,
                };
                self.repeals.iter().for_each(|repeal| repeal.end(&mut place));
                self.file(item, place, table.clone());
            }
        }
    }

    fn file(&mut self, item: Item, place: Place, table: Option<ast::Table>) {
        let names = &mut *self.names;
        match item {
            Item::Entity(node) => named(&mut names.entities, node.name(), node, place, None),
            Item::Facts(node) => names.facts.push(Rule::new("".into(), node, place, table)),
            Item::Enumeration(node) => {
                let table = table.filter(|_| node.has_table());
                named(&mut names.enumerations, node.name(), node, place, table);
            }
            Item::Agency(node) => named(&mut names.agencies, node.name(), node, place, None),
            Item::UnitDeclaration(node) => named(&mut names.units, node.name(), node, place, None),
            Item::Title(node) => {
                let place = refine(place, node.clause().filter_map(Part::of_title));
                named(&mut names.titles, node.name(), node, place, None);
            }
            Item::Measure(node) => {
                let place = refine(place, node.clause().filter_map(Part::of_measure));
                named(&mut names.measures, node.name(), node, place, None);
            }
            Item::Service(node) => {
                let place = refine(place, node.clause().filter_map(Part::of_service));
                named(&mut names.services, node.name(), node, place, None);
            }
            Item::Parameter(node) => {
                let place = refine(place, parts(node.source(), node.basis()));
                named(&mut names.parameters, node.name(), node, place, None);
            }
            Item::Define(node) => {
                let place = refine(place, parts(node.source(), node.basis()));
                named(&mut names.definitions, node.name(), node, place, None);
            }
            Item::Exception(node) => {
                let Some(rule) = node.rule() else { return };
                names.exceptions.push(Rule::new(rule.text().into(), node, place, None));
            }
            Item::ExceptionGroup(node) => named(&mut names.exception_groups, node.name(), node, place, None),
            Item::Presumption(node) => names.presumptions.push(Rule::new("".into(), node, place, None)),
            Item::Category(node) => named(&mut names.categories, node.name(), node, place, None),
            Item::Combine(node) => {
                let place = refine(place, parts(node.source(), node.basis()));
                named(&mut names.combines, node.name(), node, place, None);
            }
            Item::Fund(node) => {
                let place = refine(place, node.clause().filter_map(Part::of_fund));
                named(&mut names.funds, node.name(), node, place, None);
            }
            Item::TableItem(node) => {
                let table = table.filter(|_| node.has_table());
                named(&mut names.tables, node.name(), node, place, table);
            }
            Item::Sheet(node) => named(&mut names.sheets, node.name(), node, place, None),
            Item::Amend(node) => {
                let Some(rule) = node.rule() else { return };
                names.amendments.push(Rule::new(rule.text().into(), node, place, None));
            }
            Item::Case(node) => {
                let name = node.title().map(|title| title.value()).unwrap_or_default();
                names.cases.push(Rule::new(name.into(), node, place, None));
            }
            Item::CaseTable(node) => {
                let name = node.name().map(|name| name.text()).unwrap_or_default();
                names.case_tables.push(Rule::new(name.into(), node, place, table));
            }
            Item::NoRule(node) => names.no_rules.push(Rule::new("".into(), node, place, None)),
        }
    }
}

fn named<N>(rules: &mut Rules<N>, name: Option<ast::Name>, node: N, place: Place, table: Option<ast::Table>) {
    if let Some(name) = name {
        rules.push(Rule::new(name.text().into(), node, place, table));
    }
}

/// A clause that says something about the rule's own text.
enum Part {
    Source(ast::SourceClause),
    Basis(ast::BasisClause),
    InForce(ast::InForceClause),
}

impl Part {
    fn of_title(clause: ast::TitleClause) -> Option<Self> {
        Some(match clause {
            ast::TitleClause::SourceClause(source) => Part::Source(source),
            ast::TitleClause::BasisClause(basis) => Part::Basis(basis),
            ast::TitleClause::InForceClause(span) => Part::InForce(span),
            _ => return None,
        })
    }

    fn of_measure(clause: ast::MeasureClause) -> Option<Self> {
        Some(match clause {
            ast::MeasureClause::SourceClause(source) => Part::Source(source),
            ast::MeasureClause::BasisClause(basis) => Part::Basis(basis),
            ast::MeasureClause::InForceClause(span) => Part::InForce(span),
            _ => return None,
        })
    }

    fn of_service(clause: ast::ServiceClause) -> Option<Self> {
        Some(match clause {
            ast::ServiceClause::SourceClause(source) => Part::Source(source),
            ast::ServiceClause::BasisClause(basis) => Part::Basis(basis),
            ast::ServiceClause::InForceClause(span) => Part::InForce(span),
            _ => return None,
        })
    }

    fn of_fund(clause: ast::FundClause) -> Option<Self> {
        Some(match clause {
            ast::FundClause::SourceClause(source) => Part::Source(source),
            ast::FundClause::BasisClause(basis) => Part::Basis(basis),
            _ => return None,
        })
    }
}

fn parts(source: Option<ast::SourceClause>, basis: Option<ast::BasisClause>) -> impl Iterator<Item = Part> {
    source.map(Part::Source).into_iter().chain(basis.map(Part::Basis))
}

fn refine(mut place: Place, parts: impl Iterator<Item = Part>) -> Place {
    for part in parts {
        match part {
            Part::Source(source) => place.source = source.quality().and_then(confidence).unwrap_or(place.source),
            Part::Basis(basis) => place.basis = basis.text().map(|text| text.value().into()),
            Part::InForce(clause) => {
                if let Some(span) = clause.span() {
                    place.in_force = place.in_force.intersection(days_of(&span));
                }
            }
        }
    }
    place
}
