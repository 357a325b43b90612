//! What is done with requests for services.

use serde_json::Value;

use super::{handle, request};
use crate::acts;
use crate::machine::RequestState;
use crate::stop::Answer;
use crate::tx::Tx;

acts! {
    /// What is done with requests for services.
    pub enum Act {
        /// Asks for a service, as the applicant's agent
        Ask {
            /// Who needs it
            subject: String,
            /// The service
            service: String,
            /// The child, where it is for one
            object: Option<String>,
            /// What is wanted, where the service's name does not say it all
            wish: Option<String>,
        },
        /// Takes a request, as an officer of the bureau that leads the service
        Take {
            /// The request
            request: String,
        },
        /// Asks the applicant something; the clock stands still meanwhile
        AskBack {
            /// The request
            request: String,
            /// What is asked
            question: String,
        },
        /// Answers the officer's question: the clock goes on
        Reply {
            /// The request
            request: String,
            /// What is said to it
            reply: String,
        },
        /// Answers a request, for good
        Answer {
            /// The request
            request: String,
            /// The answer
            answer: String,
        },
        /// Refuses a request, for good
        Refuse {
            /// The request
            request: String,
            /// Why
            why: String,
        },
        /// Takes a request back
        Withdraw {
            /// The request
            request: String,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied or undecided where a guard says so.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Ask {
                subject,
                service,
                object,
                wish,
            } => request::ask(tx, subject, (service, object.as_deref().unwrap_or("")), wish.as_deref()),
            Act::Take { request } => handle::take(tx, request),
            Act::AskBack { request, question } => handle::ask_back(tx, request, question),
            Act::Reply { request, reply } => request::reply(tx, request, reply),
            Act::Answer { request, answer } => handle::end(tx, request, RequestState::Answered, answer),
            Act::Refuse { request, why } => handle::end(tx, request, RequestState::Refused, why),
            Act::Withdraw { request } => request::withdraw(tx, request),
        }
    }
}
