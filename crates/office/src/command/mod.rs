//! Commands: what a person asks for, under an id that makes it happen once; and what would come of one that is not given yet.

mod act;
mod consideration;
mod form;
mod seen;
mod writer;

pub use act::{Act, form, forms};
pub use consideration::Consideration;
pub(crate) use form::snake;
pub use form::{Field as FormField, FieldError, FieldErrors, Fields, Form, Input, Kind, delimiter};
pub use seen::Seen;
pub(crate) use writer::{End, Job, serve};

use meed_facts::json::canonical;
use serde_json::{Value, json};

use crate::log::sha256;
use crate::record;

/// A command: the same id with the same bytes is the same command, however often it arrives.
#[derive(Clone, Debug)]
pub struct Command {
    /// An id that its sender made for it alone.
    pub id: String,
    /// Who gives it.
    pub person: String,
    /// What is to be done.
    pub act: Act,
    /// Rows that must still be as the person saw them. They are no part of what is done, so the same command stays the same without them.
    pub seen: Vec<Seen>,
}

impl Command {
    /// A command.
    pub fn new(id: impl Into<String>, person: impl Into<String>, act: impl Into<Act>) -> Self {
        Self {
            id: id.into(),
            person: person.into(),
            act: act.into(),
            seen: Vec::new(),
        }
    }

    /// The command, if some rows still are as they were seen.
    #[must_use]
    pub fn having_seen(self, seen: Vec<Seen>) -> Self {
        Self { seen, ..self }
    }

    /// The act as canonical JSON.
    pub fn bytes(&self) -> String {
        canonical(&self.act.to_json())
    }

    /// What binds id, person and bytes; the salt keeps personal values from being guessed.
    pub fn digest(&self, salt: &str) -> String {
        sha256(canonical(&json!({"salt": salt, "person": self.person, "act": self.bytes()})).as_bytes())
    }
}

/// What became of a command. It is told only once it is durable.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was done.
    Accepted {
        /// Its log entry.
        seq: i64,
        /// What it made: ids, amounts.
        result: Value,
    },
    /// It was refused, for good.
    Denied {
        /// Its log entry.
        seq: i64,
        /// `{"code", "en", "zh", "detail"?}`
        reason: Value,
    },
    /// It could not be decided; it may be tried again under the same id.
    Undecided {
        /// Its log entry.
        seq: i64,
        /// As for a denial.
        reason: Value,
    },
}

impl Outcome {
    /// What was made, if it was done.
    pub fn accepted(&self) -> Option<&Value> {
        match self {
            Outcome::Accepted { result, .. } => Some(result),
            _ => None,
        }
    }

    /// The outcome as JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Outcome::Accepted { seq, result } => json!({"outcome": "accepted", "seq": seq, "result": result}),
            Outcome::Denied { seq, reason } => json!({"outcome": "denied", "seq": seq, "reason": reason}),
            Outcome::Undecided { seq, reason } => json!({"outcome": "cannot_decide", "seq": seq, "reason": reason}),
        }
    }

    fn of_json(json: &Value) -> Option<Self> {
        let seq = json.get("seq")?.as_i64()?;
        match json.get("outcome")?.as_str()? {
            "accepted" => Some(Outcome::Accepted {
                seq,
                result: json.get("result")?.clone(),
            }),
            "denied" => Some(Outcome::Denied {
                seq,
                reason: json.get("reason")?.clone(),
            }),
            _ => None,
        }
    }
}

/// Why there is no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The id was used for other bytes or by another person.
    #[error("the command id was used for something else")]
    Reused,
    /// A row is no longer what the person saw. Nothing was done or recorded: show it again; the id is still free.
    #[error("{table} {} has changed since it was seen", key.join("/"))]
    Stale {
        /// The row's table.
        table: String,
        /// Its key.
        key: Vec<String>,
    },
    /// The database failed, perhaps after it had kept the command: ask again with the same id.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The office has been closed.
    #[error("the office is closed")]
    Closed,
}

record! {
    /// A command that was decided.
    pub struct Decided in "command" by id {
        /// Its id.
        id: String,
        /// [`Command::digest`].
        digest: String,
        /// The salt of the digest; forgotten with the act.
        salt: Option<String>,
        /// The act, until it is forgotten.
        act: Option<String>,
        /// Its log entry.
        seq: i64,
        /// The outcome.
        result: Value,
    }
}

record! {
    /// Something that others are told: read at least once, in order.
    pub struct Event in "outbox" by seq, i {
        /// The log entry of its command.
        seq: i64,
        /// Its number within the command, from 1.
        i: i64,
        /// What kind.
        kind: String,
        /// What it is about.
        target: String,
        /// More.
        body: Value,
    }
}
