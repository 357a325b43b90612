//! One value of a fact, by its type.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use super::reader::{Reader, nfc, shown};
use crate::date::{Date, Months};
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
        FactType::Text => text(reader, value),
        FactType::Enumeration(enumeration) => member(reader, *enumeration, value).map(Scalar::Member),
        FactType::Identifier(kind) => {
            let text = reader.string(value, "an identifier")?;
            match kind.check(text, None) {
                Ok(canonical) => Some(Scalar::Text(canonical)),
                Err(error) => {
                    let message = format!("`{}` is no {}", shown(text), kind.name());
                    reader.error(value.start(), message, error.to_string());
                    None
                }
            }
        }
        FactType::One(_) | FactType::Many(_) => None,
    }
}

fn boolean(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Scalar> {
    if let Value::BooleanLit(literal) = value {
        return Some(Scalar::Bool(literal.value));
    }
    reader.not(value, "true or false", "write true or false, without quotes");
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
                "a number",
                "write a number or a decimal in quotes, as in \"61000000.00\"",
            );
            return None;
        }
    };
    match Ratio::parse(text) {
        Ok(number) => Some(number),
        Err(error) => {
            let help = number_help(text).unwrap_or_else(|| error.to_string());
            reader.error(value.start(), format!("`{}` is not a number", shown(text)), help);
            None
        }
    }
}

// The number that was probably meant.
fn number_help(text: &str) -> Option<String> {
    let trimmed = text.trim();
    if let Some(percent) = trimmed.strip_suffix(['%', '％']) {
        let part = Ratio::parse(percent.trim()).ok()?.checked_div(&Ratio::from_int(100))?;
        return Some(format!("a percentage is a number: write \"{part}\""));
    }
    for (suffix, factor) in [("万", 10_000), ("亿", 100_000_000)] {
        if let Some((digits, _)) = trimmed.split_once(suffix) {
            let value = Ratio::parse(digits.trim())
                .ok()?
                .checked_mul(&Ratio::from_int(factor))?;
            return Some(format!("write the number in full: \"{value}\""));
        }
    }
    let plain: String = trimmed
        .chars()
        .filter(|character| !matches!(character, ',' | '_' | ' ' | '，'))
        .collect();
    let plain = plain.trim_end_matches(|character: char| character.is_alphabetic());
    Ratio::parse(plain)
        .ok()
        .map(|value| format!("write only digits and a point: \"{value}\""))
}

fn count(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Scalar> {
    let number = number(reader, value)?;
    if number.is_integer() && !number.is_negative() {
        return Some(Scalar::Number(number));
    }
    reader.error(
        value.start(),
        format!("{number} is no count"),
        "a count is a whole number from 0",
    );
    None
}

/// An amount in main units that is whole in the smallest.
pub(super) fn money(reader: &mut Reader<'_>, currency: Currency, value: &Value<'_>) -> Option<Money> {
    let amount = number(reader, value)?;
    match Money::from_ratio(&amount, currency) {
        Ok(money) => Some(money),
        Err(error) => {
            let help = format!(
                "an amount of {currency} has at most {} digits after the point",
                currency.exponent()
            );
            reader.error(value.start(), error.to_string(), help);
            None
        }
    }
}

/// A calendar date.
pub(super) fn date(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Date> {
    let text = reader.string(value, "a date")?;
    match Date::parse(text) {
        Ok(date) => Some(date),
        Err(error) => {
            reader.error(
                value.start(),
                format!("`{}` is not a date", shown(text)),
                error.to_string(),
            );
            None
        }
    }
}

/// A name, label or other text; never blank.
pub(super) fn text(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Scalar> {
    let text = reader.string(value, "a text")?;
    if text.trim().is_empty() {
        reader.error(value.start(), "this text is empty", "leave out what is not known");
        return None;
    }
    Some(Scalar::Text(nfc(text).into()))
}

/// The position of an enumeration's member.
pub(super) fn member(reader: &mut Reader<'_>, enumeration: EnumerationId, value: &Value<'_>) -> Option<u16> {
    let name = nfc(reader.string(value, "the name of a member")?);
    let position = reader.schema.member_called(enumeration, &name);
    if position.is_none() {
        let enumeration = &reader.schema.enumerations[enumeration];
        let known: Vec<String> = enumeration
            .members
            .iter()
            .map(|member| member.name.to_string())
            .collect();
        reader.unknown(
            value.start(),
            &format!("member of {} called", enumeration.named.name),
            &name,
            &known,
        );
    }
    position
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
    let help = "write {\"months\": 36} or \"3 years\"";
    let parts = duration_parts(reader, value, help)?;
    let total = parts.into_iter().try_fold(Months(0), |sum, (amount, unit)| {
        let months = match unit.trim_end_matches('s') {
            "year" => Months::from_years(amount),
            "month" => Some(Months(amount)),
            _ => None,
        };
        sum.checked_add(months?)
    });
    if total.is_none() {
        reader.error(value.start(), "this is no number of months and years", help);
    }
    total.map(|months| Scalar::Months(months.0))
}

fn days(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Scalar> {
    let help = "write {\"days\": 30} or \"30 days\"";
    let parts = duration_parts(reader, value, help)?;
    if let [(amount, unit)] = parts.as_slice()
        && unit.trim_end_matches('s') == "day"
    {
        return Some(Scalar::Days(*amount));
    }
    reader.error(value.start(), "this is no number of days", help);
    None
}

// `{"years": 3, "months": 6}` or `"3 years 6 months"` as amounts with their units.
fn duration_parts(reader: &mut Reader<'_>, value: &Value<'_>, help: &str) -> Option<Vec<(i32, String)>> {
    let parts: Option<Vec<(i32, String)>> = match value {
        Value::Object(object) => {
            let amount = |value: &Value<'_>| value.as_number_lit().and_then(|literal| literal.value.parse().ok());
            let properties = reader.properties(object);
            properties
                .into_iter()
                .map(|property| Some((amount(property.value)?, property.name)))
                .collect()
        }
        Value::StringLit(literal) => {
            let words: Vec<&str> = literal.value.split_whitespace().take(9).collect();
            let pair = |pair: &[&str]| match pair {
                [amount, unit] => Some((amount.parse().ok()?, (*unit).to_owned())),
                _ => None,
            };
            words.chunks(2).map(pair).collect()
        }
        other => {
            reader.not(other, "a duration", help);
            return None;
        }
    };
    let parts = parts.filter(|parts| !parts.is_empty());
    if parts.is_none() {
        reader.error(value.start(), "this is no duration", help);
    }
    parts
}
