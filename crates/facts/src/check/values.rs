//! One value of a fact, from its text.

use std::sync::Arc;

use super::{Complaint, nfc, shown};
use crate::date::{Date, Months};
use crate::identifier::Kind;
use crate::message::Message;
use crate::money::{Currency, Money};
use crate::ratio::Ratio;
use crate::schema::{EnumerationId, FactType, Schema};
use crate::value::Scalar;

/// A value of the type; lists and records held inside have none.
pub fn scalar(schema: &Schema, ty: &FactType, given: &str) -> Result<Scalar, Complaint> {
    Ok(match ty {
        FactType::Bool => Scalar::Bool(boolean(given)?),
        FactType::Count => Scalar::Number(count(number(given)?)?),
        FactType::Number(_) => Scalar::Number(number(given)?),
        FactType::Money(currency) => Scalar::Number(amount(*currency, &number(given)?)?.to_ratio()),
        FactType::Date => Scalar::Date(date(given)?),
        FactType::Months => Scalar::Months(months(given)?.0),
        FactType::Days => Scalar::Days(days(given)?),
        FactType::Text => Scalar::Text(text(given)?),
        FactType::Enumeration(enumeration) => Scalar::Member(member(schema, *enumeration, given)?),
        FactType::Identifier(kind) => Scalar::Text(identifier(*kind, given)?),
        FactType::One(_) | FactType::Many(_) => {
            return Err(Complaint::new(
                ("records are held here, not a value", "此处是记录，不是一个值"),
                ("leave it out", "请去掉"),
            ));
        }
    })
}

/// `true` or `false`, in any letter case, as spreadsheets write them in capitals.
pub fn boolean(given: &str) -> Result<bool, Complaint> {
    match given {
        _ if given.eq_ignore_ascii_case("true") => Ok(true),
        _ if given.eq_ignore_ascii_case("false") => Ok(false),
        _ => {
            let message = (
                format!("`{}` is neither true nor false", shown(given)),
                format!("`{}` 既不是 true 也不是 false", shown(given)),
            );
            Err(Complaint::new(message, ("write true or false", "请写 true 或 false")))
        }
    }
}

/// A decimal, or two whole numbers with a stroke between: `1/3`.
pub fn number(given: &str) -> Result<Ratio, Complaint> {
    Ratio::parse(given).map_err(|error| {
        let help = number_help(given).unwrap_or_else(|| error.words());
        Complaint::new(
            (
                format!("`{}` is not a number", shown(given)),
                format!("`{}` 不是数字", shown(given)),
            ),
            help,
        )
    })
}

// The number that was probably meant.
fn number_help(text: &str) -> Option<Message> {
    let trimmed = text.trim();
    if let Some(percent) = trimmed.strip_suffix(['%', '％']) {
        let part = Ratio::parse(percent.trim()).ok()?.checked_div(&Ratio::from_int(100))?;
        return Some(Message::new(
            format!("a percentage is a number: write \"{part}\""),
            format!("百分数按数字填写：请写 \"{part}\""),
        ));
    }
    for (suffix, factor) in [("万", 10_000), ("亿", 100_000_000)] {
        if let Some((digits, _)) = trimmed.split_once(suffix) {
            let value = Ratio::parse(digits.trim())
                .ok()?
                .checked_mul(&Ratio::from_int(factor))?;
            return Some(Message::new(
                format!("write the number in full: \"{value}\""),
                format!("请写出完整的数字：\"{value}\""),
            ));
        }
    }
    let plain: String = trimmed
        .chars()
        .filter(|character| !matches!(character, ',' | '_' | ' ' | '，'))
        .collect();
    let plain = plain.trim_end_matches(|character: char| character.is_alphabetic());
    Ratio::parse(plain).ok().map(|value| {
        Message::new(
            format!("write only digits and a point: \"{value}\""),
            format!("请只写数字和小数点：\"{value}\""),
        )
    })
}

/// A whole number that is not below zero.
pub fn count(number: Ratio) -> Result<Ratio, Complaint> {
    if number.is_integer() && !number.is_negative() {
        return Ok(number);
    }
    let message = (format!("{number} is no count"), format!("{number} 不是个数"));
    Err(Complaint::new(
        message,
        ("a count is a whole number from 0", "个数是从 0 起的整数"),
    ))
}

/// What a stated amount is below, in main units: a million million of such amounts are added in 128 bits of smallest units.
const BELOW: i128 = 10_i128.pow(24);

