//! The periods of a series: the first, the one asked about, and whether that one is a period of the series at all.

use meed_facts::date::{Date, Days, Months};
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{Every, MeasureRules, Series};

use super::versions::day_bounds;
use crate::awards::certainty::Certainty;
use crate::explain::{Evaluator, Frame, Instalment};
use crate::value::{Causes, Set, Value};

/// One period of a series. It may be before the first or after the last: conditions are then judged as if it were one.
#[derive(Clone, Debug)]
pub struct Period {
    /// How many periods it comes after the first; `None` where the start is not known.
    pub index: Option<i32>,
    /// When it begins, and when the one after it does.
    pub extent: Extent,
    /// The day on which it is due, where that is known.
    pub due: Option<Date>,
    /// The frame of nodes that read the period.
    pub frame: Frame,
}

/// The period asked about, among those of the series.
#[derive(Clone, Debug)]
pub struct Timing {
    /// The first period.
    pub first: Period,
    /// The period asked about.
    pub asked: Period,
    /// Whether that is one of the series' periods.
    pub within: Certainty,
    /// The series' first day, where it is known.
    pub start: Option<Date>,
    /// Why the start is not known.
    pub causes: Causes,
}

/// The first day that something may be, and the last.
pub(crate) type Between = (Option<Date>, Option<Date>);

/// When a period may begin, and when the one after it may: it has no other end, so that no day between two belongs to neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Its first day.
    pub from: Between,
    /// The day after its last.
    pub until: Between,
}

impl Extent {
    /// The period that comes `index` periods after the first of a series that begins then.
    pub(crate) fn nth((low, high): Between, every: Every, index: i32) -> Self {
        let begins = |index: i32| {
            let shift = |day: Option<Date>| offset(day?, every, index);
            (shift(low), shift(high))
        };
        Self {
            from: begins(index),
            until: begins(index.saturating_add(1)),
        }
    }

    /// A period of a series whose first day is not known. One that begins on the last day of a month may be cut short there, and end on a later day of its own last month.
    fn of_any_series((low, high): Between, every: Every) -> Self {
        Self {
            from: (low, high),
            until: (
                low.and_then(|low| offset(low, every, 1)),
                high.and_then(|high| latest_end(high, every)),
            ),
        }
    }

    /// When it is due: at its beginning, or when it has ended.
    pub(crate) fn due(self, series: &Series) -> Between {
        if series.in_arrears { self.until } else { self.from }
    }
}

/// The latest day on which a period that contains `day` may have ended, whenever its series began.
fn latest_end(day: Date, every: Every) -> Option<Date> {
    let end = offset(day, every, 1)?;
    Some(if day == day.last_of_month() {
        end.last_of_month()
    } else {
        end
    })
}

/// The periods that a series' start gives, before anything is evaluated in them.
pub(crate) struct Bounds {
    /// The first period.
    pub first: Extent,
    /// The period asked about.
    pub asked: Extent,
    /// How many periods after the first that is, where the start is known.
    pub index: Option<i32>,
    /// Whether it is one of the series' periods.
    pub within: Certainty,
}

impl Bounds {
    /// The periods for a start, on a date.
    pub fn of(start: &Value, rules: &MeasureRules, series: &Series, date: Date) -> Self {
        let every = series.every;
        let index = |start: Date| asked_index(start, every, rules.year, date);
        let first = day_bounds(start);
        let count = i32::try_from(series.count).unwrap_or(i32::MAX);
        // A later start gives a lower index.
        let (most, least) = (first.0.map(index), first.1.map(index));
        let start = start.as_date();
        let asked = match start {
            Some(day) => Extent::nth((Some(day), Some(day)), every, index(day)),
            None => Extent::of_any_series(unknown_period(every, rules.year, date), every),
        };
        let ended = |first: Option<Date>| {
            series.ends_running && matches!((first, rules.in_force.until), (Some(first), Some(until)) if first >= until)
        };
        let within =
            if least.is_some_and(|least| least >= count) || most.is_some_and(|most| most < 0) || ended(asked.from.0) {
                Certainty::No
            } else if least.is_some_and(|least| least >= 0) && most.is_some_and(|most| most < count) && start.is_some()
            {
                Certainty::Yes
            } else {
                Certainty::Maybe
            };
        Self {
            first: Extent::nth(first, every, 0),
            asked,
            index: start.map(index),
            within,
        }
    }
}

/// A line that pays over time, as far as it tells for which of its periods an earlier award was: the one that a determination on its day asks about.
#[derive(Clone, Copy, Debug)]
pub struct Running {
    start: Between,
    every: Every,
    date: Date,
}

impl Running {
    /// A line of a series whose first period begins then, on a date.
    pub(crate) fn new(start: Between, series: &Series, date: Date) -> Self {
        Self {
            start,
            every: series.every,
            date,
        }
    }

