//! What waits for somebody: cases by state, objections, accounts to be checked, instalments to be rechecked, with how long the oldest has waited.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_facts::money::Money;
use meed_office::people::Role;
use meed_office::store::{Cell, Field as _};
use meed_office::time::Instant;
use meed_office::tx::Tx;

use crate::access::{Audience, OFFICE, Viewer, rows};
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Table, amount, count, moment, section, state};
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

/// What the page shows: of each kind rows as the database gives them.
struct Waits {
    cases: Vec<Vec<Cell>>,
    objections: Vec<Vec<Cell>>,
    accounts: Vec<Vec<Cell>>,
    due: Vec<Vec<Cell>>,
}

/// Who looks at an instalment before it is paid.
const RECHECKS: &[Role] = &[Role::Officer, Role::Approver, Role::Machine];

async fn work(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let waits = portal
        .read(move |connection, setup| read(&mut Tx::reading(connection, setup)?, &viewer))
        .await?;
    let title = visit.t("nav-office-work");
    let body = html! {
        h1 { (title) }
        (section(visit.t("nav-office-cases"), cases(&visit, &waits.cases)))
        (section(visit.t("office-objections"), objections(&visit, &waits.objections)))
        @if !waits.accounts.is_empty() { (section(visit.t("office-accounts-waiting"), accounts(&visit, &waits.accounts))) }
        @if !waits.due.is_empty() { (section(visit.t("office-payable"), due(&visit, &waits.due))) }
    };
    Ok(Page::new(title, body))
}

fn read(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Waits, Fault> {
    let mut of = |table: &str, sql: &dyn Fn(&str) -> String| {
        let sight = rows(viewer, table, 0);
        tx.query(&sql(&sight.sql), &sight.arguments)
    };
    let cases = of("case", &|seen| {
        format!("SELECT state, count(*), min(opened_at) FROM \"case\" WHERE {seen} GROUP BY state")
    })?;
    let objections = of("objection", &|seen| {
        format!(
            "SELECT list, case_id, ground, lodged_at, state FROM objection WHERE state IN ('lodged', 'examined') AND {seen} \
             ORDER BY lodged_at"
        )
    })?;
    let accounts = if viewer.has(Role::Registrar) {
        of("account", &|seen| {
            format!(
                "SELECT subject, name, active_from, state FROM account WHERE state IN ('entered', 'prevalidated') AND {seen} \
                 ORDER BY active_from LIMIT 100"
            )
        })?
    } else {
        Vec::new()
    };
    let due = if viewer.has_any(RECHECKS) {
        of("award", &|seen| {
            format!(
                "SELECT award.case_id, instalment.due, instalment.amount, instalment.state FROM instalment JOIN award ON \
                 award.id = instalment.award WHERE instalment.state = 'due' AND award.id IN (SELECT id FROM award WHERE {seen}) \
                 ORDER BY instalment.due, instalment.id LIMIT 100"
            )
        })?
    } else {
        Vec::new()
    };
    Ok(Waits {
        cases,
        objections,
        accounts,
        due,
    })
}

/// How many cases wait in each state, in the order in which a case goes through them.
fn cases(visit: &Visit, found: &[Vec<Cell>]) -> Markup {
    let mut table = Table::new(visit.t("office-waiting"))
        .head(visit.t("office-state"))
        .number(visit.t("office-count"))
        .head(visit.t("office-oldest"));
    for waiting in WAITING {
        for row in found {
            if let [Cell::Text(name), Cell::Int(number), Cell::Int(oldest)] = row.as_slice()
                && name == waiting
            {
                let link = html! { a href={ "/office/cases?state=" (name) } { (state(visit, "case", name)) } };
                table.row([link, count(number), moment(Instant::from_milliseconds(*oldest))]);
            }
        }
    }
    table.show(visit)
}

fn objections(visit: &Visit, found: &[Vec<Cell>]) -> Markup {
    let mut table = Table::new(visit.t("office-objections"))
        .head(visit.t("field-list"))
        .head(visit.t("field-case"))
        .head(visit.t("field-ground"))
        .head(visit.t("office-since"))
        .head(visit.t("office-state"));
    for row in found {
        if let [
            Cell::Text(list),
            Cell::Text(case),
            Cell::Text(ground),
            Cell::Int(at),
            Cell::Text(name),
        ] = row.as_slice()
        {
            table.row([
                html! { a.code href={ "/office/lists/" (list) } { (list) } },
                html! { a.code href={ "/office/cases/" (case) } { (case) } },
                html! { (ground) },
                moment(Instant::from_milliseconds(*at)),
                state(visit, "objection", name),
            ]);
        }
    }
    table.show(visit)
}

fn accounts(visit: &Visit, found: &[Vec<Cell>]) -> Markup {
    let mut table = Table::new(visit.t("office-accounts-waiting"))
        .head(visit.t("field-subject"))
        .head(visit.t("office-state"))
        .head(visit.t("mine-account-from"));
    for row in found {
        if let [Cell::Text(subject), name, from, Cell::Text(state_name)] = row.as_slice() {
            let name = if let Cell::Text(name) = name { name } else { subject };
            let from = if let Cell::Int(at) = from {
                moment(Instant::from_milliseconds(*at))
            } else {
                html! {}
            };
            let link = html! { a href={ "/office/subjects/" (subject) } { (name) } };
            table.row([link, state(visit, "account", state_name), from]);
        }
    }
    table.show(visit)
}

fn due(visit: &Visit, found: &[Vec<Cell>]) -> Markup {
    let mut table = Table::new(visit.t("office-payable"))
        .head(visit.t("field-case"))
        .head(visit.t("office-due"))
        .number(visit.t("field-amount"))
        .head(visit.t("office-state"));
    for row in found {
        if let [Cell::Text(case), Cell::Text(on), sum, Cell::Text(name)] = row.as_slice() {
            table.row([
                html! { a.code href={ "/office/cases/" (case) } { (case) } },
                html! { (on) },
                html! { @if let Ok(sum) = Money::from_cell(sum) { (amount(sum)) } },
                state(visit, "instalment", name),
            ]);
        }
    }
    table.show(visit)
}
