//! Rounds: which there are, and the board of one, with its clocks, claims, places and shares.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use meed_facts::money::Money;
use meed_office::command::Seen;
use meed_office::ledger::total;
use meed_office::machine::{CaseState, State as _};
use meed_office::publicity::List;
use meed_office::rounds::{Round, Share};
use meed_office::store::{Cell, Field as _};
use meed_office::tx::Tx;

use crate::access::{Audience, HANDLERS, rows, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::routes::Route;
use crate::view::{Bar, Table, amount, bars, count, day, grouped, moment, pairs, section, state, yuan_text};
use crate::visit::{Page, Visit};

/// How many rounds, and how many claims of one, stand on a page.
const MOST: i64 = 500;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/office/rounds", Audience::Roles(HANDLERS), rounds),
        Route::get("/office/rounds/{round}", Audience::Roles(HANDLERS), round),
    ]
}

async fn rounds(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let (found, names) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let found = seen::<Round>(
                &mut tx,
                &viewer,
                "1 = 1",
                &[],
                &format!("ORDER BY closes DESC, id LIMIT {MOST}"),
            )?;
            Ok::<_, Fault>((found, Names::read(&mut tx)?))
        })
        .await?;
    let mut table = Table::new(visit.t("nav-office-rounds"))
        .head(visit.t("field-round"))
        .head(visit.t("field-measure"))
        .head(visit.t("office-state"))
        .head(visit.t("field-fund"))
        .number(visit.t("field-year"))
        .head(visit.t("field-closes"))
        .number(visit.t("field-amount"));
    for one in &found {
        table.row([
            html! { a.code href={ "/office/rounds/" (one.id) } { (one.id) } },
            html! { (names.called(visit.words, &one.measure)) },
            state(&visit, "round", one.state.name()),
            html! { (names.called(visit.words, &one.fund)) },
            html! { (one.year) },
            day(one.closes),
            html! { @if let Some(whole) = one.amount { (amount(whole)) } },
        ]);
    }
    let title = visit.t("nav-office-rounds");
    Ok(Page::new(title.clone(), html! { h1 { (title) } (table.show(&visit)) }))
}

/// A claim with its case.
struct Claim {
    case: String,
    name: String,
    state: String,
    share: Option<Share>,
}

/// A round with its claims, and its list where it has one.
struct Board {
    round: Round,
    claims: Vec<Claim>,
    list: Option<List>,
    open_objections: i64,
    names: Names,
}

async fn round(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let (asking, wanted) = (visit.clone(), id.clone());
    let board = portal
        .read(move |connection, setup| read(&mut Tx::reading(connection, setup)?, &asking, &wanted))
        .await?;
    let actions = possible(&portal, &visit, "round", &[("round", &id)], &[Seen::of(&board.round)]).await?;
    let title = format!(
        "{} · {}",
        board.names.called(visit.words, &board.round.measure),
        board.round.year
    );
    let body = html! {
        h1 { (title) " " (state(&visit, "round", board.round.state.name())) }
        (clocks(&visit, &board))
        (section(visit.t("office-actions"), actions))
        (section(visit.t("office-claims"), claims(&visit, &board)))
    };
    Ok(Page::new(title, body))
}

fn read(tx: &mut Tx<'_>, visit: &Visit, id: &str) -> Result<Board, Fault> {
    let viewer = &visit.viewer;
    let round = seen::<Round>(tx, viewer, "id = $1", &[id.into()], "")?
        .pop()
        .ok_or(Fault::Absent)?;
    let sight = rows(viewer, "case", 1);
    let sql = format!(
        "SELECT found.id, subject.name, found.state FROM \"case\" found JOIN subject ON subject.id = found.subject \
         WHERE found.id IN (SELECT id FROM \"case\" WHERE round = $1 AND {}) ORDER BY found.applied_at, found.id LIMIT {MOST}",
        sight.sql
    );
    let arguments: Vec<Cell> = std::iter::once(Cell::from(id)).chain(sight.arguments).collect();
    let mut claims = Vec::new();
    for row in tx.query(&sql, &arguments)? {
        if let [case, name, state] = row.as_slice() {
            let case = String::from_cell(case)?;
            let share: Option<Share> = tx.find((id, case.as_str()))?;
            claims.push(Claim {
                case,
                name: Option::<String>::from_cell(name)?.unwrap_or_default(),
                state: String::from_cell(state)?,
                share,
            });
        }
    }
    claims.sort_by_key(|claim| claim.share.as_ref().and_then(|share| share.place).unwrap_or(i64::MAX));
    let list = match &round.list {
        Some(list) => tx
            .rows::<List>("id = $1 ORDER BY version DESC LIMIT 1", &[Cell::from(list)])?
            .pop(),
        None => None,
    };
    let contested = "SELECT count(*) FROM objection WHERE list = $1 AND state IN ('lodged', 'examined')";
    let open_objections = tx.number(contested, &[Cell::from(round.list.as_deref().unwrap_or_default())])?;
    Ok(Board {
        claims,
        list,
        open_objections,
        names: Names::read(tx)?,
        round,
    })
}

