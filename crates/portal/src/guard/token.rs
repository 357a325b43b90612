//! That a form was filled in on a page of ours, in this browser: it carries the token of [`Session::csrf`].
//!
//! A form carries it in its field `csrf`, a program that comes with a browser's cookie in the header `x-csrf-token`. Only a program that nobody
//! has signed in needs none: it can do nothing in anybody's name.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use form_urlencoded::parse;
use meed_syntax::diagnostic::Message;

use super::{LONGEST, LONGEST_OF_VISITORS};
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
    // What is no form was sent by no form of ours, and an interface for programs takes the header.
    let kind = Kind::of(request.headers()).filter(|_| !api).ok_or(Fault::Form)?;
    let most = if session.person().is_some() {
        LONGEST
    } else {
        LONGEST_OF_VISITORS
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, most).await.map_err(|_| too_long())?;
    let carried = match kind {
        Kind::Pairs => parse(&body)
            .find(|(name, _)| name == FIELD)
            .map(|(_, value)| value.into_owned()),
        Kind::Parts => in_parts(&parts.headers, body.clone()).await,
    };
    if !carried.is_some_and(|carried| session.accepts(&carried)) {
        return Err(Fault::Form);
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// In which of its two ways a browser sends a form.
enum Kind {
    Pairs,
    Parts,
}

impl Kind {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?.to_ascii_lowercase();
        match kind.split(';').next()?.trim() {
            "application/x-www-form-urlencoded" => Some(Self::Pairs),
            "multipart/form-data" => Some(Self::Parts),
            _ => None,
        }
    }
}

/// What a form of several parts carries; ours have it before their files.
async fn in_parts(headers: &HeaderMap, body: Bytes) -> Option<String> {
    let mut request = Request::new(Body::from(body));
    request
        .headers_mut()
        .insert(CONTENT_TYPE, headers.get(CONTENT_TYPE)?.clone());
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    while let Some(part) = parts.next_field().await.ok()? {
        if part.name() == Some(FIELD) {
            return part.text().await.ok();
        }
    }
    None
}

/// Whether the browser itself says that another site sent it.
fn from_elsewhere(headers: &HeaderMap) -> bool {
    let said = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    said.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

fn too_long() -> Fault {
    Fault::Bad(Message::new("what was sent is too long", "提交的内容过长"))
}
