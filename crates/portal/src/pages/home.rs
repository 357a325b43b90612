//! The first page: what this is, and where each kind of visitor goes.

use maud::html;

use crate::access::Audience;
use crate::routes::Route;
use crate::view::NAVIGATION;
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/", Audience::Anyone, home),
        Route::get("/healthz", Audience::Anyone, healthz),
    ]
}

async fn home(visit: Visit) -> Page {
    let body = html! {
        h1 { (visit.t("home-title")) }
        p.lead { (visit.t("home-lead")) }
        p { a.button href="/check" { (visit.t("home-check")) } " " a.button.second href="/policies" { (visit.t("home-policies")) } }
        div.cards {
            @for (group, links) in NAVIGATION {
                @let open = links.iter().filter(|(.., audience)| visit.viewer.is_among(*audience));
                @for (href, key, _) in open {
                    a.card href=(href) { strong { (visit.t(key)) } span { (visit.t(group)) } }
                }
            }
        }
    };
    Page::new(visit.t("home-title"), body)
}

async fn healthz() -> &'static str {
    "ok\n"
}
