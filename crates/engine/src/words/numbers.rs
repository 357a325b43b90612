//! Numbers, amounts, dates and durations as people write them. Display only: nothing is decided by these texts.

use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_facts::money::{Currency, Money};
use meed_facts::ratio::{Ratio, Rounding};
use meed_rules::program::{Base, Dimension};

use super::Words;

const TEN_THOUSAND: i128 = 10_000;
const HUNDRED_MILLION: i128 = 100_000_000;

impl Words<'_, '_> {
    /// An amount: `500,000.00 CNY`, `50万元`, `500,000.01元`.
    pub fn money(&self, amount: &Ratio, currency: Currency) -> String {
        let digits = || match amount.to_decimal(currency.exponent()) {
            Some(text) => grouped(&text),
            None => format!(
                "≈{}",
                grouped(&amount.to_decimal_rounded(currency.exponent(), Rounding::Down))
            ),
        };
        match self.lang {
            Lang::En => format!("{} {currency}", digits()),
            Lang::Zh => {
                let unit = if currency.code() == "CNY" {
                    "元"
                } else {
                    currency.code()
                };
                let text = short(amount).unwrap_or_else(digits);
                format!("{text}{unit}")
            }
        }
    }

    /// An amount in whole smallest units.
    pub fn amount(&self, money: Money) -> String {
        self.money(&money.to_ratio(), money.currency())
    }

    /// A number of a dimension; `ratio` where a plain number is a proportion.
    pub fn number(&self, number: &Ratio, dimension: &Dimension, ratio: bool) -> String {
        if let Some(currency) = dimension.currency() {
            return self.money(number, currency);
        }
        if ratio && dimension.0.is_empty() {
            return percent(number);
        }
        let text = plain(number);
        let units: Vec<String> = dimension
            .0
            .iter()
            .map(|(base, power)| self.unit(*base, *power))
            .collect();
        if units.is_empty() {
            return text;
        }
        format!("{text} {}", units.join("·"))
    }

    fn unit(&self, base: Base, power: i8) -> String {
        let name = match base {
            Base::Money(currency) => currency.code().to_owned(),
            Base::Unit(unit) => {
                let unit = &self.program.schema.units[unit];
                self.label(&unit.label, &unit.name).to_owned()
            }
        };
        if power == 1 { name } else { format!("{name}^{power}") }
    }

    /// A date: `2025-08-31`, `2025年8月31日`.
    pub fn date(&self, date: Date) -> String {
        match self.lang {
            Lang::En => date.to_string(),
            Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        }
    }

    /// Whole months, as years where they are.
    pub fn months(&self, months: i32) -> String {
        match (months.checked_rem_euclid(12), months.checked_div(12)) {
            (Some(0), Some(years)) if years != 0 => self.counted(years, ("年", "year")),
            _ => self.counted(months, ("个月", "month")),
        }
    }

    /// Days.
    pub fn days(&self, days: i32) -> String {
        self.counted(days, ("天", "day"))
    }

    fn counted(&self, count: i32, (zh, en): (&str, &str)) -> String {
        match self.lang {
            Lang::Zh => format!("{count}{zh}"),
            Lang::En if count == 1 => format!("1 {en}"),
            Lang::En => format!("{count} {en}s"),
        }
    }
}

/// `1.2亿`, `50万`; `None` where the short form would not be exact and short.
fn short(amount: &Ratio) -> Option<String> {
    for (unit, name) in [(HUNDRED_MILLION, "亿"), (TEN_THOUSAND, "万")] {
        let part = amount.checked_div(&Ratio::from_int(unit))?;
        let large = part.abs() >= Ratio::ONE;
        if large && part.decimal_places().is_some_and(|places| places <= 2) {
            return Some(format!("{}{name}", grouped(&part.to_string())));
        }
    }
    None
}

/// A proportion as a percentage, exact where that takes four digits at most.
fn percent(number: &Ratio) -> String {
    let hundredfold = number.checked_mul(&Ratio::from_int(100)).unwrap_or_default();
    if hundredfold.decimal_places().is_some_and(|places| places <= 4) {
        return format!("{}%", grouped(&hundredfold.to_string()));
    }
    // Two digits would hide how close to a round threshold a value is.
    let two = hundredfold.to_decimal_rounded(2, Rounding::HalfEven);
    let is_round = two.ends_with(".00");
    let text = if is_round {
        hundredfold.to_decimal_rounded(8, Rounding::Down)
    } else {
        two
    };
    format!("≈{}%", grouped(&text))
}

/// A number with thousands separators; a fraction without finite decimal is rounded and says so.
pub(super) fn plain(number: &Ratio) -> String {
    match number.decimal_places() {
        Some(places) if places <= 8 => grouped(&number.to_string()),
        _ => format!("≈{}", grouped(&number.to_decimal_rounded(6, Rounding::HalfEven))),
    }
}

/// Separators between groups of three digits before the point.
pub(super) fn grouped(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let mut result = sign.to_owned();
    let count = whole.chars().count();
    for (index, digit) in whole.chars().enumerate() {
        let left = count.saturating_sub(index);
        if index > 0 && left.is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    if let Some(fraction) = fraction {
        result.push('.');
        result.push_str(fraction);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_before_the_point_only() {
        assert_eq!(grouped("1234567.8901"), "1,234,567.8901");
        assert_eq!(grouped("-123"), "-123");
        assert_eq!(grouped("-1234"), "-1,234");
    }

    #[test]
    fn short_amounts_are_exact() {
        let amount = |text: &str| short(&Ratio::parse_decimal(text).unwrap());
        assert_eq!(amount("12000000").as_deref(), Some("1,200万"));
        assert_eq!(amount("120000000").as_deref(), Some("1.2亿"));
        assert_eq!(amount("500000.01"), None);
        assert_eq!(amount("9999"), None);
    }

    #[test]
    fn a_percentage_just_off_a_round_one_does_not_look_round() {
        let ratio = |a, b| Ratio::new(a, b).unwrap();
        assert_eq!(percent(&ratio(3, 100)), "3%");
        assert_eq!(percent(&ratio(298, 10_000)), "2.98%");
        assert_eq!(percent(&ratio(1, 3)), "≈33.33%");
        assert_eq!(
            percent(&ratio(2_999_999_999_999_999, 100_000_000_000_000_000)),
            "≈2.99999999%"
        );
    }
}
