//! Records held inside others: lists by their offsets, single ones where they are not null.

use std::collections::HashSet;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, StructArray};
use arrow_schema::DataType;
use arrow_select::filter::filter;
use meed_facts::batch::{Batch, Bits, Column, Lists, Values};
use meed_facts::check::Complaint;
use meed_facts::value::Scalar;

use super::plan::{Plan, RecordsPlan};
use super::{Columns, Fault, Notes, Rules, buffer, column, known, sides};

/// Where the lists of rows end among their items, which stand one after the other.
pub(super) struct Spans {
    pub ends: Vec<u32>,
    pub stated: Bits,
    pub complete: Bits,
    pub items: ArrayRef,
}

pub(super) fn read(rules: Rules<'_>, plan: &Plan, columns: &Columns<'_>, batch: &mut Batch, faults: &mut Vec<Fault>) {
    for records in &plan.children {
        let Some(array) = columns.get(records.index) else {
            continue;
        };
        let Some(spans) = spans(array, records.complete, &records.name, columns, faults) else {
            continue;
        };
        let lists = children(rules, records, spans, faults);
        contradictions(batch, records, &lists.stated, faults);
        batch.children.insert(records.slot.0, lists);
    }
    for records in &plan.inner {
        let Some(array) = columns.get(records.index) else {
            continue;
        };
        let stated = known(array);
        let Ok(items) = filter(array, &BooleanArray::new(buffer(&stated), None)) else {
            continue;
        };
        let mut end = 0_u32;
        let ends = (0..array.len()).map(|row| {
            end = end.saturating_add(u32::from(stated.get(row)));
            end
        });
        let spans = Spans {
            ends: ends.collect(),
            complete: stated.clone(),
            stated,
            items,
        };
        let lists = inside(rules, records, spans, faults, false);
        contradictions(batch, records, &lists.stated, faults);
        batch.inner.insert(records.slot.0, lists);
    }
}

/// The lists of a column; `None` where it is no column of lists.
pub(super) fn spans(
    array: &ArrayRef,
    complete: Option<usize>,
    name: &str,
    columns: &Columns<'_>,
    faults: &mut Vec<Fault>,
) -> Option<Spans> {
    let stated = known(array);
    let (ends, items) = match array.data_type() {
        DataType::List(_) => {
            let lists = array.as_list::<i32>();
            let offsets = lists
                .value_offsets()
                .iter()
                .map(|offset| usize::try_from(*offset).unwrap_or(0));
            compact(offsets, lists.values(), &stated)
        }
        DataType::LargeList(_) => {
            let lists = array.as_list::<i64>();
            let offsets = lists
                .value_offsets()
                .iter()
                .map(|offset| usize::try_from(*offset).unwrap_or(0));
            compact(offsets, lists.values(), &stated)
        }
        _ => return None,
    }?;
    let ending = format!("{name}_complete");
    let mut notes = Notes {
        column: &ending,
        faults,
    };
    let mut whole = stated.clone();
    if let Some(array) = complete.and_then(|index| columns.get(index)) {
        let said = known(array);
        let truths = column::truths(array, &said, &mut notes);
        for row in 0..columns.rows {
            if said.get(row) && !stated.get(row) {
                notes.add(
                    row,
                    Complaint::new(
                        ("there is no list to be whole or a part", "没有列表，谈不上完整与否"),
                        ("leave it out", "请去掉"),
                    ),
                );
            }
            whole.set(row, stated.get(row) && said.get(row) && truths.get(row));
        }
    }
    Some(Spans {
        ends,
        stated,
        complete: whole,
        items,
    })
}

// Ends from 0, and the items of rows that are not null.
fn compact(
    offsets: impl Iterator<Item = usize> + Clone,
    items: &ArrayRef,
    stated: &Bits,
) -> Option<(Vec<u32>, ArrayRef)> {
    let first = offsets.clone().next()?;
    let spans = || offsets.clone().zip(offsets.clone().skip(1)).enumerate();
    let hidden = |(row, (start, end)): (usize, (usize, usize))| !stated.get(row) && start < end;
    if !spans().any(hidden) {
        let ends = offsets
            .clone()
            .skip(1)
            .map(|end| u32::try_from(end.checked_sub(first)?).ok());
        let last = offsets.last()?;
        return Some((
            ends.collect::<Option<_>>()?,
            items.slice(first, last.checked_sub(first)?),
        ));
    }
    let mut mask = Bits::none(items.len());
    let mut end = 0_u32;
    let mut ends = Vec::new();
    for (row, (from, to)) in spans() {
        if stated.get(row) {
            (from..to).for_each(|item| mask.set(item, true));
            end = end.checked_add(u32::try_from(to.checked_sub(from)?).ok()?)?;
        }
        ends.push(end);
    }
    let items = filter(items, &BooleanArray::new(buffer(&mask), None)).ok()?;
    Some((ends, items))
}

