//! Facts: what was stated, what the law presumes, and what is missing with its bounds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use meed_facts::batch::{Beside, Column, Span, Values, rows_of};
use meed_facts::date::{Date, Period};
use meed_facts::schema::{FactId, FactType, PeriodUnit};
use meed_facts::value::{Interval, Missing, Scalar, Stated};
use meed_rules::program::{FactRules, NodeId, Op, ScopeId, Type};

use super::super::fraction::Fraction;
use super::super::lines::days_between;
use super::super::range::{End, Range};
use super::super::run::{At, Run};
use super::super::tables::{Binding, Rows, TableId};
use super::super::vector::{One, Ordinary, Text, Vector, set_bit};

/// What is known of a fact before anything is stated: any value that the vocabulary admits.
enum Any {
    Truth,
    Range(Range),
    Members(u64),
    Text,
}

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn fact(
        &mut self,
        at: At<'_>,
        (of, fact): (ScopeId, FactId),
        rules: &FactRules,
        out: &mut Vector<'b>,
    ) {
        let owner = self.visible(of, at.table);
        let column = self.table(owner).batch.and_then(|batch| batch.facts.get(fact));
        self.read(at, (owner, fact), [column, None], rules, out);
        self.applicable(at, rules, out);
    }

    pub(in super::super) fn fact_at(
        &mut self,
        at: At<'_>,
        (of, fact): (ScopeId, FactId),
        when: NodeId,
        rules: &FactRules,
        out: &mut Vector<'b>,
    ) {
        let owner = self.visible(of, at.table);
        let unit = self.plan.program.schema.facts[fact].period.unwrap_or(PeriodUnit::Year);
        for (period, rows) in self.periods(at, when, unit) {
            if self.plan.program.schema.facts[fact].closed_before(period).is_some() {
                self.escape_all(at.table, &rows);
                continue;
            }
            let batch = self.table(owner).batch;
            let series = batch.and_then(|batch| batch.series.get(fact)?.get(&period));
            // The whole series may have been asked for in vain.
            let whole = batch.and_then(|batch| batch.facts.get(fact));
            let part = At { rows: &rows, ..at };
            self.read(part, (owner, fact), [series, whole], rules, out);
        }
        self.applicable(at, rules, out);
    }

    /// The rows that ask for each period. A period that is not known goes to the explaining evaluator.
    fn periods(&mut self, at: At<'_>, when: NodeId, unit: PeriodUnit) -> BTreeMap<Period, Vec<u64>> {
        let mut periods: BTreeMap<Period, Vec<u64>> = BTreeMap::new();
        if let Some(period) = self.number_in(when, at.table).and_then(|number| period(number, unit)) {
            periods.insert(period, at.rows.to_vec());
            return periods;
        }
        self.need(when, at.table, at.rows);
        let mut unknown = vec![0; at.rows.len()];
        let operand = self.operand(when, at.table);
        for row in at.each() {
            let known = operand
                .number(row)
                .only()
                .and_then(|range| period(range.as_one()?, unit));
            let rows = match known {
                Some(period) => periods.entry(period).or_insert_with(|| vec![0; at.rows.len()]),
                None => &mut unknown,
            };
            set_bit(rows, row, true);
        }
        self.escape_all(at.table, &unknown);
        periods
    }

    /// Reads columns: what the first states, or else the second.
    fn read(
        &mut self,
        at: At<'_>,
        (owner, fact): (TableId, FactId),
        columns: [Option<&'b Column>; 2],
        rules: &FactRules,
        out: &mut Vector<'b>,
    ) {
        let any = self.any_value(at.node, fact);
        if let ([Some(column), None], true) = (columns, self.is_batch(at, owner))
            && fill(out, column, at.rows, &any)
        {
            let presumed = rules.presumed.as_ref().map(|(value, _)| value);
            for row in put_others(out, column, presumed, &any) {
                self.escape(at.table, row);
            }
            return;
        }
        for row in at.each() {
            let own = self.row_of(at.table, row, owner);
            let record = self.table(owner).records.of(own);
            let known = columns.iter().flatten().find(|column| column.known.get(record));
            let fits = match known {
                Some(column) => put_known(out, row, &column.values, record),
                None => {
                    let mut columns = columns.iter().flatten();
                    let stated = columns.find_map(|column| Some((*column, column.beside(record)?)));
                    let presumed = rules.presumed.as_ref().filter(|_| !self.is_rest(owner, own));
                    match stated {
                        Some((column, Beside::Range(span))) => put_span(out, row, (&column.values, span), &any),
                        Some((_, Beside::Other(stated))) => {
                            put_other(out, row, Some(stated), presumed.map(|(value, _)| value), &any)
                        }
                        None => put_other(out, row, None, presumed.map(|(value, _)| value), &any),
                    }
                }
            };
            if !fits {
                self.escape(at.table, row);
            }
        }
    }

    /// Whether all rows of a table are asked for, and are those of the batch.
    fn is_batch(&self, at: At<'_>, owner: TableId) -> bool {
        let table = self.table(owner);
        let asked = at.rows.iter().map(|rows| rows.count_ones() as usize);
        self.same_rows(at.table, owner)
            && matches!(table.records, Rows::Same)
            && table.rest.is_none()
            && asked.sum::<usize>() == table.rows
    }

    /// A value that applies only where the fact's rule says so.
    fn applicable(&mut self, at: At<'_>, rules: &FactRules, out: &mut Vector<'b>) {
        let Some(applies) = rules.applies else { return };
        self.need(applies, at.table, at.rows);
        let operand = self.operand(applies, at.table);
        for row in at.each() {
            let guard = operand.truth(row);
            let (yes, no) = guard.set.unwrap_or((false, false));
            let (may_hold, may_fail) = (yes || guard.undefined, no || guard.undefined || guard.inapplicable);
            if may_fail {
                out.may_not_apply(row, may_hold);
            }
        }
    }

    fn any_value(&self, node: NodeId, fact: FactId) -> Any {
        let schema = &self.plan.program.schema;
        match &self.plan.program.nodes[node].ty {
            Type::Bool => Any::Truth,
            Type::Enumeration(id) => {
                let count = u32::try_from(schema.enumerations[*id].members.len()).unwrap_or(u32::MAX);
                Any::Members(1_u64.checked_shl(count).map_or(u64::MAX, |bit| bit.wrapping_sub(1)))
            }
            Type::Text | Type::Identifier(_) => Any::Text,
            Type::Number(_) | Type::Date | Type::Months | Type::Days | Type::Year | Type::Month => {
                let mut range = Range::ANY;
                if schema.facts[fact].ty == FactType::Count {
                    range.low = Some(End::closed(Fraction::ZERO));
                }
                if let Some(bounds) = &schema.facts[fact].bounds {
                    range = narrowed(range, bounds).unwrap_or(range);
                }
                Any::Range(range)
            }
        }
    }

    pub(in super::super) fn bound_part(&mut self, at: At<'_>, out: &mut Vector<'b>) {
        let scope = match self.plan.program.nodes[at.node].op {
            Op::BoundYear(scope)
            | Op::InstalmentFrom(scope)
            | Op::InstalmentYear(scope)
            | Op::InstalmentMonth(scope)
            | Op::InstalmentDue(scope) => scope,
            _ => return,
        };
        let table = self.visible(scope, at.table);
        if let Binding::Year(year) = self.table(table).binding {
            let year = One::of(Range::one(Fraction::whole(year.into())));
            return at.each().for_each(|row| out.put_number(row, year));
        }
        let Some(periods) = self.periods.get(&table) else {
            return self.escape_all(at.table, at.rows);
        };
        for row in at.each() {
            let Some((from, due)) = periods.get(self.row_of(at.table, row, table)) else {
                continue;
            };
            let days = days_between(if matches!(self.plan.program.nodes[at.node].op, Op::InstalmentDue(_)) {
                *due
            } else {
                *from
            });
            let of = |part: fn(Date) -> i64| days.rising(false, |day| part_of(day, part));
            let range = match self.plan.program.nodes[at.node].op {
                Op::InstalmentDue(_) | Op::InstalmentFrom(_) => Some(days),
                Op::InstalmentYear(_) => of(|day| day.year().into()),
                _ => of(|day| {
                    i64::from(day.year())
                        .saturating_mul(12)
                        .saturating_add(day.month().into())
                        .saturating_sub(1)
                }),
            };
            out.put_number(
                row,
                One {
                    set: range.filter(|_| days.is_some()),
                    undefined: false,
                    inapplicable: false,
                },
            );
        }
    }
}

