//! A column of values of one fact.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowTimestampType, Date32Type, Date64Type, Int8Type, Int16Type, Int32Type, Int64Type, IntervalYearMonthType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};
use meed_facts::batch::{Bits, Column, NUMBER_SCALE, Texts, Values};
use meed_facts::check::{self, Complaint};
use meed_facts::date::Date;
use meed_facts::schema::{EnumerationId, Fact, FactType, Schema};
use meed_facts::value::{Scalar, Stated};

use super::texts::{self, Words, is_text};
use super::{Notes, bits, known, numbers};
use crate::columns::Form;

/// Whether a column of that type can state the fact in that form.
pub(super) fn accepts(
    schema: &Schema,
    fact: &Fact,
    form: Form,
    ty: &DataType,
    unit: Option<&str>,
) -> Result<(), Complaint> {
    let needed = match form {
        Form::End(_) => {
            check::is_ordered(schema, fact)?;
            return accepts(schema, fact, Form::Value, ty, unit);
        }
        Form::OneOf => {
            if !check::has_sets(&fact.ty) {
                // The complaint says what to write in place of a set.
                return check::one_of(&fact.ty, Vec::new()).map(drop);
            }
            let listed = matches!(ty, DataType::List(item) | DataType::LargeList(item) if is_text(item.data_type()));
            (
                is_text(ty) || listed,
                ("texts as in a|b, or lists of texts", "a|b 形式的文本，或文本列表"),
            )
        }
        Form::Exact | Form::Missing => (is_text(ty), ("texts", "文本")),
        Form::Value => values(fact, ty, unit),
    };
    match needed {
        (true, _) => Ok(()),
        (false, needed) => Err(Complaint::new(
            (
                format!("this is {ty}, not {}", kind(&fact.ty).0),
                format!("这是 {ty}，不是{}", kind(&fact.ty).1),
            ),
            (format!("write {}", needed.0), format!("请写{}", needed.1)),
        )),
    }
}

/// Whether a column of that type can say true and false.
pub(super) fn is_truth(ty: &DataType) -> bool {
    *ty == DataType::Boolean || is_text(ty)
}

fn values(fact: &Fact, ty: &DataType, unit: Option<&str>) -> (bool, (&'static str, &'static str)) {
    let fine = is_text(ty);
    let short = matches!(ty, DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64);
    match &fact.ty {
        FactType::Bool => (is_truth(ty), ("true and false", "true 和 false")),
        FactType::Count | FactType::Number(_) | FactType::Money(_) => {
            let fine =
                fine || ty.is_integer() || ty.is_decimal() || matches!(ty, DataType::Float32 | DataType::Float64);
            (fine, ("whole numbers or decimals", "整数或小数"))
        }
        FactType::Date => {
            let dates = matches!(ty, DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, None));
            (
                fine || dates,
                ("dates, or texts as in 2016-05-18", "日期，或 2016-05-18 形式的文本"),
            )
        }
        FactType::Months => {
            let interval = *ty == DataType::Interval(IntervalUnit::YearMonth);
            let fine = fine || interval || (short && unit == Some("months"));
            (
                fine,
                (
                    "texts as in \"3 years\" or \"36 months\", or whole numbers with the unit `months` in the column's metadata",
                    "\"3 years\" 或 \"36 months\" 形式的文本，或在列的元数据中注明单位 `months` 的整数",
                ),
            )
        }
        FactType::Days => {
            let fine = fine || (short && unit == Some("days"));
            (
                fine,
                (
                    "texts as in \"30 days\", or whole numbers with the unit `days` in the column's metadata",
                    "\"30 days\" 形式的文本，或在列的元数据中注明单位 `days` 的整数",
                ),
            )
        }
        FactType::Enumeration(_) => (fine, ("the members' names", "成员名称")),
        FactType::Text | FactType::Identifier(_) => (fine, ("texts", "文本")),
        FactType::One(_) | FactType::Many(_) => (false, ("records", "记录")),
    }
}

fn kind(ty: &FactType) -> (&'static str, &'static str) {
    match ty {
        FactType::Bool => ("true or false", "真假值"),
        FactType::Count => ("a count", "个数"),
        FactType::Number(_) => ("a number", "数字"),
        FactType::Money(_) => ("an amount", "金额"),
        FactType::Date => ("a date", "日期"),
        FactType::Months | FactType::Days => ("a duration", "时长"),
        FactType::Text => ("a text", "文本"),
        FactType::Enumeration(_) => ("a member of an enumeration", "枚举成员"),
        FactType::Identifier(_) => ("an identifier", "证件或代码"),
        FactType::One(_) | FactType::Many(_) => ("a record", "记录"),
    }
}

