//! Titles over their life: granted, reviewed, renewed or to be put right, revoked, lapsed.
//!
//! A review has two steps by two people: an officer finds ([`find`](Act::Find)), an approver confirms, and what is confirmed is a decision of
//! the case in which the title was granted, so that it is made again, appealed and proven like any other.

mod acts;
mod confirm;
mod find;
mod terms;
pub(crate) mod timers;

pub use acts::Act;
pub(crate) use confirm::reinstate;
pub(crate) use terms::grant;

use meed_facts::date::Date;

use crate::cases::{Case, Judgement, judge_on, policy_of};
use crate::record;
use crate::register::Title;
use crate::stop::{Answer, Stop};
use crate::time::Instant;
use crate::tx::Tx;

crate::choice! {
    /// What a review of a title comes to.
    pub enum Outcome {
        /// It goes on.
        Renew = "renew",
        /// Something is put right first.
        Rectify = "rectify",
        /// It is taken back.
        Revoke = "revoke",
    }
}

record! {
    /// What an officer found in the review of a title.
    pub struct Assessment in "assessment" by id {
        /// Its id.
        id: String,
        /// The title.
        title: String,
        /// Its number among the title's, from 1.
        n: i64,
        /// What it comes to.
        outcome: Outcome,
        /// Why.
        reason: String,
        /// What the holder said to it.
        heard: Option<String>,
        /// By when what was found is put right.
        rectify_by: Option<Date>,
        /// What the rules said of the criteria that day: `eligible`, `not eligible` or `undetermined`.
        verdict: String,
        /// When.
        at: Instant,
        /// The decision of who confirmed it.
        decision: Option<String>,
    }
}

/// The case in which a title was granted, as one of today: what decides about it now are the rules of today.
fn case_of(tx: &mut Tx<'_>, title: &Title) -> Answer<Case> {
    let id = &title.id;
    let case = title.case_id.clone().ok_or_else(|| Stop::absent("case", id))?;
    let case: Case = tx.get(&case)?;
    let policy = policy_of(tx, &case)?;
    Ok(Case { policy, ..case })
}

/// What the rules of today say of a title's criteria: those for a renewal, where there are some.
fn judged(tx: &mut Tx<'_>, case: &Case) -> Answer<Judgement> {
    let today = tx.today;
    judge_on(tx, case, today)
}
