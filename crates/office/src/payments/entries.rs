//! What each booking of the bank means: an instruction paid, its money back, or a difference.

use std::collections::BTreeSet;

use meed_facts::money::Money;

use super::differences::{self, Found};
use super::dissolving::unsent;
use super::row::Row;
use super::{Entry, Instruction, booked, moves, restore};
use crate::bank::{self, Direction, Kind};
use crate::ledger::Account;
use crate::machine::InstructionState;
use crate::stop::{Answer, Stop};
use crate::store::CURRENCY;
use crate::tx::Tx;

/// What an import took in.
#[derive(Default)]
pub(super) struct Taken {
    /// Bookings that were new.
    pub entries: u64,
    /// Differences that they opened.
    pub differences: Vec<String>,
    /// Batches that they touched.
    pub batches: BTreeSet<String>,
}

/// The evidence that a booking is.
pub(super) fn evidence(account: &str, bank_ref: &str) -> String {
    format!("{account}/{bank_ref}")
}

/// Takes in one booking; one that is known changes nothing.
pub(super) fn take(
    tx: &mut Tx<'_>,
    account: &str,
    booking: &bank::Entry,
    document: &str,
    taken: &mut Taken,
) -> Answer<()> {
    let entry = Entry {
        account: account.to_owned(),
        bank_ref: booking.bank_ref.clone(),
        booked: booking.booked,
        amount: Money::from_minor(booking.amount.into(), CURRENCY),
        debit: booking.direction == Direction::Debit,
        kind: kind(&booking.kind).to_owned(),
        instruction: booking.id.as_ref().map(|id| id.as_str().to_owned()),
        document: document.to_owned(),
    };
    if let Some(known) = tx.find::<Entry>((account, &entry.bank_ref))? {
        return same(&known, &entry);
    }
    tx.insert(&entry)?;
    taken.entries = taken.entries.saturating_add(1);
    let (row, instalment) = row_of(tx, &entry)?;
    let reason = match row {
        Some(mut row) => {
            let reason = apply(tx, &entry, &mut row)?;
            restore::matched(tx, &row.instalment.id, &evidence(account, &entry.bank_ref))?;
            taken.batches.extend(row.instruction.batch);
            reason
        }
        None => stray(&entry),
    };
    if let Some(reason) = reason {
        let amount = if entry.debit {
            entry.amount.minor()
        } else {
            entry.amount.minor().saturating_neg()
        };
        let found = Found {
            bank_ref: Some(&entry.bank_ref),
            file: None,
            instruction: entry.instruction.as_deref(),
            instalment: instalment.as_deref(),
            amount: Money::from_minor(amount, CURRENCY),
            day: entry.booked,
            reason,
        };
        taken.differences.extend(differences::open(tx, &found)?);
    }
    Ok(())
}

/// The instruction that a booking is about, and its instalment; after a restore also one that the backup does not know.
fn row_of(tx: &mut Tx<'_>, entry: &Entry) -> Answer<(Option<Row>, Option<String>)> {
    let Some(id) = &entry.instruction else {
        return Ok((None, None));
    };
    if let Some(instruction) = tx.find::<Instruction>(id)? {
        let instalment = instruction.instalment.clone();
        return Ok((Some(Row::of(tx, instruction)?), Some(instalment)));
    }
    let adopted = restore::adopt(tx, id, entry.booked)?;
    Ok(adopted.map_or((None, None), |adopted| (adopted.row, Some(adopted.instalment))))
}

const fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Payment => "payment",
        Kind::Return(_) => "return",
        Kind::Reversal => "reversal",
        Kind::Other => "other",
    }
}

/// A reference stands for one booking for ever.
fn same(known: &Entry, entry: &Entry) -> Answer<()> {
    let document = known.document.clone();
    if *known
        == (Entry {
            document,
            ..entry.clone()
        })
    {
        return Ok(());
    }
    let bank_ref = &entry.bank_ref;
    Err(Stop::denied(
        "entry_differs",
        format!("booking {bank_ref} was imported with other particulars; ask the bank which are right"),
        format!("记账 {bank_ref} 此前以不同内容导入，请向银行核实"),
    ))
}

/// Moves the instruction as the booking says, or tells why the two do not agree.
fn apply(tx: &mut Tx<'_>, entry: &Entry, row: &mut Row) -> Answer<Option<&'static str>> {
    use InstructionState::{Accepted, Paid, Returned, Sending, Sent, Unknown};
    let evidence = evidence(&entry.account, &entry.bank_ref);
    let back = matches!(entry.kind.as_str(), "return" | "reversal");
    if unsent(row.instruction.state) {
        restore::walk(tx, row)?;
    }
    Ok(match (entry.debit, back, row.instruction.state) {
        (true, true, _) | (false, false, _) => Some("odd_direction"),
        (_, _, state) if unsent(state) || state == InstructionState::Cancelled => Some("never_sent"),
        _ if entry.amount != row.instruction.amount => Some("other_amount"),
        (true, false, Sending | Sent | Accepted | Unknown) => {
            moves::pay(tx, row, &evidence)?;
            None
        }
        (true, false, Paid | Returned) => Some("booked_twice"),
        (true, false, _) => Some("booked_after_its_end"),
        // Of two bookings one came back: the instalment stays paid.
        (false, true, Paid) if is_surplus(tx, row)? => Some("surplus_came_back"),
        // Persons settle it together with the recovery.
        (false, true, Paid) if demanded_back(tx, row)? => Some("came_back_demanded"),
        (false, true, Paid) => {
            moves::come_back(tx, row, &evidence)?;
            None
        }
        (false, true, _) => Some("came_back_unpaid"),
    })
}

/// Whether the bank has booked, without what just came back, as much as our book has paid.
fn is_surplus(tx: &mut Tx<'_>, row: &Row) -> Answer<bool> {
    let id = &row.instalment.id;
    let (bank, ours) = (booked::of_instalment(tx, id)?, booked::in_our_book(tx, id)?);
    Ok(bank.minor() >= ours.minor())
}

/// Whether a recovery was decided on what an instruction paid, or on a part of it.
fn demanded_back(tx: &mut Tx<'_>, row: &Row) -> Answer<bool> {
    let paid = tx.held(row.line()?, &row.instalment.id, Account::Paid)?;
    Ok(paid.minor() < row.instruction.amount.minor())
}

/// Why a booking that belongs to no instruction of ours is a difference; money that somebody put on the account is none.
fn stray(entry: &Entry) -> Option<&'static str> {
    match (entry.debit, entry.instruction.is_some(), entry.kind.as_str()) {
        (true, true, _) | (false, true, _) => Some("unknown_id"),
        (true, false, _) => Some("not_ours"),
        (false, false, "return" | "reversal") => Some("unknown_return"),
        (false, false, _) => None,
    }
}
