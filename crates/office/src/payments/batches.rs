//! What is done with batches, and with money that came back.

use serde_json::Value;

use super::{building, dissolving, keys, recheck, returns, sending};
use crate::acts;
use crate::input::Day;
use crate::stop::Answer;
use crate::tx::Tx;

acts! {
    /// What is done with batches, and with money that came back.
    pub enum Act {
        /// Builds a batch of everything that a line can pay
        Build {
            /// The line
            line: String,
            /// The day on which the bank is to execute it
            execution: Day,
        },
        /// The first key: makes the file for the bank
        Seal {
            /// The batch
            batch: String,
        },
        /// Rechecks every row of a batch, so that it can be released
        Recheck {
            /// The batch
            batch: String,
        },
        /// The second key, by another person, on the same file
        Release {
            /// The batch
            batch: String,
            /// The hash of the file that the releaser has seen
            hash: String,
        },
        /// Takes a batch apart that has not left; its rows are payable again
        Dissolve {
            /// The batch
            batch: String,
            /// Why
            reason: String,
        },
        /// Records that a batch is about to leave; whoever has this accepted may carry the file to the bank, once
        Depart {
            /// The batch
            batch: String,
        },
        /// Records whether the bank confirmed the file's arrival; where nobody can tell, it did not
        Arrive {
            /// The batch
            batch: String,
            /// Whether it did
            confirmed: bool,
        },
        /// At start-up: what was about to leave may have left
        Recover {},
        /// Lets an instalment that came back be paid again
        PayAgain {
            /// The instalment
            instalment: String,
        },
        /// Gives up an instalment that came back: its money is free
        GiveUp {
            /// The instalment
            instalment: String,
            /// Why
            reason: String,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where the person may not, or something stands in the way.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Build { line, execution } => building::build(tx, line, execution.0),
            Act::Seal { batch } => keys::seal(tx, batch),
            Act::Recheck { batch } => recheck::recheck(tx, batch),
            Act::Release { batch, hash } => keys::release(tx, batch, hash),
            Act::Dissolve { batch, reason } => dissolving::dissolve(tx, batch, reason),
            Act::Depart { batch } => sending::depart(tx, batch),
            Act::Arrive { batch, confirmed } => sending::arrive(tx, batch, *confirmed),
            Act::Recover {} => sending::recover(tx),
            Act::PayAgain { instalment } => returns::pay_again(tx, instalment),
            Act::GiveUp { instalment, reason } => returns::give_up(tx, instalment, reason),
        }
    }
}
