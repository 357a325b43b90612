//! Ids of instructions and messages: short, of characters that every bank carries unchanged, and with the mode in front.

use std::fmt;

use sha2::{Digest, Sha256};

use super::mode::Mode;
use super::violation::{Fault, Place, Violation};

/// The longest identification of ISO 20022 (Max35Text).
pub const LONGEST_ID: usize = 35;

/// The id of one instruction to pay, unique for ever: mode, office, instalment and attempt, hashed. It is the `EndToEndId`
/// of ISO 20022, which every bank returns unchanged.
///
/// Its form, a letter, a hyphen and 32 hexadecimal digits, is so particular that another payer's reference on a statement is
/// not mistaken for one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstructionId(String);

impl InstructionId {
    /// The id of an instalment's attempt. The same four always give the same id.
    pub fn new(mode: Mode, office: &str, instalment: &str, attempt: u32) -> Self {
        let mut hash = Sha256::new();
        for part in [office, instalment] {
            // With its length in front, no two pairs of texts run together to the same bytes.
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        hash.update(attempt.to_be_bytes());
        let mut text = format!("{}-", mode.letter());
        text.extend(hex::encode(hash.finalize()).chars().take(32));
        Self(text)
    }

    /// Reads an id; `None` for what no office of Meed has made.
    pub fn parse(text: &str) -> Option<Self> {
        Mode::of(text)?;
        let digits = text.get(2..)?;
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (digits.len() == 32 && digits.bytes().all(hexadecimal)).then(|| Self(text.to_owned()))
    }

    /// Reads an id where there must be one.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let wanted = "an instruction's id: L-, T- or D- and 32 hexadecimal digits";
        Self::parse(text).ok_or_else(|| Fault::form(text, wanted))
    }

    /// The mode it was made in.
    pub fn mode(&self) -> Mode {
        mode_in(&self.0)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The id of one file to a bank: the mode's letter, a hyphen, and the office's name for the batch.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(String);

impl MessageId {
    /// The id of a batch's file.
    pub fn new(mode: Mode, batch: &str) -> Result<Self, Violation> {
        Self::parse(&format!("{}-{batch}", mode.letter()))
    }

    /// Reads an id: at most 35 Latin letters, digits, hyphens and full stops, behind the mode's letter.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        Self::read(text).map_err(|fault| fault.at(Place::Part("id")))
    }

    /// The same, for a text that has a place in a file.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let carried = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        let sound = text.len() > 2 && text.len() <= LONGEST_ID && text.bytes().all(carried);
        if sound && Mode::of(text).is_some() {
            return Ok(Self(text.to_owned()));
        }
        Err(Fault::form(text, "L-, T- or D- and at most 33 letters, digits, - or ."))
    }

    /// The mode it was made in.
    pub fn mode(&self) -> Mode {
        mode_in(&self.0)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Both kinds of id are made only with a mode in front; the strictest mode would stand for none.
fn mode_in(id: &str) -> Mode {
    Mode::of(id).unwrap_or(Mode::Live)
}

impl fmt::Display for InstructionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The SHA-256 of a file's bytes in hexadecimal: what two keys release, and what evidence names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileHash(String);

impl FileHash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(bytes)))
    }

    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an answer stands: the hash of the message's bytes and the position in it, from 1. A message that comes twice gives
/// the same evidence twice.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EvidenceId(String);

impl EvidenceId {
    /// The `position`th part of the message with this hash; 0 is the message as a whole.
    pub fn new(message: &FileHash, position: usize) -> Self {
        Self(format!("{message}/{position}"))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_an_instruction_is_in_its_id() {
        let id = InstructionId::new(Mode::Live, "harbin", "I1", 1);
        assert_eq!(id.as_str().len(), 34);
        assert_eq!(InstructionId::parse(id.as_str()).as_ref(), Some(&id));
        let others = [
            InstructionId::new(Mode::Test, "harbin", "I1", 1),
            InstructionId::new(Mode::Live, "harbinI", "1", 1),
            InstructionId::new(Mode::Live, "harbin", "I2", 1),
            InstructionId::new(Mode::Live, "harbin", "I1", 2),
        ];
        assert!(others.iter().all(|other| *other != id));
        assert_eq!(others[0].mode(), Mode::Test);
    }

    #[test]
    fn references_of_others_are_no_instructions() {
        for text in [
            "NOTPROVIDED",
            "T-SHIRTS",
            "X-0123456789abcdef0123456789abcdef",
            "L-0123456789ABCDEF0123456789ABCDEF",
            "L-é",
            "",
        ] {
            assert_eq!(InstructionId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_message_id_names_its_mode_and_fits() {
        assert_eq!(MessageId::new(Mode::Demo, "B1").unwrap().mode(), Mode::Demo);
        for batch in ["", "a b", "公司", &"9".repeat(34), "a/b"] {
            assert!(MessageId::new(Mode::Live, batch).is_err(), "{batch}");
        }
        assert!(MessageId::parse("B-1").is_err());
    }

    #[test]
    fn a_hash_is_that_of_sha_256() {
        assert_eq!(
            FileHash::of(b"abc").as_str(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
