//! Acts: a command is given under the sender's `Idempotency-Key`, so that it is done once however often it arrives, and under `If-Match`, so
//! that it is done only on the row that its sender saw.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use axum::response::{IntoResponse, Response};
use meed_office::command::{Act, Command, Form, Kind, Outcome, Seen, forms};
use meed_office::log::sha256;
use serde_json::{Value, json};

use super::bad;
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/acts", Audience::Anyone, list),
        Route::post("/api/v1/acts/{module}/{act}", Audience::SignedIn, give),
    ]
}

/// Every act with its fields.
async fn list() -> Response {
    Json(json!({"items": forms()})).into_response()
}

async fn give(
    State(portal): State<Arc<Portal>>,
    Path((module, act)): Path<(String, String)>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Fault> {
    let kind = format!("{module}.{act}");
    let (form, person) = visit.giving(&kind)?;
    let key = headers
        .get("idempotency-key")
        .and_then(|key| key.to_str().ok())
        .filter(|key| (1..=200).contains(&key.len()));
    let key = key.ok_or(Fault::Required("Idempotency-Key"))?;
    let fields = texts(form, &super::json(&body)?)?;
    let seen = seen(form, &fields, &headers)?;
    let act = Act::from_fields(&kind, &fields).map_err(|errors| {
        let told = |pick: fn(&meed_syntax::diagnostic::Message) -> &str| {
            errors
                .0
                .iter()
                .map(|error| format!("{}: {}", error.field, pick(&error.message)))
                .collect::<Vec<_>>()
                .join("; ")
        };
        bad(told(|message| &message.en), told(|message| &message.zh))
    })?;
    // The key is the sender's own: another person's same key is another command.
    let id = format!("api-{}", sha256(format!("{person}\0{key}").as_bytes()));
    match portal.submit(Command::new(id, person, act).having_seen(seen)).await? {
        Outcome::Accepted { seq, result } => {
            Ok(Json(json!({"seq": seq.to_string(), "result": result})).into_response())
        }
        Outcome::Denied { reason, .. } => Err(Fault::Denied(reason)),
        Outcome::Undecided { reason, .. } => Err(Fault::Undecided(reason)),
    }
}

/// The row that the sender saw: an act on one asks for it.
fn seen(form: &Form, fields: &BTreeMap<String, Vec<String>>, headers: &HeaderMap) -> Result<Vec<Seen>, Fault> {
    let Some(table) = form.target else {
        return Ok(Vec::new());
    };
    let given = headers.get(IF_MATCH).and_then(|value| value.to_str().ok());
    let digest = given.ok_or(Fault::Required("If-Match"))?.trim_matches('"').to_owned();
    let Some(key) = form.key(fields) else {
        return Ok(Vec::new());
    };
    Ok(vec![Seen {
        table: table.to_owned(),
        key,
        digest,
    }])
}

/// The fields of a body as texts, as forms send them.
fn texts(form: &Form, body: &Value) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let object = body
        .as_object()
        .ok_or_else(|| bad("the body is an object of fields", "请求体应为由各项组成的对象"))?;
    let whole = |name: &str| {
        form.fields
            .iter()
            .any(|field| field.name == name && matches!(field.kind, Kind::Json | Kind::Files))
    };
    let one = |name: &str, value: &Value| match value {
        Value::String(text) if !whole(name) => text.clone(),
        other => other.to_string(),
    };
    let of = |(name, value): (&String, &Value)| {
        let values = match value {
            Value::Null => Vec::new(),
            Value::Array(items) if !whole(name) => items.iter().map(|item| one(name, item)).collect(),
            other => vec![one(name, other)],
        };
        (name.clone(), values)
    };
    Ok(object.iter().map(of).collect())
}
