//! One request: who comes, in which language, from which page. Every answer leaves through here, in the form that its reader wants.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HeaderMap, REFRESH, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use maud::Markup;
use meed_facts::label::Lang;
use meed_office::command::{Form, form};
use meed_office::setup::Setup;
use meed_office::store::{Connection, StoreError};
use meed_office::time::Clock;

use crate::access::{Viewer, needs_step_up};
use crate::app::Portal;
use crate::fault::Fault;
use crate::guard::{address, cookie, headers, token};
use crate::signin::Session;
use crate::signin::bearer::{self, Bearer, Scope};
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
    /// For what the token is by which a program comes; `None` for a browser.
    pub program: Option<Scope>,
    /// The address, with its query.
    pub uri: Uri,
    /// Whether the office is a demonstration.
    pub demo: bool,
    /// Whether sheets are to be had as PDF here.
    pub prints: bool,
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

    /// An act, for whoever has signed in to give it; one that moves money asks for a fresh second factor first.
    ///
    /// # Errors
    /// Where there is no such act, nobody has signed in, the factor is missing, or a program's token is not for it.
    pub fn giving(&self, kind: &str) -> Result<(&'static Form, &str), Fault> {
        let form = form(kind).ok_or(Fault::Absent)?;
        let person = self.person()?;
        match self.program {
            Some(Scope::Read) => return Err(Fault::Token),
            // A program has no second factor, so it never gives what asks for one.
            Some(Scope::Command) if needs_step_up(kind) => return Err(Fault::Token),
            _ => {}
        }
        if needs_step_up(kind) && !self.stepped_up {
            return Err(Fault::StepUp);
        }
        Ok((form, person))
    }

    /// The address of this page, to come back to; what was done before is not told again there.
    pub fn here(&self) -> String {
        match self.query_without("done=").as_str() {
            "" => self.uri.path().to_owned(),
            query => format!("{}?{query}", self.uri.path()),
        }
    }

    /// This address in the other language.
    pub fn translated(&self) -> String {
        let other = self.words.pick("en", "zh");
        let query = self.query_without("lang=");
        let join = if query.is_empty() { "" } else { "&" };
        format!("{}?{query}{join}lang={other}", self.uri.path())
    }

    fn query_without(&self, name: &str) -> String {
        let parts = self.uri.query().unwrap_or_default().split('&');
        let others: Vec<&str> = parts
            .filter(|part| !part.is_empty() && !part.starts_with(name))
            .collect();
        others.join("&")
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
    /// After how many seconds a browser looks again, without a script.
    pub again: Option<u32>,
}

impl Page {
    /// A page.
    pub fn new(title: impl Into<String>, body: Markup) -> Self {
        Self {
            title: title.into(),
            body,
            sheet: false,
            status: StatusCode::OK,
            again: None,
        }
    }

