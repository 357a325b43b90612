//! What the bank says, and what is done where its book and ours disagree.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{answers, differences, statements, surplus};
use crate::acts;
use crate::input::Amount;
use crate::stop::Answer;
use crate::tx::Tx;

/// A file from the bank: its path on the command line, its text in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FromBank(pub String);

impl FromStr for FromBank {
    type Err = String;

    /// The `@` before a path, as other acts take files, may be there.
    fn from_str(path: &str) -> Result<Self, String> {
        let path = path.strip_prefix('@').unwrap_or(path);
        std::fs::read_to_string(path)
            .map(Self)
            .map_err(|error| format!("{path}: {error}"))
    }
}

crate::choice! {
    /// What follows from a difference once it is explained.
    pub enum Remedy {
        /// Nothing: the instalment goes on as our book has it.
        None = "none",
        /// The booking paid the instalment, or a part of it: that is not paid again.
        Paid = "paid",
        /// The booking brought back what was paid: that is paid again, or given up.
        Returned = "returned",
    }
}

acts! {
    /// What the bank says, and what is done where its book and ours disagree.
    pub enum Act {
        /// Takes in answers about instructions
        Answers {
            /// The file
            file: FromBank,
        },
        /// Takes in statements of the account, or notices of single bookings ahead of them
        Statements {
            /// The file
            file: FromBank,
        },
        /// Records that an instruction will never be executed: the days after its value date are over, no statement shows it, and the
        /// bank confirmed that it is cancelled
        NotExecuted {
            /// The instruction
            instruction: String,
            /// The bank's confirmation, word for word
            confirmation: String,
        },
        /// Explains a difference
        Explain {
            /// The difference
            difference: String,
            /// What was found out
            explanation: String,
            /// What follows
            remedy: Remedy,
        },
        /// Does not accept an explanation
        Reopen {
            /// The difference
            difference: String,
        },
        /// Closes a difference that another person explained
        Close {
            /// The difference
            difference: String,
        },
        /// Records what came back of a booking that was too much: it was never on a line, and does not go there
        Refund {
            /// The difference
            difference: String,
            /// How much
            amount: Amount,
            /// The paper that shows it, counted once
            evidence: String,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where the person may not, the file cannot be read, or it does not fit what was read before.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Answers { file } => answers::import(tx, &file.0),
            Act::Statements { file } => statements::import(tx, &file.0),
            Act::NotExecuted {
                instruction,
                confirmation,
            } => answers::not_executed(tx, instruction, confirmation),
            Act::Explain {
                difference,
                explanation,
                remedy,
            } => differences::explain(tx, difference, explanation, *remedy),
            Act::Reopen { difference } => differences::reopen(tx, difference),
            Act::Close { difference } => differences::close(tx, difference),
            Act::Refund {
                difference,
                amount,
                evidence,
            } => surplus::refund(tx, difference, amount.0, evidence),
        }
    }
}
