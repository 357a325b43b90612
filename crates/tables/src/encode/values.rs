//! Values, and what is stated in their place.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::types::UInt16Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int32Array, Int64Array, StringArray,
    new_null_array,
};
use arrow_schema::DataType;
use meed_facts::batch::{Bits, Column, NUMBER_SCALE, Texts, Values, unscaled};
use meed_facts::check::End;
use meed_facts::schema::{FactType, Schema};
use meed_facts::value::{Missing, Scalar, Stated};

use super::{buffer, nulls};
use crate::columns::Form;
use crate::layout::{DIGITS, high, is_short, low};

/// The type of a column of values.
pub(super) fn data_type(ty: &FactType) -> DataType {
    let decimal = |scale: u8| DataType::Decimal128(DIGITS, i8::try_from(scale).unwrap_or(0));
    match ty {
        FactType::Bool => DataType::Boolean,
        FactType::Count => DataType::Int64,
        FactType::Number(_) => decimal(NUMBER_SCALE),
        FactType::Money(currency) => decimal(u8::try_from(currency.exponent()).unwrap_or(0)),
        FactType::Date => DataType::Date32,
        FactType::Months | FactType::Days => DataType::Int32,
        FactType::Enumeration(_) => DataType::Dictionary(Box::new(DataType::UInt16), Box::new(DataType::Utf8)),
        FactType::Text | FactType::Identifier(_) => DataType::Utf8,
        FactType::One(_) | FactType::Many(_) => DataType::Null,
    }
}

/// The values of a column.
pub(super) fn values(schema: &Schema, ty: &FactType, column: Option<&Column>, rows: usize) -> ArrayRef {
    let mut empty = Column::new(ty);
    let column = column.unwrap_or_else(|| {
        empty.fill(rows);
        &empty
    });
    known_values(schema, ty, column).unwrap_or_else(|| new_null_array(&data_type(ty), rows))
}

/// One end of a column's ranges, as values.
pub(super) fn ends(schema: &Schema, ty: &FactType, end: End, column: Option<&Column>, rows: usize) -> ArrayRef {
    let mut values = Column::new(ty);
    values.fill(rows);
    for (row, which, unit) in column.into_iter().flat_map(crate::layout::ends) {
        if let (true, Some(unit)) = (which == end, unit) {
            values.known.set(row, values.values.put_unit(row, unit).is_some());
        }
    }
    self::values(schema, ty, Some(&values), rows)
}

/// What a column states in one form, as texts.
pub(super) fn texts(schema: &Schema, ty: &FactType, form: Form, column: Option<&Column>, rows: usize) -> ArrayRef {
    let mut texts: Vec<Option<String>> = vec![None; rows];
    let Some(column) = column else {
        return Arc::new(StringArray::from(texts));
    };
    let ranges = column.ranges.iter().map(|span| {
        let stated = Stated::Range(column.values.interval(*span));
        (span.row(), Cow::Owned(stated))
    });
    let others = column
        .others
        .iter()
        .map(|(row, stated)| (*row as usize, Cow::Borrowed(stated)));
    for (row, stated) in ranges.chain(others) {
        if let Some(place) = texts.get_mut(row) {
            *place = text(schema, ty, form, &stated);
        }
    }
    if let (Form::Exact, Values::Numbers { scale: 1.., units }) = (form, &column.values) {
        for (row, unit) in units.iter().enumerate().filter(|(_, unit)| !is_short(**unit)) {
            if let (true, Some(place)) = (column.known.get(row), texts.get_mut(row)) {
                *place = Some(scalar_text(schema, ty, &Scalar::Number(value_of(column, *unit))));
            }
        }
    }
    Arc::new(StringArray::from(texts))
}

fn value_of(column: &Column, unit: i64) -> meed_facts::ratio::Ratio {
    match column.values {
        Values::Numbers { scale, .. } => unscaled(unit, scale),
        _ => unscaled(unit, 0),
    }
}

