//! An object of facts: plain facts, facts by period, children, inner records.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use super::reader::{Property, Reader};
use super::{lists, stated};
use crate::check::{self, shown};
use crate::date::Period;
use crate::record::{List, Record};
use crate::schema::{EntityId, Fact, FactId, FactType, PeriodUnit};
use crate::value::Stated;

/// Where an object of facts stands: only the applicant has earlier awards and choices.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Top,
    Inside,
}

pub(super) fn read(reader: &mut Reader<'_>, entity: EntityId, value: &Value<'_>, place: Place) -> Option<Record> {
    let Value::Object(object) = value else {
        reader.not(
            value,
            ("an object of facts", "信息对象"),
            ("write {\"fact\": value, …}", "请写 {\"信息项\": 值, …}"),
        );
        return None;
    };
    let mut record = Record::new(entity);
    let mut seen = BTreeSet::new();
    for property in reader.properties(object) {
        let Some(id) = reader.schema.fact_called(entity, &property.name) else {
            read_list(reader, &mut record, &property, place);
            continue;
        };
        if !seen.insert(id.into_raw().into_u32()) {
            let name = &reader.schema.facts[id].named.name;
            let message = (
                format!("`{}` is a former name of `{name}`, which is here too", property.name),
                format!("`{}` 是 `{name}` 的旧名，而 `{name}` 也在此", property.name),
            );
            reader.error(property.start, message, ("keep one of the two", "请只保留一个"));
            continue;
        }
        reader.within(&property.name, |reader| {
            read_fact(reader, &mut record, id, property.value)
        });
    }
    Some(record)
}

fn read_list(reader: &mut Reader<'_>, record: &mut Record, property: &Property<'_, '_>, place: Place) {
    let value = property.value;
    let titled = reader
        .schema
        .titles
        .iter()
        .any(|(_, title)| title.entity == record.entity);
    match property.name.as_str() {
        "titles" if titled => {
            record.titles = reader.within("titles", |reader| lists::titles(reader, record.entity, value));
        }
        "awards" if place == Place::Top => {
            record.awards = reader.within("awards", |reader| lists::awards(reader, value));
        }
        "chosen" if place == Place::Top => {
            record.chosen = reader.within("chosen", |reader| lists::chosen(reader, value));
        }
        name => {
            let mut known: Vec<String> = Vec::new();
            let entity = &reader.schema.entities[record.entity];
            known.extend(
                entity
                    .facts
                    .iter()
                    .map(|fact| reader.schema.facts[*fact].named.name.to_string()),
            );
            if titled {
                known.push("titles".to_owned());
            }
            if place == Place::Top {
                known.extend(["awards".to_owned(), "chosen".to_owned()]);
            }
            let what = (
                format!("fact of {} called", entity.named.name),
                format!("“{}”信息项", entity.named.name),
            );
            reader.unknown(property.start, what, name, &known);
        }
    }
}

fn read_fact(reader: &mut Reader<'_>, record: &mut Record, id: FactId, value: &Value<'_>) {
    let fact = &reader.schema.facts[id];
    match (&fact.ty, fact.period) {
        (FactType::Many(child), _) => {
            if let Some(missing) = stated::only_missing(reader, fact, value) {
                record.facts.insert(id, Stated::Missing(missing));
            } else if let Some(list) = children(reader, *child, value) {
                record.children.insert(id, list);
            }
        }
        (FactType::One(inner), _) => {
            if let Some(missing) = stated::only_missing(reader, fact, value) {
                record.facts.insert(id, Stated::Missing(missing));
            } else if let Some(inner) = read(reader, *inner, value, Place::Inside) {
                record.inner.insert(id, Box::new(inner));
            }
        }
        (_, Some(unit)) => {
            if let Some(series) = series(reader, fact, unit, value) {
                record.series.insert(id, series);
            }
        }
        (_, None) => {
            if let Some(stated) = plain(reader, fact, value) {
                record.facts.insert(id, stated);
            }
        }
    }
}

