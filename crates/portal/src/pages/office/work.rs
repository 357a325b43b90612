//! What waits for somebody: cases by state, objections, services, with how long the oldest has waited.

use std::sync::Arc;

use axum::extract::State;
use maud::html;
use meed_office::store::Cell;
use meed_office::time::Instant;
use meed_office::tx::Tx;

use crate::access::{Audience, OFFICE, rows};
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Table, count, moment, section, state};
use crate::visit::{Page, Visit};

/// States in which a case waits for the office.
const WAITING: &[&str] = &[
    "submitted",
    "formal_check",
    "admissible",
    "accepted",
    "in_review",
    "verified",
    "waiting_for_funds",
    "proposed",
    "publicity",
    "recheck",
    "approved",
];

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/office", Audience::Roles(OFFICE), work)]
}

async fn work(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let seen = rows(&visit.viewer, "case", 0);
    let open = rows(&visit.viewer, "objection", 0);
    let (cases, objections) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let sql = format!(
                "SELECT state, count(*), min(opened_at) FROM \"case\" WHERE {} GROUP BY state ORDER BY state",
                seen.sql
            );
            let cases = tx.query(&sql, &seen.arguments)?;
            let sql = format!(
                "SELECT id, case_id, ground, lodged_at, state FROM objection WHERE state IN ('lodged', 'examined') AND {} ORDER BY lodged_at",
                open.sql
            );
            let objections = tx.query(&sql, &open.arguments)?;
            Ok::<_, Fault>((cases, objections))
        })
        .await?;
    let mut table = Table::new(visit.t("office-waiting"))
        .head(visit.t("office-state"))
        .number(visit.t("office-count"))
        .head(visit.t("office-oldest"));
    for row in &cases {
        if let [Cell::Text(name), Cell::Int(number), Cell::Int(oldest)] = row.as_slice()
            && WAITING.contains(&name.as_str())
        {
            let link = html! { a href={ "/office/cases?state=" (name) } { (state(&visit, "case", name)) } };
            table.row([link, count(number), moment(Instant::from_milliseconds(*oldest))]);
        }
    }
    let mut contested = Table::new(visit.t("office-objections"))
        .head(visit.t("field-case"))
        .head(visit.t("field-ground"))
        .head(visit.t("office-since"))
        .head(visit.t("office-state"));
    for row in &objections {
        if let [_, Cell::Text(case), Cell::Text(ground), Cell::Int(at), Cell::Text(name)] = row.as_slice() {
            contested.row([
                html! { a href={ "/office/cases/" (case) } { (case) } },
                html! { (ground) },
                moment(Instant::from_milliseconds(*at)),
                state(&visit, "objection", name),
            ]);
        }
    }
    let title = visit.t("nav-office-work");
    let body = html! {
        h1 { (title) }
        (section(visit.t("nav-office-cases"), table.show(&visit)))
        (section(visit.t("office-objections"), contested.show(&visit)))
    };
    Ok(Page::new(title, body))
}
