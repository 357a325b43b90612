//! Tables of results: described in plain types, kept column by column, written as numbered parts.
//!
//! A part is one file that appears under its name only when it is complete, so that a run that was interrupted keeps what it finished, and a part is
//! there or not but never half.
//!
//! ```
//! use meed_tables::results::{Cell, Column, Digits, Format, Kind, PartWriter, Table, finished};
//! let columns = vec![Column::new("uscc", Kind::Text), Column::new("total", Kind::Decimal { digits: Digits::Short, scale: 2 })];
//! let mut table = Table::new(columns);
//! table.push([Cell::Text("91230100000000004L"), Cell::Units(50_000_000)]);
//! let folder = tempfile::tempdir()?;
//! let mut part = PartWriter::create(folder.path(), "wide", 1, Format::Parquet, &table)?;
//! part.write(&mut table)?;
//! part.finish()?;
//! assert_eq!(finished(folder.path(), "wide", Format::Parquet)?, [1].into());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod part;

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Date32Builder, Int64Builder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Decimal128Array, DictionaryArray, Int32Array, RecordBatch, RecordBatchOptions, StringArray,
};
use arrow_buffer::NullBufferBuilder;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use meed_facts::date::Date;
use rustc_hash::FxHashMap;

use crate::read::SYNTHETIC;

pub use part::{Format, PartWriter, finished, part_path};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Texts.
    Text,
    /// Texts of which there are few different ones: verdicts, reasons, measures.
    Name,
    /// Whole multiples of 10 to the minus `scale`: amounts in minor units, which files show in main units.
    Decimal {
        /// Digits in all.
        digits: Digits,
        /// Digits after the point.
        scale: u8,
    },
    /// Whole numbers.
    Integer,
    /// True and false.
    Truth,
    /// Days.
    Date,
}

/// How many digits the decimals of a column have. One with more is never cut: the table is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// 18: Parquet files hold them as whole numbers of eight bytes.
    Short,
    /// 38.
    Long,
}

impl Digits {
    /// How many those are.
    pub fn count(self) -> u8 {
        match self {
            Self::Short => 18,
            Self::Long => 38,
        }
    }

    // One more than the greatest of them.
    fn end(self) -> u128 {
        10_u128.saturating_pow(self.count().into())
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

impl Column {
    /// A column of that name.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
        }
    }
}

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// None.
    Null,
    /// A text or name.
    Text(&'a str),
    /// A whole number, or how many of a decimal's smallest unit.
    Units(i128),
    /// True or false.
    Truth(bool),
    /// A day.
    Date(Date),
}

impl<'a> Cell<'a> {
    fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn units(self) -> Option<i128> {
        match self {
            Self::Units(units) => Some(units),
            _ => None,
        }
    }

    fn truth(self) -> Option<bool> {
        match self {
            Self::Truth(truth) => Some(truth),
            _ => None,
        }
    }

    fn date(self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(date),
            _ => None,
        }
    }
}

/// Rows that wait to be written, column by column.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    synthetic: bool,
    schema: SchemaRef,
    values: Vec<Values>,
    rows: usize,
}

#[derive(Debug)]
enum Values {
    Texts(StringBuilder),
    Names {
        names: Names,
        keys: Vec<Option<i32>>,
    },
    Decimals {
        units: Vec<i128>,
        known: NullBufferBuilder,
        digits: Digits,
        scale: i8,
        /// Whether one had more digits.
        too_long: bool,
    },
    Integers(Int64Builder),
    Truths(BooleanBuilder),
    Dates(Date32Builder),
}

/// Names in the order in which they came first.
#[derive(Debug, Default)]
pub(crate) struct Names {
    positions: FxHashMap<String, i32>,
    names: Vec<String>,
    /// The position that was asked for last: many rows have the name of the one before, or the one that first came after it.
    last: usize,
}

impl Names {
    /// The position of a name, which is added where it is new.
    fn position(&mut self, name: &str) -> i32 {
        let next = self.last.saturating_add(1);
        if self.names.get(next).is_some_and(|next| next == name) {
            self.last = next;
        }
        if self.names.get(self.last).is_none_or(|last| last != name) {
            let next = self.names.len();
            let known = self.positions.get(name).copied();
            let position = known.unwrap_or_else(|| {
                let position = i32::try_from(next).unwrap_or(i32::MAX);
                self.names.push(name.to_owned());
                self.positions.insert(name.to_owned(), position);
                position
            });
            self.last = usize::try_from(position).unwrap_or(0);
        }
        i32::try_from(self.last).unwrap_or(i32::MAX)
    }
}

impl Table {
    /// A table without rows.
    pub fn new(columns: Vec<Column>) -> Self {
        let fields: Vec<Field> = columns
            .iter()
            .map(|column| Field::new(&column.name, data_type(column.kind), true))
            .collect();
        Self {
            values: columns.iter().map(|column| Values::new(column.kind)).collect(),
            schema: Arc::new(Schema::new(fields)),
            columns,
            synthetic: false,
            rows: 0,
        }
    }

