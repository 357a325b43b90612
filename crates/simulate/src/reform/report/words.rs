//! Amounts, counts and escapes as people read them.

use meed_engine::awards::amount::Amount;
use meed_facts::label::Lang;
use meed_facts::money::{Currency, Money};
use meed_facts::ratio::Ratio;

use super::super::difference::Difference;

/// A language and a currency.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The language.
    pub lang: Lang,
    /// The currency.
    pub currency: Currency,
    /// Whether Chinese amounts take the greatest unit that fits (`700万元`), as in sentences. In a table and beside the bars of a chart all of them
    /// stand in yuan with their thousands (`7,000,000元`), so that a column can be compared.
    pub units: bool,
}

impl Words {
    /// The same, for the amounts of tables and charts.
    #[must_use]
    pub const fn in_tables(self) -> Self {
        Self { units: false, ..self }
    }

    /// One of two texts.
    pub fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A sum of money: `CNY 7,000,000`, `700万元`.
    pub fn money(&self, minor: i128) -> String {
        let sign = if minor < 0 { "−" } else { "" };
        let minor = minor.saturating_abs();
        match self.lang {
            Lang::En => format!("{sign}{} {}", self.currency.code(), grouped(minor, self.currency)),
            Lang::Zh if self.currency != Currency::CNY => {
                format!("{sign}{} {}", grouped(minor, self.currency), self.currency.code())
            }
            Lang::Zh if !self.units => format!("{sign}{}元", grouped(minor, self.currency)),
            Lang::Zh => {
                // 1亿 and 1万 yuan in fen, and the least part of them that two or four digits show.
                let units = [(10_000_000_000, 1_000_000, "亿元"), (1_000_000, 10_000, "万元")];
                let fits =
                    |(unit, part, _): &&(i128, i128, &str)| minor >= *unit && minor.checked_rem(*part) == Some(0);
                match units.iter().find(fits) {
                    Some((unit, _, name)) => {
                        let number = Ratio::new(minor, *unit).unwrap_or(Ratio::ZERO);
                        let places = number.decimal_places().unwrap_or(0);
                        format!("{sign}{}{name}", number.to_decimal(places).unwrap_or_default())
                    }
                    None => format!("{sign}{}元", grouped(minor, self.currency)),
                }
            }
        }
    }

    /// A change: with its sign.
    pub fn change(&self, minor: i128) -> String {
        match minor {
            0 => self.say("不变", "no change").to_owned(),
            more if more > 0 => format!("+{}", self.money(more)),
            less => self.money(less),
        }
    }

    /// An amount or the interval it lies in.
    pub fn amount(&self, amount: Amount) -> String {
        match (amount.value(), amount.high()) {
            (Some(value), _) => self.money(value),
            (None, Some(high)) => {
                let to = self.say("至", " to ");
                format!("{}{to}{}", self.money(amount.low()), self.money(high))
            }
            (None, None) => format!("{}{}", self.say("至少", "at least "), self.money(amount.low())),
        }
    }

    /// By how much something changes.
    pub fn difference(&self, Difference { low, high }: Difference) -> String {
        match (low, high) {
            (Some(low), Some(high)) if low == high => self.change(low),
            (Some(low), Some(high)) => format!("{}{}{}", self.change(low), self.say(" 至 ", " to "), self.change(high)),
            (Some(low), None) => format!("{}{}", self.say("至少 ", "at least "), self.change(low)),
            (None, Some(high)) => format!("{}{}", self.say("至多 ", "at most "), self.change(high)),
            (None, None) => self.say("无法判断", "nobody can say").to_owned(),
        }
    }

    /// How the least of an amount moves. This and [`Words::most`] are no bounds of the change.
    pub fn least(&self, before: Amount, after: Amount) -> String {
        self.change(after.low().saturating_sub(before.low()))
    }

    /// How the most of an amount moves.
    pub fn most(&self, before: Amount, after: Amount) -> String {
        match (before.high(), after.high()) {
            (Some(before), Some(after)) => self.change(after.saturating_sub(before)),
            (None, None) => self.change(0),
            (None, Some(_)) => self.say("有了上限", "now limited").to_owned(),
            (Some(_), None) => self.say("不再有上限", "no longer limited").to_owned(),
        }
    }

