//! One value of a fact, by its type.

use std::sync::Arc;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use super::reader::Reader;
use crate::check;
use crate::date::Date;
use crate::money::{Currency, Money};
use crate::ratio::Ratio;
use crate::schema::{EnumerationId, FactType};
use crate::value::Scalar;

/// Reads the value; reports what is wrong with it.
pub(super) fn read(reader: &mut Reader<'_>, ty: &FactType, value: &Value<'_>) -> Option<Scalar> {
    match ty {
        FactType::Bool => boolean(reader, value),
        FactType::Count => count(reader, value),
        FactType::Number(_) => number(reader, value).map(Scalar::Number),
        FactType::Money(currency) => money(reader, *currency, value).map(|money| Scalar::Number(money.to_ratio())),
        FactType::Date => date(reader, value).map(Scalar::Date),
        FactType::Months => months(reader, value),
        FactType::Days => days(reader, value),
        FactType::Text => text(reader, value).map(Scalar::Text),
        FactType::Enumeration(enumeration) => member(reader, *enumeration, value).map(Scalar::Member),
        FactType::Identifier(kind) => {
            let given = reader.string(value, ("an identifier", "证件或代码"))?;
            reader
                .checked(value.start(), check::identifier(*kind, given))
                .map(Scalar::Text)
        }
        FactType::One(_) | FactType::Many(_) => None,
    }
}

fn boolean(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Scalar> {
    if let Value::BooleanLit(literal) = value {
        return Some(Scalar::Bool(literal.value));
    }
    reader.not(
        value,
        ("true or false", "真假值"),
        ("write true or false, without quotes", "请写 true 或 false，不加引号"),
    );
    None
}

/// A number, or a text with a decimal or `1/3`.
pub(super) fn number(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Ratio> {
    let text = match value {
        Value::NumberLit(literal) => literal.value,
        Value::StringLit(literal) => &literal.value,
        other => {
            reader.not(
                other,
                ("a number", "数字"),
                (
                    "write a number or a decimal in quotes, as in \"61000000.00\"",
                    "请写数字，或带引号的小数，如 \"61000000.00\"",
                ),
            );
            return None;
        }
    };
    reader.checked(value.start(), check::number(text))
}

fn count(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Scalar> {
    let number = number(reader, value)?;
    reader.checked(value.start(), check::count(number)).map(Scalar::Number)
}

/// An amount in main units that is whole in the smallest.
pub(super) fn money(reader: &mut Reader<'_>, currency: Currency, value: &Value<'_>) -> Option<Money> {
    let amount = number(reader, value)?;
    reader.checked(value.start(), check::amount(currency, &amount))
}

/// A calendar date.
pub(super) fn date(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Date> {
    let text = reader.string(value, ("a date", "日期"))?;
    reader.checked(value.start(), check::date(text))
}

/// A name, label or other text; never blank.
pub(super) fn text(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Arc<str>> {
    let text = reader.string(value, ("a text", "文本"))?;
    reader.checked(value.start(), check::text(text))
}

/// The position of an enumeration's member.
pub(super) fn member(reader: &mut Reader<'_>, enumeration: EnumerationId, value: &Value<'_>) -> Option<u16> {
    let name = reader.string(value, ("the name of a member", "成员名称"))?;
    reader.checked(value.start(), check::member(reader.schema, enumeration, name))
}

/// Whether an object is a duration rather than a range.
pub(super) fn is_duration(ty: &FactType, object: &Object<'_>) -> bool {
    let units: &[&str] = match ty {
        FactType::Months => &["months", "years"],
        FactType::Days => &["days"],
        _ => return false,
    };
    object
        .properties
        .iter()
        .any(|property| units.contains(&property.name.as_str()))
}

fn months(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Scalar> {
    let parts = match value {
        Value::StringLit(literal) => {
            let months = reader.checked(value.start(), check::months(&literal.value));
            return months.map(|months| Scalar::Months(months.0));
        }
        _ => duration_parts(reader, value, check::MONTHS_FORM)?,
    };
    reader
        .checked(value.start(), check::months_of(&parts))
        .map(|months| Scalar::Months(months.0))
}

fn days(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Scalar> {
    let parts = match value {
        Value::StringLit(literal) => {
            return reader
                .checked(value.start(), check::days(&literal.value))
                .map(Scalar::Days);
        }
        _ => duration_parts(reader, value, check::DAYS_FORM)?,
    };
    reader.checked(value.start(), check::days_of(&parts)).map(Scalar::Days)
}

// `{"years": 3, "months": 6}` as amounts with their units.
fn duration_parts(reader: &mut Reader<'_>, value: &Value<'_>, help: (&str, &str)) -> Option<Vec<(i32, String)>> {
    let Value::Object(object) = value else {
        reader.not(value, ("a duration", "时长"), help);
        return None;
    };
    let amount = |value: &Value<'_>| value.as_number_lit().and_then(|literal| literal.value.parse().ok());
    let properties = reader.properties(object);
    let parts: Option<Vec<(i32, String)>> = properties
        .into_iter()
        .map(|property| Some((amount(property.value)?, property.name)))
        .collect();
    let parts = parts.filter(|parts| !parts.is_empty());
    if parts.is_none() {
        reader.error(value.start(), ("this is no duration", "这不是时长"), help);
    }
    parts
}
