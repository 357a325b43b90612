//! What follows once two persons agree on a difference: its booking paid, or brought back, or nothing is to be done.

use meed_facts::money::Money;

use super::row::{Row, line_of};
use super::{Difference, Instruction, booked, building, moves, returns};
use crate::awards::{Award, Instalment, settle};
use crate::ledger::{Account, End, least, less};
use crate::machine::{AwardState, InstalmentState, InstructionState, State as _};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

const CAUSE: &str = "difference";

/// The instalment of a difference.
fn instalment(tx: &mut Tx<'_>, difference: &Difference) -> Answer<Instalment> {
    let id = difference.instalment.as_deref().ok_or_else(|| {
        let id = &difference.id;
        Stop::denied(
            "no_instalment",
            format!("difference {id} belongs to no instalment, so nothing follows for one; reopen it and explain it with `none`"),
            format!("差异 {id} 不对应任何分期，请重新打开并以 `none` 查明"),
        )
    })?;
    tx.get(id)
}

/// What was booked is not paid again: paid ← in flight or committed. What is left of the instalment is payable, what is more is no line's.
pub(super) fn paid(tx: &mut Tx<'_>, difference: &Difference) -> Answer<()> {
    let mut instalment = instalment(tx, difference)?;
    if instalment.state == InstalmentState::Returned {
        returns::commit_again(tx, &instalment)?;
        tx.step(&mut instalment, InstalmentState::Payable)?;
    }
    let booked = difference.amount;
    match instalment.state {
        InstalmentState::InPayment if booked.minor() > 0 => in_payment(tx, difference, instalment),
        InstalmentState::Payable if booked.minor() > 0 => match building::to_transfer(tx, &instalment)? {
            Ok(due) => {
                let part = least(booked, due);
                from_to(tx, &instalment, (Account::Paid, Account::Committed), part, difference)?;
                end(tx, instalment, less(due, part))
            }
            Err(_) => Err(does_not_pay(difference, &instalment)),
        },
        _ => Err(does_not_pay(difference, &instalment)),
    }
}

/// The booking of another amount under the very instruction that is on its way.
fn in_payment(tx: &mut Tx<'_>, difference: &Difference, instalment: Instalment) -> Answer<()> {
    use InstructionState::{Accepted, Paid, PaidInPart, Sending, Sent, Unknown};
    let instruction = difference.instruction.as_deref().unwrap_or_default();
    let instruction: Instruction = tx.get(instruction)?;
    let mut row = Row::of(tx, instruction)?;
    if !matches!(row.instruction.state, Sending | Sent | Accepted | Unknown) {
        return Err(does_not_pay(difference, &instalment));
    }
    let ordered = row.instruction.amount;
    let part = least(difference.amount, ordered);
    let rest = less(ordered, part);
    row.instruction.evidence = Some(difference.id.clone());
    let to = if rest.is_zero() { Paid } else { PaidInPart };
    tx.step(&mut row.instruction, to)?;
    from_to(tx, &instalment, (Account::Paid, Account::InFlight), part, difference)?;
    from_to(
        tx,
        &instalment,
        (Account::Committed, Account::InFlight),
        rest,
        difference,
    )?;
    if let Some(batch) = row.instruction.batch.clone() {
        moves::follow(tx, &batch, true)?;
    }
    if !rest.is_zero() {
        let mut instalment = instalment;
        return tx.step(&mut instalment, InstalmentState::Payable);
    }
    end(tx, instalment, rest)
}

fn end(tx: &mut Tx<'_>, mut instalment: Instalment, rest: Money) -> Answer<()> {
    if !rest.is_zero() {
        return Ok(());
    }
    tx.step(&mut instalment, InstalmentState::Paid)?;
    settle(tx, &instalment.award)
}

fn from_to(
    tx: &mut Tx<'_>,
    instalment: &Instalment,
    (to, from): (Account, Account),
    amount: Money,
    difference: &Difference,
) -> Answer<()> {
    let (line, id) = (line_of(instalment)?, &instalment.id);
    tx.post(
        line,
        End::of(to, id),
        End::of(from, id),
        amount,
        CAUSE,
        Some(&difference.id),
    )
}

