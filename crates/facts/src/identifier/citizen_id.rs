//! Citizen identification numbers (GB 11643-1999): division, birth date, serial number, check character (ISO 7064 mod 11-2).

use super::{IdentifierError, division};
use crate::date::{Date, DateError};
use crate::message::Message;

pub(super) fn check(number: &str) -> Result<(), IdentifierError> {
    let length = number.chars().count();
    if length == 15 {
        return Err(IdentifierError::whole((
            "a number of 15 digits is of the first generation, invalid since 2013-01-01; give the 18 characters of the present card",
            "15 位号码属第一代证件，2013-01-01 起已失效；请填写现行证件上的 18 位号码",
        )));
    }
    if length != 18 {
        return Err(IdentifierError::whole((
            format!("a citizen number has 18 characters, this has {length}"),
            format!("公民身份号码有 18 位，此处为 {length} 位"),
        )));
    }
    for (position, character) in (1..).zip(number.chars()) {
        if !(character.is_ascii_digit() || (position == 18 && character == 'X')) {
            return Err(IdentifierError::at(
                position,
                (
                    format!(
                        "character {position} is `{character}`; a citizen number has 17 digits and then a digit or X"
                    ),
                    format!("第 {position} 位是 `{character}`；公民身份号码前 17 位为数字，末位为数字或 X"),
                ),
            ));
        }
    }
    let birth = birth_date(number)?;
    check_division(number, birth)?;
    let expected = check_character(number);
    if number.chars().nth(17) == expected {
        return Ok(());
    }
    let expected = expected.unwrap_or('?');
    Err(IdentifierError::at(
        18,
        (
            format!(
                "the check character 18 does not fit the others, which need `{expected}`: some character is mistyped"
            ),
            format!("第 18 位校验码与其余各位不符，应为 `{expected}`：有字符写错"),
        ),
    ))
}

/// The birth date in characters 7 to 14 of a number of 18 characters.
pub fn birth_date(number: &str) -> Result<Date, IdentifierError> {
    let part = |range| number.get(range).unwrap_or("");
    let text = format!("{}-{}-{}", part(6..10), part(10..12), part(12..14));
    Date::parse(&text).map_err(|error| {
        let reason = match error {
            DateError::Form => Message::new("they are no date", "它不是日期"),
            DateError::NoSuchDay { .. } => error.words(),
        };
        let en = format!("characters 7 to 14 are the birth date, but {}", reason.en);
        IdentifierError::at(7, (en, format!("第 7 至 14 位是出生日期，但{}", reason.zh)))
    })
}

// Numbers are given at birth or later, so their division was in force on some day since birth.
fn check_division(number: &str, birth: Date) -> Result<(), IdentifierError> {
    let code = number.get(..6).unwrap_or("");
    if division::province(code).is_none() {
        return Err(IdentifierError::at(
            1,
            (
                format!("characters 1 to 6 are {code}, which is in no province of GB/T 2260"),
                format!("第 1 至 6 位是 {code}，不属于 GB/T 2260 的任何省份"),
            ),
        ));
    }
    match division::known_since(code, birth) {
        Some(false) => Err(IdentifierError::at(
            1,
            (
                format!("characters 1 to 6 are {code}, which was no division of GB/T 2260 on {birth} or later"),
                format!("第 1 至 6 位是 {code}，{birth} 当日及以后不是 GB/T 2260 的区划"),
            ),
        )),
        Some(true) | None => Ok(()),
    }
}

/// The check character that the first 17 digits need.
pub fn check_character(number: &str) -> Option<char> {
    // ISO 7064 mod 11-2 by Horner's rule: double and add.
    let mut sum = 0_u32;
    for character in number.chars().take(17) {
        sum = sum
            .checked_add(character.to_digit(10)?)?
            .checked_mul(2)?
            .checked_rem(11)?;
    }
    match 12_u32.checked_sub(sum)?.checked_rem(11)? {
        10 => Some('X'),
        digit => char::from_digit(digit, 10),
    }
}
