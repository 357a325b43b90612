//! The ledger: budget lines, and money that moves within one by postings with two ends.

mod account;
mod acts;
mod holders;
mod sums;

pub use account::{Account, End};
pub use acts::Act;
pub use holders::{held_on, holding_sum, release, shift};
pub use sums::{least, less, total};

use meed_facts::money::Money;

use crate::machine::LineState;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;
use crate::{record, ruled};

record! {
    /// One payer's money in one fund for one year.
    pub struct Line in "line" by id {
        /// Its id.
        id: String,
        /// The agency whose money it is.
        payer: String,
        /// The fund; empty where the payer's budget is not divided.
        fund: String,
        /// The budget year.
        year: i64,
        /// Whether it may be used.
        state: LineState,
    }
}

record! {
    /// Money that moved within one line.
    pub struct Posting in "posting" by seq, i {
        /// The log entry of the command that moved it.
        seq: i64,
        /// Its number within the command, from 1.
        i: i64,
        /// The line.
        line: String,
        /// To this account
        to_account: String,
        /// of this holder
        to_holder: Option<String>,
        /// from this account
        from_account: String,
        /// of this holder.
        from_holder: Option<String>,
        /// How much.
        amount: Money,
        /// The event of office-machines §1.
        cause: String,
        /// What it belongs to on another line.
        link: Option<String>,
    }
}

record! {
    /// How much of a fund's later year may be pledged.
    pub struct Authorisation in "authorisation" by fund, year {
        /// The fund.
        fund: String,
        /// The year.
        year: i64,
        /// The most that may be pledged.
        amount: Money,
    }
}

ruled!(Line: LineState);

impl Line {
    /// That new money may be reserved on the line.
    ///
    /// # Errors
    /// Denied where the line is planned, closing or closed.
    pub fn must_be_open(&self) -> Answer<()> {
        if self.state == LineState::Open {
            return Ok(());
        }
        Err(Stop::denied(
            "line_not_open",
            format!("line {} is not open; its year is being closed", self.id),
            format!("预算线 {} 未开放", self.id),
        ))
    }
}

/// The line of a payer's fund for a year.
///
/// # Errors
/// Where the database fails.
pub fn line_of(tx: &mut Tx<'_>, payer: &str, fund: &str, year: i64) -> Answer<Option<Line>> {
    let found = tx.rows(
        "payer = $1 AND fund = $2 AND year = $3",
        &[payer.into(), fund.into(), Cell::Int(year)],
    )?;
    Ok(found.into_iter().next())
}
