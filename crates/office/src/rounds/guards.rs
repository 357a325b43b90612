//! What a round asks of others: of proposals, lists, approvals, and of money that comes free.

use super::{Contested, Round};
use crate::cases::Case;
use crate::ledger::{Account, End};
use crate::machine::{CaseState, RoundState, State as _};
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

fn round_of(tx: &mut Tx<'_>, case: &Case) -> Answer<Option<Round>> {
    case.round.as_deref().map(|round| tx.get(round)).transpose()
}

/// That a case is no row of a round that still proposes for it.
///
/// # Errors
/// Denied until the round is settled.
pub(crate) fn must_be_free(tx: &mut Tx<'_>, case: &Case) -> Answer<()> {
    let Some(round) = round_of(tx, case)? else {
        return Ok(());
    };
    if is_over(&round) {
        return Ok(());
    }
    Err(in_round(case, &round))
}

/// That a case may be given back: its claim is not frozen, or no longer matters to the round.
///
/// # Errors
/// Denied while the fund is shared out.
pub(crate) fn must_not_be_frozen(tx: &mut Tx<'_>, case: &Case) -> Answer<()> {
    match round_of(tx, case)? {
        Some(round) if matches!(round.state, RoundState::Rationed | RoundState::Public) => Err(in_round(case, &round)),
        _ => Ok(()),
    }
}

fn is_over(round: &Round) -> bool {
    matches!(
        round.state,
        RoundState::Settling | RoundState::Finished | RoundState::Cancelled
    )
}

fn in_round(case: &Case, round: &Round) -> Stop {
    let (case, id, state) = (&case.id, &round.id, round.state.name());
    Stop::denied(
        "in_round",
        format!("case {case} is a row of round {id}, which is `{state}`: the round proposes for all its rows together"),
        format!("案件 {case} 属于批次 {id}（`{state}`），由该批次统一拟定"),
    )
}

/// That an application can still be submitted to its round.
///
/// # Errors
/// Denied after the round's last day, except for one that was given back.
pub(crate) fn must_take(tx: &mut Tx<'_>, case: &Case) -> Answer<()> {
    let Some(round) = round_of(tx, case)? else {
        return Ok(());
    };
    let in_time = round.state == RoundState::Open && tx.today <= round.closes;
    if in_time || case.state == CaseState::Correction {
        return Ok(());
    }
    Err(not_open(&round))
}

/// That a round takes no applications now.
pub(super) fn not_open(round: &Round) -> Stop {
    let (id, closes, state) = (&round.id, round.closes, round.state.name());
    Stop::denied(
        "round_not_open",
        format!("round {id} is `{state}` and takes applications until {closes}; a later round may be planned"),
        format!("批次 {id} 处于 `{state}`，申报截至 {closes}"),
    )
}

/// That the shares of a case's round are settled, so that it can be approved.
///
/// # Errors
/// Denied while they may still change.
pub(crate) fn must_be_settled(tx: &mut Tx<'_>, case: &Case) -> Answer<()> {
    match round_of(tx, case)? {
        Some(round) => settled(&round),
        None => Ok(()),
    }
}

/// Whether rows of a round's list end one by one: once the round is settled.
///
/// # Errors
/// Where the database fails.
pub(crate) fn is_settling(tx: &mut Tx<'_>, round: &str) -> Answer<bool> {
    Ok(is_over(&tx.get(round)?))
}

/// That rows of a round's list end one by one: once the round is settled.
///
/// # Errors
/// Denied before that.
pub(crate) fn must_be_settling(tx: &mut Tx<'_>, round: &str) -> Answer<()> {
    settled(&tx.get(round)?)
}

fn settled(round: &Round) -> Answer<()> {
    if is_over(round) {
        return Ok(());
    }
    let id = &round.id;
    Err(Stop::denied(
        "round_not_settled",
        format!("the shares of round {id} may still change: settle it after its publicity"),
        format!("批次 {id} 的分配尚未确定，公示结束后先行结算"),
    ))
}

/// Whether an objection against a case is about a claim of a round that has shared out its fund.
///
/// # Errors
/// Where the database fails.
pub(crate) fn shares_now(tx: &mut Tx<'_>, case: &Case) -> Answer<bool> {
    let round = round_of(tx, case)?;
    Ok(round.is_some_and(|round| matches!(round.state, RoundState::Public | RoundState::Settling)))
}

/// For whom a case's money is when it comes free: for its round while that shares out again, else for nobody.
///
/// # Errors
/// Where the database fails.
pub(crate) fn freed_to(tx: &mut Tx<'_>, case: &Case) -> Answer<End> {
    let round = round_of(tx, case)?;
    let again = round.filter(|round| {
        round.contested == Contested::Wait && matches!(round.state, RoundState::Rationed | RoundState::Public)
    });
    Ok(again.map_or(End::Free(Account::Available), |round| {
        End::of(Account::Reserved, &round.id)
    }))
}

/// Says that a round's list is public.
///
/// # Errors
/// Denied where the round is not so far.
pub(crate) fn is_public(tx: &mut Tx<'_>, round: &str) -> Answer<()> {
    let mut round: Round = tx.get(round)?;
    if round.state != RoundState::Rationed {
        return Ok(());
    }
    tx.step(&mut round, RoundState::Public)
}
