//! One door to all forms of files. An adapter is of one mode and refuses the files and answers of another.

use serde::{Deserialize, Serialize};

use super::answer::{Reply, Report};
use super::csv;
use super::file::PaymentFile;
use super::id::FileHash;
use super::iso;
use super::iso::schema::Message;
use super::iso::validate::{open, open_one_of};
use super::mode::Mode;
use super::statement::{Statement, Told};
use super::violation::{Fault, Place, Violation};
use crate::time::Instant;

/// A form of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Comma-separated values.
    Csv,
    /// `pain.001.001.09` out, `pain.002.001.10`, `camt.053.001.08` and `camt.054.001.08` in.
    Iso20022,
}

impl Form {
    /// All forms.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Iso20022];
}

/// Writes for a bank, and reads what it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adapter {
    form: Form,
    mode: Mode,
}

impl Adapter {
    /// An adapter of one form and one mode.
    pub const fn new(form: Form, mode: Mode) -> Self {
        Self { form, mode }
    }

    /// Its form.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Its mode.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The file's bytes. The same file gives the same bytes, and they are checked before they leave.
    pub fn write(&self, file: &PaymentFile) -> Result<Vec<u8>, Violation> {
        self.own(file.mode())?;
        match self.form {
            Form::Csv => Ok(csv::orders::write(file)),
            Form::Iso20022 => checked(iso::pain001::write(file)),
        }
    }

    /// Reads a file as a bank does. Versions of accounts are not in it.
    pub fn read(&self, bytes: &[u8]) -> Result<PaymentFile, Violation> {
        match self.form {
            Form::Csv => csv::orders::read(bytes, self.mode),
            Form::Iso20022 => iso::pain001::read(bytes, self.mode),
        }
    }

    /// Reads a message of answers.
    pub fn answers(&self, bytes: &[u8]) -> Result<Report, Violation> {
        let reply = match self.form {
            Form::Csv => csv::answers::read(bytes, self.mode),
            Form::Iso20022 => iso::pain002::read(bytes, self.mode),
        }?;
        let hash = FileHash::of(bytes);
        Ok(Report { hash, reply })
    }

    /// Reads a message of statements; their balances agree with their entries.
    pub fn statements(&self, bytes: &[u8]) -> Result<Vec<Statement>, Violation> {
        match self.form {
            Form::Csv => csv::statement::read(bytes, self.mode),
            Form::Iso20022 => iso::camt053::read(&open(bytes, Message::Camt053)?, self.mode),
        }
    }

    /// Reads a message of bookings, whichever kind it is.
    pub fn bookings(&self, bytes: &[u8]) -> Result<Told, Violation> {
        if self.form == Form::Csv {
            return self.statements(bytes).map(Told::Statements);
        }
        let (document, message) = open_one_of(bytes, &[Message::Camt053, Message::Camt054])?;
        match message {
            Message::Camt054 => iso::camt054::read(&document, self.mode).map(Told::Notices),
            _ => iso::camt053::read(&document, self.mode).map(Told::Statements),
        }
    }

    /// The bank's side: a reply made at an instant. CSV has no place for the message's id, the file it answers and an answer about
    /// the whole file; the last is refused.
    pub fn write_reply(&self, reply: &Reply, created: Instant) -> Result<Vec<u8>, Violation> {
        match self.form {
            Form::Csv => csv::answers::write(reply),
            Form::Iso20022 => checked(iso::pain002::write(reply, created)),
        }
    }

    /// The bank's side: a statement.
    pub fn write_statement(&self, statement: &Statement) -> Result<Vec<u8>, Violation> {
        match self.form {
            Form::Csv => Ok(csv::statement::write(statement)),
            Form::Iso20022 => checked(iso::camt053_write::write(statement)),
        }
    }

    fn own(&self, theirs: Mode) -> Result<(), Violation> {
        let ours = self.mode;
        let fault = Fault::OtherMode { ours, theirs };
        (ours == theirs).then_some(()).ok_or_else(|| fault.at(Place::File))
    }
}

fn checked(bytes: Vec<u8>) -> Result<Vec<u8>, Violation> {
    match iso::validate::validate(&bytes).into_iter().next() {
        Some(violation) => Err(violation),
        None => Ok(bytes),
    }
}
