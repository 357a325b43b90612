//! Half-open ranges of dates.

use super::Date;

/// The days from `from` (inclusive) until `until` (exclusive); an end that is `None` is open without limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
}

impl Span {
    /// All days.
    pub const ALWAYS: Self = Self {
        from: None,
        until: None,
    };

    /// The days from `from` until before `until`.
    pub fn new(from: Option<Date>, until: Option<Date>) -> Self {
        Self { from, until }
    }

    /// Whether the day belongs to it.
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// Whether it has no day.
    pub fn is_empty(self) -> bool {
        matches!((self.from, self.until), (Some(from), Some(until)) if until <= from)
    }

    /// The days of both.
    pub fn intersection(self, other: Self) -> Self {
        let later = match (self.from, other.from) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        let earlier = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self {
            from: later,
            until: earlier,
        }
    }

    /// Whether some day belongs to both.
    pub fn overlaps(self, other: Self) -> bool {
        !self.intersection(other).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: &str, until: &str) -> Span {
        Span::new(Date::parse(from).ok(), Date::parse(until).ok())
    }

    #[test]
    fn the_first_day_belongs_to_it_and_the_end_does_not() {
        let year = span("2022-01-01", "2023-01-01");
        let has = |day| year.contains(Date::parse(day).unwrap());
        assert!(has("2022-01-01") && has("2022-12-31") && !has("2023-01-01") && !has("2021-12-31"));
    }

    #[test]
    fn neighbours_do_not_overlap() {
        assert!(!span("2022-01-01", "2023-01-01").overlaps(span("2023-01-01", "")));
        assert!(span("2022-01-01", "").overlaps(span("", "2022-01-02")));
        assert!(!span("2022-01-01", "2022-01-01").overlaps(Span::ALWAYS));
    }
}
