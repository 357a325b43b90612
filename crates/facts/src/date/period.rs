//! Calendar years and months, as the periods that yearly and monthly facts have values for.

use std::fmt;

use super::{Date, Span};
use crate::schema::PeriodUnit;

/// A calendar year or month. Periods of one unit are ordered by time; all years come before all months.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// A calendar year.
    Year(i16),
    /// A calendar month.
    Month {
        /// Its year.
        year: i16,
        /// Its month, 1 to 12.
        month: i8,
    },
}

/// Why a text is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a {}", match .unit { PeriodUnit::Year => "year; write it as in \"2022\"", PeriodUnit::Month => "month; write it as in \"2022-03\"" })]
pub struct PeriodError {
    /// The unit that was expected.
    pub unit: PeriodUnit,
}

impl Period {
    /// The period of that unit which the day belongs to.
    pub fn of(day: Date, unit: PeriodUnit) -> Self {
        match unit {
            PeriodUnit::Year => Self::Year(day.year()),
            PeriodUnit::Month => Self::Month {
                year: day.year(),
                month: day.month(),
            },
        }
    }

    /// Reads `2022` for a year and `2022-03` for a month.
    pub fn parse(text: &str, unit: PeriodUnit) -> Result<Self, PeriodError> {
        let error = PeriodError { unit };
        let first = match unit {
            PeriodUnit::Year => format!("{text}-01-01"),
            PeriodUnit::Month => format!("{text}-01"),
        };
        Date::parse(&first).map(|day| Self::of(day, unit)).map_err(|_| error)
    }

    /// Its unit.
    pub fn unit(self) -> PeriodUnit {
        match self {
            Self::Year(_) => PeriodUnit::Year,
            Self::Month { .. } => PeriodUnit::Month,
        }
    }

    /// The calendar year it is or lies in.
    pub fn year(self) -> i16 {
        match self {
            Self::Year(year) | Self::Month { year, .. } => year,
        }
    }

    /// Its first day; `None` for a period outside the years 1 to 9999.
    pub fn first_day(self) -> Option<Date> {
        match self {
            Self::Year(year) => Date::new(year, 1, 1),
            Self::Month { year, month } => Date::new(year, month, 1),
        }
    }

    /// Its last day; `None` for a period outside the years 1 to 9999.
    pub fn last_day(self) -> Option<Date> {
        match self {
            Self::Year(year) => Date::new(year, 12, 31),
            Self::Month { .. } => self.first_day().map(Date::last_of_month),
        }
    }

    /// The day after its last; `None` where the calendar ends.
    pub fn day_after(self) -> Option<Date> {
        self.last_day()?.tomorrow()
    }

    /// Its days.
    pub fn span(self) -> Span {
        Span::new(self.first_day(), self.day_after())
    }

    /// Whether it is over at the start of the day `on`.
    pub fn has_ended_on(self, on: Date) -> bool {
        self.last_day().is_some_and(|last| last < on)
    }

    /// The period `steps` later (or earlier); `None` outside the years 1 to 9999.
    pub fn offset(self, steps: i32) -> Option<Self> {
        match self {
            Self::Year(year) => {
                let year = i16::try_from(i32::from(year).checked_add(steps)?).ok()?;
                (1..=9999).contains(&year).then_some(Self::Year(year))
            }
            Self::Month { .. } => {
                let day = self.first_day()?.plus_months(super::Months(steps))?;
                Some(Self::of(day, PeriodUnit::Month))
            }
        }
    }

    /// The period after it.
    pub fn next(self) -> Option<Self> {
        self.offset(1)
    }

    /// The period before it.
    pub fn previous(self) -> Option<Self> {
        self.offset(-1)
    }
}

impl fmt::Display for Period {
    /// `2022` or `2022-03`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month { year, month } => write!(f, "{year:04}-{month:02}"),
        }
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_period_agree() {
        assert_eq!(Period::parse("2022", PeriodUnit::Year), Ok(Period::Year(2022)));
        assert_eq!(
            Period::parse("2022-03", PeriodUnit::Month),
            Ok(Period::Month { year: 2022, month: 3 })
        );
        for text in ["22", "2022-03", "02022", "", "-2022"] {
            assert!(Period::parse(text, PeriodUnit::Year).is_err(), "{text}");
        }
        assert!(Period::parse("2022-13", PeriodUnit::Month).is_err());
    }

    #[test]
    fn a_year_runs_to_the_first_day_of_the_next() {
        let span = Period::Year(2024).span();
        assert_eq!((span.from, span.until), (Date::new(2024, 1, 1), Date::new(2025, 1, 1)));
        assert!(!Period::Year(2024).has_ended_on(Date::new(2024, 12, 31).unwrap()));
        assert!(Period::Year(2024).has_ended_on(Date::new(2025, 1, 1).unwrap()));
        assert_eq!(
            Period::Month { year: 2024, month: 2 }.last_day(),
            Date::new(2024, 2, 29)
        );
    }

    #[test]
    fn steps_cross_years_and_stop_at_the_ends() {
        assert_eq!(
            Period::Month { year: 2023, month: 12 }.next(),
            Some(Period::Month { year: 2024, month: 1 })
        );
        assert_eq!(Period::Year(9999).next(), None);
        assert_eq!(Period::Year(1).previous(), None);
        assert_eq!(Period::Year(2022).offset(i32::MAX), None);
    }
}
