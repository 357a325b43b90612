//! Given facts: from the objects of a case to a record.

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::date::{Date, Period};
use meed_facts::money::Money;
use meed_facts::record::{AwardRecord, AwardState, List, Record, TitleRecord};
use meed_facts::schema::{EntityId, Fact, FactId, FactType, PeriodUnit};
use meed_facts::value::{Bound, Interval, Missing, Scalar, Stated};
use meed_syntax::ast::{self, AstNode, Datum};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::Reader;
use crate::near::nearest;
use crate::place::Place;
use crate::vocabulary::{literal_of, member_of};

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
            "chosen" => record.chosen = chosen(&value),
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
                let stated = self.stated(value, &declared.ty, place)?;
                record.facts.insert(fact, stated);
            }
            (FactType::Many(child), _) => {
                let list = self.list(value, place)?;
                let items = list.items.iter().filter_map(|item| match item {
                    Datum::Object(object) => Some(self.record(object, *child, place, on)),
                    other => self.bad(other, "a record `{ fact: value }`", "记录 `{ 信息: 值 }`", place),
                });
                let items = items.collect();
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
                        .and_then(|value| self.admitted(&value, declared, Some(period), place))
                    {
                        series.insert(period, stated);
                    }
                }
                record.series.insert(fact, series);
            }
            (_, None) => {
                let stated = self.admitted(value, declared, None, place)?;
                record.facts.insert(fact, stated);
            }
        }
        Some(())
    }

    /// What is stated of one value, within what the vocabulary admits.
    pub(super) fn admitted(
        &mut self,
        value: &Datum,
        fact: &Fact,
        period: Option<Period>,
        place: &Place,
    ) -> Option<Stated> {
        if let Some((period, until)) = period.and_then(|period| Some((period, fact.closed_before(period)?))) {
            let en = format!("no value for {period}, it takes no entries from {until} on");
            let zh = format!("{period} 不应有值，此项自 {until} 起不再填报");
            return self.bad(value, &en, &zh, place);
        }
        let stated = self.stated(value, &fact.ty, place)?;
        let outside = match &stated {
            Stated::Value(value) => !fact.admits(value),
            Stated::Range(range) => [&range.low, &range.high]
                .into_iter()
                .flatten()
                .any(|end| !fact.admits(&end.value)),
            Stated::OneOf(_) | Stated::Missing(_) => false,
        };
        if outside {
            let name = &fact.named.name;
            let en = format!("a value that the vocabulary admits for `{name}`");
            let zh = format!("词汇表允许“{name}”取的值");
            return self.bad(value, &en, &zh, place);
        }
        Some(stated)
    }

    /// What is stated of one value.
    pub(super) fn stated(&mut self, value: &Datum, ty: &FactType, place: &Place) -> Option<Stated> {
        let wanted = self.shown(ty);
        let stated = match value {
            Datum::Literal(literal) => self.scalar(literal, ty).map(Stated::Value),
            Datum::MissingDatum(missing) => Some(Stated::Missing(if missing.is_refused() {
                Missing::Refused
            } else if missing.is_judgement() {
                Missing::Judgement
            } else {
                Missing::Unasked
            })),
            Datum::SoFarDatum(so_far) => {
                let low = so_far.value().and_then(|value| self.scalar(&value, ty));
                low.map(|value| {
                    Stated::Range(Interval {
                        low: Some(Bound { value, closed: true }),
                        high: None,
                    })
                })
            }
            Datum::RangeDatum(range) => {
                let end = |end: Option<(ast::Literal, bool)>| match end {
                    None => Some(None),
                    Some((literal, closed)) => self.scalar(&literal, ty).map(|value| Some(Bound { value, closed })),
                };
                match (end(range.low()), end(range.high())) {
                    (Some(low), Some(high)) => Some(Stated::Range(Interval { low, high })),
                    _ => None,
                }
            }
            _ => None,
        };
        if stated.is_none() {
            return self.bad(value, &wanted, &wanted, place);
        }
        stated
    }

    fn scalar(&self, literal: &ast::Literal, ty: &FactType) -> Option<Scalar> {
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

    fn bad<T>(&mut self, value: &Datum, en: &str, zh: &str, place: &Place) -> Option<T> {
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

    fn list(&mut self, value: &Datum, place: &Place) -> Option<List<Datum>> {
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

    fn titles(&mut self, value: &Datum, place: &Place) -> Option<List<TitleRecord>> {
        let list = self.list(value, place)?;
        let items = list.items.iter().filter_map(|item| self.title(item, place)).collect();
        Some(List {
            items,
            complete: list.complete,
        })
    }

    fn title(&mut self, value: &Datum, place: &Place) -> Option<TitleRecord> {
        let schema = self.checked.schema().clone();
        let blank = |title| TitleRecord {
            title,
            level: None,
            held: true,
            granted: None,
            until: None,
            suspended: Vec::new(),
            revoked: None,
            object: None,
        };
        let (name, record) = match value {
            Datum::Literal(literal) => (literal.name()?.text(), None),
            Datum::TitleDatum(datum) => (datum.title()?.text(), Some(datum.clone())),
            Datum::Object(object) => return self.title_object(object, place),
            other => {
                return self.bad(
                    other,
                    "a title: `little_giant level national from 2022-09-01`",
                    "称号：`little_giant 级别 national 自 2022-09-01`",
                    place,
                );
            }
        };
        let Some((title, declared)) = schema.titles.iter().find(|(_, title)| title.named.is_called(&name)) else {
            return self.bad(value, "a title of the package", "规则包中的称号", place);
        };
        let mut made = blank(title);
        if let Some(datum) = record {
            made.held = !datum.is_not();
            made.granted = datum.from().and_then(|date| date.value());
            made.until = datum.until().and_then(|date| date.value());
            if let Some(level) = datum.level() {
                let position = declared
                    .levels
                    .and_then(|levels| member_of(&level.text(), levels, &schema));
                match position {
                    Some(Scalar::Member(position)) => made.level = Some(position),
                    _ => return self.bad(value, "a level of the title", "该称号的级别", place),
                }
            }
        }
        made.level = made.level.or(declared.level);
        Some(made)
    }

    /// A title with everything that a register may say: `{ title: t, level: l, granted: D, until: D, revoked: D, object: "…" }`.
    fn title_object(&mut self, object: &ast::Object, place: &Place) -> Option<TitleRecord> {
        let schema = self.checked.schema().clone();
        let field = |name: &str| {
            object
                .field()
                .find(|field| field.name().is_some_and(|known| known.text() == name))
                .and_then(|field| field.value())
        };
        let literal = |name: &str| match field(name) {
            Some(Datum::Literal(literal)) => Some(literal),
            _ => None,
        };
        let date = |name: &str| {
            literal(name)
                .and_then(|literal| literal.date())
                .and_then(|date| date.value())
        };
        let name = literal("title")
            .and_then(|literal| literal.name())
            .map(|name| name.text())?;
        let Some((title, declared)) = schema.titles.iter().find(|(_, title)| title.named.is_called(&name)) else {
            return self.bad(
                &Datum::Object(object.clone()),
                "a title of the package",
                "规则包中的称号",
                place,
            );
        };
        let level = literal("level").and_then(|literal| literal.name());
        let level = level.and_then(|level| member_of(&level.text(), declared.levels?, &schema));
        Some(TitleRecord {
            title,
            level: match level {
                Some(Scalar::Member(level)) => Some(level),
                _ => declared.level,
            },
            held: literal("held")
                .and_then(|literal| literal.boolean())
                .is_none_or(|word| word == meed_syntax::phrases::Phrase::True),
            granted: date("granted"),
            until: date("until"),
            suspended: Vec::new(),
            revoked: date("revoked"),
            object: literal("object")
                .and_then(|literal| literal.text())
                .map(|text| text.value().into()),
        })
    }

    fn awards(&mut self, value: &Datum, place: &Place) -> Option<List<AwardRecord>> {
        let list = self.list(value, place)?;
        let items = list.items.iter().filter_map(|item| self.award(item, place)).collect();
        Some(List {
            items,
            complete: list.complete,
        })
    }

    fn award(&mut self, value: &Datum, place: &Place) -> Option<AwardRecord> {
        let form = (
            "an award `{ measure: m, on: D, amount: A, state: paid }`",
            "奖励 `{ measure: m, on: D, amount: A, state: paid }`",
        );
        let Datum::Object(object) = value else {
            return self.bad(value, form.0, form.1, place);
        };
        let literal = |name: &str| {
            let field = object
                .field()
                .find(|field| field.name().is_some_and(|known| known.text() == name))?;
            match field.value() {
                Some(Datum::Literal(literal)) => Some(literal),
                _ => None,
            }
        };
        let state = literal("state")
            .and_then(|literal| literal.name())
            .map(|name| name.text());
        let mut states = AwardState::NAMES.into_iter();
        let Some((_, state)) = states.find(|(name, _)| Some(*name) == state.as_deref()) else {
            return self.bad(value, form.0, form.1, place);
        };
        let currency = self.checked.package().manifest.currency;
        let money = |name: &str| match self.scalar(&literal(name)?, &FactType::Money(currency))? {
            Scalar::Number(value) => Money::from_ratio(&value, currency).ok(),
            _ => None,
        };
        let name = literal("measure")
            .and_then(|literal| literal.name())
            .map(|name| name.text())?;
        let schema = self.checked.schema();
        let known = schema
            .measures
            .iter()
            .find(|measure| measure.is_called(&name))
            .map(|measure| measure.name.clone());
        let award = AwardRecord {
            measure: known.unwrap_or_else(|| Arc::from(name)),
            key: literal("key")
                .and_then(|literal| literal.text())
                .map(|text| text.value().into()),
            on: literal("on")
                .and_then(|literal| literal.date())
                .and_then(|date| date.value()),
            amount: money("amount"),
            recovered: money("recovered"),
            state,
        };
        Some(award)
    }
}

fn chosen(value: &Datum) -> BTreeMap<Arc<str>, Arc<str>> {
    let Datum::Object(object) = value else {
        return BTreeMap::new();
    };
    let pairs = object.field().filter_map(|field| {
        let Some(Datum::Literal(literal)) = field.value() else {
            return None;
        };
        Some((Arc::from(field.name()?.text()), Arc::from(literal.name()?.text())))
    });
    pairs.collect()
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
