//! Simulations for programs, under `/api/v1`: asked for by the fields of the form, looked at until they have ended, and their files.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use meed_syntax::diagnostic::Message;
use serde_json::{Map, Value, json};

use super::ask::put;
use super::asked::Asked;
use super::desk::{Simulated, State as Stage};
use super::fetch::file;
use super::kept;
use crate::access::{ANALYSIS, Audience};
use crate::app::Portal;
use crate::fault::Fault;
use crate::posted::Fields;
use crate::routes::Route;
use crate::visit::Visit;

/// What may be asked for: the fields of the form.
pub const FIELDS: &[&str] = &[
    "policy",
    "against",
    "on",
    "people",
    "kind",
    "size",
    "seed",
    "document",
    "text",
    "parameter",
    "value",
    "reform_on",
    "step",
    "by",
];

pub(super) fn routes() -> Vec<Route> {
    let audience = Audience::Roles(ANALYSIS);
    vec![
        Route::post("/api/v1/simulations", audience, make),
        Route::get("/api/v1/simulations/{id}", audience, look),
        Route::get("/api/v1/simulations/{id}/files/{file}", audience, file),
    ]
}

async fn make(State(portal): State<Arc<Portal>>, visit: Visit, body: Bytes) -> Result<Json<Value>, Fault> {
    let asked = Asked::new(fields(&body)?);
    match put(&portal, &visit, &asked).await? {
        Ok(id) => {
            let simulated = kept(&portal, &visit, &id.to_string())?;
            Ok(Json(told(&simulated)))
        }
        Err(wrong) => {
            let all = |pick: fn(&Message) -> &str| {
                let each = wrong.iter().map(|(field, why)| format!("{field}: {}", pick(why)));
                each.collect::<Vec<_>>().join("; ")
            };
            Err(Fault::Bad(Message::new(all(|why| &why.en), all(|why| &why.zh))))
        }
    }
}

/// The fields of a body, each a text.
fn fields(body: &[u8]) -> Result<Fields, Fault> {
    let bad = |en: String, zh: String| Fault::Bad(Message::new(en, zh));
    let object: Map<String, Value> = serde_json::from_slice(body).map_err(|error| {
        bad(
            format!("the body is no object: {error}"),
            format!("请求体不是对象：{error}"),
        )
    })?;
    let mut fields = Fields::new();
    for (name, value) in object {
        match value {
            Value::String(text) if FIELDS.contains(&name.as_str()) => {
                fields.insert(name, vec![text]);
            }
            _ => {
                return Err(bad(
                    format!("`{name}` is no text of: {}", FIELDS.join(", ")),
                    format!("`{name}` 不是以下各项的文本：{}", FIELDS.join("、")),
                ));
            }
        }
    }
    Ok(fields)
}

async fn look(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Json<Value>, Fault> {
    Ok(Json(told(&*kept(&portal, &visit, &id)?)))
}

/// How far it is, and what it found.
fn told(simulated: &Simulated) -> Value {
    let (done, all) = simulated.rows();
    let mut told = json!({
        "id": simulated.id.to_string(), "policy": simulated.about.policy, "title": simulated.about.title,
        "rows": {"done": done.to_string(), "all": all.to_string()},
    });
    let parts = match simulated.state() {
        Stage::Waiting => json!({"state": "waiting"}),
        Stage::Running => json!({"state": "running"}),
        Stage::Failed(why) => json!({"state": "failed", "why": {"en": why.en, "zh": why.zh}}),
        Stage::Done(found) => json!({"state": "done", "report": found.report, "files": found.files}),
    };
    if let (Some(told), Value::Object(parts)) = (told.as_object_mut(), parts) {
        told.extend(parts);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_an_object_of_texts_that_the_form_knows() {
        assert_eq!(fields(br#"{"policy": "p", "size": "10"}"#).unwrap().len(), 2);
        for wrong in ["[]", "{", r#"{"size": 10}"#, r#"{"csrf": "x"}"#] {
            assert!(matches!(fields(wrong.as_bytes()), Err(Fault::Bad(_))), "{wrong}");
        }
    }
}
