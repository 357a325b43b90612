//! The two keys of a batch: one person seals its file, another releases the same bytes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::row::{Row, keep};
use super::{Batch, file, guard, moves};
use crate::ledger::total;
use crate::machine::{BatchState, InstructionState, State};
use crate::people::{Role, act_as, apart_from, holds, must, stands_in};
use crate::stop::{Answer, Stop};
use crate::tx::{Tx, leads};

/// A batch, for somebody who has a role for its payer.
pub(super) fn batch_for(tx: &mut Tx<'_>, id: &str, role: Role) -> Answer<Batch> {
    let batch: Batch = tx.get(id)?;
    let payer = match &batch.line {
        Some(line) => tx.get::<crate::ledger::Line>(line)?.payer,
        None => String::new(),
    };
    let person = tx.person.clone();
    if !holds(tx, &person, role, &payer)? && !on_all(tx, id, role)? {
        must(tx, role, &payer)?;
    }
    Ok(batch)
}

/// Whether who gives the command stands in on every case of a batch.
fn on_all(tx: &mut Tx<'_>, batch: &str, role: Role) -> Answer<bool> {
    let (person, rows) = (tx.person.clone(), Row::all(tx, batch)?);
    for row in &rows {
        if !stands_in(tx, &person, role, &row.award.case_id)? {
            return Ok(false);
        }
    }
    Ok(!rows.is_empty())
}

/// The first key: the file is made and kept.
pub(super) fn seal(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut batch = batch_for(tx, id, Role::Preparer)?;
    leads(&batch, BatchState::Sealed)?;
    let rows = Row::all(tx, id)?;
    for row in &rows {
        pass(tx, row)?;
    }
    sign(tx, &batch, &rows, Role::Preparer, apart_from(Role::Preparer))?;
    let body = file::bytes(tx, &batch, &rows)?;
    let (hash, _) = keep(tx, "payment_file", &body)?;
    let sum = total(rows.iter().map(|row| row.instruction.amount));
    batch.hash = Some(hash.clone());
    batch.file = Some(hash.clone());
    batch.count = i64::try_from(rows.len()).ok();
    batch.sum = Some(sum);
    tx.step(&mut batch, BatchState::Sealed)?;
    Ok(json!({"batch": id, "hash": hash, "count": batch.count, "sum": sum.to_decimal()}))
}

/// The second key: money leaves `committed`, row by row.
pub(super) fn release(tx: &mut Tx<'_>, id: &str, hash: &str) -> Answer<Value> {
    let mut batch = batch_for(tx, id, Role::Releaser)?;
    if batch.hash.is_none() {
        let state = batch.state.name();
        return Err(Stop::denied(
            "not_sealed",
            format!("batch {id} is `{state}` and was not sealed; its preparer seals it first"),
            format!("批次 {id} 状态为 `{state}`，尚未封存，请先由编制人封存"),
        ));
    }
    // Whether it is to be released at all comes first: a key that was turned is not asked for again.
    tx.step(&mut batch, BatchState::Released)?;
    if batch.hash.as_deref() != Some(hash) {
        return Err(Stop::denied(
            "other_hash",
            format!("batch {id} was not sealed with the hash {hash}; look at the sealed file again"),
            format!("批次 {id} 封存的哈希不是 {hash}，请重新核对封存的文件"),
        ));
    }
    let mut rows = Row::all(tx, id)?;
    file::sealed(tx, &batch, &rows)?;
    sign(tx, &batch, &rows, Role::Releaser, apart_from(Role::Releaser))?;
    for row in &mut rows {
        pass(tx, row)?;
        must_be_fresh(tx, &batch, row)?;
        moves::release(tx, row)?;
    }
    must_not_be_over(tx, &batch)?;
    Ok(json!({"batch": id, "hash": hash}))
}

/// That a row may still be paid.
fn pass(tx: &mut Tx<'_>, row: &Row) -> Answer<()> {
    guard::clear(tx, &row.award, &row.instalment)?;
    guard::account_stands(tx, &row.instruction.account, row.instruction.version)?;
    if row.instruction.state == InstructionState::InBatch {
        return Ok(());
    }
    let (id, state) = (&row.instruction.id, row.instruction.state.name());
    Err(Stop::denied(
        "not_now",
        format!("instruction {id} is `{state}`; dissolve the batch and build it again"),
        format!("指令 {id} 状态为 `{state}`，请解散批次并重新生成"),
    ))
}

/// That the day on which the bank is to execute a batch is not over: what leaves later than it says is not what was signed.
pub(super) fn must_not_be_over(tx: &Tx<'_>, batch: &Batch) -> Answer<()> {
    if batch.execution >= tx.today {
        return Ok(());
    }
    let (id, day) = (&batch.id, batch.execution);
    Err(Stop::denied(
        "past",
        format!("batch {id} was to be executed on {day}, which is over; dissolve it and build it again"),
        format!("批次 {id} 的执行日期 {day} 已过，请解散后重新生成"),
    ))
}

/// That a row was rechecked within the hours that the office is set up with.
pub(super) fn must_be_fresh(tx: &mut Tx<'_>, batch: &Batch, row: &Row) -> Answer<()> {
    let hours = tx.setup.config.recheck_hours;
    let last = batch.rechecked_at.max(row.instalment.payable_at);
    if last.is_some_and(|last| last.plus_hours(hours.into()) >= tx.at) {
        return Ok(());
    }
    let id = &row.instalment.id;
    Err(Stop::denied(
        "stale",
        format!("instalment {id} was not rechecked within {hours} hours; recheck the batch first"),
        format!("分期 {id} 未在 {hours} 小时内复核，请先复核批次"),
    ))
}

/// One signature on all rows: nobody who acted on a case in another of the roles, or has an interest in its applicant, gives it.
fn sign(tx: &mut Tx<'_>, batch: &Batch, rows: &[Row], role: Role, apart_from: &[Role]) -> Answer<()> {
    act_as(tx, &batch.id, role, apart_from, None)?;
    let mut signed = BTreeSet::new();
    for row in rows {
        let case = &row.award.case_id;
        if signed.insert(case.clone()) {
            act_as(tx, case, role, apart_from, Some(&row.award.subject))?;
        }
    }
    Ok(())
}
