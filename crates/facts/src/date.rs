//! Calendar dates, the durations `Months` and `Days`, half-open spans, periods.
//!
//! Dates are those of the proleptic Gregorian calendar from 0001-01-01 to 9999-12-31; everything that could leave
//! this range gives `None`. A month added to a date keeps the day or takes the month's last (`semantics.md` §6).

mod period;
mod span;

use std::fmt;

use jiff_core::civil;

use crate::message::Message;

pub use period::{Period, PeriodError};
pub use span::Span;

/// A calendar date.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(civil::Date);

/// A calendar duration of whole months; a year is twelve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Months(pub i32);

/// A duration of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Days(pub i32);

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum DateError {
    /// Not of the form `2022-09-01`.
    Form,
    /// There is no such day.
    NoSuchDay {
        /// The year as written.
        year: i16,
        /// The month as written.
        month: i8,
        /// The day as written.
        day: i8,
    },
}

impl DateError {
    /// What is wrong, in both languages.
    pub fn words(self) -> Message {
        match self {
            Self::Form => Message::new(
                "not a date; write year-month-day as in 2022-09-01",
                "不是日期；请按年-月-日书写，如 2022-09-01",
            ),
            Self::NoSuchDay { year, month, day } => Message::new(
                format!("there is no day {year:04}-{month:02}-{day:02} in the calendar"),
                format!("日历中没有 {year:04}-{month:02}-{day:02} 这一天"),
            ),
        }
    }
}

impl Date {
    /// The date; `None` if there is no such day or the year is not from 1 to 9999.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        if year < 1 {
            return None;
        }
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads `2022-09-01`, and nothing else.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let mut parts = text.split('-');
        let mut part = |width: usize| {
            let digits = parts
                .next()
                .filter(|part| part.len() == width && part.bytes().all(|b| b.is_ascii_digit()));
            digits.and_then(|part| part.parse::<i16>().ok()).ok_or(DateError::Form)
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        if parts.next().is_some() {
            return Err(DateError::Form);
        }
        let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
            return Err(DateError::Form);
        };
        Self::new(year, month, day).ok_or(DateError::NoSuchDay { year, month, day })
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Whether it is a Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday)
    }

    /// The same day `months` later, or that month's last.
    pub fn plus_months(self, months: Months) -> Option<Self> {
        let first = i32::from(self.year())
            .checked_mul(12)?
            .checked_add(self.month().into())?;
        let month = first.checked_add(months.0)?.checked_sub(1)?;
        let year = i16::try_from(month.div_euclid(12)).ok().filter(|year| *year >= 1)?;
        let month = i8::try_from(month.rem_euclid(12)).ok()?.checked_add(1)?;
        civil::Date::new_constrain(year, month, self.day()).ok().map(Self)
    }

    /// The day `days` later.
    pub fn plus_days(self, days: Days) -> Option<Self> {
        Self::of(self.0.checked_add(days.0).ok()?)
    }

    /// A date of the calendar that is of the years 1 to 9999.
    fn of(date: civil::Date) -> Option<Self> {
        (date.year() >= 1).then_some(Self(date))
    }

    /// Days from it to `later`; negative if that is earlier.
    pub fn days_until(self, later: Self) -> Days {
        Days(self.0.until(later.0))
    }

    /// Days from 1970-01-01 to it, as columns of Arrow and Parquet keep dates; negative before.
    pub fn days_since_epoch(self) -> i32 {
        self.0.to_unix_epoch_day().day()
    }

    /// The day so many days after 1970-01-01; `None` outside the years 1 to 9999.
    pub fn from_days_since_epoch(days: i32) -> Option<Self> {
        Self::of(civil::UnixEpochDay::new(days).ok()?.to_date())
    }

    /// The next day.
    pub fn tomorrow(self) -> Option<Self> {
        self.0.tomorrow().ok().map(Self)
    }

    /// The day before.
    pub fn yesterday(self) -> Option<Self> {
        self.plus_days(Days(-1))
    }

    /// The last day of its month.
    pub fn last_of_month(self) -> Self {
        Self(self.0.last_of_month())
    }
}

/// Whole years of age on the day `on` of who was born on `born`: complete on the birthday, for 29 February in other
/// years on 1 March. `None` before birth.
pub fn age(born: Date, on: Date) -> Option<i32> {
    if on < born {
        return None;
    }
    // Comparing (month, day) puts 29 February after 28 February and before 1 March, which is the rule.
    let birthday_passed = (on.month(), on.day()) >= (born.month(), born.day());
    i32::from(on.year())
        .checked_sub(born.year().into())?
        .checked_sub(i32::from(!birthday_passed))
}

