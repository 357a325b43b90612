//! What the bank writes to the office, and when that arrives.

use super::events::said;
use super::post::Content;
use super::{Bank, HOUR, MINUTE, TimedOut};
use crate::bank::adapter::Form;
use crate::bank::answer::{Line, Reply, Status};
use crate::bank::id::{InstructionId, MessageId};
use crate::bank::instant::plus;
use crate::bank::statement::Statement;
use crate::time::DAY;

impl Bank {
    pub(super) fn tell(&mut self, statement: &Statement) {
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

    /// Answers about orders of a file; `whole` if they are all that the file has.
    pub(super) fn reply(&mut self, original: MessageId, lines: Vec<Line>, whole: bool) {
        if lines.is_empty() || self.dice.chance(self.chances.answer_lost) {
            return;
        }
        let (group, lines) = self.grouped(lines, whole);
        let Some(bytes) = self.written(Some(original), group, lines) else {
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

    /// The same about all orders of a file is said once about the file, where the form can.
    fn grouped(&self, lines: Vec<Line>, whole: bool) -> (Option<Status>, Vec<Line>) {
        let status = lines.first().map(|line| line.status.clone());
        let same =
            |line: &Line| Some(&line.status) == status.as_ref() && line.date.is_none() && line.bank_ref.is_none();
        if whole && self.adapter.form() == Form::Iso20022 && lines.iter().all(same) {
            return (status, Vec::new());
        }
        (None, lines)
    }

    pub(super) fn reply_now(&mut self, lines: Vec<Line>) -> Result<Vec<u8>, TimedOut> {
        if self.dice.chance(self.chances.lost_after) {
            return Err(TimedOut);
        }
        self.written(None, None, lines).ok_or(TimedOut)
    }

    fn written(&mut self, original: Option<MessageId>, group: Option<Status>, lines: Vec<Line>) -> Option<Vec<u8>> {
        self.numbered = self.numbered.wrapping_add(1);
        let message = format!("A{:010}", self.numbered);
        let reply = Reply {
            message,
            original,
            group,
            lines,
        };
        self.adapter.write_reply(&reply, self.now).ok()
    }

    pub(super) fn line(&self, id: &InstructionId) -> Line {
        match self.payments.get(id) {
            Some(payment) => payment.line(id),
            None => said(id.clone(), Status::Unknown),
        }
    }
}
