//! Settling: after the publicity of a round its shares are what its claims have become, and then they are final.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::claims::{contender, terms};
use super::give::{Change, Given, enqueue, give, line};
use super::plan::{cases_of, mine};
use super::ration::{say_share, sum, unresolved};
use super::sharing::shares;
use super::{Contested, Round, Share};
use crate::cases::{Case, judge};
use crate::ledger::{Account, End, Line};
use crate::machine::{CaseState, RoundState, State as _};
use crate::publicity::{Objection, end_rows, latest, must_all_be_clear, next};
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// Settles a public round. Where rows wait for each other the fund is shared out again, once every objection is closed; if a row rises, it is public
/// again first. Otherwise the shares are final: rows go on to their recheck, and what is left of the reservation is free.
pub(super) fn settle(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut round = mine(tx, id)?;
    if round.state != RoundState::Public {
        tx.step(&mut round, RoundState::Settling)?;
    }
    let mut list = latest(tx, round.list.as_deref().unwrap_or_default())?;
    if round.contested == Contested::Wait {
        must_all_be_clear(tx, &list)?;
        must_be_uncontested(tx, &round)?;
        let raised = share_again(tx, &round)?;
        if !raised.is_empty() {
            let list = next(tx, &list.id, &raised)?;
            return Ok(
                json!({"state": "public", "raised": raised, "list": list.id, "version": list.version, "hash": list.hash}),
            );
        }
    }
    let (ended, contested) = end_rows(tx, &mut list)?;
    free_rest(tx, &round)?;
    queue_the_others(tx, &round)?;
    tx.step(&mut round, RoundState::Settling)?;
    Ok(json!({"state": round.state.name(), "ended": ended, "contested": contested}))
}

fn must_be_uncontested(tx: &mut Tx<'_>, round: &Round) -> Answer<()> {
    let condition = "state IN ('lodged', 'examined') AND case_id IN (SELECT id FROM \"case\" WHERE round = $1 AND state = 'publicity') \
                     ORDER BY id LIMIT 1";
    let Some(open) = tx
        .rows::<Objection>(condition, &[Cell::from(&round.id)])?
        .into_iter()
        .next()
    else {
        return Ok(());
    };
    let (id, open) = (&round.id, &open.id);
    Err(Stop::denied(
        "contested",
        format!("objection {open} is open: every row of round {id} waits until it is closed"),
        format!("异议 {open} 尚未办结，批次 {id} 全部事项须等待"),
    ))
}

/// Shares the fund out again among those that are left, and returns who rises. What falls is freed before what rises is reserved.
fn share_again(tx: &mut Tx<'_>, round: &Round) -> Answer<Vec<String>> {
    let line = line(tx, round)?;
    let mut rows: Vec<(Case, Share)> = Vec::new();
    for case in cases_of(tx, &round.id)? {
        if matches!(case.state, CaseState::Publicity | CaseState::Waiting)
            && let Some(share) = tx.find::<Share>((&round.id, &case.id))?
        {
            rows.push((case, share));
        }
    }
    let mut contenders = Vec::new();
    for (case, share) in &rows {
        contenders.push(contender(tx, case, share)?);
    }
    let rule = terms(tx, round)?.rule;
    let (fund, held) = fund(tx, round, &line, &rows)?;
    let found = shares(&rule, fund, &contenders).map_err(|open| unresolved(&open))?;
    top_up(tx, round, &line, held, sum(found.iter().copied()))?;
    let mut changes: Vec<(Case, Share, Money)> = rows
        .into_iter()
        .zip(found)
        .map(|((case, share), to)| (case, share, to))
        .collect();
    changes.sort_by_key(|(_, share, to)| share.amount.is_none_or(|before| to.minor() > before.minor()));
    let mut raised = Vec::new();
    for (mut case, share, to) in changes {
        let mut judgement = judge(tx, &case)?;
        say_share(&mut judgement, round, share.claim, to);
        let change = Change {
            judgement: &judgement,
            to,
            why: None,
        };
        if matches!(
            give(tx, round, &mut case, share, &change)?,
            Given::Raised | Given::Proposed
        ) {
            raised.push(case.id);
        }
    }
    raised.sort();
    Ok(raised)
}

/// What there is to share out again, no more than at first, and how much of it the round and its rows hold.
fn fund(tx: &mut Tx<'_>, round: &Round, line: &Line, rows: &[(Case, Share)]) -> Answer<(Money, Money)> {
    let own = tx.held(&line.id, &round.id, Account::Reserved)?;
    let given = rows
        .iter()
        .filter(|(case, _)| case.state == CaseState::Publicity)
        .filter_map(|(_, share)| share.amount);
    let held = sum(given.chain([own]));
    let sql = "SELECT available FROM line_balance WHERE line = $1";
    let available = tx.number(sql, &[Cell::from(&line.id)])?;
    let there = held.minor().saturating_add(available.into());
    let most = round.amount.map_or(there, Money::minor);
    Ok((Money::from_minor(there.min(most), CURRENCY), held))
}

/// Reserves what claims that grew need beyond what the round holds.
fn top_up(tx: &mut Tx<'_>, round: &Round, line: &Line, held: Money, needed: Money) -> Answer<()> {
    match needed.checked_sub(held) {
        Some(more) if needed.minor() > held.minor() => {
            let to = End::of(Account::Reserved, &round.id);
            tx.post(&line.id, to, End::Free(Account::Available), more, "rationed", None)
        }
        _ => Ok(()),
    }
}

/// Frees what no row got.
pub(super) fn free_rest(tx: &mut Tx<'_>, round: &Round) -> Answer<()> {
    let line = line(tx, round)?;
    let rest = tx.held(&line.id, &round.id, Account::Reserved)?;
    let from = End::of(Account::Reserved, &round.id);
    tx.post(&line.id, End::Free(Account::Available), from, rest, "settled", None)
}

/// Those who got nothing wait like everybody else from now on.
fn queue_the_others(tx: &mut Tx<'_>, round: &Round) -> Answer<()> {
    for case in cases_of(tx, &round.id)? {
        if case.state == CaseState::Waiting
            && let Some(share) = tx.find::<Share>((&round.id, &case.id))?
        {
            let judgement = judge(tx, &case)?;
            enqueue(tx, round, &case, &judgement, share.claim)?;
        }
    }
    Ok(())
}

/// Finishes a round of which nothing is left to decide.
pub(super) fn finish(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut round = mine(tx, id)?;
    for case in cases_of(tx, id)? {
        if matches!(
            case.state,
            CaseState::Proposed | CaseState::Publicity | CaseState::Recheck
        ) {
            let (case, state) = (&case.id, case.state.name());
            return Err(Stop::denied(
                "not_done",
                format!("case {case} is `{state}`; approve or refuse it first"),
                format!("案件 {case} 处于 `{state}`，须先作出决定"),
            ));
        }
    }
    tx.step(&mut round, RoundState::Finished)?;
    tx.tell("round_finished", id, &Value::Null)?;
    Ok(Value::Null)
}
