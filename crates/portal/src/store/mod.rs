//! The portal's own tables, beside the office's in its database: sessions, credentials, and what people have not sent yet.

use meed_office::store::{Connection, StoreError, bring, in_dialect};

const TABLES: &str = include_str!("../../migrations/0001_portal.sql");

/// With what the names of the portal's tables begin.
pub const PREFIX: &str = "portal_";

/// Brings the portal's tables to this version; the office's must be there already.
///
/// # Errors
/// [`StoreError::Unreadable`] where a later version made them.
pub fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    bring(connection, "portal_migration", 1, |connection| {
        connection.script(&in_dialect(TABLES, connection.dialect()))
    })
}

/// Does something in one transaction that may write.
///
/// # Errors
/// Those of `work`, after everything it wrote was undone.
pub fn transaction<T, E: From<StoreError>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    connection.begin()?;
    let done = work(connection).and_then(|done| {
        connection.commit()?;
        Ok(done)
    });
    if done.is_err() {
        connection.roll_back();
    }
    done
}
