//! From a submitted application to one that can be decided.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::{Case, Standstill, decide, judge};
use crate::machine::CaseState;
use crate::people::{Role, act_as, holds, must};
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// Submits an application: its place in the queue is this moment.
pub(super) fn submit(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut case: Case = tx.get(id)?;
    must(tx, Role::Agent, &case.subject)?;
    crate::rounds::must_take(tx, &case)?;
    if case.state == CaseState::Correction {
        resume(tx, &case)?;
        tx.step(&mut case, CaseState::FormalCheck)?;
    } else {
        case.applied_at = case.applied_at.or(Some(tx.at));
        tx.step(&mut case, CaseState::Submitted)?;
    }
    act_as(tx, id, Role::Agent, &[], None)?;
    Ok(json!({"applied_at": case.applied_at.map(|at| at.to_string())}))
}

/// Takes an application up.
pub(super) fn examine(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    moved(tx, id, CaseState::FormalCheck)
}

/// Gives an application back for correction; its clock stands still meanwhile. Whatever was made of it is void: reviews, proposal, money,
/// publicity. It starts again from zero. Where it was public the approver may do so too.
pub(super) fn give_back(tx: &mut Tx<'_>, id: &str, what: &str) -> Answer<Value> {
    let mut case: Case = tx.get(id)?;
    if case.state == CaseState::Recheck && holds(tx, &tx.person.clone(), Role::Approver, &case.measure)? {
        act_as(tx, id, Role::Approver, &super::propose::APART, Some(&case.subject))?;
    } else {
        case = mine(tx, id)?;
    }
    crate::rounds::must_not_be_frozen(tx, &case)?;
    if matches!(case.state, CaseState::Proposed | CaseState::Recheck) {
        let judgement = judge(tx, &case)?;
        super::propose::undo(tx, &case, "returned")?;
        decide(tx, &case, &judgement, "annul", Money::zero(CURRENCY), Some(what))?;
        case.list = None;
    }
    crate::reviews::void(tx, id)?;
    tx.step(&mut case, CaseState::Correction)?;
    let (case_id, since) = (id.to_owned(), tx.at);
    tx.insert(&Standstill {
        case_id,
        since,
        until: None,
    })?;
    tx.tell("correction", id, &json!({"what": what}))?;
    Ok(Value::Null)
}

fn resume(tx: &mut Tx<'_>, case: &Case) -> Answer<()> {
    for mut standstill in tx.rows::<Standstill>("case_id = $1 AND until IS NULL", &[Cell::from(&case.id)])? {
        standstill.until = Some(tx.at);
        tx.update(&standstill)?;
    }
    Ok(())
}

/// Finds an application complete in form.
pub(super) fn admit(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    moved(tx, id, CaseState::Admissible)
}

/// Verifies a case without a review: the rules say all there is to say.
pub(super) fn verify(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut case = mine(tx, id)?;
    let judgement = judge(tx, &case)?;
    if !judgement.is_settled() {
        let mut stop = Stop::denied(
            "not_settled",
            "the rules leave something to find out: a person reviews the case",
            "规则尚不能得出确定结论，应转入人工审核",
        );
        if let Stop::Denied(reason) = &mut stop {
            reason.detail = judgement.reasons;
        }
        return Err(stop);
    }
    tx.step(&mut case, CaseState::Verified)?;
    Ok(Value::Null)
}

/// Takes a case into review.
pub(super) fn review(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    moved(tx, id, CaseState::InReview)
}

fn moved(tx: &mut Tx<'_>, id: &str, to: CaseState) -> Answer<Value> {
    let mut case = mine(tx, id)?;
    tx.step(&mut case, to)?;
    Ok(Value::Null)
}

/// A case that its officer works on.
pub(super) fn mine(tx: &mut Tx<'_>, id: &str) -> Answer<Case> {
    let case: Case = tx.get(id)?;
    must(tx, Role::Officer, &case.measure)?;
    act_as(tx, id, Role::Officer, &[], Some(&case.subject))?;
    Ok(case)
}
