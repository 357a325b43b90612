//! Cases, found by state, measure and applicant.

use std::sync::Arc;

use axum::extract::{Query, State};
use maud::{Markup, html};
use meed_office::cases::Case;
use meed_office::machine::{CaseState, State as _};
use meed_office::store::Cell;
use meed_office::tx::Tx;
use serde::Deserialize;

use crate::access::{Audience, DECIDING, OFFICE, rows};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Table, day, moment, state};
use crate::visit::{Page, Visit};

/// How many cases stand on one page.
const PAGE: i64 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/office/cases", Audience::Roles(OFFICE), cases)]
}

/// What is looked for; a field that is empty does not matter.
#[derive(Clone, Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    state: String,
    #[serde(default)]
    measure: String,
    /// A part of the applicant's name, or the case's id.
    #[serde(default)]
    q: String,
    #[serde(default)]
    from: u32,
}

async fn cases(State(portal): State<Arc<Portal>>, visit: Visit, Query(search): Query<Search>) -> Result<Page, Fault> {
    let (found, names) = {
        let (search, viewer) = (search.clone(), visit.viewer.clone());
        portal.read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let names = Names::read(&mut tx)?;
            let q = format!("%{}%", search.q.trim());
            let mut arguments: Vec<Cell> = [&search.state, &search.measure, &q].map(Cell::from).to_vec();
            let seen = rows(&viewer, "case", arguments.len());
            arguments.extend(seen.arguments);
            let condition = format!(
                "($1 = '' OR state = $1) AND ($2 = '' OR measure = $2) AND (id LIKE $3 OR subject IN (SELECT id FROM subject WHERE name LIKE $3)) \
                 AND {} ORDER BY opened_at DESC, length(id), id LIMIT {} OFFSET {}",
                seen.sql, PAGE.saturating_add(1), search.from
            );
            let mut found = Vec::new();
            for case in tx.rows::<Case>(&condition, &arguments)? {
                let name = tx.query("SELECT name FROM subject WHERE id = $1", &[Cell::from(&case.subject)])?;
                let name = name.into_iter().flatten().next();
                found.push((case, match name { Some(Cell::Text(name)) => name, _ => String::new() }));
            }
            Ok::<_, Fault>((found, names))
        }).await?
    };
    let title = visit.t("nav-office-cases");
    let more = found.len() > usize::try_from(PAGE).unwrap_or(0);
    let shown = found
        .get(..found.len().min(usize::try_from(PAGE).unwrap_or(0)))
        .unwrap_or_default();
    // Who only looks is not asked to do anything.
    let decides = visit.viewer.has_any(DECIDING);
    let body = html! {
        h1 { (title) }
        (form(&visit, &search))
        @if !decides { (table(&visit, shown, &names, false)) }
        @else if search.state.is_empty() { p.note { (visit.t("together-hint")) } (table(&visit, shown, &names, false)) }
        @else if shown.is_empty() { (table(&visit, shown, &names, false)) }
        @else { (chosen(&visit, shown, &names)) }
        @if more { p { a href=(next(&search)) rel="next" { (visit.t("office-more")) } } }
    };
    Ok(Page::new(title, body))
}

fn form(visit: &Visit, search: &Search) -> Markup {
    html! {
        form.actions method="get" role="search" aria-label=(visit.t("nav-office-cases")) {
            label for="q" { (visit.t("office-find")) } input id="q" name="q" type="search" value=(search.q);
            label for="state" { (visit.t("office-state")) }
            select id="state" name="state" {
                option value="" { (visit.t("office-any")) }
                @for name in CaseState::MACHINE.states { option value=(name) selected[*name == search.state] { (visit.words.known(&format!("state-case-{name}").replace('_', "-")).unwrap_or_default()) } }
            }
            @if !search.measure.is_empty() { input type="hidden" name="measure" value=(search.measure); }
            button.second type="submit" { (visit.t("find-go")) }
        }
    }
}

/// The cases of one state, from which some are chosen for the same act.
fn chosen(visit: &Visit, found: &[(Case, String)], names: &Names) -> Markup {
    html! {
        form method="get" action="/office/cases/together" {
            input type="hidden" name="back" value=(visit.here());
            (table(visit, found, names, true))
            div.actions {
                label hidden { input type="checkbox" data-all="case"; " " (visit.t("together-all")) }
                button type="submit" { (visit.t("together-go")) }
            }
        }
    }
}

fn table(visit: &Visit, found: &[(Case, String)], names: &Names, choosing: bool) -> Markup {
    let mut table = Table::new(visit.t("nav-office-cases"))
        .head(visit.t("field-case"))
        .head(visit.t("field-subject"))
        .head(visit.t("field-measure"))
        .head(visit.t("office-state"))
        .head(visit.t("office-on"))
        .head(visit.t("office-opened"));
    for (case, name) in found {
        table.row([
            html! {
                @if choosing { input type="checkbox" name="case" value=(case.id) aria-label={ (visit.t("together-choose")) " " (case.id) }; " " }
                a href={ "/office/cases/" (case.id) } { (case.id) }
            },
            html! { (name) },
            html! { (names.of_case(visit.words, case)) },
            state(visit, "case", case.state.name()),
            day(case.on_date),
            moment(case.opened_at),
        ]);
    }
    table.show(visit)
}

fn next(search: &Search) -> String {
    let from = search.from.saturating_add(u32::try_from(PAGE).unwrap_or(0));
    let part = |name: &str, value: &str| format!("{name}={}", crate::view::encoded(value));
    format!(
        "/office/cases?{}&{}&{}&from={from}",
        part("state", &search.state),
        part("measure", &search.measure),
        part("q", &search.q)
    )
}
