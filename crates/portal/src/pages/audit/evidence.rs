//! Decisions made again, and a case's evidence as a file that is checked without this office.

use std::io::{Cursor, Write as _};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::html;
use meed_engine::words::Mark;
use meed_office::cases::{Case, Decision};
use meed_office::evidence::{Replayed, pack, replay_one};
use meed_office::store::Cell;
use meed_office::tx::Tx;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::AUDITORS;
use crate::access::seen;
use crate::app::Portal;
use crate::fault::Fault;
use crate::posted::Posted;
use crate::routes::Route;
use crate::view::sign;
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::post("/audit/replay/{decision}", AUDITORS, again),
        Route::get("/audit/evidence/{file}", AUDITORS, evidence),
    ]
}

/// Makes one decision again, from its facts, its package and its day.
async fn again(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    visit: Visit,
    _posted: Posted,
) -> Result<Page, Fault> {
    let (viewer, wanted) = (visit.viewer.clone(), id.clone());
    let (case, found) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let decision = seen::<Decision>(&mut tx, &viewer, "id = $1", &[Cell::from(&wanted)], "")?;
            let decision = decision.into_iter().next().ok_or(Fault::Absent)?;
            Ok::<_, Fault>((decision.case_id, replay_one(connection, setup, &wanted)?))
        })
        .await?;
    let title = format!("{} {id}", visit.t("audit-replay"));
    let body = html! {
        h1 { (title) }
        (outcome(&visit, &found))
        p { a href={ "/audit?q=" (case) } { (visit.t("audit-to-chain")) } }
    };
    Ok(Page::new(title, body))
}

fn outcome(visit: &Visit, found: &Replayed) -> maud::Markup {
    html! {
        @if found.same > 0 { p.done { (sign(visit, Mark::Holds)) (visit.t("audit-replay-same")) } }
        @if found.forgotten > 0 { p.note { (sign(visit, Mark::Unknown)) (visit.t("audit-replay-forgotten")) } }
        @for (_, why) in &found.different { p.reason { (sign(visit, Mark::Fails)) (visit.t("audit-replay-different")) " " span lang="en" { (why) } } }
    }
}

/// `/audit/evidence/CASE.zip`: the folder that `meed verify` checks, packed.
async fn evidence(
    State(portal): State<Arc<Portal>>,
    Path(file): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let case = file.strip_suffix(".zip").ok_or(Fault::Absent)?.to_owned();
    let (viewer, wanted) = (visit.viewer.clone(), case.clone());
    let bytes = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            if seen::<Case>(&mut tx, &viewer, "id = $1", &[Cell::from(&wanted)], "")?.is_empty() {
                return Err(Fault::Absent);
            }
            let files = pack(connection, setup, &wanted)?;
            zipped(&wanted, &files).map_err(|error| Fault::Broken(error.to_string()))
        })
        .await?;
    tracing::info!(person = visit.person()?, case, "the evidence of a case was read");
    let name = format!("attachment; filename=\"{case}.zip\"");
    Ok((
        [
            (CONTENT_TYPE, "application/zip".to_owned()),
            (CONTENT_DISPOSITION, name),
        ],
        bytes,
    )
        .into_response())
}

/// Files in one folder. They carry no time, so that the same evidence is the same file.
fn zipped<'a>(
    folder: &str,
    files: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, body) in files {
        writer.start_file(format!("{folder}/{path}"), SimpleFileOptions::default())?;
        writer.write_all(body.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}
