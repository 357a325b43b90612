//! Why a command did not do what it was asked.

use meed_syntax::diagnostic::Message;
use serde_json::{Value, json};

use crate::store::StoreError;

/// Why a command stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A guard says no: final for this command.
    Denied(Reason),
    /// A guard cannot say: nothing happens, and the same command may be tried again.
    Undecided(Reason),
    /// The database failed: nothing happened.
    Store(StoreError),
}

/// A reason as people and programs read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A stable name, e.g. `not_now`.
    pub code: &'static str,
    /// The sentence in both languages: what is in the way, and what would help.
    pub message: Message,
    /// The clause or missing facts behind it, where a determination said so.
    pub detail: Value,
}

impl Stop {
    /// A guard says no.
    pub fn denied(code: &'static str, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Stop::Denied(Reason::new(code, en, zh))
    }

    /// A guard cannot say.
    pub fn undecided(code: &'static str, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Stop::Undecided(Reason::new(code, en, zh))
    }

    /// That something named does not exist.
    pub fn absent(table: &str, key: &str) -> Self {
        let (en, zh) = (
            format!("there is no {table} `{key}`"),
            format!("不存在 {table} `{key}`"),
        );
        Stop::denied("absent", en, zh)
    }

    /// As a failure of the database: where rows are read that nothing but a failure keeps from being read.
    pub(crate) fn into_failure(self) -> StoreError {
        match self {
            Stop::Store(error) => error,
            Stop::Denied(reason) | Stop::Undecided(reason) => StoreError::Unreadable(reason.message.en),
        }
    }
}

impl Reason {
    /// A reason in both languages.
    pub fn new(code: &'static str, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            code,
            message: Message::new(en, zh),
            detail: Value::Null,
        }
    }

    /// The reason as JSON.
    pub fn to_json(&self) -> Value {
        let mut json = json!({"code": self.code, "en": self.message.en, "zh": self.message.zh});
        if let (false, Some(object)) = (self.detail.is_null(), json.as_object_mut()) {
            object.insert("detail".to_owned(), self.detail.clone());
        }
        json
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Store(error)
    }
}

/// What a guard or an act answers.
pub type Answer<T> = Result<T, Stop>;
