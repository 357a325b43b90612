//! Two databases, one behaviour: SQLite inside the process, PostgreSQL for production.
//!
//! Statements are written once, with `$1` for their arguments; what the databases do not share is in `connection` and
//! `migrate` alone.

mod cell;
mod connection;
mod grants;
mod migrate;
mod record;
mod server;
mod trigger;

pub use cell::{CURRENCY, Cell, Field};
pub use connection::{Connection, Dialect, Watch};
pub use grants::grants;
pub use migrate::{APPEND_ONLY, bring, in_dialect, migrate};
pub(crate) use migrate::{tables, triggers};
pub use record::{Key, Record};

/// Why the store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The address names no database that is known.
    #[error("`{0}` is no address of a database; write sqlite:PATH or postgres://USER@HOST/NAME")]
    Address(String),
    /// Somebody else holds what is needed; the transaction may be tried again.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// A constraint of the database refused.
    #[error("refused by the database: {0}")]
    Constraint(String),
    /// The store holds what nobody here wrote.
    #[error("the store cannot be read: {0}")]
    Unreadable(String),
    /// The database failed.
    #[error("the database failed: {0}")]
    Failed(String),
}
