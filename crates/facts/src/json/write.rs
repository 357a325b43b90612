//! A record as JSON again: the one form of its meaning.
//!
//! Names are the present ones, numbers decimal strings, lists in the order of their items' canonical text, ends of
//! ranges `at_least`, `more_than`, `at_most`, `less_than`. Reading it gives an equal record, but for the order of lists.

use serde_json::{Map, Value, json};

use super::canonical::canonical;
use crate::money::Money;
use crate::record::{AwardRecord, List, Record, TitleRecord};
use crate::schema::{FactId, FactType, Schema};
use crate::value::{Interval, Missing, Scalar, Stated};

/// The record as one object with one key, the entity's name in lower case.
pub fn write(schema: &Schema, record: &Record) -> Value {
    let name = schema.entities[record.entity].named.name.to_lowercase();
    json!({ name: facts(schema, record) })
}

fn facts(schema: &Schema, record: &Record) -> Value {
    let mut object = Map::new();
    let name = |fact: FactId| schema.facts[fact].named.name.to_string();
    for (fact, value) in record.facts.iter() {
        object.insert(name(fact), stated(schema, &schema.facts[fact].ty, value));
    }
    for (fact, series) in record.series.iter() {
        let ty = &schema.facts[fact].ty;
        let series = series
            .iter()
            .map(|(period, value)| (period.to_string(), stated(schema, ty, value)));
        object.insert(name(fact), Value::Object(series.collect()));
    }
    for (fact, children) in record.children.iter() {
        object.insert(name(fact), list(children, |child| facts(schema, child)));
    }
    for (fact, inner) in record.inner.iter() {
        object.insert(name(fact), facts(schema, inner));
    }
    if let Some(titles) = &record.titles {
        object.insert("titles".to_owned(), list(titles, |record| title(schema, record)));
    }
    if let Some(awards) = &record.awards {
        object.insert("awards".to_owned(), list(awards, award));
    }
    if !record.chosen.is_empty() {
        let chosen = record
            .chosen
            .iter()
            .map(|(group, measure)| (group.to_string(), json!(**measure)));
        object.insert("chosen".to_owned(), Value::Object(chosen.collect()));
    }
    Value::Object(object)
}

fn list<T>(list: &List<T>, item: impl Fn(&T) -> Value) -> Value {
    let mut items: Vec<Value> = list.items.iter().map(item).collect();
    items.sort_by_cached_key(canonical);
    if list.complete {
        return Value::Array(items);
    }
    json!({ "known": items, "complete": false })
}

fn stated(schema: &Schema, ty: &FactType, stated: &Stated) -> Value {
    match stated {
        Stated::Value(value) => scalar(schema, ty, value),
        Stated::Range(interval) => range(schema, ty, interval),
        Stated::OneOf(members) => {
            json!({ "one_of": members.iter().map(|member| scalar(schema, ty, member)).collect::<Vec<_>>() })
        }
        Stated::Missing(reason) => json!({ "missing": match reason {
            Missing::Unasked => "unasked",
            Missing::Judgement => "judgement",
            Missing::Refused => "refused",
        } }),
    }
}

fn range(schema: &Schema, ty: &FactType, interval: &Interval) -> Value {
    let mut object = Map::new();
    let ends = [
        (&interval.low, "at_least", "more_than"),
        (&interval.high, "at_most", "less_than"),
    ];
    for (end, closed, open) in ends {
        if let Some(bound) = end {
            let key = if bound.closed { closed } else { open };
            object.insert(key.to_owned(), scalar(schema, ty, &bound.value));
        }
    }
    Value::Object(object)
}

fn scalar(schema: &Schema, ty: &FactType, value: &Scalar) -> Value {
    match value {
        Scalar::Bool(truth) => json!(truth),
        Scalar::Number(number) => match ty {
            FactType::Money(currency) => json!(
                number
                    .to_decimal(currency.exponent())
                    .unwrap_or_else(|| number.to_string())
            ),
            _ => json!(number.to_string()),
        },
        Scalar::Date(date) => json!(date.to_string()),
        Scalar::Months(months) => json!({ "months": months }),
        Scalar::Days(days) => json!({ "days": days }),
        Scalar::Text(text) => json!(**text),
        Scalar::Member(position) => match ty {
            FactType::Enumeration(id) => json!(schema.member(*id, *position).map(|member| member.name.to_string())),
            _ => json!(position),
        },
    }
}

fn title(schema: &Schema, record: &TitleRecord) -> Value {
    let title = &schema.titles[record.title];
    let mut object = Map::new();
    object.insert("title".to_owned(), json!(*title.named.name));
    let level = record
        .level
        .zip(title.levels)
        .and_then(|(level, levels)| schema.member(levels, level));
    if let Some(level) = level {
        object.insert("level".to_owned(), json!(*level.name));
    }
    if !record.held {
        object.insert("held".to_owned(), json!(false));
    }
    let dates = [
        ("granted", record.granted),
        ("until", record.until),
        ("revoked", record.revoked),
    ];
    for (key, date) in dates {
        object.extend(date.map(|date| (key.to_owned(), json!(date.to_string()))));
    }
    if !record.suspended.is_empty() {
        let mut spans: Vec<_> = record.suspended.clone();
        spans.sort();
        let spans = spans.into_iter().map(|(from, until)| match until {
            Some(until) => json!({ "from": from.to_string(), "until": until.to_string() }),
            None => json!({ "from": from.to_string() }),
        });
        object.insert("suspended".to_owned(), spans.collect());
    }
    object.extend(record.object.as_deref().map(|name| ("object".to_owned(), json!(name))));
    Value::Object(object)
}

fn award(record: &AwardRecord) -> Value {
    let mut object = Map::new();
    object.insert("measure".to_owned(), json!(*record.measure));
    object.insert("state".to_owned(), json!(record.state.name()));
    object.extend(record.key.as_deref().map(|key| ("key".to_owned(), json!(key))));
    object.extend(record.on.map(|on| ("on".to_owned(), json!(on.to_string()))));
    let mut money = |key: &str, amount: Option<Money>| {
        if let Some(amount) = amount {
            object.insert(key.to_owned(), json!(amount.to_decimal()));
            object.insert("currency".to_owned(), json!(amount.currency().code()));
        }
    };
    money("amount", record.amount);
    money("recovered", record.recovered);
    Value::Object(object)
}
