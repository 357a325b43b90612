//! What waits for somebody: cases by state, objections, accounts to be checked, instalments to be rechecked, with how long the oldest has waited.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_office::awards::{Award, Instalment};
use meed_office::machine::State as _;
use meed_office::people::Role;
use meed_office::publicity::Objection;
use meed_office::store::Cell;
use meed_office::time::Instant;
use meed_office::tx::Tx;

use super::after;
use crate::access::{Audience, OFFICE, Viewer, rows, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::cited::Cited;
use crate::routes::Route;
use crate::view::{Table, amount, count, day, moment, section, state};
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
    objections: Vec<(Cited, Objection)>,
    accounts: Vec<Vec<Cell>>,
    due: Vec<(Cited, Instalment)>,
    /// How many appeals, recoveries and so on wait, by the key of their words.
    after: Vec<(&'static str, i64)>,
    names: Names,
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
        (section(visit.t("office-objections"), objections(&visit, &waits)))
        @if !waits.after.is_empty() { (section(visit.t("nav-office-after"), after(&visit, &waits.after))) }
        @if !waits.accounts.is_empty() { (section(visit.t("office-accounts-waiting"), accounts(&visit, &waits.accounts))) }
        @if !waits.due.is_empty() { (section(visit.t("office-payable"), due(&visit, &waits))) }
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
    let accounts = if viewer.has(Role::Registrar) {
        of("account", &|seen| {
            format!(
                "SELECT subject, (SELECT who.name FROM subject who WHERE who.id = account.subject), active_from, state FROM account WHERE state IN ('entered', 'prevalidated') AND {seen} \
                 ORDER BY active_from LIMIT 100"
            )
        })?
    } else {
        Vec::new()
    };
    let mut after = Vec::new();
    for (table, waiting, words) in [
        ("appeal", after::APPEALS, "office-appeals"),
        ("recovery", after::RECOVERIES, "office-recoveries"),
        ("obligation", after::OBLIGATIONS, "office-obligations"),
        ("title", after::TITLES, "office-title-reviews"),
    ] {
        let found = of(table, &|seen| {
            format!("SELECT count(*) FROM {table} WHERE {waiting} AND {seen}")
        })?;
        if let Some(Cell::Int(number)) = found.into_iter().flatten().next()
            && number > 0
        {
            after.push((words, number));
        }
    }
    let mut objections = Vec::new();
    let open = "state IN ('lodged', 'examined')";
    for objection in seen::<Objection>(tx, viewer, open, &[], "ORDER BY lodged_at, id LIMIT 100")? {
        objections.push((Cited::of(tx, &objection.case_id)?, objection));
    }
    let mut due = Vec::new();
    if viewer.has_any(RECHECKS) {
        // Who looks at an instalment sees its award.
        let sight = rows(viewer, "award", 0);
        let theirs = format!(
            "state = 'due' AND award IN (SELECT id FROM award WHERE {}) ORDER BY due, id LIMIT 100",
            sight.sql
        );
        for instalment in tx.rows::<Instalment>(&theirs, &sight.arguments)? {
            let award: Award = tx.get(&instalment.award)?;
            due.push((Cited::of(tx, &award.case_id)?, instalment));
        }
    }
    Ok(Waits {
        cases,
        objections,
        accounts,
        due,
        after,
        names: Names::read(tx)?,
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

fn objections(visit: &Visit, waits: &Waits) -> Markup {
    let mut table = Table::new(visit.t("office-objections"))
        .head(visit.t("field-case"))
        .head(visit.t("field-subject"))
        .head(visit.t("field-ground"))
        .head(visit.t("office-since"))
        .head(visit.t("office-state"));
    for (cited, one) in &waits.objections {
        table.row([
            cited.link(visit, &waits.names),
            html! { (cited.who()) },
            html! { a href={ "/office/lists/" (one.list) "#" (one.id) } { (one.ground) } },
            moment(one.lodged_at),
            state(visit, "objection", one.state.name()),
        ]);
    }
    table.show(visit)
}

/// How much waits of what comes after decisions.
fn after(visit: &Visit, found: &[(&'static str, i64)]) -> Markup {
    let mut table = Table::new(visit.t("nav-office-after"))
        .head(visit.t("office-kind"))
        .number(visit.t("office-count"));
    for (words, number) in found {
        let link = html! { a href={ "/office/after#" (words) } { (visit.t(words)) } };
        table.row([link, count(*number)]);
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

fn due(visit: &Visit, waits: &Waits) -> Markup {
    let mut table = Table::new(visit.t("office-payable"))
        .head(visit.t("field-case"))
        .head(visit.t("field-subject"))
        .head(visit.t("office-due"))
        .number(visit.t("field-amount"))
        .head(visit.t("office-state"));
    for (cited, one) in &waits.due {
        table.row([
            cited.link(visit, &waits.names),
            html! { (cited.who()) },
            day(one.due),
            amount(one.amount),
            state(visit, "instalment", one.state.name()),
        ]);
    }
    table.show(visit)
}
