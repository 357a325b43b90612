//! What a recovery does to money: asked back of what each instalment paid, collected, written off, or left with its payee.

use meed_facts::money::Money;
use meed_facts::ratio::Ratio;
use serde_json::{Value, json};

use super::{Claim, Recovery, must_be_free};
use crate::awards::{Award, Instalment};
use crate::ledger::{Account, holding_sum, least, less, release, shift, total};
use crate::machine::{RecoveryState, State as _};
use crate::payments::count_once;
use crate::people::{Role, act_as, must};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// The claims of a recovery.
pub(super) fn of(tx: &mut Tx<'_>, recovery: &str) -> Answer<Vec<Claim>> {
    tx.rows("recovery = $1 ORDER BY instalment", &[recovery.into()])
}

/// What of a recovery has come.
pub(super) fn collected(tx: &mut Tx<'_>, recovery: &str) -> Answer<Money> {
    Ok(total(of(tx, recovery)?.iter().map(|claim| claim.collected)))
}

/// receivable ← paid: each instalment that was paid gives back its share, so that each payer gets back its share.
pub(super) fn claim(tx: &mut Tx<'_>, recovery: &Recovery) -> Answer<Value> {
    let mut paid: Vec<(Instalment, Money)> = Vec::new();
    for instalment in tx.rows::<Instalment>("award = $1 ORDER BY n, payer", &[Cell::from(&recovery.award)])? {
        let held = holding_sum(tx, &instalment.id, &[Account::Paid])?;
        if !held.is_zero() {
            paid.push((instalment, held));
        }
    }
    let weights: Vec<Ratio> = paid.iter().map(|(_, held)| held.to_ratio()).collect();
    let shares = recovery.amount.split(&weights).ok_or_else(|| {
        let id = &recovery.id;
        Stop::denied(
            "nothing_paid",
            format!("nothing that was paid is left for {id} to ask back"),
            format!("{id} 已无可追回的已付款项"),
        )
    })?;
    let mut told = Vec::new();
    for ((instalment, _), amount) in paid.iter().zip(shares.settle(|a, b| a.cmp(&b)).shares) {
        if amount.is_zero() {
            continue;
        }
        let accounts = (Account::Receivable, Account::Paid);
        shift(
            tx,
            &instalment.id,
            accounts,
            amount,
            "recovery_decided",
            Some(&recovery.id),
        )?;
        let (recovery, instalment) = (recovery.id.clone(), instalment.id.clone());
        let collected = Money::zero(amount.currency());
        told.push(json!({"instalment": instalment, "amount": amount.to_decimal()}));
        tx.insert(&Claim {
            recovery,
            instalment,
            amount,
            collected,
        })?;
    }
    Ok(Value::Array(told))
}

/// Records money that has come: returned ← receivable, and free.
pub(super) fn collect(tx: &mut Tx<'_>, id: &str, amount: Money, evidence: &str) -> Answer<Value> {
    let mut recovery: Recovery = tx.get(id)?;
    let award: Award = tx.get(&recovery.award)?;
    act_as(tx, id, Role::Budget, &[Role::Approver], Some(&award.subject))?;
    if evidence.trim().is_empty() {
        return Err(Stop::denied(
            "no_evidence",
            "name the paper that shows it",
            "请写明入账凭证",
        ));
    }
    enforceable(tx, &recovery, true)?;
    if amount.is_zero() {
        return Err(Stop::denied("no_amount", "state how much came", "请写明收到的金额"));
    }
    if !count_once(tx, evidence)? {
        return Err(Stop::denied(
            "counted",
            format!(
                "`{evidence}` was counted before; each paper counts once, and one for several recoveries is named with its part"
            ),
            format!("凭证 `{evidence}` 已登记；同一凭证只登记一次，涉及多笔追回的请注明部分"),
        ));
    }
    let mut left = amount;
    for mut claim in of(tx, id)? {
        let part = least(left, less(claim.amount, claim.collected));
        if part.is_zero() {
            continue;
        }
        let instalment: Instalment = tx.get(&claim.instalment)?;
        must(tx, Role::Budget, &instalment.payer)?;
        come(tx, &recovery, &mut claim, part, evidence)?;
        left = less(left, part);
    }
    // Interest is in the recovery and on no line.
    let interest = least(left, less(recovery.interest, recovery.interest_came));
    recovery.interest_came = total([recovery.interest_came, interest]);
    left = less(left, interest);
    if !left.is_zero() {
        return Err(Stop::denied(
            "too_much",
            format!("{left} is more than recovery {id} still asks back with its interest"),
            format!("超出追回 {id} 尚欠本息 {left}"),
        ));
    }
    if !interest.is_zero() {
        interest_payer(tx, &recovery)?;
        tx.update(&recovery)?;
    }
    finish(tx, &mut recovery)?;
    Ok(json!({"recovery": id, "state": recovery.state.name()}))
}

