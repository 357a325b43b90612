//! Services: what a policy gives without money. Somebody asks for one, the bureau that leads it answers within its days.

mod acts;
mod clock;
mod handle;
mod request;
pub(crate) mod timers;

pub use acts::Act;

use meed_facts::date::Date;

use crate::machine::RequestState;
use crate::store::{Cell, Connection, StoreError};
use crate::time::Instant;
use crate::tx::select;
use crate::{record, ruled};

record! {
    /// A request for a service. What people wrote is kept by its hash among the documents, where it can be forgotten.
    pub struct Request in "request" by id {
        /// Its id.
        id: String,
        /// Who needs it.
        subject: String,
        /// The service.
        service: String,
        /// The child, where it is for one; else empty.
        object: String,
        /// The version of the policy that gives it.
        policy: String,
        /// The facts that were read, by their hash.
        facts: String,
        /// What the rules said, by its hash.
        result: String,
        /// The bureau that leads it by the rule.
        bureau: String,
        /// Who asked.
        asked_by: String,
        /// When.
        asked_at: Instant,
        /// What was said with it, by its hash.
        wish: Option<String>,
        /// The last working day for an answer.
        due: Date,
        /// The day since which the clock stands still.
        stopped: Option<Date>,
        /// Who took it.
        officer: Option<String>,
        /// The officer's last question, by its hash.
        question: Option<String>,
        /// What was said to it, by its hash.
        reply: Option<String>,
        /// The answer, or why it was refused, by its hash.
        answer: Option<String>,
        /// The day on which it was told that its days are over.
        overdue: Option<Date>,
        /// Its state.
        state: RequestState,
    }
}

ruled! { Request: RequestState }

/// Open requests whose days are over on a day while nobody waits for the applicant, the longest first.
///
/// # Errors
/// Where the database fails.
pub fn overdue(connection: &mut Connection, today: Date) -> Result<Vec<Request>, StoreError> {
    select(connection, OVERDUE, &[Cell::from(&today)])
}

const OVERDUE: &str = "state IN ('asked', 'taken') AND due < $1 ORDER BY due, id";
