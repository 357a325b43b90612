//! Cancelling: a round that is given up before its shares are final frees everything, and its applications wait or go on outside it.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::Share;
use super::give::enqueue;
use super::plan::{cases_of, mine};
use super::settle::free_rest;
use crate::cases::{decide, judge, undo};
use crate::machine::{CaseState, ListState, RoundState};
use crate::publicity::latest;
use crate::stop::{Answer, Stop};
use crate::store::CURRENCY;
use crate::tx::Tx;

/// Cancels a round.
pub(super) fn cancel(tx: &mut Tx<'_>, id: &str, why: &str) -> Answer<Value> {
    let mut round = mine(tx, id)?;
    if why.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "a round is cancelled for a reason; state it",
            "取消批次须写明理由",
        ));
    }
    let shared = matches!(round.state, RoundState::Rationed | RoundState::Public);
    for mut case in cases_of(tx, id)? {
        if matches!(case.state, CaseState::Proposed | CaseState::Publicity) {
            let judgement = judge(tx, &case)?;
            undo(tx, &case, "cancelled")?;
            decide(tx, &case, &judgement, "annul", Money::zero(CURRENCY), Some(why))?;
            case.list = None;
            tx.step(&mut case, CaseState::Waiting)?;
        }
        if shared
            && case.state == CaseState::Waiting
            && let Some(share) = tx.find::<Share>((id, &case.id))?
        {
            let judgement = judge(tx, &case)?;
            enqueue(tx, &round, &case, &judgement, share.claim)?;
        }
        if !shared {
            case.round = None;
            tx.update(&case)?;
        }
    }
    if let Some(list) = &round.list {
        free_rest(tx, &round)?;
        let mut list = latest(tx, list)?;
        if list.state != ListState::Replaced {
            tx.step(&mut list, ListState::Replaced)?;
        }
    }
    tx.step(&mut round, RoundState::Cancelled)?;
    tx.tell("round_cancelled", id, &json!({"why": why}))?;
    Ok(Value::Null)
}
