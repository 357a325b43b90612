//! Triggers that both databases understand: the same body in each one's wrapping.

use super::Dialect;

/// A trigger on a table: `when` is `AFTER INSERT`, `BEFORE UPDATE`…; `body` is statements that both databases read.
pub fn trigger(dialect: Dialect, name: &str, when: &str, table: &str, body: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("CREATE TRIGGER {name} {when} ON \"{table}\" FOR EACH ROW BEGIN\n{body}\nEND;\n"),
        Dialect::Postgres => {
            let row = if when.contains("DELETE") { "OLD" } else { "NEW" };
            format!(
                "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n{body}\nRETURN {row};\nEND $$;\n\
                 CREATE TRIGGER {name} {when} ON \"{table}\" FOR EACH ROW EXECUTE FUNCTION {name}();\n"
            )
        }
    }
}

/// A statement of a trigger that refuses where a condition holds.
pub fn refuse(dialect: Dialect, condition: &str, reason: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("SELECT RAISE(ABORT, '{reason}') WHERE {condition};"),
        Dialect::Postgres => format!("IF {condition} THEN RAISE EXCEPTION '{reason}'; END IF;"),
    }
}
