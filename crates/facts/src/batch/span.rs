//! Ranges that columns hold as they hold values.

use super::Values;
use crate::date::Date;
use crate::value::{Bound, Interval, Scalar};

/// What one row's value lies between, both ends included, in the column's own units: multiples, days or months.
// INVARIANT: at least one end is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    row: u32,
    low: i64,
    high: i64,
}

// Stand for ends without limit, in the room of a number.
const NO_LOW: i64 = i64::MIN;
const NO_HIGH: i64 = i64::MAX;

impl Span {
    /// From the least to the greatest value, `None` without limit; where that has a form in columns.
    pub fn new(row: usize, low: Option<i64>, high: Option<i64>) -> Option<Self> {
        let has_form = low != Some(NO_LOW) && high != Some(NO_HIGH) && (low.is_some() || high.is_some());
        has_form.then_some(Self {
            row: u32::try_from(row).ok()?,
            low: low.unwrap_or(NO_LOW),
            high: high.unwrap_or(NO_HIGH),
        })
    }

    /// Whose value.
    pub fn row(self) -> usize {
        self.row as usize
    }

    /// The least that it may be.
    pub fn low(self) -> Option<i64> {
        (self.low != NO_LOW).then_some(self.low)
    }

    /// The most that it may be.
    pub fn high(self) -> Option<i64> {
        (self.high != NO_HIGH).then_some(self.high)
    }
}

impl Values {
    /// A row's value in the column's units; that of a row that is not known means nothing.
    pub fn unit(&self, row: usize) -> Option<i64> {
        match self {
            Self::Numbers { units, .. } => units.get(row).copied(),
            Self::Dates(days) | Self::Months(days) | Self::Days(days) => days.get(row).map(|days| i64::from(*days)),
            _ => None,
        }
    }

    /// A value in the column's units.
    pub fn unit_of(&self, value: &Scalar) -> Option<i64> {
        match (self, value) {
            (Self::Numbers { scale, .. }, Scalar::Number(number)) => super::scaled(number, *scale),
            (Self::Dates(_), Scalar::Date(date)) => Some(date.days_since_epoch().into()),
            (Self::Months(_), Scalar::Months(whole)) | (Self::Days(_), Scalar::Days(whole)) => Some((*whole).into()),
            _ => None,
        }
    }

    /// Puts a value of a row, given in the column's units; nothing where there is no such row or the value does not fit.
    pub fn put_unit(&mut self, row: usize, unit: i64) -> Option<()> {
        match self {
            Self::Numbers { units, .. } => *units.get_mut(row)? = unit,
            Self::Dates(days) | Self::Months(days) | Self::Days(days) => {
                *days.get_mut(row)? = i32::try_from(unit).ok()?;
            }
            _ => return None,
        }
        Some(())
    }

    fn of_unit(&self, unit: i64) -> Option<Scalar> {
        let whole = || i32::try_from(unit).ok();
        match self {
            Self::Numbers { scale, .. } => Some(Scalar::Number(super::unscaled(unit, *scale))),
            Self::Dates(_) => Date::from_days_since_epoch(whole()?).map(Scalar::Date),
            Self::Months(_) => whole().map(Scalar::Months),
            Self::Days(_) => whole().map(Scalar::Days),
            _ => None,
        }
    }

    /// An interval in the column's units, where it has that form.
    pub(super) fn span(&self, row: usize, interval: &Interval) -> Option<Span> {
        let end = |bound: Option<&Bound>| match bound {
            None => Some(None),
            Some(bound) if bound.closed => self.unit_of(&bound.value).map(Some),
            Some(_) => None,
        };
        Span::new(row, end(interval.low.as_ref())?, end(interval.high.as_ref())?)
    }

    /// The interval that a span of the column is.
    pub fn interval(&self, span: Span) -> Interval {
        let bound = |unit: Option<i64>| {
            let value = self.of_unit(unit?)?;
            Some(Bound { value, closed: true })
        };
        Interval {
            low: bound(span.low()),
            high: bound(span.high()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Column;
    use super::*;
    use crate::ratio::Ratio;
    use crate::schema::FactType;
    use crate::value::Stated;

    fn range(low: Option<Scalar>, high: Option<Scalar>, closed: bool) -> Stated {
        let bound = |value: Option<Scalar>| value.map(|value| Bound { value, closed });
        Stated::Range(Interval {
            low: bound(low),
            high: bound(high),
        })
    }

    #[test]
    fn a_range_is_given_back_as_it_was_stated_whether_columns_have_a_form_for_it_or_not() {
        let number = |text: &str| Some(Scalar::Number(Ratio::parse(text).unwrap()));
        let least = Some(Scalar::Number(Ratio::from_int(i64::MIN.into())));
        let cases = [
            (range(number("1.5"), number("2"), true), true),
            (range(None, number("-3"), true), true),
            (range(number("0"), None, true), true),
            (range(number("1.5"), number("2"), false), false),
            (range(number("1/3"), None, true), false),
            (range(least, None, true), false),
        ];
        let mut column = Column::new(&FactType::Number(None));
        cases.iter().for_each(|(stated, _)| column.push(Some(stated)));
        for (row, (stated, is_span)) in cases.iter().enumerate() {
            assert_eq!(column.stated(row).as_ref(), Some(stated));
            assert_eq!(
                column.ranges.iter().any(|span| span.row() == row),
                *is_span,
                "{stated:?}"
            );
        }
        let mut days = Column::new(&FactType::Date);
        let day = range(Some(Scalar::Date(Date::new(2023, 2, 28).unwrap())), None, true);
        days.push(Some(&day));
        assert_eq!((days.stated(0), days.ranges.len()), (Some(day), 1));
    }
}
