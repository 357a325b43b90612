//! What happened, in order: the office's outbox as CloudEvents 1.0. A reader keeps `next` and asks for what comes after it; it may see an
//! event more than once and never misses one.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use meed_office::people::Role;
use meed_office::store::{Cell, Field};
use meed_office::time::Instant;
use serde_json::{Value, json};

use super::rows::{MOST, USUAL};
use super::{bad, number};
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::posted::query;
use crate::routes::Route;
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(
        "/api/v1/events",
        Audience::Roles(&[Role::Machine, Role::Auditor]),
        events,
    )]
}

async fn events(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Response, Fault> {
    let asked = query(visit.uri.query());
    let one = |name: &str| asked.get(name).and_then(|values| values.first()).map(String::as_str);
    let limit = number(one("limit"), "limit", USUAL, MOST)?;
    let (seq, i) = place(one("after").unwrap_or("0.0"))?;
    let rows = portal
        .read(move |connection, _| {
            let sql = "SELECT outbox.seq, i, outbox.kind, target, body, log.at FROM outbox JOIN log ON log.seq = outbox.seq WHERE \
                       (outbox.seq, i) > ($1, $2) ORDER BY outbox.seq, i LIMIT ";
            connection.rows(&format!("{sql}{limit}"), &[seq.into(), i.into()])
        })
        .await?;
    let events = rows
        .iter()
        .map(|row| event(row))
        .collect::<Result<Vec<Value>, Fault>>()?;
    let next = events
        .last()
        .and_then(|event| event.get("id").cloned())
        .unwrap_or_else(|| format!("{seq}.{i}").into());
    Ok(Json(json!({"items": events, "next": next})).into_response())
}

fn place(text: &str) -> Result<(i64, i64), Fault> {
    let wrong = || {
        bad(
            "`after` is the id of an event, like 12.1",
            "after 应为事件编号，如 12.1",
        )
    };
    let (seq, i) = text.split_once('.').ok_or_else(wrong)?;
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| *number >= 0);
    number(seq).zip(number(i)).ok_or_else(wrong)
}

fn event(row: &[Cell]) -> Result<Value, Fault> {
    let [seq, i, kind, target, body, at] = row else {
        return Err(Fault::Broken("an event has another form".to_owned()));
    };
    let (seq, i) = (i64::from_cell(seq)?, i64::from_cell(i)?);
    Ok(json!({
        "specversion": "1.0", "id": format!("{seq}.{i}"), "source": "/api/v1/events",
        "type": format!("meed.{}", String::from_cell(kind)?), "subject": String::from_cell(target)?,
        "time": Instant::from_cell(at)?.to_string(), "datacontenttype": "application/json", "data": Value::from_cell(body)?,
    }))
}
