//! Titles, earlier awards and choices.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, StringArray, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Fields};
use meed_facts::batch::Batch;
use meed_facts::date::Date;
use meed_facts::record::{AwardRecord, TitleRecord};
use meed_facts::schema::Schema;

use crate::layout::Layout;

pub(super) fn title_fields() -> Fields {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let date = |name: &str| Field::new(name, DataType::Date32, true);
    Fields::from(vec![
        text("title"),
        text("level"),
        Field::new("held", DataType::Boolean, true),
        date("granted"),
        date("until"),
        text("suspended"),
        date("revoked"),
        text("object"),
    ])
}

pub(super) fn award_fields() -> Fields {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let mut fields = vec![text("measure"), text("key")];
    fields.push(Field::new("on", DataType::Date32, true));
    fields.extend(["amount", "currency", "recovered", "state"].map(text));
    Fields::from(fields)
}

pub(super) fn chosen_fields(layout: &Layout) -> Fields {
    let groups = layout.groups.iter();
    groups
        .map(|group| Field::new(group.to_string(), DataType::Utf8, true))
        .collect()
}

fn texts<T, S: AsRef<str>>(items: &[T], text: impl Fn(&T) -> Option<S>) -> ArrayRef {
    Arc::new(items.iter().map(text).collect::<StringArray>())
}

fn dates<T>(items: &[T], date: impl Fn(&T) -> Option<Date>) -> ArrayRef {
    let days = items.iter().map(|item| date(item).map(Date::days_since_epoch));
    Arc::new(days.collect::<Date32Array>())
}

pub(super) fn titles(schema: &Schema, items: &[TitleRecord]) -> Result<StructArray, ArrowError> {
    let level = |item: &TitleRecord| {
        let levels = schema.titles[item.title].levels?;
        schema.member(levels, item.level?).map(|level| level.name.clone())
    };
    let columns = vec![
        texts(items, |item| Some(&schema.titles[item.title].named.name)),
        texts(items, level),
        Arc::new(items.iter().map(|item| Some(item.held)).collect::<BooleanArray>()) as ArrayRef,
        dates(items, |item| item.granted),
        dates(items, |item| item.until),
        texts(items, |item| spans(&item.suspended)),
        dates(items, |item| item.revoked),
        texts(items, |item| item.object.clone()),
    ];
    StructArray::try_new_with_length(title_fields(), columns, None, items.len())
}

/// Suspensions as text, and `None` where there are none.
pub(crate) fn spans(suspended: &[(Date, Option<Date>)]) -> Option<String> {
    let span = |(from, until): &(Date, Option<Date>)| {
        let until = until.map_or(String::new(), |until| until.to_string());
        format!("{from}/{until}")
    };
    let spans: Vec<String> = suspended.iter().map(span).collect();
    (!spans.is_empty()).then(|| spans.join("|"))
}

pub(super) fn awards(items: &[AwardRecord]) -> Result<StructArray, ArrowError> {
    let currency = |item: &AwardRecord| Some(item.amount.or(item.recovered)?.currency().code());
    let columns = vec![
        texts(items, |item| Some(item.measure.clone())),
        texts(items, |item| item.key.clone()),
        dates(items, |item| item.on),
        texts(items, |item| item.amount.map(|amount| amount.to_decimal())),
        texts(items, currency),
        texts(items, |item| item.recovered.map(|amount| amount.to_decimal())),
        texts(items, |item| Some(item.state.name())),
    ];
    StructArray::try_new_with_length(award_fields(), columns, None, items.len())
}

pub(super) fn chosen(layout: &Layout, batch: &Batch) -> Result<ArrayRef, ArrowError> {
    let rows = || (0..batch.rows).map(|row| batch.chosen.get(&u32::try_from(row).unwrap_or(u32::MAX)));
    let columns = layout.groups.iter().map(|group| {
        let choices = rows().map(|chosen| chosen?.get(group).cloned());
        Arc::new(choices.collect::<StringArray>()) as ArrayRef
    });
    let fields = chosen_fields(layout);
    Ok(Arc::new(StructArray::try_new_with_length(
        fields,
        columns.collect(),
        None,
        batch.rows,
    )?))
}
