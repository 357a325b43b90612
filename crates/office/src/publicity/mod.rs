//! Publicity: frozen lists, the days for which they are public, and what is said against their rows.

mod acts;
mod covered;
mod lists;
mod objections;
mod period;
mod remedies;
pub(crate) mod timers;
mod versions;

pub use acts::Act;
pub use covered::covered;
pub(crate) use lists::{end_rows, freeze_round};
pub use period::clear_of;
pub(crate) use period::must_all_be_clear;
pub use remedies::Remedy;
pub(crate) use versions::{latest, next};

use meed_facts::date::Date;
use meed_facts::money::Money;

use crate::machine::{ListState, ObjectionState};
use crate::time::Instant;
use crate::{record, ruled};

record! {
    /// A version of a list, frozen by the hash of its rows.
    pub struct List in "list" by id, version {
        /// Its id.
        id: String,
        /// Its version, from 1; each names the one before by its number.
        version: i64,
        /// The round whose cases it lists.
        round: Option<String>,
        /// SHA-256 of its rows in canonical form.
        hash: String,
        /// For how many working days it is public.
        days: i64,
        /// The day on which it was published.
        published_on: Option<Date>,
        /// The instant at which its last row is clear.
        clear_at: Option<Instant>,
        /// Its state.
        state: ListState,
    }
}

record! {
    /// A case on a list.
    pub struct Row in "row" by list, version, case_id {
        /// The list
        list: String,
        /// and its version.
        version: i64,
        /// The case.
        case_id: String,
        /// The applicant.
        subject: String,
        /// The title, where one is recognised.
        title: Option<String>,
        /// The amount, where one is awarded.
        amount: Option<Money>,
        /// Since when the row is public as it is, where an earlier version had it already.
        public_since: Option<Date>,
    }
}

record! {
    /// What somebody says against a row.
    pub struct Objection in "objection" by id {
        /// Its id.
        id: String,
        /// The list
        list: String,
        /// and its version.
        version: i64,
        /// The case.
        case_id: String,
        /// What they say.
        ground: String,
        /// When.
        lodged_at: Instant,
        /// Who examined it.
        examiner: Option<String>,
        /// What follows.
        remedy: Option<Remedy>,
        /// The amount that follows; in a round the claim.
        amount: Option<Money>,
        /// What the applicant said to it, where it takes something away.
        heard: Option<String>,
        /// Why.
        reason: Option<String>,
        /// Its state.
        state: ObjectionState,
    }
}

record! {
    /// Who objects: apart from the objection, which others read.
    pub struct Objector in "objector" by objection {
        /// The objection.
        objection: String,
        /// Who gave the command: who may withdraw it.
        person: String,
        /// For whom, where that is somebody else, until it is forgotten.
        name: Option<String>,
        /// Keeps the objector from being guessed from the log.
        salt: Option<String>,
    }
}

ruled!(List: ListState, Objection: ObjectionState);