/// Full years from `from` to `to`: the most years that added to `from` do not pass `to`; negative where `to` is
/// earlier. Unlike [`age`] it follows `date + months`, so a year after 29 February is full on 28 February.
pub fn full_years_between(from: Date, to: Date) -> i32 {
    if to < from {
        return full_years_between(to, from).saturating_neg();
    }
    let years = i32::from(to.year()).saturating_sub(from.year().into());
    let anniversary = from.plus_months(Months(years.saturating_mul(12)));
    let reached = anniversary.is_some_and(|day| day <= to);
    years.saturating_sub(i32::from(!reached))
}

/// Full months from `from` to `to`, by the same rule as [`full_years_between`].
pub fn full_months_between(from: Date, to: Date) -> Months {
    if to < from {
        return Months(full_months_between(to, from).0.saturating_neg());
    }
    let years = i32::from(to.year()).saturating_sub(from.year().into());
    let months = years
        .saturating_mul(12)
        .saturating_add(i32::from(to.month()))
        .saturating_sub(from.month().into());
    let reached = from.plus_months(Months(months)).is_some_and(|day| day <= to);
    Months(months.saturating_sub(i32::from(!reached)))
}

/// 365 or 366; `None` unless the year is from 1 to 9999.
pub fn days_in_year(year: i16) -> Option<i32> {
    Date::new(year, 1, 1).map(|date| date.0.days_in_year().into())
}

impl Months {
    /// That many years of twelve months.
    pub fn from_years(years: i32) -> Option<Self> {
        years.checked_mul(12).map(Self)
    }

    /// The sum, where it fits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, where it fits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The product, where it fits.
    pub fn checked_mul(self, times: i32) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }
}

impl Days {
    /// The sum, where it fits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, where it fits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The product, where it fits.
    pub fn checked_mul(self, times: i32) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }
}

impl fmt::Display for Date {
    /// ISO 8601: `2022-09-01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::str::FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn only_iso_dates_that_exist_are_read() {
        assert_eq!(date("2024-02-29").to_string(), "2024-02-29");
        assert_eq!(
            Date::parse("2023-02-29"),
            Err(DateError::NoSuchDay {
                year: 2023,
                month: 2,
                day: 29
            })
        );
        for text in [
            "",
            "2023-2-1",
            "20230201",
            "2023-02-01T00:00",
            "+2023-02-01",
            "二〇二三",
            "2023-02-01-01",
        ] {
            assert_eq!(Date::parse(text), Err(DateError::Form), "{text}");
        }
        assert!(Date::parse("0000-01-01").is_err());
    }

    #[test]
    fn a_month_later_keeps_the_day_or_takes_the_last() {
        assert_eq!(date("2024-01-31").plus_months(Months(1)), Some(date("2024-02-29")));
        assert_eq!(date("2024-02-29").plus_months(Months(12)), Some(date("2025-02-28")));
        assert_eq!(date("2022-09-01").plus_months(Months(36)), Some(date("2025-09-01")));
        assert_eq!(date("2022-03-31").plus_months(Months(-1)), Some(date("2022-02-28")));
    }

    #[test]
    fn who_leaves_the_calendar_gets_none() {
        for amount in [i32::MAX, i32::MIN, 239_977, -239_977, 7_304_485] {
            assert_eq!(date("2024-01-01").plus_months(Months(amount)), None);
        }
        for amount in [i32::MAX, i32::MIN, 7_304_485, -7_304_485] {
            assert_eq!(date("2024-01-01").plus_days(Days(amount)), None);
        }
        assert_eq!(date("0001-01-01").yesterday(), None);
        assert_eq!(date("9999-12-31").tomorrow(), None);
    }

    #[test]
    fn age_is_complete_on_the_birthday() {
        assert_eq!(age(date("2000-06-15"), date("2024-06-14")), Some(23));
        assert_eq!(age(date("2000-06-15"), date("2024-06-15")), Some(24));
        assert_eq!(age(date("2000-02-29"), date("2023-02-28")), Some(22));
        assert_eq!(age(date("2000-02-29"), date("2023-03-01")), Some(23));
        assert_eq!(age(date("2000-02-29"), date("2024-02-29")), Some(24));
        assert_eq!(age(date("2000-06-15"), date("2000-06-14")), None);
    }

    #[test]
    fn full_years_follow_adding_months() {
        assert_eq!(full_years_between(date("2020-02-29"), date("2021-02-28")), 1);
        assert_eq!(full_years_between(date("2020-03-01"), date("2023-02-28")), 2);
        assert_eq!(full_years_between(date("2023-03-01"), date("2020-03-01")), -3);
        assert_eq!(full_months_between(date("2024-01-31"), date("2024-02-29")), Months(1));
        assert_eq!(full_months_between(date("2022-05-10"), date("2023-06-09")), Months(12));
    }

    #[test]
    fn days_between_count_leap_days() {
        assert_eq!(date("2024-02-28").days_until(date("2024-03-01")), Days(2));
        assert_eq!(date("9999-12-31").days_until(date("0001-01-01")), Days(-3_652_058));
        assert_eq!(
            (days_in_year(2024), days_in_year(1900), days_in_year(0)),
            (Some(366), Some(365), None)
        );
    }
}
