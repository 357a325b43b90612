//! A day of the bank's book against ours, made again from all rows each time, and what the two do not agree on.

use std::sync::Arc;

use axum::extract::{Query, State};
use maud::{Markup, html};
use meed_engine::words::Mark;
use meed_facts::date::Date;
use meed_facts::money::Money;
use meed_office::command::Seen;
use meed_office::machine::{DifferenceState, State as _};
use meed_office::payments::reconcile::{Reconciliation, Side, reconcile};
use meed_office::payments::{Difference, Statement};
use meed_office::tx::Tx;
use meed_syntax::diagnostic::Message;
use serde::Deserialize;

use crate::access::{Audience, FINANCE, seen, sees_all};
use crate::app::Portal;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::routes::Route;
use crate::view::{Table, amount, day, section, sign, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/finance/reconcile", Audience::Roles(FINANCE), reconciled),
        Route::get("/finance/differences", Audience::Roles(FINANCE), differences),
    ]
}

/// The day that is asked about; where none is, the last of which there is a statement.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    on: String,
}

async fn reconciled(
    State(portal): State<Arc<Portal>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Page, Fault> {
    let wanted = match asked.on.as_str() {
        "" => None,
        text => Some(Date::parse(text).map_err(|_| no_day(text))?),
    };
    if !sees_all(&visit.viewer, "bank_entry") {
        return Err(Fault::NotYours);
    }
    let viewer = visit.viewer.clone();
    let (days, found) = portal
        .read(move |connection, setup| {
            let account = &setup.config.debtor.account;
            let mut tx = Tx::reading(connection, setup)?;
            let today = tx.today;
            let days: Vec<Statement> = seen(
                &mut tx,
                &viewer,
                "account = $1",
                &[account.into()],
                "ORDER BY day DESC LIMIT 20",
            )?;
            let on = wanted.or(days.first().map(|last| last.day)).unwrap_or(today);
            Ok::<_, Fault>((days, reconcile(connection, account, on)?))
        })
        .await?;
    let title = visit.t("nav-finance-reconcile");
    let body = html! {
        h1 { (title) }
        form.actions method="get" {
            label for="on" { (visit.t("finance-day")) }
            input id="on" name="on" type="date" value=(found.day);
            button.second type="submit" { (visit.t("finance-compare")) }
        }
        @if !days.is_empty() { p { (visit.t("finance-statements")) " " @for one in &days { a href={ "/finance/reconcile?on=" (one.day) } { (one.day) } " " } } }
        (verdict(&visit, &found))
        (sides(&visit, &found))
        @if !found.unexplained.is_empty() { p.reason { (visit.t("finance-unexplained")) " " span.code { (found.unexplained.join(", ")) } } }
        (section(visit.t("nav-finance-differences"), listed(&visit, &found.differences)))
    };
    Ok(Page::new(title, body))
}

fn no_day(text: &str) -> Fault {
    Fault::Bad(Message::new(
        format!("`{text}` is no day; write one like 2023-01-12"),
        format!("“{text}”不是日期，请填如 2023-01-12 的日期"),
    ))
}

fn verdict(visit: &Visit, found: &Reconciliation) -> Markup {
    html! {
        @if found.is_balanced() { p.done { (sign(visit, Mark::Holds)) (visit.t("finance-balanced")) } }
        @else if !found.complete { p.note { (sign(visit, Mark::Unknown)) (visit.t("finance-incomplete")) } }
        @else { p.reason { (sign(visit, Mark::Fails)) (visit.t("finance-unbalanced")) } }
    }
}

/// Bank = ours + differences, out and back.
fn sides(visit: &Visit, found: &Reconciliation) -> Markup {
    let mut table = Table::new(visit.t("finance-sides"))
        .head(visit.t("finance-side"))
        .number(visit.t("finance-bank"))
        .number(format!("= {}", visit.t("finance-ours")))
        .number(format!("+ {}", visit.t("nav-finance-differences")))
        .head(visit.t("finance-holds"));
    for (name, side) in [("finance-left", found.left), ("finance-back", found.back)] {
        table.row([
            html! { (visit.t(name)) },
            amount(side.bank),
            amount(side.ours),
            amount(side.differences),
            sign(visit, holds(side)),
        ]);
    }
    table.show(visit)
}

fn holds(side: Side) -> Mark {
    let ours: Option<Money> = side.ours.checked_add(side.differences);
    if ours == Some(side.bank) {
        Mark::Holds
    } else {
        Mark::Fails
    }
}

fn listed(visit: &Visit, found: &[Difference]) -> Markup {
    let mut table = Table::new(visit.t("nav-finance-differences"))
        .head(visit.t("field-difference"))
        .head(visit.t("office-state"))
        .head(visit.t("finance-bank-ref"))
        .head(visit.t("field-instalment"))
        .number(visit.t("field-amount"))
        .head(visit.t("field-reason"))
        .head(visit.t("field-explanation"));
    for one in found {
        table.row([
            html! { span.code { (one.id) } },
            state(visit, "difference", one.state.name()),
            html! { span.code { (told_of(one)) } },
            html! { span.code { (one.instalment.as_deref().unwrap_or_default()) } },
            amount(one.amount),
            html! { (reason(visit, &one.reason)) },
            html! { (one.explanation.as_deref().unwrap_or_default()) },
        ]);
    }
    table.show(visit)
}

/// What the bank speaks of: its booking, or a file that nobody sent.
fn told_of(one: &Difference) -> &str {
    one.bank_ref.as_deref().or(one.file.as_deref()).unwrap_or_default()
}

/// Why the two books differ, in words.
fn reason(visit: &Visit, name: &str) -> String {
    let key = format!("finance-difference-{name}").replace('_', "-");
    visit.words.known(&key).unwrap_or_else(|| name.to_owned())
}

async fn differences(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let found = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            seen::<Difference>(
                &mut tx,
                &viewer,
                "1 = 1",
                &[],
                "ORDER BY state = 'closed', day DESC, id LIMIT 200",
            )
        })
        .await?;
    let (closed, open): (Vec<Difference>, Vec<Difference>) =
        found.into_iter().partition(|one| one.state == DifferenceState::Closed);
    let title = visit.t("nav-finance-differences");
    let mut each = Vec::new();
    for one in &open {
        let actions = possible(
            &portal,
            &visit,
            "difference",
            &[("difference", &one.id)],
            &[Seen::of(one)],
        )
        .await?;
        each.push((one, actions));
    }
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("finance-differences-lead")) }
        @if each.is_empty() { p { (visit.t("finance-no-difference")) } }
        @for (one, actions) in &each {
            section.panel {
                h2 { (reason(&visit, &one.reason)) " " (state(&visit, "difference", one.state.name())) }
                p { (day(one.day)) " · " (amount(one.amount)) " · " span.code { (told_of(one)) }
                    @if let Some(instalment) = &one.instalment { " · " (visit.t("finance-stands-still")) " " span.code { (instalment) } } }
                @if let Some(explanation) = &one.explanation { p { (visit.t("field-explanation")) (visit.words.pick("：", ": ")) (explanation) } }
                (actions)
            }
        }
        @if !closed.is_empty() { (section(visit.t("finance-closed"), listed(&visit, &closed))) }
    };
    Ok(Page::new(title, body))
}
