//! What was typed into a case's form and not stated yet, value by value, as it was typed.

use std::collections::BTreeMap;

use meed_office::store::{Cell, Connection, StoreError};
use meed_office::time::Instant;

use crate::store::transaction;

/// The most values that one case's form keeps.
const MOST: usize = 20_000;
/// The longest text that is kept.
const LONGEST: usize = 2_000;

/// The longest table that is kept: as many rows as are taken at once, of the longest cells that people write.
const LONGEST_TABLE: usize = 300_000;

/// Under which path the lines of a list are kept that were pasted and not taken yet: no path of a fact begins so.
pub fn left(list: &str) -> String {
    format!("paste{list}")
}

/// Path → text.
pub type Drafts = BTreeMap<String, String>;

/// What was typed for a case.
///
/// # Errors
/// Where the database fails.
pub fn of(connection: &mut Connection, case: &str) -> Result<Drafts, StoreError> {
    let rows = connection.rows("SELECT path, text FROM portal_draft WHERE case_id = $1", &[case.into()])?;
    let pair = |row: Vec<Cell>| match <[Cell; 2]>::try_from(row) {
        Ok([Cell::Text(path), Cell::Text(text)]) => Some((path, text)),
        _ => None,
    };
    Ok(rows.into_iter().filter_map(pair).collect())
}

/// Keeps what was typed; of two texts for a path the later.
///
/// # Errors
/// Where the database fails.
pub fn keep(
    connection: &mut Connection,
    case: &str,
    typed: &Drafts,
    (person, at): (&str, Instant),
) -> Result<(), StoreError> {
    let sql = "INSERT INTO portal_draft (case_id, path, text, person, at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (case_id, path) DO UPDATE SET text = excluded.text, person = excluded.person, at = excluded.at";
    transaction(connection, |connection| {
        for (path, text) in typed.iter().take(MOST) {
            let longest = if path.starts_with('/') { LONGEST } else { LONGEST_TABLE };
            let text: String = text.chars().filter(|letter| *letter != '\0').take(longest).collect();
            let row = [
                case.into(),
                path.as_str().into(),
                text.as_str().into(),
                person.into(),
                Cell::Int(at.milliseconds()),
            ];
            connection.run(sql, &row)?;
        }
        Ok(())
    })
}

/// Drops what was typed under a path: of a child, everything.
///
/// # Errors
/// Where the database fails.
pub fn drop_under(connection: &mut Connection, case: &str, path: &str) -> Result<(), StoreError> {
    let below = format!("{path}/");
    transaction(connection, |connection| {
        for one in of(connection, case)?
            .into_keys()
            .filter(|one| one == path || one.starts_with(&below))
        {
            let sql = "DELETE FROM portal_draft WHERE case_id = $1 AND path = $2";
            connection.run(sql, &[case.into(), one.as_str().into()])?;
        }
        Ok(())
    })
}

/// Drops what was stated, where nothing else was typed there meanwhile.
///
/// # Errors
/// Where the database fails.
pub fn settle(connection: &mut Connection, case: &str, stated: &Drafts) -> Result<(), StoreError> {
    transaction(connection, |connection| {
        for (path, text) in stated {
            let sql = "DELETE FROM portal_draft WHERE case_id = $1 AND path = $2 AND text = $3";
            connection.run(sql, &[case.into(), path.as_str().into(), text.as_str().into()])?;
        }
        Ok(())
    })
}

/// What is known with what was typed above it: an empty text takes away what stood there, one that cannot be read leaves it.
pub fn over<T>(
    mut known: BTreeMap<String, T>,
    drafts: &Drafts,
    read: impl Fn(&str, &str) -> Option<T>,
) -> BTreeMap<String, T> {
    for (path, text) in drafts {
        match text.trim() {
            "" => drop(known.remove(path)),
            text => known.extend(read(path, text).map(|value| (path.clone(), value))),
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stands_above_what_is_known_and_emptiness_takes_it_away() {
        let texts = |pairs: &[(&str, &str)]| -> Drafts {
            pairs
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect()
        };
        let known: BTreeMap<String, i64> = [("/a", 1), ("/b", 2), ("/c", 3)]
            .map(|(path, value)| (path.to_owned(), value))
            .into();
        let number = |_: &str, text: &str| text.parse().ok();
        let merged = over(
            known.clone(),
            &texts(&[("/a", " 7 "), ("/b", " "), ("/c", "much"), ("/d", "4"), ("/e", "")]),
            number,
        );
        let expected = [("/a", 7), ("/c", 3), ("/d", 4)].map(|(path, value)| (path.to_owned(), value));
        assert_eq!(merged, expected.into());
        assert_eq!(over(known.clone(), &Drafts::new(), number), known);
    }
}
