//! Payments against a simulated bank: what is asked of them, and what befell others.

mod accounts;
mod differences;
mod faults;
mod journey;
mod keys;
mod prepared;
mod restore;
mod seeds;
mod sending;
mod settled;

pub use journey::journey;

use std::sync::Mutex;

use meed_office::awards::Act as Award;
use meed_office::bank::InstructionId;
use meed_office::bank::simulator::{Bank, Chances, Content};
use meed_office::command::Outcome;
use meed_office::input::Day;
use meed_office::payments::accounts::Act as Account;
use meed_office::payments::batches::Act as Batch;
use meed_office::payments::inbound::{Act as Inbound, FromBank, Remedy};
use meed_office::payments::reconcile::{Reconciliation, reconcile};
use meed_office::payments::sending::{Sent, send};
use meed_office::store::{Cell, Connection};

use crate::support::{Bench, config, day, setup};
use prepared::Place;

/// When everything is approved.
pub const START: &str = "2023-03-01";

/// A line with money, payees with accounts, awards, and a bank. Awards are `i1`, `i2`… in the order in which they were asked for.
pub struct Till {
    pub bench: Bench,
    pub bank: Bank,
    pub place: Place,
    /// Opened once: opening costs more than all else.
    connection: Mutex<Connection>,
    /// Files that could not be taken in yet.
    waiting: Vec<Inbound>,
}

impl Till {
    /// On 2023-03-01 all of these are payable: payees from 1, and amounts in fen.
    pub fn open(address: &str, grants: &[(usize, i64)]) -> Self {
        let till = Self::prepared(address, grants);
        for number in 1..=grants.len() {
            till.approve(number);
            till.recheck(&format!("i{number}"));
        }
        till
    }

    fn with(bench: Bench, place: Place, bank: Bank) -> Self {
        Self {
            bench,
            bank,
            connection: Mutex::new(Connection::open(&place.address).unwrap()),
            place,
            waiting: Vec::new(),
        }
    }

    /// An office that is there already, with a new bank.
    pub fn at(place: Place, seed: u64, chances: Chances) -> Self {
        let bench = Bench::reopen(&place.address, setup(START));
        Self::with(bench, place, prepared::bank(seed, chances))
    }

    /// The office stops; where its database is.
    pub fn close_office(self) -> Place {
        self.place
    }

    /// The office stops, something happens to its database, and it is opened again on a day, on the database of that address.
    pub fn reopen(self, on: &str, meanwhile: impl FnOnce(&str) -> String) -> Self {
        let Self {
            bench,
            bank,
            mut place,
            connection,
            waiting,
        } = self;
        drop((bench, connection));
        place.address = meanwhile(&place.address);
        let till = Self::with(Bench::reopen(&place.address, setup(on)), place, bank);
        Self { waiting, ..till }
    }

    pub fn enter_account(&self, payee: usize, number: &str) -> String {
        let enter = Account::Enter {
            subject: self.payee(payee).to_owned(),
            name: format!("哈尔滨({payee})公司"),
            number: number.to_owned(),
            bank: "102261000018".to_owned(),
        };
        self.bench.made("registrar", enter, "account")
    }

    pub fn payee(&self, number: usize) -> &str {
        &self.place.payees[number - 1]
    }

    /// The instalment of an award.
    pub fn id(&self, name: &str) -> String {
        let number: usize = name.trim_start_matches('i').parse().unwrap();
        let case = &self.place.cases[number - 1];
        self.text(&format!(
            "SELECT id FROM instalment WHERE award IN (SELECT id FROM award WHERE case_id = '{case}')"
        ))
    }

    pub fn award(&self, name: &str) -> String {
        self.text(&format!("SELECT award FROM instalment WHERE id = '{}'", self.id(name)))
    }

    pub fn recheck(&self, name: &str) {
        let instalment = self.id(name);
        let rechecked = self.bench.ok("machine", Award::Recheck { instalment });
        assert_eq!(rechecked["recheck"], "passes", "{rechecked}");
    }

    /// Builds and seals a batch of all that is payable; its id and its file's hash.
    pub fn sealed(&self) -> (String, String) {
        let batch = self.bench.made("preparer", self.build(), "batch");
        let hash = self
            .bench
            .made("preparer", Batch::Seal { batch: batch.clone() }, "hash");
        (batch, hash)
    }

    pub fn build(&self) -> Batch {
        let today = self.bench.office.setup().clock.now().date().unwrap();
        Batch::Build {
            line: self.place.line.clone(),
            execution: Day(today),
        }
    }

    /// Builds, seals and releases.
    pub fn released(&self) -> String {
        let (batch, hash) = self.sealed();
        let release = Batch::Release {
            batch: batch.clone(),
            hash,
        };
        self.bench.ok("releaser", release);
        batch
    }

