//! One connection: statements, rows, transactions.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::{Cell, StoreError};

/// How long a statement waits for somebody else's transaction.
pub(super) const WAIT: Duration = Duration::from_secs(10);

/// Which database answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, inside the process.
    Sqlite,
    /// PostgreSQL 15 or later.
    Postgres,
}

/// Called before each statement that writes and before each commit, with its text: tests stop the world there.
pub type Watch = Box<dyn FnMut(&str) -> Result<(), StoreError> + Send>;

/// A connection to the office's database.
pub struct Connection {
    address: String,
    database: Database,
    watch: Option<Watch>,
}

enum Database {
    Sqlite(rusqlite::Connection),
    Postgres {
        client: Box<postgres::Client>,
        prepared: HashMap<String, postgres::Statement>,
    },
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("dialect", &self.dialect()).finish()
    }
}

impl Connection {
    /// Opens `sqlite:PATH` (`sqlite::memory:` for one that nobody keeps) or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Address`] for anything else, [`StoreError::Failed`] where the database cannot be had.
    pub fn open(address: &str) -> Result<Self, StoreError> {
        let database = if let Some(path) = address.strip_prefix("sqlite:") {
            Database::Sqlite(open_sqlite(path)?)
        } else if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            Database::Postgres {
                client: Box::new(super::server::open(address)?),
                prepared: HashMap::new(),
            }
        } else {
            return Err(StoreError::Address(address.to_owned()));
        };
        Ok(Self {
            address: address.to_owned(),
            database,
            watch: None,
        })
    }

    /// Sets what is called before each write.
    pub fn watch(&mut self, watch: Option<Watch>) {
        self.watch = watch;
    }

    /// Which database answers.
    pub fn dialect(&self) -> Dialect {
        match self.database {
            Database::Sqlite(_) => Dialect::Sqlite,
            Database::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// The SQLite database itself, for what only it can do.
    pub fn sqlite(&self) -> Option<&rusqlite::Connection> {
        match &self.database {
            Database::Sqlite(sqlite) => Some(sqlite),
            Database::Postgres { .. } => None,
        }
    }

    /// Runs several statements without arguments.
    pub fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.watched(sql)?;
        match &mut self.database {
            Database::Sqlite(sqlite) => sqlite.execute_batch(sql).map_err(of_sqlite),
            Database::Postgres { client, .. } => client.batch_execute(sql).map_err(of_postgres),
        }
    }

    /// Runs a statement that writes, and tells how many rows it touched.
    pub fn run(&mut self, sql: &str, arguments: &[Cell]) -> Result<u64, StoreError> {
        self.watched(sql)?;
        match &mut self.database {
            Database::Sqlite(sqlite) => {
                let mut statement = sqlite.prepare_cached(&numbered(sql)).map_err(of_sqlite)?;
                let count = statement
                    .execute(rusqlite::params_from_iter(arguments))
                    .map_err(of_sqlite)?;
                Ok(u64::try_from(count).unwrap_or(u64::MAX))
            }
            Database::Postgres { client, prepared } => {
                let statement = statement(client, prepared, sql)?;
                client.execute(&statement, &referenced(arguments)).map_err(of_postgres)
            }
        }
    }

    /// The rows that a query finds.
    pub fn rows(&mut self, sql: &str, arguments: &[Cell]) -> Result<Vec<Vec<Cell>>, StoreError> {
        match &mut self.database {
            Database::Sqlite(sqlite) => {
                let mut statement = sqlite.prepare_cached(&numbered(sql)).map_err(of_sqlite)?;
                let width = statement.column_count();
                let rows = statement.query_map(rusqlite::params_from_iter(arguments), |row| {
                    (0..width).map(|index| row.get(index)).collect()
                });
                rows.map_err(of_sqlite)?.map(|row| row.map_err(of_sqlite)).collect()
            }
            Database::Postgres { client, prepared } => {
                let statement = statement(client, prepared, sql)?;
                let rows = client.query(&statement, &referenced(arguments)).map_err(of_postgres)?;
                let row = |row: &postgres::Row| (0..row.len()).map(|index| cell(row, index)).collect();
                rows.iter().map(row).collect()
            }
        }
    }

    /// The first cell of the first row.
    pub fn one(&mut self, sql: &str, arguments: &[Cell]) -> Result<Option<Cell>, StoreError> {
        Ok(self
            .rows(sql, arguments)?
            .into_iter()
            .next()
            .and_then(|row| row.into_iter().next()))
    }

    /// Begins the one transaction that may write: who comes second waits.
    pub fn begin(&mut self) -> Result<(), StoreError> {
        self.begin_as("BEGIN IMMEDIATE", "BEGIN")
    }

    /// Reads one state of the database, whatever others write meanwhile. What `read` tries to write fails.
    ///
    /// # Errors
    /// Where the database cannot be had.
    pub fn reading<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Result<T, StoreError> {
        self.begin_as(
            "BEGIN; PRAGMA query_only = ON",
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )?;
        let result = read(self);
        self.roll_back();
        if let Database::Sqlite(sqlite) = &self.database {
            sqlite.execute_batch("PRAGMA query_only = OFF").map_err(of_sqlite)?;
        }
        Ok(result)
    }

    /// Before a transaction nothing depends on a connection: where its server does not let it begin one, it is made anew.
    fn begin_as(&mut self, sqlite: &str, postgres: &str) -> Result<(), StoreError> {
        match &mut self.database {
            Database::Sqlite(database) => database.execute_batch(sqlite).map_err(of_sqlite),
            Database::Postgres { client, prepared } => {
                if client.batch_execute(postgres).is_ok() {
                    return Ok(());
                }
                prepared.clear();
                **client = super::server::open(&self.address)?;
                client.batch_execute(postgres).map_err(of_postgres)
            }
        }
    }

    /// Makes the transaction durable.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        self.script("COMMIT")
    }

    /// Undoes the transaction; one that the database has undone already is no error.
    pub fn roll_back(&mut self) {
        let _ = match &mut self.database {
            Database::Sqlite(sqlite) => sqlite.execute_batch("ROLLBACK").map_err(of_sqlite),
            Database::Postgres { client, .. } => client.batch_execute("ROLLBACK").map_err(of_postgres),
        };
    }

    fn watched(&mut self, sql: &str) -> Result<(), StoreError> {
        self.watch.as_mut().map_or(Ok(()), |watch| watch(sql))
    }
}

