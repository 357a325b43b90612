//! Given facts: from the objects of a case to a record. What may be stated is asked where all readers ask it, so that a case states nothing that a file could not.

use std::collections::{BTreeMap, HashSet};

use meed_facts::check::{self, Complaint, End};
use meed_facts::date::{Date, Period};
use meed_facts::record::{List, Record};
use meed_facts::schema::{EntityId, Fact, FactId, FactType, PeriodUnit};
use meed_facts::value::{Scalar, Stated};
use meed_syntax::ast::{self, AstNode, Datum};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::Reader;
use crate::near::nearest;
use crate::place::Place;
use crate::vocabulary::literal_of;

impl Reader<'_> {
    /// The record that an object gives.
    pub(super) fn record(&mut self, object: &ast::Object, entity: EntityId, place: &Place, on: Date) -> Record {
        let mut record = Record::new(entity);
        for field in object.field() {
            self.field(&field, &mut record, place, on);
        }
        record
    }

    fn field(&mut self, field: &ast::Field, record: &mut Record, place: &Place, on: Date) -> Option<()> {
        let (name, value) = (field.name()?.text(), field.value()?);
        match name.as_str() {
            "titles" => record.titles = Some(self.titles(&value, place)?),
            "awards" => record.awards = Some(self.awards(&value, place)?),
            "chosen" => record.chosen = self.chosen(&value, place)?,
            _ => {
                let Some(fact) = self.checked.schema().fact_called(record.entity, &name) else {
                    return self.unknown_fact(&name, record.entity, field, place);
                };
                self.fact(fact, &value, record, place, on)?;
            }
        }
        Some(())
    }

    fn unknown_fact(&mut self, name: &str, entity: EntityId, field: &ast::Field, place: &Place) -> Option<()> {
        let schema = self.checked.schema();
        let facts = &schema.entities[entity].facts;
        let known = facts
            .iter()
            .map(|fact| &*schema.facts[*fact].named.name)
            .chain(["titles", "awards", "chosen"]);
        let mut finding = Diagnostic::new(
            Code::CaseUnknownField,
            place.at(field.syntax().text_range()),
            Message::new(format!("there is no fact `{name}`"), format!("没有名为“{name}”的信息")),
        );
        if let Some(near) = nearest(name, known) {
            finding = finding.help(Message::new(
                format!("did you mean `{near}`?"),
                format!("是否指“{near}”？"),
            ));
        }
        self.findings.push(finding);
        None
    }

    /// States one fact of a record.
    pub(super) fn fact(
        &mut self,
        fact: FactId,
        value: &Datum,
        record: &mut Record,
        place: &Place,
        on: Date,
    ) -> Option<()> {
        let schema = self.checked.schema().clone();
        let declared = &schema.facts[fact];
        match (&declared.ty, declared.period) {
            (_, _)
                if matches!(
                    (value, &declared.ty),
                    (Datum::MissingDatum(_), FactType::Many(_) | FactType::One(_))
                ) =>
            {
                let stated = self.stated(value, declared, place)?;
                record.facts.insert(fact, stated);
            }
            (FactType::Many(child), _) => {
                let list = self.list(value, place)?;
                let items = list.items.iter().filter_map(|item| match item {
                    Datum::Object(object) => Some(self.record(object, *child, place, on)),
                    other => self.bad(other, "a record `{ fact: value }`", "记录 `{ 信息: 值 }`", place),
                });
                let items: Vec<Record> = items.collect();
                let key = schema.entities[*child].key;
                let mut keys = HashSet::new();
                for item in &items {
                    if let Some(Stated::Value(key)) = key.and_then(|key| item.facts.get(key))
                        && !keys.insert(key.clone())
                    {
                        let (en, zh) = ("each item with a key of its own", "各项的键互不相同");
                        self.bad::<()>(value, en, zh, place);
                    }
                }
                record.children.insert(
                    fact,
                    List {
                        items,
                        complete: list.complete,
                    },
                );
            }
            (FactType::One(inner), _) => {
                let Datum::Object(object) = value else {
                    return self.bad(value, "a record `{ fact: value }`", "记录 `{ 信息: 值 }`", place);
                };
                let inner = self.record(object, *inner, place, on);
                record.inner.insert(fact, Box::new(inner));
            }
            (_, Some(unit)) => {
                let Datum::Object(object) = value else {
                    return self.bad(
                        value,
                        "values by period: `{ 2022: … }`",
                        "按期间的值：`{ 2022: … }`",
                        place,
                    );
                };
                let mut series: BTreeMap<Period, Stated> = record.series.remove(fact).unwrap_or_default();
                for field in object.field() {
                    let Some(period) = period_of(&field, unit) else {
                        self.bad::<()>(value, "a period such as 2022", "期间，如 2022", place);
                        continue;
                    };
                    if let Some(stated) = field
                        .value()
                        .and_then(|value| self.admitted(&value, declared, period, place, on))
                    {
                        series.insert(period, stated);
                    }
                }
                record.series.insert(fact, series);
            }
            (_, None) => {
                let stated = self.stated(value, declared, place)?;
                self.checked(value, check::born(declared, &stated, on), place)?;
                record.facts.insert(fact, stated);
            }
        }
        Some(())
    }

    /// What is stated of one period's value.
    pub(super) fn admitted(
        &mut self,
        value: &Datum,
        fact: &Fact,
        period: Period,
        place: &Place,
        on: Date,
    ) -> Option<Stated> {
        self.checked(value, check::in_period(fact, period), place)?;
        let stated = self.stated(value, fact, place)?;
        self.checked(value, check::unfinished(period, &stated, on), place)?;
        Some(stated)
    }

    /// What is stated of one value, within what the vocabulary admits.
    fn stated(&mut self, value: &Datum, fact: &Fact, place: &Place) -> Option<Stated> {
        let mut literal = |literal: &ast::Literal| match self.scalar(literal, &fact.ty) {
            Some(scalar) => self.checked(value, check::within_bounds(fact, &scalar).map(|()| scalar), place),
            None => {
                let wanted = self.shown(&fact.ty);
                self.bad(value, &wanted, &wanted, place)
            }
        };
        match value {
            Datum::Literal(given) => literal(given).map(Stated::Value),
            Datum::SoFarDatum(so_far) => {
                let reached = literal(&so_far.value()?)?;
                self.checked(value, check::grows(fact), place)?;
                self.checked(value, check::range(fact, [(End::AtLeast, reached)]), place)
            }
            Datum::RangeDatum(range) => {
                let ends = [
                    (range.low(), End::AtLeast, End::MoreThan),
                    (range.high(), End::AtMost, End::LessThan),
                ];
                let ends = ends.into_iter().filter_map(|(end, closed, open)| {
                    let (given, is_closed) = end?;
                    Some(literal(&given).map(|scalar| (if is_closed { closed } else { open }, scalar)))
                });
                let ends = ends.collect::<Option<Vec<_>>>()?;
                let ordered = check::is_ordered(self.checked.schema(), fact);
                self.checked(value, ordered, place)?;
                self.checked(value, check::range(fact, ends), place)
            }
            Datum::MissingDatum(missing) => {
                let reason = match (missing.is_refused(), missing.is_judgement()) {
                    (true, _) => "refused",
                    (_, true) => "judgement",
                    _ => "unasked",
                };
                let reason = self.checked(value, check::missing(fact, reason), place)?;
                Some(Stated::Missing(reason))
            }
            _ => {
                let wanted = self.shown(&fact.ty);
                self.bad(value, &wanted, &wanted, place)
            }
        }
    }

    /// What was found, or `None` with what is wrong with the value.
    pub(super) fn checked<T>(&mut self, value: &Datum, found: Result<T, Complaint>, place: &Place) -> Option<T> {
        let complaint = match found {
            Ok(found) => return Some(found),
            Err(complaint) => complaint,
        };
        let span = place.at(value.syntax().text_range());
        let finding = Diagnostic::new(Code::CaseBadValue, span, complaint.message);
        self.findings.push(if complaint.help.is_empty() {
            finding
        } else {
            finding.help(complaint.help)
        });
        None
    }

    pub(super) fn scalar(&self, literal: &ast::Literal, ty: &FactType) -> Option<Scalar> {
        literal_of(literal, ty, self.checked.schema())
    }

    fn shown(&self, ty: &FactType) -> String {
        match ty {
            FactType::Bool => "true/false".to_owned(),
            FactType::Count => "count".to_owned(),
            FactType::Number(_) => "number".to_owned(),
            FactType::Money(currency) => format!("{} (`500 {}`)", currency.code(), currency.code()),
            FactType::Date => "date (2022-09-01)".to_owned(),
            FactType::Months => "months (`3 years`)".to_owned(),
            FactType::Days => "days (`30 days`)".to_owned(),
            FactType::Text => "text (`\"…\"`)".to_owned(),
            FactType::Enumeration(id) => {
                let members = &self.checked.schema().enumerations[*id].members;
                members
                    .iter()
                    .map(|member| member.name.to_string())
                    .collect::<Vec<_>>()
                    .join(" | ")
            }
            FactType::Identifier(kind) => kind.name().to_owned(),
            FactType::One(_) | FactType::Many(_) => "{ … }".to_owned(),
        }
    }

    pub(super) fn bad<T>(&mut self, value: &Datum, en: &str, zh: &str, place: &Place) -> Option<T> {
        self.findings.push(Diagnostic::new(
            Code::CaseBadValue,
            place.at(value.syntax().text_range()),
            Message::new(
                format!("this is not what the fact takes: {en}"),
                format!("此处应为：{zh}"),
            ),
        ));
        None
    }

    pub(super) fn list(&mut self, value: &Datum, place: &Place) -> Option<List<Datum>> {
        match value {
            Datum::ListDatum(list) => Some(List {
                items: list.item().collect(),
                complete: !list.is_part(),
            }),
            other => self.bad(
                other,
                "a list `[ … ]`, or `known [ … ]` for a part of it",
                "列表 `[ … ]`，或部分列表 `已知 [ … ]`",
                place,
            ),
        }
    }
}

fn period_of(field: &ast::Field, unit: PeriodUnit) -> Option<Period> {
    match unit {
        PeriodUnit::Year => Period::parse(&field.period()?.digits(), unit).ok(),
        PeriodUnit::Month => {
            let (year, month) = field.month()?.value()?;
            Period::parse(&format!("{year:04}-{month:02}"), unit).ok()
        }
    }
}
