//! What a path says: `/revenue/2022` is a value of a year, `/hires/#h1/salary` one of a child, `/hires/#` whether the children are all.

use meed_engine::questions::{AnswerKind, Question, answer};
use meed_engine::value::{CausePlace, Item, RecordPath};
use meed_facts::date::{Date, Period};
use meed_facts::identifier::{Kind, division};
use meed_facts::label::{Label, Lang};
use meed_facts::record::Record;
use meed_facts::schema::{EntityId, FactId, FactType, PeriodUnit, Schema, Source};
use meed_facts::value::{Scalar, Stated};
use meed_rules::program::Program;
use serde_json::Value;

use super::paste::is_id;
use crate::view::grouped;
use crate::words::Words;

/// What a path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A value of a fact, in a period where it has one.
    Value(FactId),
    /// Whether the children of a list are all.
    Whole(FactId),
    /// Which measure of a group is chosen.
    Chosen,
}

/// What a path of an applicant's facts says; `None` where it is none.
pub fn slot(schema: &Schema, applicant: EntityId, path: &str) -> Option<Slot> {
    let mut steps = path.strip_prefix('/')?.split('/');
    let mut entity = applicant;
    loop {
        let name = steps.next()?;
        if name == "chosen" && entity == applicant {
            let group = steps.next()?;
            let known = schema.groups.iter().any(|one| one.is_called(group));
            return (known && steps.next().is_none()).then_some(Slot::Chosen);
        }
        let fact = schema.fact_called(entity, name)?;
        match schema.facts[fact].ty {
            FactType::One(inner) => entity = inner,
            FactType::Many(child) => {
                let id = steps.next()?.strip_prefix('#')?;
                if id.is_empty() {
                    return steps.next().is_none().then_some(Slot::Whole(fact));
                }
                if !is_id(id) {
                    return None;
                }
                entity = child;
            }
            _ => {
                let fits = match schema.facts[fact].period {
                    None => true,
                    Some(unit) => Period::parse(steps.next()?, unit).is_ok(),
                };
                return (fits && steps.next().is_none()).then_some(Slot::Value(fact));
            }
        }
    }
}

/// The path of a place; `None` for what is stated elsewhere, or of a child that has no id.
pub fn path(schema: &Schema, record: &Record, place: &CausePlace) -> Option<String> {
    match place {
        CausePlace::Fact {
            record: way,
            fact,
            period,
        } => {
            let base = format!("{}/{}", base(schema, record, way)?, schema.facts[*fact].named.name);
            match (&schema.facts[*fact].ty, period) {
                (FactType::Many(_), _) => Some(format!("{base}/#")),
                (_, Some(period)) => Some(format!("{base}/{period}")),
                _ => Some(base),
            }
        }
        CausePlace::List { record: way, list } => Some(format!(
            "{}/{}/#",
            base(schema, record, way)?,
            schema.facts[*list].named.name
        )),
        CausePlace::Chosen(group) => Some(format!("/chosen/{group}")),
        _ => None,
    }
}

fn base(schema: &Schema, record: &Record, way: &RecordPath) -> Option<String> {
    let (mut record, mut path) = (Some(record), String::new());
    for step in way.steps() {
        path = format!("{path}/{}", schema.facts[step.holder].named.name);
        match step.item {
            Item::Inner => record = record.and_then(|one| one.inner.get(step.holder)).map(|inner| &**inner),
            Item::At(index) => {
                let child = record?
                    .children
                    .get(step.holder)?
                    .items
                    .get(usize::try_from(index).ok()?)?;
                path = format!("{path}/#{}", id(schema, child)?);
                record = Some(child);
            }
            Item::Rest => return None,
        }
    }
    Some(path)
}

/// The id of a child.
pub fn id(schema: &Schema, child: &Record) -> Option<String> {
    match child.facts.get(schema.entities[child.entity].key?)? {
        Stated::Value(Scalar::Text(id)) => Some(id.to_string()),
        _ => None,
    }
}

