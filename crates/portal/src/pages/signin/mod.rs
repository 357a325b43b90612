//! Signing in and out, and a second factor when something needs it.

mod people;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::header::{LOCATION, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use meed_office::store::{Connection, StoreError};
use meed_office::time::{Clock, Instant};
use serde::Deserialize;

use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::guard::cookie;
use crate::pages::acting::Asked;
use crate::posted::Posted;
use crate::routes::Route;
use crate::signin::oidc::{Answer, OidcError};
use crate::signin::{Session, Way, back, password};
use crate::view::{Offer, act_name, csrf, encoded};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/sign-in", Audience::Anyone, sign_in_page),
        Route::post("/sign-in", Audience::Anyone, sign_in),
        Route::post("/sign-in/as", Audience::Anyone, sign_in_as),
        Route::get("/sign-in/oidc", Audience::Anyone, to_provider),
        Route::get("/sign-in/oidc/answer", Audience::Anyone, from_provider),
        Route::post("/sign-out", Audience::Anyone, sign_out),
        Route::get("/step-up", Audience::SignedIn, step_up_page),
        Route::post("/step-up", Audience::SignedIn, step_up),
    ]
}

/// Where somebody goes afterwards.
#[derive(Deserialize)]
struct Next {
    next: Option<String>,
}

/// What is filled in.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Filled {
    person: String,
    password: String,
    code: String,
    next: Option<String>,
}

async fn sign_in_page(
    State(portal): State<Arc<Portal>>,
    visit: Visit,
    Query(next): Query<Next>,
) -> Result<Page, Fault> {
    let target = back::page(next.next.as_deref());
    sign_in_form(&portal, &visit, &target, None).await
}

/// The page, again with what was wrong.
async fn sign_in_form(portal: &Arc<Portal>, visit: &Visit, target: &str, wrong: Option<&str>) -> Result<Page, Fault> {
    let people = if portal.is_demo() {
        portal.read(|connection, _| people::of(connection)).await?
    } else {
        Vec::new()
    };
    let body = html! {
        h1 { (visit.t("sign-in")) }
        @if let Some(wrong) = wrong { p.reason role="alert" { (wrong) } }
        @if portal.is_demo() { (people::list(visit, &people, target)) }
        @if portal.gate().provider.is_some() {
            p { a.button href={ "/sign-in/oidc?next=" (encoded(target)) } { (visit.t("signin-provider")) } }
        }
        (local(visit, target))
    };
    let mut page = Page::new(visit.t("sign-in"), body);
    if wrong.is_some() {
        page.status = StatusCode::FORBIDDEN;
    }
    Ok(page)
}

fn local(visit: &Visit, target: &str) -> Markup {
    html! {
        form.panel method="post" action="/sign-in" {
            (csrf(visit))
            h2 { (visit.t("signin-local")) }
            input type="hidden" name="next" value=(target);
            (field(visit, "person", "signin-person", "username", "text"))
            (field(visit, "password", "signin-password", "current-password", "password"))
            (field(visit, "code", "signin-code", "one-time-code", "text"))
            button type="submit" { (visit.t("sign-in")) }
        }
    }
}

fn field(visit: &Visit, name: &str, key: &str, complete: &str, kind: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (visit.t(key)) }
            input id=(name) name=(name) type=(kind) autocomplete=(complete) required inputmode=[(name == "code").then_some("numeric")];
        }
    }
}