/// Durable before it answers, one writer, readers undisturbed.
fn open_sqlite(path: &str) -> Result<rusqlite::Connection, StoreError> {
    let sqlite = rusqlite::Connection::open(path).map_err(of_sqlite)?;
    sqlite.busy_timeout(WAIT).map_err(of_sqlite)?;
    sqlite.set_prepared_statement_cache_capacity(256);
    let settings =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;";
    sqlite.execute_batch(settings).map_err(of_sqlite)?;
    Ok(sqlite)
}

/// SQLite reads `$1` as a name and `?1` as a number.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn referenced(arguments: &[Cell]) -> Vec<&(dyn ToSql + Sync)> {
    arguments.iter().map(|cell| cell as &(dyn ToSql + Sync)).collect()
}

fn statement(
    client: &mut postgres::Client,
    prepared: &mut HashMap<String, postgres::Statement>,
    sql: &str,
) -> Result<postgres::Statement, StoreError> {
    if let Some(known) = prepared.get(sql) {
        return Ok(known.clone());
    }
    let made = client.prepare(sql).map_err(of_postgres)?;
    prepared.insert(sql.to_owned(), made.clone());
    Ok(made)
}

fn cell(row: &postgres::Row, index: usize) -> Result<Cell, StoreError> {
    let of = |kind: &Type| match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(index).map(|value| value.map(Cell::Int)),
        Type::INT4 => row
            .try_get::<_, Option<i32>>(index)
            .map(|value| value.map(|value| Cell::Int(value.into()))),
        Type::BOOL => row
            .try_get::<_, Option<bool>>(index)
            .map(|value| value.map(|value| Cell::Int(value.into()))),
        _ => row
            .try_get::<_, Option<String>>(index)
            .map(|value| value.map(Cell::Text)),
    };
    let kind = row.columns().get(index).map_or(&Type::TEXT, postgres::Column::type_);
    of(kind).map(|value| value.unwrap_or(Cell::Null)).map_err(of_postgres)
}

impl ToSql for Cell {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Cell::Null => Ok(IsNull::Yes),
            Cell::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Cell::Int(number) => number.to_sql(kind, out),
            Cell::Text(text) => text.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::INT4 | Type::TEXT | Type::VARCHAR)
    }

    to_sql_checked!();
}

impl rusqlite::ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Cell::Null => ValueRef::Null,
            Cell::Int(number) => ValueRef::Integer(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl rusqlite::types::FromSql for Cell {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        use rusqlite::types::{FromSqlError, ValueRef};
        match value {
            ValueRef::Null => Ok(Cell::Null),
            ValueRef::Integer(number) => Ok(Cell::Int(number)),
            ValueRef::Text(text) => Ok(Cell::Text(String::from_utf8_lossy(text).into_owned())),
            ValueRef::Real(_) | ValueRef::Blob(_) => Err(FromSqlError::InvalidType),
        }
    }
}

fn of_sqlite(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode::{ConstraintViolation, DatabaseBusy, DatabaseLocked};
    match error.sqlite_error_code() {
        Some(DatabaseBusy | DatabaseLocked) => StoreError::Busy(error.to_string()),
        Some(ConstraintViolation) => StoreError::Constraint(error.to_string()),
        _ => StoreError::Failed(error.to_string()),
    }
}

pub(super) fn of_postgres(error: postgres::Error) -> StoreError {
    let Some(told) = error.as_db_error() else {
        return StoreError::Failed(error.to_string());
    };
    let text = format!("{}: {}", told.code().code(), told.message());
    match told.code().code() {
        "40001" | "40P01" | "55P03" => StoreError::Busy(text),
        code if code.starts_with("23") || code == "P0001" => StoreError::Constraint(text),
        _ => StoreError::Failed(text),
    }
}