/// Reads a column of a type that [`accepts`] the fact's values; what the fact does not allow is noted.
pub(super) fn read(
    schema: &Schema,
    fact: &Fact,
    array: &dyn Array,
    unit: Option<&str>,
    notes: &mut Notes<'_>,
) -> Column {
    let mut column = Column {
        known: known(array),
        values: Values::Nothing,
        ranges: Vec::new(),
        others: Vec::new(),
    };
    let rows = array.len();
    let words = Words::new(array);
    let known = column.known.clone();
    column.values = match (&fact.ty, &words) {
        (FactType::Bool, _) => Values::Bools(truths(array, &known, notes)),
        (FactType::Count | FactType::Number(_) | FactType::Money(_), _) => {
            return number_column(fact, array, unit, notes);
        }
        (FactType::Date, None) => Values::Dates(dates(array, &known, notes)),
        (FactType::Date, Some(words)) => {
            let day = |text: &str| check::date(text).map(Date::days_since_epoch);
            Values::Dates(each(words, &known, rows, notes, day))
        }
        (FactType::Months, None) => Values::Months(wholes(array, &known, notes)),
        (FactType::Months, Some(words)) => {
            let months = |text: &str| check::months(text).map(|months| months.0);
            Values::Months(each(words, &known, rows, notes, months))
        }
        (FactType::Days, None) => Values::Days(wholes(array, &known, notes)),
        (FactType::Days, Some(words)) => Values::Days(each(words, &known, rows, notes, check::days)),
        (FactType::Enumeration(enumeration), Some(words)) => {
            Values::Members(members(schema, *enumeration, words, &known, rows, notes))
        }
        (FactType::Text, Some(words)) => Values::Texts(texts::free(words, &known, rows, notes)),
        (FactType::Identifier(kind), Some(words)) => {
            Values::Texts(texts::identifiers(*kind, words, &known, rows, notes))
        }
        _ => Values::Texts(Texts::default()),
    };
    if fact.bounds.is_some() || fact.until.is_some() {
        for row in known.rows() {
            if let Some(value) = column.values.get(row) {
                notes.checked(row, check::within_bounds(fact, &value));
            }
        }
    }
    column
}

fn number_column(fact: &Fact, array: &dyn Array, unit: Option<&str>, notes: &mut Notes<'_>) -> Column {
    let scale = match &fact.ty {
        FactType::Count => 0,
        FactType::Money(currency) => u8::try_from(currency.exponent()).unwrap_or(0),
        _ => NUMBER_SCALE,
    };
    let minor = unit == Some("minor") && matches!(fact.ty, FactType::Money(_));
    let numbers = numbers::read(fact, array, scale, minor, notes);
    numbers::within_bounds(fact, scale, &numbers, notes);
    Column {
        known: numbers.known,
        values: Values::Numbers {
            scale,
            units: numbers.units,
        },
        ranges: Vec::new(),
        others: numbers.others,
    }
}

/// True and false of a column that [`is_truth`].
pub(super) fn truths(array: &dyn Array, known: &Bits, notes: &mut Notes<'_>) -> Bits {
    if let Some(array) = array.as_boolean_opt() {
        return bits(array.values());
    }
    let Some(words) = Words::new(array) else {
        return Bits::none(array.len());
    };
    Bits::of(each(&words, known, array.len(), notes, check::boolean))
}

// Each known row's text read; the others have a value that means nothing.
fn each<T: Default>(
    words: &Words<'_>,
    known: &Bits,
    rows: usize,
    notes: &mut Notes<'_>,
    read: impl Fn(&str) -> Result<T, Complaint>,
) -> Vec<T> {
    let value = |row| match known.get(row) {
        true => notes.checked(row, read(words.get(row))).unwrap_or_default(),
        false => T::default(),
    };
    (0..rows).map(value).collect()
}

fn members(
    schema: &Schema,
    enumeration: EnumerationId,
    words: &Words<'_>,
    known: &Bits,
    rows: usize,
    notes: &mut Notes<'_>,
) -> Vec<u16> {
    let member = |text: &str| check::member(schema, enumeration, text);
    if let Some((keys, names)) = words.dictionary() {
        let found: Vec<Result<u16, Complaint>> = (0..names.len()).map(|name| member(names.get(name))).collect();
        if let Some(found) = found
            .iter()
            .map(|found| found.as_ref().ok().copied())
            .collect::<Option<Vec<u16>>>()
        {
            let value = |(row, key): (usize, &usize)| match known.get(row) {
                true => found.get(*key).copied().unwrap_or_default(),
                false => 0,
            };
            return keys.iter().enumerate().map(value).collect();
        }
        let value = |(row, key): (usize, &usize)| match (known.get(row), found.get(*key)) {
            (true, Some(found)) => notes.checked(row, found.clone()).unwrap_or_default(),
            _ => 0,
        };
        return keys.iter().enumerate().map(value).collect();
    }
    let mut seen: HashMap<&str, Result<u16, Complaint>> = HashMap::new();
    let value = |row| match known.get(row) {
        true => {
            let text = words.get(row);
            let found = seen.entry(text).or_insert_with(|| member(text));
            notes.checked(row, found.clone()).unwrap_or_default()
        }
        false => 0,
    };
    (0..rows).map(value).collect()
}

