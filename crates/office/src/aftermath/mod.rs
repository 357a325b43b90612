//! What comes after: holds, recoveries and offsets, late facts, appeals.

pub mod appeals;
mod claims;
mod cover;
pub mod holds;
mod keys;
mod late;
mod offsets;
pub mod recoveries;
pub mod revisions;
mod upheld;

pub(crate) use cover::{follow, must_be_covered};
pub use holds::{in_force, must_be_free, must_not_be_held};
pub(crate) use keys::both_keys;
pub use late::late_facts;
pub use offsets::offset_of;
pub use recoveries::found_by_decision;

use meed_facts::date::Date;
use meed_facts::money::Money;

use crate::machine::{AppealState, RecoveryState};
use crate::time::Instant;
use crate::{record, ruled};

record! {
    /// Money that was paid and is asked back.
    pub struct Recovery in "recovery" by id {
        /// Its id.
        id: String,
        /// The award.
        award: String,
        /// Who owes it.
        debtor: String,
        /// The decision from which it follows.
        decision: Option<String>,
        /// The obligation that was broken.
        obligation: Option<String>,
        /// How much.
        amount: Money,
        /// Interest, outside the lines.
        interest: Money,
        /// How much of the interest has come.
        interest_came: Money,
        /// Why: the clause.
        reason: String,
        /// The day of the hearing, once its debtor was told.
        hearing_on: Option<Date>,
        /// What was said at the hearing.
        hearing: Option<String>,
        /// The debtor's consent to an offset, where no clause allows it.
        consent: Option<String>,
        /// Its state.
        state: RecoveryState,
    }
}

record! {
    /// How much of a recovery an instalment gives back.
    pub struct Claim in "claim" by recovery, instalment {
        /// The recovery.
        recovery: String,
        /// The instalment that was paid.
        instalment: String,
        /// How much.
        amount: Money,
        /// How much of it has come.
        collected: Money,
    }
}

record! {
    /// That an instalment was paid, in part, by what its payee owed.
    pub struct Offset in "offset_by" by recovery, instalment {
        /// The recovery.
        recovery: String,
        /// The instalment.
        instalment: String,
        /// How much.
        amount: Money,
    }
}

record! {
    /// What somebody says against a decision.
    pub struct Appeal in "appeal" by id {
        /// Its id.
        id: String,
        /// The decision.
        decision: String,
        /// Who.
        appellant: String,
        /// What they say.
        ground: String,
        /// When.
        lodged_at: Instant,
        /// Who examines it.
        examiner: Option<String>,
        /// What was found.
        reason: Option<String>,
        /// Its state.
        state: AppealState,
    }
}

record! {
    /// Something that stands still until its owner or a decision lets it go on.
    pub struct Hold in "hold" by id {
        /// Its id.
        id: String,
        /// What kind of thing: `subject`, `title`, `award`, `instalment` or `recovery`.
        kind: String,
        /// Which.
        target: String,
        /// Why.
        reason: String,
        /// Whose hold it is.
        owner: String,
        /// Since when.
        since: Instant,
        /// Until when, where that is known.
        until: Option<Date>,
        /// When it was lifted
        lifted_at: Option<Instant>,
        /// and by whom.
        lifted_by: Option<String>,
    }
}

ruled!(Recovery: RecoveryState, Appeal: AppealState);
