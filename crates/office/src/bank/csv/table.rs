//! Rows under known columns. Which columns a row fills depends on what it records, which its first cell says.

use csv::{ReaderBuilder, StringRecord, Terminator, WriterBuilder};

use super::cell;
use crate::bank::file::MOST_BYTES;
use crate::bank::violation::{Fault, Limit, Place, Violation};

/// A form of rows.
pub(super) struct Table {
    /// The header.
    pub columns: &'static [&'static str],
    /// What a row may record, and the columns it may fill then; "" for a row whose first cell is a value.
    pub records: &'static [(&'static str, &'static [&'static str])],
}

/// A row that was read.
pub(super) struct Row {
    table: &'static Table,
    /// What it records.
    pub record: &'static str,
    line: usize,
    cells: StringRecord,
}

/// Rows of cells by column, in the table's form; amounts and ids are written as they are, other text so that it runs nowhere.
pub(super) fn write(table: &Table, rows: &[Vec<(&str, String)>]) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    // Writing to memory does not fail, and all records have the header's length.
    let _ = writer.write_record(table.columns);
    for row in rows {
        let cells = table.columns.iter().map(|column| {
            let cell = row.iter().find(|(name, _)| name == column);
            cell.map_or("", |(_, text)| text.as_str())
        });
        let _ = writer.write_record(cells);
    }
    writer.into_inner().unwrap_or_default()
}

/// Reads a file in the table's form, without its header.
pub(super) fn read(table: &'static Table, bytes: &[u8]) -> Result<Vec<Row>, Violation> {
    if bytes.len() > MOST_BYTES {
        return Err(Fault::TooMuch(Limit::Bytes, MOST_BYTES).at(Place::File));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::Encoding.at(Place::File))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut header = true;
    for record in reader.records() {
        let cells = record.map_err(|error| Fault::Malformed(error.to_string()).at(Place::File))?;
        let line = cells.position().map_or(0, csv::Position::line);
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        if header {
            heading(table, &cells).map_err(|fault| fault.at(Place::Line(line, None)))?;
            header = false;
        } else {
            rows.push(row(table, line, cells).map_err(|fault| fault.at(Place::Line(line, None)))?);
        }
    }
    if header {
        return Err(Fault::Missing(table.columns.join(",")).at(Place::File));
    }
    Ok(rows)
}

fn heading(table: &Table, cells: &StringRecord) -> Result<(), Fault> {
    let mut wanted = table.columns.iter();
    for found in cells {
        match wanted.next() {
            Some(column) if *column == found => {}
            _ => return Err(Fault::Unknown(found.chars().take(60).collect())),
        }
    }
    wanted
        .next()
        .map_or(Ok(()), |column| Err(Fault::Missing((*column).to_owned())))
}

fn row(table: &'static Table, line: usize, cells: StringRecord) -> Result<Row, Fault> {
    if cells.len() != table.columns.len() {
        let (told, found) = (table.columns.len().to_string(), cells.len());
        return Err(Fault::Count { told, found });
    }
    let first = cells.get(0).unwrap_or_default();
    let named = table.records.iter().find(|(name, _)| *name == first);
    let known = named.or_else(|| table.records.iter().find(|(name, _)| name.is_empty()));
    let (record, filled) = known.ok_or_else(|| Fault::Unknown(first.chars().take(60).collect()))?;
    let mut others = table.columns.iter().zip(&cells).skip(1);
    match others.find(|(column, cell)| !cell.is_empty() && !filled.contains(column)) {
        Some((column, _)) => Err(Fault::Unknown((*column).to_owned())),
        None => Ok(Row {
            table,
            record,
            line,
            cells,
        }),
    }
}

impl Row {
    /// The cell in a column as it stands.
    pub fn raw(&self, column: &str) -> &str {
        let at = self.table.columns.iter().position(|name| *name == column);
        at.and_then(|at| self.cells.get(at)).unwrap_or_default()
    }

    /// The text of a cell.
    pub fn text(&self, column: &'static str) -> Result<&str, Violation> {
        let raw = self.raw(column);
        cell::read(raw).ok_or_else(|| self.wrong(Fault::form(raw, "text that is no formula")))
    }

    /// What a cell says, read by a function.
    pub fn get<T>(&self, column: &str, read: impl FnOnce(&str) -> Result<T, Fault>) -> Result<T, Violation> {
        read(self.raw(column)).map_err(|fault| self.wrong(fault))
    }

    /// The same, `None` for an empty cell.
    pub fn may<T>(&self, column: &str, read: impl FnOnce(&str) -> Result<T, Fault>) -> Result<Option<T>, Violation> {
        let filled = !self.raw(column).is_empty();
        filled.then(|| self.get(column, read)).transpose()
    }

    /// A fault on this row.
    pub fn wrong(&self, fault: Fault) -> Violation {
        fault.at(Place::Line(self.line, None))
    }
}
