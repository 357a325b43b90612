//! Instants in files: milliseconds since 1970 in UTC, written as the clock in Shanghai shows them.

use meed_facts::date::{Date, Days};

use super::violation::Fault;

/// Milliseconds of a day.
pub const DAY: i64 = 86_400_000;

/// China has one time, eight hours ahead of UTC, without summer time since 1992.
const SHANGHAI: i64 = 28_800_000;

/// `2026-03-05T10:11:12.345+08:00`.
pub fn write(instant: i64) -> String {
    let local = instant.saturating_add(SHANGHAI);
    let (day, rest) = (local.div_euclid(DAY), local.rem_euclid(DAY));
    let date = date(day);
    let (hour, minute) = (rest.div_euclid(3_600_000), rest.div_euclid(60_000).rem_euclid(60));
    let (second, thousandth) = (rest.div_euclid(1000).rem_euclid(60), rest.rem_euclid(1000));
    format!("{date}T{hour:02}:{minute:02}:{second:02}.{thousandth:03}+08:00")
}

/// The day on which an instant falls in Shanghai.
pub fn day_of(instant: i64) -> Date {
    date(instant.saturating_add(SHANGHAI).div_euclid(DAY))
}

/// The first instant of a day in Shanghai.
pub fn start_of(day: Date) -> i64 {
    i64::from(day.days_since_epoch())
        .saturating_mul(DAY)
        .saturating_sub(SHANGHAI)
}

/// Instants beyond the calendar fall on its last day.
fn date(days: i64) -> Date {
    let of = |days: i64| i32::try_from(days).ok().and_then(Date::from_days_since_epoch);
    // 9999-12-31 and 0001-01-01.
    let nearest = if days < 0 { -719_162 } else { 2_932_896 };
    of(days).or_else(|| of(nearest)).unwrap_or_else(unix_epoch)
}

#[expect(clippy::unwrap_used, reason = "1970-01-01 is in the calendar")]
fn unix_epoch() -> Date {
    Date::new(1970, 1, 1).unwrap()
}

/// Reads a `dateTime` of XML Schema; without an offset it is Shanghai's time, and digits below a millisecond are dropped.
pub fn read(text: &str) -> Result<i64, Fault> {
    parse(text).ok_or_else(|| Fault::form(text, "an instant such as 2026-03-05T10:11:12+08:00"))
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

/// The day `days` after this one; the same at the end of the calendar.
pub fn after(day: Date, days: i32) -> Date {
    day.plus_days(Days(days)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_shown_in_shanghai() {
        assert_eq!(write(0), "1970-01-01T08:00:00.000+08:00");
        assert_eq!(write(-1), "1970-01-01T07:59:59.999+08:00");
        assert_eq!(day_of(16 * 3_600_000).to_string(), "1970-01-02");
        assert_eq!(start_of(Date::new(1970, 1, 2).unwrap()), 16 * 3_600_000);
        for instant in [0, -1, 1_772_676_672_345, i64::MAX / 100_000] {
            assert_eq!(read(&write(instant)), Ok(instant));
        }
        assert_eq!(day_of(i64::MAX).to_string(), "9999-12-31");
        assert_eq!(day_of(i64::MIN).to_string(), "0001-01-01");
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
}