fn children(rules: Rules<'_>, records: &RecordsPlan, spans: Spans, faults: &mut Vec<Fault>) -> Lists<Batch> {
    let lists = inside(rules, records, spans, faults, true);
    let key = rules.schema.entities[records.plan.entity].key;
    if let Some(keys) = key.and_then(|key| lists.items.facts.get(key)) {
        for row in 0..lists.ends.len() {
            repeated_keys(&lists, keys, row, records, faults);
        }
    }
    lists
}

// Keys of one list, each once.
fn repeated_keys(lists: &Lists<Batch>, keys: &Column, row: usize, records: &RecordsPlan, faults: &mut Vec<Fault>) {
    let span = lists.span(row);
    if span.len() < 2 {
        return;
    }
    let mut texts: HashSet<&str> = HashSet::new();
    let mut others: HashSet<Scalar> = HashSet::new();
    for (position, item) in span.enumerate() {
        let fresh = match &keys.values {
            Values::Texts(all) if keys.known.get(item) => all.get(item).is_none_or(|text| texts.insert(text)),
            _ => column::value_at(keys, item).is_none_or(|value| others.insert(value)),
        };
        if !fresh {
            faults.push(Fault {
                row,
                column: format!("{}[{position}]", records.name),
                item: Some((records.name.clone(), item)),
                complaint: Complaint::new(
                    ("another item has the same key", "另有一项的键与此相同"),
                    (
                        "give each its own, or remove the repeat",
                        "请各用各的键，或去掉重复的一项",
                    ),
                ),
            });
        }
    }
}

fn inside(rules: Rules<'_>, records: &RecordsPlan, spans: Spans, faults: &mut Vec<Fault>, many: bool) -> Lists<Batch> {
    let mut found = Vec::new();
    let items = match spans.items.as_struct_opt() {
        Some(items) => records_of(rules, &records.plan, items, &mut found),
        None => Batch::new(records.plan.entity),
    };
    let lists = Lists {
        ends: spans.ends,
        stated: spans.stated,
        complete: spans.complete,
        items,
    };
    lift(&records.name, &lists, found, faults, many);
    lists
}

fn records_of(rules: Rules<'_>, plan: &Plan, items: &StructArray, faults: &mut Vec<Fault>) -> Batch {
    for row in (0..items.len()).filter(|row| items.is_null(*row)) {
        faults.push(Fault {
            row,
            column: String::new(),
            item: None,
            complaint: Complaint::new(("this item is null", "此项为空值"), ("leave it out", "请去掉")),
        });
    }
    super::batch(rules, plan, &Columns::of(items), faults)
}

/// Faults of items as faults of the rows that hold them.
pub(super) fn lift<T>(name: &str, lists: &Lists<T>, found: Vec<Fault>, faults: &mut Vec<Fault>, many: bool) {
    for fault in found {
        let row = lists.ends.partition_point(|end| *end as usize <= fault.row);
        let position = fault.row.saturating_sub(lists.span(row).start);
        let dot = if fault.column.is_empty() || fault.column.starts_with('[') {
            ""
        } else {
            "."
        };
        let place = if many {
            format!("{name}[{position}]")
        } else {
            name.to_owned()
        };
        let item = match fault.item {
            Some((inner, item)) if many => Some((format!("{name}.{inner}"), item)),
            None if many => Some((name.to_owned(), fault.row)),
            other => other,
        };
        faults.push(Fault {
            row,
            column: format!("{place}{dot}{}", fault.column),
            item,
            complaint: fault.complaint,
        });
    }
}

// Records that are there, although a reason is given why they are not.
fn contradictions(batch: &Batch, records: &RecordsPlan, stated: &Bits, faults: &mut Vec<Fault>) {
    let Some(column) = batch.facts.get(records.slot.0) else {
        return;
    };
    for (row, _) in sides::reasons(column).filter(|(row, _)| stated.get(*row)) {
        faults.push(Fault {
            row,
            column: format!("{}_missing", records.name),
            item: None,
            complaint: Complaint::new(
                (
                    "the records are here, and a reason why they are not",
                    "既有记录，又写了没有记录的原因",
                ),
                ("keep one of the two", "请只保留一个"),
            ),
        });
    }
}
