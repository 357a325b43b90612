//! Values and facts as results name and write them.

use std::borrow::Cow;
use std::fmt::Write;

use meed_facts::date::Period;
use meed_facts::ratio::Ratio;
use meed_facts::record::Record;
use meed_facts::schema::{FactId, Schema};
use meed_facts::value::{Bound, Scalar, Stated};
use meed_rules::program::{Program, Type};
use serde_json::{Map, Value as Json, json};

use crate::explain::Evaluator;
use crate::value::{Item, RecordPath, Set, Value};

/// A value as files of facts write it; what is not known is `unknown`, what does not apply `not applicable`.
pub fn json(program: &Program, ty: &Type, value: &Value) -> Json {
    if value.is_inapplicable() {
        return json!("not applicable");
    }
    if value.may_be_undefined() || value.may_be_inapplicable() {
        return json!("unknown");
    }
    match value.set() {
        Some(Set::One(one)) => scalar(program, ty, one),
        Some(Set::Range(interval)) => {
            let mut object = Map::new();
            bound(&mut object, ("at_least", "more_than"), interval.low.as_ref(), |one| {
                scalar(program, ty, one)
            });
            bound(&mut object, ("at_most", "less_than"), interval.high.as_ref(), |one| {
                scalar(program, ty, one)
            });
            if object.is_empty() {
                json!("unknown")
            } else {
                Json::Object(object)
            }
        }
        Some(set @ (Set::Members(_) | Set::Texts(_))) => {
            let values = set.listed().unwrap_or_default();
            json!({ "one_of": values.iter().map(|one| scalar(program, ty, one)).collect::<Vec<_>>() })
        }
        Some(Set::Either | Set::AnyText) | None => json!("unknown"),
    }
}

fn bound(object: &mut Map<String, Json>, keys: (&str, &str), bound: Option<&Bound>, write: impl Fn(&Scalar) -> Json) {
    if let Some(bound) = bound {
        let key = if bound.closed { keys.0 } else { keys.1 };
        object.insert(key.to_owned(), write(&bound.value));
    }
}

/// One known value.
pub fn scalar(program: &Program, ty: &Type, value: &Scalar) -> Json {
    match (value, ty) {
        (Scalar::Bool(truth), _) => json!(truth),
        (Scalar::Number(number), Type::Number(dimension)) => {
            let places = dimension.currency().map(|currency| currency.exponent());
            let decimal = places.and_then(|places| number.to_decimal(places));
            json!(decimal.unwrap_or_else(|| number.to_string()))
        }
        (Scalar::Number(number), Type::Month) => json!(month(number)),
        (Scalar::Number(number), _) => json!(number.to_string()),
        (Scalar::Date(date), _) => json!(date.to_string()),
        (Scalar::Months(months), _) => json!({ "months": months }),
        (Scalar::Days(days), _) => json!({ "days": days }),
        (Scalar::Text(text), _) => json!(**text),
        (Scalar::Member(position), Type::Enumeration(id)) => {
            json!(
                program
                    .schema
                    .member(*id, *position)
                    .map(|member| member.name.to_string())
            )
        }
        (Scalar::Member(position), _) => json!(position),
    }
}

/// A month by its number: `2023-06`.
pub fn month(number: &Ratio) -> String {
    let parts = number.to_i128().and_then(|month| {
        let (year, month) = (month.checked_div_euclid(12)?, month.checked_rem_euclid(12)?);
        Some(format!("{year:04}-{:02}", month.checked_add(1)?))
    });
    parts.unwrap_or_else(|| number.to_string())
}

/// A fact's name with the record that holds it and its period: `hires[h1].salary_paid(2023)`.
pub fn fact_name(evaluator: &Evaluator<'_>, path: &RecordPath, fact: FactId, period: Option<Period>) -> String {
    let schema = &evaluator.program().schema;
    let mut name = record_name(evaluator, path);
    if !name.is_empty() {
        name.push('.');
    }
    name.push_str(&schema.facts[fact].named.name);
    if let Some(period) = period {
        // Writing to a text never fails.
        write!(name, "({period})").ok();
    }
    name
}

/// The way to a record: `hires[h1]`; empty for the applicant.
pub fn record_name(evaluator: &Evaluator<'_>, path: &RecordPath) -> String {
    let schema = &evaluator.program().schema;
    let mut record = evaluator.record_of(evaluator.root());
    let mut name = String::new();
    for step in path.steps() {
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&schema.facts[step.holder].named.name);
        record = match step.item {
            Item::Inner => record.and_then(|record| record.inner.get(step.holder)).map(Box::as_ref),
            Item::Rest => {
                name.push_str("[…]");
                None
            }
            Item::At(index) => {
                let position = usize::try_from(index).unwrap_or(usize::MAX);
                let items = record.and_then(|record| record.children.get(step.holder));
                let child = items.and_then(|list| list.items.get(position));
                let key = child.and_then(|child| key_text(schema, child));
                name.push('[');
                name.push_str(&key.unwrap_or_else(|| index.to_string().into()));
                name.push(']');
                child
            }
        };
    }
    name
}

fn key_text<'r>(schema: &Schema, child: &'r Record) -> Option<Cow<'r, str>> {
    let key = schema.entities[child.entity].key?;
    match child.facts.get(key)? {
        Stated::Value(Scalar::Text(text)) => Some((&**text).into()),
        Stated::Value(Scalar::Number(number)) => Some(number.to_string().into()),
        _ => None,
    }
}
