//! A table read in pages, in the order of its key, so that a page is all that stands in memory.

use crate::store::{Cell, Connection, StoreError};

const PAGE: usize = 200;

/// Calls `each` with every row. The key must be among the columns.
pub(super) fn each(
    connection: &mut Connection,
    table: &str,
    columns: &[&str],
    key: &[&str],
    mut each: impl FnMut(&[Cell]),
) -> Result<(), StoreError> {
    let (listed, keys) = (columns.join(", "), key.join(", "));
    let places: Vec<String> = (1..=key.len()).map(|place| format!("${place}")).collect();
    let first = format!("SELECT {listed} FROM \"{table}\" ORDER BY {keys} LIMIT {PAGE}");
    let after = format!(
        "SELECT {listed} FROM \"{table}\" WHERE ({keys}) > ({}) ORDER BY {keys} LIMIT {PAGE}",
        places.join(", ")
    );
    let mut page = connection.rows(&first, &[])?;
    loop {
        page.iter().for_each(|row| each(row));
        if page.len() < PAGE {
            return Ok(());
        }
        let last = page.last().map_or_else(Vec::new, |row| part(columns, row, key));
        page = connection.rows(&after, &last)?;
    }
}

/// The cells of some columns.
pub(super) fn part(columns: &[&str], row: &[Cell], names: &[&str]) -> Vec<Cell> {
    let at = |name: &&str| columns.iter().position(|column| column == name);
    let cell = |name| at(name).and_then(|index| row.get(index)).cloned();
    names.iter().filter_map(cell).collect()
}

/// A key as people read it.
pub(super) fn told(key: &[Cell]) -> String {
    let one = |cell: &Cell| match cell {
        Cell::Null => String::new(),
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    };
    key.iter().map(one).collect::<Vec<_>>().join("/")
}
