//! Administration: who works here and who speaks for whom, with their roles.

use std::sync::Arc;

use axum::extract::{Query, State};
use maud::{Markup, html};
use meed_office::people::{Duty, Person, Role};
use meed_office::store::Cell;
use meed_office::tx::Tx;
use serde::Deserialize;

use crate::access::{Audience, seen};
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Offer, Table, day, encoded, role_name};
use crate::visit::{Page, Visit};

/// How many people stand on the page.
const MOST: usize = 200;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(
        "/people",
        Audience::Roles(&[Role::Administrator, Role::Auditor]),
        people,
    )]
}

/// Who is looked for: a part of a name, an id or a bureau.
#[derive(Clone, Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

async fn people(State(portal): State<Arc<Portal>>, visit: Visit, Query(search): Query<Search>) -> Result<Page, Fault> {
    let (viewer, wanted) = (visit.viewer.clone(), search.q.trim().to_owned());
    let found = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let like = [Cell::Text(format!("%{wanted}%"))];
            let condition = "id LIKE $1 OR name LIKE $1 OR bureau LIKE $1";
            // Those who only speak for an applicant come last.
            let tail = format!(
                "ORDER BY NOT EXISTS (SELECT 1 FROM duty WHERE duty.person = person.id AND duty.role <> 'agent'), bureau, id LIMIT {}",
                MOST.saturating_add(1)
            );
            let today = tx.today;
            let mut found = Vec::new();
            for person in seen::<Person>(&mut tx, &viewer, condition, &like, &tail)? {
                let place = [Cell::from(&person.id), Cell::from(&today)];
                let current = "person = $1 AND (until IS NULL OR until > $2)";
                let duties: Vec<Duty> = seen(&mut tx, &viewer, current, &place, "ORDER BY role, scope, since")?;
                found.push((person, duties));
            }
            Ok::<_, Fault>(found)
        })
        .await?;
    let title = visit.t("nav-people");
    let keeps = visit.viewer.has(Role::Administrator);
    let body = html! {
        h1 { (title) }
        form.actions method="get" role="search" {
            label for="q" { (visit.t("office-find-person")) } input id="q" name="q" type="search" value=(search.q);
            button.second type="submit" { (visit.t("find-go")) }
        }
        @if keeps { div.actions { (Offer::new(&visit, "people.enter").show(&visit)) (Offer::new(&visit, "people.assign").show(&visit)) } }
        @if found.len() > MOST { p.note { (visit.t("office-more-people")) } }
        (table(&visit, found.get(..found.len().min(MOST)).unwrap_or_default(), keeps))
    };
    Ok(Page::new(title, body))
}

fn table(visit: &Visit, found: &[(Person, Vec<Duty>)], keeps: bool) -> Markup {
    let mut table = Table::new(visit.t("nav-people"))
        .head(visit.t("field-person"))
        .head(visit.t("field-name"))
        .head(visit.t("field-bureau"))
        .head(visit.t("office-duties"))
        .head(visit.t("office-act"));
    for (person, duties) in found {
        table.row([
            html! { span.code { (person.id) } },
            html! { (person.name) },
            html! { (person.bureau) },
            html! { ul.entries { @for duty in duties { li { (held(visit, duty)) @if keeps { " " (withdraw(visit, duty)) } } } } },
            html! { @if keeps { a href={ "/do/people/assign?person=" (encoded(&person.id)) "&back=/people" } { (visit.t("act-people-assign")) } } },
        ]);
    }
    table.show(visit)
}

/// A role, for what, and from when till when.
fn held(visit: &Visit, duty: &Duty) -> Markup {
    html! {
        (role_name(visit, duty.role)) @if !duty.scope.is_empty() { " · " span.code { (duty.scope) } }
        " " span.faint { (day(duty.since)) " –" @if let Some(until) = duty.until { " " (day(until)) } }
    }
}

fn withdraw(visit: &Visit, duty: &Duty) -> Markup {
    let scope = if duty.scope.is_empty() {
        String::new()
    } else {
        format!("&scope={}", encoded(&duty.scope))
    };
    let href = format!(
        "/do/people/withdraw?person={}&role={}{scope}&back=/people",
        encoded(&duty.person),
        duty.role
    );
    html! { a href=(href) { (visit.t("act-people-withdraw")) } }
}
