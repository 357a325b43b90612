//! Who carries files to a bank: a folder that somebody else empties, or a simulated bank.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::bank::simulator::{Bank, Sent};
use crate::bank::{Form, InstructionId};
use crate::log::sha256;

/// Whoever carries files to a bank.
pub trait Transport {
    /// Carries a file there. Everything but a certain arrival is [`Delivery::Uncertain`], a refused connection too: what a network says
    /// about a failure is no evidence of the bank.
    fn deliver(&mut self, message: &str, bytes: &[u8]) -> Delivery;

    /// Asks what became of instructions, and gives the files that are answered at once; others come later, like all answers.
    fn ask(&mut self, instructions: &[InstructionId]) -> Vec<Vec<u8>>;
}

/// What is known after a file was carried to the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It is there.
    Arrived,
    /// It may be there.
    Uncertain,
}

/// A folder from which the bank's own program takes files.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    form: Form,
}

impl Folder {
    /// A folder for files of a form.
    pub fn new(path: impl Into<PathBuf>, form: Form) -> Self {
        Self {
            path: path.into(),
            form,
        }
    }

    /// A file appears whole or not at all, and never in place of another.
    fn drop_in(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let part = self.path.join(format!(".{name}.part"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        let linked = fs::hard_link(&part, self.path.join(name));
        fs::remove_file(&part)?;
        linked?;
        sync(&self.path)
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

impl Transport for Folder {
    fn deliver(&mut self, message: &str, bytes: &[u8]) -> Delivery {
        let extension = match self.form {
            Form::Csv => "csv",
            Form::Iso20022 => "xml",
        };
        match self.drop_in(&format!("{message}.{extension}"), bytes) {
            Ok(()) => Delivery::Arrived,
            Err(_) => Delivery::Uncertain,
        }
    }

    /// Leaves a list of ids for whoever asks the bank. The same list twice is one file.
    fn ask(&mut self, instructions: &[InstructionId]) -> Vec<Vec<u8>> {
        let list: String = instructions.iter().map(|id| format!("{id}\n")).collect();
        let name = format!("ask-{}.txt", sha256(list.as_bytes()));
        // Nothing depends on it: as long as there is no answer, the instructions stay unknown and are asked about again.
        let _ = self.drop_in(&name, list.as_bytes());
        Vec::new()
    }
}

impl Transport for Bank {
    fn deliver(&mut self, _message: &str, bytes: &[u8]) -> Delivery {
        match self.submit(bytes) {
            Sent::Acknowledged => Delivery::Arrived,
            Sent::TimedOut | Sent::Refused(_) => Delivery::Uncertain,
        }
    }

    fn ask(&mut self, instructions: &[InstructionId]) -> Vec<Vec<u8>> {
        self.inquire(instructions).into_iter().collect()
    }
}
