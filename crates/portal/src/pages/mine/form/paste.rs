//! A table of people as it comes out of a spreadsheet: rows of cells between tabs, with a head or in the order of the columns.
//!
//! Whatever is pasted gives rows and complaints, never a failure: a row that is wrong keeps no other out.

use std::collections::BTreeSet;

/// The most rows that are taken at once.
pub const MOST_ROWS: usize = 500;
/// The longest text of a cell, in characters.
pub const LONGEST: usize = 500;

/// A column that a table can have: its name, and what people call it in either language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The fact's name.
    pub name: String,
    /// Other words for it.
    pub called: Vec<String>,
}

/// A row that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// In which line it stood, from 1.
    pub line: usize,
    /// Under which id it is kept; empty where the table did not say.
    pub id: String,
    /// Column by its place, and its text; empty cells are left out.
    pub cells: Vec<(usize, String)>,
    /// The line as it was, to be corrected and pasted again.
    pub raw: String,
}

/// Why a row, or the whole, cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It has more cells than there are columns.
    TooWide,
    /// A cell is too long.
    TooLong,
    /// Its id has a character that no id has, or is too long.
    BadId,
    /// Another row has the same id.
    Twice,
    /// It says nothing.
    Empty,
    /// It is beyond the rows that are taken at once.
    TooMany,
}

/// What was pasted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// The head, as it was, where there is one.
    pub head: Option<String>,
    /// Rows that can be used.
    pub rows: Vec<Row>,
    /// Lines that cannot, as they were, and why.
    pub wrong: Vec<(usize, String, Flaw)>,
}

/// Reads what was pasted. The first of `columns` is the id.
pub fn read(text: &str, columns: &[Column]) -> Pasted {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = split(text)
        .into_iter()
        .filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    let mut pasted = Pasted::default();
    let Some(first) = lines.next() else {
        return pasted;
    };
    let head = head(&first.1, columns);
    let first_line = first.1.join("\t");
    let plain: Vec<Option<usize>> = (0..columns.len()).map(Some).collect();
    let body: Vec<(usize, Vec<String>)> = match head {
        Some(_) => lines.collect(),
        None => std::iter::once(first).chain(lines).collect(),
    };
    pasted.head = head.is_some().then_some(first_line);
    let order = head.unwrap_or(plain);
    let mut ids = BTreeSet::new();
    for (number, (line, cells)) in body.into_iter().enumerate() {
        match row(line, &cells, &order) {
            _ if number >= MOST_ROWS => pasted.wrong.push((line, cells.join("\t"), Flaw::TooMany)),
            Ok(row) if row.id.is_empty() || ids.insert(row.id.clone()) => pasted.rows.push(row),
            Ok(_) => pasted.wrong.push((line, cells.join("\t"), Flaw::Twice)),
            Err(flaw) => pasted.wrong.push((line, cells.join("\t"), flaw)),
        }
    }
    pasted
}

/// Which column each cell of a head names; `None` where the line is no head: not half of its cells name one.
fn head(cells: &[String], columns: &[Column]) -> Option<Vec<Option<usize>>> {
    let named = |cell: &String| {
        let cell = cell.to_lowercase();
        columns.iter().position(|column| {
            let called = column.called.iter().any(|word| word.to_lowercase() == cell);
            called || column.name.to_lowercase() == cell
        })
    };
    let order: Vec<Option<usize>> = cells.iter().map(named).collect();
    let found = order.iter().flatten().count();
    (found > 0 && found.saturating_mul(2) >= cells.len()).then_some(order)
}

fn row(line: usize, cells: &[String], order: &[Option<usize>]) -> Result<Row, Flaw> {
    if cells.iter().skip(order.len()).any(|cell| !cell.is_empty()) {
        return Err(Flaw::TooWide);
    }
    let mut row = Row {
        line,
        id: String::new(),
        cells: Vec::new(),
        raw: cells.join("\t"),
    };
    for (cell, column) in cells.iter().zip(order) {
        if cell.chars().count() > LONGEST {
            return Err(Flaw::TooLong);
        }
        match column {
            Some(0) => row.id.clone_from(cell),
            Some(column) if !cell.is_empty() => row.cells.push((*column, cell.clone())),
            _ => {}
        }
    }
    if !row.id.is_empty() && !is_id(&row.id) {
        return Err(Flaw::BadId);
    }
    if row.cells.is_empty() {
        return Err(Flaw::Empty);
    }
    Ok(row)
}

/// Whether a text can be the id of a child: paths have no room for slashes, and nobody types what cannot be seen.
pub fn is_id(text: &str) -> bool {
    let fit = |letter: char| !letter.is_control() && !matches!(letter, '/' | '~' | '#');
    (1..=64).contains(&text.chars().count()) && text.chars().all(fit)
}

