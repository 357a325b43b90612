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
use crate::posted::Posted;
use crate::routes::Route;
use crate::signin::bearer::{Bearer, LONGEST_LIFE, LONGEST_NAME, MOST, Refused, Scope, of_person, revoke};
use crate::view::{Table, csrf, moment, section};
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

async fn tokens(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    page(&portal, &visit, html! {}).await
}

async fn make(State(portal): State<Arc<Portal>>, visit: Visit, posted: Posted) -> Result<Page, Fault> {
    let person = visit.person()?.to_owned();
    // Who can make one without a second factor could keep a session that somebody left open for a year.
    if !visit.stepped_up {
        return Err(Fault::StepUp);
    }
    let now = Clock::System.now();
    let name = posted.one("name").to_owned();
    let scope = Scope::called(posted.one("scope")).unwrap_or(Scope::Read);
    let until = Date::parse(posted.one("expires")).map_or(now, Instant::start_of);
    let called = name.clone();
    let made = portal
        .lend::<_, StoreError, _>(move |connection, _| Bearer::make(connection, &person, &called, scope, until, now))
        .await?;
    match made {
        Ok(token) => page(&portal, &visit, shown(&visit, &name, &token)).await,
        Err(refused) => {
            let told = html! { p.reason role="alert" { (wrong(&visit, refused)) } };
            let mut page = page(&portal, &visit, told).await?;
            page.status = StatusCode::BAD_REQUEST;
            Ok(page)
        }
    }
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

async fn page(portal: &Arc<Portal>, visit: &Visit, told: Markup) -> Result<Page, Fault> {
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
        (section(visit.t("tokens-new"), form(visit)))
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

fn form(visit: &Visit) -> Markup {
    html! {
        form.panel method="post" action=(HERE) {
            (csrf(visit))
            div.field {
                label for="name" { (visit.t("tokens-name")) }
                input id="name" name="name" required maxlength=(LONGEST_NAME) autocomplete="off";
            }
            div.field {
                label for="scope" { (visit.t("tokens-scope")) }
                select id="scope" name="scope" {
                    @for scope in Scope::ALL { option value=(scope.name()) { (visit.t(scope_key(scope))) } }
                }
            }
            div.field {
                label for="expires" { (visit.t("tokens-expires")) }
                input id="expires" name="expires" type="date" required;
            }
            button type="submit" { (visit.t("tokens-make")) }
        }
    }
}
