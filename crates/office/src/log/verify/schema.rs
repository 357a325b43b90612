//! The schema: tables, constraints, indexes and triggers are those that this version makes.
//!
//! SQLite keeps the text of each, which is compared with that of a new database. PostgreSQL keeps triggers and their functions, which are
//! compared; of constraints it is compared how many each table has of each kind, of indexes what they are for. The portal keeps tables of its
//! own beside the office's; they may be there, with their indexes and constraints, and nothing else of them may.

use std::collections::BTreeSet;

use super::pages;
use crate::log::{Finding, Report};
use crate::store::{Cell, Connection, Dialect, StoreError, migrate, tables, triggers};

/// A part of a schema: its table, what it is, and all that is compared of it.
type Piece = (String, String, String);

/// Tells what the schema has too little or too much.
pub(super) fn compare(connection: &mut Connection, report: &mut Report) -> Result<(), StoreError> {
    let (wanted, found) = match connection.dialect() {
        Dialect::Sqlite => {
            let mut made = Connection::open("sqlite::memory:")?;
            migrate(&mut made)?;
            (sqlite(&mut made)?, sqlite(connection)?)
        }
        Dialect::Postgres => (ours(), postgres(connection)?),
    };
    for (table, name, _) in wanted.difference(&found) {
        let (en, zh) = (
            format!("{name} of {table} is missing or is another: the database does not refuse what it must"),
            format!("{table} 的 {name} 缺失或不同：数据库无法拒绝本应拒绝的写入"),
        );
        report.push(Finding::new("schema.missing", table, name, en, zh));
    }
    for (table, name, _) in found.difference(&wanted).filter(|piece| !beside(piece)) {
        let (en, zh) = (
            format!("{name} of {table} was not made by this version"),
            format!("{table} 的 {name} 不是本版本所建"),
        );
        report.push(Finding::new("schema.extra", table, name, en, zh));
    }
    Ok(())
}

/// Whether a piece is the portal's: sessions, credentials, drafts, on which no decision rests. A trigger never is: it could write elsewhere.
fn beside((table, name, _): &Piece) -> bool {
    let kind = name.split(' ').next().unwrap_or_default();
    table.starts_with("portal_") && matches!(kind, "table" | "index" | "constraints")
}

fn sqlite(connection: &mut Connection) -> Result<BTreeSet<Piece>, StoreError> {
    let sql = "SELECT tbl_name, type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'";
    pieces(connection, sql)
}

fn pieces(connection: &mut Connection, sql: &str) -> Result<BTreeSet<Piece>, StoreError> {
    let piece = |row: &Vec<Cell>| match row.as_slice() {
        [Cell::Text(table), Cell::Text(name), Cell::Text(told)] => (table.clone(), name.clone(), told.clone()),
        other => (String::new(), String::new(), pages::told(other)),
    };
    Ok(connection.rows(sql, &[])?.iter().map(piece).collect())
}

/// What stands in the catalogue of PostgreSQL.
fn postgres(connection: &mut Connection) -> Result<BTreeSet<Piece>, StoreError> {
    let here = "relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())";
    let queries = [
        format!(
            "SELECT relname, 'constraints ' || contype::text, count(*)::text FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid \
             WHERE {here} AND contype IN ('p', 'u', 'f', 'c') AND convalidated GROUP BY relname, contype"
        ),
        format!(
            "SELECT pg_class.relname, 'index ' || made.relname, indisunique::text || ' ' || (indpred IS NOT NULL)::text FROM pg_index \
             JOIN pg_class ON pg_class.oid = indrelid JOIN pg_class AS made ON made.oid = indexrelid WHERE pg_class.{here} AND indisvalid \
             AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
        ),
        format!(
            "SELECT relname, 'trigger ' || tgname, tgtype::text || ' ' || tgenabled::text || ' ' || (tgqual IS NOT NULL)::text || ' ' \
             || proname || prosrc FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid \
             WHERE {here} AND NOT tgisinternal"
        ),
        format!(
            "SELECT relname, 'disabled trigger ' || tgname, tgenabled::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid \
             WHERE {here} AND tgisinternal AND tgenabled <> 'O'"
        ),
        "SELECT tablename, 'rule ' || rulename, definition FROM pg_rules WHERE schemaname = current_schema()"
            .to_owned(),
    ];
    let mut found = BTreeSet::new();
    for sql in &queries {
        found.append(&mut pieces(connection, sql)?);
    }
    Ok(found)
}

/// The same as this version makes it.
fn ours() -> BTreeSet<Piece> {
    let mut wanted = BTreeSet::from([constraints("migration", "p", 1)]);
    let sql = tables(Dialect::Postgres);
    let lines: Vec<&str> = sql.lines().filter(|line| !line.starts_with("--")).collect();
    for statement in lines.join("\n").split(";\n").map(str::trim) {
        let named = |keyword| {
            let rest: &str = statement.strip_prefix(keyword)?;
            Some(rest.split_whitespace().next()?.trim_matches('"'))
        };
        if let Some(table) = named("CREATE TABLE ") {
            let words = [
                ("c", "CHECK ("),
                ("f", "REFERENCES "),
                ("p", "PRIMARY KEY"),
                ("u", "UNIQUE"),
            ];
            let counted = words.map(|(kind, word)| (kind, statement.matches(word).count()));
            let some = counted.into_iter().filter(|(_, count)| *count > 0);
            wanted.extend(some.map(|(kind, count)| constraints(table, kind, count)));
        }
        for (keyword, unique) in [("CREATE UNIQUE INDEX ", true), ("CREATE INDEX ", false)] {
            if let Some(name) = named(keyword) {
                let table = statement.split(" ON ").nth(1).and_then(|rest| rest.split(' ').next());
                let table = table.unwrap_or_default().trim_matches('"').to_owned();
                let told = format!("{unique} {}", statement.contains("WHERE"));
                wanted.insert((table, format!("index {name}"), told));
            }
        }
    }
    for trigger in triggers(Dialect::Postgres) {
        // The bits of pg_trigger.tgtype: 1 for each row, 2 before, 4 insert, 8 delete, 16 update.
        let kind = match trigger.when {
            "BEFORE INSERT" => 7,
            "BEFORE UPDATE" => 19,
            "BEFORE DELETE" => 11,
            "AFTER UPDATE" => 17,
            _ => 5,
        };
        let told = format!("{kind} O false {}{}", trigger.name, trigger.function());
        wanted.insert((trigger.table.to_owned(), format!("trigger {}", trigger.name), told));
    }
    wanted
}

fn constraints(table: &str, kind: &str, count: usize) -> Piece {
    (table.to_owned(), format!("constraints {kind}"), count.to_string())
}
