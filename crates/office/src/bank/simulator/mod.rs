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
mod payment;
mod post;

use std::collections::{BTreeMap, BTreeSet};

use super::adapter::{Adapter, Form};
use super::answer::{Code, Line, Reply, Status};
use super::file::PaymentFile;
use super::id::{InstructionId, MessageId};
use super::instant::{DAY, day_of, plus};
use super::mode::Mode;
use super::statement::Statement;
use super::violation::Violation;
use crate::time::Instant;

use book::Book;
pub use chances::Chances;
use dice::Dice;
use payment::{Payment, State};
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

/// What happens in the bank by itself.
enum Event {
    Arrive(Vec<u8>),
    Decide(MessageId),
    Execute(MessageId),
    Return(InstructionId),
    DayEnd,
}

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
    files: BTreeMap<MessageId, Vec<InstructionId>>,
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

    fn at(&mut self, at: Instant, event: Event) {
        self.numbered = self.numbered.wrapping_add(1);
        self.events.insert((at, self.numbered), event);
    }

    fn happen(&mut self, event: Event) {
        match event {
            // Nobody waits any more for what a late file makes of itself.
            Event::Arrive(bytes) => drop(self.arrive(&bytes)),
            Event::Decide(file) => self.decide(&file),
            Event::Execute(file) => self.execute(&file),
            Event::Return(id) => self.give_back(&id),
            Event::DayEnd => self.end_day(),
        }
    }

    fn arrive(&mut self, bytes: &[u8]) -> Result<(), Violation> {
        let file = self.adapter.read(bytes)?;
        let id = file.message().clone();
        let ids: Vec<_> = file.orders().iter().map(|order| order.id().clone()).collect();
        if self.files.contains_key(&id) {
            let code = duplicate("DU01");
            let lines = ids
                .into_iter()
                .map(|id| said(id, Status::Duplicate(code.clone())))
                .collect();
            self.reply(Some(id), lines);
            return Ok(());
        }
        let (known, new): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| self.payments.contains_key(id));
        let mut lines: Vec<_> = known
            .into_iter()
            .map(|id| said(id, Status::Duplicate(duplicate("DU04"))))
            .collect();
        lines.extend(new.iter().map(|id| said(id.clone(), Status::Pending)));
        self.take(&file, new);
        self.reply(Some(id), lines);
        Ok(())
    }

    /// Writes down the orders that are new, and when they are looked at.
    fn take(&mut self, file: &PaymentFile, new: Vec<InstructionId>) {
        for order in file.orders() {
            let known = self.payments.entry(order.id().clone());
            known.or_insert_with(|| Payment::new(file, order));
        }
        let decided = plus(self.now, self.dice.between(MINUTE, 3 * HOUR));
        let executed = decided.max(plus(
            Instant::start_of(file.execution()),
            self.dice.between(9 * HOUR, 17 * HOUR),
        ));
        self.files.insert(file.message().clone(), new);
        self.at(decided, Event::Decide(file.message().clone()));
        self.at(executed, Event::Execute(file.message().clone()));
    }

    fn decide(&mut self, file: &MessageId) {
        let mut lines = Vec::new();
        for id in self.files.get(file).cloned().unwrap_or_default() {
            let Some(payment) = self.payments.get_mut(&id) else {
                continue;
            };
            let refused = if self.book.balance(payment.debtor()).is_none() {
                Some("AC01")
            } else {
                self.dice.chance(self.chances.rejected).then_some("BE01")
            };
            payment.decide(refused.and_then(|code| Code::parse(code).ok()));
            lines.push(self.line(&id));
        }
        self.reply(Some(file.clone()), lines);
    }

    fn execute(&mut self, file: &MessageId) {
        let mut lines = Vec::new();
        let batch = self.dice.chance(self.chances.batched).then(|| self.book.reference());
        let mut position = 0_usize;
        for id in self.files.get(file).cloned().unwrap_or_default() {
            let Some(payment) = self
                .payments
                .get_mut(&id)
                .filter(|payment| payment.state == State::Accepted)
            else {
                continue;
            };
            if self.dice.chance(self.chances.stopped) {
                payment.cancel();
            } else if self
                .book
                .balance(payment.debtor())
                .is_none_or(|balance| balance < payment.amount())
            {
                payment.state = State::Rejected(Code::parse("AM04").unwrap_or_else(|_| Code::unspecified()));
            } else {
                position = position.saturating_add(1);
                let reference = match &batch {
                    Some(base) => format!("{base}/{position}"),
                    None => self.book.reference(),
                };
                self.book.debit(payment, &id, &reference, day_of(self.now));
                payment.state = State::Executed(day_of(self.now), reference);
                let closed = self.closed.contains(payment.creditor());
                if closed || self.dice.chance(self.chances.returned) {
                    let later = plus(self.now, self.dice.between(DAY, 6 * DAY));
                    self.at(later, Event::Return(id.clone()));
                }
            }
            lines.push(self.line(&id));
        }
        self.reply(Some(file.clone()), lines);
    }

    fn give_back(&mut self, id: &InstructionId) {
        let reference = self.book.reference();
        let Some(payment) = self.payments.get(id) else { return };
        if let Ok(code) = Code::parse("AC04") {
            self.book.give_back(payment, id, &reference, day_of(self.now), code);
        }
    }

    fn end_day(&mut self) {
        let day = day_of(plus(self.now, -1));
        for statement in self.book.end_day(day) {
            self.tell(&statement);
        }
        self.at(plus(self.now, DAY), Event::DayEnd);
    }

    fn tell(&mut self, statement: &Statement) {
        let Ok(bytes) = self.adapter.write_statement(statement) else {
            return;
        };
        let late = self.dice.chance(self.chances.statement_late);
        let twice = self.dice.chance(self.chances.statement_repeated);
        let mut delay = || self.dice.between(5 * MINUTE, if late { 5 * DAY } else { 2 * HOUR });
        let content = Content::Statement(bytes);
        self.post.send(plus(self.now, delay()), content.clone());
        if twice {
            self.post.send(plus(self.now, delay()), content);
        }
    }

    fn reply(&mut self, original: Option<MessageId>, lines: Vec<Line>) {
        if lines.is_empty() || self.dice.chance(self.chances.answer_lost) {
            return;
        }
        let Some(bytes) = self.written(original, lines) else {
            return;
        };
        let delayed = self.dice.chance(self.chances.answer_delayed);
        let twice = self.dice.chance(self.chances.answer_repeated);
        let mut delay = || self.dice.between(MINUTE, if delayed { 3 * DAY } else { 30 * MINUTE });
        let content = Content::Answers(bytes);
        self.post.send(plus(self.now, delay()), content.clone());
        if twice {
            self.post.send(plus(self.now, delay()), content);
        }
    }

    fn reply_now(&mut self, lines: Vec<Line>) -> Result<Vec<u8>, TimedOut> {
        if self.dice.chance(self.chances.lost_after) {
            return Err(TimedOut);
        }
        self.written(None, lines).ok_or(TimedOut)
    }

    fn written(&mut self, original: Option<MessageId>, lines: Vec<Line>) -> Option<Vec<u8>> {
        self.numbered = self.numbered.wrapping_add(1);
        let message = format!("A{:010}", self.numbered);
        let reply = Reply {
            message,
            original,
            group: None,
            lines,
        };
        self.adapter.write_reply(&reply, self.now).ok()
    }

    fn line(&self, id: &InstructionId) -> Line {
        match self.payments.get(id) {
            Some(payment) => payment.line(id),
            None => said(id.clone(), Status::Unknown),
        }
    }
}

fn said(id: InstructionId, status: Status) -> Line {
    Line {
        id,
        status,
        date: None,
        bank_ref: None,
    }
}

fn duplicate(code: &str) -> Code {
    Code::parse(code).unwrap_or_else(|_| Code::unspecified())
}