/// An amount in main units that is whole in the smallest.
pub fn amount(currency: Currency, number: &Ratio) -> Result<Money, Complaint> {
    let most = Ratio::from_int(BELOW);
    if *number >= most || *number <= -&most {
        return Err(Complaint::new(
            ("an amount of 10^24 or more", "金额达到或超过 10^24"),
            (
                "amounts are below 10^24, so that sums of them are exact",
                "金额须小于 10^24，以便求和精确",
            ),
        ));
    }
    Money::from_ratio(number, currency).map_err(|error| {
        let digits = currency.exponent();
        let help = (
            format!("an amount of {currency} has at most {digits} digits after the point"),
            format!("{currency} 金额的小数点后至多 {digits} 位"),
        );
        Complaint::new(error.words(), help)
    })
}

/// A calendar date.
pub fn date(given: &str) -> Result<Date, Complaint> {
    Date::parse(given).map_err(|error| {
        Complaint::new(
            (
                format!("`{}` is not a date", shown(given)),
                format!("`{}` 不是日期", shown(given)),
            ),
            error.words(),
        )
    })
}

/// A name, label or other text; never blank.
pub fn text(given: &str) -> Result<Arc<str>, Complaint> {
    if given.trim().is_empty() {
        return Err(Complaint::new(
            ("this text is empty", "文本为空"),
            ("leave out what is not known", "不知道的请去掉"),
        ));
    }
    Ok(nfc(given).into())
}

/// An identifier in its canonical form.
pub fn identifier(kind: Kind, given: &str) -> Result<Arc<str>, Complaint> {
    kind.check(given, None).map_err(|error| {
        let message = (
            format!("`{}` is no {}", shown(given), kind.name()),
            format!("`{}` 不是{}", shown(given), kind.name_zh()),
        );
        Complaint::new(message, error.message)
    })
}

/// The position of an enumeration's member.
pub fn member(schema: &Schema, enumeration: EnumerationId, given: &str) -> Result<u16, Complaint> {
    let name = nfc(given);
    schema.member_called(enumeration, &name).ok_or_else(|| {
        let enumeration = &schema.enumerations[enumeration];
        let known: Vec<String> = enumeration
            .members
            .iter()
            .map(|member| member.name.to_string())
            .collect();
        let what = &enumeration.named.name;
        Complaint::unknown(
            (format!("member of {what} called"), format!("“{what}”成员")),
            &name,
            &known,
        )
    })
}

/// How a duration of [`FactType::Months`] is written.
pub(crate) const MONTHS_FORM: (&str, &str) = (
    "write {\"months\": 36} or \"3 years\"",
    "请写 {\"months\": 36} 或 \"3 years\"",
);
/// How a duration of [`FactType::Days`] is written.
pub(crate) const DAYS_FORM: (&str, &str) = (
    "write {\"days\": 30} or \"30 days\"",
    "请写 {\"days\": 30} 或 \"30 days\"",
);

/// `3 years 6 months`.
pub fn months(given: &str) -> Result<Months, Complaint> {
    let parts =
        duration_words(given).ok_or_else(|| Complaint::new(("this is no duration", "这不是时长"), MONTHS_FORM))?;
    months_of(&parts)
}

/// `30 days`.
pub fn days(given: &str) -> Result<i32, Complaint> {
    let parts =
        duration_words(given).ok_or_else(|| Complaint::new(("this is no duration", "这不是时长"), DAYS_FORM))?;
    days_of(&parts)
}

/// The sum of amounts of years and months.
pub(crate) fn months_of(parts: &[(i32, String)]) -> Result<Months, Complaint> {
    let sum = parts.iter().try_fold(Months(0), |sum, (amount, unit)| {
        let months = match unit.trim_end_matches('s') {
            "year" => Months::from_years(*amount),
            "month" => Some(Months(*amount)),
            _ => None,
        };
        sum.checked_add(months?)
    });
    sum.ok_or_else(|| {
        Complaint::new(
            ("this is no number of months and years", "这不是若干年、若干月"),
            MONTHS_FORM,
        )
    })
}

/// One amount of days.
pub(crate) fn days_of(parts: &[(i32, String)]) -> Result<i32, Complaint> {
    match parts {
        [(amount, unit)] if unit.trim_end_matches('s') == "day" => Ok(*amount),
        _ => Err(Complaint::new(("this is no number of days", "这不是若干天"), DAYS_FORM)),
    }
}

// Amounts with their units; `None` where the text is not made of such.
fn duration_words(given: &str) -> Option<Vec<(i32, String)>> {
    let words: Vec<&str> = given.split_whitespace().take(9).collect();
    let pair = |pair: &[&str]| match pair {
        [amount, unit] => Some((amount.parse().ok()?, (*unit).to_owned())),
        _ => None,
    };
    let parts: Option<Vec<_>> = words.chunks(2).map(pair).collect();
    parts.filter(|parts| !parts.is_empty())
}
