//! Records into columns.

use std::collections::BTreeMap;

use la_arena::ArenaMap;

use super::{Batch, Column, Lists};
use crate::date::Period;
use crate::record::{List, Record};
use crate::schema::{EntityId, FactId, FactType, Schema};
use crate::value::Stated;

/// Adds records to a batch.
#[derive(Clone, Debug)]
pub struct Builder<'s> {
    schema: &'s Schema,
    batch: Batch,
}

impl<'s> Builder<'s> {
    /// A batch without rows for records of an entity.
    pub fn new(schema: &'s Schema, entity: EntityId) -> Self {
        Self {
            schema,
            batch: Batch::new(entity),
        }
    }

    /// How many records there are so far.
    pub fn rows(&self) -> usize {
        self.batch.rows
    }

    /// Adds a record, which must be of the batch's entity.
    pub fn push(&mut self, record: &Record) {
        debug_assert_eq!(record.entity, self.batch.entity);
        push(self.schema, &mut self.batch, record);
    }

    /// The batch.
    pub fn finish(mut self) -> Batch {
        level(&mut self.batch);
        self.batch
    }
}

fn push(schema: &Schema, batch: &mut Batch, record: &Record) {
    let row = batch.rows;
    batch.rows = row.saturating_add(1);
    for (fact, stated) in record.facts.iter() {
        put(column(schema, &mut batch.facts, fact), row, stated);
    }
    for (fact, series) in record.series.iter() {
        for (period, stated) in series {
            put(period_column(schema, &mut batch.series, fact, *period), row, stated);
        }
    }
    for (fact, list) in record.children.iter() {
        let Some(lists) = lists(schema, &mut batch.children, fact) else {
            continue;
        };
        push_all(schema, lists, row, &list.items, list.complete);
    }
    for (fact, inner) in record.inner.iter() {
        if let Some(lists) = lists(schema, &mut batch.inner, fact) {
            push_all(schema, lists, row, std::slice::from_ref(&**inner), true);
        }
    }
    push_list(&mut batch.titles, row, record.titles.as_ref());
    push_list(&mut batch.awards, row, record.awards.as_ref());
    if !record.chosen.is_empty() {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        batch.chosen.insert(row, record.chosen.clone());
    }
}

fn put(column: &mut Column, row: usize, stated: &Stated) {
    column.fill(row);
    column.push(Some(stated));
}

fn column<'c>(schema: &Schema, columns: &'c mut ArenaMap<FactId, Column>, fact: FactId) -> &'c mut Column {
    columns
        .entry(fact)
        .or_insert_with(|| Column::new(&schema.facts[fact].ty))
}

fn period_column<'c>(
    schema: &Schema,
    columns: &'c mut ArenaMap<FactId, BTreeMap<Period, Column>>,
    fact: FactId,
    period: Period,
) -> &'c mut Column {
    columns
        .entry(fact)
        .or_default()
        .entry(period)
        .or_insert_with(|| Column::new(&schema.facts[fact].ty))
}

/// The lists of a fact that holds records.
fn lists<'c>(
    schema: &Schema,
    all: &'c mut ArenaMap<FactId, Lists<Batch>>,
    fact: FactId,
) -> Option<&'c mut Lists<Batch>> {
    let (FactType::Many(entity) | FactType::One(entity)) = schema.facts[fact].ty else {
        return None;
    };
    Some(all.entry(fact).or_insert_with(|| Lists::new(Batch::new(entity))))
}

fn push_all(schema: &Schema, lists: &mut Lists<Batch>, row: usize, records: &[Record], complete: bool) {
    lists.fill(row);
    records.iter().for_each(|record| push(schema, &mut lists.items, record));
    lists.close(u32::try_from(lists.items.rows).unwrap_or(u32::MAX), true, complete);
}

fn push_list<T: Clone>(lists: &mut Lists<Vec<T>>, row: usize, list: Option<&List<T>>) {
    let Some(list) = list else { return };
    lists.fill(row);
    lists.items.extend(list.items.iter().cloned());
    let end = u32::try_from(lists.items.len()).unwrap_or(u32::MAX);
    lists.close(end, true, list.complete);
}

/// Brings all columns to the batch's number of rows.
fn level(batch: &mut Batch) {
    let rows = batch.rows;
    batch.facts.values_mut().for_each(|column| column.fill(rows));
    for series in batch.series.values_mut() {
        series.values_mut().for_each(|column| column.fill(rows));
    }
    for lists in batch.children.values_mut().chain(batch.inner.values_mut()) {
        lists.fill(rows);
        level(&mut lists.items);
    }
    batch.titles.fill(rows);
    batch.awards.fill(rows);
}