fn dates(array: &dyn Array, known: &Bits, notes: &mut Notes<'_>) -> Vec<i32> {
    let days: Vec<i32> = match array.data_type() {
        DataType::Date32 => array.as_primitive::<Date32Type>().values().to_vec(),
        DataType::Date64 => days_of::<Date64Type>(array, MILLIS_A_DAY),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => moments::<TimestampSecondType>(array, 86_400),
            TimeUnit::Millisecond => moments::<TimestampMillisecondType>(array, MILLIS_A_DAY),
            TimeUnit::Microsecond => moments::<TimestampMicrosecondType>(array, 86_400_000_000),
            TimeUnit::Nanosecond => moments::<TimestampNanosecondType>(array, 86_400_000_000_000),
        },
        _ => vec![0; array.len()],
    };
    let (first, last) = (ends_of_time(1, 1, 1), ends_of_time(9999, 12, 31));
    if days.iter().all(|day| (first..=last).contains(day)) {
        return days;
    }
    for row in known.rows() {
        if !days.get(row).is_some_and(|day| (first..=last).contains(day)) {
            let message = (
                "this is no day of the years 1 to 9999, or not its beginning",
                "这不是公元 1 至 9999 年间的某一天，或不是一天的起点",
            );
            notes.add(
                row,
                Complaint::new(message, ("write days, without a time", "请写日期，不带时刻")),
            );
        }
    }
    days
}

fn ends_of_time(year: i16, month: i8, day: i8) -> i32 {
    Date::new(year, month, day).map_or(0, Date::days_since_epoch)
}

const MILLIS_A_DAY: i64 = 86_400_000;

fn moments<T: ArrowTimestampType>(array: &dyn Array, a_day: i64) -> Vec<i32> {
    days_of::<T>(array, a_day)
}

// Moments that are no beginning of a day become no day.
fn days_of<T: ArrowPrimitiveType<Native = i64>>(array: &dyn Array, a_day: i64) -> Vec<i32> {
    let day = |moment: &i64| {
        let day = i32::try_from(moment.div_euclid(a_day)).ok()?;
        (moment.rem_euclid(a_day) == 0).then_some(day)
    };
    let values = array.as_primitive::<T>().values();
    values.iter().map(|moment| day(moment).unwrap_or(i32::MIN)).collect()
}

// Durations in whole numbers.
fn wholes(array: &dyn Array, known: &Bits, notes: &mut Notes<'_>) -> Vec<i32> {
    match array.data_type() {
        DataType::Int8 => array
            .as_primitive::<Int8Type>()
            .values()
            .iter()
            .map(|value| i32::from(*value))
            .collect(),
        DataType::Int16 => array
            .as_primitive::<Int16Type>()
            .values()
            .iter()
            .map(|value| i32::from(*value))
            .collect(),
        DataType::Int32 => array.as_primitive::<Int32Type>().values().to_vec(),
        DataType::Interval(_) => array.as_primitive::<IntervalYearMonthType>().values().to_vec(),
        DataType::Int64 => {
            let values = array.as_primitive::<Int64Type>().values();
            let value = |(row, value): (usize, &i64)| match i32::try_from(*value) {
                Ok(value) => value,
                Err(_) => {
                    if known.get(row) {
                        notes.add(row, Complaint::alone(("this duration is too long", "时长过长")));
                    }
                    0
                }
            };
            values.iter().enumerate().map(value).collect()
        }
        _ => vec![0; array.len()],
    }
}

/// Puts a value that was found beside its column into it; `None` for one that has a place nowhere in the column.
pub(super) fn place(column: &mut Column, row: usize, value: &Scalar) -> Option<()> {
    match (&mut column.values, value) {
        (Values::Numbers { scale, units }, Scalar::Number(number)) => {
            *units.get_mut(row)? = meed_facts::batch::scaled(number, *scale)?;
        }
        (Values::Bools(bits), Scalar::Bool(truth)) => bits.set(row, *truth),
        (Values::Members(members), Scalar::Member(member)) => *members.get_mut(row)? = *member,
        _ => return None,
    }
    column.known.set(row, true);
    Some(())
}

/// A stated value of a row.
pub(super) fn value_at(column: &Column, row: usize) -> Option<Scalar> {
    match column.stated(row)? {
        Stated::Value(value) => Some(value),
        _ => None,
    }
}
