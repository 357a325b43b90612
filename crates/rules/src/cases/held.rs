//! Titles, earlier awards and choices, as the objects of a case give them.

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::check;
use meed_facts::date::Date;
use meed_facts::money::Money;
use meed_facts::record::{AwardRecord, AwardState, List, TitleRecord};
use meed_facts::schema::{FactType, Title};
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, AstNode, Datum};
use meed_syntax::diagnostic::Code;
use meed_syntax::phrases::Phrase;

use super::Reader;
use crate::near::unknown;
use crate::place::Place;
use crate::vocabulary::member_of;

const TITLE: [&str; 7] = ["title", "level", "held", "granted", "until", "revoked", "object"];
const AWARD: [&str; 6] = ["measure", "key", "on", "amount", "recovered", "state"];

impl Reader<'_> {
    pub(super) fn titles(&mut self, value: &Datum, place: &Place) -> Option<List<TitleRecord>> {
        let list = self.list(value, place)?;
        let items: Vec<TitleRecord> = list.items.iter().filter_map(|item| self.title(item, place)).collect();
        self.checked(value, check::titles(self.checked.schema(), items.iter()), place);
        Some(List {
            items,
            complete: list.complete,
        })
    }

    fn title(&mut self, value: &Datum, place: &Place) -> Option<TitleRecord> {
        let record = match value {
            Datum::Literal(literal) => self.blank(value, &literal.name()?, place)?.0,
            Datum::TitleDatum(datum) => {
                let (mut record, declared) = self.blank(value, &datum.title()?, place)?;
                record.held = !datum.is_not();
                record.granted = datum.from().and_then(|date| date.value());
                record.until = datum.until().and_then(|date| date.value());
                if let Some(level) = datum.level() {
                    record.level = Some(self.level(value, &level.text(), &declared, place)?);
                }
                record
            }
            Datum::Object(object) => self.title_object(value, object, place)?,
            other => {
                return self.bad(
                    other,
                    "a title: `little_giant level national from 2022-09-01`",
                    "称号：`little_giant 级别 national 自 2022-09-01`",
                    place,
                );
            }
        };
        for complaint in check::title(&record) {
            self.checked::<()>(value, Err(complaint), place);
        }
        Some(record)
    }

    /// A title of which nothing is said yet.
    fn blank(&mut self, value: &Datum, name: &ast::NameRef, place: &Place) -> Option<(TitleRecord, Title)> {
        let schema = self.checked.schema().clone();
        let named = name.text();
        let Some((title, declared)) = schema.titles.iter().find(|(_, title)| title.named.is_called(&named)) else {
            return self.bad(value, "a title of the package", "规则包中的称号", place);
        };
        let record = TitleRecord {
            level: declared.level,
            ..TitleRecord::new(title, true)
        };
        Some((record, declared.clone()))
    }

    fn level(&mut self, value: &Datum, name: &str, declared: &Title, place: &Place) -> Option<u16> {
        let schema = self.checked.schema().clone();
        let known = declared.levels.and_then(|levels| member_of(name, levels, &schema));
        let Some(Scalar::Member(level)) = known else {
            return self.bad(value, "a level of the title", "该称号的级别", place);
        };
        self.checked(value, check::title_level(&schema, declared, level), place)?;
        Some(level)
    }

    /// A title with everything that a register may say: `{ title: t, level: l, granted: D, until: D, revoked: D, object: "…" }`.
    fn title_object(&mut self, value: &Datum, object: &ast::Object, place: &Place) -> Option<TitleRecord> {
        let mut parts = self.parts(object, &TITLE, place)?;
        let name = parts.remove("title").and_then(|title| title.name())?;
        let (mut record, declared) = self.blank(value, &name, place)?;
        for (part, literal) in parts {
            match part {
                "level" => {
                    let name = literal.name().map(|name| name.text()).unwrap_or_default();
                    record.level = Some(self.level(value, &name, &declared, place)?);
                }
                "held" => record.held = self.truth(&literal, place)?,
                "granted" => record.granted = Some(self.day(&literal, place)?),
                "until" => record.until = Some(self.day(&literal, place)?),
                "revoked" => record.revoked = Some(self.day(&literal, place)?),
                _ => record.object = Some(self.words(&literal, place)?),
            }
        }
        Some(record)
    }

    pub(super) fn awards(&mut self, value: &Datum, place: &Place) -> Option<List<AwardRecord>> {
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
        let mut parts = self.parts(object, &AWARD, place)?;
        let mut name = |part| Some(parts.remove(part)?.name()?.text());
        let (state, measure) = (name("state"), name("measure"));
        let mut states = AwardState::NAMES.into_iter();
        let state = states.find(|(name, _)| Some(*name) == state.as_deref());
        let (Some((_, state)), Some(measure)) = (state, measure) else {
            return self.bad(value, form.0, form.1, place);
        };
        let known = check::called(&self.checked.schema().measures, &measure, ("measure called", "措施"));
        let known = known.map(|known| known.name.clone());
        let mut record = AwardRecord {
            measure: self.checked(value, known, place)?,
            key: None,
            on: None,
            amount: None,
            recovered: None,
            state,
        };
        for (part, literal) in parts {
            match part {
                "key" => record.key = Some(self.words(&literal, place)?),
                "on" => record.on = Some(self.day(&literal, place)?),
                "amount" => record.amount = Some(self.money(&literal, place)?),
                _ => record.recovered = Some(self.money(&literal, place)?),
            }
        }
        self.checked(value, check::award(&record), place)?;
        Some(record)
    }

    pub(super) fn chosen(&mut self, value: &Datum, place: &Place) -> Option<BTreeMap<Arc<str>, Arc<str>>> {
        let Datum::Object(object) = value else {
            return self.bad(value, "choices `{ group: measure }`", "选择 `{ 组: 措施 }`", place);
        };
        let schema = self.checked.schema().clone();
        let mut chosen = BTreeMap::new();
        for field in object.field() {
            let (Some(group), Some(Datum::Literal(measure))) = (field.name(), field.value()) else {
                return self.bad(value, "choices `{ group: measure }`", "选择 `{ 组: 措施 }`", place);
            };
            let group = check::called(&schema.groups, &group.text(), ("exclusive group called", "互斥组"));
            let measure = measure.name().map(|name| name.text()).unwrap_or_default();
            let measure = check::called(&schema.measures, &measure, ("measure called", "措施"));
            let (group, measure) = (self.checked(value, group, place)?, self.checked(value, measure, place)?);
            chosen.insert(group.name.clone(), measure.name.clone());
        }
        Some(chosen)
    }

    /// The literals of an object by their keys, of which it may have these.
    fn parts<'k>(
        &mut self,
        object: &ast::Object,
        known: &[&'k str],
        place: &Place,
    ) -> Option<BTreeMap<&'k str, ast::Literal>> {
        let mut parts = BTreeMap::new();
        for field in object.field() {
            let name = field.name().map(|name| name.text()).unwrap_or_default();
            let Some(known) = known.iter().find(|known| **known == name) else {
                let (span, known) = (place.at(field.syntax().text_range()), known.iter().copied());
                let finding = unknown(Code::CaseUnknownField, &name, span, known, ("key", "键"));
                self.findings.push(finding);
                return None;
            };
            match field.value()? {
                Datum::Literal(literal) => parts.insert(*known, literal),
                other => return self.bad(&other, "a single value", "单个值", place),
            };
        }
        Some(parts)
    }

    fn truth(&mut self, literal: &ast::Literal, place: &Place) -> Option<bool> {
        match literal.boolean() {
            Some(word) => Some(word == Phrase::True),
            None => self.bad(&Datum::Literal(literal.clone()), "true/false", "真/假", place),
        }
    }

    fn day(&mut self, literal: &ast::Literal, place: &Place) -> Option<Date> {
        let day = literal.date().and_then(|date| date.value());
        let bad = |reader: &mut Self| reader.bad(&Datum::Literal(literal.clone()), "date (2022-09-01)", "日期", place);
        day.or_else(|| bad(self))
    }

    fn words(&mut self, literal: &ast::Literal, place: &Place) -> Option<Arc<str>> {
        let text = literal.text().map(|text| text.value().into());
        let bad = |reader: &mut Self| reader.bad(&Datum::Literal(literal.clone()), "text (`\"…\"`)", "文本", place);
        text.or_else(|| bad(self))
    }

    fn money(&mut self, literal: &ast::Literal, place: &Place) -> Option<Money> {
        let currency = self.checked.package().manifest.currency;
        let money = match self.scalar(literal, &FactType::Money(currency)) {
            Some(Scalar::Number(value)) => Money::from_ratio(&value, currency).ok(),
            _ => None,
        };
        let value = Datum::Literal(literal.clone());
        match money {
            Some(money) => self.checked(&value, check::award_amount(money), place),
            None => self.bad(&value, &format!("`500 {}`", currency.code()), "金额", place),
        }
    }
}
