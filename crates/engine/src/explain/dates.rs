//! Calendar arithmetic. Each function rises or falls with each operand, so a range's ends give the result's ends.

use meed_facts::date::{Date, Days, Months, age, days_in_year, full_years_between};
use meed_facts::ratio::Ratio;
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{NodeId, Op, Program, Type};

use super::lift::{strict, strict2};
use super::{At, Evaluator};
use crate::value::numbers::Outcome;
use crate::value::{CauseKind, Causes, Set, Value, compare};

/// The most years that are looked at one by one for their length.
const MOST_YEARS: i128 = 16;

impl Evaluator<'_> {
    pub(super) fn dates(&self, at: At) -> Value {
        let mut operands = Vec::new();
        let op = &self.program.nodes[at.node].op;
        op.operands(&mut |operand| operands.push(self.value(operand, at.frame)));
        of_dates(self.program, at.node, &operands)
    }
}

/// What a node of calendar arithmetic makes of its operands, in the order of the text.
pub(crate) fn of_dates(program: &Program, node: NodeId, operands: &[&Value]) -> Value {
    let undefined = || Causes::at(CauseKind::Undefined, node);
    let two = |a: &Value, b: &Value, function: fn(&Set, &Set) -> Outcome| strict2(a, b, undefined, function);
    match (&program.nodes[node].op, operands) {
        (Op::AddMonths(..), [date, months]) => two(date, months, |a, b| both_rising(a, b, false, add_months)),
        (Op::AddDays(..), [date, days]) => two(date, days, |a, b| both_rising(a, b, true, add_days)),
        (Op::DaysBetween(..), [later, earlier]) => two(earlier, later, |a, b| falling_rising(a, b, true, days_between)),
        (Op::Age(..), [born, on]) => two(born, on, ages),
        (Op::FullYearsBetween(..), [from, to]) => two(from, to, |a, b| falling_rising(a, b, false, full_years)),
        (Op::YearOf(_), [date]) => year_of_value(date),
        (Op::MonthOf(_), [date]) => month_of_value(date),
        (Op::DaysIn(_), [year]) => strict(year, undefined, |years| days_in(years, &program.nodes[node].ty)),
        (Op::NextWorkingDay(_), [date]) => next_working_day(program, node, date),
        _ => Value::undefined(undefined()),
    }
}

fn next_working_day(program: &Program, node: NodeId, date: &Value) -> Value {
    let mut unannounced = false;
    let mut next = |bound: Option<Bound>| match bound?.value {
        Scalar::Date(day) => {
            let next = program.calendar.next_working_day(day);
            unannounced |= next.is_none();
            next.map(|next| closed(Scalar::Date(next)))
        }
        _ => None,
    };
    let Some(set) = date.set() else { return date.clone() };
    let (low, high) = set.ends();
    let (least, greatest) = (next(low.clone()), next(high));
    // Where no notice of holidays is known, the day is not known, but it is not before the date.
    let values = Set::range(least.or(low), greatest);
    let mut causes = date.causes().clone();
    if unannounced {
        causes.merge(&Causes::at(CauseKind::TextMissing, node));
    }
    Value::new(values, date.may_be_undefined(), date.may_be_inapplicable(), causes)
}

/// The calendar year of a date.
pub(super) fn year_of_value(date: &Value) -> Value {
    strict(date, || Causes::NONE, |set| rising(set, year_of))
}

/// The calendar month of a date.
pub(super) fn month_of_value(date: &Value) -> Value {
    strict(date, || Causes::NONE, |set| rising(set, month_of))
}

type Image = fn(&Scalar, &Scalar) -> Option<Scalar>;

fn closed(value: Scalar) -> Bound {
    Bound { value, closed: true }
}

/// A function of two operands that rises with both.
fn both_rising(a: &Set, b: &Set, strictly: bool, function: Image) -> Outcome {
    let ((a_low, a_high), (b_low, b_high)) = (a.ends(), b.ends());
    between((a_low, b_low), (a_high, b_high), strictly, function)
}

/// A function that falls with the first operand and rises with the second.
fn falling_rising(a: &Set, b: &Set, strictly: bool, function: Image) -> Outcome {
    let ((a_low, a_high), (b_low, b_high)) = (a.ends(), b.ends());
    between((a_high, b_low), (a_low, b_high), strictly, function)
}

type Corner = (Option<Bound>, Option<Bound>);

