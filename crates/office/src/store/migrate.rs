//! The schema: shared tables, and the triggers by which the database itself keeps money, history and machines in order.

use super::trigger::{Trigger, refuse};
use super::{Cell, Connection, Dialect, StoreError};
use crate::ledger::Account;
use crate::machine;

const TABLES: &str = include_str!("../../migrations/0001_office.sql");

/// Tables to which rows are only ever added.
pub const APPEND_ONLY: &[&str] = &[
    "log",
    "outbox",
    "deed",
    "successor",
    "decision",
    "row",
    "posting",
    "batch_row",
    "bank_entry",
    "bank_statement",
    "offset_by",
];

/// Brings a database to the schema of this version; one that has it is left alone.
///
/// # Errors
/// [`StoreError::Unreadable`] where the database was made by a later version.
pub fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    bring(connection, "migration", 1, make)
}

/// Brings the tables that somebody keeps in a database to a version, once, whoever comes at the same time; `table` remembers which version
/// is there.
///
/// # Errors
/// [`StoreError::Unreadable`] where the database was made by a later version.
pub fn bring(
    connection: &mut Connection,
    table: &str,
    version: i64,
    make: fn(&mut Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    // Who may only use the tables need not be able to make them.
    if exists(connection, table)? && is_there(connection, table, version)? {
        return Ok(());
    }
    connection.script(&format!(
        "CREATE TABLE IF NOT EXISTS {table} (version BIGINT PRIMARY KEY)"
    ))?;
    connection.begin()?;
    let result = bring_once(connection, table, version, make);
    match result {
        Ok(()) => connection.commit(),
        Err(error) => {
            connection.roll_back();
            Err(error)
        }
    }
}

fn bring_once(
    connection: &mut Connection,
    table: &str,
    version: i64,
    make: fn(&mut Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    if connection.dialect() == Dialect::Postgres {
        connection.script(&format!("LOCK TABLE {table} IN EXCLUSIVE MODE"))?;
    }
    if is_there(connection, table, version)? {
        return Ok(());
    }
    make(connection)?;
    let insert = format!("INSERT INTO {table} (version) VALUES ($1)");
    connection.run(&insert, &[version.into()]).map(drop)
}

/// Whether a table is there.
fn exists(connection: &mut Connection, table: &str) -> Result<bool, StoreError> {
    let sql = match connection.dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1",
        Dialect::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema() AND CAST(table_name AS TEXT) = $1"
        }
    };
    Ok(connection.one(sql, &[table.into()])?.is_some())
}

/// Whether this version is there; a later one is refused.
fn is_there(connection: &mut Connection, table: &str, version: i64) -> Result<bool, StoreError> {
    match connection.one(&format!("SELECT max(version) FROM {table}"), &[])? {
        Some(Cell::Int(found)) if found == version => Ok(true),
        Some(Cell::Int(later)) => Err(StoreError::Unreadable(format!(
            "the database has schema {later}, this version knows schema {version}; use a later version of meed"
        ))),
        _ => Ok(false),
    }
}

fn make(connection: &mut Connection) -> Result<(), StoreError> {
    let dialect = connection.dialect();
    connection.script(&tables(dialect))?;
    for trigger in triggers(dialect) {
        connection.script(&trigger.sql(dialect))?;
    }
    for machine in machine::ALL {
        for one in machine.moves {
            let insert = "INSERT INTO transition (machine, from_state, to_state) VALUES ($1, $2, $3)";
            connection.run(insert, &[machine.table.into(), one.from.into(), one.to.into()])?;
        }
    }
    let origin = "0".repeat(64);
    connection
        .run(
            "INSERT INTO head (one, seq, epoch, at, hash) VALUES (1, 0, 0, 0, $1)",
            &[Cell::Text(origin)],
        )
        .map(drop)
}

/// The statements that make the tables and their indexes.
pub(crate) fn tables(dialect: Dialect) -> String {
    in_dialect(&(TABLES.to_owned() + &balances()), dialect)
}

/// Statements that make tables, as a database reads them. SQLite checks types only in strict tables, and calls its whole numbers otherwise.
pub fn in_dialect(sql: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => sql.replace("BIGINT", "INTEGER").replace("\n);", "\n) STRICT;"),
        Dialect::Postgres => sql.to_owned(),
    }
}

/// Every trigger.
pub(crate) fn triggers(dialect: Dialect) -> Vec<Trigger> {
    let mut all = money(dialect);
    all.extend(history(dialect));
    all.extend(machines(dialect));
    all
}

/// The accounts of each line and of each holder, never negative; a line's sum to what was appropriated.
fn balances() -> String {
    let column = |account: &Account| {
        format!("    {account} BIGINT NOT NULL DEFAULT 0 CHECK ({account} BETWEEN 0 AND 900000000000000000)")
    };
    let joined = |accounts: &[Account]| accounts.iter().map(column).collect::<Vec<_>>().join(",\n");
    let sum = Account::ALL
        .iter()
        .map(Account::to_string)
        .collect::<Vec<_>>()
        .join(" + ");
    format!(
        "CREATE TABLE line_balance (\n    line TEXT PRIMARY KEY REFERENCES line (id),\n    \
         appropriation BIGINT NOT NULL DEFAULT 0 CHECK (appropriation BETWEEN 0 AND 900000000000000000),\n{},\n    CHECK ({sum} = appropriation)\n);\n\
         CREATE TABLE holding (\n    line TEXT NOT NULL REFERENCES line (id),\n    holder TEXT NOT NULL,\n{},\n    PRIMARY KEY (line, holder)\n);\n\
         CREATE INDEX holding_holder ON holding (holder);\n",
        joined(&Account::ALL),
        joined(&Account::held().collect::<Vec<_>>()),
    )
}

