//! What a bank booked on an account: the only evidence that an instruction is paid.

use meed_facts::date::Date;

use super::answer::Code;
use super::id::InstructionId;
use super::violation::{Fault, Place, Violation};

/// An account's entries between two balances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The bank's id of it. A statement that comes twice has the same entries under the same references.
    pub id: String,
    /// The account's number.
    pub account: String,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// The balance before the first entry, in fen; negative if overdrawn.
    pub opening: i64,
    /// The balance after the last booked entry, in fen.
    pub closing: i64,
    /// Whether it is the whole of these days: booked opening and closing balances, and not one page of several.
    pub complete: bool,
    /// The entries in the bank's order.
    pub entries: Vec<Entry>,
}

/// Bookings of an account that are told before its statement is: entries without days or balances. The statement has them again, under the same references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The bank's id of it.
    pub id: String,
    /// The account's number.
    pub account: String,
    /// The entries in the bank's order.
    pub entries: Vec<Entry>,
}

/// What one message of the bank tells of bookings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Statements.
    Statements(Vec<Statement>),
    /// Notices ahead of them.
    Notices(Vec<Notice>),
}

/// One movement on an account. A movement of several payments comes as one entry for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The bank's reference, unique on the account; for one of several payments followed by `/` and its position from 1.
    pub bank_ref: String,
    /// Whether it is booked. Only booked entries count.
    pub stage: Stage,
    /// The day of booking.
    pub booked: Date,
    /// The day from which it bears interest.
    pub value: Date,
    /// How much, in fen, not below nothing.
    pub amount: i64,
    /// Which way.
    pub direction: Direction,
    /// The instruction it is about, where it names one of ours.
    pub id: Option<InstructionId>,
    /// What it is.
    pub kind: Kind,
}

/// Whether money left the account or came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// It left.
    Debit,
    /// It came.
    Credit,
}

/// How sure an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Booked (BOOK).
    Booked,
    /// Announced (PDNG, FUTR).
    Pending,
    /// For information only (INFO).
    Info,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One of our instructions, executed.
    Payment,
    /// The money of one came back, with the reason (AC04: the account is closed).
    Return(Code),
    /// The bank took a booking of its own back.
    Reversal,
    /// Anything else.
    Other,
}

impl Statement {
    /// What all booked entries change: credits minus debits, in fen.
    pub fn moved(&self) -> i128 {
        let booked = self.entries.iter().filter(|entry| entry.stage == Stage::Booked);
        booked
            .map(|entry| i128::from(entry.signed()))
            .fold(0, i128::saturating_add)
    }

    /// Opening balance plus credits minus debits is the closing balance.
    pub fn check(&self) -> Result<(), Violation> {
        let reached = i128::from(self.opening).saturating_add(self.moved());
        if reached == i128::from(self.closing) {
            return Ok(());
        }
        let reached = i64::try_from(reached).unwrap_or(i64::MAX);
        Err(Fault::Equation {
            reached,
            closing: self.closing,
        }
        .at(Place::File))
    }
}

impl Entry {
    /// The amount, negative if it left the account.
    pub fn signed(&self) -> i64 {
        match self.direction {
            Direction::Debit => self.amount.saturating_neg(),
            Direction::Credit => self.amount,
        }
    }
}