/// Lines with their cells. A cell in quotes may hold tabs, ends of lines, and quotes that are written twice; a quote that is never closed
/// is a quote like any other letter.
fn split(text: &str) -> Vec<(usize, Vec<String>)> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (mut rows, mut cells, mut rest, mut line) = (Vec::new(), Vec::new(), text.as_str(), 1_usize);
    let mut begun = line;
    loop {
        let (cell, after) = quoted(rest).unwrap_or_else(|| {
            let end = rest.find(['\t', '\n']).unwrap_or(rest.len());
            let (cell, after) = rest.split_at(end);
            (cell.to_owned(), after)
        });
        line = line.saturating_add(cell.matches('\n').count());
        cells.push(clean(&cell));
        match after.chars().next() {
            Some('\t') => rest = after.get(1..).unwrap_or_default(),
            Some(_) => {
                rows.push((begun, std::mem::take(&mut cells)));
                line = line.saturating_add(1);
                begun = line;
                rest = after.get(1..).unwrap_or_default();
            }
            None => {
                rows.push((begun, cells));
                return rows;
            }
        }
    }
}

/// A cell in quotes at the beginning of a text, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut cell = String::new();
    loop {
        let end = rest.find('"')?;
        cell.push_str(rest.get(..end)?);
        rest = rest.get(end.saturating_add(1)..)?;
        match rest.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None if rest.is_empty() || rest.starts_with(['\t', '\n']) => return Some((cell, rest)),
            None => return None,
        }
    }
}

/// A cell without what cannot be seen.
fn clean(cell: &str) -> String {
    let seen = cell
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    seen.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        let column = |name: &str, zh: &str, en: &str| Column {
            name: name.to_owned(),
            called: vec![zh.to_owned(), en.to_owned()],
        };
        vec![
            column("id", "编号", "Number"),
            column("start", "入职日期", "First day"),
            column("salary", "年薪", "Yearly salary"),
        ]
    }

    fn cells(row: &Row) -> Vec<(usize, &str)> {
        row.cells
            .iter()
            .map(|(column, text)| (*column, text.as_str()))
            .collect()
    }

    #[test]
    fn rows_come_in_the_order_of_the_columns_or_of_their_head() {
        let plain = read("h1\t2023-03-01\t800000\nh2\t2023-04-01\t90万\n", &columns());
        let headed = read(
            "年薪\tFIRST DAY\t备注\t编号\r\n800000\t2023-03-01\t张\th1\r\n90万\t2023-04-01\t\th2",
            &columns(),
        );
        assert_eq!(plain.wrong, []);
        assert_eq!(cells(&plain.rows[1]), [(1, "2023-04-01"), (2, "90万")]);
        assert_eq!(plain.rows[1].id, "h2");
        assert_eq!(headed.rows[1].id, "h2");
        assert_eq!(cells(&headed.rows[0]), [(2, "800000"), (1, "2023-03-01")]);
        assert_eq!(headed.rows[0].line, 2);
    }

    #[test]
    fn a_bad_row_keeps_no_other_out() {
        let pasted = read(
            "h1\t2023-03-01\na/b\t2023-03-01\nh1\t2023-05-01\nh4\t1\t2\t3\nh5\t\t7\nh6",
            &columns(),
        );
        let wrong: Vec<(usize, Flaw)> = pasted.wrong.iter().map(|(line, _, flaw)| (*line, *flaw)).collect();
        assert_eq!(
            wrong,
            [(2, Flaw::BadId), (3, Flaw::Twice), (4, Flaw::TooWide), (6, Flaw::Empty)]
        );
        let kept: Vec<&str> = pasted.rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(kept, ["h1", "h5"]);
        assert_eq!(pasted.wrong[0].1, "a/b\t2023-03-01");
    }

    #[test]
    fn quotes_hold_tabs_and_ends_of_lines_and_may_be_left_open() {
        let pasted = read("h1\t\"a\tb\nc \"\"d\"\"\"\t5\nh2\t\"open\t6\nh3\t\"x\"y\t7", &columns());
        assert_eq!(cells(&pasted.rows[0]), [(1, "a b c \"d\""), (2, "5")]);
        assert_eq!(cells(&pasted.rows[1]), [(1, "\"open"), (2, "6")]);
        assert_eq!(
            (pasted.rows[1].line, cells(&pasted.rows[2])),
            (3, vec![(1, "\"x\"y"), (2, "7")])
        );
    }

    #[test]
    fn hostile_text_gives_rows_and_complaints() {
        for text in [
            "",
            "\n\n\t\t\n",
            "\u{feff}",
            "\0\0",
            "\"",
            "\"\"\"",
            "编号",
            "编号\t年薪",
        ] {
            assert_eq!(read(text, &columns()).rows, [], "{text:?}");
        }
        let long = format!("h1\t{}", "长".repeat(LONGEST + 1));
        assert_eq!(read(&long, &columns()).wrong[0].2, Flaw::TooLong);
        let many: String = (0..MOST_ROWS + 3).map(|number| format!("h{number}\t1\n")).collect();
        let pasted = read(&many, &columns());
        assert_eq!((pasted.rows.len(), pasted.wrong.len()), (MOST_ROWS, 3));
        let shifted = read("h\u{7}1\t\u{0}5", &columns());
        assert_eq!(shifted.rows[0].id, "h 1");
        assert_eq!(read("<script>\t=cmd|'/c'!A1", &columns()).rows.len(), 1);
        assert_eq!(read("h1\t5", &[]).wrong[0].2, Flaw::TooWide);
    }
}
