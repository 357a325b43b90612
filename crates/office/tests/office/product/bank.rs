//! What the bank may say at any time: an answer about an instruction, or a booking.

use meed_facts::date::Date;
use meed_office::bank::{
    Adapter, Direction, Entry, Form, InstructionId, Kind, Line, Mode, Reply, Stage, Statement, Status,
};
use meed_office::payments::inbound::{Act as Inbound, FromBank};
use meed_office::time::Instant;

use crate::support::config;

/// The bank's answer about one instruction.
pub fn answered(id: &InstructionId, status: Status, today: Date) -> Inbound {
    let message = format!("{}{}", status.code().0, short(id));
    let line = Line {
        id: id.clone(),
        status,
        date: Some(today),
        bank_ref: None,
    };
    let reply = Reply {
        message,
        original: None,
        group: None,
        lines: vec![line],
    };
    let bytes = Adapter::new(Form::Iso20022, Mode::Test)
        .write_reply(&reply, Instant::start_of(today))
        .unwrap();
    Inbound::Answers { file: text(bytes) }
}

/// One booking, in a statement that is not yet the whole of its day.
pub fn booked(id: &InstructionId, amount: i64, today: Date, kind: Kind) -> Inbound {
    let (letter, direction, closing) = match kind {
        Kind::Payment => ('P', Direction::Debit, -amount),
        _ => ('R', Direction::Credit, amount),
    };
    let bank_ref = format!("{letter}{}", short(id));
    let (stage, id) = (Stage::Booked, Some(id.clone()));
    let entry = Entry {
        bank_ref: bank_ref.clone(),
        stage,
        booked: today,
        value: today,
        amount,
        direction,
        id,
        kind,
    };
    let statement = Statement {
        id: bank_ref,
        account: config().debtor.account,
        from: today,
        to: today,
        opening: 0,
        closing,
        complete: false,
        entries: vec![entry],
    };
    let bytes = Adapter::new(Form::Iso20022, Mode::Test)
        .write_statement(&statement)
        .unwrap();
    Inbound::Statements { file: text(bytes) }
}

/// What fits in a reference of a bank.
fn short(id: &InstructionId) -> String {
    id.as_str().chars().skip(2).take(20).collect()
}

fn text(bytes: Vec<u8>) -> FromBank {
    FromBank(String::from_utf8(bytes).unwrap())
}