fn does_not_pay(difference: &Difference, instalment: &Instalment) -> Stop {
    let (amount, id, state) = (difference.amount, &instalment.id, instalment.state.name());
    Stop::denied(
        "does_not_pay",
        format!(
            "{amount} do not pay instalment {id}, which is `{state}`: what is due is rechecked first, what is on its way under another instruction ends \
             first; where it is paid already reopen the difference and explain it with `none`, and record what comes back with `bank refund`"
        ),
        format!(
            "{amount} 不能抵作分期 {id}（状态 `{state}`）的支付：应付的须先复核，另有指令在途的须先有结果；已付的请重新打开差异，以 `none` 查明，退回款项用 `bank refund` 登记"
        ),
    )
}

/// What was paid came back, where our book could not take it by itself: returned ← paid.
pub(super) fn returned(tx: &mut Tx<'_>, difference: &Difference) -> Answer<()> {
    use InstalmentState::{Paid, Payable, Returned};
    let mut instalment = instalment(tx, difference)?;
    let (id, state) = (instalment.id.clone(), instalment.state);
    let amount = Money::from_minor(difference.amount.minor().saturating_neg(), difference.amount.currency());
    let (line, known) = (line_of(&instalment)?.to_owned(), booked::in_our_book(tx, &id)?);
    let most = least(tx.held(&line, &id, Account::Paid)?, known);
    if !matches!(state, Paid | Payable | Returned) || amount.minor() <= 0 || amount.minor() > most.minor() {
        let state = state.name();
        return Err(Stop::denied(
            "does_not_come_back",
            format!(
                "{amount} cannot have come back of instalment {id}, which is `{state}` and has {most} paid: what is on its way ends first, a recovery of \
                 it is cancelled first; else reopen the difference"
            ),
            format!(
                "{amount} 不能作为分期 {id}（状态 `{state}`，已付 {most}）的退回：在途的须先有结果，已追回的须先撤销追回，否则请重新打开差异"
            ),
        ));
    }
    from_to(tx, &instalment, (Account::Returned, Account::Paid), amount, difference)?;
    if let Some(instruction) = &difference.instruction
        && let Some(mut instruction) = tx.find::<Instruction>(instruction)?
        && instruction.state == InstructionState::Paid
    {
        tx.step(&mut instruction, InstructionState::Returned)?;
    }
    match state {
        Paid => tx.step(&mut instalment, Returned)?,
        Payable => return returns::commit_again(tx, &instalment),
        _ => {}
    }
    let mut award: Award = tx.get(&instalment.award)?;
    if matches!(award.state, AwardState::Settled | AwardState::Ended) {
        tx.step(&mut award, AwardState::Committed)?;
    }
    Ok(())
}

/// That nothing follows: the bank's book and ours agree on the instalment, or what the bank has more is no line's.
pub(super) fn nothing(tx: &mut Tx<'_>, difference: &Difference) -> Answer<()> {
    use InstalmentState::{Due, InPayment, Payable, Returned};
    let Some(id) = difference.instalment.as_deref() else {
        return Ok(());
    };
    // While another difference is open the sum is not told in whole: whoever closes the last one answers for it.
    if tx.any::<Difference>("instalment = $1 AND state <> 'closed'", &[Cell::from(id)])? {
        return Ok(());
    }
    let instalment: Instalment = tx.get(id)?;
    let (bank, ours) = (booked::of_instalment(tx, id)?, booked::in_our_book(tx, id)?);
    if bank.minor() < ours.minor() {
        return Err(Stop::denied(
            "came_back",
            format!(
                "the bank's book has {bank} paid for {id} and ours {ours}; reopen it and explain with `returned` what came back"
            ),
            format!("分期 {id} 银行账上已付 {bank}，本账已付 {ours}；请重新打开差异，以 `returned` 查明退回款项"),
        ));
    }
    if bank.minor() > ours.minor() && matches!(instalment.state, Due | InPayment | Payable | Returned) {
        return Err(Stop::denied(
            "was_paid",
            format!(
                "the bank's book has {bank} paid for {id} and ours {ours}; reopen it and explain with `paid` what was booked, or wait until it comes back"
            ),
            format!("分期 {id} 银行账上已付 {bank}，本账已付 {ours}；请重新打开差异，以 `paid` 查明，或待款项退回"),
        ));
    }
    Ok(())
}
