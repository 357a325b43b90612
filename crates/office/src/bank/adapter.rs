//! One door to all forms of files. An adapter is of one mode and refuses the files and answers of another.

use super::answer::{Reply, Report};
use super::file::PaymentFile;
use super::id::FileHash;
use super::iso;
use super::mode::Mode;
use super::statement::Statement;
use super::violation::{Fault, Place, Violation};

/// A form of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// `pain.001.001.09` out, `pain.002.001.10` and `camt.053.001.08` in.
    Iso20022,
}

/// Writes for a bank, and reads what it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adapter {
    form: Form,
    mode: Mode,
}

impl Adapter {
    /// An adapter of one form and one mode.
    pub fn new(form: Form, mode: Mode) -> Self {
        Self { form, mode }
    }

    /// The file's bytes. The same file gives the same bytes, and they are checked before they leave.
    pub fn write(&self, file: &PaymentFile) -> Result<Vec<u8>, Violation> {
        self.own(file.mode())?;
        let bytes = match self.form {
            Form::Iso20022 => iso::pain001::write(file),
        };
        match iso::validate::validate(&bytes).into_iter().next() {
            Some(violation) => Err(violation),
            None => Ok(bytes),
        }
    }

    /// Reads a file as a bank does. Versions of accounts are not in it.
    pub fn read(&self, bytes: &[u8]) -> Result<PaymentFile, Violation> {
        match self.form {
            Form::Iso20022 => iso::pain001::read(bytes, self.mode),
        }
    }

    /// Reads a message of answers.
    pub fn answers(&self, bytes: &[u8]) -> Result<Report, Violation> {
        let reply = match self.form {
            Form::Iso20022 => iso::pain002::read(bytes, self.mode),
        }?;
        let hash = FileHash::of(bytes);
        Ok(Report { hash, reply })
    }

    /// Reads a message of statements; their balances agree with their entries.
    pub fn statements(&self, bytes: &[u8]) -> Result<Vec<Statement>, Violation> {
        match self.form {
            Form::Iso20022 => iso::camt053::read(bytes, self.mode),
        }
    }

    /// The bank's side: a reply made at an instant.
    pub fn write_reply(&self, reply: &Reply, created: i64) -> Vec<u8> {
        match self.form {
            Form::Iso20022 => iso::pain002::write(reply, created),
        }
    }

    /// The bank's side: a statement.
    pub fn write_statement(&self, statement: &Statement) -> Vec<u8> {
        match self.form {
            Form::Iso20022 => iso::camt053_write::write(statement),
        }
    }

    fn own(&self, theirs: Mode) -> Result<(), Violation> {
        let ours = self.mode;
        let fault = Fault::OtherMode { ours, theirs };
        (ours == theirs).then_some(()).ok_or_else(|| fault.at(Place::File))
    }
}