fn between(least: Corner, greatest: Corner, strictly: bool, function: Image) -> Outcome {
    let mut undefined = false;
    let mut image = |(a, b): Corner| {
        let (a, b) = (a?, b?);
        let value = function(&a.value, &b.value);
        undefined |= value.is_none();
        value.map(|value| Bound {
            value,
            closed: !strictly || (a.closed && b.closed),
        })
    };
    let (low, high) = (image(least), image(greatest));
    if low.is_none() && high.is_none() && undefined {
        return Outcome::UNDEFINED;
    }
    Outcome {
        set: Set::range(low, high),
        undefined,
    }
}

fn rising(set: &Set, function: fn(Date) -> Ratio) -> Outcome {
    let image = |bound: Option<Bound>| match bound?.value {
        Scalar::Date(date) => Some(closed(Scalar::Number(function(date)))),
        _ => None,
    };
    let (low, high) = set.ends();
    Outcome {
        set: Set::range(image(low), image(high)),
        undefined: false,
    }
}

fn add_months(date: &Scalar, months: &Scalar) -> Option<Scalar> {
    match (date, months) {
        (Scalar::Date(date), Scalar::Months(months)) => date.plus_months(Months(*months)).map(Scalar::Date),
        _ => None,
    }
}

fn add_days(date: &Scalar, days: &Scalar) -> Option<Scalar> {
    match (date, days) {
        (Scalar::Date(date), Scalar::Days(days)) => date.plus_days(Days(*days)).map(Scalar::Date),
        _ => None,
    }
}

fn days_between(earlier: &Scalar, later: &Scalar) -> Option<Scalar> {
    match (earlier, later) {
        (Scalar::Date(earlier), Scalar::Date(later)) => Some(Scalar::Days(earlier.days_until(*later).0)),
        _ => None,
    }
}

fn full_years(from: &Scalar, to: &Scalar) -> Option<Scalar> {
    match (from, to) {
        (Scalar::Date(from), Scalar::Date(to)) => Some(number(full_years_between(*from, *to))),
        _ => None,
    }
}

/// Whole years of age; undefined before birth.
fn ages(born: &Set, on: &Set) -> Outcome {
    let age_or_none = |born: &Scalar, on: &Scalar| match (born, on) {
        (Scalar::Date(born), Scalar::Date(on)) => age(*born, *on).map(number),
        _ => None,
    };
    let ((first, last), (from, to)) = (born.ends(), on.ends());
    let before = |on: &Option<Bound>, born: &Option<Bound>| match (on, born) {
        (Some(on), Some(born)) => compare(&on.value, &born.value).is_lt(),
        _ => false,
    };
    if before(&to, &first) {
        return Outcome::UNDEFINED;
    }
    let may_be_unborn = from.is_none() || last.is_none() || before(&from, &last);
    let image = |born: Option<Bound>, on: Option<Bound>| age_or_none(&born?.value, &on?.value).map(closed);
    let youngest = image(last, from).unwrap_or(closed(number(0)));
    Outcome {
        set: Set::range(Some(youngest), image(first, to)),
        undefined: may_be_unborn,
    }
}

fn number(whole: i32) -> Scalar {
    Scalar::Number(Ratio::from(whole))
}

fn year_of(date: Date) -> Ratio {
    Ratio::from(i32::from(date.year()))
}

fn month_of(date: Date) -> Ratio {
    let months = i32::from(date.year())
        .saturating_mul(12)
        .saturating_add(date.month().into());
    Ratio::from(months.saturating_sub(1))
}

/// 365 or 366 days; undefined outside the calendar.
fn days_in(years: &Set, ty: &Type) -> Outcome {
    let days = |days: i32| match ty {
        Type::Days => Scalar::Days(days),
        _ => number(days),
    };
    let length = |year: i128| i16::try_from(year).ok().and_then(days_in_year);
    let any = || Outcome {
        set: Set::range(Some(closed(days(365))), Some(closed(days(366)))),
        undefined: false,
    };
    let whole = |bound: Option<Bound>, round: fn(&Ratio) -> Ratio| match bound?.value {
        Scalar::Number(year) => round(&year).to_i128(),
        _ => None,
    };
    let (low, high) = years.ends();
    let (Some(first), Some(last)) = (whole(low, Ratio::ceil), whole(high, Ratio::floor)) else {
        return any();
    };
    if last.saturating_sub(first) >= MOST_YEARS {
        return any();
    }
    let lengths: Vec<Option<i32>> = (first..=last).map(length).collect();
    let sets = lengths.iter().flatten().map(|length| Set::One(days(*length)));
    Outcome {
        set: sets.reduce(|a, b| a.hull(&b)),
        undefined: lengths.contains(&None),
    }
}
