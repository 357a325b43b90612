//! Open data: what is public, as CSV and JSON, with what each column means. A demonstration's rows say that they are synthetic.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::html;
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_facts::money::Money;
use meed_office::setup::Setup;
use meed_office::store::Connection;
use meed_office::tx::Tx;
use serde_json::{Map, Value, json};

use super::holders::{TitleNames, holder};
use super::notices;
use super::policies::is_current;
use super::shelf::published;
use super::statistics::compute;
use super::titles::{Standing, public};
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Table, section};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/data", Audience::Anyone, about),
        Route::get("/data/{file}", Audience::Anyone, download),
    ]
}

/// A table that can be downloaded: its name and its columns, in order.
pub const TABLES: &[(&str, &[&str])] = &[
    (
        "policies",
        &[
            "package",
            "version",
            "path",
            "number",
            "title_zh",
            "title_en",
            "issuer_zh",
            "in_force_from",
            "in_force_until",
            "source",
            "clauses",
            "rules",
        ],
    ),
    (
        "titles",
        &[
            "id",
            "holder",
            "number",
            "title",
            "title_zh",
            "title_en",
            "level",
            "granted",
            "until",
            "state",
            "certificate",
        ],
    ),
    (
        "notices",
        &[
            "list",
            "case",
            "holder",
            "number",
            "measure",
            "measure_zh",
            "measure_en",
            "object",
            "amount",
            "public_since",
            "public_until",
        ],
    ),
    ("figures", &["topic", "code", "label_zh", "label_en", "value"]),
];

/// The cells of a row, in the order of its table's columns; nothing where there is none.
type Cells = Vec<Option<String>>;

async fn about(visit: Visit) -> Page {
    let body = html! {
        h1 { (visit.t("data-title")) }
        p.lead { (visit.t("data-lead")) }
        @if visit.demo { p.note { (visit.t("data-synthetic")) } }
        @for (table, columns) in TABLES {
            (section(visit.t(&format!("data-{table}")), html! {
                p { a href={ "/data/" (table) ".csv" } { "CSV" } " · " a href={ "/data/" (table) ".json" } { "JSON" } }
                (described(&visit, table, columns).show(&visit))
            }))
        }
        p.faint { (visit.t("data-form")) }
    };
    Page::new(visit.t("data-title"), body)
}

fn described(visit: &Visit, table: &str, columns: &[&str]) -> Table {
    // Regions of one page are told apart by their names.
    let name = visit.t(&format!("data-{table}"));
    let mut table = Table::new(format!("{} · {name}", visit.t("data-columns")))
        .head(visit.t("data-column"))
        .head(visit.t("data-meaning"));
    for column in columns.iter().chain(&["synthetic"]) {
        table.row([html! { code { (column) } }, html! { (visit.t(&key(column))) }]);
    }
    table
}

/// The key of what a column means.
fn key(column: &str) -> String {
    format!("column-{}", column.replace('_', "-"))
}

