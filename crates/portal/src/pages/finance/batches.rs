//! Batches for the bank, what waits to be paid, and files from the bank.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_facts::money::Money;
use meed_office::ledger::Line;
use meed_office::machine::State as _;
use meed_office::payments::Batch;
use meed_office::people::Role;
use meed_office::store::{Cell, Field as _};
use meed_office::tx::Tx;

use super::balance::name;
use crate::access::{Audience, BANK, OFFICE, Viewer, rows, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Offer, Table, amount, count, day, leads, moment, section, state};
use crate::visit::{Page, Visit};

/// How many batches stand on the page.
const MOST: i64 = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/finance/batches", Audience::Roles(BANK), batches)]
}

/// What the page shows.
struct Found {
    batches: Vec<Batch>,
    /// Line, number and sum of what is payable and in no batch.
    payable: Vec<(Line, i64, Money)>,
    waiting: Vec<Waiting>,
    names: Names,
}

/// A case that waits for money.
struct Waiting {
    case: String,
    measure: String,
    payer: Option<String>,
    fund: Option<String>,
    applied: Option<meed_office::time::Instant>,
    /// The round that gave it nothing.
    round: Option<String>,
}

async fn batches(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let found = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            Ok::<_, Fault>(Found {
                batches: seen(
                    &mut tx,
                    &viewer,
                    "1 = 1",
                    &[],
                    &format!("ORDER BY execution DESC, id DESC LIMIT {MOST}"),
                )?,
                payable: payable(&mut tx, &viewer)?,
                waiting: waiting(&mut tx, &viewer)?,
                names: Names::read(&mut tx)?,
            })
        })
        .await?;
    let title = visit.t("nav-finance-batches");
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("finance-batches-lead")) }
        (list(&visit, &found.batches))
        (section(visit.t("finance-payable"), ready(&visit, &found)))
        (section(visit.t("finance-from-bank"), files(&visit)))
        (section(visit.t("finance-waiting"), html! { p { (visit.t("finance-waiting-lead")) } (queue(&visit, &found)) }))
    };
    Ok(Page::new(title, body))
}

fn payable(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Vec<(Line, i64, Money)>, Fault> {
    let mut found = Vec::new();
    for line in seen::<Line>(tx, viewer, "state <> 'closed'", &[], "ORDER BY year, payer, fund")? {
        let sql = "SELECT count(*), CAST(coalesce(sum(amount), 0) AS BIGINT) FROM instalment WHERE line = $1 AND state = 'payable'";
        if let Some([Cell::Int(number), sum]) = tx.query(sql, &[Cell::from(&line.id)])?.first().map(Vec::as_slice)
            && *number > 0
        {
            found.push((line, *number, Money::from_cell(sum)?));
        }
    }
    Ok(found)
}

/// Those who wait for whose money, the first applicant first.
fn waiting(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Vec<Waiting>, Fault> {
    // It is the payer's queue, whoever handles the cases. What a round leaves without a share joins it when the round is settled.
    let queue = rows(viewer, "queue", 0);
    let cases = rows(viewer, "case", queue.arguments.len());
    let sql = format!(
        "SELECT waits.id, waits.measure, queue.payer, queue.fund, waits.applied_at, waits.round FROM \"case\" waits LEFT JOIN \
         (SELECT * FROM queue WHERE {}) queue ON queue.case_id = waits.id WHERE waits.state = 'waiting_for_funds' AND \
         (queue.case_id IS NOT NULL OR waits.id IN (SELECT id FROM \"case\" WHERE {})) \
         ORDER BY queue.payer, queue.fund, waits.applied_at, waits.id LIMIT {MOST}",
        queue.sql, cases.sql
    );
    let arguments: Vec<Cell> = queue.arguments.into_iter().chain(cases.arguments).collect();
    let mut found = Vec::new();
    for row in tx.query(&sql, &arguments)? {
        if let [case, measure, payer, fund, applied, round] = row.as_slice() {
            found.push(Waiting {
                case: String::from_cell(case)?,
                measure: String::from_cell(measure)?,
                payer: Option::from_cell(payer)?,
                fund: Option::from_cell(fund)?,
                applied: Option::from_cell(applied)?,
                round: Option::from_cell(round)?,
            });
        }
    }
    Ok(found)
}

fn list(visit: &Visit, batches: &[Batch]) -> Markup {
    let mut table = Table::new(visit.t("nav-finance-batches"))
        .head(visit.t("field-batch"))
        .head(visit.t("office-state"))
        .head(visit.t("field-execution"))
        .number(visit.t("finance-rows"))
        .number(visit.t("finance-sum"))
        .head(visit.t("finance-hash"));
    for one in batches {
        let hash = one.hash.as_deref().unwrap_or_default();
        table.row([
            html! { a.code href={ "/finance/batches/" (one.id) } { (one.id) } },
            state(visit, "batch", one.state.name()),
            day(one.execution),
            html! { @if let Some(number) = one.count { (count(number)) } },
            html! { @if let Some(sum) = one.sum { (amount(sum)) } },
            html! { span.code title=(hash) { (hash.get(..12).unwrap_or_default()) } },
        ]);
    }
    table.show(visit)
}

/// What a preparer can put into a batch, line by line.
fn ready(visit: &Visit, found: &Found) -> Markup {
    let mut table = Table::new(visit.t("finance-payable"))
        .head(visit.t("field-line"))
        .number(visit.t("finance-rows"))
        .number(visit.t("finance-sum"))
        .head(visit.t("office-act"));
    for (line, number, sum) in &found.payable {
        let offer = Offer::about(visit, "payment.build", "line", &line.id);
        table.row([
            html! { a href={ "/finance/lines/" (line.id) } { (name(visit, &found.names, line)) } },
            count(number),
            amount(*sum),
            html! { @if visit.viewer.has(Role::Preparer) { (offer.show(visit)) } },
        ]);
    }
    table.show(visit)
}

/// Answers and statements, as the bank sends them.
fn files(visit: &Visit) -> Markup {
    html! {
        p { (visit.t("finance-from-bank-lead")) }
        @if visit.viewer.has(Role::Machine) {
            div.actions {
                (Offer::new(visit, "bank.answers").show(visit))
                (Offer::new(visit, "bank.statements").show(visit))
            }
        } @else { p.faint { (visit.t("finance-from-bank-who")) } }
    }
}

fn queue(visit: &Visit, found: &Found) -> Markup {
    let mut table = Table::new(visit.t("finance-waiting"))
        .head(visit.t("field-case"))
        .head(visit.t("field-measure"))
        .head(visit.t("field-payer"))
        .head(visit.t("field-fund"))
        .head(visit.t("office-applied"));
    for one in &found.waiting {
        table.row([
            leads(visit, OFFICE, "/office/cases", &one.case),
            html! { (found.names.called(visit.words, &one.measure)) },
            html! {
                @match (&one.payer, &one.round) {
                    (Some(payer), _) => (found.names.called(visit.words, payer)),
                    (None, Some(round)) => { (visit.t("field-round")) " " span.code { (round) } },
                    (None, None) => {},
                }
            },
            html! { @if let Some(fund) = &one.fund { (found.names.called(visit.words, fund)) } },
            html! { @if let Some(at) = one.applied { (moment(at)) } },
        ]);
    }
    table.show(visit)
}