    pub fn send(&mut self, batch: &str) -> Sent {
        send(&self.bench.office, "machine", batch, &mut self.bank).unwrap()
    }

    /// Builds, seals, releases and sends.
    pub fn pay(&mut self) -> String {
        let batch = self.released();
        assert!(matches!(self.send(&batch), Sent::Left(_)));
        batch
    }

    /// Goes to noon of a day, taking in what the bank sent until then.
    pub fn to(&mut self, date: &str) {
        self.bench.on(date);
        self.receive();
    }

    /// Goes some hours on, without looking at what the bank sent.
    pub fn later(&self, hours: i64) {
        let clock = &self.bench.office.setup().clock;
        clock.set(clock.now().plus_hours(hours));
    }

    pub fn receive(&mut self) {
        let now = self.bench.office.setup().clock.now();
        for message in self.bank.advance(now) {
            let text = |bytes: Vec<u8>| FromBank(String::from_utf8(bytes).unwrap());
            self.waiting.push(match message.content {
                Content::Answers(bytes) => Inbound::Answers { file: text(bytes) },
                Content::Statement(bytes) => Inbound::Statements { file: text(bytes) },
            });
            self.take_in();
        }
    }

    /// Takes in what waits; statements that come before an earlier one wait on.
    fn take_in(&mut self) {
        loop {
            let waiting = std::mem::take(&mut self.waiting);
            let before = waiting.len();
            for file in waiting {
                match self.bench.submit("machine", file.clone()) {
                    Outcome::Accepted { .. } => {}
                    Outcome::Undecided { reason, .. } if reason["code"] == "statement_missing" => {
                        self.waiting.push(file);
                    }
                    other => panic!("{other:?}"),
                }
            }
            if self.waiting.is_empty() || self.waiting.len() == before {
                return;
            }
        }
    }

    pub fn cells(&self, sql: &str) -> Vec<Vec<Cell>> {
        self.connection.lock().unwrap().rows(sql, &[]).unwrap()
    }

    /// The texts in the first column that a query finds.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let text = |row: Vec<Cell>| match row.into_iter().next() {
            Some(Cell::Text(text)) => text,
            other => panic!("{sql}: {other:?}"),
        };
        self.cells(sql).into_iter().map(text).collect()
    }

    #[track_caller]
    pub fn number(&self, sql: &str) -> i64 {
        match self.cells(sql).as_slice() {
            [row] => match row.as_slice() {
                [Cell::Int(number)] => *number,
                other => panic!("{sql}: {other:?}"),
            },
            other => panic!("{sql}: {other:?}"),
        }
    }

    #[track_caller]
    pub fn text(&self, sql: &str) -> String {
        match self.texts(sql).as_slice() {
            [text] => text.clone(),
            other => panic!("{sql}: {other:?}"),
        }
    }

    pub fn state(&self, name: &str) -> String {
        self.text(&format!("SELECT state FROM instalment WHERE id = '{}'", self.id(name)))
    }

    /// The last attempt at an award: its id and its state.
    pub fn attempt(&self, name: &str) -> (InstructionId, String) {
        let instalment = self.id(name);
        let of = |column: &str| {
            self.text(&format!(
                "SELECT {column} FROM instruction WHERE instalment = '{instalment}' ORDER BY attempt DESC LIMIT 1"
            ))
        };
        (InstructionId::parse(&of("id")).unwrap(), of("state"))
    }

    /// What the bank has paid for an award over all its attempts, net, in fen.
    pub fn paid_by_bank(&self, name: &str) -> i64 {
        let attempts = format!("SELECT id FROM instruction WHERE instalment = '{}'", self.id(name));
        let ids = self.texts(&attempts);
        ids.iter()
            .map(|id| self.bank.paid(&InstructionId::parse(id).unwrap()))
            .sum()
    }

    /// What an account of the line holds.
    pub fn held(&self, account: &str) -> i64 {
        self.number(&format!("SELECT {account} FROM line_balance"))
    }

    pub fn reconcile(&self, date: &str) -> Reconciliation {
        let mut reader = self.connection.lock().unwrap();
        reconcile(&mut reader, &config().debtor.account, day(date)).unwrap()
    }

    /// Explains and closes a difference by two persons.
    pub fn close(&self, difference: &str, remedy: Remedy) {
        let difference = || difference.to_owned();
        let explanation = "银行回执核对".to_owned();
        self.bench.ok(
            "preparer",
            Inbound::Explain {
                difference: difference(),
                explanation,
                remedy,
            },
        );
        self.bench.ok(
            "releaser",
            Inbound::Close {
                difference: difference(),
            },
        );
    }
}
