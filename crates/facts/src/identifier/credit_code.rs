//! Unified social credit codes (GB 32100-2015): registering department, kind, division, organisation code, check character.
//!
//! `91230100MA18WR5F9M`: department and kind `91`, division `230100`, organisation code `MA18WR5F` with its own check
//! character `9` (GB 11714-1997), check character `M`.

use super::{IdentifierError, division};

// GB 32100-2015, table 2: digits and capitals without I, O, S, V, Z; a character's value is its position.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const MODULUS: u32 = 31;

// GB 11714-1997: digits and all capitals, value by position; weights of its eight places.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

pub(super) fn check(code: &str) -> Result<(), IdentifierError> {
    let length = code.chars().count();
    if length != 18 {
        return Err(IdentifierError::whole((
            format!("a credit code has 18 characters, this has {length}"),
            format!("统一社会信用代码有 18 位，此处为 {length} 位"),
        )));
    }
    for (position, character) in (1..).zip(code.chars()) {
        if !ALPHABET.contains(character) {
            return Err(IdentifierError::at(
                position,
                (
                    format!(
                        "character {position} is `{character}`; a credit code has digits and capitals other than I, O, S, V, Z"
                    ),
                    format!(
                        "第 {position} 位是 `{character}`；统一社会信用代码由数字和除 I、O、S、V、Z 以外的大写字母组成"
                    ),
                ),
            ));
        }
    }
    check_department(code)?;
    check_division(code)?;
    let expected = check_character(code);
    if code.chars().nth(17) != expected {
        let expected = expected.unwrap_or('?');
        return Err(IdentifierError::at(
            18,
            (
                format!(
                    "the check character 18 does not fit the others, which need `{expected}`: some character is mistyped"
                ),
                format!("第 18 位校验码与其余各位不符，应为 `{expected}`：有字符写错"),
            ),
        ));
    }
    let expected = code.get(8..16).and_then(organisation_check);
    if code.chars().nth(16) != expected {
        let expected = expected.unwrap_or('?');
        return Err(IdentifierError::at(
            17,
            (
                format!(
                    "the organisation code's check character 17 does not fit characters 9 to 16, which need `{expected}`"
                ),
                format!("第 17 位是主体标识码的校验码，与第 9 至 16 位不符，应为 `{expected}`"),
            ),
        ));
    }
    Ok(())
}

// GB 32100-2015, table 1, and the departments added since.
fn check_department(code: &str) -> Result<(), IdentifierError> {
    let first = code.chars().next().unwrap_or(' ');
    if "123456789ANY".contains(first) {
        return Ok(());
    }
    Err(IdentifierError::at(
        1,
        (
            format!("character 1 is `{first}`; the registering departments are 1 to 9, A, N and Y"),
            format!("第 1 位是 `{first}`；登记管理部门代码为 1 至 9、A、N 和 Y"),
        ),
    ))
}

fn check_division(code: &str) -> Result<(), IdentifierError> {
    for (position, character) in (3..).zip(code.chars().skip(2).take(6)) {
        if !character.is_ascii_digit() {
            return Err(IdentifierError::at(
                position,
                (
                    format!("character {position} is `{character}`; characters 3 to 8 are the digits of a division"),
                    format!("第 {position} 位是 `{character}`；第 3 至 8 位是区划代码的数字"),
                ),
            ));
        }
    }
    let place = code.get(2..8).unwrap_or("");
    // 100000 stands for offices that register for the whole country.
    if place == "100000" || division::province(place).is_some() {
        return Ok(());
    }
    Err(IdentifierError::at(
        3,
        (
            format!("characters 3 to 8 are {place}, which is in no province of GB/T 2260"),
            format!("第 3 至 8 位是 {place}，不属于 GB/T 2260 的任何省份"),
        ),
    ))
}

// What no character of a code has as its value.
const NONE: u8 = u8::MAX;

// Characters' values by their bytes.
static VALUES: [u8; 256] = values();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "computed while compiling, which would fail"
)]
const fn values() -> [u8; 256] {
    let mut values = [NONE; 256];
    let alphabet = ALPHABET.as_bytes();
    let mut value = 0;
    while value < alphabet.len() {
        values[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    values
}

// Powers of 3 modulo 31: the weights of the first 17 places.
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Whether [`check`] passes, several times as fast: populations have millions of codes, and nearly all are right.
pub(super) fn is_right(code: &str) -> bool {
    let bytes = code.as_bytes();
    let value = |byte: &u8| VALUES.get(usize::from(*byte)).copied().unwrap_or(NONE);
    let sum = bytes.iter().zip(WEIGHTS).try_fold(0_u32, |sum, (byte, weight)| {
        let value = value(byte);
        // At most 17 times 30 times 30.
        (value != NONE).then(|| sum.wrapping_add(u32::from(value).wrapping_mul(weight)))
    });
    let needed = sum.map(|sum| 31_u32.wrapping_sub(sum % MODULUS) % MODULUS);
    bytes.len() == 18
        && bytes.get(17).map(|last| u32::from(value(last))) == needed
        && check_department(code).is_ok()
        && check_division(code).is_ok()
        && code.get(8..16).and_then(organisation_check).map(u32::from) == bytes.get(16).map(|byte| u32::from(*byte))
}

/// The check character that the first 17 characters need.
pub fn check_character(code: &str) -> Option<char> {
    let mut weight = 1_u32;
    let mut sum = 0_u32;
    for character in code.chars().take(17) {
        let value = u32::try_from(ALPHABET.find(character)?).ok()?;
        sum = sum.checked_add(value.checked_mul(weight)?)?;
        weight = weight.checked_mul(3)?.checked_rem(MODULUS)?;
    }
    let needed = MODULUS.checked_sub(sum.checked_rem(MODULUS)?)?.checked_rem(MODULUS)?;
    ALPHABET.chars().nth(usize::try_from(needed).ok()?)
}

/// The check character that an organisation code's first eight characters need.
pub fn organisation_check(code: &str) -> Option<char> {
    let mut sum = 0_u32;
    for (character, weight) in code.chars().zip(ORGANISATION_WEIGHTS) {
        sum = sum.checked_add(character.to_digit(36)?.checked_mul(weight)?)?;
    }
    match 11_u32.checked_sub(sum.checked_rem(11)?)? {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}
