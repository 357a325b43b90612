//! What is done with cases.

use serde_json::Value;

use super::open::{About, accept, apply, leave, offer};
use super::{examine, propose, waiting};
use crate::acts;
use crate::input::{Amount, Day};
use crate::stop::Answer;
use crate::tx::Tx;

acts! {
    /// What is done with cases.
    pub enum Act {
        /// Offers an award that the rules give without an application
        Offer {
            /// To whom
            subject: String,
            /// The measure
            measure: String,
            /// The child, where it is for one
            object: Option<String>,
            /// The day for which the rules are asked; today where it is left out
            on: Option<Day>,
        },
        /// Proposes to recognise a title without an application
        OfferTitle {
            /// Whom
            subject: String,
            /// The title
            title: String,
            /// Its level
            level: Option<String>,
            /// The day for which the criteria are asked; today where it is left out
            on: Option<Day>,
        },
        /// Opens an application for an award
        Apply {
            /// The applicant
            subject: String,
            /// The measure
            measure: String,
            /// The child, where it is for one
            object: Option<String>,
            /// The day for which the rules are asked; today where it is left out
            on: Option<Day>,
        },
        /// Opens an application for a title
        ApplyTitle {
            /// The applicant
            subject: String,
            /// The title
            title: String,
            /// Its level
            level: Option<String>,
        },
        /// Accepts an offer
        Accept {
            /// The case
            case: String,
        },
        /// Declines an offer, or withdraws an application
        Withdraw {
            /// The case
            case: String,
        },
        /// Submits an application, for the first time or corrected
        Submit {
            /// The case
            case: String,
        },
        /// Takes up the formal check
        Examine {
            /// The case
            case: String,
        },
        /// Gives an application back for correction
        Return {
            /// The case
            case: String,
            /// What is to be corrected
            what: String,
        },
        /// Finds it inadmissible: it cannot be examined at all
        Reject {
            /// The case
            case: String,
            /// Why
            why: String,
        },
        /// Finds it complete
        Admit {
            /// The case
            case: String,
        },
        /// Verifies it by the rules alone
        Verify {
            /// The case
            case: String,
        },
        /// Takes it into review
        Review {
            /// The case
            case: String,
        },
        /// Proposes the award or title; again for one that waits for funds
        Propose {
            /// The case
            case: String,
            /// The amount, where the rules leave it to be assessed
            amount: Option<Amount>,
        },
        /// Records that the money at hand was offered to a case that waits for funds, and what was answered
        OfferMoney {
            /// The case
            case: String,
            /// Why it did not take it
            answer: String,
        },
        /// Refuses it
        Refuse {
            /// The case
            case: String,
            /// Why, where the rules' reasons are not all
            why: Option<String>,
        },
        /// Approves it after its publicity
        Approve {
            /// The case
            case: String,
        },
        /// Closes it
        Close {
            /// The case
            case: String,
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
            Act::Offer {
                subject,
                measure,
                object,
                on,
            } => offer(tx, &about("award", subject, measure, object.as_ref(), on.as_ref())),
            Act::OfferTitle {
                subject,
                title,
                level,
                on,
            } => offer(tx, &about("title", subject, title, level.as_ref(), on.as_ref())),
            Act::Apply {
                subject,
                measure,
                object,
                on,
            } => apply(tx, &about("award", subject, measure, object.as_ref(), on.as_ref())),
            Act::ApplyTitle { subject, title, level } => {
                apply(tx, &about("title", subject, title, level.as_ref(), None))
            }
            Act::Accept { case } => accept(tx, case),
            Act::Withdraw { case } => leave(tx, case),
            Act::Submit { case } => examine::submit(tx, case),
            Act::Examine { case } => examine::examine(tx, case),
            Act::Return { case, what } => examine::give_back(tx, case, what),
            Act::Reject { case, why } => examine::reject(tx, case, why),
            Act::Admit { case } => examine::admit(tx, case),
            Act::Verify { case } => examine::verify(tx, case),
            Act::Review { case } => examine::review(tx, case),
            Act::Propose { case, amount } => propose::propose(tx, case, amount.map(|amount| amount.0)),
            Act::OfferMoney { case, answer } => waiting::offer_money(tx, case, answer),
            Act::Refuse { case, why } => propose::refuse(tx, case, why.as_deref()),
            Act::Approve { case } => propose::approve(tx, case),
            Act::Close { case } => propose::close(tx, case),
        }
    }
}

fn about<'a>(
    kind: &'a str,
    subject: &'a str,
    measure: &'a str,
    object: Option<&'a String>,
    on: Option<&Day>,
) -> About<'a> {
    let object = object.map_or("", String::as_str);
    About {
        kind,
        subject,
        measure,
        object,
        on: on.map(|day| day.0),
    }
}
