//! That no award holds more money than its decision in force gives, except where an open recovery asks it back.

use serde_json::json;

use super::Recovery;
use crate::awards::{Award, Instalment};
use crate::cases::Decision;
use crate::ledger::{Account, holding_sum, total};
use crate::machine::InstalmentState;
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// Invariant 2 for one award.
///
/// # Errors
/// Denied where money would stand without a decision.
pub(crate) fn must_be_covered(tx: &mut Tx<'_>, award: &str) -> Answer<()> {
    use Account::{Committed, InFlight, Paid, Reserved};
    let mut held = Vec::new();
    for instalment in tx.rows::<Instalment>("award = $1 ORDER BY id", &[award.into()])? {
        held.push(match instalment.state {
            InstalmentState::Pledged => instalment.amount,
            _ => holding_sum(tx, &instalment.id, &[Reserved, Committed, InFlight, Paid])?,
        });
    }
    let open = "award = $1 AND state IN ('found', 'notified', 'heard') ORDER BY id";
    let asked = tx.rows::<Recovery>(open, &[award.into()])?;
    let award: Award = tx.get(award)?;
    let held = total(held);
    let allowed = total(asked.iter().map(|one| one.amount).chain([award.amount]));
    if held.minor() <= allowed.minor() {
        return Ok(());
    }
    let (id, amount) = (&award.id, award.amount);
    Err(Stop::denied(
        "not_covered",
        format!(
            "award {id} would hold {held}, more than the {amount} of its decision and no recovery asks the rest back; revise the decision"
        ),
        format!("奖补 {id} 将占用 {held}，超过现行决定 {amount} 且无追回覆盖，请先更正决定"),
    ))
}

/// Makes a decision the one in force for an award.
pub(crate) fn follow(tx: &mut Tx<'_>, award: &str, decision: &Decision) -> Answer<()> {
    let mut award: Award = tx.get(award)?;
    (award.decision, award.amount) = (decision.id.clone(), decision.amount);
    tx.update(&award)?;
    tx.tell(
        "award_follows",
        &award.id,
        &json!({"decision": decision.id, "kind": decision.kind}),
    )
}
