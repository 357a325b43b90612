//! The bank's own book: accounts, and every movement on them.

use std::collections::BTreeMap;

use meed_facts::date::Date;

use super::payment::Payment;
use crate::bank::answer::Code;
use crate::bank::id::InstructionId;
use crate::bank::statement::{Direction, Entry, Kind, Stage, Statement};

#[derive(Default)]
pub(super) struct Book {
    accounts: BTreeMap<String, Account>,
    references: u64,
}

struct Account {
    /// The balance before the first entry that no statement told yet.
    opening: i64,
    balance: i64,
    entries: Vec<Entry>,
    told: usize,
}

impl Book {
    pub fn open(&mut self, account: &str, balance: i64) {
        let account = self.accounts.entry(account.to_owned());
        account.or_insert(Account {
            opening: balance,
            balance,
            entries: Vec::new(),
            told: 0,
        });
    }

    pub fn balance(&self, account: &str) -> Option<i64> {
        self.accounts.get(account).map(|account| account.balance)
    }

    /// A reference that was not used before.
    pub fn reference(&mut self) -> String {
        self.references = self.references.wrapping_add(1);
        format!("B{:012}", self.references)
    }

    pub fn debit(&mut self, payment: &Payment, id: &InstructionId, reference: &str, day: Date) {
        self.enter(payment, id, reference, day, Direction::Debit, Kind::Payment);
    }

    pub fn give_back(&mut self, payment: &Payment, id: &InstructionId, reference: &str, day: Date, code: Code) {
        self.enter(payment, id, reference, day, Direction::Credit, Kind::Return(code));
    }

    fn enter(
        &mut self,
        payment: &Payment,
        id: &InstructionId,
        reference: &str,
        day: Date,
        direction: Direction,
        kind: Kind,
    ) {
        let Some(account) = self.accounts.get_mut(payment.debtor()) else {
            return;
        };
        let entry = Entry {
            bank_ref: reference.to_owned(),
            stage: Stage::Booked,
            booked: day,
            value: day,
            amount: payment.amount(),
            direction,
            id: Some(id.clone()),
            kind,
        };
        account.balance = account.balance.saturating_add(entry.signed());
        account.entries.push(entry);
    }

    fn about<'a>(&'a self, id: &'a InstructionId) -> impl Iterator<Item = &'a Entry> {
        let entries = self.accounts.values().flat_map(|account| &account.entries);
        entries.filter(move |entry| entry.id.as_ref() == Some(id))
    }

    pub fn paid(&self, id: &InstructionId) -> i64 {
        self.about(id)
            .fold(0_i64, |sum, entry| sum.saturating_sub(entry.signed()))
    }

    pub fn debits(&self, id: &InstructionId) -> usize {
        self.about(id)
            .filter(|entry| entry.direction == Direction::Debit)
            .count()
    }

    /// The statements of a day that ended, one for each account, with every entry that none told before.
    pub fn end_day(&mut self, day: Date) -> Vec<Statement> {
        let accounts = (1_usize..).zip(&mut self.accounts);
        let statements = accounts.map(|(number, (name, account))| {
            let entries = account.entries.get(account.told..).unwrap_or_default().to_vec();
            account.told = account.entries.len();
            let opening = std::mem::replace(&mut account.opening, account.balance);
            Statement {
                id: format!("S{day}-{number}"),
                account: name.clone(),
                from: day,
                to: day,
                opening,
                closing: account.balance,
                complete: true,
                entries,
            }
        });
        statements.collect()
    }
}
