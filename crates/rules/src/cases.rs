//! Cases: examples that stand beside the rules, as facts and what must come of them.

mod expected;
mod given;
mod held;
mod labels;
mod rows;

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::record::Record;
use meed_facts::schema::EntityId;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Severity, Span};

use crate::check::Checked;
use crate::lower::{Wanted, WantedType, WantedValue};
use crate::place::Place;
use crate::program::{MeasureId, NodeId, Program};
use crate::vocabulary::by_name;

/// A case on one date.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it shows.
    pub title: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// Whose facts it gives.
    pub entity: EntityId,
    /// The facts.
    pub record: Record,
    /// What must come of them.
    pub expectations: Vec<Expectation>,
}

/// One thing that must come out.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// Where it stands.
    pub span: Span,
    /// Of what.
    pub target: Target,
    /// What.
    pub expected: Expected,
}

/// What is looked at.
#[derive(Clone, Debug)]
pub enum Target {
    /// A measure: the line with this key, or its only line.
    Measure(MeasureId, Option<Arc<str>>),
    /// A service: the line with this key, or its only line.
    Service(Arc<str>, Option<Arc<str>>),
    /// A value.
    Value(NodeId),
    /// The total of all measures.
    Total,
}

/// What must be seen.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// The verdict, of a measure.
    pub verdict: Option<Verdict>,
    /// Not eligible because the measure is not in force.
    pub not_in_force: bool,
    /// Not eligible because the measure is for others.
    pub not_applicable: bool,
    /// The value, or the amount beside a verdict.
    pub value: Option<Value>,
    /// What is due after combining with others.
    pub due: Option<Value>,
    /// What all periods come to.
    pub total: Option<Value>,
    /// All instalments in their order, where they are expected.
    pub instalments: Vec<ExpectedPart>,
    /// All payers' parts in the rule's order, where they are expected.
    pub payers: Vec<ExpectedPart>,
    /// Labels of conditions among the reasons, each a path `group.condition` or its end.
    pub because: Vec<Vec<Arc<str>>>,
    /// Facts among the missing.
    pub missing: Vec<Vec<Arc<str>>>,
}

/// A part of an award: an instalment, or what a payer bears.
#[derive(Clone, Debug)]
pub struct ExpectedPart {
    /// Who bears it, of a payer's part.
    pub payer: Option<Arc<str>>,
    /// How much it is.
    pub amount: Value,
    /// On which day it is due.
    pub on: Option<Date>,
}

/// A verdict as cases name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// `eligible`
    Eligible,
    /// `not eligible`
    NotEligible,
    /// `undetermined`
    Undetermined,
}

/// A value as cases state it; nodes are values of the text.
#[derive(Clone, Debug)]
pub enum Value {
    /// Exactly this.
    Is(NodeId),
    /// Anything up to this.
    UpTo(NodeId),
    /// Anything between the two.
    Between(NodeId, NodeId),
    /// Not known.
    Unknown,
    /// Undefined.
    Undefined,
    /// Does not apply.
    NotApplicable,
    /// Left to a person.
    Unresolved,
}

/// The cases of one date with the Program they run on.
#[derive(Debug)]
pub struct CasesOn {
    /// The Program, with the expected expressions in it.
    pub program: Program,
    /// The cases.
    pub cases: Vec<Case>,
}

/// A case before its expressions are lowered: each position is an expression wanted of the Program.
struct Draft {
    title: Arc<str>,
    span: Span,
    entity: EntityId,
    record: Record,
    expectations: Vec<DraftExpectation>,
}

struct DraftExpectation {
    span: Span,
    target: DraftTarget,
    expected: Expected,
    value: Option<DraftValue>,
    due: Option<DraftValue>,
    total: Option<DraftValue>,
    instalments: Vec<DraftPart>,
    payers: Vec<DraftPart>,
}

struct DraftPart {
    payer: Option<Arc<str>>,
    amount: DraftValue,
    on: Option<Date>,
}

enum DraftTarget {
    Measure(String, Option<Arc<str>>),
    Service(String, Option<Arc<str>>),
    Value(usize),
    Total,
}

enum DraftValue {
    Is(usize),
    UpTo(usize),
    Between(usize, usize),
    Word(Value),
}

/// The cases of all dates, by date.
///
/// # Errors
/// What is wrong with the package or with its cases.
pub fn cases(checked: &Checked<'_>) -> Result<BTreeMap<Date, CasesOn>, Vec<Diagnostic>> {
    let mut reader = Reader {
        checked,
        known: labels::Known::of(checked),
        findings: Vec::new(),
        drafts: BTreeMap::new(),
    };
    reader.read();
    let Reader {
        mut findings, drafts, ..
    } = reader;
    if let Err(said) = checked.sound() {
        findings.extend(said);
        return Err(findings);
    }
    let mut all = BTreeMap::new();
    for (date, (drafts, wanted)) in drafts {
        match checked.lowered(date, &wanted) {
            Err(said) => findings.extend(said),
            Ok((program, nodes)) => {
                let cases = drafts
                    .into_iter()
                    .filter_map(|draft| draft.finish(&program, &nodes))
                    .collect();
                all.insert(date, CasesOn { program, cases });
            }
        }
    }
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        Err(findings)
    } else {
        Ok(all)
    }
}

