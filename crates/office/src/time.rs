//! When something happened: instants in UTC, shown as the office's people read them.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use meed_facts::date::Date;

const SECOND: i64 = 1000;
/// Milliseconds of a day.
pub(crate) const DAY: i64 = 86_400 * SECOND;
/// Asia/Shanghai has kept UTC+8 without summer time since 1991.
pub(crate) const SHANGHAI: i64 = 8 * 3600 * SECOND;

/// A point in time, in whole milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The instant that many milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_milliseconds(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn milliseconds(self) -> i64 {
        self.0
    }

    /// 00:00 of a day in Shanghai.
    pub fn start_of(day: Date) -> Self {
        Self(
            i64::from(day.days_since_epoch())
                .saturating_mul(DAY)
                .saturating_sub(SHANGHAI),
        )
    }

    /// The day in Shanghai; `None` beyond the years that dates have.
    pub fn date(self) -> Option<Date> {
        let days = self.0.saturating_add(SHANGHAI).div_euclid(DAY);
        Date::from_days_since_epoch(i32::try_from(days).ok()?)
    }

    /// The instant some hours later.
    #[must_use]
    pub fn plus_hours(self, hours: i64) -> Self {
        Self(self.0.saturating_add(hours.saturating_mul(3600).saturating_mul(SECOND)))
    }
}

/// `2023-02-23T09:00:00.000+08:00`
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(date) = self.date() else {
            return write!(f, "{} ms", self.0);
        };
        let rest = self.0.saturating_add(SHANGHAI).rem_euclid(DAY);
        let seconds = rest.div_euclid(SECOND);
        let (hour, minute) = (seconds.div_euclid(3600), seconds.div_euclid(60).rem_euclid(60));
        let (second, thousandth) = (seconds.rem_euclid(60), rest.rem_euclid(SECOND));
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}.{thousandth:03}+08:00")
    }
}

/// Where the time comes from. Only tests and demonstrations may set it.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// One that is set by hand, in milliseconds.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at an instant until it is set.
    pub fn at(instant: Instant) -> Self {
        Clock::Set(Arc::new(AtomicI64::new(instant.0)))
    }

    /// Sets a clock that can be set; the machine's stays as it is.
    pub fn set(&self, instant: Instant) {
        if let Clock::Set(shared) = self {
            shared.store(instant.0, Ordering::SeqCst);
        }
    }

    /// Now.
    pub fn now(&self) -> Instant {
        match self {
            Clock::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Clock::Set(shared) => Instant(shared.load(Ordering::SeqCst)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_in_shanghai() {
        let evening = Instant::start_of(Date::parse("2023-02-23").unwrap());
        assert_eq!(evening.to_string(), "2023-02-23T00:00:00.000+08:00");
        assert_eq!(
            Instant::from_milliseconds(0).to_string(),
            "1970-01-01T08:00:00.000+08:00"
        );
        assert_eq!(Instant::from_milliseconds(-1).date(), Date::parse("1970-01-01").ok());
        assert_eq!(
            Instant::from_milliseconds(evening.milliseconds() - 1).date(),
            Date::parse("2023-02-22").ok()
        );
    }
}
