//! Rows of the office's tables: listed with a cursor, filtered by equal columns, or one by its key, with the digest that `If-Match` asks for.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use meed_facts::json::canonical;
use meed_office::log::{Protected, digest};
use meed_office::store::Cell;
use serde_json::{Map, Value, json};

use super::{bad, number};
use crate::access::{self, Audience, Viewer};
use crate::app::Portal;
use crate::fault::Fault;
use crate::posted::{Fields, query};
use crate::routes::Route;
use crate::visit::Visit;

/// How many rows are given at once, where nothing is said, and at most.
pub const USUAL: u32 = 50;
/// See [`USUAL`].
pub const MOST: u32 = 200;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/rows/{table}", Audience::Anyone, list),
        Route::get("/api/v1/rows/{table}/{*key}", Audience::Anyone, one),
    ]
}

/// The tables that can be read here.
pub fn tables() -> impl Iterator<Item = &'static Protected> {
    access::tables().filter_map(Protected::named)
}

/// The columns of a table that are shown: salts keep values from being guessed, so they stay inside.
pub fn columns(table: &Protected) -> impl Iterator<Item = (usize, &'static str)> {
    table
        .columns
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, column)| *column != "salt")
}

fn table(name: &str) -> Result<&'static Protected, Fault> {
    tables().find(|table| table.table == name).ok_or(Fault::Absent)
}

/// A row as JSON: whole numbers and amounts (in fen) as texts, so that no program reads them inexactly.
fn shown(table: &Protected, row: &[Cell], viewer: &Viewer) -> Value {
    let pair = |(index, column): (usize, &str)| {
        let value = row.get(index).map_or(Value::Null, Cell::to_json);
        let whole = access::sees_whole(viewer, table.table, column);
        (column.to_owned(), if whole { value } else { without_numbers(value) })
    };
    Value::Object(columns(table).map(pair).collect::<Map<_, _>>())
}

/// A cell without the numbers by which persons are known. A fact's value is JSON in a text.
fn without_numbers(value: Value) -> Value {
    match value {
        Value::String(text) => match text.trim_matches('"') {
            number if access::is_personal(number) => text.replace(number, &access::masked(number)).into(),
            _ => text.into(),
        },
        other => other,
    }
}

async fn list(State(portal): State<Arc<Portal>>, Path(name): Path<String>, visit: Visit) -> Result<Response, Fault> {
    let table = table(&name)?;
    let mut asked = query(visit.uri.query());
    let mut take = |name: &str| asked.remove(name).and_then(|values| values.into_iter().next());
    let limit = number(take("limit").as_deref(), "limit", USUAL, MOST)?;
    let after = take("after");
    take("lang");
    let search = Search::new(table, &visit.viewer, after.as_deref(), &asked, limit)?;
    let rows = portal
        .read(move |connection, _| connection.rows(&search.sql, &search.arguments))
        .await?;
    let whole = usize::try_from(limit).unwrap_or(usize::MAX);
    let shown_rows: Vec<Value> = rows
        .iter()
        .take(whole)
        .map(|row| shown(table, row, &visit.viewer))
        .collect();
    let next = (rows.len() > whole)
        .then(|| rows.get(whole.saturating_sub(1)).map(|row| cursor(table, row)))
        .flatten();
    Ok(Json(json!({"items": shown_rows, "next": next})).into_response())
}

/// A query over one table.
struct Search {
    sql: String,
    arguments: Vec<Cell>,
}

impl Search {
    fn new(
        table: &'static Protected,
        viewer: &Viewer,
        after: Option<&str>,
        equal: &Fields,
        limit: u32,
    ) -> Result<Self, Fault> {
        let mut arguments = Vec::new();
        let mut conditions = Vec::new();
        for (name, values) in equal {
            let (index, column) = columns(table).find(|(_, column)| column == name).ok_or_else(|| {
                let known: Vec<&str> = columns(table).map(|(_, column)| column).collect();
                let known = known.join(", ");
                bad(
                    format!("`{name}` is no column; the columns are {known}"),
                    format!("没有 `{name}` 这一列；可用的列：{known}"),
                )
            })?;
            if !access::sees_whole(viewer, table.table, column) {
                // Who may not read a number may not ask whose it is either.
                return Err(Fault::NotYours);
            }
            for value in values {
                arguments.push(cell(table, index, value)?);
                conditions.push(format!("{column} = ${}", arguments.len()));
            }
        }
        if let Some(after) = after {
            let key = key_of(table, after)?;
            let first = arguments.len();
            arguments.extend(key);
            let places: Vec<String> = (first..arguments.len())
                .map(|place| format!("${}", place.saturating_add(1)))
                .collect();
            conditions.push(format!("({}) > ({})", table.key.join(", "), places.join(", ")));
        }
        let seen = access::rows(viewer, table.table, arguments.len());
        arguments.extend(seen.arguments);
        conditions.push(seen.sql);
        let sql = format!(
            "SELECT {} FROM \"{}\" WHERE {} ORDER BY {} LIMIT {}",
            table.columns.join(", "),
            table.table,
            conditions.join(" AND "),
            table.key.join(", "),
            limit.saturating_add(1)
        );
        Ok(Self { sql, arguments })
    }
}

