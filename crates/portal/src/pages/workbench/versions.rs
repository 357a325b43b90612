//! The versions of packages, the latest first.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_office::machine::State as _;
use meed_office::people::Role;
use meed_office::policies::Policy;
use meed_office::store::Cell;
use meed_office::time::Instant;
use meed_office::tx::Tx;

use crate::access::{Audience, POLICY, seen};
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Offer, Table, day, moment, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/workbench", Audience::Roles(POLICY), versions)]
}

/// A version with who entered it and when.
struct Entered {
    policy: Policy,
    by: Option<(String, Instant)>,
}

async fn versions(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let found = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let mut found = Vec::new();
            for policy in seen::<Policy>(&mut tx, &viewer, "1 = 1", &[], "ORDER BY name, id DESC")? {
                let by = entered(&mut tx, &policy.id)?;
                found.push(Entered { policy, by });
            }
            Ok::<_, Fault>(found)
        })
        .await?;
    let title = visit.t("nav-workbench");
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("bench-lead")) }
        (table(&visit, &found))
        @if visit.viewer.has(Role::Drafter) { (Offer::new(&visit, "policy.draft").show(&visit)) }
    };
    Ok(Page::new(title, body))
}

/// Who entered a version, and when.
fn entered(tx: &mut Tx<'_>, policy: &str) -> Result<Option<(String, Instant)>, Fault> {
    let sql = "SELECT person.name, deed.at FROM deed JOIN person ON person.id = deed.person WHERE deed.target = $1 AND deed.role = 'drafter' \
               ORDER BY deed.seq LIMIT 1";
    let rows = tx.query(sql, &[Cell::from(policy)])?;
    Ok(match rows.first().map(Vec::as_slice) {
        Some([Cell::Text(name), Cell::Int(at)]) => Some((name.clone(), Instant::from_milliseconds(*at))),
        _ => None,
    })
}

fn table(visit: &Visit, found: &[Entered]) -> Markup {
    let mut table = Table::new(visit.t("bench-versions"))
        .head(visit.t("bench-package"))
        .head(visit.t("bench-version"))
        .head(visit.t("office-state"))
        .head(visit.t("bench-published"))
        .head(visit.t("bench-drafted-by"))
        .head(visit.t("office-when"));
    for Entered { policy, by } in found {
        table.row([
            html! { a href={ "/workbench/" (policy.id) } { (policy.name) } },
            html! { (policy.version) },
            state(visit, "policy", policy.state.name()),
            html! { @if let Some(on) = policy.published_on { (day(on)) } },
            html! { @if let Some((name, _)) = by { (name) } },
            html! { @if let Some((_, at)) = by { (moment(*at)) } },
        ]);
    }
    table.show(visit)
}
