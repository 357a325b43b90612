//! Checked identifiers of Chinese national standards.
//!
//! | kind | standard | checked |
//! |---|---|---|
//! | [`Kind::CreditCode`] | GB 32100-2015 | form, check character, division, inner GB 11714 code |
//! | [`Kind::CitizenId`] | GB 11643-1999 | form, birth date, division at birth or later, check character |
//! | [`Kind::Division`] | GB/T 2260 | form, provincial level, and the tables of the provinces that are complete here |
//! | [`Kind::Industry`] | GB/T 4754-2017 | section and division; groups and classes by form |

pub mod citizen_id;
pub mod credit_code;
pub mod division;
pub mod industry;

use std::sync::Arc;

use crate::date::Date;
use crate::message::Message;

/// What standard an identifier follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Unified social credit code (GB 32100-2015).
    CreditCode,
    /// Citizen identification number (GB 11643-1999).
    CitizenId,
    /// Administrative division (GB/T 2260).
    Division,
    /// Industry (GB/T 4754-2017).
    Industry,
}

/// Why a text is no identifier of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .message.en)]
pub struct IdentifierError {
    /// What is wrong, where, and what was expected.
    pub message: Message,
    /// Position of the character that is wrong, from 1; `None` where it is the whole.
    pub position: Option<usize>,
}

impl IdentifierError {
    fn at(position: usize, message: impl Into<Message>) -> Self {
        Self {
            message: message.into(),
            position: Some(position),
        }
    }

    fn whole(message: impl Into<Message>) -> Self {
        Self {
            message: message.into(),
            position: None,
        }
    }
}

impl Kind {
    /// The name in the language: `credit_code`.
    pub fn name(self) -> &'static str {
        match self {
            Self::CreditCode => "credit_code",
            Self::CitizenId => "citizen_id",
            Self::Division => "division",
            Self::Industry => "industry",
        }
    }

    /// What the standard calls it in Chinese.
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::CreditCode => "统一社会信用代码",
            Self::CitizenId => "公民身份号码",
            Self::Division => "行政区划代码",
            Self::Industry => "行业代码",
        }
    }

    /// Checks `text` and gives its canonical form: half-width, upper case. `on` is the day at which a division or
    /// industry must be in force; without it any time will do.
    pub fn check(self, text: &str, on: Option<Date>) -> Result<Arc<str>, IdentifierError> {
        let canonical = normalise(text)?;
        match self {
            Self::CreditCode => credit_code::check(&canonical)?,
            Self::CitizenId => citizen_id::check(&canonical)?,
            Self::Division => division::check(&canonical, on)?,
            Self::Industry => return Ok(industry::canonical(&canonical)?.into()),
        }
        Ok(canonical.into())
    }

    /// Whether `text` is an identifier in its canonical form, as [`Kind::check`] gives it.
    pub fn is_canonical(self, text: &str) -> bool {
        let plain = |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_lowercase();
        text.len() <= LONGEST
            && text.bytes().all(plain)
            && match self {
                Self::CreditCode => credit_code::is_right(text),
                Self::CitizenId => citizen_id::check(text).is_ok(),
                Self::Division => division::check(text, None).is_ok(),
                Self::Industry => industry::canonical(text).is_ok_and(|canonical| canonical == text),
            }
    }

    /// Whether the classification `code` lies within one of `wholes` on the day (`230102` within `230100`, `C3411` within
    /// `C34`). Only divisions and industries have a within; others lie only within themselves. `None` where the code
    /// cannot tell: it is coarser than a whole that it may lie in, or was not in force on the day.
    pub fn is_within(self, code: &str, wholes: &[Arc<str>], on: Date) -> Option<bool> {
        let one = |whole: &Arc<str>| match self {
            Self::Division => division::is_within(code, whole, on),
            Self::Industry => industry::is_within(code, whole),
            Self::CreditCode | Self::CitizenId => Some(code == &**whole),
        };
        let mut open = false;
        for whole in wholes {
            match one(whole) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => open = true,
            }
        }
        (!open).then_some(false)
    }
}

// The longest identifier has 18 characters; the rest of a long text is not looked at.
const LONGEST: usize = 18;

fn normalise(text: &str) -> Result<String, IdentifierError> {
    let trimmed = text.trim();
    if trimmed.chars().nth(LONGEST).is_some() {
        return Err(IdentifierError::whole((
            format!("longer than {LONGEST} characters"),
            format!("超过 {LONGEST} 个字符"),
        )));
    }
    Ok(trimmed
        .chars()
        .map(half_width)
        .map(|character| character.to_ascii_uppercase())
        .collect())
}

fn half_width(character: char) -> char {
    let code = u32::from(character);
    match character {
        '\u{FF01}'..='\u{FF5E}' => code.checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(character),
        _ => character,
    }
}
