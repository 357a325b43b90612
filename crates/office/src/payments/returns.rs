//! Money that came back: paid again to another account, or given up.

use serde_json::{Value, json};

use super::{building, guard, row::line_of};
use crate::awards::{Award, Instalment, settle};
use crate::ledger::{Account, End, Line, release};
use crate::machine::{InstalmentState, LineState};
use crate::people::{Role, act_as, must};
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// Paid again; it goes to an account version that did not fail before.
pub(super) fn pay_again(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let (mut instalment, award, line) = returned(tx, id, Role::Preparer)?;
    guard::clear(tx, &award, &instalment)?;
    if line.state == LineState::Closed {
        return Err(Stop::denied(
            "line_closed",
            format!(
                "line {} is closed; the award needs an instalment on an open line",
                line.id
            ),
            format!("预算线 {} 已关闭，须在开放的预算线上另立分期", line.id),
        ));
    }
    let account = guard::account(tx, &award.payee)?.map_err(Stop::Denied)?;
    let last = building::last_attempt(tx, id)?;
    if last.is_some_and(|last| last.account == account.id && last.version == account.version) {
        return Err(Stop::denied(
            "same_account",
            format!(
                "the money came back from version {} of account {}; enter the payee's account again first",
                account.version, account.id
            ),
            format!(
                "款项由账户 {} 第 {} 版退回，请先重新登记收款账户",
                account.id, account.version
            ),
        ));
    }
    commit_again(tx, &instalment)?;
    tx.step(&mut instalment, InstalmentState::Payable)?;
    Ok(Value::Null)
}

/// committed ← returned
pub(super) fn commit_again(tx: &mut Tx<'_>, instalment: &Instalment) -> Answer<()> {
    let (line, id) = (line_of(instalment)?, &instalment.id);
    let held = tx.held(line, id, Account::Returned)?;
    let (to, from) = (End::of(Account::Committed, id), End::of(Account::Returned, id));
    tx.post(line, to, from, held, "pay_again", None)
}

/// free ← returned
pub(super) fn give_up(tx: &mut Tx<'_>, id: &str, reason: &str) -> Answer<Value> {
    let (mut instalment, award, line) = returned(tx, id, Role::Approver)?;
    act_as(
        tx,
        &award.case_id,
        Role::Approver,
        &[Role::Preparer, Role::Releaser],
        Some(&award.subject),
    )?;
    let held = tx.held(&line.id, id, Account::Returned)?;
    release(tx, &line.id, id, Account::Returned, held, "given_up")?;
    tx.step(&mut instalment, InstalmentState::GivenUp)?;
    settle(tx, &award.id)?;
    tx.tell("given_up", id, &json!({"reason": reason}))?;
    Ok(Value::Null)
}

fn returned(tx: &mut Tx<'_>, id: &str, role: Role) -> Answer<(Instalment, Award, Line)> {
    let instalment: Instalment = tx.get(id)?;
    let line: Line = tx.get(line_of(&instalment)?)?;
    must(tx, role, &line.payer)?;
    if instalment.state != InstalmentState::Returned {
        return Err(Stop::denied(
            "not_returned",
            format!("instalment {id} has not come back"),
            format!("分期 {id} 没有退回的款项"),
        ));
    }
    let award = tx.get(&instalment.award)?;
    Ok((instalment, award, line))
}
