//! One's own account: where one is signed in, and what one may do.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use meed_office::store::{Connection, StoreError};
use meed_office::time::Clock;

use super::signin::go;
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::signin::Session;
use crate::signin::session::{SignedIn, of_person, sign_out_everywhere};
use crate::view::{Table, csrf, moment, role_name, section};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/account", Audience::SignedIn, account),
        Route::post("/account/sign-out", Audience::SignedIn, everywhere),
    ]
}

async fn account(
    State(portal): State<Arc<Portal>>,
    visit: Visit,
    Extension(session): Extension<Session>,
) -> Result<Page, Fault> {
    let (person, now) = (visit.person()?.to_owned(), Clock::System.now());
    let mine = portal
        .read(move |connection, _| of_person(connection, &person, now))
        .await?;
    let body = html! {
        h1 { (visit.viewer.name) }
        (section(visit.t("account-duties"), duties(&visit)))
        (section(visit.t("account-sessions"), sessions(&visit, &session, &mine)))
        (section(visit.t("tokens"), html! { p { a href="/account/tokens" { (visit.t("tokens-go")) } } }))
        form method="post" action="/account/sign-out" {
            (csrf(&visit))
            button type="submit" { (visit.t("account-sign-out")) }
        }
    };
    Ok(Page::new(visit.t("account"), body))
}

fn duties(visit: &Visit) -> Markup {
    let mut table = Table::new(visit.t("account-duties-today"))
        .head(visit.t("account-role"))
        .head(visit.t("account-scope"));
    for (role, scope) in &visit.viewer.duties {
        let scope = if scope.is_empty() {
            visit.t("account-all")
        } else {
            scope.clone()
        };
        table.row([html! { (role_name(visit, *role)) }, html! { (scope) }]);
    }
    table.show(visit)
}

fn sessions(visit: &Visit, session: &Session, mine: &[SignedIn]) -> Markup {
    let here = session.id();
    let mut table = Table::new(visit.t("account-sessions-now"))
        .head(visit.t("account-device"))
        .head(visit.t("account-since"))
        .head(visit.t("account-seen"));
    for one in mine {
        let device = html! {
            (one.device)
            @if one.id == here { " " strong { (visit.t("account-here")) } }
        };
        table.row([device, moment(one.made_at), moment(one.seen_at)]);
    }
    table.show(visit)
}

async fn everywhere(
    State(portal): State<Arc<Portal>>,
    visit: Visit,
    Extension(session): Extension<Session>,
) -> Result<Response, Fault> {
    let person = visit.person()?.to_owned();
    let ended = move |connection: &mut Connection, _: &_| {
        sign_out_everywhere(connection, &person)?;
        session.sign_out(connection)
    };
    let visitor = portal.lend::<_, StoreError, _>(ended).await?;
    Ok(go(&portal, &visitor, "/sign-in"))
}
