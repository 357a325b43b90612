//! What is asked back: from whom, why, how far it is, what came, and what was set off.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_facts::money::Money;
use meed_office::ledger::{less, total};
use meed_office::machine::State as _;
use meed_office::tx::Tx;

use crate::access::{Audience, FINANCE};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::recoveries::One;
use crate::routes::Route;
use crate::view::{Table, amount, section, state};
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

async fn receivables(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let (found, names) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            Ok::<_, Fault>((One::seen(&mut tx, &viewer)?, Names::read(&mut tx)?))
        })
        .await?;
    let (over, open): (Vec<One>, Vec<One>) = found.into_iter().partition(One::is_over);
    let title = visit.t("nav-finance-receivables");
    let mut each = Vec::new();
    for one in open.iter().take(OPEN) {
        each.push(one.panel(&portal, &visit, &names).await?);
    }
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("finance-receivables-lead")) }
        (section(visit.t("finance-open"), html! {
            (table(&visit, &names, "finance-open", &open))
            @for panel in &each { (panel) }
        }))
        @if !over.is_empty() { (section(visit.t("finance-over"), table(&visit, &names, "finance-over", &over))) }
    };
    Ok(Page::new(title, body))
}

fn table(visit: &Visit, names: &Names, caption: &str, found: &[One]) -> Markup {
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
            html! { a href={ "#" (one.recovery.id) } { (one.cited.what(visit, names)) } },
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
