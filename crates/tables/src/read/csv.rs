//! A folder of CSV files (RFC 4180, UTF-8) as the sheets of a population.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use meed_facts::message::Message;

use super::join::{Row, Rows, Sheets};
use super::records::{Record, Records};
use super::survey::Each;
use super::{Pieces, join, sort};
use crate::columns::Place;
use crate::decode::Wanted;
use crate::fault::TablesError;

pub(super) fn pieces(place: Place<'_>, path: &Path, wanted: &Wanted, batch_rows: usize) -> Result<Pieces, TablesError> {
    let mut folder = Folder {
        path: path.to_path_buf(),
    };
    join::pieces(place, &mut folder, path, wanted, batch_rows)
}

/// Tells the keys of all applicants.
pub(super) fn keys(place: Place<'_>, path: &Path, each: &mut Each<'_>) -> Result<(), TablesError> {
    let mut folder = Folder {
        path: path.to_path_buf(),
    };
    join::keys(place, &mut folder, path, each)
}

struct Folder {
    path: PathBuf,
}

impl Folder {
    fn open(&self, name: &str) -> Result<Table, TablesError> {
        let path = self.file(name);
        let file = File::open(&path).map_err(TablesError::io(&path))?;
        table(BufReader::with_capacity(1 << 18, file), path)
    }
}

impl Sheets for Folder {
    fn names(&self) -> Vec<String> {
        names(&self.path).unwrap_or_default()
    }

    fn file(&self, name: &str) -> Arc<Path> {
        self.path.join(format!("{name}.csv")).into()
    }

    fn header(&mut self, name: &str) -> Result<Vec<String>, TablesError> {
        Ok(self.open(name)?.header)
    }

    fn rows(&mut self, name: &str, by: Option<usize>) -> Result<Rows, TablesError> {
        let rows = Box::new(self.open(name)?);
        let Some(by) = by else { return Ok(rows) };
        if is_sorted(rows, by)? {
            return Ok(Box::new(self.open(name)?));
        }
        sort::sorted(Box::new(self.open(name)?), by, sort::RUN_BYTES)
    }
}

/// The names of the CSV files of a folder, without endings.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, TablesError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(TablesError::io(folder))? {
        let path = entry.map_err(TablesError::io(folder))?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']));
        let csv = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if csv && !hidden {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

fn is_sorted(rows: Rows, by: usize) -> Result<bool, TablesError> {
    let mut last = String::new();
    for row in rows {
        let row = row?;
        if row.cell(by) < last.as_str() {
            return Ok(false);
        }
        row.cell(by).clone_into(&mut last);
    }
    Ok(true)
}

/// The rows of a file, and its columns.
struct Table {
    header: Vec<String>,
    records: Records<BufReader<File>>,
}

fn table(file: BufReader<File>, path: Arc<Path>) -> Result<Table, TablesError> {
    let mut records = Records::new(file, path.clone())?;
    let header = records.next()?.unwrap_or_default();
    let header = header.cells().map(|name| match std::str::from_utf8(name) {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(_) => Err(TablesError::layout(
            &path,
            ("the columns' names are not UTF-8", "列名不是 UTF-8 编码"),
            ("save the file as CSV UTF-8", "请存为 UTF-8 编码的 CSV"),
        )),
    });
    Ok(Table {
        header: header.collect::<Result<_, _>>()?,
        records,
    })
}

impl Iterator for Table {
    type Item = Result<Row, TablesError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.records.next() {
                // What a spreadsheet writes below its last row, and lines between rows.
                Ok(Some(record)) if record.cells().all(|cell| cell.trim_ascii().is_empty()) => {}
                Ok(Some(record)) => return Some(Ok(self.row(&record))),
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Table {
    fn row(&self, record: &Record) -> Row {
        let (count, needed) = (record.cells().count(), self.header.len());
        let wrong = if record.wrong.is_some() {
            record.wrong.clone()
        } else if count != needed {
            Some(Message::from((
                format!("{count} cells instead of {needed}"),
                format!("有 {count} 个单元格，应为 {needed} 个"),
            )))
        } else if record.cells().any(|cell| std::str::from_utf8(cell).is_err()) {
            Some(("the line is not UTF-8", "此行不是 UTF-8 编码").into())
        } else {
            None
        };
        let cell = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Row {
            line: record.line,
            cells: record.cells().map(cell).collect(),
            wrong,
            wrong_cells: Vec::new(),
        }
    }
}
