//! From a submitted application to one that can be decided.

use std::collections::BTreeSet;

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::{Case, Standstill, decide, judge};
use crate::machine::CaseState;
use crate::people::{Role, act_as, apart_from, must, must_on};
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// Submits an application: its place in the queue is this moment. One that names no child becomes one for each.
pub(super) fn submit(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut case: Case = tx.get(id)?;
    must(tx, Role::Agent, &case.subject)?;
    crate::rounds::must_take(tx, &case)?;
    if case.state == CaseState::Correction {
        resume(tx, &case)?;
        tx.step(&mut case, CaseState::FormalCheck)?;
        act_as(tx, id, Role::Agent, &[], None)?;
        return Ok(submitted(&[case]));
    }
    let mut cases = for_each(tx, case)?;
    for case in &mut cases {
        case.applied_at = case.applied_at.or(Some(tx.at));
        tx.step(case, CaseState::Submitted)?;
        act_as(tx, &case.id, Role::Agent, &[], None)?;
    }
    Ok(submitted(&cases))
}

fn submitted(cases: &[Case]) -> Value {
    let ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    let applied = cases.first().and_then(|case| case.applied_at).map(|at| at.to_string());
    json!({"applied_at": applied, "cases": ids})
}

/// The cases that an application stands for. One for a measure that is given for each child, which names none, takes the first for whom nothing
/// was asked, and beside it stands one for each other: what is decided and paid is decided and paid for one.
fn for_each(tx: &mut Tx<'_>, mut case: Case) -> Answer<Vec<Case>> {
    if case.kind != "award" || !case.object.is_empty() {
        return Ok(vec![case]);
    }
    let children = super::judge::children(tx, &case)?;
    if children.is_empty() {
        return Ok(vec![case]);
    }
    let asked =
        "subject = $1 AND measure = $2 AND id <> $3 AND state NOT IN ('declined', 'expired', 'lapsed', 'withdrawn')";
    let same = [&case.subject, &case.measure, &case.id].map(Cell::from);
    let asked: BTreeSet<String> = tx
        .rows::<Case>(asked, &same)?
        .into_iter()
        .map(|one| one.object)
        .collect();
    let mut children = children.into_iter().filter(|child| !asked.contains(child));
    let Some(first) = children.next() else {
        return Err(Stop::denied(
            "case_open",
            "there is a case for each of them already",
            "名单中的每一项均已有案件",
        ));
    };
    let mut others = Vec::new();
    for object in children {
        let id = tx.id("case");
        others.push(Case {
            id,
            object,
            ..case.clone()
        });
    }
    for other in &others {
        tx.insert(other)?;
    }
    case.object = first;
    others.insert(0, case);
    Ok(others)
}

/// Takes an application up.
pub(super) fn examine(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    moved(tx, id, CaseState::FormalCheck)
}

/// Gives an application back for correction; its clock stands still meanwhile. Whatever was made of it is void: reviews, proposal, money,
/// publicity. It starts again from zero. Where it was public the approver may do so too.
pub(super) fn give_back(tx: &mut Tx<'_>, id: &str, what: &str) -> Answer<Value> {
    if what.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "say what the applicant is to put right or hand in",
            "请写明需补正的内容",
        ));
    }
    let mut case: Case = tx.get(id)?;
    if case.state == CaseState::Recheck && must_on(tx, Role::Approver, &case.measure, id).is_ok() {
        act_as(tx, id, Role::Approver, apart_from(Role::Approver), Some(&case.subject))?;
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

/// Finds an application inadmissible in form, or one that was not corrected: nothing is said about its substance. The applicant may appeal.
pub(super) fn reject(tx: &mut Tx<'_>, id: &str, why: &str) -> Answer<Value> {
    let mut case = mine(tx, id)?;
    crate::rounds::must_not_be_frozen(tx, &case)?;
    if why.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "who finds an application inadmissible says why",
            "不予受理须写明理由",
        ));
    }
    resume(tx, &case)?;
    let judgement = judge(tx, &case)?;
    let decision = decide(tx, &case, &judgement, "reject", Money::zero(CURRENCY), Some(why))?;
    tx.step(&mut case, CaseState::Inadmissible)?;
    Ok(json!({"decision": decision.id}))
}

/// Takes up again an application that was wrongly found inadmissible.
pub(crate) fn readmit(tx: &mut Tx<'_>, case: &Case, why: &str) -> Answer<Value> {
    let mut case = case.clone();
    let judgement = judge(tx, &case)?;
    let decision = decide(tx, &case, &judgement, "annul", Money::zero(CURRENCY), Some(why))?;
    tx.step(&mut case, CaseState::Admissible)?;
    Ok(json!({"decision": decision.id}))
}

/// Finds an application complete in form.
pub(super) fn admit(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    if tx.get::<Case>(id)?.state == CaseState::Inadmissible {
        return Err(Stop::denied(
            "inadmissible",
            format!("case {id} was found inadmissible; only an appeal that is upheld takes it up again"),
            format!("案件 {id} 已不予受理，只有申诉得到支持方可恢复办理"),
        ));
    }
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
    must_on(tx, Role::Officer, &case.measure, id)?;
    act_as(tx, id, Role::Officer, &[], Some(&case.subject))?;
    Ok(case)
}
