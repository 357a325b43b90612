//! What numbers, dates and texts say, whatever the width of their characters.

use meed_facts::date::Date;
use meed_facts::ratio::Ratio;

/// The most digits of a number: more than any law or register uses, and few enough that exact arithmetic stays small.
const MOST_DIGITS: usize = 30;

/// The ASCII form of a full-width digit or sign.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '！'..='～' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        '。' => '.',
        '　' => ' ',
        _ => c,
    }
}

/// The value of a number token.
pub(crate) fn number(text: &str) -> Option<Ratio> {
    let mut digits: i128 = 0;
    let mut count: usize = 0;
    let mut places: u32 = 0;
    let mut after_dot = false;
    let mut scale = Ratio::from_int(1);
    for c in text.chars().map(narrow) {
        match c {
            '0'..='9' => {
                count = count.checked_add(1)?;
                if count > MOST_DIGITS {
                    return None;
                }
                digits = digits.checked_mul(10)?.checked_add(i128::from(c.to_digit(10)?))?;
                if after_dot {
                    places = places.checked_add(1)?;
                }
            }
            '_' => {}
            '.' if !after_dot => after_dot = true,
            '万' => scale = scale.checked_mul(&Ratio::from_int(10_000))?,
            '亿' => scale = scale.checked_mul(&Ratio::from_int(100_000_000))?,
            '%' => scale = scale.checked_mul(&Ratio::new(1, 100)?)?,
            _ => return None,
        }
    }
    if count == 0 {
        return None;
    }
    Ratio::new(digits, 10_i128.checked_pow(places)?)?.checked_mul(&scale)
}

fn parts(text: &str) -> Option<Vec<u16>> {
    let narrowed: String = text.chars().map(narrow).collect();
    narrowed
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect()
}

/// The date of `2022-09-01` or `2022年9月1日`.
pub(crate) fn date(text: &str) -> Option<Date> {
    match *parts(text)?.as_slice() {
        [year, month, day] => Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        ),
        _ => None,
    }
}

/// Year and month of `2022-09`.
pub(crate) fn year_month(text: &str) -> Option<(i16, u8)> {
    match *parts(text)?.as_slice() {
        [year, month @ 1..=12] => Some((i16::try_from(year).ok()?, u8::try_from(month).ok()?)),
        _ => None,
    }
}

/// Month and day of `04-25` or `4月25日`, unchecked.
pub(crate) fn month_day_parts(text: &str) -> Option<(u8, u8)> {
    match *parts(text)?.as_slice() {
        [month, day] => Some((u8::try_from(month).ok()?, u8::try_from(day).ok()?)),
        _ => None,
    }
}

/// The month and day, if some year has them.
pub(crate) fn month_day(month: u8, day: u8) -> Option<(u8, u8)> {
    const LEAP_YEAR: i16 = 2024;
    Date::new(LEAP_YEAR, i8::try_from(month).ok()?, i8::try_from(day).ok()?).map(|_| (month, day))
}

/// The English months, from January.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The number of an English month, from 1.
pub(crate) fn month_of_name(name: &str) -> Option<u8> {
    let index = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
    u8::try_from(index).ok()?.checked_add(1)
}

/// What stands between the quotes of a text, with `\"` and `\\` read.
pub(crate) fn unquoted(text: &str) -> String {
    let mut chars = text.chars();
    let open = chars.next();
    let close = if open == Some('“') { '”' } else { '"' };
    let mut value = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.extend(chars.next()),
            c if c == close && chars.as_str().is_empty() => {}
            c => value.push(c),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_mean_what_an_official_means() {
        let value = |text| number(text).and_then(|ratio: Ratio| ratio.to_parts());
        assert_eq!(value("1_000.5"), Some((2001, 2)));
        assert_eq!(value("1.2亿"), Some((120_000_000, 1)));
        assert_eq!(value("３％"), Some((3, 100)));
        assert_eq!(value("５０万"), Some((500_000, 1)));
        assert_eq!(value("1234567890123456789012345678901"), None);
    }

    #[test]
    fn impossible_dates_are_none() {
        assert!(date("2023-02-29").is_none());
        assert!(date("2024年2月29日").is_some());
        assert_eq!(month_day(2, 30), None);
        assert_eq!(year_month("2022-13"), None);
    }

    #[test]
    fn texts_lose_their_quotes_only() {
        assert_eq!(unquoted("\"专精特新“小巨人”\""), "专精特新“小巨人”");
        assert_eq!(unquoted("“甲”"), "甲");
        assert_eq!(unquoted(r#""a \"b\"""#), "a \"b\"");
    }
}
