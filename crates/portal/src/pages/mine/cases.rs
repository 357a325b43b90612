//! An applicant's cases.

use std::sync::Arc;

use axum::extract::State;
use maud::html;
use meed_office::cases::Case;
use meed_office::machine::State as _;
use meed_office::store::Cell;
use meed_office::tx::Tx;

use super::applicant::Applicant;
use super::track::Stage;
use crate::access::{Audience, rows};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Table, moment, state};
use crate::visit::{Page, Visit};

/// States, as SQL lists them, in which a case stands in the way of no other about the same.
pub const ENDED: &str = "'closed', 'declined', 'expired', 'lapsed', 'withdrawn', 'refused', 'inadmissible'";

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/my/cases", Audience::Agent, cases)]
}

async fn cases(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let seen = visit.clone();
    let (applicant, cases, names) = portal
        .read(move |connection, setup| {
            let applicant = Applicant::of(connection, setup, &seen)?;
            let mut tx = Tx::reading(connection, setup)?;
            let mine = rows(&seen.viewer, "case", 1);
            let condition = format!("subject = $1 AND {} ORDER BY opened_at DESC, length(id), id", mine.sql);
            let mut arguments = vec![Cell::from(&applicant.subject.id)];
            arguments.extend(mine.arguments);
            let cases = tx.rows::<Case>(&condition, &arguments)?;
            Ok::<_, Fault>((applicant, cases, Names::read(&mut tx)?))
        })
        .await?;
    let title = applicant.say(&visit, "mine-cases");
    let mut table = Table::new(title.clone())
        .head(visit.t("field-measure"))
        .head(visit.t("mine-state"))
        .head(visit.t("mine-next"))
        .head(visit.t("mine-opened"));
    for case in &cases {
        table.row([
            html! { a href={ "/my/cases/" (case.id) } { (names.of_case(visit.words, case)) } },
            state(&visit, "case", case.state.name()),
            html! { (Stage::of(case.state).next(&visit)) },
            moment(case.opened_at),
        ]);
    }
    let body = html! {
        h1 { (title) }
        (applicant.choice(&visit))
        (table.show(&visit))
    };
    Ok(Page::new(title, body))
}
