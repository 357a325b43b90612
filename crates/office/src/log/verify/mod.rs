//! Holds a whole database against its log.
//!
//! One pass over the log checks its chain and keeps, for each row that an effect names, the digest that the row must have by its latest one:
//! some 90 bytes a row, whatever the row's size. Then each protected table is read in pages of its key; what has another digest, no effect or no
//! row is a finding. Balances are added up again from the postings, and the rules that no single row shows are asked last.

mod chain;
mod expected;
mod money;
mod pages;
mod rows;
mod rules;
mod schema;
mod tables;

pub use tables::{Checked, ELSEWHERE, PROTECTED, Protected};

use super::{Report, Root};
use crate::store::{Connection, StoreError};

/// Holds the database against its log, and the log against a root that was kept elsewhere. It writes nothing and sees one state of the
/// database; commands may go on meanwhile.
///
/// # Errors
/// Where the database fails: then nothing is proven.
pub fn verify(connection: &mut Connection, root: Option<&Root>) -> Result<Report, StoreError> {
    connection.reading(|connection| read(connection, root))?
}

fn read(connection: &mut Connection, root: Option<&Root>) -> Result<Report, StoreError> {
    let mut report = Report::default();
    schema::compare(connection, &mut report)?;
    let mut expected = chain::walk(connection, root, &mut report)?;
    for table in PROTECTED {
        rows::compare(connection, table, &mut expected, &mut report)?;
    }
    expected.missing(connection, &mut report)?;
    money::compare(connection, &mut report)?;
    rules::ask(connection, &mut report)?;
    Ok(report)
}
