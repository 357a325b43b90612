//! Matching: what the rules give whom, found without anybody asking (免申即享).
//!
//! A match determines an applicant against every published package. What is eligible, exact and rests on no presumption is offered; what has to be
//! applied for, and what is almost there, is noted. Only what changed is matched again: [`run`] reads the outbox from where it stopped.

mod acts;
mod found;
mod run;

pub use acts::Act;
pub use found::{Found, Kind, found};
pub use run::{Cursor, Matched, run};

use serde_json::Value;

use crate::record;

record! {
    /// What a match found that is no offer.
    pub struct Note in "note" by subject, measure, object {
        /// For whom.
        subject: String,
        /// Which measure
        measure: String,
        /// for which child; empty where it is for the applicant.
        object: String,
        /// `ready`, `almost`, or `none` where it is past.
        kind: String,
        /// The amount; what is missing; how far it is.
        body: Value,
    }
}
