//! Lists of which all or only a part is known: children, titles, earlier awards; and choices.

use std::collections::BTreeMap;
use std::sync::Arc;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use super::reader::{Property, Reader};
use super::scalar;
use crate::check;
use crate::date::Date;
use crate::json::text::Offset;
use crate::money::{Currency, Money};
use crate::record::{AwardRecord, AwardState, List, TitleRecord};
use crate::schema::{EntityId, Named, Title, TitleId};

/// An array, which is complete, or `{"known": […], "complete": false}`; each item with its place.
pub(super) fn list<T>(
    reader: &mut Reader<'_>,
    value: &Value<'_>,
    mut item: impl FnMut(&mut Reader<'_>, &Value<'_>) -> Option<T>,
) -> Option<List<(T, Offset)>> {
    let form = (
        "write an array, or {\"known\": […], \"complete\": false} for a part of it",
        "请写数组；只知道一部分时写 {\"known\": […], \"complete\": false}",
    );
    let (array, complete) = match value {
        Value::Array(array) => (array, true),
        Value::Object(object) => {
            let (known, complete) = part(reader, object)?;
            let Some(Value::Array(array)) = known else {
                reader.error(
                    object.range.start,
                    ("the array `known` is missing", "缺少数组 `known`"),
                    form,
                );
                return None;
            };
            (array, complete)
        }
        other => {
            reader.not(other, ("a list", "列表"), form);
            return None;
        }
    };
    let mut items = Vec::with_capacity(array.elements.len());
    for (position, element) in (0..).zip(&array.elements) {
        let read = reader.at_item(position, |reader| item(reader, element));
        items.extend(read.map(|read| (read, element.start())));
    }
    Some(List { items, complete })
}

fn part<'t, 'v>(reader: &mut Reader<'_>, object: &'t Object<'v>) -> Option<(Option<&'t Value<'v>>, bool)> {
    let mut known = None;
    let mut complete = false;
    for property in reader.properties(object) {
        match (property.name.as_str(), property.value) {
            ("known", value) => known = Some(value),
            ("complete", Value::BooleanLit(literal)) => complete = literal.value,
            ("complete", other) => {
                reader.not(
                    other,
                    ("true or false", "真假值"),
                    ("write \"complete\": false", "请写 \"complete\": false"),
                );
                return None;
            }
            (name, _) => reader.unknown(
                property.start,
                ("key of a list called", "列表的键"),
                name,
                &names(&["known", "complete"]),
            ),
        }
    }
    Some((known, complete))
}

