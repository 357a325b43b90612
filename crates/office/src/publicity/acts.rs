//! What is done with public lists.

use serde_json::Value;

use super::lists::{end, freeze, publish};
use crate::acts;
use crate::stop::Answer;
use crate::tx::Tx;

acts! {
    /// What is done with public lists.
    pub enum Act {
        /// Freezes proposed cases into a list
        Freeze {
            /// The cases
            cases: Vec<String>,
            /// For how many working days it is public; never fewer than the office's
            days: Option<u16>,
        },
        /// Publishes a frozen list
        Publish {
            /// The list
            list: String,
            /// Its version
            version: i64,
            /// The hash of what is published, as it was frozen
            hash: String,
        },
        /// Ends the publicity of rows whose days are over and against which nothing is open
        End {
            /// The list
            list: String,
            /// Its version
            version: i64,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied or undecided where a guard says so.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Freeze { cases, days } => freeze(tx, cases, *days),
            Act::Publish { list, version, hash } => publish(tx, list, *version, hash),
            Act::End { list, version } => end(tx, list, *version),
        }
    }
}
