//! How an instruction, its instalment and its money move together.

use meed_facts::money::Money;

use super::row::Row;
use super::{Batch, Instruction};
use crate::awards::settle;
use crate::ledger::{Account, End};
use crate::machine::{AwardState, BatchState, InstalmentState, InstructionState};
use crate::stop::Answer;
use crate::tx::Tx;

/// What a booking of the bank that paid an instruction is called among postings.
pub(super) const PAID: &str = "paid_by_bank";
/// What a booking of the bank that brought money back is called among postings.
pub(super) const RETURNED: &str = "returned_by_bank";

fn post(tx: &mut Tx<'_>, row: &Row, to: Account, from: Account, cause: &str, link: &str) -> Answer<()> {
    let (line, holder, amount): (String, _, Money) =
        (row.line()?.to_owned(), &row.instalment.id, row.instruction.amount);
    tx.post(
        &line,
        End::of(to, holder),
        End::of(from, holder),
        amount,
        cause,
        Some(link),
    )
}

/// in flight ← committed
pub(super) fn release(tx: &mut Tx<'_>, row: &mut Row) -> Answer<()> {
    tx.step(&mut row.instruction, InstructionState::Released)?;
    let id = row.instruction.id.clone();
    post(tx, row, Account::InFlight, Account::Committed, "released", &id)
}

/// An instruction that never leaves: its instalment is payable again.
pub(super) fn cancel(tx: &mut Tx<'_>, row: &mut Row) -> Answer<()> {
    let released = row.instruction.state == InstructionState::Released;
    tx.step(&mut row.instruction, InstructionState::Cancelled)?;
    if released {
        let id = row.instruction.id.clone();
        post(tx, row, Account::Committed, Account::InFlight, "cancelled", &id)?;
    }
    tx.step(&mut row.instalment, InstalmentState::Payable)
}

/// paid ← in flight, by a booked entry of a statement alone
pub(super) fn pay(tx: &mut Tx<'_>, row: &mut Row, evidence: &str) -> Answer<()> {
    row.instruction.evidence = Some(evidence.to_owned());
    tx.step(&mut row.instruction, InstructionState::Paid)?;
    post(tx, row, Account::Paid, Account::InFlight, PAID, evidence)?;
    tx.step(&mut row.instalment, InstalmentState::Paid)?;
    settle(tx, &row.award.id)
}

/// committed ← in flight: the bank refused, or will never execute
pub(super) fn unpaid(tx: &mut Tx<'_>, row: &mut Row, to: InstructionState, evidence: &str) -> Answer<()> {
    row.instruction.evidence = Some(evidence.to_owned());
    if to == InstructionState::NotExecuted && row.instruction.state != InstructionState::Unknown {
        tx.step(&mut row.instruction, InstructionState::Unknown)?;
    }
    tx.step(&mut row.instruction, to)?;
    let cause = if to == InstructionState::Rejected {
        "rejected"
    } else {
        "not_executed"
    };
    post(tx, row, Account::Committed, Account::InFlight, cause, evidence)?;
    tx.step(&mut row.instalment, InstalmentState::Payable)
}

/// returned ← paid: the money came back
pub(super) fn come_back(tx: &mut Tx<'_>, row: &mut Row, evidence: &str) -> Answer<()> {
    row.instruction.evidence = Some(evidence.to_owned());
    tx.step(&mut row.instruction, InstructionState::Returned)?;
    post(tx, row, Account::Returned, Account::Paid, RETURNED, evidence)?;
    tx.step(&mut row.instalment, InstalmentState::Returned)?;
    // Something is left to pay again.
    if matches!(row.award.state, AwardState::Settled | AwardState::Ended) {
        tx.step(&mut row.award, AwardState::Committed)?;
    }
    Ok(())
}

/// What the bank says shows that it has the file; and a batch is closed once each of its rows has an end.
pub(super) fn follow(tx: &mut Tx<'_>, batch: &str, arrived: bool) -> Answer<()> {
    let mut batch: Batch = tx.get(batch)?;
    if batch.state == BatchState::Unknown && arrived {
        tx.step(&mut batch, BatchState::Sent)?;
    }
    let ended = "('paid', 'paid_in_part', 'returned', 'rejected', 'not_executed', 'cancelled')";
    let open = tx.any::<Instruction>(&format!("batch = $1 AND state NOT IN {ended}"), &[(&batch.id).into()])?;
    if !open && matches!(batch.state, BatchState::Sent | BatchState::Unknown) {
        tx.step(&mut batch, BatchState::Closed)?;
    }
    Ok(())
}
