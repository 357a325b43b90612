//! What is done with rounds.

use serde_json::Value;

use super::plan::{Terms, apply, begin, close, join, plan};
use super::{Contested, cancel, claims, ration, settle};
use crate::acts;
use crate::input::{Amount, Day};
use crate::stop::Answer;
use crate::tx::Tx;

acts! {
    /// What is done with rounds.
    pub enum Act {
        /// Plans a round of applications for a measure that a fund pays
        Plan {
            /// The measure
            measure: String,
            /// Who pays; the city's own treasury where it is left out
            payer: Option<String>,
            /// What becomes of the others while a row is contested
            contested: Contested,
            /// How many final reviews each case needs
            reviews: u16,
            /// The day for which the rules are asked, whose year is the budget year; today where it is left out
            on: Option<Day>,
            /// The last day of applications
            closes: Day,
        },
        /// Opens it for applications
        Open {
            /// The round
            round: String,
        },
        /// Opens an application in a round
        Apply {
            /// The round
            round: String,
            /// The applicant
            subject: String,
            /// The child, where it is for one
            object: Option<String>,
        },
        /// Takes an application that is under way into a round
        Join {
            /// The round
            round: String,
            /// The case
            case: String,
        },
        /// States what a case claims, where the rules leave the amount to be assessed
        Assess {
            /// The case
            case: String,
            /// The claim
            amount: Amount,
        },
        /// Closes it after its last day
        Close {
            /// The round
            round: String,
        },
        /// Freezes the claims and shares out the fund
        Ration {
            /// The round
            round: String,
            /// Where the fund's rule leaves the choice to people: whom they chose, the first first
            chosen: Option<Vec<String>>,
        },
        /// Settles the shares after their publicity
        Settle {
            /// The round
            round: String,
        },
        /// Finishes it
        Finish {
            /// The round
            round: String,
        },
        /// Gives it up before its shares are settled
        Cancel {
            /// The round
            round: String,
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
            Act::Plan {
                measure,
                payer,
                contested,
                reviews,
                on,
                closes,
            } => plan(
                tx,
                &Terms {
                    measure,
                    payer: payer.as_deref(),
                    contested: *contested,
                    reviews: *reviews,
                    on: on.map(|day| day.0),
                    closes: closes.0,
                },
            ),
            Act::Open { round } => begin(tx, round),
            Act::Apply { round, subject, object } => apply(tx, round, subject, object.as_deref()),
            Act::Join { round, case } => join(tx, round, case),
            Act::Assess { case, amount } => claims::assess(tx, case, amount.0),
            Act::Close { round } => close(tx, round),
            Act::Ration { round, chosen } => ration::ration(tx, round, chosen.as_deref().unwrap_or_default()),
            Act::Settle { round } => settle::settle(tx, round),
            Act::Finish { round } => settle::finish(tx, round),
            Act::Cancel { round, why } => cancel::cancel(tx, round, why),
        }
    }
}
