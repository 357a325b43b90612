//! What the application may do in the database: everything its commands need, and nothing that would rewrite history.

use super::{APPEND_ONLY, Cell, Connection, Dialect, StoreError};

/// The statements that give a role of PostgreSQL what a process of the office needs, for whoever owns the tables to run. The role changes no
/// row of a table that only grows, deletes nothing of the office's, and makes no tables: a new version's are made by their owner. Tables whose
/// names begin with `beside` are somebody else's in the same database, who deletes what is over.
///
/// # Errors
/// Where the database is not PostgreSQL, or its tables cannot be listed.
pub fn grants(connection: &mut Connection, role: &str, beside: &str) -> Result<String, StoreError> {
    if connection.dialect() != Dialect::Postgres {
        return Err(StoreError::Failed(
            "SQLite knows no roles: who may write the file may write all of it".to_owned(),
        ));
    }
    let role = quoted(role);
    let listed = "SELECT CAST(table_name AS TEXT), CAST(table_schema AS TEXT) FROM information_schema.tables \
                  WHERE table_schema = current_schema() ORDER BY table_name";
    let mut sql = String::new();
    for row in connection.rows(listed, &[])? {
        let [Cell::Text(table), Cell::Text(schema)] = row.as_slice() else {
            continue;
        };
        if sql.is_empty() {
            sql.push_str(&format!("GRANT USAGE ON SCHEMA {} TO {role};\n", quoted(schema)));
        }
        let rights = match table.as_str() {
            // How the database itself works is read.
            "transition" => "SELECT",
            table if table.ends_with("migration") => "SELECT",
            table if APPEND_ONLY.contains(&table) => "SELECT, INSERT",
            table if table.starts_with(beside) => "SELECT, INSERT, UPDATE, DELETE",
            _ => "SELECT, INSERT, UPDATE",
        };
        let place = format!("{}.{}", quoted(schema), quoted(table));
        sql.push_str(&format!(
            "REVOKE ALL ON {place} FROM {role};\nGRANT {rights} ON {place} TO {role};\n"
        ));
    }
    Ok(sql)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