fn plain(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>) -> Option<Stated> {
    if let Value::Object(object) = value
        && let Some(unit) = unit_of_keys(object)
    {
        let (name, unit) = (&fact.named.name, word(unit));
        let message = (
            format!("`{name}` has one value, not one a {}", unit.0),
            format!("`{name}` 只有一个值，不按{}填写", unit.1),
        );
        reader.error(
            value.start(),
            message,
            (
                format!("write \"{}\": value", fact.named.name),
                format!("请写 \"{}\": 值", fact.named.name),
            ),
        );
        return None;
    }
    let stated = stated::read(reader, fact, value)?;
    if let Some(on) = reader.on {
        reader.checked(value.start(), check::born(fact, &stated, on))?;
    }
    Some(stated)
}

fn unit_of_keys(object: &Object<'_>) -> Option<PeriodUnit> {
    let first = object.properties.first()?.name.as_str();
    [PeriodUnit::Year, PeriodUnit::Month]
        .into_iter()
        .find(|unit| Period::parse(first, *unit).is_ok())
}

fn word(unit: PeriodUnit) -> (&'static str, &'static str) {
    match unit {
        PeriodUnit::Year => ("year", "年"),
        PeriodUnit::Month => ("month", "月"),
    }
}

fn series(
    reader: &mut Reader<'_>,
    fact: &Fact,
    unit: PeriodUnit,
    value: &Value<'_>,
) -> Option<BTreeMap<Period, Stated>> {
    let example = match unit {
        PeriodUnit::Year => "2022",
        PeriodUnit::Month => "2022-03",
    };
    let form = (
        format!("write \"{}\": {{\"{example}\": value}}", fact.named.name),
        format!("请写 \"{}\": {{\"{example}\": 值}}", fact.named.name),
    );
    let Value::Object(object) = value else {
        if matches!(value, Value::NullKeyword(_)) {
            reader.null(value.start());
        } else {
            let (name, unit) = (&fact.named.name, word(unit));
            let message = (
                format!("`{name}` has one value a {}", unit.0),
                format!("`{name}` 每{}一个值", unit.1),
            );
            reader.error(value.start(), message, form);
        }
        return None;
    };
    let mut periods = BTreeMap::new();
    for property in reader.properties(object) {
        let Ok(period) = Period::parse(&property.name, unit) else {
            let (name, unit) = (shown(&property.name), word(unit));
            let message = (
                format!("`{name}` is no {}", unit.0),
                format!("`{name}` 不是{}份", unit.1),
            );
            reader.error(property.start, message, form.clone());
            continue;
        };
        let stated = reader.within(&property.name, |reader| {
            reader.checked(property.value.start(), check::in_period(fact, period))?;
            let stated = stated::read(reader, fact, property.value)?;
            refuse_unfinished(reader, period, &stated, property.value);
            Some(stated)
        });
        if let Some(stated) = stated {
            periods.insert(period, stated);
        }
    }
    Some(periods)
}

fn refuse_unfinished(reader: &mut Reader<'_>, period: Period, stated: &Stated, value: &Value<'_>) {
    if let Some(on) = reader.on {
        reader.checked(value.start(), check::unfinished(period, stated, on));
    }
}

fn children(reader: &mut Reader<'_>, entity: EntityId, value: &Value<'_>) -> Option<List<Record>> {
    let list = lists::list(reader, value, |reader, item| read(reader, entity, item, Place::Inside))?;
    let key = reader.schema.entities[entity].key;
    let mut seen = HashSet::new();
    for (record, at) in &list.items {
        let Some(Stated::Value(value)) = key.and_then(|key| record.facts.get(key)) else {
            continue;
        };
        if !seen.insert(value) {
            reader.error(
                *at,
                ("another item has the same key", "另有一项的键与此相同"),
                (
                    "give each its own, or remove the repeat",
                    "请各用各的键，或去掉重复的一项",
                ),
            );
        }
    }
    Some(List {
        items: list.items.into_iter().map(|(record, _)| record).collect(),
        complete: list.complete,
    })
}
