//! Objections: anybody's word against a row while it is public, examined by somebody who has done nothing else on the case.

use serde_json::{Value, json};

use super::period::clear_of;
use super::versions::published;
use super::{List, Objection, Objector, Row};
use crate::cases::Case;
use crate::machine::{CaseState, ObjectionState};
use crate::people::{Role, act_as, apart_from, must_on};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// Lodges an objection. Who objects is kept apart from what is said, under a salt of its own.
pub(super) fn lodge(tx: &mut Tx<'_>, case: &str, ground: &str, name: Option<&str>) -> Answer<Value> {
    let case: Case = tx.get(case)?;
    let list = public_row(tx, &case)?;
    if ground.trim().is_empty() {
        return Err(Stop::denied(
            "no_ground",
            "an objection says what is wrong; state its ground",
            "异议须写明理由",
        ));
    }
    let objection = Objection {
        id: tx.id("objection"),
        list: list.id,
        version: list.version,
        case_id: case.id.clone(),
        ground: ground.to_owned(),
        lodged_at: tx.at,
        examiner: None,
        remedy: None,
        amount: None,
        heard: None,
        reason: None,
        state: ObjectionState::Lodged,
    };
    tx.insert(&objection)?;
    let objector = Objector {
        objection: objection.id.clone(),
        person: tx.person.clone(),
        name: name.map(str::to_owned),
        salt: Some(crate::log::salt()?),
    };
    tx.insert(&objector)?;
    tx.tell("objection_lodged", &objection.id, &json!({"case": case.id}))?;
    Ok(json!({"objection": objection.id}))
}

/// The version on which a case is public at this instant.
fn public_row(tx: &mut Tx<'_>, case: &Case) -> Answer<List> {
    let not_public = || {
        let id = &case.id;
        Stop::denied(
            "not_public_now",
            format!("case {id} is not public now; what is wrong with it afterwards goes to an appeal"),
            format!("案件 {id} 现不在公示期内，可依法申请复议"),
        )
    };
    let id = case.list.as_ref().ok_or_else(not_public)?;
    let list = published(tx, id)?.ok_or_else(not_public)?;
    let row: Row = tx
        .find((id, Cell::Int(list.version), &case.id))?
        .ok_or_else(not_public)?;
    match clear_of(tx, &list, &row)? {
        Some(clear) if tx.at < clear && case.state == CaseState::Publicity => Ok(list),
        _ => Err(not_public()),
    }
}

/// Withdraws an objection: who lodged it does.
pub(super) fn withdraw(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut objection: Objection = tx.get(id)?;
    let objector: Objector = tx.get(id)?;
    if objector.person != tx.person {
        return Err(Stop::denied(
            "not_yours",
            format!("{id} is withdrawn by who lodged it"),
            format!("{id} 须由提出人撤回"),
        ));
    }
    tx.step(&mut objection, ObjectionState::Withdrawn)?;
    Ok(Value::Null)
}

/// Turns an objection away that cannot be one, and says why.
pub(super) fn turn_away(tx: &mut Tx<'_>, id: &str, why: &str) -> Answer<Value> {
    let (mut objection, _) = of_nobody_who_acted(tx, id)?;
    close(tx, &mut objection, ObjectionState::Inadmissible, why)
}

/// Takes an objection up, or over from another examiner who cannot finish it.
pub(super) fn examine(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let (mut objection, _) = of_nobody_who_acted(tx, id)?;
    let before = objection.examiner.replace(tx.person.clone());
    if objection.state == ObjectionState::Examined {
        tx.update(&objection)?;
    } else {
        tx.step(&mut objection, ObjectionState::Examined)?;
    }
    Ok(json!({"before": before}))
}

/// Rejects an objection: the row stays as it is.
pub(super) fn reject(tx: &mut Tx<'_>, id: &str, why: &str) -> Answer<Value> {
    let (mut objection, _) = examined_by_me(tx, id)?;
    close(tx, &mut objection, ObjectionState::Rejected, why)
}

/// Closes an objection with its reason.
pub(super) fn close(tx: &mut Tx<'_>, objection: &mut Objection, to: ObjectionState, why: &str) -> Answer<Value> {
    if why.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "an objection is answered with a reason; state it",
            "处理异议须写明理由",
        ));
    }
    objection.reason = Some(why.to_owned());
    tx.step(objection, to)?;
    let state = crate::machine::State::name(to);
    tx.tell(
        "objection_closed",
        &objection.id,
        &json!({"state": state, "reason": why}),
    )?;
    Ok(json!({"state": state}))
}

/// An objection and its case, for somebody who neither reviewed nor proposed nor approves.
fn of_nobody_who_acted(tx: &mut Tx<'_>, id: &str) -> Answer<(Objection, Case)> {
    let objection: Objection = tx.get(id)?;
    let case: Case = tx.get(&objection.case_id)?;
    must_on(tx, Role::Examiner, &case.measure, &case.id)?;
    act_as(
        tx,
        &case.id,
        Role::Examiner,
        apart_from(Role::Examiner),
        Some(&case.subject),
    )?;
    Ok((objection, case))
}

/// An objection and its case, for who took it up.
pub(super) fn examined_by_me(tx: &mut Tx<'_>, id: &str) -> Answer<(Objection, Case)> {
    let (objection, case) = of_nobody_who_acted(tx, id)?;
    match &objection.examiner {
        Some(examiner) if *examiner != tx.person => Err(Stop::denied(
            "other_examiner",
            format!("{id} is examined by {examiner}; take it over first"),
            format!("{id} 由 {examiner} 审查，如需接办请先登记"),
        )),
        _ => Ok((objection, case)),
    }
}
