//! What is done with reviews.

use serde_json::Value;

use super::draw::{Plan, commit, draw};
use super::{Points, scoring};
use crate::acts;
use crate::stop::Answer;
use crate::tx::Tx;

acts! {
    /// What is done with reviews.
    pub enum Act {
        /// Commits to a secret seed, before reviewers are drawn by it
        Commit {
            /// The cases in review
            cases: Vec<String>,
            /// From whom reviewers are drawn
            pool: Vec<String>,
            /// How many each case has
            each: u16,
            /// SHA-256 of the seed, in hexadecimal
            commitment: String,
        },
        /// Shows the seed and draws the reviewers
        Draw {
            /// The draw
            draw: String,
            /// The seed
            seed: String,
        },
        /// Accepts a review of one's own
        Accept {
            /// The review
            review: String,
        },
        /// Declares a conflict of interest: another reviewer is drawn
        Conflict {
            /// The review
            review: String,
        },
        /// Excuses a reviewer who cannot: another is drawn
        Excuse {
            /// The review
            review: String,
            /// Why
            why: String,
        },
        /// Scores a case; nobody else sees it until all reviews are final
        Score {
            /// The review
            review: String,
            /// From 0 to 100
            score: Points,
            /// Why
            note: String,
        },
        /// Submits a score
        Submit {
            /// The review
            review: String,
        },
        /// Gives a submitted score back to its reviewer
        Reopen {
            /// The review
            review: String,
        },
        /// Makes all reviews of a case final at once
        Finish {
            /// The case
            case: String,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where a guard says so.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Commit {
                cases,
                pool,
                each,
                commitment,
            } => {
                let plan = Plan {
                    cases: cases.clone(),
                    pool: pool.clone(),
                    each: *each,
                };
                commit(tx, &plan, commitment)
            }
            Act::Draw { draw: id, seed } => draw(tx, id, seed),
            Act::Accept { review } => scoring::accept(tx, review),
            Act::Conflict { review } => scoring::conflict(tx, review),
            Act::Excuse { review, why } => scoring::excuse(tx, review, why),
            Act::Score { review, score, note } => scoring::score(tx, review, *score, note),
            Act::Submit { review } => scoring::submit(tx, review),
            Act::Reopen { review } => scoring::reopen(tx, review),
            Act::Finish { case } => scoring::finish(tx, case),
        }
    }
}