fn known_values(schema: &Schema, ty: &FactType, column: &Column) -> Option<ArrayRef> {
    let valid = Some(nulls(&column.known));
    Some(match &column.values {
        Values::Nothing => return None,
        Values::Bools(bits) => Arc::new(BooleanArray::new(buffer(bits), valid)),
        Values::Numbers { scale: 0, units } if *ty == FactType::Count => {
            Arc::new(Int64Array::new(units.clone().into(), valid))
        }
        Values::Numbers { scale, units } => {
            let mut short = column.known.clone();
            for (row, _) in units.iter().enumerate().filter(|(_, unit)| !is_short(**unit)) {
                short.set(row, *scale == 0 && column.known.get(row));
            }
            let wide: Vec<i128> = units.iter().map(|unit| i128::from(*unit)).collect();
            let scale = i8::try_from(*scale).ok()?;
            let array = Decimal128Array::try_new(wide.into(), Some(nulls(&short))).ok()?;
            Arc::new(array.with_precision_and_scale(DIGITS, scale).ok()?)
        }
        Values::Dates(days) => Arc::new(Date32Array::new(days.clone().into(), valid)),
        Values::Months(whole) | Values::Days(whole) => Arc::new(Int32Array::new(whole.clone().into(), valid)),
        Values::Members(members) => Arc::new(self::members(schema, ty, members, &column.known)?),
        Values::Texts(texts) => Arc::new(words(texts, &column.known)),
    })
}

fn words(texts: &Texts, known: &Bits) -> StringArray {
    let rows = texts.iter().enumerate();
    rows.map(|(row, text)| known.get(row).then_some(text)).collect()
}

fn members(schema: &Schema, ty: &FactType, members: &[u16], known: &Bits) -> Option<DictionaryArray<UInt16Type>> {
    let FactType::Enumeration(enumeration) = ty else {
        return None;
    };
    let names = schema.enumerations[*enumeration]
        .members
        .iter()
        .map(|member| Some(&*member.name));
    let names: StringArray = names.collect();
    let keys = members
        .iter()
        .enumerate()
        .map(|(row, member)| known.get(row).then_some(*member));
    DictionaryArray::try_new(keys.collect(), Arc::new(names)).ok()
}

fn text(schema: &Schema, ty: &FactType, form: Form, stated: &Stated) -> Option<String> {
    let scalar = |value: &Scalar| scalar_text(schema, ty, value);
    match (form, stated) {
        (Form::Exact, Stated::Value(value)) => Some(scalar(value)),
        (Form::End(end), Stated::Range(range)) => {
            let bound = if end.is_low() {
                range.low.as_ref()
            } else {
                range.high.as_ref()
            }?;
            let is: End = if end.is_low() { low(bound) } else { high(bound) };
            (is == end).then(|| scalar(&bound.value))
        }
        (Form::OneOf, Stated::OneOf(members)) => {
            let names: Vec<String> = members.iter().map(scalar).collect();
            Some(names.join("|"))
        }
        (Form::Missing, Stated::Missing(reason)) => Some(
            match reason {
                Missing::Unasked => "unasked",
                Missing::Judgement => "judgement",
                Missing::Refused => "refused",
            }
            .to_owned(),
        ),
        _ => None,
    }
}

/// A value as text that reads as the value.
pub(crate) fn scalar_text(schema: &Schema, ty: &FactType, value: &Scalar) -> String {
    match (value, ty) {
        (Scalar::Bool(truth), _) => truth.to_string(),
        (Scalar::Number(number), FactType::Money(currency)) => number
            .to_decimal(currency.exponent())
            .unwrap_or_else(|| number.to_string()),
        (Scalar::Number(number), _) => number.to_string(),
        (Scalar::Date(date), _) => date.to_string(),
        (Scalar::Months(months), _) => format!("{months} months"),
        (Scalar::Days(days), _) => format!("{days} days"),
        (Scalar::Text(text), _) => text.to_string(),
        (Scalar::Member(member), FactType::Enumeration(enumeration)) => schema
            .member(*enumeration, *member)
            .map_or(String::new(), |member| member.name.to_string()),
        (Scalar::Member(member), _) => member.to_string(),
    }
}
