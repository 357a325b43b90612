//! What is done with awards and their instalments.

use serde_json::{Value, json};

use super::external::{Reply, Said, confirm};
use super::{Award, Instalment, Rechecked, end, fall_due, recheck, settle};
use crate::acts;
use crate::input::{Amount, Day};
use crate::people::{Role, must_any};
use crate::stop::Answer;
use crate::tx::Tx;

acts! {
    /// What is done with awards and their instalments.
    pub enum Act {
        /// Asks the rules again about an instalment that is due
        Recheck {
            /// The instalment
            instalment: String,
        },
        /// Records what a payer with an office of its own says to its part: its words are evidence, and no account here moves
        Confirm {
            /// The award
            award: String,
            /// The payer
            payer: String,
            /// What it says
            reply: Reply,
            /// How much it has paid
            amount: Option<Amount>,
            /// When it paid
            paid_on: Option<Day>,
            /// Its words, word for word
            evidence: String,
        },
        /// Renounces what is not paid yet, as the agent of who has it
        Renounce {
            /// The award
            award: String,
        },
        /// Annuls an award by a decision; what was paid is asked back
        Annul {
            /// The award
            award: String,
            /// Why: the clause and what was found
            reason: String,
            /// What was said at the hearing
            heard: String,
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
            Act::Recheck { instalment } => recheck_one(tx, instalment),
            Act::Confirm {
                award,
                payer,
                reply,
                amount,
                paid_on,
                evidence,
            } => {
                let said = Said {
                    reply: *reply,
                    amount: amount.map(|amount| amount.0),
                    paid_on: paid_on.map(|day| day.0),
                    evidence,
                };
                confirm(tx, award, payer, &said)
            }
            Act::Renounce { award } => end::renounce(tx, award),
            Act::Annul { award, reason, heard } => end::annul_by(tx, award, reason, heard),
        }
    }
}

fn recheck_one(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut instalment: Instalment = tx.get(id)?;
    let award: Award = tx.get(&instalment.award)?;
    if must_any(tx, &[Role::Machine], "").is_err() {
        must_any(tx, &[Role::Officer, Role::Approver], &award.family)?;
    }
    fall_due(tx, &award.id)?;
    instalment = tx.get(&instalment.id)?;
    let outcome = match recheck(tx, &mut instalment)? {
        Rechecked::Passes => "passes",
        Rechecked::Skipped => "skipped",
        Rechecked::Ended => "ended",
        Rechecked::Undetermined => "undetermined",
    };
    settle(tx, &award.id)?;
    Ok(json!({"instalment": id, "recheck": outcome, "waits_for": instalment.waits_for}))
}
