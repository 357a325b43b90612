//! Rows of cases, their queue, and decisions.

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde_json::Value;

use crate::machine::CaseState;
use crate::time::Instant;
use crate::{record, ruled};

record! {
    /// One applicant's way to one award or title.
    pub struct Case in "case" by id {
        /// Its id.
        id: String,
        /// What it leads to: an `award` or a `title`.
        kind: String,
        /// The applicant.
        subject: String,
        /// The package version by which it is decided.
        policy: String,
        /// The measure, or the title.
        measure: String,
        /// For what: a child's key, or the title's level; empty where there is neither.
        object: String,
        /// The day for which the rules are asked: of the offer or application, or the one that a round names.
        on_date: Date,
        /// The round.
        round: Option<String>,
        /// `offer` or `application`.
        origin: String,
        /// When it was opened.
        opened_at: Instant,
        /// When it was applied for, or the offer accepted: the order in which those without money wait.
        applied_at: Option<Instant>,
        /// The last day on which the offer can be accepted.
        offer_until: Option<Date>,
        /// The list on which it is public.
        list: Option<String>,
        /// Its state.
        state: CaseState,
    }
}

record! {
    /// A time in which the clock of a case stood still.
    pub struct Standstill in "standstill" by case_id, since {
        /// The case.
        case_id: String,
        /// From
        since: Instant,
        /// until.
        until: Option<Instant>,
    }
}

record! {
    /// What was decided; never edited, only followed by another.
    pub struct Decision in "decision" by id {
        /// Its id.
        id: String,
        /// The case.
        case_id: String,
        /// Its number in the case, from 1.
        n: i64,
        /// The one that it takes the place of.
        supersedes: Option<String>,
        /// `grant`, `refuse`, `lower`, `raise`, `revise`, `annul` or `keep`.
        kind: String,
        /// What is due.
        amount: Money,
        /// When.
        at: Instant,
        /// By whom.
        person: String,
        /// The date for which the rules were asked.
        on_date: Date,
        /// What the register knew by this log entry was read.
        known: i64,
        /// The package version.
        policy: String,
        /// The engine's version.
        engine: String,
        /// The calendar's digest.
        calendar: String,
        /// The facts, as they were read: a document.
        facts: String,
        /// The determination: a document.
        result: String,
        /// Clauses, values and where to appeal.
        reasons: Value,
    }
}

record! {
    /// That a case waits for a payer's money in a fund.
    pub struct Queue in "queue" by case_id, payer, fund {
        /// The case.
        case_id: String,
        /// Whose money
        payer: String,
        /// in which fund.
        fund: String,
        /// The log entry by which the money then at hand was offered in vain: later ones may have that, and no more.
        passed: Option<i64>,
    }
}

ruled!(Case: CaseState);