/// That who records interest keeps the budget of a payer who asks back.
fn interest_payer(tx: &mut Tx<'_>, recovery: &Recovery) -> Answer<()> {
    let payer = match of(tx, &recovery.id)?.first() {
        Some(claim) => tx.get::<Instalment>(&claim.instalment)?.payer,
        None => String::new(),
    };
    must(tx, Role::Budget, &payer)
}

/// Whether a recovery may be collected now, or set off.
pub(super) fn enforceable(tx: &mut Tx<'_>, recovery: &Recovery, or_written_off: bool) -> Answer<()> {
    let (id, state) = (&recovery.id, recovery.state);
    // What its debtor brings of their own accord is taken whatever an appeal stops.
    if or_written_off
        && matches!(
            state,
            RecoveryState::Decided | RecoveryState::Enforcing | RecoveryState::WrittenOff
        )
    {
        return Ok(());
    }
    must_be_free(tx, "recovery", id)?;
    if state == RecoveryState::Enforcing {
        return Ok(());
    }
    let state = state.name();
    Err(Stop::denied(
        "not_enforceable",
        format!("recovery {id} is `{state}`; it has to be decided and enforced first"),
        format!("追回 {id} 状态为 `{state}`，须先作出决定并进入执行"),
    ))
}

/// A part of a claim that came: returned ← receivable or written off, then free.
pub(super) fn come(tx: &mut Tx<'_>, recovery: &Recovery, claim: &mut Claim, part: Money, link: &str) -> Answer<()> {
    let from = match recovery.state {
        RecoveryState::WrittenOff => Account::WrittenOff,
        _ => Account::Receivable,
    };
    let holder = claim.instalment.clone();
    let moved = shift(tx, &holder, (Account::Returned, from), part, "collected", Some(link))?;
    for (line, amount) in moved {
        release(tx, &line, &holder, Account::Returned, amount, "collected")?;
    }
    claim.collected = total([claim.collected, part]);
    tx.update(claim)
}

/// A recovery of which everything has come is collected.
pub(super) fn finish(tx: &mut Tx<'_>, recovery: &mut Recovery) -> Answer<()> {
    let claims = of(tx, &recovery.id)?;
    if claims.iter().any(|claim| claim.collected != claim.amount) || recovery.interest_came != recovery.interest {
        return Ok(());
    }
    if recovery.state == RecoveryState::Decided {
        tx.step(recovery, RecoveryState::Enforcing)?;
    }
    tx.step(recovery, RecoveryState::Collected)?;
    tx.tell("recovery_collected", &recovery.id, &Value::Null)
}

/// written off ← receivable
pub(super) fn write_off(tx: &mut Tx<'_>, recovery: &Recovery) -> Answer<()> {
    rest(tx, recovery, Account::WrittenOff, "written_off")
}

/// paid ← receivable
pub(super) fn give_back(tx: &mut Tx<'_>, recovery: &Recovery) -> Answer<()> {
    rest(tx, recovery, Account::Paid, "recovery_cancelled")
}

fn rest(tx: &mut Tx<'_>, recovery: &Recovery, to: Account, cause: &str) -> Answer<()> {
    for claim in of(tx, &recovery.id)? {
        let open = less(claim.amount, claim.collected);
        shift(
            tx,
            &claim.instalment,
            (to, Account::Receivable),
            open,
            cause,
            Some(&recovery.id),
        )?;
    }
    Ok(())
}
