//! What is done at the turn of a year.

use serde_json::Value;

use super::{carry, end, open};
use crate::acts;
use crate::stop::Answer;
use crate::tx::Tx;

acts! {
    /// What is done at the turn of a year.
    pub enum Act {
        /// Begins to close a line: nothing new is reserved on it
        CloseBooks {
            /// The line
            line: String,
        },
        /// Carries what is reserved or committed for an instalment or a round over to the next year's line
        Carry {
            /// The line
            line: String,
            /// The instalment or round
            holder: String,
        },
        /// Frees what is reserved for a case and reserves it on the next year's line; without money there the case waits, and its publicity stays good
        Renew {
            /// The line
            line: String,
            /// The instalment
            instalment: String,
        },
        /// Lets what nobody was promised lapse
        Lapse {
            /// The line
            line: String,
        },
        /// Closes a line on which nothing is left to pay
        Close {
            /// The line
            line: String,
        },
        /// Gives a pledge of the year, or an instalment that was short, its money
        Fund {
            /// The instalment
            instalment: String,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where the person does not keep this payer's budget, or another step comes first.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::CloseBooks { line } => end::close_books(tx, line),
            Act::Carry { line, holder } => carry::carry(tx, line, holder),
            Act::Renew { line, instalment } => carry::renew(tx, line, instalment),
            Act::Lapse { line } => end::lapse(tx, line),
            Act::Close { line } => end::close(tx, line),
            Act::Fund { instalment } => open::fund(tx, instalment),
        }
    }
}
