//! That a form was filled in on a page of ours, in this browser: it carries the token of [`Session::csrf`].
//!
//! A form carries it in its field `csrf`, an upload in its address (`?csrf=…`, so that nothing of it is read before), a program that comes with
//! a browser's cookie in the header `x-csrf-token`. Only a program that nobody has signed in needs none: it can do nothing in anybody's name.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use meed_syntax::diagnostic::Message;
use openidconnect::url::form_urlencoded::parse;

use super::LONGEST;
use crate::fault::Fault;
use crate::signin::Session;

/// The header that carries the token.
pub const HEADER: &str = "x-csrf-token";
/// The field of a form that carries it.
pub const FIELD: &str = "csrf";

/// Lets a request on that changes nothing, or carries its browser's token.
///
/// # Errors
/// [`Fault::Form`] where it does not.
pub async fn check(session: &Session, request: Request) -> Result<Request, Fault> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(request);
    }
    if from_elsewhere(request.headers()) {
        return Err(Fault::Form);
    }
    let api = request.uri().path().starts_with("/api/");
    let header = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    if (api && session.person().is_none()) || header.is_some_and(|carried| session.accepts(carried)) {
        return Ok(request);
    }
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        let query = request.uri().query().unwrap_or_default().as_bytes();
        return if carries(session, query) {
            Ok(request)
        } else {
            Err(Fault::Form)
        };
    }
    // What has another form was sent by no form of ours, and an interface for programs takes the header.
    if api || !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Fault::Form);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LONGEST).await.map_err(|_| too_long())?;
    if !carries(session, &body) {
        return Err(Fault::Form);
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// Whether the browser itself says that another site sent it.
fn from_elsewhere(headers: &HeaderMap) -> bool {
    let said = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    said.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

fn carries(session: &Session, pairs: &[u8]) -> bool {
    parse(pairs).any(|(name, value)| name == FIELD && session.accepts(&value))
}

fn too_long() -> Fault {
    Fault::Bad(Message::new("what was sent is too long", "提交的内容过长"))
}