    /// The table with the mark that its rows come from applicants who were invented, where it is said how. Parquet and Arrow files note it as
    /// [`SYNTHETIC`]; CSV files, which have no notes, have it as their last column.
    #[must_use]
    pub fn marked(mut self, synthetic: Option<&str>) -> Self {
        if let Some(about) = synthetic {
            let notes = HashMap::from([(SYNTHETIC.to_owned(), about.to_owned())]);
            self.schema = Arc::new(Schema::new_with_metadata(self.schema.fields().clone(), notes));
            self.synthetic = true;
        }
        self
    }

    pub(crate) fn is_synthetic(&self) -> bool {
        self.synthetic
    }

    /// Its columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many rows wait.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Adds a row: a cell for each column, in their order. Cells that are missing, or of another kind than their column, are null.
    pub fn push<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) {
        let mut cells = cells.into_iter();
        for values in &mut self.values {
            values.extend(std::iter::once(cells.next().unwrap_or(Cell::Null)));
        }
        debug_assert!(cells.next().is_none(), "a cell for each column");
        self.rows = self.rows.saturating_add(1);
    }

    /// Whether a decimal has more digits than its column.
    pub(crate) fn is_too_long(&self) -> bool {
        let mut values = self.values.iter();
        values.any(|values| matches!(values, Values::Decimals { too_long: true, .. }))
    }

    /// Adds rows, a column after the other: `cell` gives a row's cell by the column's position.
    pub fn extend<'c, R>(&mut self, rows: &'c [R], cell: impl Fn(&'c R, usize) -> Cell<'c>) {
        for (column, values) in self.values.iter_mut().enumerate() {
            values.extend(rows.iter().map(|row| cell(row, column)));
        }
        self.rows = self.rows.saturating_add(rows.len());
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Room for the names of each of its columns.
    pub(crate) fn names(&self) -> Vec<Names> {
        self.values.iter().map(|_| Names::default()).collect()
    }

    /// Takes the rows as a record batch. Names are added to those that earlier batches of the file brought, so that all have one dictionary, or one that only
    /// grew.
    pub(crate) fn take(&mut self, known: &mut [Names]) -> Result<RecordBatch, ArrowError> {
        let values = self.values.iter_mut().zip(known);
        let columns: Result<Vec<ArrayRef>, ArrowError> = values.map(|(values, known)| values.take(known)).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(std::mem::take(&mut self.rows)));
        RecordBatch::try_new_with_options(self.schema.clone(), columns?, &options)
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Name => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        Kind::Decimal { digits, scale } => DataType::Decimal128(digits.count(), i8::try_from(scale).unwrap_or(0)),
        Kind::Integer => DataType::Int64,
        Kind::Truth => DataType::Boolean,
        Kind::Date => DataType::Date32,
    }
}

impl Values {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Texts(StringBuilder::new()),
            Kind::Name => Self::Names {
                names: Names::default(),
                keys: Vec::new(),
            },
            Kind::Decimal { digits, scale } => Self::Decimals {
                units: Vec::new(),
                known: NullBufferBuilder::new(0),
                digits,
                scale: i8::try_from(scale).unwrap_or(0),
                too_long: false,
            },
            Kind::Integer => Self::Integers(Int64Builder::new()),
            Kind::Truth => Self::Truths(BooleanBuilder::new()),
            Kind::Date => Self::Dates(Date32Builder::new()),
        }
    }

    fn extend<'c>(&mut self, cells: impl Iterator<Item = Cell<'c>>) {
        match self {
            Self::Texts(texts) => cells.for_each(|cell| texts.append_option(cell.text())),
            Self::Names { names, keys } => {
                keys.extend(cells.map(|cell| cell.text().map(|name| names.position(name))));
            }
            Self::Decimals {
                units,
                known,
                digits,
                too_long,
                ..
            } => {
                let end = digits.end();
                cells.for_each(|cell| {
                    let unit = cell.units();
                    *too_long |= unit.is_some_and(|unit| unit.unsigned_abs() >= end);
                    known.append(unit.is_some());
                    units.push(unit.unwrap_or(0));
                });
            }
            Self::Integers(whole) => {
                cells.for_each(|cell| whole.append_option(cell.units().and_then(|units| i64::try_from(units).ok())));
            }
            Self::Truths(truths) => cells.for_each(|cell| truths.append_option(cell.truth())),
            Self::Dates(days) => cells.for_each(|cell| days.append_option(cell.date().map(Date::days_since_epoch))),
        }
    }

    fn take(&mut self, known: &mut Names) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Texts(texts) => Arc::new(texts.finish()),
            Self::Names { names, keys } => {
                let names = std::mem::take(names).names;
                let places: Vec<i32> = names.iter().map(|name| known.position(name)).collect();
                let place = |key: Option<i32>| places.get(usize::try_from(key?).ok()?).copied();
                let keys: Int32Array = std::mem::take(keys).into_iter().map(place).collect();
                let names: StringArray = known.names.iter().map(Some).collect();
                Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::new(names))?)
            }
            Self::Decimals {
                units,
                known,
                digits,
                scale,
                ..
            } => {
                let units = Decimal128Array::try_new(std::mem::take(units).into(), known.finish())?;
                Arc::new(units.with_precision_and_scale(digits.count(), *scale)?)
            }
            Self::Integers(whole) => Arc::new(whole.finish()),
            Self::Truths(truths) => Arc::new(truths.finish()),
            Self::Dates(days) => Arc::new(days.finish()),
        })
    }
}
