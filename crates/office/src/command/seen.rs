//! What the giver of a command had before them: a command that rests on a row which is another by now is not done.

use serde::{Deserialize, Serialize};

use super::SubmitError;
use crate::log::{Protected, digest};
use crate::store::{Cell, Connection, Record, StoreError};

/// A row as somebody saw it, named and digested as in the log's effects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Its table, one of [`crate::log::PROTECTED`].
    pub table: String,
    /// Its key, each part as a text.
    pub key: Vec<String>,
    /// [`digest`] of the row.
    pub digest: String,
}

impl Seen {
    /// A record that was read.
    pub fn of<R: Record>(record: &R) -> Self {
        Self {
            table: R::TABLE.to_owned(),
            key: record.key().iter().map(text).collect(),
            digest: digest(R::COLUMNS, &record.cells()),
        }
    }

    /// The row of a protected table as it is now; `None` where there is none.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn read(connection: &mut Connection, table: &str, key: &[&str]) -> Result<Option<Self>, StoreError> {
        let key: Vec<String> = key.iter().map(|&part| part.to_owned()).collect();
        let Some(protected) = Protected::named(table) else {
            return Ok(None);
        };
        let row = protected.row(connection, &key)?;
        Ok(row.map(|row| Self {
            table: table.to_owned(),
            key,
            digest: digest(protected.columns, &row),
        }))
    }

    /// That the row is as it was seen.
    pub(super) fn check(&self, connection: &mut Connection) -> Result<Result<(), SubmitError>, StoreError> {
        let key: Vec<&str> = self.key.iter().map(String::as_str).collect();
        let now = Self::read(connection, &self.table, &key)?;
        let same = now.is_some_and(|now| now.digest == self.digest);
        Ok(same.then_some(()).ok_or_else(|| SubmitError::Stale {
            table: self.table.clone(),
            key: self.key.clone(),
        }))
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    }
}