/// A part of a date as a number.
fn part_of(day: Fraction, part: fn(Date) -> i64) -> Option<Fraction> {
    let date = Date::from_days_since_epoch(i32::try_from(day.floor()).ok()?)?;
    Some(Fraction::whole(part(date).into()))
}

/// The period of a number: a year, or months since the year 0.
pub(in super::super) fn period(number: Fraction, unit: PeriodUnit) -> Option<Period> {
    let number = number.to_units(0)?;
    match unit {
        PeriodUnit::Year => i16::try_from(number).ok().map(Period::Year),
        PeriodUnit::Month => Some(Period::Month {
            year: i16::try_from(number.div_euclid(12)).ok()?,
            month: i8::try_from(number.rem_euclid(12).checked_add(1)?).ok()?,
        }),
    }
}

/// Takes over a whole column; a row whose value has no place in it may have any. Whether columns have a form for its type.
fn fill<'b>(out: &mut Vector<'b>, column: &'b Column, rows: &[u64], any: &Any) -> bool {
    let known = column.known.words();
    let unknown = || rows.iter().zip(known).map(|(rows, known)| rows & !known);
    match (&column.values, &mut out.ordinary, any) {
        (Values::Bools(values), Ordinary::Truths(truths), _) => {
            let values = values.words().iter().zip(known).zip(unknown());
            let planes = truths.yes.iter_mut().zip(&mut truths.no);
            for ((yes, no), ((value, known), unknown)) in planes.zip(values) {
                (*yes, *no) = (value & known | unknown, !value & known | unknown);
            }
        }
        (Values::Numbers { units, scale }, Ordinary::Numbers(numbers), Any::Range(any)) if *scale == numbers.scale => {
            numbers.units = Cow::Borrowed(units);
            numbers.fill(known, unknown(), *any);
        }
        (
            Values::Dates(days) | Values::Months(days) | Values::Days(days),
            Ordinary::Numbers(numbers),
            Any::Range(any),
        ) => {
            numbers.units = Cow::Owned(days.iter().map(|days| i64::from(*days)).collect());
            numbers.fill(known, unknown(), *any);
        }
        (Values::Members(members), Ordinary::Members(sets), Any::Members(any)) => {
            for (set, member) in sets.iter_mut().zip(members) {
                *set = 1_u64.wrapping_shl((*member).into());
            }
            for row in rows_of(unknown()) {
                sets.iter_mut().skip(row).take(1).for_each(|set| *set = *any);
            }
        }
        _ => return false,
    }
    true
}