/// A typed text as the fact's value in a document; how to write it, where it is none.
///
/// # Errors
/// In both languages: what is expected.
pub fn typed(program: &Program, slot: &Slot, text: &str) -> Result<Value, Label> {
    let schema = &program.schema;
    match slot {
        Slot::Chosen => Ok(Value::String(text.trim().to_owned())),
        Slot::Whole(_) => match text {
            "yes" => Ok(Value::Bool(true)),
            "no" => Ok(Value::Bool(false)),
            _ => Err(expected("是 / 否", "yes / no")),
        },
        Slot::Value(fact) => {
            let question = question(schema, *fact);
            let day = (schema.facts[*fact].ty == FactType::Date).then(|| day(text)).flatten();
            let text = day.as_deref().unwrap_or(text);
            let mut record = Record::new(schema.facts[*fact].entity);
            let hint = || expected(&question.hint(program, Lang::Zh), &question.hint(program, Lang::En));
            answer(program, &mut record, &question, text).map_err(|_| hint())?;
            let written = meed_facts::json::write(schema, &record);
            let name = &*schema.facts[*fact].named.name;
            let found = written
                .as_object()
                .and_then(|one| one.values().next())
                .and_then(|one| one.get(name));
            let found = match (found, schema.facts[*fact].period) {
                (Some(Value::Object(series)), Some(_)) => series.values().next(),
                (found, _) => found,
            };
            found.cloned().ok_or_else(hint)
        }
    }
}

/// A day as spreadsheets and pages write it, in the one form that facts have: `2022/3/1`, `2022年3月1日`.
fn day(text: &str) -> Option<String> {
    let parts: Vec<&str> = text
        .trim()
        .trim_end_matches('日')
        .split(['-', '/', '.', '年', '月'])
        .map(str::trim)
        .collect();
    let digits =
        |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|one| one.is_ascii_digit());
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            let written = format!("{year}-{month:0>2}-{day:0>2}");
            Date::parse(&written).is_ok().then_some(written)
        }
        _ => None,
    }
}

/// How a fact's value is written, in one language.
pub fn hint(program: &Program, fact: FactId, lang: Lang) -> String {
    question(&program.schema, fact).hint(program, lang)
}

fn expected(zh: &str, en: &str) -> Label {
    Label {
        zh: Some(zh.into()),
        en: Some(en.into()),
    }
}

/// The question for a fact of a record by itself.
fn question(schema: &Schema, fact: FactId) -> Question {
    let declared = &schema.facts[fact];
    let period = declared.period.map(|unit| match unit {
        PeriodUnit::Year => Period::Year(2000),
        PeriodUnit::Month => Period::Month { year: 2000, month: 1 },
    });
    Question {
        place: CausePlace::Fact {
            record: RecordPath::APPLICANT,
            fact,
            period,
        },
        name: declared.named.name.to_string(),
        label: declared.named.label.clone(),
        answer: AnswerKind::Value(declared.ty.clone()),
        source: Source::Declared,
        evidence: Vec::new(),
        presumed: None,
        measures: Vec::new(),
        at_stake: None,
    }
}

/// A value of a document as somebody would type it.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(object) => match (object.get("months"), object.get("missing")) {
            (Some(months), _) => format!("{} months", months.to_string().trim_matches('"')),
            (_, Some(_)) => "refused".to_owned(),
            _ => value.to_string(),
        },
        other => other.to_string(),
    }
}

/// A value of a document as people read it.
pub fn shown(program: &Program, fact: FactId, value: &Value, lang: Lang) -> String {
    let schema = &program.schema;
    let pick = |zh: &str, en: &str| if lang == Lang::Zh { zh } else { en }.to_owned();
    match (&schema.facts[fact].ty, value) {
        (_, Value::Bool(true)) => pick("是", "yes"),
        (_, Value::Bool(false)) => pick("否", "no"),
        (FactType::Enumeration(id), Value::String(name)) => {
            let member = schema
                .member_called(*id, name)
                .and_then(|position| schema.member(*id, position));
            member.map_or_else(|| name.clone(), |member| member.label.text(lang, name).to_owned())
        }
        (FactType::Money(currency), Value::String(number)) => Words::new(lang).with(
            "fact-money",
            &[("amount", grouped(number).into()), ("currency", currency.code().into())],
        ),
        (FactType::Count, Value::String(number)) => grouped(number),
        (FactType::Number(unit), Value::String(number)) => match unit.map(|unit| &schema.units[unit]) {
            Some(unit) => format!("{} {}", grouped(number), unit.label.text(lang, &unit.name)),
            None => grouped(number),
        },
        (FactType::Identifier(Kind::Division), Value::String(code)) => division::find(code, program.date).map_or_else(
            || code.clone(),
            |found| format!("{} {code}", found.label.text(lang, code)),
        ),
        (_, value) => text_of(value),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_are_read_as_spreadsheets_and_pages_write_them() {
        for text in ["2022-03-01", "2022/3/1", "2022年3月1日", " 2022.03.1 "] {
            assert_eq!(super::day(text).as_deref(), Some("2022-03-01"), "{text}");
        }
        for text in ["2022/13/1", "3/1/2022", "2022年3月", "soon", "22/3/1", "1-2-3-4"] {
            assert_eq!(super::day(text), None, "{text}");
        }
    }
}
