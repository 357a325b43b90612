//! What is done with titles.

use serde_json::Value;

use super::{Outcome, confirm, find};
use crate::acts;
use crate::input::Day;
use crate::stop::Answer;
use crate::tx::Tx;

acts! {
    /// What is done with titles.
    pub enum Act {
        /// Calls a title for review before its day
        Call {
            /// The title
            title: String,
            /// Why
            reason: String,
        },
        /// Says what a review comes to, as an officer; an approver confirms it
        Find {
            /// The title
            title: String,
            /// What it comes to
            outcome: Outcome,
            /// Why: the clause and what was found
            reason: String,
            /// What the holder said to it, where it is taken back
            heard: Option<String>,
            /// The last day for putting it right, where something is to be
            rectify_by: Option<Day>,
        },
        /// Confirms what an officer found, as an approver who had no part in it
        Confirm {
            /// What was found
            assessment: String,
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
            Act::Call { title, reason } => find::call(tx, title, reason),
            Act::Find {
                title,
                outcome,
                reason,
                heard,
                rectify_by,
            } => find::find(
                tx,
                title,
                &find::Found {
                    outcome: *outcome,
                    reason,
                    heard: heard.as_deref(),
                    rectify_by: rectify_by.map(|day| day.0),
                },
            ),
            Act::Confirm { assessment } => confirm::confirm(tx, assessment),
        }
    }
}
