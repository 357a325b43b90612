//! Building a batch: one instruction for each payable instalment of a line.

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::row::line_of;
use super::{Batch, BatchRow, Instruction, accounts, guard, in_our_book};
use crate::aftermath::offset_of;
use crate::awards::{Award, Instalment};
use crate::bank::{InstructionId, MOST_ORDERS};
use crate::ledger::{Account as LedgerAccount, Line, less, total};
use crate::machine::{BatchState, InstalmentState, InstructionState};
use crate::people::{Role, act_as, must};
use crate::stop::{Answer, Reason, Stop};
use crate::tx::Tx;

/// Builds a batch of everything that a line can pay, and tells what it leaves out and why.
pub(super) fn build(tx: &mut Tx<'_>, line: &str, execution: Date) -> Answer<Value> {
    let line: Line = tx.get(line)?;
    must(tx, Role::Preparer, &line.payer)?;
    line.must_be_open()?;
    if execution < tx.today {
        return Err(Stop::denied(
            "past",
            format!("{execution} is over; a bank executes today or later"),
            format!("{execution} 已过，执行日期须为今日或以后"),
        ));
    }
    // A date beyond the published calendar is for nobody to decide.
    if tx.setup.calendar.is_working(execution).is_none() {
        return Err(Stop::undecided(
            "calendar_ends",
            format!("the calendar does not reach {execution}; give an earlier day, or wait for the next notice"),
            format!("日历尚未公布至 {execution}，请填写较早日期或待新日历公布"),
        ));
    }
    // SQLite prepares a query anew whenever its limit is an argument.
    let first = format!("line = $1 AND state = 'payable' ORDER BY due, id LIMIT {MOST_ORDERS}");
    let payable = tx.rows::<Instalment>(&first, &[(&line.id).into()])?;
    if payable.is_empty() {
        return Err(nothing_payable(&line, &[]));
    }
    let batch = Batch {
        id: tx.id("batch"),
        line: Some(line.id.clone()),
        mode: tx.setup.config.mode.name().to_owned(),
        execution,
        hash: None,
        count: None,
        sum: None,
        file: None,
        rechecked_at: None,
        state: BatchState::Open,
    };
    tx.insert(&batch)?;
    // Who prepares it, whether or not they seal it, does not release it.
    act_as(tx, &batch.id, Role::Preparer, &[], None)?;
    let (mut rows, mut left_out) = (0_i64, Vec::new());
    for instalment in payable {
        let id = instalment.id.clone();
        match add(tx, &batch, instalment)? {
            None => rows = rows.saturating_add(1),
            Some(reason) => left_out.push(json!({"instalment": id, "reason": reason.to_json()})),
        }
    }
    if rows == 0 {
        return Err(nothing_payable(&line, &left_out));
    }
    Ok(json!({"batch": batch.id, "rows": rows, "left_out": left_out}))
}

fn nothing_payable(line: &Line, left_out: &[Value]) -> Stop {
    let mut reason = Reason::new(
        "nothing_payable",
        format!(
            "line {} has nothing that can be paid; `detail` says why for each instalment",
            line.id
        ),
        format!("预算线 {} 没有可支付的分期，原因见明细", line.id),
    );
    reason.detail = json!({"left_out": left_out});
    Stop::Denied(reason)
}

/// Adds an instalment to a batch, or says why not.
fn add(tx: &mut Tx<'_>, batch: &Batch, mut instalment: Instalment) -> Answer<Option<Reason>> {
    let award: Award = tx.get(&instalment.award)?;
    if let Some(reason) = guard::obstacle(tx, &award, &instalment)? {
        return Ok(Some(reason));
    }
    let account = match guard::account(tx, &award.payee)? {
        Ok(account) => account,
        Err(reason) => return Ok(Some(reason)),
    };
    if let Err(Stop::Denied(reason)) = accounts::party(&account) {
        return Ok(Some(reason));
    }
    let amount = match to_transfer(tx, &instalment)? {
        Ok(amount) => amount,
        Err(reason) => return Ok(Some(reason)),
    };
    let before = last_attempt(tx, &instalment.id)?;
    let attempt = before.as_ref().map_or(1, |one| one.attempt.saturating_add(1));
    let mut instruction = Instruction {
        id: id_of(tx, &instalment.id, attempt),
        instalment: instalment.id.clone(),
        attempt,
        account: account.id,
        version: account.version,
        amount,
        batch: Some(batch.id.clone()),
        replaces: before.map(|one| one.id),
        sent_at: None,
        evidence: None,
        state: InstructionState::Built,
    };
    tx.insert(&instruction)?;
    tx.step(&mut instruction, InstructionState::Prevalidated)?;
    tx.step(&mut instruction, InstructionState::InBatch)?;
    tx.insert(&BatchRow {
        batch: batch.id.clone(),
        instruction: instruction.id,
    })?;
    tx.step(&mut instalment, InstalmentState::InPayment)?;
    Ok(None)
}

/// What is due less what was set off against it, and what a booking of another amount paid of it; all of it must be committed for the instalment.
pub(super) fn to_transfer(tx: &mut Tx<'_>, instalment: &Instalment) -> Answer<Result<Money, Reason>> {
    let before = total([offset_of(tx, &instalment.id)?, in_our_book(tx, &instalment.id)?]);
    let rest = less(instalment.amount, before);
    let committed = tx.held(line_of(instalment)?, &instalment.id, LedgerAccount::Committed)?;
    let id = &instalment.id;
    if rest != committed || rest.minor() <= 0 {
        return Ok(Err(Reason::new(
            "not_committed",
            format!("{rest} of instalment {id} is to be transferred, and {committed} is committed for it"),
            format!("分期 {id} 应转账 {rest}，而已承诺金额为 {committed}"),
        )));
    }
    Ok(Ok(rest))
}

/// The last attempt at paying an instalment.
pub(super) fn last_attempt(tx: &mut Tx<'_>, instalment: &str) -> Answer<Option<Instruction>> {
    let attempts = tx.rows("instalment = $1 ORDER BY attempt DESC LIMIT 1", &[instalment.into()])?;
    Ok(attempts.into_iter().next())
}

/// The id of an attempt, the same for ever.
pub(super) fn id_of(tx: &Tx<'_>, instalment: &str, attempt: i64) -> String {
    let attempt = u32::try_from(attempt).unwrap_or(u32::MAX);
    let (mode, office) = (tx.setup.config.mode, &tx.setup.config.office);
    InstructionId::new(mode, office, instalment, attempt)
        .as_str()
        .to_owned()
}
