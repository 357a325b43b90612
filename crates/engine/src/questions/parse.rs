//! One value as a person types it, read exactly.

use meed_facts::date::{Date, Months};
use meed_facts::message::Message;
use meed_facts::money::Money;
use meed_facts::ratio::Ratio;
use meed_facts::schema::{EnumerationId, FactType, Schema};
use meed_facts::value::Scalar;

/// A value of a fact's type; what is wrong with it otherwise.
pub fn scalar(schema: &Schema, ty: &FactType, text: &str) -> Result<Scalar, Message> {
    let text = text.trim();
    Ok(match ty {
        FactType::Bool => Scalar::Bool(truth(text).ok_or(("answer yes or no", "请回答是或否"))?),
        FactType::Count => {
            let count = number(text)?;
            if !count.is_integer() || count.is_negative() {
                return Err(("a count is a whole number from 0", "个数是从 0 起的整数").into());
            }
            Scalar::Number(count)
        }
        FactType::Number(_) => Scalar::Number(number(text)?),
        FactType::Money(currency) => {
            let plain = text.trim_end_matches('元').trim_end_matches(currency.code());
            let amount = Money::from_ratio(&number(plain)?, *currency).map_err(|error| error.words())?;
            Scalar::Number(amount.to_ratio())
        }
        FactType::Date => Scalar::Date(date(text)?),
        FactType::Months => Scalar::Months(
            months(text).ok_or(("a time is written as 3 years or 36 months", "时长写作 3 年或 36 个月"))?,
        ),
        FactType::Days => {
            let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
            Scalar::Days(digits.parse().map_err(|_| ("days are a whole number", "天数是整数"))?)
        }
        FactType::Text if text.is_empty() => return Err(("the text is empty", "文本为空").into()),
        FactType::Text => Scalar::Text(text.into()),
        FactType::Enumeration(id) => Scalar::Member(member(schema, *id, text)?),
        FactType::Identifier(kind) => Scalar::Text(kind.check(text, None).map_err(|error| error.message)?),
        FactType::One(_) | FactType::Many(_) => {
            return Err(("this is a record, not a value", "这是记录，不是一个值").into());
        }
    })
}

/// Yes or no in both languages.
pub fn truth(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "是" | "有" => Some(true),
        "no" | "n" | "false" | "否" | "无" | "没有" => Some(false),
        _ => None,
    }
}

/// A number: `1_000.5`, `1,000.5`, `50万`, `1.2亿`, `3%`, `1/3`.
pub fn number(text: &str) -> Result<Ratio, Message> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，' | '_' | ' ')).collect();
    let scales = [
        ("万", (10_000, 1)),
        ("亿", (100_000_000, 1)),
        ("%", (1, 100)),
        ("％", (1, 100)),
    ];
    let (digits, scale) = scales
        .iter()
        .find_map(|(sign, scale)| plain.strip_suffix(sign).map(|digits| (digits, *scale)))
        .unwrap_or((&plain, (1, 1)));
    let value = Ratio::parse(digits).map_err(|error| error.words())?;
    let scale = Ratio::new(scale.0, scale.1).unwrap_or(Ratio::ONE);
    value
        .checked_mul(&scale)
        .ok_or_else(|| ("the number is too large", "数字过大").into())
}

/// A calendar date.
pub fn date(text: &str) -> Result<Date, Message> {
    Date::parse(text.trim()).map_err(|error| error.words())
}

fn months(text: &str) -> Option<i32> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let count: i32 = digits.parse().ok()?;
    let unit = text.strip_prefix(&digits)?.trim().to_lowercase();
    match unit.as_str() {
        "年" | "year" | "years" => Months::from_years(count).map(|months| months.0),
        "" | "个月" | "月" | "month" | "months" => Some(count),
        _ => None,
    }
}

/// A member by its name or a label.
pub fn member(schema: &Schema, id: EnumerationId, text: &str) -> Result<u16, Message> {
    if let Some(position) = schema.member_called(id, text) {
        return Ok(position);
    }
    let members = &schema.enumerations[id].members;
    let is_label =
        |label: &Option<std::sync::Arc<str>>| label.as_deref().is_some_and(|label| label.eq_ignore_ascii_case(text));
    let labelled = members
        .iter()
        .position(|member| is_label(&member.label.zh) || is_label(&member.label.en));
    let position = labelled.and_then(|position| u16::try_from(position).ok());
    position.ok_or_else(|| {
        let names: Vec<&str> = members.iter().map(|member| &*member.name).collect();
        let names = names.join(", ");
        Message::new(
            format!("`{text}` is none of: {names}"),
            format!("`{text}` 不在可选之列：{names}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        let read = |text: &str| number(text).unwrap().to_string();
        assert_eq!(read("1.2亿"), "120000000");
        assert_eq!(read("50,000,000.01"), "50000000.01");
        assert_eq!(read("3%"), "0.03");
        assert_eq!(read("1/3"), "1/3");
        assert!(number("about 3").is_err());
    }

    #[test]
    fn times_need_a_unit_that_is_known() {
        assert_eq!(months("3 years"), Some(36));
        assert_eq!(months("3年"), Some(36));
        assert_eq!(months("36"), Some(36));
        assert_eq!(months("3 weeks"), None);
    }
}
