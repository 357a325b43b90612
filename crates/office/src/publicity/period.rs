//! For how long a row is public: day 1 is the working day after it was published as it is, and it is clear at 00:00 after its last day.
//!
//! Each row has days of its own: a later version of a list carries rows on that did not change, with the day since which they are public.

use meed_facts::date::Date;

use super::{List, Objection, Row};
use crate::setup::Setup;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::time::Instant;
use crate::tx::Tx;

/// The instant at which what was published on a day is clear, by the calendar as it is now.
///
/// # Errors
/// Undecided beyond the calendar that has been announced.
pub(super) fn clear_after(setup: &Setup, since: Date, days: i64) -> Answer<Instant> {
    let days = u16::try_from(days).unwrap_or(u16::MAX);
    let last = setup.after_working_days(since, days)?;
    let next = last
        .tomorrow()
        .ok_or_else(|| Stop::undecided("calendar_ends", "no such day", "日期超出范围"))?;
    Ok(Instant::start_of(next))
}

/// The instant at which a row is clear; `None` while it has not been published as it is. A calendar that was revised meanwhile may lengthen
/// the period; what was announced when it began is never shortened.
///
/// # Errors
/// Undecided beyond the calendar that has been announced.
pub fn clear_of(tx: &mut Tx<'_>, list: &List, row: &Row) -> Answer<Option<Instant>> {
    let Some(since) = row.public_since.or(list.published_on) else {
        return Ok(None);
    };
    let announced = tx.number(
        "SELECT CAST(coalesce(max(clear_at), 0) AS BIGINT) FROM list WHERE id = $1 AND version <= $2 AND published_on = $3",
        &[Cell::from(&list.id), Cell::Int(list.version), Cell::from(&since)],
    )?;
    let now = clear_after(tx.setup, since, list.days)?;
    Ok(Some(now.max(Instant::from_milliseconds(announced))))
}

/// That the days of a row are over.
///
/// # Errors
/// Denied while they are not, undecided beyond the calendar.
pub(super) fn must_be_clear(tx: &mut Tx<'_>, list: &List, row: &Row) -> Answer<()> {
    match clear_of(tx, list, row)? {
        Some(clear) if tx.at >= clear => Ok(()),
        clear => Err(still_public(&list.id, clear)),
    }
}

/// That the days of every row of a version are over.
///
/// # Errors
/// As for one row.
pub(crate) fn must_all_be_clear(tx: &mut Tx<'_>, list: &List) -> Answer<()> {
    for row in super::lists::rows(tx, list)? {
        must_be_clear(tx, list, &row)?;
    }
    Ok(())
}

/// That a row is public until an instant, or has yet to be published.
pub(super) fn still_public(list: &str, clear: Option<Instant>) -> Stop {
    match clear {
        Some(clear) => Stop::denied(
            "still_public",
            format!("list {list} is public until {clear}"),
            format!("名单 {list} 公示至 {clear}"),
        ),
        None => Stop::denied(
            "not_yet_public",
            format!("list {list} has a version that is not published; publish it"),
            format!("名单 {list} 的最新版本尚未公示，请先公示"),
        ),
    }
}

/// Whether an objection against a case has not been closed.
///
/// # Errors
/// Where the database fails.
pub(super) fn is_contested(tx: &mut Tx<'_>, case: &str) -> Answer<bool> {
    tx.any::<Objection>("case_id = $1 AND state IN ('lodged', 'examined')", &[case.into()])
}