    /// A page that says something else soon.
    #[must_use]
    pub fn again(mut self, seconds: u32) -> Self {
        self.again = Some(seconds);
        self
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
pub async fn visiting(State(portal): State<Arc<Portal>>, request: Request, next: Next) -> Response {
    let secure = portal.gate().secure;
    let stranger = stranger(&portal, &request);
    let chosen = asked_language(request.uri());
    let held = cookie::held(request.headers(), secure);
    let shown = bearer::shown(request.headers())
        .filter(|_| is_program(request.uri()))
        .map(str::to_owned);
    let entered = match (admit(&portal, &request), shown) {
        (Ok(()), Some(shown)) => enter_program(&portal, stranger.clone(), shown).await,
        (Ok(()), None) => enter(&portal, stranger.clone(), held).await,
        (Err(fault), _) => Err(fault),
    };
    let (mut response, signed_in) = match entered {
        Ok((visit, session)) => (
            answer(&visit, &session, secure, request, next).await,
            visit.viewer.person.is_some(),
        ),
        Err(fault) => (told(&stranger, &fault), false),
    };
    if let Some(lang) = chosen {
        let cookie = format!("lang={lang}; Path=/; Max-Age=31536000; SameSite=Lax");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    headers::add(response.headers_mut(), secure, signed_in);
    response
}

/// What becomes of a request whose visitor is known.
async fn answer(visit: &Visit, session: &Session, secure: bool, request: Request, next: Next) -> Response {
    let held = cookie::held(request.headers(), secure);
    let mut request = match token::check(session, request).await {
        Ok(request) => request,
        Err(fault) => return told(visit, &fault),
    };
    request.extensions_mut().insert(visit.clone());
    request.extensions_mut().insert(session.clone());
    let mut response = next.run(request).await;
    // Who signed in on the way sees the answer as whom they are now.
    let since = response.extensions_mut().remove::<Visit>();
    let visit = since.as_ref().unwrap_or(visit);
    let changed: Vec<HeaderValue> = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        return with_cookies(told(visit, &fault), changed);
    }
    if let Some(page) = response.extensions_mut().remove::<Page>() {
        let markup = view::frame(visit, &page).into_string();
        // A visitor holds something from the first form that they see.
        let fresh = held.as_deref() != Some(session.token()) && markup.contains(&visit.csrf);
        let mut framed = (page.status, Html(markup)).into_response();
        if let Some(seconds) = page.again {
            framed.headers_mut().insert(REFRESH, HeaderValue::from(seconds));
        }
        if let Some(cookie) = cookie::hold(session, secure).filter(|_| fresh) {
            framed.headers_mut().append(SET_COOKIE, cookie);
        }
        return with_cookies(framed, changed);
    }
    if response.status() == StatusCode::NOT_FOUND && response.headers().get(CONTENT_TYPE).is_none() {
        return told(visit, &Fault::Absent);
    }
    response
}

fn with_cookies(mut response: Response, cookies: Vec<HeaderValue>) -> Response {
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
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

/// A request of whose visitor nothing is known.
fn stranger(portal: &Portal, request: &Request) -> Visit {
    Visit {
        viewer: Viewer::default(),
        words: Words::new(language(request.uri(), request.headers())),
        csrf: String::new(),
        stepped_up: false,
        program: None,
        uri: request.uri().clone(),
        demo: portal.is_demo(),
        prints: portal.press().is_some(),
    }
}

/// Where not too many come from the same place.
fn admit(portal: &Portal, request: &Request) -> Result<(), Fault> {
    let gate = portal.gate();
    let client = address::client(request, gate.proxies);
    let taken = gate.limits.take(client, request.method(), request.uri().path());
    taken.map_err(Fault::Busy)
}

/// Finds out who comes, by what their browser holds.
async fn enter(portal: &Arc<Portal>, stranger: Visit, held: Option<String>) -> Result<(Visit, Session), Fault> {
    // The machine's time, wherever a demonstration has set its clock.
    let now = Clock::System.now();
    let (session, viewer) = match held {
        None => (Session::visitor()?, Viewer::default()),
        Some(held) => {
            let today = portal.today()?;
            let known = move |connection: &mut Connection, _: &Setup| {
                let session = Session::of(connection, Some(&held), now)?;
                let viewer = match session.person() {
                    Some(person) => Viewer::of(connection, person, today)?,
                    None => Viewer::default(),
                };
                Ok::<_, StoreError>((session, viewer))
            };
            portal.lend(known).await?
        }
    };
    let visit = Visit {
        viewer,
        csrf: session.csrf(),
        stepped_up: session.stepped_up(now),
        ..stranger
    };
    Ok((visit, session))
}

/// Finds out in whose name a program comes, by the token that it shows. It holds nothing that another site could make a browser send, so it
/// needs no form's token.
async fn enter_program(portal: &Arc<Portal>, stranger: Visit, shown: String) -> Result<(Visit, Session), Fault> {
    let (now, today) = (Clock::System.now(), portal.today()?);
    let known = move |connection: &mut Connection, _: &Setup| {
        let Some(bearer) = Bearer::of(connection, &shown, now)? else {
            return Ok(None);
        };
        Ok::<_, StoreError>(Some((bearer.scope, Viewer::of(connection, &bearer.person, today)?)))
    };
    let (scope, viewer) = portal.lend(known).await?.ok_or(Fault::SignIn)?;
    let program = Some(scope);
    Ok((
        Visit {
            viewer,
            program,
            ..stranger
        },
        Session::visitor()?,
    ))
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
