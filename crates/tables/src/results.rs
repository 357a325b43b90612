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
use arrow_array::types::{Decimal64Type, Decimal128Type, DecimalType, Int32Type};
use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, PrimitiveArray, RecordBatch, RecordBatchOptions, StringArray,
};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, NullBuffer, NullBufferBuilder};
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
    /// Of [`Digits::Short`].
    Shorts(Decimals<i64>),
    /// Of [`Digits::Long`].
    Longs(Decimals<i128>),
    Integers(Int64Builder),
    Truths(BooleanBuilder),
    Dates(Date32Builder),
}

#[derive(Debug)]
struct Decimals<T> {
    units: Vec<T>,
    known: NullBufferBuilder,
    scale: i8,
    /// Whether one had more digits than the column.
    too_long: bool,
}

impl<T: TryFrom<i128> + Default> Decimals<T> {
    fn new(scale: u8) -> Self {
        Self {
            units: Vec::new(),
            known: NullBufferBuilder::new(0),
            scale: i8::try_from(scale).unwrap_or(0),
            too_long: false,
        }
    }

    fn fill(&mut self, digits: Digits, count: usize, units: impl Fn(usize) -> Option<i128>) {
        let end = digits.end();
        let mut too_long = self.too_long;
        let mut nulls = 0_usize;
        self.units.extend((0..count).map(|row| {
            let unit = units(row);
            nulls = nulls.saturating_add(usize::from(unit.is_none()));
            let unit = unit.unwrap_or(0);
            too_long |= unit.unsigned_abs() >= end;
            T::try_from(unit).unwrap_or_default()
        }));
        self.too_long = too_long;
        if nulls == 0 {
            self.known.append_n_non_nulls(count);
        } else {
            let known = BooleanBuffer::collect_bool(count, |row| units(row).is_some());
            self.known.append_buffer(&NullBuffer::new(known));
        }
    }

    fn take<D: DecimalType<Native = T>>(&mut self, digits: Digits) -> Result<ArrayRef, ArrowError>
    where
        T: ArrowNativeType,
    {
        let units = PrimitiveArray::<D>::try_new(std::mem::take(&mut self.units).into(), self.known.finish())?;
        Ok(Arc::new(units.with_precision_and_scale(digits.count(), self.scale)?))
    }
}

/// Names in the order in which they came first.
#[derive(Debug, Default)]
pub(crate) struct Names {
    positions: FxHashMap<String, i32>,
    names: Vec<String>,
    /// The position that was asked for last: many rows have the name of the one before, or the one that first came after it.
    last: usize,
    /// The positions of names that have a number, by that.
    numbered: Vec<Option<i32>>,
}

impl Names {
    /// The position of the name with a number, which is added where it is new.
    fn numbered<'c>(&mut self, number: usize, name: impl FnOnce() -> &'c str) -> i32 {
        if let Some(Some(position)) = self.numbered.get(number) {
            return *position;
        }
        let position = self.position(name());
        if self.numbered.len() <= number {
            self.numbered.resize(number.saturating_add(1), None);
        }
        self.numbered
            .get_mut(number)
            .into_iter()
            .for_each(|place| *place = Some(position));
        position
    }

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
        self.values.iter().any(|values| match values {
            Values::Shorts(decimals) => decimals.too_long,
            Values::Longs(decimals) => decimals.too_long,
            _ => false,
        })
    }

    /// Makes room for so many more rows, so that none has to be moved when they come.
    pub fn reserve(&mut self, rows: usize) {
        self.values.iter_mut().for_each(|values| values.reserve(rows));
    }

    /// Adds so many rows, a column after the other. Columns that are not filled are null.
    pub fn fill(&mut self, count: usize) -> Filling<'_> {
        self.rows = self.rows.saturating_add(count);
        Filling {
            columns: self.values.iter_mut(),
            count,
        }
    }

    /// The schema of its record batches, in which short decimals have eight bytes.
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

/// Rows that are being added to a table. Each call fills the next column by the rows' positions among them; a column of another kind is null.
pub struct Filling<'t> {
    columns: std::slice::IterMut<'t, Values>,
    count: usize,
}

