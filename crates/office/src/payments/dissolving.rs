//! Dissolving a batch that has not left: its rows are payable again, its keys are void.

use serde_json::{Value, json};

use super::keys::batch_for;
use super::row::Row;
use super::{Account, Batch, moves};
use crate::aftermath::must_not_be_held;
use crate::machine::{BatchState, InstructionState, State};
use crate::people::{Role, act_as, holds};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::{Tx, leads};

const UNSENT: &str = "state IN ('open', 'sealed', 'released')";

/// Dissolves a batch, because a person says so.
pub(super) fn dissolve(tx: &mut Tx<'_>, id: &str, reason: &str) -> Answer<Value> {
    let person = tx.person.clone();
    let role = if holds(tx, &person, Role::Releaser, "")? {
        Role::Releaser
    } else {
        Role::Preparer
    };
    let batch = batch_for(tx, id, role)?;
    leads(&batch, BatchState::Dissolved)?;
    act_as(tx, id, role, &[], None)?;
    if super::restore::undecided(tx, &batch)? {
        return Err(Stop::denied(
            "restored",
            format!("the bank may have batch {id} already; import its statements first"),
            format!("银行可能已收到批次 {id}，请先导入银行对账单"),
        ));
    }
    let rows = undo(tx, batch, reason)?;
    Ok(json!({"batch": id, "rows": rows}))
}

/// Dissolves it, and tells how many rows became payable again.
fn undo(tx: &mut Tx<'_>, mut batch: Batch, reason: &str) -> Answer<usize> {
    let mut rows = Row::all(tx, &batch.id)?;
    rows.retain(|row| unsent(row.instruction.state));
    for row in &mut rows {
        moves::cancel(tx, row)?;
    }
    tx.step(&mut batch, BatchState::Dissolved)?;
    let body = json!({"reason": reason, "rows": rows.len().to_string()});
    tx.tell("batch_dissolved", &batch.id, &body)?;
    Ok(rows.len())
}

/// Whether an instruction has not left the office.
pub(super) fn unsent(state: InstructionState) -> bool {
    use InstructionState::{Built, InBatch, Prevalidated, Released};
    matches!(state, Built | Prevalidated | InBatch | Released)
}

/// Dissolves unsent batches in which money would go to a version of an account that is no longer the payee's.
pub(super) fn of_account(tx: &mut Tx<'_>, account: &Account) -> Answer<()> {
    let condition = format!(
        "{UNSENT} AND id IN (SELECT batch FROM instruction WHERE account = $1 AND version = $2 AND state IN ('in_batch', 'released')) \
         ORDER BY id"
    );
    let batches = tx.rows::<Batch>(&condition, &[Cell::from(&account.id), Cell::Int(account.version)])?;
    let reason = format!(
        "account {} version {} is `{}`",
        account.id,
        account.version,
        account.state.name()
    );
    batches
        .into_iter()
        .try_for_each(|batch| undo(tx, batch, &reason).map(drop))
}

/// Dissolves the unsent batch in which an instalment stands.
pub(super) fn of_instalment(tx: &mut Tx<'_>, instalment: &str, reason: &str) -> Answer<()> {
    let condition = format!(
        "{UNSENT} AND id IN (SELECT batch FROM instruction WHERE instalment = $1 AND state IN ('in_batch', 'released')) ORDER BY id"
    );
    let batches = tx.rows::<Batch>(&condition, &[instalment.into()])?;
    batches
        .into_iter()
        .try_for_each(|batch| undo(tx, batch, reason).map(drop))
}

/// Dissolves every unsent batch with a row that must stand still: whoever puts a hold calls this.
///
/// # Errors
/// Where the database fails.
pub fn dissolve_held(tx: &mut Tx<'_>) -> Answer<Vec<String>> {
    let mut dissolved = Vec::new();
    for batch in tx.rows::<Batch>(&format!("{UNSENT} ORDER BY id"), &[])? {
        if super::restore::undecided(tx, &batch)? {
            continue;
        }
        for row in Row::all(tx, &batch.id)? {
            let Err(stop) = must_not_be_held(tx, &row.award, Some(&row.instalment)) else {
                continue;
            };
            let Stop::Denied(reason) = stop else {
                return Err(stop);
            };
            dissolved.push(batch.id.clone());
            undo(tx, batch, &reason.message.en)?;
            break;
        }
    }
    Ok(dissolved)
}
