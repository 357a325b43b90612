//! Arrow columns into batches.
//!
//! A [`Plan`] says once for a file what each of its columns means. With it whole columns are copied, nothing is built for a row; what a column's type cannot
//! exclude is looked for, and only a batch that has wrong rows is gone through again without them.

mod column;
mod items;
mod lists;
mod numbers;
mod plan;
mod sides;
mod spans;
mod texts;

use std::collections::BTreeMap;

use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch, StructArray};
use arrow_buffer::BooleanBuffer;
use arrow_select::filter::filter_record_batch;
use meed_facts::batch::{Batch, Bits};
use meed_facts::check::Complaint;
use meed_facts::date::Date;
use meed_facts::schema::Schema;

use crate::encode::buffer;
use crate::read::{Repeated, of_row};

pub(crate) use plan::{AWARD_KEYS, Plan, TITLE_KEYS, UNIT, Wanted};

/// What is wrong at one place of a record batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The row.
    pub row: usize,
    /// The column, with positions in lists.
    pub column: String,
    /// The list, as `projects.costs`, and the position among all its items, where it stands in one.
    pub item: Option<(String, usize)>,
    pub complaint: Complaint,
}

/// A batch without the rows that are wrong.
pub(crate) struct Decoded {
    pub batch: Batch,
    pub faults: Vec<Fault>,
}

/// What the columns are checked against.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'s> {
    pub schema: &'s Schema,
    /// The day of the determination, where values of unfinished periods are to be refused.
    pub on: Option<Date>,
    /// Keys whose rows are all wrong, since there are several.
    pub repeated: &'s Repeated,
}

/// The rows of a record batch by the plan of its columns.
pub(crate) fn decode(rules: Rules<'_>, plan: &Plan, record: &RecordBatch) -> Decoded {
    let mut faults = Vec::new();
    let columns = Columns {
        arrays: record.columns(),
        rows: record.num_rows(),
    };
    let batch = batch(rules, plan, &columns, &mut faults);
    repeated(rules, plan, &batch, &mut faults);
    if faults.is_empty() {
        return Decoded { batch, faults };
    }
    faults.sort_by_key(|fault| fault.row);
    let mut right = Bits::all(record.num_rows());
    faults.iter().for_each(|fault| right.set(fault.row, false));
    let mask = BooleanArray::new(buffer(&right), None);
    let Ok(rest) = filter_record_batch(record, &mask) else {
        return Decoded {
            batch: Batch::new(plan.entity),
            faults,
        };
    };
    let columns = Columns {
        arrays: rest.columns(),
        rows: rest.num_rows(),
    };
    let batch = self::batch(rules, plan, &columns, &mut Vec::new());
    Decoded { batch, faults }
}

/// That several rows have a key.
pub(crate) const REPEATED: (&str, &str) = ("another row has the same key", "另有一行的键与此相同");

fn repeated(rules: Rules<'_>, plan: &Plan, batch: &Batch, faults: &mut Vec<Fault>) {
    let key = rules.schema.entities[plan.entity]
        .key
        .filter(|_| !rules.repeated.is_empty());
    let subject = plan.subjects.iter().find(|subject| Some(subject.subject.fact.0) == key);
    let column = subject.and_then(|subject| subject.columns.first());
    let rows = column.map_or(0, |_| batch.rows);
    let wrong = (0..rows).filter(|row| of_row(rules.schema, batch, *row).is_some_and(|key| rules.repeated.has(&key)));
    faults.extend(wrong.map(|row| Fault {
        row,
        column: column.map_or(String::new(), |column| column.name.clone()),
        item: None,
        complaint: Complaint::alone(REPEATED),
    }));
}

/// Columns of records of one kind.
struct Columns<'a> {
    arrays: &'a [ArrayRef],
    rows: usize,
}

impl<'a> Columns<'a> {
    fn of(records: &'a StructArray) -> Self {
        Self {
            arrays: records.columns(),
            rows: records.len(),
        }
    }

    fn get(&self, index: usize) -> Option<&'a ArrayRef> {
        self.arrays.get(index)
    }
}

fn batch(rules: Rules<'_>, plan: &Plan, columns: &Columns<'_>, faults: &mut Vec<Fault>) -> Batch {
    let mut batch = Batch::new(plan.entity);
    batch.rows = columns.rows;
    for subject in &plan.subjects {
        let column = sides::column(rules, subject, columns, faults);
        let fact = subject.subject.fact.0;
        match subject.subject.period {
            None => drop(batch.facts.insert(fact, column)),
            Some(period) => {
                let series: &mut BTreeMap<_, _> = batch.series.entry(fact).or_default();
                series.insert(period, column);
            }
        }
    }
    lists::read(rules, plan, columns, &mut batch, faults);
    items::read(rules, plan, columns, &mut batch, faults);
    batch
}

/// The rows that have a value.
fn known(array: &dyn Array) -> Bits {
    match array.logical_nulls() {
        None => Bits::all(array.len()),
        Some(nulls) => bits(nulls.inner()),
    }
}

fn bits(buffer: &BooleanBuffer) -> Bits {
    Bits::of_words(buffer.bit_chunks().iter_padded().collect(), buffer.len())
}

/// Where faults of a column go.
struct Notes<'f> {
    column: &'f str,
    faults: &'f mut Vec<Fault>,
}

impl Notes<'_> {
    fn add(&mut self, row: usize, complaint: Complaint) {
        self.faults.push(Fault {
            row,
            column: self.column.to_owned(),
            item: None,
            complaint,
        });
    }

    /// What was found, or `None` with the complaint noted.
    fn checked<T>(&mut self, row: usize, found: Result<T, Complaint>) -> Option<T> {
        found.map_err(|complaint| self.add(row, complaint)).ok()
    }
}
