//! Values as people write them in commands: on the command line, in JSON, in forms.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use meed_facts::date::Date;
use meed_facts::money::Money;
use meed_facts::ratio::Ratio;
use meed_rules::Package;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::programs::Files;
use crate::store::CURRENCY;

/// Declares an enum whose values are words: on the command line, in JSON and in a column.
#[macro_export]
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$word_meta:meta])* $word:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, clap::ValueEnum)]
        pub enum $name {
            $($(#[$word_meta])* #[serde(rename = $text)] #[value(name = $text)] $word),+
        }

        impl $name {
            /// Every one.
            pub const ALL: [Self; Self::WORDS.len()] = [$(Self::$word),+];
            /// Their words.
            pub const WORDS: &'static [&'static str] = &[$($text),+];

            /// The word.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$word => $text),+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let found = Self::ALL.into_iter().find(|word| word.name() == text);
                found.ok_or_else(|| format!("`{text}` is no {}; it is one of: {}", stringify!($name), Self::WORDS.join(", ")))
            }
        }

        impl $crate::store::Field for $name {
            fn to_cell(&self) -> $crate::store::Cell {
                self.name().into()
            }

            fn from_cell(cell: &$crate::store::Cell) -> Result<Self, $crate::store::StoreError> {
                let word = <String as $crate::store::Field>::from_cell(cell)?;
                word.parse().map_err($crate::store::StoreError::Unreadable)
            }
        }
    };
}

/// An amount in main units: `500000.00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(pub Money);

/// A day: `2023-02-23`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(pub Date);

/// A structure: on the command line as JSON, or as `@FILE`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Json(pub Value);

/// A package's files: on the command line its folder, in JSON path → text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackageFiles(pub Files);

impl PackageFiles {
    /// The digest by which determinations and reports name the package; none of files that are no package.
    pub fn digest(&self) -> Option<String> {
        let package = Package::from_files(self.0.clone()).ok()?;
        Some(package.digest.to_string())
    }
}

impl FromStr for PackageFiles {
    type Err = String;

    fn from_str(folder: &str) -> Result<Self, String> {
        let files = Package::files(Path::new(folder)).map_err(|error| error.words().en)?;
        Ok(Self(files))
    }
}

/// Numbers with fractions would be read as floats, so they are refused.
impl TryFrom<Value> for Json {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        match inexact(&value) {
            Some(number) => Err(format!(
                "the number {number} would be read inexactly; write it as a string: \"{number}\""
            )),
            None => Ok(Self(value)),
        }
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        json.0
    }
}

fn inexact(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) if number.is_f64() => Some(number.to_string()),
        Value::Array(items) => items.iter().find_map(inexact),
        Value::Object(object) => object.values().find_map(inexact),
        _ => None,
    }
}

impl FromStr for Json {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = |path: &str| std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
        let text = text.strip_prefix('@').map_or_else(|| Ok(text.to_owned()), read)?;
        let value: Value = serde_json::from_str(&text).map_err(|error| format!("not JSON: {error}"))?;
        value.try_into()
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no amount; write one like 500000.00");
        // What a spreadsheet or a typing error makes of an amount (`1e3`, `+5`) is none.
        if !text.chars().all(|one| one.is_ascii_digit() || one == '.') {
            return Err(wrong());
        }
        let ratio = Ratio::parse_decimal(text).map_err(|_| wrong())?;
        let money = Money::from_ratio(&ratio, CURRENCY).map_err(|_| wrong())?;
        if !(0..=900_000_000_000_000_000).contains(&money.minor()) {
            return Err(format!("`{text}` is outside 0 to 9,000,000,000,000,000.00"));
        }
        Ok(Self(money))
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Date::parse(text)
            .map(Self)
            .map_err(|error| format!("{error}; write a date like 2023-12-01"))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_decimal())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for Amount {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.to_string()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}
