//! What happens in the bank by itself, when its time comes.

use super::payment::{Payment, State};
use super::{Bank, HOUR, MINUTE};
use crate::bank::answer::{Code, Line, Status};
use crate::bank::file::PaymentFile;
use crate::bank::id::{InstructionId, MessageId};
use crate::bank::instant::{day_of, plus};
use crate::bank::violation::Violation;
use crate::time::{DAY, Instant};

/// Something that will happen.
pub(super) enum Event {
    Arrive(Vec<u8>),
    Decide(MessageId),
    Execute(MessageId),
    Return(InstructionId),
    DayEnd,
}

/// A file that was taken: its orders that were new, and whether those were all.
#[derive(Clone)]
pub(super) struct File {
    ids: Vec<InstructionId>,
    whole: bool,
}

impl Bank {
    pub(super) fn at(&mut self, at: Instant, event: Event) {
        self.numbered = self.numbered.wrapping_add(1);
        self.events.insert((at, self.numbered), event);
    }

    pub(super) fn happen(&mut self, event: Event) {
        match event {
            // Nobody waits any more for what a late file makes of itself.
            Event::Arrive(bytes) => drop(self.arrive(&bytes)),
            Event::Decide(file) => self.decide(file),
            Event::Execute(file) => self.execute(file),
            Event::Return(id) => self.give_back(&id),
            Event::DayEnd => self.end_day(),
        }
    }

    pub(super) fn arrive(&mut self, bytes: &[u8]) -> Result<(), Violation> {
        let file = self.adapter.read(bytes)?;
        let id = file.message().clone();
        let ids: Vec<_> = file.orders().iter().map(|order| order.id().clone()).collect();
        if self.files.contains_key(&id) {
            let lines = ids.into_iter().map(|id| said(id, duplicate("DU01")));
            let lines = lines.collect();
            self.reply(id, lines, true);
            return Ok(());
        }
        let (known, new): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| self.payments.contains_key(id));
        let whole = known.is_empty();
        let mut lines: Vec<_> = known.into_iter().map(|id| said(id, duplicate("DU04"))).collect();
        lines.extend(new.iter().map(|id| said(id.clone(), Status::Pending)));
        self.take(&file, File { ids: new, whole });
        self.reply(id, lines, true);
        Ok(())
    }

    /// Writes down the orders that are new, and when they are looked at.
    fn take(&mut self, file: &PaymentFile, new: File) {
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

    fn decide(&mut self, file: MessageId) {
        let Some(File { ids, whole }) = self.files.get(&file).cloned() else {
            return;
        };
        let mut lines = Vec::new();
        for id in ids {
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
        self.reply(file, lines, whole);
    }

    fn execute(&mut self, file: MessageId) {
        let Some(File { ids, whole }) = self.files.get(&file).cloned() else {
            return;
        };
        let mut lines = Vec::new();
        let batch = self.dice.chance(self.chances.batched).then(|| self.book.reference());
        let mut position = 0_usize;
        for id in ids {
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
        self.reply(file, lines, whole);
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
}

pub(super) fn said(id: InstructionId, status: Status) -> Line {
    Line {
        id,
        status,
        date: None,
        bank_ref: None,
    }
}

fn duplicate(code: &str) -> Status {
    Status::Duplicate(Code::parse(code).unwrap_or_else(|_| Code::unspecified()))
}
