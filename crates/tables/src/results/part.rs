//! Parts of tables as files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal64Type, Decimal128Type};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, DataType, FieldRef, Schema, SchemaRef};

use super::{Names, Table};
use crate::cell::Cells;
use crate::fault::TablesError;
use crate::read::SYNTHETIC;
use crate::write::{self, Records, Rows};

/// A format that tables of results are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet, compressed with zstd.
    Parquet,
    /// Arrow's file format.
    Arrow,
    /// CSV (RFC 4180) with a header in each part.
    Csv,
}

impl Format {
    /// All formats with their names, which are the endings of files.
    pub const NAMES: [(&str, Self); 3] = [("parquet", Self::Parquet), ("arrow", Self::Arrow), ("csv", Self::Csv)];

    fn ending(self) -> &'static str {
        let mut names = Self::NAMES.into_iter();
        names.find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}

/// The file of a part: `wide-00007.parquet`.
pub fn part_path(folder: &Path, table: &str, number: u32, format: Format) -> PathBuf {
    folder.join(format!("{table}-{number:05}.{}", format.ending()))
}

/// The numbers of a table's parts that are complete.
///
/// # Errors
/// The folder cannot be read.
pub fn finished(folder: &Path, table: &str, format: Format) -> Result<BTreeSet<u32>, TablesError> {
    let mut numbers = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(TablesError::io(folder))? {
        let name = entry.map_err(TablesError::io(folder))?.file_name();
        let name = name.to_string_lossy();
        let number = name
            .strip_prefix(table)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|rest| rest.strip_suffix(format.ending()))
            .and_then(|rest| rest.strip_suffix('.'));
        numbers.extend(number.and_then(|number| number.parse::<u32>().ok()));
    }
    Ok(numbers)
}

/// Writes one part. Without [`PartWriter::finish`] nothing is left of it.
pub struct PartWriter {
    sink: Sink,
    /// The names that its columns have so far.
    names: Vec<Names>,
}

enum Sink {
    Parquet(Records),
    Arrow(Records),
    Text(Box<Rows>),
}

impl PartWriter {
    /// A part for rows of a table with these columns.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(
        folder: &Path,
        table: &str,
        number: u32,
        format: Format,
        columns: &Table,
    ) -> Result<Self, TablesError> {
        let name = part_path(folder, table, number, format);
        let told = wide(columns.schema());
        let sink = match format {
            // Files of eight bytes a decimal, which say of themselves what every reader knows.
            Format::Parquet => Sink::Parquet(Records::parquet(&name, columns.schema().clone(), &told)?),
            Format::Arrow => Sink::Arrow(Records::create(&name, write::Format::Arrow, told)?),
            Format::Csv => {
                let names = columns.columns().iter().map(|column| &*column.name);
                let names = names.chain(columns.is_synthetic().then_some(SYNTHETIC));
                Sink::Text(Box::new(Rows::create(&name, names)?))
            }
        };
        Ok(Self {
            sink,
            names: columns.names(),
        })
    }

    /// Writes the rows that wait in a table with the same columns, which then has none.
    ///
    /// # Errors
    /// The file system refuses, or a decimal has more digits than its column.
    pub fn write(&mut self, table: &mut Table) -> Result<(), TablesError> {
        if table.is_too_long() {
            return Err(TablesError::TooLong);
        }
        let mark = table.is_synthetic().then(|| "true".into());
        let record = table
            .take(&mut self.names)
            .map_err(TablesError::damaged(Path::new("")))?;
        match &mut self.sink {
            Sink::Parquet(records) => records.write(&record),
            Sink::Arrow(records) => records.write(&widened(&record, records.schema())?),
            Sink::Text(rows) => {
                let record = widened(&record, &wide(record.schema_ref()))?;
                let cells: Vec<Cells<'_>> = record.columns().iter().map(|array| Cells::new(array, None)).collect();
                (0..record.num_rows())
                    .try_for_each(|row| rows.write(cells.iter().map(|cells| cells.text(row)).chain(mark.clone())))
            }
        }
    }

    /// Gives the part its name.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn finish(self) -> Result<(), TablesError> {
        match self.sink {
            Sink::Parquet(records) | Sink::Arrow(records) => records.finish(),
            Sink::Text(rows) => rows.finish(),
        }
    }
}

/// The same columns with all decimals in sixteen bytes: older programs know no others.
fn wide(schema: &Schema) -> SchemaRef {
    let field = |field: &FieldRef| match field.data_type() {
        DataType::Decimal64(digits, scale) => {
            let ty = DataType::Decimal128(*digits, *scale);
            Arc::new(field.as_ref().clone().with_data_type(ty))
        }
        _ => field.clone(),
    };
    let fields: Vec<FieldRef> = schema.fields().iter().map(field).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// A record batch in the columns of [`wide`].
fn widened(record: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, TablesError> {
    let column = |(array, field): (&ArrayRef, &FieldRef)| -> Result<ArrayRef, ArrowError> {
        match (array.data_type(), field.data_type()) {
            (DataType::Decimal64(_, _), DataType::Decimal128(digits, scale)) => {
                let units = array.as_primitive::<Decimal64Type>();
                let units = units.unary::<_, Decimal128Type>(i128::from);
                Ok(Arc::new(units.with_precision_and_scale(*digits, *scale)?))
            }
            _ => Ok(array.clone()),
        }
    };
    let columns: Result<Vec<ArrayRef>, ArrowError> = record.columns().iter().zip(schema.fields()).map(column).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(record.num_rows()));
    let wide = columns.and_then(|columns| RecordBatch::try_new_with_options(schema.clone(), columns, &options));
    wide.map_err(TablesError::damaged(Path::new("")))
}
