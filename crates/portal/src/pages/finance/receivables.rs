//! What is asked back: from whom, why, how far it is, what came, and what was set off.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_facts::money::Money;
use meed_office::aftermath::{Claim, Offset, Recovery};
use meed_office::command::Seen;
use meed_office::ledger::{less, total};
use meed_office::machine::{RecoveryState, State as _};
use meed_office::store::Cell;
use meed_office::tx::Tx;

use crate::access::{Audience, FINANCE, seen};
use crate::app::Portal;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::routes::Route;
use crate::view::{Table, amount, day, pairs, section, state};
use crate::visit::{Page, Visit};

/// How many recoveries that are not over stand on the page with their acts.
const OPEN: usize = 30;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(
        "/finance/receivables",
        Audience::Roles(FINANCE),
        receivables,
    )]
}

/// A recovery with what belongs to it.
struct One {
    recovery: Recovery,
    debtor: String,
    claims: Vec<Claim>,
    offsets: Vec<Offset>,
}

impl One {
    fn collected(&self) -> Money {
        total(self.claims.iter().map(|claim| claim.collected))
    }

    fn is_over(&self) -> bool {
        use RecoveryState::{Cancelled, Collected, Dropped, WrittenOff};
        matches!(self.recovery.state, Cancelled | Collected | Dropped | WrittenOff)
    }
}

async fn receivables(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let found = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let mut found = Vec::new();
            for recovery in seen::<Recovery>(&mut tx, &viewer, "1 = 1", &[], "ORDER BY id DESC LIMIT 200")? {
                let id = [Cell::from(&recovery.id)];
                let name = tx.query(
                    "SELECT name FROM subject WHERE id = $1",
                    &[Cell::from(&recovery.debtor)],
                )?;
                let debtor = match name.into_iter().flatten().next() {
                    Some(Cell::Text(name)) => name,
                    _ => recovery.debtor.clone(),
                };
                found.push(One {
                    debtor,
                    claims: tx.rows("recovery = $1 ORDER BY instalment", &id)?,
                    offsets: tx.rows("recovery = $1 ORDER BY instalment", &id)?,
                    recovery,
                });
            }
            Ok::<_, Fault>(found)
        })
        .await?;
    let (over, open): (Vec<One>, Vec<One>) = found.into_iter().partition(One::is_over);
    let title = visit.t("nav-finance-receivables");
    let mut each = Vec::new();
    for one in open.iter().take(OPEN) {
        let id = &one.recovery.id;
        let actions = possible(
            &portal,
            &visit,
            "recovery",
            &[("recovery", id)],
            &[Seen::of(&one.recovery)],
        )
        .await?;
        each.push((one, actions));
    }
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("finance-receivables-lead")) }
        (table(&visit, "finance-open", &open))
        @for (one, actions) in &each { (recovery(&visit, one, actions)) }
        @if !over.is_empty() { (section(visit.t("finance-over"), table(&visit, "finance-over", &over))) }
    };
    Ok(Page::new(title, body))
}

fn table(visit: &Visit, caption: &str, found: &[One]) -> Markup {
    let mut table = Table::new(visit.t(caption))
        .head(visit.t("field-recovery"))
        .head(visit.t("finance-debtor"))
        .head(visit.t("office-state"))
        .number(visit.t("field-amount"))
        .number(visit.t("finance-collected"))
        .number(visit.t("finance-rest"))
        .number(visit.t("field-interest"));
    for one in found {
        table.row([
            html! { a.code href={ "#" (one.recovery.id) } { (one.recovery.id) } },
            html! { (one.debtor) },
            state(visit, "recovery", one.recovery.state.name()),
            amount(one.recovery.amount),
            amount(one.collected()),
            amount(less(one.recovery.amount, one.collected())),
            amount(one.recovery.interest),
        ]);
    }
    let sum = |of: &dyn Fn(&One) -> Money| amount(total(found.iter().map(of)));
    table.total([
        html! { (visit.t("finance-total")) },
        html! {},
        html! {},
        sum(&|one| one.recovery.amount),
        sum(&One::collected),
        sum(&|one| less(one.recovery.amount, one.collected())),
        sum(&|one| one.recovery.interest),
    ]);
    table.show(visit)
}

/// One recovery: why, what was said, what came from where, and what can be done.
fn recovery(visit: &Visit, one: &One, actions: &Markup) -> Markup {
    let none = || html! { (visit.t("nothing")) };
    let said = |text: &Option<String>| html! { (text.clone().unwrap_or_else(|| visit.t("nothing"))) };
    let mut claims = Table::new(visit.t("finance-claims"))
        .head(visit.t("field-instalment"))
        .number(visit.t("field-amount"))
        .number(visit.t("finance-collected"));
    for claim in &one.claims {
        claims.row([
            html! { span.code { (claim.instalment) } },
            amount(claim.amount),
            amount(claim.collected),
        ]);
    }
    let mut offsets = Table::new(visit.t("finance-offsets"))
        .head(visit.t("field-instalment"))
        .number(visit.t("field-amount"));
    for offset in &one.offsets {
        offsets.row([html! { span.code { (offset.instalment) } }, amount(offset.amount)]);
    }
    html! {
        section.panel id=(one.recovery.id) {
            h2 { (one.debtor) " · " (amount(one.recovery.amount)) " " (state(visit, "recovery", one.recovery.state.name())) }
            (pairs([
                (visit.t("field-award"), html! { span.code { (one.recovery.award) } }),
                (visit.t("field-reason"), html! { (one.recovery.reason) }),
                (visit.t("finance-hearing-on"), one.recovery.hearing_on.map_or_else(none, day)),
                (visit.t("finance-hearing"), said(&one.recovery.hearing)),
                (visit.t("finance-consent"), said(&one.recovery.consent)),
            ]))
            @if !claims.is_empty() { (claims.show(visit)) }
            @if !offsets.is_empty() { (offsets.show(visit)) }
            (actions)
        }
    }
}
