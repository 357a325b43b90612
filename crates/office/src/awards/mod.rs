//! Awards: what a decision gives, payer by payer and instalment by instalment, and what must be kept up for it.

mod acts;
mod commit;
mod end;
mod external;
pub mod obligations;
mod plan;
mod recheck;
mod reserve;
mod resize;
pub mod supplement;
pub(crate) mod timers;

pub use acts::Act;
pub use commit::commit;
pub(crate) use end::nothing_in_payment;
pub use end::{annul, close, paid, settle};
pub use external::{Confirmation, Reply};
pub use plan::{Planned, plan};
pub use recheck::{Rechecked, due_now, recheck};
pub(crate) use reserve::unpledge;
pub use reserve::{Grant, free, free_to, is_due_this_year, reserve, with_money};
pub(crate) use resize::{has_money_for, resize};
pub use timers::fall_due;

use meed_facts::date::Date;
use meed_facts::money::Money;

use crate::machine::{AwardState, InstalmentState, ObligationState};
use crate::time::Instant;
use crate::{record, ruled};

record! {
    /// What one decision gives.
    pub struct Award in "award" by id {
        /// Its id.
        id: String,
        /// The case.
        case_id: String,
        /// The decision in force.
        decision: String,
        /// To whom it is given.
        subject: String,
        /// Who is paid.
        payee: String,
        /// Who would owe it back.
        debtor: String,
        /// The measure, whatever version: what is given once is given once.
        family: String,
        /// The child for which it is; empty where it is for the applicant.
        object: String,
        /// The subject at the end of its line of successors.
        subject_key: String,
        /// What may be given one award of this measure: the child, and the year where it is not given once for all.
        occurrence: String,
        /// The amount of the decision in force.
        amount: Money,
        /// Its state.
        state: AwardState,
    }
}

record! {
    /// A payer's part of an award.
    pub struct Part in "part" by award, payer {
        /// The award.
        award: String,
        /// Who pays.
        payer: String,
        /// From which fund.
        fund: String,
        /// How much.
        amount: Money,
        /// Whether the payer has an office of its own: no account here moves.
        external: bool,
        /// Whether it waits for the others: none of a payment is paid before all of it can be.
        together: bool,
    }
}

record! {
    /// One payment of a part.
    pub struct Instalment in "instalment" by id {
        /// Its id, and the holder of its money.
        id: String,
        /// The award
        award: String,
        /// and the payer.
        payer: String,
        /// Its number, from 1.
        n: i64,
        /// Which payment of the plan it pays: its own number, or that of the one to which it adds.
        period: i64,
        /// When it is due; its year is its budget year.
        due: Date,
        /// The line on which its money is; none while it is pledged.
        line: Option<String>,
        /// How much.
        amount: Money,
        /// The decision of its recheck.
        decision: Option<String>,
        /// When it last became payable.
        payable_at: Option<Instant>,
        /// What is missing for its recheck.
        waits_for: Option<String>,
        /// Its state.
        state: InstalmentState,
    }
}

record! {
    /// What is promised on a later year.
    pub struct Pledge in "pledge" by fund, year, instalment {
        /// The fund
        fund: String,
        /// and the year.
        year: i64,
        /// For which instalment.
        instalment: String,
        /// How much.
        amount: Money,
        /// Whether it stands.
        live: bool,
    }
}

record! {
    /// What must be kept up for an award.
    pub struct Obligation in "obligation" by id {
        /// Its id.
        id: String,
        /// The award.
        award: String,
        /// Which of the measure's, from 1.
        n: i64,
        /// What, in the words of the measure.
        name: String,
        /// The first day
        since: Date,
        /// and the day after the last.
        until: Date,
        /// When it must be shown.
        due: Option<Date>,
        /// How it was broken.
        breach: Option<String>,
        /// Its state.
        state: ObligationState,
    }
}

ruled!(Award: AwardState, Instalment: InstalmentState, Obligation: ObligationState);
