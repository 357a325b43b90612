//! The end of a year as a checklist: for each line what is left to do, in order, each item with its act; whoever comes back goes on where it stopped.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_office::command::Act;
use meed_office::ledger::Account;
use meed_office::machine::{LineState, State as _};
use meed_office::people::Role;
use meed_office::tx::Tx;
use meed_office::years::{self, Step};

use super::balance::{Balance, account_name};
use crate::access::{Audience, FINANCE};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::posted::Fields;
use crate::routes::Route;
use crate::view::{Offer, act_name, count, state, yuan};
use crate::visit::{Page, Visit};

/// How many items of one line stand on the page; the others come up as these are done.
const MOST: usize = 20;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/finance/year", Audience::Roles(FINANCE), year)]
}

/// A line, what is left to do to end its year, and which pledges of its year still wait for their money.
struct Todo {
    balance: Balance,
    end: Vec<Act>,
    open: Vec<Act>,
}

async fn year(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let (todo, names, this) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let this = i64::from(tx.today.year());
            let names = Names::read(&mut tx)?;
            let balances = Balance::read(&mut tx, &viewer, "1 = 1", &[])?;
            let mut todo = Vec::new();
            for balance in balances {
                let mut left = |step: Step<'_>| {
                    years::next(connection, step).map(|acts| acts.into_iter().map(Act::from).collect())
                };
                let (end, open) = (left(Step::End(&balance.line.id))?, left(Step::Open(&balance.line.id))?);
                todo.push(Todo { balance, end, open });
            }
            Ok::<_, Fault>((todo, names, this))
        })
        .await?;
    let title = visit.t("nav-finance-year");
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("finance-year-lead")) }
        ol { @for step in ["one", "two", "three", "four", "five"] { li { (visit.t(&format!("finance-year-{step}"))) } } }
        @for one in &todo { (line(&visit, one, &names, this)) }
    };
    Ok(Page::new(title, body))
}

fn line(visit: &Visit, todo: &Todo, names: &Names, this: i64) -> Markup {
    let line = &todo.balance.line;
    let ends = line.year < this || line.state == LineState::Closing;
    html! {
        section.panel {
            h2 { a href={ "/finance/lines/" (line.id) } { (todo.balance.name(visit, names)) } " " (state(visit, "line", line.state.name())) }
            p { @for account in [Account::Available, Account::Reserved, Account::Committed, Account::InFlight] {
                (account_name(visit, account.name())) " " (yuan(todo.balance.of(account))) "　"
            } }
            @if line.state == LineState::Closed { p.good { (visit.t("finance-year-closed")) } }
            @else if !ends { p.faint { (visit.t("finance-year-runs")) } }
            @else { (items(visit, &todo.end)) }
            @if !todo.open.is_empty() { h3 { (visit.t("finance-year-open")) } (items(visit, &todo.open)) }
        }
    }
}

/// What is left, the first first. Only somebody who keeps the budget is offered the act.
fn items(visit: &Visit, acts: &[Act]) -> Markup {
    html! {
        p { (visit.words.with("finance-year-left", &[("count", acts.len().into())])) }
        ol { @for act in acts.iter().take(MOST) {
            @let (kind, fields) = told(act);
            li {
                @if visit.viewer.has(Role::Budget) { (offer(visit, &kind, &fields).show(visit)) } @else { (act_name(visit, &kind)) }
                @if let Some(holder) = fields.get("holder").or_else(|| fields.get("instalment")).and_then(|values| values.first()) { " " span.code { (holder) } }
            }
        } }
        @if acts.len() > MOST { p.faint { (visit.t("finance-year-more")) " " (count(acts.len().saturating_sub(MOST))) } }
    }
}

fn offer(visit: &Visit, kind: &str, fields: &Fields) -> Offer {
    let mut offer = Offer::new(visit, kind);
    offer.fixed.clone_from(fields);
    offer
}

/// An act as a form has it: its name, and its fields as texts.
fn told(act: &Act) -> (String, Fields) {
    let json = act.to_json();
    let fields = json.as_object().and_then(|module| module.values().next());
    let fields = fields
        .and_then(|act| act.as_object())
        .and_then(|act| act.values().next());
    let mut texts = Fields::new();
    for (name, value) in fields.and_then(|fields| fields.as_object()).into_iter().flatten() {
        if let Some(text) = value.as_str() {
            texts.entry(name.clone()).or_default().push(text.to_owned());
        }
    }
    (act.kind(), texts)
}
