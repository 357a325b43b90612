//! The register: applicants, who they became, and what is known about them since when and from whom.

mod acts;
mod declare;
mod document;
mod forget;
mod held;
mod known;
mod relations;
mod tables;

pub use acts::{Act, is_first_day};
pub use declare::OWN_WORD;
pub use document::{flatten, unflatten};
pub use held::{Held, held, held_by};
pub use known::{facts_of, facts_with, name_of, successor_of};
pub use relations::{Kind as RelationKind, Relation, line_of, related};
pub use tables::{ImportError, Imported, Tables, import};

use meed_facts::date::Date;
use serde_json::Value;

use crate::machine::TitleState;
use crate::time::Instant;
use crate::{record, ruled};

record! {
    /// An applicant.
    pub struct Subject in "subject" by id {
        /// Its id: it survives renaming.
        id: String,
        /// The kind of applicant: an entity of the vocabulary.
        kind: String,
        /// What it is called, until it is forgotten.
        name: Option<String>,
        /// Keeps the name from being guessed from the log.
        salt: Option<String>,
    }
}

record! {
    /// A number under which a subject is known since a day.
    pub struct Identifier in "identifier" by id {
        /// Its id, which is not the number.
        id: String,
        /// Whose numbers they are: `uscc`, `citizen_id`.
        scheme: String,
        /// The number, until it is forgotten.
        value: Option<String>,
        /// Keeps the number from being guessed from the log.
        salt: Option<String>,
        /// The first day.
        since: Date,
        /// Whose.
        subject: String,
    }
}

record! {
    /// That one subject took another's place.
    pub struct Successor in "successor" by old, new, since {
        /// The one before
        old: String,
        /// the one after
        new: String,
        /// since this day.
        since: Date,
    }
}

record! {
    /// What a source says about a subject for some time, known since an instant.
    pub struct Fact in "fact" by id {
        /// Its id.
        id: String,
        /// About whom.
        subject: String,
        /// What: `/revenue/2022`, `/hires/h1/annual_pay`.
        path: String,
        /// The value as JSON; nothing where an earlier one is taken back, or where it was forgotten.
        value: Option<Value>,
        /// Keeps the value from being guessed from the log; nothing once it was forgotten.
        salt: Option<String>,
        /// The first day for which it holds
        valid_from: Date,
        /// and the day after the last.
        valid_to: Option<Date>,
        /// Since when the office knows
        known_from: Instant,
        /// and by which log entry: a later one takes an earlier one's place.
        seq: i64,
        /// Who says so.
        source: String,
        /// The paper.
        evidence: Option<String>,
    }
}

record! {
    /// A title that the office recognised or entered from its own records.
    pub struct Title in "title" by id {
        /// Its id.
        id: String,
        /// Who has it.
        subject: String,
        /// Which, in the words of the vocabulary.
        title: String,
        /// At which level.
        level: Option<String>,
        /// The first day
        granted: Option<Date>,
        /// and the day after the last.
        until: Option<Date>,
        /// The day of its next review, where the rules have it reviewed.
        review_on: Option<Date>,
        /// By when what a review found is put right.
        rectify_by: Option<Date>,
        /// The day from which it is taken back.
        revoked: Option<Date>,
        /// The case in which it was recognised.
        case_id: Option<String>,
        /// The number of its certificate.
        certificate: Option<String>,
        /// Its state.
        state: TitleState,
    }
}

ruled!(Title: TitleState);