/// Inserting a posting is the only way to move money.
fn money(dialect: Dialect) -> Vec<Trigger> {
    let moved = |account: &Account, condition: &str| {
        format!(
            "{account} = {account} + CASE WHEN NEW.to_account = '{account}'{to} THEN NEW.amount ELSE 0 END - CASE WHEN \
             NEW.from_account = '{account}'{from} THEN NEW.amount ELSE 0 END",
            to = condition.replace("{side}", "to"),
            from = condition.replace("{side}", "from"),
        )
    };
    let line: Vec<String> = Account::ALL.iter().map(|account| moved(account, "")).collect();
    let held: Vec<String> = Account::held()
        .map(|account| moved(&account, " AND NEW.{side}_holder = holder"))
        .collect();
    let outside = "appropriation = appropriation + CASE WHEN NEW.from_account = 'outside' THEN NEW.amount ELSE 0 END - CASE WHEN \
                   NEW.to_account = 'outside' THEN NEW.amount ELSE 0 END";
    let holder = |side: &str| {
        format!(
            "INSERT INTO holding (line, holder) SELECT NEW.line, NEW.{side}_holder WHERE NEW.{side}_holder IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM holding WHERE line = NEW.line AND holder = NEW.{side}_holder);"
        )
    };
    let body = format!(
        "{}\n{}\nUPDATE line_balance SET {outside}, {} WHERE line = NEW.line;\n\
         UPDATE holding SET {} WHERE line = NEW.line AND holder IN (NEW.to_holder, NEW.from_holder);",
        holder("to"),
        holder("from"),
        line.join(", "),
        held.join(", ")
    );
    let opened = "INSERT INTO line_balance (line) VALUES (NEW.id);";
    // What is promised for later years stays within what the authorisation allows.
    let over = "(SELECT coalesce(sum(amount), 0) FROM pledge WHERE fund = NEW.fund AND year = NEW.year AND live = 1) > \
                (SELECT amount FROM authorisation WHERE fund = NEW.fund AND year = NEW.year)";
    let pledged = refuse(dialect, over, "pledges exceed the authorisation");
    vec![
        Trigger::new("posting_moves_money", "AFTER INSERT", "posting", body),
        Trigger::new("line_has_balance", "AFTER INSERT", "line", opened),
        Trigger::new("pledge_is_authorised", "AFTER INSERT", "pledge", pledged.clone()),
        Trigger::new("authorisation_covers", "AFTER UPDATE", "authorisation", pledged),
    ]
}

/// Nobody changes what was.
fn history(dialect: Dialect) -> Vec<Trigger> {
    let mut all = Vec::new();
    for table in APPEND_ONLY {
        let body = refuse(dialect, "1 = 1", &format!("{table} only ever grows"));
        all.push(Trigger::new(
            format!("{table}_is_not_changed"),
            "BEFORE UPDATE",
            table,
            body.clone(),
        ));
        all.push(Trigger::new(
            format!("{table}_is_not_deleted"),
            "BEFORE DELETE",
            table,
            body,
        ));
    }
    let fact: &[&str] = &["id", "subject", "path", "valid_from", "known_from", "seq", "source"];
    let identifier: &[&str] = &["id", "scheme", "since", "subject"];
    for (table, kept) in [("fact", fact), ("identifier", identifier)] {
        all.extend(only_forgotten(dialect, table, kept));
    }
    all
}

/// What was said is never changed, but what it said about a person may be forgotten.
fn only_forgotten(dialect: Dialect, table: &'static str, kept: &[&str]) -> [Trigger; 2] {
    let kept: Vec<String> = kept
        .iter()
        .map(|column| format!("NEW.{column} <> OLD.{column}"))
        .collect();
    let changed = format!("{} OR NEW.value IS NOT NULL OR NEW.salt IS NOT NULL", kept.join(" OR "));
    let forgotten = refuse(dialect, &changed, &format!("what a {table} said is only forgotten"));
    let deleted = refuse(dialect, "1 = 1", &format!("{table} only ever grows"));
    [
        Trigger::new(format!("{table}_is_only_forgotten"), "BEFORE UPDATE", table, forgotten),
        Trigger::new(format!("{table}_is_not_deleted"), "BEFORE DELETE", table, deleted),
    ]
}

/// A row's state moves only as its machine does.
fn machines(dialect: Dialect) -> Vec<Trigger> {
    let mut all = Vec::new();
    for machine in machine::ALL {
        let table = machine.table;
        let starts: Vec<String> = machine.starts.iter().map(|state| format!("'{state}'")).collect();
        let begins = format!("NEW.state NOT IN ({})", starts.join(", "));
        let moves = format!(
            "NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM transition WHERE machine = '{table}' AND from_state = OLD.state AND \
             to_state = NEW.state)"
        );
        let reason = format!("{table}: no such move");
        let begins = refuse(dialect, &begins, &reason);
        let moves = refuse(dialect, &moves, &reason);
        all.push(Trigger::new(format!("{table}_begins"), "BEFORE INSERT", table, begins));
        all.push(Trigger::new(format!("{table}_moves"), "BEFORE UPDATE", table, moves));
        if !APPEND_ONLY.contains(&table) {
            let kept = refuse(dialect, "1 = 1", &format!("{table} keeps its rows"));
            all.push(Trigger::new(format!("{table}_is_kept"), "BEFORE DELETE", table, kept));
        }
    }
    all
}
