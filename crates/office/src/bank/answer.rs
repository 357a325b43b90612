//! What a bank answers about instructions: one type for all forms of files.

use meed_facts::date::Date;

use super::id::{EvidenceId, FileHash, InstructionId, MessageId};
use super::violation::Fault;

/// A reason of a bank: a code of an ISO 20022 external code set such as `AC04` (closed account), at most four letters and digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(String);

impl Code {
    /// `MS03`, the reason "not specified by the agent": for a rejection or return that comes without one.
    pub fn unspecified() -> Self {
        Self("MS03".to_owned())
    }

    /// Reads a code.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let sound = (1..=4).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        sound
            .then(|| Self(text.to_owned()))
            .ok_or_else(|| Fault::form(text, "a reason code such as AC04"))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it says that an id, a payment or a file was sent before: AM05, DU01 to DU05.
    pub fn is_duplicate(&self) -> bool {
        matches!(self.as_str(), "AM05" | "DU01" | "DU02" | "DU03" | "DU04" | "DU05")
    }

    /// Whether it says that the bank knows no such instruction: NOOR.
    pub fn is_unknown(&self) -> bool {
        self.as_str() == "NOOR"
    }
}

/// What the bank says about an instruction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Checked and taken on (ACTC, ACCP, ACSP, ACSC and their like). That is not paid: only a booked entry of a statement is.
    Accepted,
    /// Not decided yet (RCVD, PDNG).
    Pending,
    /// Refused, with the reason (RJCT).
    Rejected(Code),
    /// Final: it was taken on and will never be executed (CANC).
    NotExecuted(Code),
    /// The bank has this id already. It says nothing about the first sending and is no rejection of it.
    Duplicate(Code),
    /// The bank does not know the id. A file on its way may still arrive, so this alone is not final.
    Unknown,
}

impl Status {
    /// The status that a code of ISO 20022 means, with its reason; `None` for a code that says nothing about single payments
    /// (PART).
    pub fn of(code: &str, reason: Option<Code>) -> Result<Option<Self>, Fault> {
        let reason = || reason.clone().unwrap_or_else(Code::unspecified);
        Ok(Some(match code {
            "ACTC" | "ACCP" | "ACSP" | "ACSC" | "ACCC" | "ACWC" | "ACWP" | "ACFC" => Self::Accepted,
            "RCVD" | "PDNG" | "PATC" => Self::Pending,
            "RJCT" if reason().is_duplicate() => Self::Duplicate(reason()),
            "RJCT" if reason().is_unknown() => Self::Unknown,
            "RJCT" => Self::Rejected(reason()),
            "CANC" => Self::NotExecuted(reason()),
            "PART" => return Ok(None),
            _ => return Err(Fault::form(code, "a status such as ACSP, RJCT or PDNG")),
        }))
    }

    /// The code of ISO 20022 that says it, and the reason.
    pub fn code(&self) -> (&'static str, Option<Code>) {
        match self {
            Self::Accepted => ("ACSP", None),
            Self::Pending => ("PDNG", None),
            Self::Rejected(code) | Self::Duplicate(code) => ("RJCT", Some(code.clone())),
            Self::NotExecuted(code) => ("CANC", Some(code.clone())),
            Self::Unknown => ("RJCT", Some(Code("NOOR".to_owned()))),
        }
    }
}

/// A bank's answer about one instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The instruction.
    pub id: InstructionId,
    /// What the bank says.
    pub status: Status,
    /// The day on which the bank says it acted.
    pub date: Option<Date>,
    /// The bank's own reference of the payment.
    pub bank_ref: Option<String>,
    /// Where it stands.
    pub evidence: EvidenceId,
}

/// One message of answers, with where each of them stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The hash of its bytes.
    pub hash: FileHash,
    /// What it says.
    pub reply: Reply,
}

/// What one message of answers says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The bank's id of the message; empty where the form has none.
    pub message: String,
    /// The file it answers, where the form names one.
    pub original: Option<MessageId>,
    /// What it says about all instructions of that file that it does not list.
    pub group: Option<Status>,
    /// What it says about single instructions, in its order.
    pub lines: Vec<Line>,
}

/// What a message says about one instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The instruction.
    pub id: InstructionId,
    /// What the bank says.
    pub status: Status,
    /// The day on which the bank says it acted.
    pub date: Option<Date>,
    /// The bank's own reference of the payment.
    pub bank_ref: Option<String>,
}

impl Report {
    /// All that it says about single instructions, in its order.
    pub fn answers(&self) -> impl Iterator<Item = Answer> {
        let lines = (1..).zip(&self.reply.lines);
        lines.map(|(position, line)| self.answer(position, line.clone()))
    }

    /// What it says about one instruction of the file it answers: the last that is listed, or else what is said about all.
    pub fn about(&self, id: &InstructionId) -> Option<Answer> {
        let listed = self.answers().filter(|answer| answer.id == *id).last();
        listed.or_else(|| {
            let line = Line {
                id: id.clone(),
                status: self.reply.group.clone()?,
                date: None,
                bank_ref: None,
            };
            Some(self.answer(0, line))
        })
    }

    fn answer(&self, position: usize, line: Line) -> Answer {
        Answer {
            id: line.id,
            status: line.status,
            date: line.date,
            bank_ref: line.bank_ref,
            evidence: EvidenceId::new(&self.hash, position),
        }
    }
}