    /// A count.
    pub fn count(&self, count: u64) -> String {
        thousands(&count.to_string())
    }

    /// In English, so many of something: `1 line`, `1,200 lines`.
    pub fn so_many(&self, count: u64, one: &str, several: &str) -> String {
        let noun = if count == 1 { one } else { several };
        format!("{} {noun}", self.count(count))
    }

    /// A count that is at least and at most so much.
    pub fn counts(&self, (least, most): (u64, u64)) -> String {
        if least == most {
            return self.count(least);
        }
        format!("{}–{}", self.count(least), self.count(most))
    }

    /// A share as a percentage, exact where that is short.
    pub fn percent(&self, share: &Ratio) -> String {
        let percent = share * &Ratio::from_int(100);
        let exact = percent.decimal_places().and_then(|places| percent.to_decimal(places));
        exact.map_or_else(|| share.to_string(), |percent| format!("{percent}%"))
    }

    /// A number as it is: decimal, or a fraction.
    pub fn number(&self, number: &Ratio) -> String {
        let exact = number.decimal_places().and_then(|places| number.to_decimal(places));
        exact.map_or_else(|| number.to_string(), |number| thousands(&number))
    }
}

/// Main units with groups of three; without decimals where there are none.
fn grouped(minor: i128, currency: Currency) -> String {
    let text = Money::from_minor(minor, currency).to_decimal();
    let whole = text
        .split_once('.')
        .filter(|(_, part)| part.chars().all(|digit| digit == '0'));
    thousands(whole.map_or(text.as_str(), |(whole, _)| whole))
}

fn thousands(number: &str) -> String {
    let (whole, part) = number
        .split_once('.')
        .map_or((number, None), |(whole, part)| (whole, Some(part)));
    let digits: Vec<char> = whole.chars().collect();
    let mut text = String::new();
    for (at, digit) in digits.iter().enumerate() {
        let left = digits.len().saturating_sub(at);
        let first = at == 0
            || digits
                .get(at.saturating_sub(1))
                .is_some_and(|before| !before.is_ascii_digit());
        if !first && left.is_multiple_of(3) {
            text.push(',');
        }
        text.push(*digit);
    }
    match part {
        Some(part) => format!("{text}.{part}"),
        None => text,
    }
}

/// Text inside HTML and SVG.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZH: Words = Words {
        lang: Lang::Zh,
        currency: Currency::CNY,
        units: true,
    };
    const EN: Words = Words {
        lang: Lang::En,
        currency: Currency::CNY,
        units: true,
    };

    #[test]
    fn money_is_exact_in_both_languages() {
        assert_eq!(
            (ZH.money(50_000_000), EN.money(50_000_000)),
            ("50万元".into(), "CNY 500,000".into())
        );
        assert_eq!(
            (ZH.money(123_456_789), EN.money(123_456_789)),
            ("1,234,567.89元".into(), "CNY 1,234,567.89".into())
        );
        assert_eq!(ZH.money(12_345_000_000), "1.2345亿元");
        assert_eq!(ZH.money(-1_050_000), "−1.05万元");
        assert_eq!(EN.money(99), "CNY 0.99");
        let table = ZH.in_tables();
        assert_eq!(
            [50_000_000, 12_345_000_000, 99].map(|minor| table.money(minor)),
            ["500,000元", "123,450,000元", "0.99元"]
        );
    }

    #[test]
    fn an_interval_says_both_ends() {
        assert_eq!(EN.amount(Amount::between(0, Some(100))), "CNY 0 to CNY 1");
        assert_eq!(ZH.amount(Amount::between(100, None)), "至少1元");
        let between = |before, after| EN.difference(Difference::between(before, after));
        assert_eq!(between(Amount::exact(100), Amount::exact(300)), "+CNY 2");
        assert_eq!(
            between(Amount::between(200, Some(800)), Amount::between(300, Some(900))),
            "−CNY 5 to +CNY 7"
        );
        assert_eq!(
            between(Amount::between(200, None), Amount::exact(900)),
            "at most +CNY 7"
        );
    }
}
