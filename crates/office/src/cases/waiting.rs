//! Waiting for funds: nobody is refused because there is no money, and whoever applied first goes first when it comes.

use serde_json::{Value, json};

use super::examine::mine;
use super::{Case, Queue};
use crate::awards::{Planned, has_money_for, is_due_this_year};
use crate::machine::CaseState;
use crate::stop::{Answer, Stop};
use crate::store::{Cell, Field};
use crate::tx::Tx;

/// Lets a case wait for the money that its payments of this year need.
///
/// # Errors
/// Denied where the case cannot wait from where it stands.
pub fn wait(tx: &mut Tx<'_>, case: &mut Case, planned: &[Planned]) -> Answer<()> {
    if case.state != CaseState::Waiting {
        tx.step(case, CaseState::Waiting)?;
    }
    queue(tx, case, planned)
}

/// Takes a case into the queues of the funds that its payments of this year need.
///
/// # Errors
/// Where the database fails.
pub(crate) fn queue(tx: &mut Tx<'_>, case: &Case, planned: &[Planned]) -> Answer<()> {
    for payment in planned {
        let key = [
            Cell::from(&case.id),
            Cell::from(&payment.payer),
            Cell::from(&payment.fund),
        ];
        if is_due_this_year(tx, payment) && tx.find::<Queue>(key.to_vec())?.is_none() {
            tx.insert(&Queue {
                case_id: case.id.clone(),
                payer: payment.payer.clone(),
                fund: payment.fund.clone(),
                passed: None,
            })?;
        }
    }
    Ok(())
}

/// Whether a case can have more money now: it is there, and nobody who applied earlier waits for it.
///
/// # Errors
/// Where the database fails.
pub(crate) fn is_next(tx: &mut Tx<'_>, case: &Case, planned: &[Planned]) -> Answer<bool> {
    Ok(has_money_for(tx, case, planned)? && before_it(tx, case, planned)?.is_none())
}

/// A case outside its round that applied earlier for the same money, and has not been offered what is there now.
///
/// # Errors
/// Where the database fails.
pub(crate) fn before_it(tx: &mut Tx<'_>, case: &Case, planned: &[Planned]) -> Answer<Option<String>> {
    let applied = Cell::from(&case.applied_at.unwrap_or(tx.at));
    // Money that came after somebody was passed over is theirs again before it is a later one's.
    let sql = "SELECT queue.case_id FROM queue JOIN \"case\" AS other ON other.id = queue.case_id \
               WHERE queue.payer = $1 AND queue.fund = $2 AND other.state = 'waiting_for_funds' AND other.id <> $3 \
               AND (coalesce(other.applied_at, other.opened_at) < $4 \
                    OR (coalesce(other.applied_at, other.opened_at) = $4 AND other.id < $3)) \
               AND (other.round IS NULL OR other.round <> $5) \
               AND (queue.passed IS NULL OR queue.passed < (SELECT coalesce(max(posting.seq), 0) FROM posting \
                    JOIN line ON line.id = posting.line WHERE line.payer = $1 AND line.fund = $2 AND posting.to_account = 'available')) \
               ORDER BY coalesce(other.applied_at, other.opened_at), other.id LIMIT 1";
    for payment in planned {
        if !is_due_this_year(tx, payment) {
            continue;
        }
        let arguments = [
            Cell::from(&payment.payer),
            Cell::from(&payment.fund),
            Cell::from(&case.id),
            applied.clone(),
            Cell::from(case.round.as_deref().unwrap_or("")),
        ];
        if let Some(row) = tx.query(sql, &arguments)?.first() {
            return Ok(row.first().map(String::from_cell).transpose()?);
        }
    }
    Ok(None)
}

/// That somebody who applied earlier goes first.
pub(crate) fn not_first(earlier: &str) -> Stop {
    Stop::denied(
        "not_first",
        format!(
            "{earlier} applied earlier for the same money: propose it, or record that it was offered what there is"
        ),
        format!("{earlier} 申请在先：请先拟定该案，或记录已向其提供现有资金"),
    )
}

/// Records that what there is was offered to a case that waits, and why it did not take it: later ones may have that, and no more.
pub(super) fn offer_money(tx: &mut Tx<'_>, id: &str, answer: &str) -> Answer<Value> {
    let case = mine(tx, id)?;
    if case.state != CaseState::Waiting || answer.trim().is_empty() {
        return Err(Stop::denied(
            "not_waiting",
            format!("{id} does not wait for funds, or its answer is not stated"),
            format!("{id} 未在等待资金，或未记录其答复"),
        ));
    }
    for mut queue in tx.rows::<Queue>("case_id = $1 ORDER BY payer, fund", &[id.into()])? {
        queue.passed = Some(tx.seq);
        tx.update(&queue)?;
    }
    tx.tell("money_offered", id, &json!({"answer": answer}))?;
    Ok(Value::Null)
}