async fn sign_in(
    State(portal): State<Arc<Portal>>,
    visit: Visit,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Result<Response, Fault> {
    let target = back::page(filled.next.as_deref());
    let (device, now) = (device(&headers), Clock::System.now());
    let here = Arc::clone(&portal);
    let checked = move |connection: &mut Connection, _: &_| {
        let key = here.gate().key.as_ref();
        let right = password::check(connection, key, &filled.person, &filled.password, &filled.code, now)?;
        let signed_in = right.then(|| session.sign_in(connection, &filled.person, Way::Password, true, &device, now));
        signed_in.transpose()
    };
    match portal.lend::<_, StoreError, _>(checked).await? {
        Some(session) => Ok(go(&portal, &session, &target)),
        None => {
            let wrong = visit.t("signin-wrong");
            Ok(sign_in_form(&portal, &visit, &target, Some(&wrong))
                .await?
                .into_response())
        }
    }
}

/// In a demonstration a click is enough.
async fn sign_in_as(
    State(portal): State<Arc<Portal>>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Result<Response, Fault> {
    if !portal.is_demo() {
        return Err(Fault::Absent);
    }
    let target = back::page(filled.next.as_deref());
    let (device, now) = (device(&headers), Clock::System.now());
    let entered = move |connection: &mut Connection, _: &_| {
        if !people::is_known(connection, &filled.person)? {
            return Err(Fault::Absent);
        }
        Ok(session.sign_in(connection, &filled.person, Way::Demo, false, &device, now)?)
    };
    let session = portal.lend::<_, Fault, _>(entered).await?;
    Ok(go(&portal, &session, &target))
}

/// To the provider: a link and no form, because a form's policy would stop the browser from leaving.
async fn to_provider(
    State(portal): State<Arc<Portal>>,
    visit: Visit,
    Extension(session): Extension<Session>,
    Query(next): Query<Next>,
) -> Result<Response, Fault> {
    let (office, holder, now) = (Arc::clone(&portal), session.clone(), Clock::System.now());
    let begun = move |connection: &mut Connection, _: &_| {
        let provider = office.gate().provider.as_ref().ok_or(Fault::Absent)?;
        Ok(provider.begin(connection, &session, next.next.as_deref(), now))
    };
    match portal.lend::<_, Fault, _>(begun).await? {
        Ok(address) => Ok(go(&portal, &holder, &address)),
        Err(error) => Ok(refused(&visit, &error)),
    }
}

async fn from_provider(
    State(portal): State<Arc<Portal>>,
    visit: Visit,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response, Fault> {
    let (office, device, now) = (Arc::clone(&portal), device(&headers), Clock::System.now());
    let finished = move |connection: &mut Connection, _: &_| {
        let provider = office.gate().provider.as_ref().ok_or(Fault::Absent)?;
        Ok(provider.finish(connection, &session, &answer, &device, now))
    };
    match portal.lend::<_, Fault, _>(finished).await? {
        Ok(arrived) => Ok(go(&portal, &arrived.session, &arrived.target)),
        Err(error) => Ok(refused(&visit, &error)),
    }
}

/// Why nobody was signed in, and what would help. What exactly does not hold of a token stands in the log alone.
fn refused(visit: &Visit, error: &OidcError) -> Response {
    tracing::warn!(%error, "no sign-in at the provider");
    let (status, why) = match error {
        OidcError::Provider(_) => (StatusCode::BAD_GATEWAY, visit.t("signin-provider-fails")),
        OidcError::Denied(_) => (StatusCode::FORBIDDEN, visit.t("signin-provider-denied")),
        OidcError::NotBegun => (StatusCode::BAD_REQUEST, visit.t("signin-not-begun")),
        OidcError::Token(_) => (StatusCode::FORBIDDEN, visit.t("signin-provider-token")),
        OidcError::Another => (StatusCode::FORBIDDEN, visit.t("signin-another")),
        OidcError::Store(_) => return Fault::Broken(error.to_string()).into_response(),
        OidcError::Nobody { subject, .. } => {
            let told = visit
                .words
                .with("signin-nobody", &[("subject", subject.as_str().into())]);
            (StatusCode::FORBIDDEN, told)
        }
    };
    let body = html! {
        h1 { (visit.t("signin-refused")) }
        p.reason role="alert" { (why) }
        p { a.button href="/sign-in" { (visit.t("signin-again")) } }
    };
    let mut page = Page::new(visit.t("signin-refused"), body);
    page.status = status;
    page.into_response()
}

async fn sign_out(
    State(portal): State<Arc<Portal>>,
    Extension(session): Extension<Session>,
) -> Result<Response, Fault> {
    let visitor = portal.lend(move |connection, _| session.sign_out(connection)).await?;
    Ok(go(&portal, &visitor, "/"))
}

async fn step_up_page(visit: Visit, Extension(session): Extension<Session>, Query(next): Query<Next>) -> Page {
    step_up_form(&visit, &session, &back::page(next.next.as_deref()), None, false)
}

/// Asks for a second factor, then goes to a page, or does what was asked for before. At a provider what was typed cannot be carried along.
pub(super) fn step_up_form(visit: &Visit, session: &Session, target: &str, asked: Option<&Offer>, wrong: bool) -> Page {
    let way = session.signed_in().map(|signed_in| signed_in.way);
    let body = html! {
        h1 { (visit.t("step-up-go")) }
        p.lead { (visit.t("step-up-why")) }
        @if wrong { p.reason role="alert" { (visit.t("step-up-wrong")) } }
        @if let Some(asked) = asked { p.note { (visit.words.with("step-up-then", &[("act", act_name(visit, &asked.kind).into())])) } }
        @if way == Some(Way::Oidc) {
            p { a.button href={ "/sign-in/oidc?next=" (encoded(target)) } { (visit.t("step-up-provider")) } }
        } @else {
            form.panel method="post" action="/step-up" {
                (csrf(visit))
                input type="hidden" name="next" value=(target);
                @if let Some(asked) = asked { (asked.carried()) }
                @if way == Some(Way::Password) { (field(visit, "code", "signin-code", "one-time-code", "text")) }
                @else { p { (visit.t("step-up-demo")) } }
                button type="submit" { (visit.t("step-up-go")) }
            }
        }
    };
    let mut page = Page::new(visit.t("step-up-go"), body);
    if wrong || asked.is_some() {
        page.status = StatusCode::FORBIDDEN;
    }
    page
}

async fn step_up(
    State(portal): State<Arc<Portal>>,
    visit: Visit,
    Extension(session): Extension<Session>,
    mut posted: Posted,
) -> Result<Response, Fault> {
    let (target, code, kind) = (
        back::page(Some(&posted.take("next"))),
        posted.take("code"),
        posted.take("do"),
    );
    let asked = if kind.is_empty() {
        None
    } else {
        Some(Asked::of(&visit, &kind, posted)?)
    };
    let (holder, here, now) = (session.clone(), Arc::clone(&portal), Clock::System.now());
    let checked = move |connection: &mut Connection, _: &_| {
        let right = shown(&here, connection, &session, &code, now)?;
        right.then(|| session.step_up(connection, now)).transpose()
    };
    match (portal.lend::<_, StoreError, _>(checked).await?, asked) {
        (Some(session), None) => Ok(go(&portal, &session, &target)),
        (Some(session), Some(asked)) => {
            // Whatever comes of it is shown to the session that has the factor.
            let visit = Visit {
                csrf: session.csrf(),
                stepped_up: true,
                ..visit
            };
            let given = match visit.giving(&kind) {
                Ok(_) => asked.give(&portal, &visit).await,
                Err(fault) => Err(fault),
            };
            let mut response = given.unwrap_or_else(IntoResponse::into_response);
            if let Some(cookie) = cookie::hold(&session, portal.gate().secure) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            response.extensions_mut().insert(visit);
            Ok(response)
        }
        (None, asked) => {
            let offer = asked.as_ref().map(|asked| &asked.offer);
            Ok(step_up_form(&visit, &holder, &target, offer, true).into_response())
        }
    }
}

/// Whether a second factor was shown, in the way in which they signed in; at a provider it is shown there.
fn shown(
    portal: &Portal,
    connection: &mut Connection,
    session: &Session,
    code: &str,
    now: Instant,
) -> Result<bool, StoreError> {
    let Some(signed_in) = session.signed_in() else {
        return Ok(false);
    };
    match signed_in.way {
        Way::Password => password::check_code(connection, portal.gate().key.as_ref(), &signed_in.person, code, now),
        Way::Demo => Ok(portal.is_demo()),
        Way::Oidc => Ok(false),
    }
}

fn device(headers: &HeaderMap) -> String {
    let said = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    said.unwrap_or_default().to_owned()
}

/// Goes somewhere with a session.
pub(super) fn go(portal: &Portal, session: &Session, target: &str) -> Response {
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response();
    if let Some(cookie) = cookie::hold(session, portal.gate().secure) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
