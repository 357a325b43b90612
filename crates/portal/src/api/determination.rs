//! One determination: facts come along, verdicts with their explanations go back, nothing is stored and nobody signs in.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use meed_engine::words;
use meed_facts::date::Date;
use meed_facts::json::{canonical, schema_json};
use meed_office::policies::{Policy, program, published};
use meed_office::tx::Tx;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::bad;
use crate::access::Audience;
use crate::app::Portal;
use crate::determined::determine;
use crate::fault::Fault;
use crate::routes::Route;
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/determinations", Audience::Anyone, determination),
        Route::get("/api/v1/schemas/{package}", Audience::Anyone, schema),
    ]
}

/// What is asked. The facts stay text until they are read exactly.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked<'a> {
    /// The package; needed where several are published.
    package: Option<String>,
    /// The day; today where it is left out.
    on: Option<String>,
    /// One measure or service alone.
    measure: Option<String>,
    #[serde(borrow)]
    facts: &'a RawValue,
}

async fn determination(State(portal): State<Arc<Portal>>, body: Bytes) -> Result<Response, Fault> {
    let told = portal
        .read(move |connection, setup| {
            let asked: Asked<'_> = serde_json::from_slice(&body).map_err(|error| {
                bad(
                    format!("{error}; write {{\"on\": \"2023-12-01\", \"facts\": {{\"enterprise\": {{…}}}}}}"),
                    format!("{error}；请写成 {{\"on\": \"2023-12-01\", \"facts\": {{\"enterprise\": {{…}}}}}}"),
                )
            })?;
            let mut tx = Tx::reading(connection, setup)?;
            let on = asked.on.as_deref().map_or(Ok(tx.today), day)?;
            let policy = policy(&mut tx, asked.package.as_deref())?;
            let program = program(&mut tx, &policy, on)?;
            determine(&program, asked.facts.get(), |evaluator, determination| {
                let mut kept = determination.clone();
                if let Some(measure) = &asked.measure {
                    kept.keep_only(measure);
                }
                canonical(&words::to_json(evaluator, &kept))
            })
        })
        .await?;
    Ok(([(CONTENT_TYPE, "application/json")], told).into_response())
}

fn day(text: &str) -> Result<Date, Fault> {
    Date::parse(text).map_err(|error| {
        bad(
            format!("on: {error}; write a date like 2023-12-01"),
            format!("on：{error}；请写成 2023-12-01"),
        )
    })
}

/// The published package of a name, or the only one.
fn policy(tx: &mut Tx<'_>, name: Option<&str>) -> Result<Policy, Fault> {
    let mut policies = published(tx)?;
    match name {
        Some(name) => policies
            .into_iter()
            .find(|policy| policy.name == name)
            .ok_or(Fault::Absent),
        None if policies.len() == 1 => policies.pop().ok_or(Fault::Absent),
        None => {
            let names: Vec<&str> = policies.iter().map(|policy| policy.name.as_str()).collect();
            let names = names.join(", ");
            Err(bad(
                format!("name one of the published packages: {names}"),
                format!("请指明规则包：{names}"),
            ))
        }
    }
}

/// The JSON Schema of a package's facts.
async fn schema(
    State(portal): State<Arc<Portal>>,
    Path(package): Path<String>,
    _visit: Visit,
) -> Result<Response, Fault> {
    let told = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let policy = policy(&mut tx, Some(&package))?;
            let today = tx.today;
            Ok::<_, Fault>(schema_json(&program(&mut tx, &policy, today)?.schema).to_string())
        })
        .await?;
    Ok(([(CONTENT_TYPE, "application/schema+json")], told).into_response())
}
