//! An instruction as the bank has it.

use meed_facts::date::Date;

use crate::bank::answer::{Code, Line, Status};
use crate::bank::file::PaymentFile;
use crate::bank::id::InstructionId;
use crate::bank::order::Order;

pub(super) struct Payment {
    debtor: String,
    creditor: String,
    amount: i64,
    pub state: State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    Received,
    Accepted,
    Executed(Date, String),
    Rejected(Code),
    NotExecuted(Code),
}

impl Payment {
    pub fn new(file: &PaymentFile, order: &Order) -> Self {
        Self {
            debtor: file.debtor().account().to_owned(),
            creditor: order.creditor().account().to_owned(),
            amount: order.amount(),
            state: State::Received,
        }
    }

    pub fn debtor(&self) -> &str {
        &self.debtor
    }

    pub fn creditor(&self) -> &str {
        &self.creditor
    }

    pub fn amount(&self) -> i64 {
        self.amount
    }

    /// Accepts or refuses what was received; a request to cancel may have come first.
    pub fn decide(&mut self, refused: Option<Code>) {
        if self.state == State::Received {
            self.state = refused.map_or(State::Accepted, State::Rejected);
        }
    }

    /// Stops it if it is not executed. Final: nothing leads out of it.
    pub fn cancel(&mut self) {
        if matches!(self.state, State::Received | State::Accepted) {
            self.state = State::NotExecuted(Code::unspecified());
        }
    }

    /// What the bank says about it now.
    pub fn line(&self, id: &InstructionId) -> Line {
        let (status, date, bank_ref) = match &self.state {
            State::Received => (Status::Pending, None, None),
            State::Accepted => (Status::Accepted, None, None),
            State::Executed(day, reference) => (Status::Accepted, Some(*day), Some(reference.clone())),
            State::Rejected(code) => (Status::Rejected(code.clone()), None, None),
            State::NotExecuted(code) => (Status::NotExecuted(code.clone()), None, None),
        };
        Line {
            id: id.clone(),
            status,
            date,
            bank_ref,
        }
    }
}
