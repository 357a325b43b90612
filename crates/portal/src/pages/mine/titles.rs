//! An applicant's titles, each with its certificate.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_facts::date::Date;
use meed_office::machine::State as _;
use meed_office::register::{Held, Title, held_by};
use meed_office::setup::Setup;
use meed_office::store::{Cell, Connection};
use meed_office::tx::Tx;

use super::applicant::Applicant;
use crate::access::{Audience, rows};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::public::titles::Standing;
use crate::routes::Route;
use crate::view::{Table, day, encoded, state};
use crate::visit::{Page, Visit};
use crate::vocabulary::Vocabulary;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/my/titles", Audience::Agent, titles)]
}

/// What an applicant holds or held, and what is on its way to them.
struct Found {
    applicant: Applicant,
    /// Those that registers state and those that the office granted, the latest first: what the public register has of them.
    held: Vec<Held>,
    /// Those that the office has not granted yet, or refused.
    coming: Vec<Title>,
    names: Names,
    today: Date,
}

fn read(connection: &mut Connection, setup: &Setup, visit: &Visit) -> Result<Found, Fault> {
    let applicant = Applicant::of(connection, setup, visit)?;
    let mine = rows(&visit.viewer, "title", 1);
    let mut arguments = vec![Cell::from(&applicant.subject.id)];
    arguments.extend(mine.arguments);
    let mut tx = Tx::reading(connection, setup)?;
    let condition = format!("subject = $1 AND granted IS NULL AND {} ORDER BY id", mine.sql);
    let coming = tx.rows::<Title>(&condition, &arguments)?;
    let today = tx.today;
    let mut held = held_by(&mut tx, today, &applicant.subject.id)?;
    held.sort_by(|a, b| b.granted.cmp(&a.granted).then_with(|| a.id.cmp(&b.id)));
    Ok(Found {
        held,
        coming,
        names: Names::read(&mut tx)?,
        today,
        applicant,
    })
}

async fn titles(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let seen = visit.clone();
    let found = portal
        .read(move |connection, setup| read(connection, setup, &seen))
        .await?;
    let title = found.applicant.say(&visit, "mine-titles");
    let body = html! {
        h1 { (title) }
        (found.applicant.choice(&visit))
        (table(&visit, &title, &found))
    };
    Ok(Page::new(title, body))
}

fn table(visit: &Visit, title: &str, found: &Found) -> Markup {
    let vocabulary = Vocabulary::of(&found.names, &found.applicant.subject.kind, visit.words);
    let level = |title: &str, level: &Option<String>| vocabulary.level(title, level.as_deref().unwrap_or_default());
    let mut table = Table::new(title)
        .head(visit.t("field-title"))
        .head(visit.t("field-level"))
        .head(visit.t("mine-state"))
        .head(visit.t("mine-title-since"))
        .head(visit.t("mine-title-until"))
        .head(visit.t("mine-title-certificate"));
    let none = || html! { (visit.t("nothing")) };
    for one in &found.coming {
        table.row([
            html! { (found.names.called(visit.words, &one.title)) },
            html! { (level(&one.title, &one.level)) },
            state(visit, "title", one.state.name()),
            none(),
            none(),
            none(),
        ]);
    }
    for one in &found.held {
        table.row([
            html! { (found.names.called(visit.words, &one.title)) },
            html! { (level(&one.title, &one.level)) },
            Standing::of(one, found.today).shown(visit),
            one.granted.map_or_else(none, day),
            one.ends().map_or_else(none, day),
            html! { a href={ "/titles/" (encoded(&one.id)) } { (one.certificate.as_deref().map_or_else(|| visit.t("mine-title-entry"), str::to_owned)) } },
        ]);
    }
    table.show(visit)
}
