//! The first page: what this is, and where each kind of visitor goes.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use maud::html;

use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::guard::address::client;
use crate::routes::Route;
use crate::view::NAVIGATION;
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/", Audience::Anyone, home),
        Route::get("/healthz", Audience::Anyone, healthz),
        Route::get("/metrics", Audience::Anyone, metrics),
    ]
}

async fn home(visit: Visit) -> Page {
    let body = html! {
        h1 { (visit.t("home-title")) }
        p.lead { (visit.t("home-lead")) }
        p { a.button href="/check" { (visit.t("home-check")) } " " a.button.second href="/policies" { (visit.t("home-policies")) } }
        div.cards {
            @for (_, links) in NAVIGATION {
                @let open = links.iter().filter(|(.., audience)| visit.viewer.is_among(*audience));
                @for (href, key, _) in open {
                    a.card href=(href) { strong { (visit.t(key)) } span { (visit.t(&format!("{key}-about"))) } }
                }
            }
        }
    };
    Page::new(visit.t("home-title"), body)
}

/// Whether the database answers.
async fn healthz(State(portal): State<Arc<Portal>>) -> Result<&'static str, Fault> {
    portal
        .read(|connection, _| connection.one("SELECT seq FROM head", &[]))
        .await?;
    Ok("ok\n")
}

/// What the process counts, for Prometheus: to those on this machine, since it tells what others do.
async fn metrics(State(portal): State<Arc<Portal>>, request: Request) -> Result<impl IntoResponse, Fault> {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match client(&request, portal.gate().proxies).is_loopback() {
        true => Ok(([(CONTENT_TYPE, kind)], portal.metrics().text())),
        false => Err(Fault::Absent),
    }
}