impl Draft {
    fn finish(self, program: &Program, nodes: &[Option<NodeId>]) -> Option<Case> {
        let node = |index: usize| nodes.get(index).copied().flatten();
        let value = |draft: DraftValue| {
            Some(match draft {
                DraftValue::Is(at) => Value::Is(node(at)?),
                DraftValue::UpTo(at) => Value::UpTo(node(at)?),
                DraftValue::Between(a, b) => Value::Between(node(a)?, node(b)?),
                DraftValue::Word(word) => word,
            })
        };
        let part = |draft: DraftPart| {
            Some(ExpectedPart {
                payer: draft.payer,
                amount: value(draft.amount)?,
                on: draft.on,
            })
        };
        let parts = |drafts: Vec<DraftPart>| drafts.into_iter().map(part).collect::<Option<Vec<_>>>();
        let mut expectations = Vec::new();
        for draft in self.expectations {
            let target = match draft.target {
                DraftTarget::Measure(name, key) => {
                    let (id, _) = program
                        .measures
                        .iter()
                        .find(|(_, measure)| *measure.named.name == *name)?;
                    Target::Measure(id, key)
                }
                DraftTarget::Service(name, key) => Target::Service(name.into(), key),
                DraftTarget::Value(at) => Target::Value(node(at)?),
                DraftTarget::Total => Target::Total,
            };
            let expected = Expected {
                value: draft.value.and_then(value),
                due: draft.due.and_then(value),
                total: draft.total.and_then(value),
                instalments: parts(draft.instalments)?,
                payers: parts(draft.payers)?,
                ..draft.expected
            };
            expectations.push(Expectation {
                span: draft.span,
                target,
                expected,
            });
        }
        Some(Case {
            title: self.title,
            span: self.span,
            entity: self.entity,
            record: self.record,
            expectations,
        })
    }
}

struct Reader<'a> {
    checked: &'a Checked<'a>,
    known: labels::Known,
    findings: Vec<Diagnostic>,
    drafts: BTreeMap<Date, (Vec<Draft>, Vec<Wanted>)>,
}

impl Reader<'_> {
    fn read(&mut self) {
        for rule in &self.checked.names().cases {
            let Some(entity) = rule.node.entity().and_then(|name| self.entity(&name, &rule.place)) else {
                continue;
            };
            let Some(given) = rule.node.given() else { continue };
            let dates: Vec<Date> = rule.node.date().filter_map(|date| date.value()).collect();
            for date in dates {
                let record = self.record(&given, entity, &rule.place, date);
                let mut wanted = self.drafts.remove(&date).unwrap_or_default();
                let expectations = rule
                    .node
                    .expect()
                    .into_iter()
                    .flat_map(|list| list.expectation().collect::<Vec<_>>());
                let expectations = expectations
                    .filter_map(|one| self.expectation(&one, entity, &rule.place, &mut wanted.1))
                    .collect();
                wanted.0.push(Draft {
                    title: rule.name.clone(),
                    span: rule.place.span,
                    entity,
                    record,
                    expectations,
                });
                self.drafts.insert(date, wanted);
            }
        }
        self.tables();
    }

    fn entity(&mut self, name: &ast::NameRef, place: &Place) -> Option<EntityId> {
        let text = name.text();
        let known = by_name(&self.checked.schema().entities, |entity| &entity.named, &text);
        if known.is_none() {
            let message = Message::new(
                format!("there is no entity `{text}`"),
                format!("没有名为“{text}”的主体"),
            );
            self.findings.push(Diagnostic::new(
                Code::UnknownEntity,
                place.at(name.syntax().text_range()),
                message,
            ));
        }
        known
    }

    fn expectation(
        &mut self,
        one: &ast::Expectation,
        entity: EntityId,
        place: &Place,
        wanted: &mut Vec<Wanted>,
    ) -> Option<DraftExpectation> {
        let target = one.target()?;
        let span = place.at(one.syntax().text_range());
        let target = match (target.is_total(), target.measure(), target.expr()) {
            (true, _, _) => DraftTarget::Total,
            (_, Some(name), _) => self.target(vec![name], target.key(), entity, place, wanted),
            (_, None, Some(ast::Expr::NameExpr(name))) => self.target(vec![name.name()?], None, entity, place, wanted),
            (_, None, expr) => DraftTarget::Value(push(
                wanted,
                Wanted {
                    what: WantedValue::Expr(expr?),
                    entity,
                    place: place.clone(),
                    ty: WantedType::Any,
                },
            )),
        };
        Some(self.expected(&one.expected()?, span, target, entity, place, wanted))
    }
}

impl Reader<'_> {
    /// A measure, or a named value.
    fn target(
        &mut self,
        path: Vec<ast::NameRef>,
        key: Option<ast::Text>,
        entity: EntityId,
        place: &Place,
        wanted: &mut Vec<Wanted>,
    ) -> DraftTarget {
        match path.as_slice() {
            [name] if self.checked.names().measures.has(&name.text()) => {
                DraftTarget::Measure(name.text(), key.map(|key| key.value().into()))
            }
            [name] if self.checked.names().services.has(&name.text()) => {
                DraftTarget::Service(name.text(), key.map(|key| key.value().into()))
            }
            _ => DraftTarget::Value(push(
                wanted,
                Wanted {
                    what: WantedValue::Path(path),
                    entity,
                    place: place.clone(),
                    ty: WantedType::Any,
                },
            )),
        }
    }
}

fn push(wanted: &mut Vec<Wanted>, one: Wanted) -> usize {
    wanted.push(one);
    wanted.len().saturating_sub(1)
}