async fn download(State(portal): State<Arc<Portal>>, Path(file): Path<String>) -> Result<Response, Fault> {
    let (name, form) = file.split_once('.').ok_or(Fault::Absent)?;
    let (table, columns) = TABLES.iter().find(|(table, _)| *table == name).ok_or(Fault::Absent)?;
    let (on, demo) = (portal.today()?, portal.is_demo());
    let rows = portal
        .read(move |connection, setup| rows(connection, setup, table, on))
        .await?;
    let (kind, text) = match form {
        "csv" => ("text/csv; charset=utf-8", csv(columns, &rows, demo)),
        "json" => ("application/json", json(table, columns, &rows, (on, demo))),
        _ => return Err(Fault::Absent),
    };
    let label = if demo { "-synthetic" } else { "" };
    let shown = format!("attachment; filename=\"{table}-{on}{label}.{form}\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, shown)], text).into_response())
}

fn rows(connection: &mut Connection, setup: &Setup, table: &str, on: Date) -> Result<Vec<Cells>, Fault> {
    match table {
        "policies" => policies(connection),
        "titles" => titles(connection, setup, on),
        "notices" => announced(connection, setup),
        _ => figures(connection, setup, on),
    }
}

fn policies(connection: &mut Connection) -> Result<Vec<Cells>, Fault> {
    let mut rows = Vec::new();
    for one in published(connection)?.iter().filter(|one| is_current(one)) {
        for sheet in one.shelf.sheets.iter().filter(|sheet| sheet.is_legal()) {
            let (about, text) = (&sheet.about, |label: &Option<Arc<str>>| {
                label.as_deref().map(str::to_owned)
            });
            let rules: usize = sheet.clauses.iter().map(|clause| clause.rules.len()).sum();
            rows.push(vec![
                Some(one.policy.name.clone()),
                Some(one.policy.version.clone()),
                Some(about.path.to_string()),
                about.number.as_deref().map(str::to_owned),
                text(&about.title.zh),
                text(&about.title.en),
                text(&about.issuer.zh),
                about.in_force.from.map(|day| day.to_string()),
                about.in_force.until.map(|day| day.to_string()),
                Some(format!("{:?}", about.source).to_lowercase()),
                Some(
                    sheet
                        .clauses
                        .iter()
                        .filter(|clause| clause.heading().is_some())
                        .count()
                        .to_string(),
                ),
                Some(rules.to_string()),
            ]);
        }
    }
    Ok(rows)
}

fn titles(connection: &mut Connection, setup: &Setup, on: Date) -> Result<Vec<Cells>, Fault> {
    let mut tx = Tx::reading(connection, setup)?;
    let names = TitleNames::read(&mut tx)?;
    let mut rows = Vec::new();
    for one in public(&mut tx, on)?.iter() {
        let who = holder(&mut tx, &one.subject)?;
        rows.push(vec![
            Some(one.id.clone()),
            who.name,
            who.number,
            Some(one.title.clone()),
            Some(names.title(Lang::Zh, &one.title).to_owned()),
            Some(names.title(Lang::En, &one.title).to_owned()),
            one.level.clone(),
            one.granted.map(|day| day.to_string()),
            one.ends().map(|day| day.to_string()),
            Some(Standing::of(one, on).name().to_owned()),
            one.certificate.clone(),
        ]);
    }
    Ok(rows)
}

fn announced(connection: &mut Connection, setup: &Setup) -> Result<Vec<Cells>, Fault> {
    let mut rows = Vec::new();
    for notice in notices::public(connection, setup, None)? {
        for row in notice.rows {
            let label = |lang| {
                row.label
                    .as_ref()
                    .map(|label| label.text(lang, &row.measure).to_owned())
            };
            rows.push(vec![
                Some(notice.list.id.clone()),
                Some(row.case.clone()),
                row.holder.name.clone(),
                row.holder.number.clone(),
                Some(row.measure.clone()),
                label(Lang::Zh),
                label(Lang::En),
                (!row.object.is_empty()).then(|| row.object.clone()),
                row.amount.map(Money::to_decimal),
                row.since.map(|day| day.to_string()),
                Some(row.until.to_string()),
            ]);
        }
    }
    Ok(rows)
}

fn figures(connection: &mut Connection, setup: &Setup, on: Date) -> Result<Vec<Cells>, Fault> {
    let mut rows = Vec::new();
    for series in compute(connection, setup, on)?.iter() {
        for point in &series.points {
            let label = |lang| Some(point.label(lang).to_owned());
            let topic = Some(series.topic.name().to_owned());
            let (code, value) = (Some(point.code.clone()), Some(series.shown(point.value)));
            rows.push(vec![topic, code, label(Lang::Zh), label(Lang::En), value]);
        }
    }
    Ok(rows)
}

/// RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe.
fn csv(columns: &[&str], rows: &[Cells], demo: bool) -> String {
    let mut text = columns.join(",");
    text.push_str(",synthetic\r\n");
    for row in rows {
        let cells = row.iter().map(|cell| quoted(cell.as_deref().unwrap_or_default()));
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        text.push_str(if demo { ",true\r\n" } else { ",false\r\n" });
    }
    text
}

fn quoted(cell: &str) -> String {
    let number = cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.'));
    let formula = !number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if formula { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

fn json(table: &str, columns: &[&str], rows: &[Cells], (on, demo): (Date, bool)) -> String {
    let object = |row: &Cells| {
        let both = columns.iter().zip(row);
        Value::Object(
            both.map(|(name, cell)| ((*name).to_owned(), cell.clone().into()))
                .collect::<Map<_, _>>(),
        )
    };
    let rows: Vec<Value> = rows.iter().map(object).collect();
    let whole = json!({"table": table, "as_of": on.to_string(), "synthetic": demo, "columns": columns, "rows": rows});
    format!("{whole}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    #[test]
    fn a_cell_is_no_formula_and_cannot_leave_its_column() {
        assert_eq!(quoted("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(quoted("a,b"), "\"a,b\"");
        assert_eq!(quoted("-500.00"), "-500.00");
        assert_eq!(quoted("-a"), "'-a");
    }

    #[test]
    fn every_table_and_column_has_words() {
        for lang in [Lang::Zh, Lang::En] {
            for (table, columns) in TABLES {
                let tables = std::iter::once(format!("data-{table}"));
                for key in tables.chain(columns.iter().map(|column| key(column))) {
                    assert!(Words::new(lang).known(&key).is_some(), "{key}");
                }
            }
            assert!(Words::new(lang).known(&key("synthetic")).is_some());
        }
    }
}