/// Puts what a column states of rows whose value has no place in it, and what is presumed of those of which nothing is stated. Gives the rows for which columns have no form.
fn put_others(out: &mut Vector<'_>, column: &Column, presumed: Option<&Scalar>, any: &Any) -> Vec<usize> {
    let mut unfit = Vec::new();
    for span in &column.ranges {
        if !put_span(out, span.row(), (&column.values, *span), any) {
            unfit.push(span.row());
        }
    }
    for (row, stated) in &column.others {
        if !put_other(out, *row as usize, Some(stated), presumed, any) {
            unfit.push(*row as usize);
        }
    }
    if let Some(presumed) = presumed {
        let mut others = column.others.iter().map(|(row, _)| *row as usize).peekable();
        let mut ranges = column.ranges.iter().map(|span| span.row()).peekable();
        for row in column.known.negated().rows() {
            let is_stated = others.next_if_eq(&row).is_some() || ranges.next_if_eq(&row).is_some();
            if !is_stated && !put_scalar(out, row, presumed) {
                unfit.push(row);
            }
        }
    }
    unfit
}

/// Puts a value that has a place in a column.
fn put_known<'b>(out: &mut Vector<'b>, row: usize, values: &'b Values, record: usize) -> bool {
    match values {
        Values::Nothing => return false,
        Values::Bools(bits) => {
            let value = bits.get(record);
            out.put_truth(row, One::of((value, !value)));
        }
        Values::Numbers { scale, units } => {
            let Some(units) = units.get(record) else { return false };
            out.put_number(row, One::of(Range::one(Fraction::of_units(*units, *scale))));
        }
        Values::Dates(days) | Values::Months(days) | Values::Days(days) => {
            let Some(days) = days.get(record) else { return false };
            out.put_number(row, One::of(Range::one(Fraction::whole((*days).into()))));
        }
        Values::Members(members) => {
            let Some(set) = members
                .get(record)
                .and_then(|member| 1_u64.checked_shl((*member).into()))
            else {
                return false;
            };
            out.put_member(row, One::of(set));
        }
        Values::Texts(texts) => {
            let Some(text) = texts.get(record) else { return false };
            out.put_text(row, One::of(Text::One(Cow::Borrowed(text))));
        }
    }
    true
}

