//! What is promised on later years: how much may be, how much is, and where a year was short.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_facts::money::Money;
use meed_office::awards::{Instalment, Pledge};
use meed_office::ledger::{Authorisation, less, total};
use meed_office::people::Role;
use meed_office::tx::Tx;

use crate::access::{Audience, FINANCE, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Offer, Stack, Table, amount, day, section, stacks, yuan_text};
use crate::visit::{Page, Visit};

/// How many instalments that are short stand on the page.
const MOST: i64 = 200;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/finance/pledges", Audience::Roles(FINANCE), pledges)]
}

/// A fund's later year.
struct Year {
    authorisation: Authorisation,
    promised: Money,
}

async fn pledges(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let (years, short, names) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let live: Vec<Pledge> = seen(&mut tx, &viewer, "live = 1", &[], "")?;
            let authorised = seen::<Authorisation>(&mut tx, &viewer, "1 = 1", &[], "ORDER BY fund, year")?;
            let year = |authorisation: Authorisation| {
                let of = |one: &&Pledge| one.fund == authorisation.fund && one.year == authorisation.year;
                let promised = total(live.iter().filter(of).map(|one| one.amount));
                Year {
                    authorisation,
                    promised,
                }
            };
            let years: Vec<Year> = authorised.into_iter().map(year).collect();
            let short: Vec<Instalment> = seen(
                &mut tx,
                &viewer,
                "state = 'short'",
                &[],
                &format!("ORDER BY due, award, n LIMIT {MOST}"),
            )?;
            Ok::<_, Fault>((years, short, Names::read(&mut tx)?))
        })
        .await?;
    let title = visit.t("nav-finance-pledges");
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("finance-pledges-lead")) }
        @if !years.is_empty() { (chart(&visit, &years, &names)) }
        (table(&visit, &years, &names))
        @if visit.viewer.has(Role::Budget) { div.actions { (Offer::new(&visit, "ledger.authorise").show(&visit)) } }
        (section(visit.t("finance-short"), html! { p { (visit.t("finance-short-lead")) } (missing(&visit, &short, &names)) }))
    };
    Ok(Page::new(title, body))
}

fn name(visit: &Visit, names: &Names, one: &Authorisation) -> String {
    match one.fund.as_str() {
        "" => format!("{} · {}", visit.t("finance-undivided"), one.year),
        fund => format!("{} · {}", names.called(visit.words, fund), one.year),
    }
}

fn chart(visit: &Visit, years: &[Year], names: &Names) -> Markup {
    let fen = |money: Money| {
        (
            money.minor(),
            yuan_text(i64::try_from(money.minor()).unwrap_or(i64::MAX)),
        )
    };
    let stack = |year: &Year| Stack {
        label: name(visit, names, &year.authorisation),
        shown: fen(year.authorisation.amount).1,
        parts: vec![fen(year.promised), fen(less(year.authorisation.amount, year.promised))],
    };
    let series = [visit.t("finance-promised"), visit.t("finance-free")];
    let data: Vec<Stack> = years.iter().map(stack).collect();
    stacks(&visit.t("nav-finance-pledges"), &series, &data)
}

fn table(visit: &Visit, years: &[Year], names: &Names) -> Markup {
    let mut table = Table::new(visit.t("nav-finance-pledges"))
        .head(visit.t("finance-fund-year"))
        .number(visit.t("finance-authorised"))
        .number(visit.t("finance-promised"))
        .number(visit.t("finance-free"));
    for year in years {
        table.row([
            html! { (name(visit, names, &year.authorisation)) },
            amount(year.authorisation.amount),
            amount(year.promised),
            amount(less(year.authorisation.amount, year.promised)),
        ]);
    }
    table.show(visit)
}

fn missing(visit: &Visit, short: &[Instalment], names: &Names) -> Markup {
    let mut table = Table::new(visit.t("finance-short"))
        .head(visit.t("field-instalment"))
        .head(visit.t("field-payer"))
        .head(visit.t("office-due"))
        .number(visit.t("field-amount"))
        .head(visit.t("office-act"));
    for one in short {
        let offer = Offer::about(visit, "year.fund", "instalment", &one.id);
        table.row([
            html! { span.code { (one.id) } },
            html! { (names.called(visit.words, &one.payer)) },
            day(one.due),
            amount(one.amount),
            html! { @if visit.viewer.has(Role::Budget) { (offer.show(visit)) } },
        ]);
    }
    table.total([
        html! { (visit.t("finance-total")) },
        html! {},
        html! {},
        amount(total(short.iter().map(|one| one.amount))),
        html! {},
    ]);
    table.show(visit)
}
