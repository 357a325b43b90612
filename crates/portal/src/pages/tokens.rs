//! Tokens of one's own, by which programs come: made, shown once, listed, revoked.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use meed_facts::date::Date;
use meed_office::store::{Connection, StoreError};
use meed_office::time::{Clock, Instant};

use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::posted::{Posted, query};
use crate::routes::Route;
use crate::signin::bearer::{Bearer, LONGEST_LIFE, LONGEST_NAME, MOST, Refused, Scope, of_person, revoke};
use crate::view::{Table, csrf, encoded, moment, section};
use crate::visit::{Page, Visit};

/// Where they are.
const HERE: &str = "/account/tokens";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(HERE, Audience::SignedIn, tokens),
        Route::post(HERE, Audience::SignedIn, make),
        Route::post("/account/tokens/revoke", Audience::SignedIn, take_away),
    ]
}

/// What the form says; where a second factor was asked for in between, the address keeps it.
#[derive(Default)]
struct Wanted {
    name: String,
    scope: String,
    expires: String,
}

impl Wanted {
    fn of(posted: &Posted) -> Self {
        let one = |name: &str| posted.one(name).to_owned();
        Self {
            name: one("name"),
            scope: one("scope"),
            expires: one("expires"),
        }
    }

    /// Where the form says this.
    fn address(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("name", &self.name), ("scope", &self.scope), ("expires", &self.expires)] {
            query.append_pair(name, value);
        }
        format!("{HERE}?{}", query.finish())
    }
}

async fn tokens(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let wanted = Wanted::of(&Posted {
        fields: query(visit.uri.query()),
    });
    page(&portal, &visit, &wanted, html! {}).await
}

async fn make(State(portal): State<Arc<Portal>>, visit: Visit, posted: Posted) -> Result<Page, Fault> {
    let person = visit.person()?.to_owned();
    let wanted = Wanted::of(&posted);
    // Who can make one without a second factor could keep a session that somebody left open for a year.
    if !visit.stepped_up {
        return Ok(step_up(&visit, &wanted));
    }
    let now = Clock::System.now();
    let scope = Scope::called(&wanted.scope).unwrap_or(Scope::Read);
    let until = Date::parse(&wanted.expires).map_or(now, Instant::start_of);
    let called = wanted.name.clone();
    let made = portal
        .lend::<_, StoreError, _>(move |connection, _| Bearer::make(connection, &person, &called, scope, until, now))
        .await?;
    match made {
        Ok(token) => page(&portal, &visit, &Wanted::default(), shown(&visit, &wanted.name, &token)).await,
        Err(refused) => {
            let told = html! { p.reason role="alert" { (wrong(&visit, refused)) } };
            let mut page = page(&portal, &visit, &wanted, told).await?;
            page.status = StatusCode::BAD_REQUEST;
            Ok(page)
        }
    }
}

/// The factor went stale while the form was filled in: what was typed comes back with it.
fn step_up(visit: &Visit, wanted: &Wanted) -> Page {
    let title = visit.t("fault-step-up");
    let body = html! {
        h1 { (title) }
        p { (visit.t("tokens-kept")) }
        p { a.button href={ "/step-up?next=" (encoded(&wanted.address())) } { (visit.t("step-up-go")) } }
    };
    let mut page = Page::new(title, body);
    page.status = StatusCode::FORBIDDEN;
    page
}

async fn take_away(State(portal): State<Arc<Portal>>, visit: Visit, posted: Posted) -> Result<Response, Fault> {
    let (person, id) = (visit.person()?.to_owned(), posted.one("token").to_owned());
    let gone = move |connection: &mut Connection, _: &_| revoke(connection, &person, &id);
    if !portal.lend::<_, StoreError, _>(gone).await? {
        return Err(Fault::Absent);
    }
    Ok((StatusCode::SEE_OTHER, [(LOCATION, HERE)]).into_response())
}

/// What is told once.
fn shown(visit: &Visit, name: &str, token: &str) -> Markup {
    html! {
        section.panel role="status" {
            h2 { (visit.words.with("tokens-shown", &[("name", name.into())])) }
            p { (visit.t("tokens-once")) }
            p { code.code { (token) } }
        }
    }
}

fn wrong(visit: &Visit, refused: Refused) -> String {
    let (key, most) = match refused {
        Refused::Name => ("tokens-wrong-name", i64::try_from(LONGEST_NAME).unwrap_or(i64::MAX)),
        Refused::Exists => ("tokens-wrong-exists", 0),
        Refused::Life => ("tokens-wrong-life", LONGEST_LIFE),
        Refused::Many => ("tokens-wrong-many", i64::try_from(MOST).unwrap_or(i64::MAX)),
    };
    visit.words.with(key, &[("most", most.into())])
}

async fn page(portal: &Arc<Portal>, visit: &Visit, wanted: &Wanted, told: Markup) -> Result<Page, Fault> {
    let (person, now) = (visit.person()?.to_owned(), Clock::System.now());
    let mine = portal
        .read(move |connection, _| of_person(connection, &person, now))
        .await?;
    let title = visit.t("tokens");
    let body = html! {
        h1 { (title) }
        (told)
        p.lead { (visit.t("tokens-lead")) }
        (section(visit.t("tokens-yours"), table(visit, &mine)))
        (section(visit.t("tokens-new"), new(visit, wanted)))
    };
    Ok(Page::new(title, body))
}

fn table(visit: &Visit, mine: &[Bearer]) -> Markup {
    let mut table = Table::new(visit.t("tokens-yours"))
        .head(visit.t("tokens-name"))
        .head(visit.t("tokens-scope"))
        .head(visit.t("tokens-made"))
        .head(visit.t("tokens-used"))
        .head(visit.t("tokens-expires"))
        .head(visit.t("office-actions"));
    for one in mine {
        let used = one.used_at.map_or_else(|| html! { (visit.t("tokens-never")) }, moment);
        let revoke = html! {
            form method="post" action="/account/tokens/revoke" {
                (csrf(visit))
                input type="hidden" name="token" value=(one.id);
                button type="submit" { (visit.t("tokens-revoke")) span.hidden { " " (one.name) } }
            }
        };
        let scope = html! { (visit.t(scope_key(one.scope))) };
        table.row([
            html! { (one.name) },
            scope,
            moment(one.made_at),
            used,
            moment(one.expires_at),
            revoke,
        ]);
    }
    table.show(visit)
}

const fn scope_key(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "tokens-scope-read",
        Scope::Command => "tokens-scope-command",
    }
}

/// The form, once a second factor was shown: nobody fills in what is then refused.
fn new(visit: &Visit, wanted: &Wanted) -> Markup {
    if !visit.stepped_up {
        return html! {
            p { (visit.t("tokens-first")) }
            p { a.button href={ "/step-up?next=" (encoded(&wanted.address())) } { (visit.t("step-up-go")) } }
        };
    }
    html! {
        form.panel method="post" action=(HERE) {
            (csrf(visit))
            div.field {
                label for="name" { (visit.t("tokens-name")) }
                input id="name" name="name" value=(wanted.name) required maxlength=(LONGEST_NAME) autocomplete="off";
            }
            div.field {
                label for="scope" { (visit.t("tokens-scope")) }
                select id="scope" name="scope" {
                    @for scope in Scope::ALL {
                        option value=(scope.name()) selected[scope.name() == wanted.scope] { (visit.t(scope_key(scope))) }
                    }
                }
            }
            div.field {
                label for="expires" { (visit.t("tokens-expires")) }
                input id="expires" name="expires" type="date" value=(wanted.expires) required;
            }
            button type="submit" { (visit.t("tokens-make")) }
        }
    }
}
