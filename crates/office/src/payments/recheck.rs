//! Rechecking the rows of a batch before money leaves: nothing is changed, and what cannot be decided stops it.

use serde_json::Value;

use super::keys::batch_for;
use super::row::Row;
use crate::awards::due_now;
use crate::cases::Case;
use crate::machine::{BatchState, State};
use crate::people::{Role, act_as};
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// Rechecks every row of a batch. One that does not pass stops it: the batch is dissolved, and that row rechecked alone.
pub(super) fn recheck(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut batch = batch_for(tx, id, Role::Preparer)?;
    if !matches!(
        batch.state,
        BatchState::Open | BatchState::Sealed | BatchState::Released
    ) {
        let state = batch.state.name();
        return Err(Stop::denied(
            "not_now",
            format!("batch {id} is `{state}`; rows are rechecked before they leave"),
            format!("批次 {id} 状态为 `{state}`，复核须在发送之前"),
        ));
    }
    act_as(tx, id, Role::Preparer, &[Role::Releaser], None)?;
    for row in Row::all(tx, id)? {
        let instalment = &row.instalment.id;
        let case: Case = tx.get(&row.award.case_id)?;
        match due_now(tx, &case, &row.instalment)? {
            Some(now) if now.minor() >= row.instalment.amount.minor() => {}
            Some(_) => {
                return Err(Stop::denied(
                    "no_longer_due",
                    format!("instalment {instalment} is no longer due in full; dissolve the batch and recheck it"),
                    format!("分期 {instalment} 已不再全额应付，请解散批次并单独复核"),
                ));
            }
            None => {
                return Err(Stop::undecided(
                    "undetermined",
                    format!(
                        "facts are missing for instalment {instalment}; dissolve the batch, and recheck it when they are there"
                    ),
                    format!("分期 {instalment} 所需事实缺失，请解散批次，补齐后再复核"),
                ));
            }
        }
    }
    batch.rechecked_at = Some(tx.at);
    tx.update(&batch)?;
    Ok(Value::Null)
}
