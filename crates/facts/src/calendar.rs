//! Working days by dated notices of holidays.
//!
//! A country that moves working days to weekends announces each year's days off and make-up workdays. Only those
//! notices decide: in a year without one it is not known which days are worked, and the answer is `None`.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Date;

/// The working days of the years for which notices are known.
///
/// ```
/// use meed_facts::calendar::Calendar;
/// use meed_facts::date::Date;
/// let calendar = Calendar::parse("date,kind\n2024-01-01,off\n2024-02-04,work\n").unwrap();
/// let on = |text| calendar.is_working(Date::parse(text).unwrap());
/// assert_eq!(on("2024-01-01"), Some(false));
/// assert_eq!(on("2024-02-04"), Some(true)); // a Sunday that is worked
/// assert_eq!(on("2023-01-02"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeSet<i16>,
    working: BTreeMap<Date, bool>,
}

/// What is wrong in a table of days.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct CalendarError {
    /// The line of the table, from 1.
    pub line: u64,
    /// What is wrong there, and what was expected.
    pub reason: String,
}

impl Calendar {
    /// Reads a table with the columns `date` and `kind`: `off` for a day off, `work` for a weekend day that is worked.
    /// A year is known as soon as it has a row; its other days are worked from Monday to Friday.
    pub fn parse(csv: &str) -> Result<Self, CalendarError> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(csv.as_bytes());
        let mut calendar = Self::default();
        let wrong = |line: u64, reason: String| CalendarError { line, reason };
        let headers = reader.headers().map_err(|error| wrong(1, error.to_string()))?;
        let column = |name| headers.iter().position(|header| header == name);
        let (Some(date), Some(kind)) = (column("date"), column("kind")) else {
            return Err(wrong(
                1,
                "the first row must name the columns `date` and `kind`".to_owned(),
            ));
        };
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                wrong(line, error.to_string())
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            let day = Date::parse(record.get(date).unwrap_or("")).map_err(|error| wrong(line, error.to_string()))?;
            let worked = match record.get(kind) {
                Some("off") => false,
                Some("work") => true,
                _ => return Err(wrong(line, "the kind of a day is `off` or `work`".to_owned())),
            };
            calendar.years.insert(day.year());
            if calendar
                .working
                .insert(day, worked)
                .is_some_and(|before| before != worked)
            {
                return Err(wrong(line, format!("{day} stands twice, once `off` and once `work`")));
            }
        }
        Ok(calendar)
    }

    /// Whether the day is worked; `None` in a year without notice.
    pub fn is_working(&self, day: Date) -> Option<bool> {
        if !self.years.contains(&day.year()) {
            return None;
        }
        Some(self.working.get(&day).copied().unwrap_or(!day.is_weekend()))
    }

    /// The first working day on or after `day`; `None` where the table ends before one is found.
    pub fn next_working_day(&self, day: Date) -> Option<Date> {
        let mut day = day;
        while !self.is_working(day)? {
            day = day.tomorrow()?;
        }
        Some(day)
    }

    /// The working day that is `count` working days after `day`, which itself is not counted.
    pub fn plus_working_days(&self, day: Date, count: u16) -> Option<Date> {
        let mut day = day;
        for _ in 0..count {
            day = self.next_working_day(day.tomorrow()?)?;
        }
        Some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    // The Spring Festival of 2024: off from 10 to 17 February, worked on the 4th and 18th.
    const SPRING: &str = "date,kind\n2024-02-04,work\n2024-02-10,off\n2024-02-11,off\n2024-02-12,off\n2024-02-13,off\n\
                          2024-02-14,off\n2024-02-15,off\n2024-02-16,off\n2024-02-17,off\n2024-02-18,work\n";

    #[test]
    fn a_make_up_sunday_is_the_next_working_day() {
        let calendar = Calendar::parse(SPRING).unwrap();
        assert_eq!(calendar.next_working_day(date("2024-02-10")), Some(date("2024-02-18")));
        assert_eq!(calendar.next_working_day(date("2024-03-02")), Some(date("2024-03-04")));
        assert_eq!(
            calendar.plus_working_days(date("2024-02-09"), 2),
            Some(date("2024-02-19"))
        );
    }

    #[test]
    fn a_year_without_notice_is_not_decided() {
        let calendar = Calendar::parse(SPRING).unwrap();
        assert_eq!(calendar.is_working(date("2025-01-04")), None);
        assert_eq!(calendar.next_working_day(date("2024-12-31")), Some(date("2024-12-31")));
        assert_eq!(calendar.plus_working_days(date("2024-12-31"), 1), None);
    }

    #[test]
    fn mistakes_name_the_line() {
        assert_eq!(Calendar::parse("date,kind\n2024-02-30,off\n").unwrap_err().line, 2);
        assert_eq!(
            Calendar::parse("date,kind\n2024-02-04,off\n2024-02-04,work\n")
                .unwrap_err()
                .line,
            3
        );
        assert_eq!(Calendar::parse("day\n").unwrap_err().line, 1);
        assert!(Calendar::parse("date,kind\n2024-02-04,maybe\n").is_err());
    }
}