/// Puts a range in units of the column's values. Whether columns have a form for it.
fn put_span(out: &mut Vector<'_>, row: usize, (values, span): (&Values, Span), any: &Any) -> bool {
    let Any::Range(any) = any else { return false };
    let scale = match values {
        Values::Numbers { scale, .. } => *scale,
        _ => 0,
    };
    let end = |unit: Option<i64>| unit.map(|unit| End::closed(Fraction::of_units(unit, scale)));
    let stated = Range {
        low: end(span.low()),
        high: end(span.high()),
    };
    put_within(out, row, *any, any.within(&stated));
    true
}

/// Puts a range that is narrower than any.
fn put_within(out: &mut Vector<'_>, row: usize, any: Range, range: Range) {
    // An empty range is as good as none (a fact outside its bounds is refused before).
    out.put_number(row, One::of(if range.is_some() { range } else { any }));
}

/// Puts what is known where no value has a place in the column. Whether columns have a form for it.
fn put_other(out: &mut Vector<'_>, row: usize, stated: Option<&Stated>, presumed: Option<&Scalar>, any: &Any) -> bool {
    match (stated, presumed) {
        (Some(Stated::Value(value)), _) => return put_scalar(out, row, value),
        (None | Some(Stated::Missing(Missing::Unasked)), Some(value)) => return put_scalar(out, row, value),
        _ => {}
    }
    match (any, stated) {
        (Any::Range(any), Some(Stated::Range(interval))) => {
            let Some(range) = narrowed(*any, interval) else {
                return false;
            };
            put_within(out, row, *any, range);
        }
        (Any::Members(_), Some(Stated::Range(_))) => return false,
        (Any::Members(_), Some(Stated::OneOf(values))) => {
            let bits = values.iter().map(|value| match value {
                Scalar::Member(member) => 1_u64.checked_shl((*member).into()),
                _ => None,
            });
            let Some(set) = bits.sum::<Option<u64>>() else {
                return false;
            };
            out.put_member(row, One::of(set));
        }
        (_, Some(Stated::OneOf(_))) if !matches!(any, Any::Truth) => return false,
        (_, Some(Stated::Range(_))) => return false,
        (Any::Truth, Some(Stated::OneOf(values))) => {
            let may_be = |truth: bool| values.contains(&Scalar::Bool(truth));
            out.put_truth(row, One::of((may_be(true), may_be(false))));
        }
        (Any::Truth, _) => out.put_truth(row, One::of((true, true))),
        (Any::Range(range), _) => out.put_number(row, One::of(*range)),
        (Any::Members(set), _) => out.put_member(row, One::of(*set)),
        (Any::Text, _) => out.put_text(row, One::of(Text::Any)),
    }
    true
}

pub(in super::super) fn put_scalar(out: &mut Vector<'_>, row: usize, value: &Scalar) -> bool {
    let whole = |number: i32| One::of(Range::one(Fraction::whole(number.into())));
    match value {
        Scalar::Bool(value) => out.put_truth(row, One::of((*value, !value))),
        Scalar::Number(number) => match Fraction::of(number) {
            Some(number) => out.put_number(row, One::of(Range::one(number))),
            None => return false,
        },
        Scalar::Date(date) => out.put_number(row, whole(date.days_since_epoch())),
        Scalar::Months(number) | Scalar::Days(number) => out.put_number(row, whole(*number)),
        Scalar::Text(text) => out.put_text(row, One::of(Text::Shared(text.clone()))),
        Scalar::Member(member) => match 1_u64.checked_shl((*member).into()) {
            Some(set) => out.put_member(row, One::of(set)),
            None => return false,
        },
    }
    true
}

/// The numbers of a range within an interval as facts state it; `None` where an end does not fit.
pub(in super::super) fn narrowed(range: Range, interval: &Interval) -> Option<Range> {
    let end = |bound: &Option<meed_facts::value::Bound>| match bound {
        None => Some(None),
        Some(bound) => End::of(bound).map(Some),
    };
    let other = Range {
        low: end(&interval.low)?,
        high: end(&interval.high)?,
    };
    Some(range.within(&other))
}
