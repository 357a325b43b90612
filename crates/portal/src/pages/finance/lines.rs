//! Budget lines: what was appropriated, and where it is.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_office::ledger::Account;
use meed_office::machine::State as _;
use meed_office::people::Role;
use meed_office::tx::Tx;

use super::balance::{Balance, account_name, adds_up};
use crate::access::{Audience, FINANCE};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Offer, Stack, Table, section, stacks, state, yuan, yuan_text};
use crate::visit::{Page, Visit};

/// Accounts that stand in every table; the others where a line has something there.
const ALWAYS: &[Account] = &[
    Account::Available,
    Account::Reserved,
    Account::Committed,
    Account::InFlight,
    Account::Paid,
    Account::Returned,
    Account::Lapsed,
];

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/finance", Audience::Roles(FINANCE), lines)]
}

async fn lines(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let (balances, names) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let names = Names::read(&mut tx)?;
            Ok::<_, Fault>((Balance::read(&mut tx, &viewer, "1 = 1", &[])?, names))
        })
        .await?;
    let title = visit.t("nav-finance-lines");
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("finance-equation")) }
        @if !balances.is_empty() { (chart(&visit, &balances, &names)) }
        div.dense { (table(&visit, &balances, &names)) }
        @if visit.viewer.has(Role::Budget) {
            (section(visit.t("finance-new"), html! { div.actions {
                (Offer::new(&visit, "ledger.open").show(&visit))
                (Offer::new(&visit, "ledger.authorise").show(&visit))
            } }))
        }
    };
    Ok(Page::new(title, body))
}

fn shown(balances: &[Balance]) -> Vec<Account> {
    let used = |account: &Account| ALWAYS.contains(account) || balances.iter().any(|one| one.of(*account) != 0);
    Account::ALL.into_iter().filter(used).collect()
}

fn chart(visit: &Visit, balances: &[Balance], names: &Names) -> Markup {
    let accounts = shown(balances);
    let series: Vec<String> = accounts
        .iter()
        .map(|account| account_name(visit, account.name()))
        .collect();
    let stack = |one: &Balance| Stack {
        label: one.name(visit, names),
        shown: yuan_text(one.appropriation),
        parts: accounts
            .iter()
            .map(|account| (i128::from(one.of(*account)), yuan_text(one.of(*account))))
            .collect(),
    };
    let data: Vec<Stack> = balances.iter().map(stack).collect();
    stacks(&visit.t("finance-chart"), &series, &data)
}

fn table(visit: &Visit, balances: &[Balance], names: &Names) -> Markup {
    let accounts = shown(balances);
    let mut table = Table::new(visit.t("nav-finance-lines"))
        .head(visit.t("field-line"))
        .head(visit.t("office-state"))
        .number(visit.t("finance-appropriated"));
    for (index, account) in accounts.iter().enumerate() {
        let before = if index == 0 { "= " } else { "+ " };
        table = table.number(format!("{before}{}", account_name(visit, account.name())));
    }
    table = table.number(visit.t("finance-sum"));
    for one in balances {
        let mut cells = vec![
            html! { a href={ "/finance/lines/" (one.line.id) } { (one.name(visit, names)) } },
            state(visit, "line", one.line.state.name()),
            yuan(one.appropriation),
        ];
        cells.extend(accounts.iter().map(|account| yuan(one.of(*account))));
        cells.push(adds_up(visit, one.sum(), one.appropriation));
        table.row(cells);
    }
    let total = |of: &dyn Fn(&Balance) -> i64| balances.iter().map(of).fold(0, i64::saturating_add);
    let whole = total(&|one| one.appropriation);
    let mut cells = vec![html! { (visit.t("finance-total")) }, html! {}, yuan(whole)];
    cells.extend(accounts.iter().map(|account| yuan(total(&|one| one.of(*account)))));
    cells.push(adds_up(visit, total(&Balance::sum), whole));
    table.total(cells);
    table.show(visit)
}
