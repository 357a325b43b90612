//! One budget line: its equation, who holds its money, the last postings, and what can be done with it.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use meed_office::command::Seen;
use meed_office::ledger::{Account, Posting};
use meed_office::machine::State as _;
use meed_office::store::{Cell, Field as _};
use meed_office::tx::Tx;

use super::balance::{Balance, account_name, adds_up};
use crate::access::{Audience, FINANCE, HANDLERS, OFFICE, Viewer, rows, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::routes::Route;
use crate::view::{Table, amount, leads, pairs, section, state, yuan};
use crate::visit::{Page, Visit};

/// How many holders and postings stand on the page.
const MOST: i64 = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/finance/lines/{line}", Audience::Roles(FINANCE), line)]
}

/// A line with what happened on it.
struct Found {
    balance: Balance,
    holders: Vec<Holder>,
    postings: Vec<Posting>,
    names: Names,
}

/// Whose money it is: an instalment with its case, or a round.
struct Holder {
    id: String,
    case: Option<String>,
    held: Vec<i64>,
}

async fn line(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let (viewer, wanted) = (visit.viewer.clone(), id.clone());
    let found = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let balance = Balance::read(&mut tx, &viewer, "id = $1", &[Cell::from(&wanted)])?.pop();
            Ok::<_, Fault>(Found {
                balance: balance.ok_or(Fault::Absent)?,
                holders: holders(&mut tx, &viewer, &wanted)?,
                postings: seen(
                    &mut tx,
                    &viewer,
                    "line = $1",
                    &[Cell::from(&wanted)],
                    &format!("ORDER BY seq DESC, i DESC LIMIT {MOST}"),
                )?,
                names: Names::read(&mut tx)?,
            })
        })
        .await?;
    let actions = possible(
        &portal,
        &visit,
        "line",
        &[("line", &id)],
        &[Seen::of(&found.balance.line)],
    )
    .await?;
    let title = found.balance.name(&visit, &found.names);
    let body = html! {
        h1 { (title) " " (state(&visit, "line", found.balance.line.state.name())) }
        (about(&visit, &found))
        (section(visit.t("finance-equation-of"), equation(&visit, &found.balance)))
        (section(visit.t("office-actions"), actions))
        (section(visit.t("finance-holders"), html! { div.dense { (holding(&visit, &found.holders)) } }))
        (section(visit.t("finance-postings"), html! { div.dense { (posted(&visit, &found.postings)) } }))
    };
    Ok(Page::new(title, body))
}

/// Who holds money of the line, the most first.
fn holders(tx: &mut Tx<'_>, viewer: &Viewer, line: &str) -> Result<Vec<Holder>, Fault> {
    let columns: Vec<&str> = Account::held().map(Account::name).collect();
    let sight = rows(viewer, "holding", 1);
    let sql = format!(
        "SELECT holder, (SELECT award.case_id FROM award JOIN instalment ON instalment.award = award.id WHERE instalment.id = holder), {} \
         FROM holding WHERE line = $1 AND {} ORDER BY {} DESC, holder LIMIT {MOST}",
        columns.join(", "),
        sight.sql,
        columns.join(" + "),
    );
    let arguments: Vec<Cell> = std::iter::once(Cell::from(line)).chain(sight.arguments).collect();
    let mut found = Vec::new();
    for row in tx.query(&sql, &arguments)? {
        if let [id, case, held @ ..] = row.as_slice() {
            found.push(Holder {
                id: String::from_cell(id)?,
                case: Option::from_cell(case)?,
                held: held.iter().map(i64::from_cell).collect::<Result<_, _>>()?,
            });
        }
    }
    Ok(found)
}

fn about(visit: &Visit, found: &Found) -> Markup {
    let line = &found.balance.line;
    pairs([
        (visit.t("field-line"), html! { span.code { (line.id) } }),
        (
            visit.t("field-payer"),
            html! { (found.names.called(visit.words, &line.payer)) },
        ),
        (
            visit.t("field-fund"),
            html! { @if line.fund.is_empty() { (visit.t("finance-undivided")) } @else { (found.names.called(visit.words, &line.fund)) } },
        ),
        (visit.t("field-year"), html! { (line.year) }),
    ])
}

/// The accounts, one below the other, and what they come to.
fn equation(visit: &Visit, balance: &Balance) -> Markup {
    let mut table = Table::new(visit.t("finance-equation"))
        .head(visit.t("field-account"))
        .number(visit.t("field-amount"));
    for account in Account::ALL {
        table.row([
            html! { (account_name(visit, account.name())) },
            yuan(balance.of(account)),
        ]);
    }
    table.total([
        html! { (visit.t("finance-sum")) " = " (visit.t("finance-appropriated")) " " (yuan(balance.appropriation)) },
        adds_up(visit, balance.sum(), balance.appropriation),
    ]);
    table.show(visit)
}

fn holding(visit: &Visit, holders: &[Holder]) -> Markup {
    let used: Vec<(usize, Account)> = Account::held()
        .enumerate()
        .filter(|(index, _)| {
            holders
                .iter()
                .any(|one| one.held.get(*index).is_some_and(|amount| *amount != 0))
        })
        .collect();
    let mut table = Table::new(visit.t("finance-holders"))
        .head(visit.t("field-holder"))
        .head(visit.t("field-case"));
    for (_, account) in &used {
        table = table.number(account_name(visit, account.name()));
    }
    for one in holders {
        let mut cells = vec![
            match one.case {
                Some(_) => html! { span.code { (one.id) } },
                None => leads(visit, HANDLERS, "/office/rounds", &one.id),
            },
            html! { @if let Some(case) = &one.case { (leads(visit, OFFICE, "/office/cases", case)) } },
        ];
        cells.extend(
            used.iter()
                .map(|(index, _)| yuan(one.held.get(*index).copied().unwrap_or(0))),
        );
        table.row(cells);
    }
    table.show(visit)
}

fn posted(visit: &Visit, postings: &[Posting]) -> Markup {
    let mut table = Table::new(visit.t("finance-postings"))
        .head(visit.t("field-seq"))
        .head(visit.t("finance-to"))
        .head(visit.t("finance-from"))
        .head(visit.t("field-holder"))
        .number(visit.t("field-amount"))
        .head(visit.t("finance-cause"));
    for one in postings {
        let holder = one.to_holder.as_ref().or(one.from_holder.as_ref());
        table.row([
            html! { span.num { (one.seq) "/" (one.i) } },
            html! { (account_name(visit, &one.to_account)) },
            html! { "← " (account_name(visit, &one.from_account)) },
            html! { span.code { (holder.map_or("", String::as_str)) } },
            amount(one.amount),
            html! { (cause(visit, &one.cause)) @if let Some(link) = &one.link { " " span.code.faint { (link) } } },
        ]);
    }
    table.show(visit)
}

/// What an event of the ledger is called.
pub fn cause(visit: &Visit, cause: &str) -> String {
    let key = format!("finance-cause-{cause}").replace('_', "-");
    visit.words.known(&key).unwrap_or_else(|| cause.to_owned())
}