    /// Whether an award on a day was made before the series began, for another.
    pub fn begins_after(&self, on: Option<Date>) -> Certainty {
        let Some(on) = on else { return Certainty::Maybe };
        if self.start.0.is_some_and(|start| on < start) {
            Certainty::Yes
        } else {
            Certainty::known(self.start.1.is_none_or(|start| on < start)).and(Certainty::Maybe)
        }
    }

    /// Whether an award on a day was for the period asked about.
    pub fn is_asked_on(&self, on: Option<Date>) -> Certainty {
        let Some(on) = on else { return Certainty::Maybe };
        if self.every == Every::Year {
            // Whenever the series starts, days of one year ask about one period.
            return Certainty::known(on.year() == self.date.year());
        }
        match self.start {
            (Some(start), Some(last)) if start == last => {
                let index = |day: Date| asked_index(start, self.every, day.year(), day);
                Certainty::known(index(on) == index(self.date))
            }
            _ if on == self.date => Certainty::Yes,
            _ => Certainty::known(latest_end(on, self.every).is_none_or(|end| end > self.date)).and(Certainty::Maybe),
        }
    }
}

impl Timing {
    /// What tells for which period an earlier award was.
    pub fn running(&self, series: &Series, date: Date) -> Running {
        Running::new(self.first.extent.from, series, date)
    }

    /// The periods that a line's start gives.
    pub fn of(evaluator: &Evaluator<'_>, rules: &MeasureRules, series: &Series, frame: Frame) -> Self {
        let value = evaluator.value(series.start, frame);
        let bounds = Bounds::of(value, rules, series, evaluator.program().date);
        let build = |index: Option<i32>, extent| build(evaluator, series, frame, index, extent, value.causes());
        let first = build(bounds.index.map(|_| 0), bounds.first);
        Self {
            asked: match bounds.index {
                Some(0) => first.clone(),
                index => build(index, bounds.asked),
            },
            first,
            within: bounds.within,
            start: value.as_date(),
            causes: value.causes().clone(),
        }
    }

    /// The period that comes `index` periods after the first.
    pub fn nth(&self, evaluator: &Evaluator<'_>, series: &Series, line: Frame, index: i32) -> Period {
        let known = [&self.first, &self.asked]
            .into_iter()
            .find(|known| known.index == Some(index));
        if let Some(known) = known {
            return known.clone();
        }
        let extent = Extent::nth(self.first.extent.from, series.every, index);
        build(evaluator, series, line, Some(index), extent, &self.causes)
    }
}

fn build(
    evaluator: &Evaluator<'_>,
    series: &Series,
    line: Frame,
    index: Option<i32>,
    extent: Extent,
    causes: &Causes,
) -> Period {
    let due = extent.due(series);
    let number = index.and_then(|index| u32::try_from(index.saturating_add(1)).ok());
    let frame = evaluator.instalment(
        series.scope,
        line,
        Instalment {
            number: number.unwrap_or(0),
            from: days(extent.from, causes),
            due: days(due, causes),
        },
    );
    Period {
        index,
        extent,
        due: due.0.filter(|_| extent.from.0 == extent.from.1),
        frame,
    }
}

/// A date between two days.
fn days((low, high): Between, causes: &Causes) -> Value {
    let bound = |day: Date| Bound {
        value: Scalar::Date(day),
        closed: true,
    };
    match Set::range(low.map(bound), high.map(bound)) {
        Some(set) => Value::of(set, causes.clone()),
        None => Value::undefined(causes.clone()),
    }
}

/// The first days that the period asked about may have while nothing is known of the start.
fn unknown_period(every: Every, year: i16, date: Date) -> Between {
    if every == Every::Year {
        return (Date::new(year, 1, 1), Date::new(year, 12, 31));
    }
    let back = Months(every.months().0.saturating_neg());
    let earliest = date.plus_months(back).and_then(|day| day.plus_days(Days(-1)));
    (earliest, Some(date))
}

/// How many periods after the first the one asked about is: for yearly periods the one whose first calendar year is `year`, for shorter ones the one that contains
/// the date.
fn asked_index(start: Date, every: Every, year: i16, date: Date) -> i32 {
    if every == Every::Year {
        return i32::from(year).saturating_sub(i32::from(start.year()));
    }
    let months = |day: Date| {
        i32::from(day.year())
            .saturating_mul(12)
            .saturating_add(i32::from(day.month()))
    };
    let length = every.months().0.max(1);
    let mut index = months(date)
        .saturating_sub(months(start))
        .checked_div_euclid(length)
        .unwrap_or(0);
    if offset(start, every, index).is_none_or(|first| first > date) {
        index = index.saturating_sub(1);
    } else if offset(start, every, index.saturating_add(1)).is_some_and(|next| next <= date) {
        index = index.saturating_add(1);
    }
    index
}

/// The first day of the period that comes `index` periods after the one that begins on `start`.
pub fn offset(start: Date, every: Every, index: i32) -> Option<Date> {
    start.plus_months(every.months().checked_mul(index)?)
}
