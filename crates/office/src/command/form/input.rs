//! Types of fields, and how each is read from texts.

use meed_syntax::diagnostic::Message;
use serde_json::Value;

use super::Kind;
use crate::awards::Reply;
use crate::input::{Amount, Day, Json, PackageFiles};
use crate::payments::inbound::{self, FromBank};
use crate::people::Role;
use crate::publicity;
use crate::register::RelationKind;
use crate::reviews::Points;
use crate::rounds::Contested;
use crate::timers::Clock;
use crate::titles::Outcome;

/// A type that a field of an act has. Nothing is read from files here: whoever sends texts may not know this machine's files.
pub trait Input: Sized {
    /// What is written.
    const KIND: Kind;
    /// Whether it may be left out.
    const OPTIONAL: bool = false;
    /// Whether it takes several values.
    const MANY: bool = false;

    /// Reads one text that is not blank.
    ///
    /// # Errors
    /// Why it cannot be read, and how it is written.
    fn one(text: &str) -> Result<Self, Message>;

    /// Reads all texts of a field; blank ones are none.
    ///
    /// # Errors
    /// Why they cannot be read, and the fix.
    fn read(texts: &[String]) -> Result<Self, Message> {
        match filled(texts).as_slice() {
            [text] => Self::one(text),
            [] => Err(Message::new("it is needed; fill it in", "此项必填，请填写")),
            _ => Err(Message::new(
                "it has one value and was given several; leave one",
                "此项只能填一个值，请只保留一个",
            )),
        }
    }
}

/// What stands between the values of a field on the command line, where it takes several: `--cases a,b`, as `--cases a --cases b`.
pub fn delimiter<T: Input>() -> Option<char> {
    T::MANY.then_some(',')
}

fn filled(texts: &[String]) -> Vec<&str> {
    let texts = texts.iter().map(String::as_str);
    texts.filter(|text| !text.trim().is_empty()).collect()
}

impl<T: Input> Input for Option<T> {
    const KIND: Kind = T::KIND;
    const OPTIONAL: bool = true;
    const MANY: bool = T::MANY;

    fn one(text: &str) -> Result<Self, Message> {
        T::one(text).map(Some)
    }

    fn read(texts: &[String]) -> Result<Self, Message> {
        if filled(texts).is_empty() {
            return Ok(None);
        }
        T::read(texts).map(Some)
    }
}

impl<T: Input> Input for Vec<T> {
    const KIND: Kind = T::KIND;
    const OPTIONAL: bool = true;
    const MANY: bool = true;

    fn one(text: &str) -> Result<Self, Message> {
        T::one(text).map(|one| vec![one])
    }

    fn read(texts: &[String]) -> Result<Self, Message> {
        filled(texts).into_iter().map(T::one).collect()
    }
}

/// A text stays as it was written.
impl Input for String {
    const KIND: Kind = Kind::Text;

    fn one(text: &str) -> Result<Self, Message> {
        if text.contains('\0') {
            return Err(Message::new(
                "it contains a character that is none; write it anew",
                "含有无效字符，请重新填写",
            ));
        }
        Ok(text.to_owned())
    }
}

/// A box that is not ticked is not sent.
impl Input for bool {
    const KIND: Kind = Kind::Flag;
    const OPTIONAL: bool = true;

    fn one(text: &str) -> Result<Self, Message> {
        match text.trim() {
            "true" | "on" => Ok(true),
            "false" => Ok(false),
            other => Err(Message::new(
                format!("`{other}` is neither true nor false; write one of them"),
                format!("“{other}”既不是 true 也不是 false，请填其中之一"),
            )),
        }
    }

    fn read(texts: &[String]) -> Result<Self, Message> {
        match filled(texts).as_slice() {
            [] => Ok(false),
            [texts @ .., last] if texts.iter().all(|text| text == last) => Self::one(last),
            _ => Err(Message::new(
                "it was given as true and as false; leave one",
                "既填了 true 又填了 false，请只保留一个",
            )),
        }
    }
}

impl Input for Json {
    const KIND: Kind = Kind::Json;

    fn one(text: &str) -> Result<Self, Message> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            Message::new(
                format!("it is not JSON: {error}; a text stands in quotes"),
                format!("不是 JSON：{error}；文本须加引号"),
            )
        })?;
        Json::try_from(value).map_err(|error| Message::new(error, "带小数的数会失去精确，请写成文本，如 \"0.5\""))
    }
}

impl Input for PackageFiles {
    const KIND: Kind = Kind::Files;

    fn one(text: &str) -> Result<Self, Message> {
        serde_json::from_str(text).map_err(|error| {
            Message::new(
                format!("these are no files: {error}; write {{\"meed.toml\": \"…\", …}}"),
                format!("不是文件：{error}；请写成 {{\"meed.toml\": \"…\", …}}"),
            )
        })
    }
}

impl Input for FromBank {
    const KIND: Kind = Kind::File;

    fn one(text: &str) -> Result<Self, Message> {
        String::one(text).map(Self)
    }
}

/// Types whose values are words.
macro_rules! words {
    ($($type:ty: $kind:ident),+ $(,)?) => {
        $(impl Input for $type {
            const KIND: Kind = Kind::$kind(<$type>::WORDS);

            fn one(text: &str) -> Result<Self, Message> {
                let (text, words) = (text.trim(), <$type>::WORDS.join(", "));
                let wrong = |_| {
                    Message::new(
                        format!("`{text}` is no choice; write one of: {words}"),
                        format!("“{text}”不在可选之列，请填以下之一：{words}"),
                    )
                };
                text.parse().map_err(wrong)
            }
        })+
    };
}

words! {
    Role: Role,
    Contested: Choice,
    inbound::Remedy: Choice,
    publicity::Remedy: Choice,
    Outcome: Choice,
    Clock: Choice,
    RelationKind: Choice,
    Reply: Choice,
}

/// Types that are read by themselves, the sentence in Chinese beside each.
macro_rules! parsed {
    ($($type:ty: $kind:ident, $en:literal, $zh:literal);+ $(;)?) => {
        $(impl Input for $type {
            const KIND: Kind = Kind::$kind;

            fn one(text: &str) -> Result<Self, Message> {
                let text = text.trim();
                text.parse().map_err(|_| Message::new(format!($en, text), format!($zh, text)))
            }
        })+
    };
}

parsed! {
    i64: Number, "`{}` is no whole number; write one like 2024", "“{}”不是整数，请填如 2024 的整数";
    u16: Number, "`{}` is no whole number from 0 to 65535; write one like 5", "“{}”不是 0 至 65535 的整数，请填如 5 的整数";
    Amount: Amount, "`{}` is no amount from 0 to 9000000000000000.00; write one like 500000.00", "“{}”不是 0 至 9000000000000000.00 的金额，请填如 500000.00 的金额";
    Day: Day, "`{}` is no day; write one like 2023-12-01", "“{}”不是日期，请填如 2023-12-01 的日期";
    Points: Points, "`{}` is no score from 0 to 100; write one like 87.5", "“{}”不是 0 至 100 的分数，请填如 87.5 的分数";
}
