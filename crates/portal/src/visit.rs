//! One request: who comes, in which language, from which page. Every answer leaves through here, in the form that its reader wants.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HeaderMap, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use maud::Markup;
use meed_facts::label::Lang;

use crate::access::Viewer;
use crate::app::Portal;
use crate::fault::Fault;
use crate::view;
use crate::words::Words;

/// One request, as pages see it.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who comes.
    pub viewer: Viewer,
    /// In which language.
    pub words: Words,
    /// The token without which no form is taken.
    pub csrf: String,
    /// Whether a second factor was shown within the last five minutes.
    pub stepped_up: bool,
    /// The address, with its query.
    pub uri: Uri,
    /// Whether the office is a demonstration.
    pub demo: bool,
}

impl Visit {
    /// What a key says in the visitor's language.
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// The visitor's language.
    pub fn lang(&self) -> Lang {
        self.words.lang
    }

    /// Who has signed in.
    ///
    /// # Errors
    /// Where nobody has.
    pub fn person(&self) -> Result<&str, Fault> {
        self.viewer.person.as_deref().ok_or(Fault::SignIn)
    }

    /// The path and query of this request.
    pub fn here(&self) -> String {
        self.uri
            .path_and_query()
            .map_or_else(|| "/".to_owned(), ToString::to_string)
    }

    /// This address in the other language.
    pub fn translated(&self) -> String {
        let other = self.words.pick("en", "zh");
        let rest = self
            .uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|part| !part.is_empty() && !part.starts_with("lang="));
        let query: Vec<&str> = rest.collect();
        let join = if query.is_empty() { "" } else { "&" };
        format!("{}?{}{join}lang={other}", self.uri.path(), query.join("&"))
    }
}

/// A page before its frame: pages return it, [`visiting`] frames it.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// What stands between head and foot.
    pub body: Markup,
    /// Whether it is a sheet for the printer, without navigation.
    pub sheet: bool,
    /// `200`, where nothing else is said.
    pub status: StatusCode,
}

impl Page {
    /// A page.
    pub fn new(title: impl Into<String>, body: Markup) -> Self {
        Self {
            title: title.into(),
            body,
            sheet: false,
            status: StatusCode::OK,
        }
    }

    /// A sheet: a letter, a certificate, a notice.
    #[must_use]
    pub fn sheet(mut self) -> Self {
        self.sheet = true;
        self
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl FromRequestParts<Arc<Portal>> for Visit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Portal>) -> Result<Self, Fault> {
        let visit = parts.extensions.get::<Visit>().cloned();
        visit.ok_or_else(|| Fault::Broken("a request came past its beginning".to_owned()))
    }
}

/// The layer that surrounds everything: finds out who comes, and gives pages their frame and faults their form.
pub async fn visiting(State(portal): State<Arc<Portal>>, mut request: Request, next: Next) -> Response {
    let unknown = anonymous(&portal, &request);
    let visit = match enter(&portal, unknown.clone(), request.headers().clone()).await {
        Ok(visit) => visit,
        Err(fault) => return told(&unknown, &fault),
    };
    let chosen = asked_language(request.uri());
    request.extensions_mut().insert(visit.clone());
    let mut response = next.run(request).await;
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        response = told(&visit, &fault);
    } else if let Some(page) = response.extensions_mut().remove::<Page>() {
        let markup = view::frame(&visit, &page);
        response = (page.status, Html(markup.into_string())).into_response();
    } else if response.status() == StatusCode::NOT_FOUND && response.headers().get(CONTENT_TYPE).is_none() {
        response = told(&visit, &Fault::Absent);
    }
    if let Some(lang) = chosen {
        let cookie = format!("lang={lang}; Path=/; Max-Age=31536000; SameSite=Lax");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}

/// Whether a request is a program's: its faults are problem details.
fn is_program(uri: &Uri) -> bool {
    uri.path().starts_with("/api/")
}

fn told(visit: &Visit, fault: &Fault) -> Response {
    let title = visit.t(fault.key());
    let mut response = if is_program(&visit.uri) {
        let mut response = (fault.status(), Json(fault.problem(&title))).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    } else {
        let page = Page::new(title, view::fault(visit, fault));
        (fault.status(), Html(view::frame(visit, &page).into_string())).into_response()
    };
    if let Some(seconds) = fault.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn anonymous(portal: &Portal, request: &Request) -> Visit {
    Visit {
        viewer: Viewer::default(),
        words: Words::new(language(request.uri(), request.headers())),
        csrf: String::new(),
        stepped_up: false,
        uri: request.uri().clone(),
        demo: portal.is_demo(),
    }
}

async fn enter(_portal: &Arc<Portal>, visit: Visit, _headers: HeaderMap) -> Result<Visit, Fault> {
    Ok(visit)
}

/// The language that the address asks for.
fn asked_language(uri: &Uri) -> Option<&'static str> {
    let query = uri.query()?;
    query.split('&').find_map(|part| match part {
        "lang=zh" => Some("zh"),
        "lang=en" => Some("en"),
        _ => None,
    })
}

/// The language of the address, else of the cookie, else the browser's first that we speak, else Chinese.
fn language(uri: &Uri, headers: &HeaderMap) -> Lang {
    let cookie = || {
        headers.get(COOKIE).and_then(|_| {
            CookieJar::from_headers(headers)
                .get("lang")
                .map(|cookie| cookie.value().to_owned())
        })
    };
    let browser = || {
        headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let word = asked_language(uri)
        .map(str::to_owned)
        .or_else(cookie)
        .or_else(browser)
        .unwrap_or_default();
    let first = word
        .split([',', ';'])
        .map(str::trim)
        .find(|one| one.starts_with("zh") || one.starts_with("en"));
    match first {
        Some(one) if one.starts_with("en") => Lang::En,
        _ => Lang::Zh,
    }
}
