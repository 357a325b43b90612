//! Facts of entities, from their tables.

use std::sync::Arc;

use meed_facts::check::{self, within_bounds};
use meed_facts::date::Date;
use meed_facts::identifier::Kind;
use meed_facts::label::Label;
use meed_facts::money::Currency;
use meed_facts::ratio::Ratio;
use meed_facts::schema::{EntityId, Enumeration, Fact, FactId, FactType, Named, PeriodUnit, Source};
use meed_facts::value::{Bound, Interval, Scalar};
use meed_syntax::ast::{self, AstNode, Expr, TypeName};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};
use meed_syntax::phrases::Phrase;

use super::columns::{Columns, FACTS};
use super::{VocabularyBuilder, by_name, formerly};
use crate::place::Place;

impl VocabularyBuilder<'_> {
    pub(super) fn facts(&mut self) {
        for rule in &self.names.facts {
            let Some(entity) = rule
                .node
                .entity()
                .and_then(|entity| self.entity_of(&entity, &rule.place))
            else {
                continue;
            };
            let Some(table) = &rule.table else { continue };
            let columns = Columns::of(table, &rule.place, &FACTS, self.findings);
            for row in table.row() {
                self.fact(entity, &columns, &row, &rule.place);
            }
        }
    }

    fn fact(&mut self, entity: EntityId, columns: &Columns, row: &ast::Row, place: &Place) -> Option<()> {
        let cell = columns.cell(row, "fact")?;
        let name: Arc<str> = cell.name()?.text().into();
        if self.vocabulary.fact(&self.schema, entity, &name).is_some() {
            self.findings.push(Diagnostic::new(
                Code::DuplicateName,
                place.at(cell.syntax().text_range()),
                Message::new(
                    format!("the fact `{name}` is declared twice"),
                    format!("信息“{name}”重复声明"),
                ),
            ));
            return None;
        }
        let text = |column| {
            columns
                .cell(row, column)
                .map(|cell| cell.text())
                .filter(|text| !text.is_empty())
        };
        let label = Label {
            zh: text("zh").map(Into::into),
            en: text("en").map(Into::into),
        };
        let ty = columns.cell(row, "type")?.ty()?;
        let named = Named {
            name: name.clone(),
            label,
            formerly: formerly(ty.formerly()),
        };
        let fact_type = self.fact_type(&ty, &named, place)?;
        let period = if ty.is_yearly() {
            Some(PeriodUnit::Year)
        } else if ty.is_monthly() {
            Some(PeriodUnit::Month)
        } else {
            None
        };
        let until = ty.until().and_then(|until| until.value());
        let bounds = ty.range().and_then(|range| self.bounds(&range, &fact_type, place));
        let bounds = match until {
            Some(until) if fact_type == FactType::Date => Some(ended(bounds, until)),
            _ => bounds,
        };
        let source = columns
            .cell(row, "source")
            .and_then(|cell| cell.source())
            .and_then(|source| self.source(&source, place))?;
        let evidence = text("evidence").into_iter().flat_map(|list| evidence(&list)).collect();
        let old = named.formerly.clone();
        let id = self.schema.facts.alloc(Fact {
            named,
            entity,
            ty: fact_type,
            period,
            bounds,
            until,
            source,
            evidence,
        });
        self.schema.entities[entity].facts.push(id);
        self.vocabulary.places.insert(id, place.at(cell.syntax().text_range()));
        for name in old.into_iter().chain([name]) {
            self.vocabulary.by_name.entry(entity).or_default().insert(name, id);
        }
        if let Some(condition) = ty.applies_when() {
            self.vocabulary.applies.insert(id, (condition, place.clone()));
        }
        Some(())
    }

    fn fact_type(&mut self, ty: &ast::Type, named: &Named, place: &Place) -> Option<FactType> {
        Some(match ty.name()? {
            TypeName::Bool => FactType::Bool,
            TypeName::Year | TypeName::Month => {
                self.findings.push(
                    Diagnostic::new(
                        Code::UnknownType,
                        place.at(ty.syntax().text_range()),
                        Message::new("a period is no type of facts", "期间不是信息的类型"),
                    )
                    .help(Message::new(
                        "state a `date`, or a value `yearly`",
                        "请用 `日期`，或“按年”的值",
                    )),
                );
                return None;
            }
            TypeName::Count => FactType::Count,
            TypeName::Number => FactType::Number(match ty.unit() {
                None => None,
                Some(unit) => Some(self.declared_unit(&unit, place)?),
            }),
            TypeName::Money(code) => match Currency::parse(&code) {
                Some(currency) => FactType::Money(currency),
                None => {
                    let span = place.at(ty.syntax().text_range());
                    self.unknown(Code::UnknownType, &code, span, &["CNY".into()], "currency", "货币");
                    return None;
                }
            },
            TypeName::Date => FactType::Date,
            TypeName::Months => FactType::Months,
            TypeName::Days => FactType::Days,
            TypeName::Text => FactType::Text,
            TypeName::OneOf => {
                self.no_enumeration_as_member(ty, place)?;
                let members = ty
                    .member()
                    .map(|member| Named {
                        name: member.text().into(),
                        ..Named::default()
                    })
                    .collect();
                FactType::Enumeration(self.schema.enumerations.alloc(Enumeration {
                    named: named.clone(),
                    members,
                    ordered: ty.is_ordered(),
                }))
            }
            TypeName::Many(entity) => FactType::Many(self.entity_of(&entity, place)?),
            TypeName::One(entity) => FactType::One(self.entity_of(&entity, place)?),
            TypeName::CreditCode => FactType::Identifier(Kind::CreditCode),
            TypeName::CitizenId => FactType::Identifier(Kind::CitizenId),
            TypeName::Division => FactType::Identifier(Kind::Division),
            TypeName::Industry => FactType::Identifier(Kind::Industry),
            TypeName::Named(name) => match self.enumeration(&name.text()) {
                Some(enumeration) => FactType::Enumeration(enumeration),
                None => {
                    let mut known: Vec<Arc<str>> = self
                        .schema
                        .enumerations
                        .iter()
                        .map(|(_, known)| known.named.name.clone())
                        .collect();
                    known.extend(["bool", "count", "number", "date", "months", "days", "text", "CNY"].map(Arc::from));
                    self.unknown(
                        Code::UnknownType,
                        &name.text(),
                        place.at(name.syntax().text_range()),
                        &known,
                        "type",
                        "类型",
                    );
                    return None;
                }
            },
        })
    }

    /// `one of size` would have the one member `size`, where the enumeration `size` is meant.
    fn no_enumeration_as_member(&mut self, ty: &ast::Type, place: &Place) -> Option<()> {
        let members: Vec<_> = ty.member().collect();
        let [only] = members.as_slice() else { return Some(()) };
        let name = only.text();
        if self.enumeration(&name).is_none() {
            return Some(());
        }
        let span = place.at(ty.syntax().text_range());
        let message = Message::new(
            format!("`{name}` is an enumeration, not a member"),
            format!("“{name}”是枚举，不是成员"),
        );
        self.findings.push(
            Diagnostic::new(Code::UnknownType, span, message)
                .help(Message::new(
                    format!("write the type `{name}`"),
                    format!("类型请写作“{name}”"),
                ))
                .suggest(&name),
        );
        None
    }

    fn declared_unit(&mut self, unit: &ast::Unit, place: &Place) -> Option<la_arena::Idx<meed_facts::schema::Unit>> {
        let ast::UnitName::Declared(name) = unit.name() else {
            return None;
        };
        let known = self
            .schema
            .units
            .iter()
            .find(|(_, unit)| *unit.name == *name)
            .map(|(id, _)| id);
        if known.is_none() {
            let names: Vec<_> = self.schema.units.iter().map(|(_, unit)| unit.name.clone()).collect();
            self.unknown(
                Code::UnknownUnit,
                &name,
                place.at(unit.syntax().text_range()),
                &names,
                "unit",
                "单位",
            );
        }
        known
    }

    fn source(&mut self, source: &ast::SourceCell, place: &Place) -> Option<Source> {
        Some(match source.kind()? {
            Phrase::Registry => Source::Registry,
            Phrase::Declared => Source::Declared,
            _ => {
                let agency = source.agency()?;
                let known = by_name(&self.schema.agencies, |agency| &agency.named, &agency.text());
                if known.is_none() {
                    let names: Vec<_> = self
                        .schema
                        .agencies
                        .iter()
                        .map(|(_, agency)| agency.named.name.clone())
                        .collect();
                    self.unknown(
                        Code::UnknownAgency,
                        &agency.text(),
                        place.at(agency.syntax().text_range()),
                        &names,
                        "agency",
                        "机构",
                    );
                }
                Source::Judged(known?)
            }
        })
    }

    fn bounds(&mut self, range: &ast::Range, ty: &FactType, place: &Place) -> Option<Interval> {
        let low = range
            .low()
            .and_then(|end| self.bound(&end, ty, range.is_low_closed(), place));
        let high = range
            .high()
            .and_then(|end| self.bound(&end, ty, range.is_high_closed(), place));
        (low.is_some() || high.is_some()).then_some(Interval { low, high })
    }

    fn bound(&mut self, end: &Expr, ty: &FactType, closed: bool, place: &Place) -> Option<Bound> {
        let scalar = self.constant(end, ty);
        if scalar.is_none() {
            self.findings.push(Diagnostic::new(
                Code::NotConstant,
                place.at(end.syntax().text_range()),
                Message::new("a bound is a constant of the fact's type", "界限须为该信息类型的常量"),
            ));
        }
        scalar.map(|value| Bound { value, closed })
    }

    /// A constant of a fact's type.
    pub(super) fn constant(&self, expr: &Expr, ty: &FactType) -> Option<Scalar> {
        match (expr, ty) {
            (Expr::Unary(unary), FactType::Number(_) | FactType::Money(_)) => {
                match self.constant(&unary.expr()?, ty)? {
                    Scalar::Number(value) => Some(Scalar::Number(-&value)),
                    _ => None,
                }
            }
            (Expr::Literal(literal), _) => literal_of(literal, ty, &self.schema),
            (Expr::NameExpr(name), FactType::Enumeration(id)) => member_of(&name.name()?.text(), *id, &self.schema),
            _ => None,
        }
    }

    pub(super) fn presumptions(&mut self) {
        for rule in &self.names.presumptions {
            let Some(name) = rule.node.fact() else { continue };
            let owners: Vec<EntityId> = match rule.node.entity() {
                Some(entity) => self.entity_of(&entity, &rule.place).into_iter().collect(),
                None => self.schema.entities.iter().map(|(id, _)| id).collect(),
            };
            let facts: Vec<FactId> = owners
                .iter()
                .filter_map(|entity| self.vocabulary.fact(&self.schema, *entity, &name.text()))
                .collect();
            let span = rule.place.at(name.syntax().text_range());
            let [fact] = facts.as_slice() else {
                let known: Vec<_> = self
                    .schema
                    .facts
                    .iter()
                    .map(|(_, fact)| fact.named.name.clone())
                    .collect();
                if facts.is_empty() {
                    self.unknown(Code::UnknownName, &name.text(), span, &known, "fact", "信息");
                } else {
                    self.findings
                        .push(
                            Diagnostic::new(Code::AmbiguousName, span, Code::AmbiguousName).help(Message::new(
                                "say of which entity: `of ENTITY`",
                                "请指明主体：`的 主体`",
                            )),
                        );
                }
                continue;
            };
            let declared = &self.schema.facts[*fact];
            let ty = declared.ty.clone();
            let value = match rule.node.value() {
                Some(value) => self.constant(&value, &ty),
                None => (ty == FactType::Bool).then_some(Scalar::Bool(!rule.node.is_not())),
            };
            if let Some(Err(outside)) = value.as_ref().map(|value| within_bounds(declared, value)) {
                self.findings.push(Diagnostic::new(
                    Code::LiteralOutOfRange,
                    span,
                    Message::new(outside.message.en, outside.message.zh),
                ));
                continue;
            }
            match value {
                Some(value) => {
                    let presumed = self.vocabulary.presumed.entry(*fact).or_default();
                    let other = presumed
                        .iter()
                        .find(|(other, place)| *other != value && place.in_force.overlaps(rule.place.in_force));
                    if let Some((_, first)) = other {
                        self.findings.push(contradicting(&name.text(), first, &rule.place));
                    }
                    presumed.push((value, rule.place.clone()));
                }
                None => self.findings.push(Diagnostic::new(
                    Code::WrongType,
                    span,
                    Message::new(
                        "the presumed value is a constant of the fact's type",
                        "推定值须为该信息类型的常量",
                    ),
                )),
            }
        }
    }
}

