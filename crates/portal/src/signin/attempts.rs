//! How often a name may be tried.
//!
//! An attempt is counted before it is checked, so that many at once are no more than many one after another, and by the name that was
//! claimed, so that a name which nobody has is treated, and takes as long, as one that somebody has.

use meed_office::log::sha256;
use meed_office::store::{Cell, Connection, StoreError};
use meed_office::time::Instant;

/// So many failures in a row close a name
const FAILURES: i64 = 5;
/// for so long, and each further failure again.
const LOCKED: i64 = 15 * 60_000;
/// After so long without an attempt the failures are forgotten.
const FORGOTTEN: i64 = 24 * 60 * 60_000;

/// Counts an attempt on a name as failed, until [`succeeded`]. `false`: the name is closed, and whatever was tried is wrong.
///
/// # Errors
/// Where the database fails.
pub fn begin(connection: &mut Connection, name: &str, now: Instant) -> Result<bool, StoreError> {
    let sql = format!(
        "INSERT INTO portal_attempt (name, failures, at, locked_until) VALUES ($1, 1, $2, 0) ON CONFLICT (name) DO UPDATE SET \
         failures = portal_attempt.failures + 1, at = excluded.at, locked_until = CASE WHEN portal_attempt.failures + 1 >= {FAILURES} \
         THEN excluded.at + {LOCKED} ELSE 0 END WHERE portal_attempt.locked_until <= excluded.at"
    );
    let counted = connection.run(&sql, &[key(name), Cell::from(&now)])?;
    Ok(counted > 0)
}

/// Forgets the failures of a name.
///
/// # Errors
/// Where the database fails.
pub fn succeeded(connection: &mut Connection, name: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM portal_attempt WHERE name = $1";
    connection.run(sql, &[key(name)]).map(drop)
}

/// Forgets failures of long ago.
///
/// # Errors
/// Where the database fails.
pub fn sweep(connection: &mut Connection, now: Instant) -> Result<u64, StoreError> {
    let before = now.milliseconds().saturating_sub(FORGOTTEN);
    connection.run("DELETE FROM portal_attempt WHERE at <= $1", &[before.into()])
}

fn key(name: &str) -> Cell {
    Cell::Text(sha256(name.as_bytes()))
}