/// A text as a cell of a column.
fn cell(table: &Protected, index: usize, text: &str) -> Result<Cell, Fault> {
    if !table.numbers.get(index).copied().unwrap_or(false) {
        let clean = !text.contains('\0');
        return clean
            .then(|| text.into())
            .ok_or_else(|| bad("a text may not hold NUL", "文本不能含有 NUL 字符"));
    }
    let number = text.parse::<i64>();
    number
        .map(Cell::Int)
        .map_err(|_| bad(format!("`{text}` is no whole number"), format!("`{text}` 不是整数")))
}

/// Where a list goes on: the key of the last row, in hexadecimal digits.
fn cursor(table: &Protected, row: &[Cell]) -> String {
    let at = |name: &&str| table.columns.iter().position(|column| column == name);
    let key: Vec<Value> = table
        .key
        .iter()
        .filter_map(at)
        .filter_map(|index| row.get(index))
        .map(Cell::to_json)
        .collect();
    hex::encode(canonical(&Value::Array(key)))
}

fn key_of(table: &Protected, cursor: &str) -> Result<Vec<Cell>, Fault> {
    let wrong = || {
        bad(
            "`after` is no cursor of this list; take `next` of the page before",
            "after 不是此列表的游标，请使用上一页的 next",
        )
    };
    let parts: Vec<String> = hex::decode(cursor)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(wrong)?;
    if parts.len() != table.key.len() {
        return Err(wrong());
    }
    let index = |name: &str| table.columns.iter().position(|column| *column == name).unwrap_or(0);
    table
        .key
        .iter()
        .zip(&parts)
        .map(|(name, part)| cell(table, index(name), part).map_err(|_| wrong()))
        .collect()
}

async fn one(
    State(portal): State<Arc<Portal>>,
    Path((name, key)): Path<(String, String)>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let table = table(&name)?;
    let key: Vec<String> = key.split('/').map(str::to_owned).collect();
    let viewer = visit.viewer;
    let asking = viewer.clone();
    let row = portal
        .read(move |connection, _| {
            let Some(row) = table.row(connection, &key)? else {
                return Ok(None);
            };
            let seen = seen(connection, table, &asking, &row)?;
            Ok::<_, Fault>(seen.then_some(row))
        })
        .await?;
    let row = row.ok_or(Fault::Absent)?;
    let tag = format!("\"{}\"", digest(table.columns, &row));
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known == Some(tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    Ok(([(ETAG, tag)], Json(shown(table, &row, &viewer))).into_response())
}

/// Whether a visitor may see a row that is there.
fn seen(
    connection: &mut meed_office::store::Connection,
    table: &Protected,
    viewer: &Viewer,
    row: &[Cell],
) -> Result<bool, Fault> {
    let index = |name: &&str| table.columns.iter().position(|column| column == name);
    let mut arguments: Vec<Cell> = table
        .key
        .iter()
        .filter_map(index)
        .filter_map(|index| row.get(index))
        .cloned()
        .collect();
    let equal: Vec<String> = table
        .key
        .iter()
        .zip(1_usize..)
        .map(|(name, place)| format!("{name} = ${place}"))
        .collect();
    let condition = access::rows(viewer, table.table, arguments.len());
    arguments.extend(condition.arguments);
    let sql = format!(
        "SELECT 1 FROM \"{}\" WHERE {} AND {}",
        table.table,
        equal.join(" AND "),
        condition.sql
    );
    Ok(connection.one(&sql, &arguments)?.is_some())
}
