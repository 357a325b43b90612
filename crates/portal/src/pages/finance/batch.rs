//! One batch: its rows, its file under two keys, and what to do where nobody knows whether it arrived.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use meed_office::bank::Form;
use meed_office::command::Seen;
use meed_office::machine::{BatchState, State as _};
use meed_office::payments::{Account, Batch, Instruction};
use meed_office::people::Deed;
use meed_office::policies::Document;
use meed_office::register::Subject;
use meed_office::stop::Answer;
use meed_office::store::Cell;
use meed_office::time::Instant;
use meed_office::tx::Tx;

use crate::access::{Audience, FINANCE, Viewer, seen};
use crate::app::Portal;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::routes::Route;
use crate::view::{Table, amount, count, day, moment, pairs, section, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/finance/batches/{batch}", Audience::Roles(FINANCE), batch),
        Route::get("/finance/batches/{batch}/file", Audience::Roles(FINANCE), file),
    ]
}

/// A batch with what belongs to it.
struct Found {
    batch: Batch,
    rows: Vec<(Instruction, Option<Account>, String)>,
    /// Who turned a key, the first first.
    keys: Vec<(Deed, String)>,
    /// When every row had been rechecked: the longest ago of them.
    rechecked: Option<Instant>,
    /// For how many hours a recheck lets a row be released.
    hours: u32,
}

async fn batch(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let (viewer, wanted) = (visit.viewer.clone(), id.clone());
    let found = portal
        .read(move |connection, setup| read(&mut Tx::reading(connection, setup)?, &viewer, &wanted))
        .await?;
    let actions = possible(&portal, &visit, "batch", &[("batch", &id)], &[Seen::of(&found.batch)]).await?;
    let title = format!("{} {id}", visit.t("field-batch"));
    let body = html! {
        h1 { (title) " " (state(&visit, "batch", found.batch.state.name())) }
        @if let Some(help) = help(found.batch.state) { p.note { (visit.words.with(help, &[("hours", found.hours.to_string().into())])) } }
        (about(&visit, &found))
        (section(visit.t("finance-keys"), keys(&visit, &found)))
        (section(visit.t("office-actions"), actions))
        (section(visit.t("finance-rows-of"), html! { div.dense { (table(&visit, &found.rows)) } }))
    };
    Ok(Page::new(title, body))
}

/// The batch, if the visitor may see it; accounts stay out where they may not see those.
fn read(tx: &mut Tx<'_>, viewer: &Viewer, id: &str) -> Result<Found, Fault> {
    let batch = seen::<Batch>(tx, viewer, "id = $1", &[id.into()], "")?
        .pop()
        .ok_or(Fault::Absent)?;
    let within = "id IN (SELECT instruction FROM batch_row WHERE batch = $1)";
    let mut rows = Vec::new();
    for one in seen::<Instruction>(tx, viewer, within, &[id.into()], "ORDER BY id")? {
        let version = [Cell::from(&one.account), Cell::Int(one.version)];
        let account = seen::<Account>(tx, viewer, "id = $1 AND version = $2", &version, "")?.pop();
        let payee = "id IN (SELECT subject FROM account WHERE id = $1)";
        let payee = seen::<Subject>(tx, viewer, payee, &[Cell::from(&one.account)], "")?.pop();
        let payee = payee
            .map(|subject| subject.name.unwrap_or(subject.id))
            .unwrap_or_default();
        rows.push((one, account, payee));
    }
    let keys = keys_of(tx, id)?;
    Ok(Found {
        rechecked: rechecked(tx, &batch)?,
        hours: tx.setup.config.recheck_hours.into(),
        batch,
        rows,
        keys,
    })
}

/// When every row of a batch had been rechecked: with it, or before it when its instalment was found payable.
fn rechecked(tx: &mut Tx<'_>, batch: &Batch) -> Answer<Option<Instant>> {
    let sql = "SELECT min(coalesce(instalment.payable_at, 0)) FROM instruction JOIN instalment ON instalment.id = instruction.instalment WHERE \
               instruction.id IN (SELECT instruction FROM batch_row WHERE batch = $1)";
    let found = tx.query(sql, &[Cell::from(&batch.id)])?;
    let rows = match found.into_iter().flatten().next() {
        Some(Cell::Int(at)) if at > 0 => Some(Instant::from_milliseconds(at)),
        _ => None,
    };
    Ok(batch.rechecked_at.max(rows))
}

/// Who turned a key on a batch, the first first, with their names.
///
/// # Errors
/// Where the database fails.
pub fn keys_of(tx: &mut Tx<'_>, batch: &str) -> Answer<Vec<(Deed, String)>> {
    let mut keys = Vec::new();
    let turned = "target = $1 AND role IN ('preparer', 'releaser') ORDER BY seq";
    for deed in tx.rows::<Deed>(turned, &[batch.into()])? {
        let name = tx.query("SELECT name FROM person WHERE id = $1", &[Cell::from(&deed.person)])?;
        let name = match name.into_iter().flatten().next() {
            Some(Cell::Text(name)) => name,
            _ => deed.person.clone(),
        };
        keys.push((deed, name));
    }
    Ok(keys)
}