fn names(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn object<'t, 'v>(reader: &mut Reader<'_>, value: &'t Value<'v>, what: (&str, &str)) -> Option<Vec<Property<'t, 'v>>> {
    if let Value::Object(object) = value {
        return Some(reader.properties(object));
    }
    reader.not(value, what, ("write an object in braces", "请用花括号写对象"));
    None
}

pub(super) fn titles(reader: &mut Reader<'_>, entity: EntityId, value: &Value<'_>) -> Option<List<TitleRecord>> {
    let list = list(reader, value, |reader, item| title(reader, entity, item))?;
    let items: Vec<TitleRecord> = list.items.into_iter().map(|(title, _)| title).collect();
    reader.checked(value.start(), check::titles(reader.schema, items.iter()));
    Some(List {
        items,
        complete: list.complete,
    })
}

const TITLE_KEYS: [&str; 8] = [
    "title",
    "level",
    "held",
    "granted",
    "until",
    "suspended",
    "revoked",
    "object",
];

fn title(reader: &mut Reader<'_>, entity: EntityId, value: &Value<'_>) -> Option<TitleRecord> {
    let properties = object(reader, value, ("a title", "称号"))?;
    let id = which_title(reader, entity, value, &properties)?;
    let title = &reader.schema.titles[id];
    let mut record = TitleRecord {
        level: title.level,
        ..TitleRecord::new(id, true)
    };
    for property in &properties {
        reader.within(&property.name, |reader| {
            title_part(reader, title, &mut record, property)
        });
    }
    for complaint in check::title(&record) {
        reader.complain(value.start(), complaint);
    }
    Some(record)
}

fn which_title(
    reader: &mut Reader<'_>,
    entity: EntityId,
    value: &Value<'_>,
    properties: &[Property<'_, '_>],
) -> Option<TitleId> {
    let Some(named) = properties.iter().find(|property| property.name == "title") else {
        reader.error(
            value.start(),
            ("it is not said which title", "没有说明是哪一个称号"),
            ("add \"title\": NAME", "请加上 \"title\": 名称"),
        );
        return None;
    };
    let name = reader.string(named.value, ("the name of a title", "称号的名称"))?;
    reader.checked(named.value.start(), check::title_called(reader.schema, entity, name))
}

fn title_part(reader: &mut Reader<'_>, title: &Title, record: &mut TitleRecord, property: &Property<'_, '_>) {
    let value = property.value;
    match property.name.as_str() {
        "title" => {}
        "level" => record.level = level(reader, title, value).or(record.level),
        "held" => match value {
            Value::BooleanLit(literal) => record.held = literal.value,
            other => reader.not(
                other,
                ("true or false", "真假值"),
                (
                    "write \"held\": false to deny the title",
                    "请写 \"held\": false 表示未持有",
                ),
            ),
        },
        "granted" => record.granted = scalar::date(reader, value),
        "until" => record.until = scalar::date(reader, value),
        "revoked" => record.revoked = scalar::date(reader, value),
        "suspended" => record.suspended = suspensions(reader, value),
        "object" => record.object = scalar::text(reader, value),
        name => reader.unknown(
            property.start,
            ("key of a title called", "称号的键"),
            name,
            &names(&TITLE_KEYS),
        ),
    }
}

fn level(reader: &mut Reader<'_>, title: &Title, value: &Value<'_>) -> Option<u16> {
    let Some(levels) = title.levels else {
        reader.checked(value.start(), check::title_level(reader.schema, title, 0));
        return None;
    };
    let level = scalar::member(reader, levels, value)?;
    reader.checked(value.start(), check::title_level(reader.schema, title, level))?;
    Some(level)
}

fn suspensions(reader: &mut Reader<'_>, value: &Value<'_>) -> Vec<(Date, Option<Date>)> {
    let form = (
        "write [{\"from\": \"2024-01-01\", \"until\": \"2024-07-01\"}]",
        "请写 [{\"from\": \"2024-01-01\", \"until\": \"2024-07-01\"}]",
    );
    let Value::Array(array) = value else {
        reader.not(value, ("a list of suspensions", "暂停期列表"), form);
        return Vec::new();
    };
    let mut spans = Vec::new();
    for (position, item) in (0..).zip(&array.elements) {
        spans.extend(reader.at_item(position, |reader| suspension(reader, item, form)));
    }
    spans
}

fn suspension(reader: &mut Reader<'_>, value: &Value<'_>, form: (&str, &str)) -> Option<(Date, Option<Date>)> {
    let mut from = None;
    let mut until = None;
    for property in object(reader, value, ("a suspension", "暂停期"))? {
        match property.name.as_str() {
            "from" => from = Some(scalar::date(reader, property.value)?),
            "until" => until = Some(scalar::date(reader, property.value)?),
            name => reader.unknown(
                property.start,
                ("key of a suspension called", "暂停期的键"),
                name,
                &names(&["from", "until"]),
            ),
        }
    }
    let Some(from) = from else {
        reader.error(
            value.start(),
            ("the suspension has no first day", "暂停期没有起始日"),
            form,
        );
        return None;
    };
    reader.checked(value.start(), check::suspension(from, until))
}

pub(super) fn awards(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<List<AwardRecord>> {
    let list = list(reader, value, award)?;
    Some(List {
        items: list.items.into_iter().map(|(award, _)| award).collect(),
        complete: list.complete,
    })
}

const AWARD_KEYS: [&str; 7] = ["measure", "key", "on", "amount", "currency", "recovered", "state"];

fn award(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<AwardRecord> {
    let properties = object(reader, value, ("an earlier award", "以前的奖励"))?;
    let Some(named) = properties.iter().find(|property| property.name == "measure") else {
        reader.error(
            value.start(),
            ("it is not said which measure was awarded", "没有说明奖励出自哪一项措施"),
            ("add \"measure\": NAME", "请加上 \"measure\": 名称"),
        );
        return None;
    };
    let measure = name_among(reader, &reader.schema.measures, named.value, ("measure called", "措施"));
    // Whether an award counts hangs on its state, so none is assumed.
    let Some(state) = properties.iter().find(|property| property.name == "state") else {
        reader.error(
            value.start(),
            ("it is not said what became of the award", "没有说明奖励的状态"),
            (
                "add \"state\": \"approved\", \"paid\", \"annulled\" or \"recovered\"",
                "请加上 \"state\": \"approved\"、\"paid\"、\"annulled\" 或 \"recovered\"",
            ),
        );
        return None;
    };
    let state = reader.within("state", |reader| award_state(reader, state.value));
    let currency = properties.iter().find(|property| property.name == "currency");
    let currency = currency.map_or(Some(Currency::CNY), |property| currency_code(reader, property.value))?;
    let mut record = AwardRecord {
        measure: measure?,
        key: None,
        on: None,
        amount: None,
        recovered: None,
        state: state?,
    };
    for property in &properties {
        reader.within(&property.name, |reader| {
            award_part(reader, currency, &mut record, property)
        });
    }
    reader.checked(value.start(), check::award(&record));
    Some(record)
}

fn currency_code(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Currency> {
    let code = reader.string(value, ("a currency", "货币"))?;
    reader.checked(value.start(), check::currency(code))
}

fn award_state(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<AwardState> {
    let name = reader.string(value, ("a state", "状态"))?;
    reader.checked(value.start(), check::award_state(name))
}

fn award_part(reader: &mut Reader<'_>, currency: Currency, record: &mut AwardRecord, property: &Property<'_, '_>) {
    let value = property.value;
    match property.name.as_str() {
        "measure" | "currency" | "state" => {}
        "key" => record.key = scalar::text(reader, value),
        "on" => record.on = scalar::date(reader, value),
        "amount" => record.amount = amount(reader, currency, value),
        "recovered" => record.recovered = amount(reader, currency, value),
        name => reader.unknown(
            property.start,
            ("key of an award called", "奖励的键"),
            name,
            &names(&AWARD_KEYS),
        ),
    }
}

fn amount(reader: &mut Reader<'_>, currency: Currency, value: &Value<'_>) -> Option<Money> {
    let amount = scalar::money(reader, currency, value)?;
    reader.checked(value.start(), check::award_amount(amount))
}

/// The present name of what is called so now or was before.
fn name_among(reader: &mut Reader<'_>, known: &[Named], value: &Value<'_>, what: (&str, &str)) -> Option<Arc<str>> {
    let name = reader.string(value, ("a name", "名称"))?;
    let found = reader.checked(value.start(), check::called(known, name, what))?;
    Some(found.name.clone())
}

pub(super) fn chosen(reader: &mut Reader<'_>, value: &Value<'_>) -> BTreeMap<Arc<str>, Arc<str>> {
    let mut chosen = BTreeMap::new();
    for property in object(reader, value, ("choices", "选择")).unwrap_or_default() {
        let groups = &reader.schema.groups;
        let Some(group) = groups.iter().find(|group| group.is_called(&property.name)) else {
            let known: Vec<String> = groups.iter().map(|group| group.name.to_string()).collect();
            reader.unknown(
                property.start,
                ("exclusive group called", "互斥组"),
                &property.name,
                &known,
            );
            continue;
        };
        let measure = reader.within(&property.name, |reader| {
            name_among(
                reader,
                &reader.schema.measures,
                property.value,
                ("measure called", "措施"),
            )
        });
        chosen.extend(measure.map(|measure| (group.name.clone(), measure)));
    }
    chosen
}
