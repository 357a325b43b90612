//! `meed office show`: rows of the office's tables.

use meed_facts::json::canonical;
use meed_office::log::PROTECTED;
use meed_office::office::Office;
use meed_office::store::Cell;
use meed_syntax::diagnostic::Message;
use serde_json::{Map, Value};

use super::{Format, unusable};
use crate::answer::{Answer, Result};
use crate::input;

/// Rows of one of the office's tables; without a table, their names
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The table: `case`, `award`, `line`, `decision`…
    table: Option<String>,
    /// Only rows whose columns have these values: `state=proposed`
    #[arg(value_name = "COLUMN=VALUE")]
    equal: Vec<String>,
}

impl Args {
    pub fn run(self, office: &Office, person: &str, format: Format) -> Result {
        let Some(name) = self.table else {
            let names: Vec<&str> = PROTECTED
                .iter()
                .map(|table| table.table)
                .chain(["line_balance", "holding", "log"])
                .collect();
            return Ok(Answer::fine(format!("{}\n", names.join("\n"))));
        };
        let table = PROTECTED.iter().find(|table| table.table == name);
        let (columns, derived): (Vec<String>, bool) = match table {
            Some(table) => (table.columns.iter().map(|column| (*column).to_owned()).collect(), false),
            None => (derived(&name)?, true),
        };
        let mut conditions = Vec::new();
        let mut arguments = Vec::new();
        for one in &self.equal {
            let (column, value) = one.split_once('=').unwrap_or((one, ""));
            let known = columns.iter().find(|known| *known == column);
            let known = known.ok_or_else(|| {
                input::unknown(
                    &Message::new("column", "列"),
                    column,
                    columns.iter().map(String::as_str),
                )
            })?;
            arguments.push(Cell::Text(value.to_owned()));
            let equal = format!("CAST({known} AS TEXT) = ${}", arguments.len());
            // Whether a row is found would tell what it holds.
            conditions.push(match whose(&name, known) {
                Some(condition) => {
                    arguments.push(Cell::Text(person.to_owned()));
                    let condition = condition.replace("$P", &format!("${}", arguments.len()));
                    format!("({condition}) AND {equal}")
                }
                None => equal,
            });
        }
        let filter = if conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", conditions.join(" AND "))
        };
        let order = if derived { "1" } else { "1, 2" };
        let shown: Vec<String> = columns
            .iter()
            .map(|column| match whose(&name, column) {
                Some(condition) => {
                    arguments.push(Cell::Text(person.to_owned()));
                    let condition = condition.replace("$P", &format!("${}", arguments.len()));
                    format!("CASE WHEN {condition} THEN {column} END AS {column}")
                }
                None => column.clone(),
            })
            .collect();
        let sql = format!("SELECT {} FROM \"{name}\"{filter} ORDER BY {order}", shown.join(", "));
        let rows = office
            .reader()
            .and_then(|mut reader| reader.rows(&sql, &arguments))
            .map_err(|error| unusable(&error))?;
        Ok(Answer::fine(match format {
            Format::Json => rows
                .iter()
                .map(|row| format!("{}\n", canonical(&object(&columns, row))))
                .collect(),
            Format::Text => text(&columns, &rows),
        }))
    }
}

/// For whom a column is shown that is not everybody's to see, as a condition on the row and on who asks, `$P`; `None` where it is. That keeps a plain look
/// from telling; who holds the database holds all of it.
fn whose(table: &str, column: &str) -> Option<&'static str> {
    match (table, column) {
        ("review", "score" | "note") => Some("state = 'final' OR reviewer = $P"),
        ("objector", "person" | "name") => {
            Some("person = $P OR EXISTS (SELECT 1 FROM duty WHERE duty.person = $P AND duty.role = 'auditor')")
        }
        ("account", "number") => Some(
            "EXISTS (SELECT 1 FROM duty WHERE duty.person = $P AND duty.role IN ('registrar', 'preparer', 'releaser', 'auditor'))",
        ),
        _ => None,
    }
}

fn derived(name: &str) -> Result<Vec<String>> {
    use meed_office::ledger::Account;
    let accounts = |held: bool| -> Vec<String> {
        let all = Account::ALL
            .into_iter()
            .filter(|one| !held || Account::held().any(|other| other == *one));
        all.map(|account| account.to_string()).collect()
    };
    let columns = |first: &[&str], held| {
        first
            .iter()
            .map(|one| (*one).to_owned())
            .chain(accounts(held))
            .collect()
    };
    match name {
        "line_balance" => Ok(columns(&["line", "appropriation"], false)),
        "holding" => Ok(columns(&["line", "holder"], true)),
        "log" => Ok(["seq", "at", "person", "kind", "payload", "hash"]
            .map(str::to_owned)
            .to_vec()),
        _ => {
            let known = PROTECTED
                .iter()
                .map(|table| table.table)
                .chain(["line_balance", "holding", "log"]);
            Err(input::unknown(&Message::new("table", "表"), name, known))
        }
    }
}

fn object(columns: &[String], row: &[Cell]) -> Value {
    let pairs = columns.iter().cloned().zip(row.iter().map(Cell::to_json));
    Value::Object(pairs.collect::<Map<String, Value>>())
}

fn text(columns: &[String], rows: &[Vec<Cell>]) -> String {
    let line = |cells: Vec<String>| format!("{}\n", cells.join("\t"));
    let told = |cell: &Cell| match cell {
        Cell::Null => String::new(),
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    };
    let head = line(columns.to_vec());
    rows.iter()
        .fold(head, |text, row| text + &line(row.iter().map(told).collect()))
}
