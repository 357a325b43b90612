//! A workbook as the sheets of a population. Sheets are held in memory, which their format bounds at a million rows each.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::join::{Row, Rows, Sheets};
use super::survey::Each;
use super::{Pieces, join};
use crate::columns::Place;
use crate::decode::Wanted;
use crate::fault::TablesError;

pub(super) fn pieces(place: Place<'_>, path: &Path, wanted: &Wanted, batch_rows: usize) -> Result<Pieces, TablesError> {
    let mut book = Book::open(path)?;
    join::pieces(place, &mut book, path, wanted, batch_rows)
}

/// Tells the keys of all applicants.
pub(super) fn keys(place: Place<'_>, path: &Path, each: &mut Each<'_>) -> Result<(), TablesError> {
    join::keys(place, &mut Book::open(path)?, path, each)
}

/// The names of a workbook's sheets.
pub(super) fn names(path: &Path) -> Result<Vec<String>, TablesError> {
    Ok(Book::open(path)?.workbook.sheet_names())
}

struct Book {
    path: PathBuf,
    workbook: Xlsx<BufReader<File>>,
    sheets: BTreeMap<String, Vec<Vec<String>>>,
}

impl Book {
    fn open(path: &Path) -> Result<Self, TablesError> {
        Ok(Self {
            path: path.to_path_buf(),
            workbook: open_workbook(path).map_err(TablesError::damaged::<calamine::XlsxError>(path))?,
            sheets: BTreeMap::new(),
        })
    }

    // The cells of a sheet, its header first.
    fn sheet(&mut self, name: &str) -> Result<&mut Vec<Vec<String>>, TablesError> {
        if !self.sheets.contains_key(name) {
            let range = self
                .workbook
                .worksheet_range(name)
                .map_err(TablesError::damaged(&self.path))?;
            let rows = range.rows().map(|row| row.iter().map(text).collect());
            self.sheets.insert(name.to_owned(), rows.collect());
        }
        Ok(self.sheets.entry(name.to_owned()).or_default())
    }
}

// A number as the shortest decimal that reads as the number in the cell, which is what the workbook's author typed.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second, milli) {
                (0, 0, 0, 0) => date,
                _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
            }
        }
    }
}

impl Sheets for Book {
    fn names(&self) -> Vec<String> {
        self.workbook.sheet_names()
    }

    fn file(&self, name: &str) -> Arc<Path> {
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        self.path.with_file_name(format!("{file}#{name}")).into()
    }

    fn header(&mut self, name: &str) -> Result<Vec<String>, TablesError> {
        let rows = self.sheet(name)?;
        Ok(rows
            .first()
            .cloned()
            .unwrap_or_default()
            .iter()
            .map(|name| name.trim().to_owned())
            .collect())
    }

    fn rows(&mut self, name: &str, by: Option<usize>) -> Result<Rows, TablesError> {
        let rows = std::mem::take(self.sheet(name)?);
        let blank = |row: &Row| row.cells.iter().all(|cell| cell.trim().is_empty());
        let rows = rows.into_iter().zip(1..).skip(1).map(|(cells, line)| Row {
            line,
            cells,
            wrong: None,
        });
        let mut rows: Vec<Row> = rows.filter(|row| !blank(row)).collect();
        if let Some(by) = by {
            rows.sort_by(|a, b| a.cell(by).cmp(b.cell(by)));
        }
        Ok(Box::new(rows.into_iter().map(Ok)))
    }
}