impl Filling<'_> {
    /// Texts.
    pub fn texts<'c>(&mut self, text: impl Fn(usize) -> Option<&'c str>) {
        match self.columns.next() {
            Some(Values::Texts(texts)) => (0..self.count).for_each(|row| texts.append_option(text(row))),
            other => nulls(other, self.count),
        }
    }

    /// Names by their numbers: rows with one number have one name. Numbers are small.
    pub fn names<'c>(&mut self, number: impl Fn(usize) -> usize, name: impl Fn(usize) -> &'c str) {
        match self.columns.next() {
            Some(Values::Names { names, keys }) => {
                let position = |row: usize| names.numbered(number(row), || name(row));
                keys.extend((0..self.count).map(position).map(Some));
            }
            other => nulls(other, self.count),
        }
    }

    /// Decimals, in their smallest unit.
    pub fn decimals(&mut self, units: impl Fn(usize) -> Option<i128>) {
        match self.columns.next() {
            Some(Values::Shorts(decimals)) => decimals.fill(Digits::Short, self.count, units),
            Some(Values::Longs(decimals)) => decimals.fill(Digits::Long, self.count, units),
            other => nulls(other, self.count),
        }
    }

    /// Truths.
    pub fn truths(&mut self, truth: impl Fn(usize) -> bool) {
        match self.columns.next() {
            Some(Values::Truths(truths)) => (0..self.count).for_each(|row| truths.append_value(truth(row))),
            other => nulls(other, self.count),
        }
    }
}

impl Drop for Filling<'_> {
    fn drop(&mut self) {
        let count = self.count;
        self.columns.by_ref().for_each(|values| nulls(Some(values), count));
    }
}

fn nulls(values: Option<&mut Values>, count: usize) {
    if let Some(values) = values {
        values.extend(std::iter::repeat_n(Cell::Null, count));
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Name => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        Kind::Decimal { digits, scale } => {
            let scale = i8::try_from(scale).unwrap_or(0);
            match digits {
                Digits::Short => DataType::Decimal64(digits.count(), scale),
                Digits::Long => DataType::Decimal128(digits.count(), scale),
            }
        }
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
            Kind::Decimal { digits, scale } => match digits {
                Digits::Short => Self::Shorts(Decimals::new(scale)),
                Digits::Long => Self::Longs(Decimals::new(scale)),
            },
            Kind::Integer => Self::Integers(Int64Builder::new()),
            Kind::Truth => Self::Truths(BooleanBuilder::new()),
            Kind::Date => Self::Dates(Date32Builder::new()),
        }
    }

    // Texts and truths grow by doubling, which copies little.
    fn reserve(&mut self, rows: usize) {
        match self {
            Self::Names { keys, .. } => keys.reserve_exact(rows),
            Self::Shorts(decimals) => decimals.units.reserve_exact(rows),
            Self::Longs(decimals) => decimals.units.reserve_exact(rows),
            Self::Texts(_) | Self::Integers(_) | Self::Truths(_) | Self::Dates(_) => {}
        }
    }

    fn extend<'c>(&mut self, cells: impl Iterator<Item = Cell<'c>>) {
        match self {
            Self::Texts(texts) => cells.for_each(|cell| texts.append_option(cell.text())),
            Self::Names { names, keys } => {
                keys.extend(cells.map(|cell| cell.text().map(|name| names.position(name))));
            }
            Self::Shorts(decimals) => cells.for_each(|cell| decimals.fill(Digits::Short, 1, |_| cell.units())),
            Self::Longs(decimals) => cells.for_each(|cell| decimals.fill(Digits::Long, 1, |_| cell.units())),
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
            Self::Shorts(decimals) => decimals.take::<Decimal64Type>(Digits::Short)?,
            Self::Longs(decimals) => decimals.take::<Decimal128Type>(Digits::Long)?,
            Self::Integers(whole) => Arc::new(whole.finish()),
            Self::Truths(truths) => Arc::new(truths.finish()),
            Self::Dates(days) => Arc::new(days.finish()),
        })
    }
}
