//! An applicant's titles, each with its certificate.

use std::sync::Arc;

use axum::extract::State;
use maud::html;
use meed_office::machine::State as _;
use meed_office::register::Title;
use meed_office::store::Cell;
use meed_office::tx::Tx;

use super::applicant::Applicant;
use crate::access::{Audience, rows};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Table, day, encoded, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/my/titles", Audience::Agent, titles)]
}

async fn titles(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let seen = visit.clone();
    let (applicant, titles, names) = portal
        .read(move |connection, setup| {
            let applicant = Applicant::of(connection, setup, &seen)?;
            let mine = rows(&seen.viewer, "title", 1);
            let mut arguments = vec![Cell::from(&applicant.subject.id)];
            arguments.extend(mine.arguments);
            let mut tx = Tx::reading(connection, setup)?;
            let condition = format!("subject = $1 AND {} ORDER BY granted DESC, id", mine.sql);
            let titles = tx.rows::<Title>(&condition, &arguments)?;
            Ok::<_, Fault>((applicant, titles, Names::read(&mut tx)?))
        })
        .await?;
    let title = applicant.say(&visit, "mine-titles");
    let mut table = Table::new(title.clone())
        .head(visit.t("field-title"))
        .head(visit.t("field-level"))
        .head(visit.t("mine-state"))
        .head(visit.t("mine-title-since"))
        .head(visit.t("mine-title-until"))
        .head(visit.t("mine-title-certificate"));
    let none = || html! { (visit.t("nothing")) };
    for one in &titles {
        let label = names.of(&one.title);
        table.row([
            html! { (label.map_or(one.title.as_str(), |label| visit.words.label(label, &one.title))) },
            html! { (one.level.as_deref().unwrap_or_default()) },
            state(&visit, "title", one.state.name()),
            one.granted.map_or_else(none, day),
            one.until.map_or_else(none, day),
            one.certificate.as_ref().map_or_else(
                none,
                |number| html! { a href={ "/titles/" (encoded(number)) } { (number) } },
            ),
        ]);
    }
    let body = html! {
        h1 { (title) }
        (applicant.choice(&visit))
        (table.show(&visit))
    };
    Ok(Page::new(title, body))
}
