//! Style sheet, script and pictures, embedded; each address carries the digest of its content, so that browsers may keep them.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use meed_office::log::sha256;

use crate::access::Audience;
use crate::fault::Fault;
use crate::routes::Route;

/// Name, kind and content.
const FILES: &[(&str, &str, &str)] = &[
    (
        "style.css",
        "text/css; charset=utf-8",
        concat!(
            include_str!("../../assets/style.css"),
            include_str!("../../assets/public.css")
        ),
    ),
    (
        "app.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/app.js"),
    ),
    ("seal.svg", "image/svg+xml", include_str!("../../assets/seal.svg")),
];

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/assets/{file}", Audience::Anyone, file)]
}

/// The address of a file, as pages name it.
pub fn address(name: &str) -> String {
    static DIGESTS: OnceLock<Vec<(&str, String)>> = OnceLock::new();
    let digests = DIGESTS.get_or_init(|| {
        FILES
            .iter()
            .map(|(name, _, text)| (*name, sha256(text.as_bytes())))
            .collect()
    });
    let found = digests.iter().find(|(known, _)| *known == name);
    let digest = found.and_then(|(_, digest)| digest.get(..12)).unwrap_or_default();
    format!("/assets/{name}?v={digest}")
}

async fn file(Path(file): Path<String>) -> Result<impl IntoResponse, Fault> {
    let (_, kind, text) = FILES.iter().find(|(name, ..)| *name == file).ok_or(Fault::Absent)?;
    Ok((
        [
            (CONTENT_TYPE, *kind),
            (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ],
        *text,
    ))
}
