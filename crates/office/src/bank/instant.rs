//! Instants and days as files of XML Schema write them.

use meed_facts::date::Date;

use super::violation::Fault;
use crate::time::{DAY, Instant, SHANGHAI};

/// The day on which an instant falls in Shanghai; beyond the calendar, its first or last.
pub fn day_of(instant: Instant) -> Date {
    let nearest = if instant.milliseconds() < 0 {
        Date::new(1, 1, 1)
    } else {
        Date::new(9999, 12, 31)
    };
    instant.date().or(nearest).unwrap_or_else(unix_epoch)
}

#[expect(clippy::unwrap_used, reason = "1970-01-01 is in the calendar")]
fn unix_epoch() -> Date {
    Date::new(1970, 1, 1).unwrap()
}

/// The instant some milliseconds later, or before.
pub fn plus(instant: Instant, milliseconds: i64) -> Instant {
    Instant::from_milliseconds(instant.milliseconds().saturating_add(milliseconds))
}

/// Reads a `dateTime` of XML Schema; without an offset it is Shanghai's time, and digits below a millisecond are dropped.
pub fn read(text: &str) -> Result<Instant, Fault> {
    parse(text)
        .map(Instant::from_milliseconds)
        .ok_or_else(|| Fault::form(text, "an instant such as 2026-03-05T10:11:12+08:00"))
}

/// Reads a `date` of XML Schema. An offset says on whose clock the day is; the day stays.
pub fn read_day(text: &str) -> Result<Date, Fault> {
    let (day, rest) = text.split_at_checked(10).unwrap_or((text, ""));
    let day = Date::parse(day)
        .ok()
        .filter(|_| rest.is_empty() || offset(rest).is_some_and(|(clock, _)| clock.is_empty()));
    day.ok_or_else(|| Fault::form(text, "a day such as 2026-03-05"))
}

fn parse(text: &str) -> Option<i64> {
    let (day, rest) = text.split_once('T')?;
    let day = Date::parse(day).ok()?;
    let (clock, offset) = offset(rest)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':').map(|part| number(part, 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let seconds = hour
        .checked_mul(3600)?
        .checked_add(minute.checked_mul(60)?)?
        .checked_add(second)?;
    i64::from(day.days_since_epoch())
        .checked_mul(DAY)?
        .checked_add(seconds.checked_mul(1000)?)?
        .checked_add(number(&thousandths, 3)?)?
        .checked_sub(offset)
}

/// The clock's part and how far, in milliseconds, it is ahead of UTC.
fn offset(text: &str) -> Option<(&str, i64)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let Some(at) = text.rfind(['+', '-']) else {
        return Some((text, SHANGHAI));
    };
    let (clock, ahead) = text.split_at_checked(at)?;
    let (hours, minutes) = ahead.get(1..)?.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let minutes = hours
        .checked_mul(60)?
        .checked_add(minutes)
        .filter(|all| *all <= 840 && minutes <= 59)?;
    let size = minutes.checked_mul(60_000)?;
    Some((
        clock,
        if ahead.starts_with('-') {
            size.checked_neg()?
        } else {
            size
        },
    ))
}

fn number(text: &str, digits: usize) -> Option<i64> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_read() {
        for instant in [0, -1, 1_772_676_672_345, i64::MAX / 100_000] {
            let instant = Instant::from_milliseconds(instant);
            assert_eq!(read(&instant.to_string()), Ok(instant));
        }
        assert_eq!(
            day_of(Instant::from_milliseconds(16 * 3_600_000)).to_string(),
            "1970-01-02"
        );
        assert_eq!(day_of(Instant::from_milliseconds(i64::MAX)).to_string(), "9999-12-31");
        assert_eq!(day_of(Instant::from_milliseconds(i64::MIN)).to_string(), "0001-01-01");
    }

    #[test]
    fn offsets_move_the_clock() {
        let noon = read("2026-03-05T12:00:00+08:00").unwrap();
        for same in [
            "2026-03-05T04:00:00Z",
            "2026-03-05T12:00:00",
            "2026-03-04T23:00:00.0009-05:00",
            "2026-03-05T12:00:00.0",
        ] {
            assert_eq!(read(same), Ok(noon), "{same}");
        }
        for wrong in [
            "2026-03-05",
            "2026-02-30T00:00:00",
            "2026-03-05T24:00:00",
            "2026-03-05T12:00",
            "2026-03-05T12:00:00.",
            "2026-03-05T12:00:00+15:00",
            "2026-03-05T12:00:00+8",
            "",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_day_stays_the_same_on_every_clock() {
        let day = Date::new(2026, 3, 5).unwrap();
        for same in ["2026-03-05", "2026-03-05Z", "2026-03-05+14:00", "2026-03-05-05:00"] {
            assert_eq!(read_day(same), Ok(day), "{same}");
        }
        for wrong in [
            "2026-3-5",
            "2026-03-05 ",
            "2026-03-05+8",
            "2026-03-05T00:00:00",
            "20260305",
            "2026-03-0五",
        ] {
            assert!(read_day(wrong).is_err(), "{wrong}");
        }
    }
}
