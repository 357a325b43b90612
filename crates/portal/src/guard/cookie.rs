//! What a browser holds, and how it is told to hold it: for this host and all of it, out of reach of scripts, not sent along from other sites.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::signin::Session;

/// Its name. Over https browsers hold `__Host-` to what it promises, so that no neighbour of the host can plant one.
const fn name(secure: bool) -> &'static str {
    if secure { "__Host-meed" } else { "meed" }
}

/// What the browser holds.
pub fn held(headers: &HeaderMap, secure: bool) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(name(secure)).map(|cookie| cookie.value().to_owned())
}

/// Tells the browser to hold a session, until it is closed.
pub fn hold(session: &Session, secure: bool) -> Option<HeaderValue> {
    let cookie = Cookie::build((name(secure), session.token()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure);
    HeaderValue::from_str(&cookie.to_string()).ok()
}
