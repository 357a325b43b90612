//! A bank that misbehaves as banks do, on virtual time: it loses acknowledgements, answers late, twice and in disorder, rejects,
//! returns money days later, and keeps a book of its own that only its statements tell.
//!
//! It sees what a bank sees: the bytes of files, read by the strict reader. For one seed and the same calls it does the same.
//!
//! ```
//! use meed_facts::date::Date;
//! use meed_office::bank::simulator::{Bank, Chances, Sent};
//! use meed_office::bank::{Adapter, Form, InstructionId, MessageId, Mode, Order, Party, PaymentFile};
//! use meed_office::time::Instant;
//!
//! let day = Date::new(2026, 3, 6).unwrap();
//! let mut bank = Bank::new(7, Form::Iso20022, Mode::Demo, Instant::start_of(day), Chances::NONE);
//! bank.open("3500040109008888888", 100_000_000);
//!
//! let payer = Party::new("哈尔滨市科学技术局", "3500040109008888888", "102261000018")?;
//! let payee = Party::new("某某公司", "6222021234567890123", "105261000042")?;
//! let order = Order::new(InstructionId::new(Mode::Demo, "harbin", "1", 1), 5_000, payee, "")?;
//! let file = PaymentFile::new(MessageId::new(Mode::Demo, "1")?, Instant::start_of(day), day, payer, vec![order])?;
//!
//! let adapter = Adapter::new(Form::Iso20022, Mode::Demo);
//! assert_eq!(bank.submit(&adapter.write(&file)?), Sent::Acknowledged);
//! let messages = bank.advance(Instant::start_of(Date::new(2026, 3, 8).unwrap()));
//! let statements = messages.iter().filter_map(|message| message.statement());
//! let entries = statements.flat_map(|bytes| adapter.statements(bytes).unwrap()).flat_map(|statement| statement.entries);
//! assert_eq!(entries.map(|entry| entry.amount).sum::<i64>(), 5_000);
//! # Ok::<(), meed_office::bank::Violation>(())
//! ```

mod book;
mod chances;
mod dice;
mod events;
mod letters;
mod payment;
mod post;

use std::collections::{BTreeMap, BTreeSet};

use super::adapter::{Adapter, Form};
use super::id::{InstructionId, MessageId};
use super::instant::{day_of, plus};
use super::mode::Mode;
use super::violation::Violation;
use crate::time::{DAY, Instant};

use book::Book;
pub use chances::Chances;
use dice::Dice;
use events::{Event, File};
use payment::Payment;
use post::Post;
pub use post::{Content, Message};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// What an office learns when it sends a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The bank has it.
    Acknowledged,
    /// No answer came: the bank has it, or will have it, or never will.
    TimedOut,
    /// The bank could not read it, and has nothing.
    Refused(Violation),
}

/// No answer came to an inquiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedOut;

/// A simulated bank.
pub struct Bank {
    adapter: Adapter,
    dice: Dice,
    chances: Chances,
    now: Instant,
    events: BTreeMap<(Instant, u64), Event>,
    numbered: u64,
    post: Post,
    book: Book,
    payments: BTreeMap<InstructionId, Payment>,
    files: BTreeMap<MessageId, File>,
    closed: BTreeSet<String>,
}

impl Bank {
    /// A bank whose clock stands at `start`, with no accounts.
    pub fn new(seed: u64, form: Form, mode: Mode, start: Instant, chances: Chances) -> Self {
        let mut bank = Self {
            adapter: Adapter::new(form, mode),
            dice: Dice::new(seed),
            chances,
            now: start,
            events: BTreeMap::new(),
            numbered: 0,
            post: Post::default(),
            book: Book::default(),
            payments: BTreeMap::new(),
            files: BTreeMap::new(),
            closed: BTreeSet::new(),
        };
        bank.at(plus(Instant::start_of(day_of(start)), DAY), Event::DayEnd);
        bank
    }

    /// Opens an account with a balance in fen. It gets a statement for every day from today on.
    pub fn open(&mut self, account: &str, balance: i64) {
        self.book.open(account, balance);
    }

    /// Closes a payee's account: what is paid to it comes back days later, with the reason AC04.
    pub fn close(&mut self, account: &str) {
        self.closed.insert(account.to_owned());
    }

    /// The time in the bank.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// What an account holds, in fen.
    pub fn balance(&self, account: &str) -> Option<i64> {
        self.book.balance(account)
    }

    /// What left for an instruction and did not come back, in fen.
    pub fn paid(&self, id: &InstructionId) -> i64 {
        self.book.paid(id)
    }

    /// How often an instruction was debited, whatever came back.
    pub fn debits(&self, id: &InstructionId) -> usize {
        self.book.debits(id)
    }

    /// Takes a file.
    pub fn submit(&mut self, bytes: &[u8]) -> Sent {
        if self.dice.chance(self.chances.lost_before) {
            return Sent::TimedOut;
        }
        if self.dice.chance(self.chances.arrives_late) {
            let later = self.dice.between(HOUR, 2 * DAY);
            self.at(plus(self.now, later), Event::Arrive(bytes.to_vec()));
            return Sent::TimedOut;
        }
        if let Err(violation) = self.arrive(bytes) {
            return Sent::Refused(violation);
        }
        if self.dice.chance(self.chances.lost_after) {
            return Sent::TimedOut;
        }
        Sent::Acknowledged
    }

    /// Asks for the status of instructions: the bytes of an answer about each.
    pub fn inquire(&mut self, ids: &[InstructionId]) -> Result<Vec<u8>, TimedOut> {
        let lines = ids.iter().map(|id| self.line(id)).collect();
        self.reply_now(lines)
    }

    /// Asks not to execute an instruction. What is not executed yet never will be, and the answer says so.
    pub fn cancel(&mut self, id: &InstructionId) -> Result<Vec<u8>, TimedOut> {
        if self.dice.chance(self.chances.lost_before) {
            return Err(TimedOut);
        }
        if let Some(payment) = self.payments.get_mut(id) {
            payment.cancel();
        }
        let line = self.line(id);
        self.reply_now(vec![line])
    }

    /// Moves the clock, and gives what arrived at the office meanwhile, in the order of arrival.
    pub fn advance(&mut self, to: Instant) -> Vec<Message> {
        while let Some(entry) = self.events.first_entry() {
            let (at, _) = *entry.key();
            if at > to {
                break;
            }
            let event = entry.remove();
            self.now = self.now.max(at);
            self.happen(event);
        }
        self.now = self.now.max(to);
        self.post.until(to)
    }
}