/// Until when what lasts, and what the others do while a row is contested.
fn clocks(visit: &Visit, board: &Board) -> Markup {
    let round = &board.round;
    let contested = format!("office-contested-{}", round.contested.name()).replace('_', "-");
    pairs([
        (
            visit.t("field-fund"),
            html! { (board.names.called(visit.words, &round.fund)) " · " (board.names.called(visit.words, &round.payer)) },
        ),
        (visit.t("office-on"), day(round.on_date)),
        (visit.t("field-closes"), day(round.closes)),
        (
            visit.t("office-whole"),
            html! { @if let Some(whole) = round.amount { (amount(whole)) } @else { (visit.t("office-not-frozen")) } },
        ),
        (visit.t("field-reviews"), count(round.reviews)),
        (
            visit.t("field-contested"),
            html! { (visit.words.known(&contested).unwrap_or_default()) },
        ),
        (
            visit.t("field-list"),
            html! { @if let Some(list) = &board.list {
                a href={ "/office/lists/" (list.id) } { (list.id) " · " (list.version) } " " (state(visit, "list", list.state.name()))
            } },
        ),
        (
            visit.t("office-clear-at"),
            html! { @if let Some(at) = board.list.as_ref().and_then(|list| list.clear_at) { (moment(at)) } },
        ),
        (visit.t("office-objections"), count(board.open_objections)),
    ])
}

fn claims(visit: &Visit, board: &Board) -> Markup {
    let shares = || board.claims.iter().filter_map(|one| one.share.as_ref());
    // By what claims are ordered and which place they have: columns of rounds that have such.
    let (ranked, placed) = (
        shares().any(|share| share.rank.is_some()),
        shares().any(|share| share.place.is_some()),
    );
    let mut table = Table::new(visit.t("office-claims"))
        .head(visit.t("field-case"))
        .head(visit.t("field-subject"))
        .head(visit.t("office-state"));
    if ranked {
        table = table.number(visit.t("office-rank"));
    }
    if placed {
        table = table.number(visit.t("office-place"));
    }
    table = table.number(visit.t("office-claim")).number(visit.t("office-share"));
    let order = |share: Option<&Share>| {
        let rank = html! { (share.and_then(|share| share.rank.as_deref()).map(grouped).unwrap_or_default()) };
        let place = html! { @if let Some(place) = share.and_then(|share| share.place) { (place) } };
        ranked.then_some(rank).into_iter().chain(placed.then_some(place))
    };
    for one in &board.claims {
        let share = one.share.as_ref();
        let who = [
            html! { a.code href={ "/office/cases/" (one.case) } { (one.case) } },
            html! { (one.name) },
            state(visit, CaseState::MACHINE.table, &one.state),
        ];
        let money = [
            html! { @if let Some(share) = share { (amount(share.claim)) } },
            html! { @if let Some(given) = share.and_then(|share| share.amount) { (amount(given)) } },
        ];
        table.row(who.into_iter().chain(order(share)).chain(money));
    }
    let money = [
        amount(total(shares().map(|share| share.claim))),
        amount(total(shares().filter_map(|share| share.amount))),
    ];
    let who = [html! { (visit.t("office-total")) }, html! {}, html! {}];
    table.total(who.into_iter().chain(order(None)).chain(money));
    html! {
        (table.show(visit))
        @if shares().any(|share| share.amount.is_some()) { (chart(visit, board)) }
    }
}

fn chart(visit: &Visit, board: &Board) -> Markup {
    let bar = |one: &Claim| {
        let given: Money = one.share.as_ref().and_then(|share| share.amount)?;
        Some(Bar {
            label: one.name.clone(),
            value: given.minor(),
            shown: yuan_text(i64::try_from(given.minor()).unwrap_or(i64::MAX)),
        })
    };
    let data: Vec<Bar> = board.claims.iter().filter_map(bar).collect();
    bars(
        visit,
        &visit.t("office-shares"),
        [visit.t("field-subject"), visit.t("office-share")],
        &data,
    )
}
