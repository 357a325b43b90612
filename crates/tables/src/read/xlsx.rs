//! A workbook as the sheets of a population. Sheets are held in memory, which their format bounds at a million rows each.
//!
//! A cell is wrong where it does not hold what its author meant: a formula whose result nobody has computed, or whose computation
//! failed, and a number of more digits than a spreadsheet keeps.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx, open_workbook};
use meed_facts::message::Message;

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
    sheets: BTreeMap<String, Vec<Row>>,
}

impl Book {
    fn open(path: &Path) -> Result<Self, TablesError> {
        Ok(Self {
            path: path.to_path_buf(),
            workbook: open_workbook(path).map_err(TablesError::damaged::<calamine::XlsxError>(path))?,
            sheets: BTreeMap::new(),
        })
    }

    // The rows of a sheet that have cells, its header first. What stands left of the header's first cell is no column.
    fn sheet(&mut self, name: &str) -> Result<&mut Vec<Row>, TablesError> {
        if !self.sheets.contains_key(name) {
            let rows = read(&mut self.workbook, name).map_err(TablesError::damaged(&self.path))?;
            self.sheets.insert(name.to_owned(), rows);
        }
        Ok(self.sheets.entry(name.to_owned()).or_default())
    }
}

fn read(workbook: &mut Xlsx<BufReader<File>>, name: &str) -> Result<Vec<Row>, calamine::XlsxError> {
    let mut cells = workbook.worksheet_cells_reader(name)?;
    let mut rows: BTreeMap<u32, BTreeMap<u32, Cell>> = BTreeMap::new();
    while let Some(found) = cells.next_cell_with_formula_metadata()? {
        let (row, column) = found.pos;
        let cell = match Data::from(found.value) {
            Data::Empty if found.formula.is_none() => continue,
            Data::Empty => Cell::wrong(String::new(), NO_RESULT),
            value => cell(&value),
        };
        rows.entry(row).or_default().insert(column, cell);
    }
    let first = rows.values().filter_map(|cells| cells.keys().next().copied()).min();
    Ok(rows
        .into_iter()
        .map(|(row, cells)| spread(row, first.unwrap_or(0), cells))
        .collect())
}

// A row's cells, each in its column.
fn spread(row: u32, first: u32, cells: BTreeMap<u32, Cell>) -> Row {
    let mut spread = Row {
        line: u64::from(row).saturating_add(1),
        ..Row::default()
    };
    for (column, cell) in cells {
        let index = usize::try_from(column.saturating_sub(first)).unwrap_or(usize::MAX);
        spread.cells.resize(index, String::new());
        spread.cells.push(cell.text);
        spread.wrong_cells.extend(cell.wrong.map(|wrong| (index, wrong)));
    }
    spread
}

struct Cell {
    text: String,
    wrong: Option<Message>,
}

impl Cell {
    fn wrong(text: String, (en, zh): (&str, &str)) -> Self {
        let wrong = Some(Message::new(en, zh));
        Self { text, wrong }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, wrong: None }
    }
}

/// A program that writes formulas need not compute them.
const NO_RESULT: (&str, &str) = (
    "the formula has no result in the file; open the workbook in a spreadsheet program, save it and read it again",
    "文件中没有公式的计算结果；请用电子表格软件打开并保存后再读入",
);

/// Digits of a number that a spreadsheet keeps as they were typed. What a computation leaves behind them, as in 0.30000000000000004,
/// nobody typed; and of a longer number it keeps the first fifteen.
const DIGITS: usize = 15;

// A number as the shortest decimal that reads as the number in the cell, which is what the workbook's author typed.
fn cell(value: &Data) -> Cell {
    let text = match value {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(number) => return numeric(number.to_string()),
        Data::Int(number) => return numeric(number.to_string()),
        Data::Bool(truth) => truth.to_string(),
        Data::Error(error) => {
            let (en, zh) = (
                format!("the formula's result is the error {error}; correct it in the workbook"),
                format!("公式结果为错误 {error}；请在工作簿中更正"),
            );
            return Cell::wrong(error.to_string(), (&en, &zh));
        }
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second, milli) {
                (0, 0, 0, 0) => date,
                _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
            }
        }
    };
    text.into()
}

fn numeric(text: String) -> Cell {
    if digits(&text) <= DIGITS {
        return text.into();
    }
    let (en, zh) = (
        format!(
            "{text} has more than the {DIGITS} digits that a spreadsheet keeps of a number; round it there, or write it as text"
        ),
        format!("{text} 超过电子表格数值可保留的 {DIGITS} 位；请在表中四舍五入，或改为文本"),
    );
    Cell::wrong(text, (&en, &zh))
}

// Digits from the first that is not zero; those behind a whole number's last are places too, in which something else may have stood.
fn digits(text: &str) -> usize {
    let digits = text.chars().filter(char::is_ascii_digit);
    digits.skip_while(|digit| *digit == '0').count()
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
            .cells
            .iter()
            .map(|name| name.trim().to_owned())
            .collect())
    }

    fn rows(&mut self, name: &str, by: Option<usize>) -> Result<Rows, TablesError> {
        let rows = std::mem::take(self.sheet(name)?);
        let blank = |row: &Row| row.wrong_cells.is_empty() && row.cells.iter().all(|cell| cell.trim().is_empty());
        let mut rows: Vec<Row> = rows.into_iter().skip(1).filter(|row| !blank(row)).collect();
        if let Some(by) = by {
            rows.sort_by(|a, b| a.cell(by).cmp(b.cell(by)));
        }
        Ok(Box::new(rows.into_iter().map(Ok)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_as_many_digits_as_a_spreadsheet_keeps_or_is_wrong() {
        let of = |number: f64| cell(&Data::Float(number));
        for (number, text) in [
            (0.1, "0.1"),
            (1_234_567_890_123.45, "1234567890123.45"),
            (-0.000_001_25, "-0.00000125"),
            (999_999_999_999_999.0, "999999999999999"),
        ] {
            let cell = of(number);
            assert_eq!((cell.text.as_str(), cell.wrong), (text, None));
        }
        for number in [0.1 + 0.2, 1.0 / 3.0, 1e15, 110_101_199_001_011_230.0] {
            let wrong = of(number).wrong.unwrap();
            assert!(wrong.en.contains("more than the 15 digits"), "{wrong:?}");
        }
    }
}
