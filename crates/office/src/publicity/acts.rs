//! What is done with public lists.

use serde_json::Value;

use super::lists::{end, freeze, publish};
use super::objections::{examine, lodge, reject, turn_away, withdraw};
use super::remedies::{Finding, Remedy, uphold};
use super::versions::renew;
use crate::acts;
use crate::input::Amount;
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
        /// Freezes the next version, in which added cases alone are public anew
        Renew {
            /// The list
            list: String,
            /// Proposed cases to be added; none where it only leaves out those that are gone
            cases: Vec<String>,
        },
        /// Objects to a public row
        Object {
            /// The case
            case: String,
            /// What is wrong
            ground: String,
            /// For whom, where that is somebody else: it is kept apart
            name: Option<String>,
        },
        /// Withdraws one's own objection
        Withdraw {
            /// The objection
            objection: String,
        },
        /// Turns away what is no objection
        TurnAway {
            /// The objection
            objection: String,
            /// Why
            why: String,
        },
        /// Takes an objection up, or over, as somebody who has done nothing else on the case
        Examine {
            /// The objection
            objection: String,
        },
        /// Upholds an objection
        Uphold {
            /// The objection
            objection: String,
            /// What follows
            remedy: Remedy,
            /// The amount that is right, to lower or raise; in a round the claim
            amount: Option<Amount>,
            /// Whom the row should name, to correct that
            subject: Option<String>,
            /// What the applicant said to it, to strike or lower
            heard: Option<String>,
            /// Why
            why: String,
        },
        /// Rejects an objection: the row stays
        Reject {
            /// The objection
            objection: String,
            /// Why
            why: String,
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
            Act::Renew { list, cases } => renew(tx, list, cases),
            Act::Object { case, ground, name } => lodge(tx, case, ground, name.as_deref()),
            Act::Withdraw { objection } => withdraw(tx, objection),
            Act::TurnAway { objection, why } => turn_away(tx, objection, why),
            Act::Examine { objection } => examine(tx, objection),
            Act::Uphold {
                objection,
                remedy,
                amount,
                subject,
                heard,
                why,
            } => uphold(
                tx,
                objection,
                &Finding {
                    remedy: *remedy,
                    amount: amount.map(|amount| amount.0),
                    subject: subject.as_deref(),
                    heard: heard.as_deref(),
                    why,
                },
            ),
            Act::Reject { objection, why } => reject(tx, objection, why),
        }
    }
}
