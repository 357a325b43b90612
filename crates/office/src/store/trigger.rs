//! Triggers that both databases understand: the same body in each one's wrapping.

use super::Dialect;

/// A trigger on a table.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    /// Its name, and its function's.
    pub name: String,
    /// `AFTER INSERT`, `BEFORE UPDATE`…
    pub when: &'static str,
    /// The table.
    pub table: &'static str,
    /// Statements that both databases read.
    pub body: String,
}

impl Trigger {
    /// A trigger.
    pub fn new(name: impl Into<String>, when: &'static str, table: &'static str, body: impl Into<String>) -> Self {
        let (name, body) = (name.into(), body.into());
        Self {
            name,
            when,
            table,
            body,
        }
    }

    /// The statements that make it.
    pub fn sql(&self, dialect: Dialect) -> String {
        let Self { name, when, table, .. } = self;
        match dialect {
            Dialect::Sqlite => format!(
                "CREATE TRIGGER {name} {when} ON \"{table}\" FOR EACH ROW BEGIN\n{}\nEND;\n",
                self.body
            ),
            Dialect::Postgres => format!(
                "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${}$$;\n\
                 CREATE TRIGGER {name} {when} ON \"{table}\" FOR EACH ROW EXECUTE FUNCTION {name}();\n",
                self.function()
            ),
        }
    }

    /// The body of its function in PostgreSQL, as the database keeps it.
    pub fn function(&self) -> String {
        let row = if self.when.contains("DELETE") { "OLD" } else { "NEW" };
        format!(" BEGIN\n{}\nRETURN {row};\nEND ", self.body)
    }
}

/// A statement of a trigger that refuses where a condition holds.
pub(crate) fn refuse(dialect: Dialect, condition: &str, reason: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("SELECT RAISE(ABORT, '{reason}') WHERE {condition};"),
        Dialect::Postgres => format!("IF {condition} THEN RAISE EXCEPTION '{reason}'; END IF;"),
    }
}
