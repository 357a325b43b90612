//! What the bank paid too much: it was never on a line, so what comes back of it belongs to its difference, and to no line either.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::row::keep;
use super::{Difference, booked};
use crate::awards::Instalment;
use crate::ledger::{less, total};
use crate::machine::{DifferenceState, State as _};
use crate::people::{Role, must};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// What left the bank for an instalment beyond what our book has paid of it, and has not come back in any way.
pub(super) fn outstanding(tx: &mut Tx<'_>, instalment: &str) -> Answer<Money> {
    let differences = tx.rows::<Difference>("instalment = $1 ORDER BY id", &[instalment.into()])?;
    let refunded = total(differences.iter().map(|one| one.refunded));
    let (bank, ours) = (
        booked::of_instalment(tx, instalment)?,
        booked::in_our_book(tx, instalment)?,
    );
    Ok(less(bank, total([ours, refunded])))
}

/// Records what came back of it without a booking that names the instruction.
pub(super) fn refund(tx: &mut Tx<'_>, id: &str, amount: Money, evidence: &str) -> Answer<Value> {
    let mut difference: Difference = tx.get(id)?;
    let instalment = difference.instalment.clone().unwrap_or_default();
    let instalment: Instalment = tx.get(&instalment)?;
    must(tx, Role::Budget, &instalment.payer)?;
    if difference.state != DifferenceState::Closed {
        let state = difference.state.name();
        return Err(Stop::denied(
            "not_now",
            format!("difference {id} is `{state}`; two persons explain and close it first"),
            format!("差异 {id} 状态为 `{state}`，须先由两人查明并结清"),
        ));
    }
    let open = match difference.amount.minor() > 0 {
        true => outstanding(tx, &instalment.id)?,
        false => Money::zero(amount.currency()),
    };
    if amount.is_zero() || amount.minor() > open.minor() {
        return Err(Stop::denied(
            "not_outstanding",
            format!("of difference {id} {open} has not come back; {amount} cannot be its refund"),
            format!("差异 {id} 尚未退回 {open}，不能登记退回 {amount}"),
        ));
    }
    if evidence.trim().is_empty() || !count_once(tx, evidence)? {
        return Err(Stop::denied(
            "no_evidence",
            "name the paper that shows it; each paper counts once",
            "请写明退回凭证，同一凭证只登记一次",
        ));
    }
    difference.refunded = total([difference.refunded, amount]);
    tx.update(&difference)?;
    tx.tell("refunded", id, &json!({"amount": amount.to_decimal()}))?;
    Ok(json!({"difference": id, "outstanding": less(open, amount).to_decimal()}))
}

/// Counts a paper that shows money; not where it was counted before, for whatever it was.
///
/// # Errors
/// Where the database fails.
pub fn count_once(tx: &mut Tx<'_>, paper: &str) -> Answer<bool> {
    let (_, known) = keep(tx, "paper", &json!({"paper": paper.trim()}).to_string())?;
    Ok(!known)
}

/// That nothing which the bank paid too much for an award is still out: it is asked back outside the line, or a recovery would bring it money that it never had.
///
/// # Errors
/// Denied with the difference to which a refund belongs.
pub fn must_not_be_refundable(tx: &mut Tx<'_>, award: &str) -> Answer<()> {
    let closed =
        "amount > 0 AND state = 'closed' AND instalment IN (SELECT id FROM instalment WHERE award = $1) ORDER BY id";
    for difference in tx.rows::<Difference>(closed, &[Cell::from(award)])? {
        let Some(instalment) = &difference.instalment else {
            continue;
        };
        let open = outstanding(tx, instalment)?;
        if !open.is_zero() {
            let id = &difference.id;
            return Err(Stop::denied(
                "refund",
                format!(
                    "the bank paid {open} for {instalment} that was never on the line; what comes back of it is a refund of difference {id}, no recovery"
                ),
                format!("银行为分期 {instalment} 多付 {open}，未入预算线；其退回登记于差异 {id}，不作追回"),
            ));
        }
    }
    Ok(())
}
