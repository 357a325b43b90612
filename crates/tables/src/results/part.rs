//! Parts of tables as files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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
    Records(Records),
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
        let records = |format| Records::create(&name, format, columns.schema().clone()).map(Sink::Records);
        let sink = match format {
            Format::Parquet => records(write::Format::Parquet)?,
            Format::Arrow => records(write::Format::Arrow)?,
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
            Sink::Records(records) => records.write(&record),
            Sink::Text(rows) => {
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
            Sink::Records(records) => records.finish(),
            Sink::Text(rows) => rows.finish(),
        }
    }
}
