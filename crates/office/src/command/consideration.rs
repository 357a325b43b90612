//! What would come of a command, found by doing it and undoing it.

use serde_json::{Value, json};

use super::Outcome;

/// What a command would do if it were given now. Ids in a result are those that the next log entry would make.
#[derive(Clone, Debug, PartialEq)]
pub enum Consideration {
    /// It would be done.
    Accepted {
        /// What it would make: ids, amounts.
        result: Value,
    },
    /// It would be refused.
    Denied {
        /// `{"code", "en", "zh", "detail"?}`
        reason: Value,
    },
    /// It could not be decided.
    Undecided {
        /// As for a denial.
        reason: Value,
    },
}

impl Consideration {
    /// What would be made, if it would be done.
    pub fn accepted(&self) -> Option<&Value> {
        match self {
            Consideration::Accepted { result } => Some(result),
            _ => None,
        }
    }

    /// Why it would not be done.
    pub fn reason(&self) -> Option<&Value> {
        match self {
            Consideration::Accepted { .. } => None,
            Consideration::Denied { reason } | Consideration::Undecided { reason } => Some(reason),
        }
    }

    /// As JSON: an outcome's without a log entry.
    pub fn to_json(&self) -> Value {
        match self {
            Consideration::Accepted { result } => json!({"outcome": "accepted", "result": result}),
            Consideration::Denied { reason } => json!({"outcome": "denied", "reason": reason}),
            Consideration::Undecided { reason } => json!({"outcome": "cannot_decide", "reason": reason}),
        }
    }
}

impl From<Outcome> for Consideration {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Accepted { result, .. } => Consideration::Accepted { result },
            Outcome::Denied { reason, .. } => Consideration::Denied { reason },
            Outcome::Undecided { reason, .. } => Consideration::Undecided { reason },
        }
    }
}