/// That the law presumes two values of one fact on the same day.
fn contradicting(name: &str, first: &Place, second: &Place) -> Diagnostic {
    let message = Message::new(
        format!("two presumptions of `{name}` are in force at the same time, with different values"),
        format!("关于“{name}”的两条推定同时有效，而取值不同"),
    );
    Diagnostic::new(Code::OverlappingDefinitions, second.span, message)
        .related(first.span, Message::new("the other one", "另一条"))
        .help(Message::new(
            "end one where the other begins, or remove it",
            "请使一条在另一条开始时失效，或删去其一",
        ))
}

/// Bounds of a date that lies before a day.
fn ended(bounds: Option<Interval>, until: Date) -> Interval {
    let end = Bound {
        value: Scalar::Date(until),
        closed: false,
    };
    let (low, high) = bounds.map_or((None, None), |bounds| (bounds.low, bounds.high));
    let high = high.filter(|high| matches!(high.value, Scalar::Date(date) if date < until));
    Interval {
        low,
        high: high.or(Some(end)),
    }
}

/// A literal as a constant of a fact's type.
pub(crate) fn literal_of(literal: &ast::Literal, ty: &FactType, schema: &meed_facts::schema::Schema) -> Option<Scalar> {
    use ast::UnitName::{Currency as Money, Days, Declared, Months, Years};
    let number = || {
        let value = literal.number()?.value()?;
        Some(if literal.is_negative() { -&value } else { value })
    };
    let whole = || number()?.to_i128().and_then(|value| i32::try_from(value).ok());
    match (ty, literal.unit().map(|unit| unit.name())) {
        (FactType::Bool, None) => literal.boolean().map(|word| Scalar::Bool(word == Phrase::True)),
        (FactType::Count, None) => check::count(number()?).ok().map(Scalar::Number),
        (FactType::Number(None), None) => number().map(Scalar::Number),
        (FactType::Number(Some(unit)), Some(Declared(name))) => {
            let (id, written) = schema.units.iter().find(|(_, known)| *known.name == *name)?;
            let same = written.base.unwrap_or(id) == schema.units[*unit].base.unwrap_or(*unit);
            same.then(|| number()?.checked_mul(&written.factor))
                .flatten()
                .map(Scalar::Number)
        }
        (FactType::Money(currency), Some(Money(code))) if currency.code() == code => {
            let number = number()?;
            check::amount(*currency, &number).ok().map(|_| Scalar::Number(number))
        }
        (FactType::Money(_), None) => number().filter(Ratio::is_zero).map(Scalar::Number),
        (FactType::Months, Some(Years)) => whole()?.checked_mul(12).map(Scalar::Months),
        (FactType::Months, Some(Months)) => whole().map(Scalar::Months),
        (FactType::Days, Some(Days)) => whole().map(Scalar::Days),
        (FactType::Date, None) => literal.date()?.value().map(Scalar::Date),
        (FactType::Text, None) => literal.text().map(|text| Scalar::Text(text.value().into())),
        (FactType::Identifier(kind), None) => {
            let text = literal
                .text()
                .map(|text| text.value())
                .or_else(|| literal.number().map(|number| number.digits()))?;
            kind.check(&text, None).ok().map(Scalar::Text)
        }
        (FactType::Enumeration(id), None) => member_of(&literal.name()?.text(), *id, schema),
        _ => None,
    }
}

/// A member of an enumeration by name.
pub(crate) fn member_of(
    name: &str,
    id: meed_facts::schema::EnumerationId,
    schema: &meed_facts::schema::Schema,
) -> Option<Scalar> {
    let members = &schema.enumerations[id].members;
    let position = members.iter().position(|member| member.is_called(name))?;
    u16::try_from(position).ok().map(Scalar::Member)
}

/// Documents named in a cell: `A；B`, each `中文 / English` or one text for both.
fn evidence(list: &str) -> Vec<Label> {
    let documents = list.split([';', '；']).map(str::trim).filter(|text| !text.is_empty());
    documents
        .map(|text| match text.split_once(" / ") {
            Some((zh, en)) => Label {
                zh: Some(zh.trim().into()),
                en: Some(en.trim().into()),
            },
            None => Label {
                zh: Some(text.into()),
                en: None,
            },
        })
        .collect()
}
