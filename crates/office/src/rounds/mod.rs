//! Rounds: applications that share one fund, from the plan to the last share.
//!
//! Claims are frozen, shares follow from them by the fund's rule, one reservation holds the fund for the round, one list shows all rows. What is
//! said against a row changes claims; shares are settled once, before the first of them is approved, and never reopened.

mod acts;
mod cancel;
mod claims;
mod corrected;
mod give;
mod guards;
mod plan;
mod ration;
mod settle;
mod sharing;

pub use acts::Act;
pub(crate) use corrected::claim_is;
pub(crate) use guards::{
    freed_to, is_public, is_settling, must_be_free, must_be_settled, must_be_settling, must_not_be_frozen, must_take,
    shares_now,
};

use meed_facts::date::Date;
use meed_facts::money::Money;

use crate::machine::RoundState;
use crate::{record, ruled};

crate::choice! {
    /// What becomes of the other rows while one is contested.
    pub enum Contested {
        /// They wait until every objection is closed; then the fund is shared out again.
        Wait = "wait",
        /// They keep their shares; what a contested row loses goes to nobody else.
        HoldBack = "hold_back",
    }
}

record! {
    /// A round of applications for one measure that share one fund.
    pub struct Round in "round" by id {
        /// Its id, and the holder of what is reserved for it.
        id: String,
        /// The package version.
        policy: String,
        /// The measure.
        measure: String,
        /// Who pays.
        payer: String,
        /// The fund.
        fund: String,
        /// The budget year.
        year: i64,
        /// What becomes of the others while a row is contested: fixed before anybody applies.
        contested: Contested,
        /// How many final reviews each case needs.
        reviews: i64,
        /// The day for which the rules are asked of every applicant.
        on_date: Date,
        /// The last day of applications.
        closes: Date,
        /// The most that is shared out, once claims are frozen.
        amount: Option<Money>,
        /// The claims as they were frozen, with their shares: a document.
        claims: Option<String>,
        /// The list.
        list: Option<String>,
        /// Its state.
        state: RoundState,
    }
}

record! {
    /// What a case claims of its round's fund, and what it gets.
    pub struct Share in "share" by round, case_id {
        /// The round.
        round: String,
        /// The case.
        case_id: String,
        /// What it claims.
        claim: Money,
        /// What places it where the fund goes by an order, the higher first.
        rank: Option<String>,
        /// Its place among those that people had to choose from, from 1.
        place: Option<i64>,
        /// What it gets, once the fund is shared out.
        amount: Option<Money>,
    }
}

ruled!(Round: RoundState);
