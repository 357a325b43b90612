//! What the interface offers, for the people who write the programs.

use maud::{Markup, html};

use crate::access::Audience;
use crate::routes::Route;
use crate::view::{Table, section};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/api", Audience::Anyone, about)]
}

/// What stands at which address, and the key of what it is for.
const ADDRESSES: [(&str, &str, &str); 6] = [
    ("POST", "/api/v1/determinations", "api-determinations"),
    ("GET", "/api/v1/schemas/{package}", "api-schemas"),
    ("GET", "/api/v1/rows/{table}", "api-rows"),
    ("POST", "/api/v1/acts/{module}/{act}", "api-acts"),
    ("GET", "/api/v1/events", "api-events"),
    ("POST", "/api/v1/simulations", "api-simulations"),
];

async fn about(visit: Visit) -> Page {
    let title = visit.t("foot-api");
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("api-lead")) }
        (section(visit.t("api-addresses"), addresses(&visit)))
        (section(visit.t("api-how"), html! { ul {
            @for key in ["api-who", "api-once", "api-seen", "api-numbers", "api-faults"] { li { (visit.t(key)) } }
        } }))
        p {
            a.button href="/api/v1/openapi.json" { (visit.t("api-description")) } " "
            @if visit.viewer.person.is_some() { a.button.second href="/account/tokens" { (visit.t("api-tokens")) } }
        }
    };
    Page::new(title, body)
}

fn addresses(visit: &Visit) -> Markup {
    let mut table = Table::new(visit.t("api-addresses"))
        .head(visit.t("api-address"))
        .head(visit.t("api-for"));
    for (method, address, key) in ADDRESSES {
        table.row([html! { code { (method) " " (address) } }, html! { (visit.t(key)) }]);
    }
    table.show(visit)
}
