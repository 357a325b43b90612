//! Accounts to which money goes: their state, since when, and entering a new one.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_office::command::Seen;
use meed_office::machine::{AccountState, State as _};
use meed_office::payments::Account;
use meed_office::store::Cell;
use meed_office::tx::Tx;

use super::applicant::Applicant;
use crate::access::{Audience, rows};
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Offer, Table, moment, section, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/my/account", Audience::Agent, account)]
}

async fn account(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let seen = visit.clone();
    let (applicant, accounts, hours) = portal
        .read(move |connection, setup| {
            let applicant = Applicant::of(connection, setup, &seen)?;
            let mine = rows(&seen.viewer, "account", 1);
            let mut arguments = vec![Cell::from(&applicant.subject.id)];
            arguments.extend(mine.arguments);
            let condition = format!("subject = $1 AND {} ORDER BY id, version DESC", mine.sql);
            let accounts = Tx::reading(connection, setup)?.rows::<Account>(&condition, &arguments)?;
            Ok::<_, Fault>((applicant, accounts, setup.config.account_wait_hours))
        })
        .await?;
    let title = visit.t("nav-my-account");
    let enter = Offer::new(&visit, "account.enter").with("subject", &applicant.subject.id);
    let body = html! {
        h1 { (title) }
        (applicant.choice(&visit))
        p { (visit.words.with("mine-account-lead", &[("hours", hours.to_string().into())])) }
        (table(&visit, &title, &accounts))
        (section(visit.t("mine-account-new"), enter.show(&visit)))
    };
    Ok(Page::new(title, body))
}

fn table(visit: &Visit, title: &str, accounts: &[Account]) -> Markup {
    let mut table = Table::new(title)
        .head(visit.t("field-number"))
        .head(visit.t("field-name"))
        .head(visit.t("field-bank"))
        .head(visit.t("mine-state"))
        .head(visit.t("mine-account-from"))
        .head(visit.t("mine-account-close"));
    for one in accounts {
        let open = !matches!(one.state, AccountState::Closed | AccountState::Replaced);
        let close = Offer::new(visit, "account.close")
            .with("account", &one.id)
            .with("version", one.version.to_string())
            .seeing([Seen::of(one)]);
        table.row([
            html! { span.code { (masked(one.number.as_deref().unwrap_or_default())) } },
            html! { (one.name.as_deref().unwrap_or_default()) },
            html! { span.code { (one.bank.as_deref().unwrap_or_default()) } },
            state(visit, "account", one.state.name()),
            one.active_from.map_or_else(|| html! { (visit.t("nothing")) }, moment),
            html! { @if open { (close.show(visit)) } },
        ]);
    }
    table.show(visit)
}

/// An account's number as screens show it: its last four digits.
fn masked(number: &str) -> String {
    let count = number.chars().count();
    let hidden = count.saturating_sub(4);
    let shown: String = number.chars().skip(hidden).collect();
    format!("{}{shown}", "•".repeat(hidden.min(8)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn screens_show_the_end_of_a_number() {
        assert_eq!(super::masked("6222020200112233"), "••••••••2233");
        assert_eq!(super::masked("12"), "12");
    }
}
