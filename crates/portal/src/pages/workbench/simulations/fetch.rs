//! What a simulation leaves to be fetched: the whole report, by itself in its own frame of rules, and every table.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use meed_simulate::reform::report::render;

use super::desk::State as Stage;
use super::found::Found;
use super::kept;
use crate::access::{ANALYSIS, Audience};
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::visit::Visit;

/// The report brings its style with it; it may do nothing else.
const REPORT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'; base-uri 'none'",
);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/simulations/{id}/report", Audience::Roles(ANALYSIS), report),
        Route::get("/simulations/{id}/files/{file}", Audience::Roles(ANALYSIS), file),
    ]
}

fn found(stage: Stage) -> Result<Arc<Found>, Fault> {
    match stage {
        Stage::Done(found) => Ok(found),
        _ => Err(Fault::Absent),
    }
}

async fn report(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Response, Fault> {
    let found = found(kept(&portal, &visit, &id)?.state())?;
    let mut response = Html(render(&found.simulation, visit.lang())).into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, REPORT);
    Ok(response)
}

/// A file by the name that the simulation gave it, and no other.
pub(super) async fn file(
    State(portal): State<Arc<Portal>>,
    Path((id, name)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Fault> {
    let simulated = kept(&portal, &visit, &id)?;
    let found = found(simulated.state())?;
    let name = found.files.iter().find(|known| **known == name).ok_or(Fault::Absent)?;
    let path = simulated.results().join(name);
    let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
    let bytes = read.map_err(|error| Fault::Broken(error.to_string()))?;
    // It may have made room for another meanwhile.
    let bytes = bytes.map_err(|_| Fault::Absent)?;
    let mut response = bytes.into_response();
    let kind = match name.rsplit_once('.') {
        Some((_, "csv")) => "text/csv; charset=utf-8",
        Some((_, "json")) => "application/json",
        Some((_, "html")) => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    };
    let attached = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let attached = attached.map_err(|error| Fault::Broken(error.to_string()))?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_DISPOSITION, attached);
    Ok(response)
}
