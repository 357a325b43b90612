//! The days that a bureau has. They stand still while it waits for the applicant.

use meed_facts::date::{Date, Days};

use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// The last day for an answer to a request of today.
pub(super) fn due(tx: &Tx<'_>) -> Answer<Date> {
    tx.setup.after_working_days(tx.today, tx.setup.config.service_days)
}

/// The last day after the clock stood still from a day until today: later by the working days between.
pub(super) fn later(tx: &Tx<'_>, due: Date, stopped: Date) -> Answer<Date> {
    let (mut day, mut stood) = (stopped, 0_u16);
    while day < tx.today {
        day = day.plus_days(Days(1)).ok_or_else(|| beyond(day))?;
        let working = tx.setup.calendar.is_working(day).ok_or_else(|| beyond(day))?;
        stood = stood.saturating_add(u16::from(working));
    }
    tx.setup.after_working_days(due, stood)
}

fn beyond(day: Date) -> Stop {
    Stop::undecided(
        "calendar_ends",
        format!("the calendar does not say whether {day} is a working day; import the next holiday notice"),
        format!("工作日历未载明 {day} 是否为工作日，请先导入下一年度放假通知"),
    )
}
