//! Rows of accounts, instructions, batches, statements, differences and restores.

use meed_facts::date::Date;
use meed_facts::money::Money;

use crate::machine::{AccountState, BatchState, DifferenceState, InstructionState};
use crate::time::Instant;
use crate::{record, ruled};

record! {
    /// A version of a payee's account.
    pub struct Account in "account" by id, version {
        /// Its id.
        id: String,
        /// Its version, from 1.
        version: i64,
        /// Whose.
        subject: String,
        /// The holder's name, until it is forgotten.
        name: Option<String>,
        /// The number.
        number: Option<String>,
        /// The bank's code.
        bank: Option<String>,
        /// Keeps the rest from being guessed from the log.
        salt: Option<String>,
        /// Who entered it.
        entered_by: String,
        /// Since when money may go there.
        active_from: Option<Instant>,
        /// Its state.
        state: AccountState,
    }
}

record! {
    /// Instructions that leave together.
    pub struct Batch in "batch" by id {
        /// Its id, and the message's.
        id: String,
        /// The line that pays; none where several do.
        line: Option<String>,
        /// The office's mode.
        mode: String,
        /// The day on which the bank is to execute it.
        execution: Date,
        /// SHA-256 of its file, once it is sealed.
        hash: Option<String>,
        /// How many rows.
        count: Option<i64>,
        /// Their sum.
        sum: Option<Money>,
        /// The file: a document.
        file: Option<String>,
        /// When its rows were last rechecked.
        rechecked_at: Option<Instant>,
        /// Its state.
        state: BatchState,
    }
}

record! {
    /// One instruction to pay one instalment once.
    pub struct Instruction in "instruction" by id {
        /// Its id for ever, which the bank sees.
        id: String,
        /// What it pays.
        instalment: String,
        /// Which attempt, from 1.
        attempt: i64,
        /// Into which account
        account: String,
        /// in which version.
        version: i64,
        /// How much.
        amount: Money,
        /// In which batch.
        batch: Option<String>,
        /// The attempt before.
        replaces: Option<String>,
        /// When it left.
        sent_at: Option<Instant>,
        /// What the bank said last: an evidence id.
        evidence: Option<String>,
        /// Its state.
        state: InstructionState,
    }
}

record! {
    /// That an instruction was in a batch.
    pub struct BatchRow in "batch_row" by batch, instruction {
        /// The batch.
        batch: String,
        /// The instruction.
        instruction: String,
    }
}

record! {
    /// A day of the office's bank account, as the bank tells it, complete.
    pub struct Statement in "bank_statement" by account, day {
        /// The account.
        account: String,
        /// The day.
        day: Date,
        /// The balance before
        opening: Money,
        /// and after.
        closing: Money,
        /// The file: a document.
        document: String,
    }
}

record! {
    /// One booking of the bank.
    pub struct Entry in "bank_entry" by account, bank_ref {
        /// The account.
        account: String,
        /// The bank's own reference.
        bank_ref: String,
        /// The day on which it was booked.
        booked: Date,
        /// How much.
        amount: Money,
        /// Whether it left the account.
        debit: bool,
        /// `payment`, `return`, `reversal` or `other`.
        kind: String,
        /// Our instruction, where the bank names one.
        instruction: Option<String>,
        /// The file: a document.
        document: String,
    }
}

record! {
    /// What the bank's book and ours do not agree on.
    pub struct Difference in "difference" by id {
        /// Its id.
        id: String,
        /// The bank account.
        account: String,
        /// The bank's entry.
        bank_ref: Option<String>,
        /// The file that the bank answers, where nobody here sent it.
        file: Option<String>,
        /// Our instruction.
        instruction: Option<String>,
        /// The instalment, which stands still meanwhile.
        instalment: Option<String>,
        /// By how much the bank's debits exceed ours; below zero where ours exceed the bank's.
        amount: Money,
        /// The day.
        day: Date,
        /// Why they differ.
        reason: String,
        /// What somebody found out.
        explanation: Option<String>,
        /// What follows from it: `none`, `paid` where the booking paid the instalment or a part of it, `returned` where it brought that back.
        remedy: Option<String>,
        /// What came back of a booking that was too much, without a booking of the bank that names the instruction.
        refunded: Money,
        /// Its state.
        state: DifferenceState,
    }
}

record! {
    /// That the office was restored from a backup.
    pub struct Restoration in "restoration" by epoch {
        /// The epoch that began then.
        epoch: i64,
        /// The backup's day
        since: Date,
        /// and the day of the restore.
        restored: Date,
    }
}

record! {
    /// An instalment whose payment the backup may not know.
    pub struct Restored in "restored" by epoch, instalment {
        /// The epoch that the restore began.
        epoch: i64,
        /// Which.
        instalment: String,
        /// `matched` with what the bank says, or confirmed `absent`; nothing as long as neither is so.
        found: Option<String>,
        /// What shows it.
        evidence: Option<String>,
    }
}

ruled!(
    Account: AccountState,
    Batch: BatchState,
    Instruction: InstructionState,
    Difference: DifferenceState,
);