/// Both keys, each with who turned it and when.
pub fn turned(visit: &Visit, keys: &[(Deed, String)]) -> Markup {
    let by = |role: &str| keys.iter().find(|(deed, _)| deed.role.name() == role);
    html! {
        ol {
            @for (role, words) in [("preparer", "act-payment-seal"), ("releaser", "act-payment-release")] {
                li { strong { (visit.t(words)) } "　"
                    @match by(role) {
                        Some((deed, name)) => { (name) " " span.code.faint { (deed.person) } " · " (moment(deed.at)) },
                        None => { span.faint { (visit.t("finance-key-missing")) } },
                    }
                }
            }
        }
    }
}

/// What is to be done in a state that does not go on by itself.
const fn help(state: BatchState) -> Option<&'static str> {
    match state {
        BatchState::Sealed => Some("finance-help-sealed"),
        BatchState::Released | BatchState::Sending => Some("finance-help-released"),
        BatchState::Unknown => Some("finance-help-unknown"),
        BatchState::Sent => Some("finance-help-sent"),
        BatchState::Open | BatchState::Closed | BatchState::Dissolved => None,
    }
}

fn about(visit: &Visit, found: &Found) -> Markup {
    let batch = &found.batch;
    let waits = matches!(batch.state, BatchState::Open | BatchState::Sealed);
    let until = found
        .rechecked
        .map(|at| at.plus_hours(found.hours.into()))
        .filter(|_| waits);
    pairs([
        (
            visit.t("field-line"),
            html! { @if let Some(line) = &batch.line { a.code href={ "/finance/lines/" (line) } { (line) } } },
        ),
        (visit.t("field-execution"), day(batch.execution)),
        (
            visit.t("finance-rows"),
            html! { @if let Some(number) = batch.count { (count(number)) } },
        ),
        (
            visit.t("finance-sum"),
            html! { @if let Some(sum) = batch.sum { (amount(sum)) } },
        ),
        (
            visit.t("finance-rechecked"),
            html! {
                @if let Some(at) = found.rechecked { (moment(at)) } @else { (visit.t("finance-not-rechecked")) }
                @if let Some(until) = until { " · " (visit.t("finance-release-until")) " " (moment(until)) }
            },
        ),
    ])
}

/// Who turned which key on which bytes.
fn keys(visit: &Visit, found: &Found) -> Markup {
    html! {
        (turned(visit, &found.keys))
        @if let Some(hash) = &found.batch.hash {
            p { (visit.t("finance-hash")) " " code.code { (hash) } }
            p { a.button.second href={ "/finance/batches/" (found.batch.id) "/file" } download { (visit.t("finance-download")) } " " span.faint { (visit.t("finance-download-help")) } }
        }
    }
}

fn table(visit: &Visit, rows: &[(Instruction, Option<Account>, String)]) -> Markup {
    let mut table = Table::new(visit.t("finance-rows-of"))
        .head(visit.t("field-instruction"))
        .head(visit.t("field-instalment"))
        .head(visit.t("finance-payee"))
        .head(visit.t("field-account"))
        .number(visit.t("field-amount"))
        .head(visit.t("office-state"))
        .head(visit.t("field-evidence"));
    for (one, account, payee) in rows {
        table.row([
            html! { span.code { (one.id) } @if one.attempt > 1 { " " span.faint { (visit.t("finance-attempt")) " " (one.attempt) } } },
            html! { span.code { (one.instalment) } },
            html! { (payee) },
            html! { @if let Some(account) = account { span.code { (account.number.as_deref().unwrap_or_default()) } } },
            amount(one.amount),
            state(visit, "instruction", one.state.name()),
            html! { span.code { (one.evidence.as_deref().unwrap_or_default()) } },
        ]);
    }
    table.show(visit)
}

/// The sealed file, word for word, to be carried to the bank and to be hashed by whoever turns the second key.
async fn file(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Response, Fault> {
    let (viewer, wanted) = (visit.viewer.clone(), id.clone());
    let (body, form) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let found = read(&mut tx, &viewer, &wanted)?;
            // The file names every account: it is for whoever may see each of them.
            if found.rows.iter().any(|(_, account, _)| account.is_none()) {
                return Err(Fault::NotYours);
            }
            let digest = found.batch.file.ok_or(Fault::Absent)?;
            let document: Document = tx.get(&digest)?;
            Ok((document.body.ok_or(Fault::Absent)?, tx.setup.config.debtor.form))
        })
        .await?;
    tracing::info!(person = visit.person()?, batch = id, "the file of a batch was read");
    let (kind, end) = match form {
        Form::Iso20022 => ("application/xml; charset=utf-8", "xml"),
        Form::Csv => ("text/csv; charset=utf-8", "csv"),
    };
    let name = format!("attachment; filename=\"{id}.{end}\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], body).into_response())
}
