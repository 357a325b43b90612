//! Reviews: reviewers are drawn by a seed that was committed to before anybody knew it, and score blind until all have spoken.

mod acts;
mod draw;
mod points;
mod scoring;
mod seen;

pub use acts::Act;
pub use draw::{Lot, Plan};
pub use points::Points;
pub(crate) use scoring::{must_be_final, void};
pub use seen::{Summary, list, summary};

use crate::machine::ReviewState;
use crate::{record, ruled};

record! {
    /// A draw of reviewers for some cases from a pool.
    pub struct Draw in "draw" by id {
        /// Its id.
        id: String,
        /// The cases, the pool and how many reviewers each case has: a document.
        plan: String,
        /// SHA-256 of the seed: it is logged before the seed is shown.
        commitment: String,
        /// That log entry; its hash, which nobody could know before, is drawn by too.
        entry: i64,
        /// The seed, once it is shown.
        seed: Option<String>,
    }
}

record! {
    /// One reviewer's judgement of a case.
    pub struct Review in "review" by id {
        /// Its id.
        id: String,
        /// The draw.
        draw: String,
        /// The case.
        case_id: String,
        /// Who.
        reviewer: String,
        /// The score.
        score: Option<Points>,
        /// Why.
        note: Option<String>,
        /// Keeps the score from being guessed from the log.
        salt: String,
        /// Its state.
        state: ReviewState,
    }
}

ruled!(Review: ReviewState);
