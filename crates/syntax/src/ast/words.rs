//! Words: keywords, names, texts, numbers, dates and units.

use std::borrow::Cow;

use meed_facts::date::Date as CalendarDate;
use meed_facts::ratio::Ratio;

use super::{AstNode, nodes, parts};
use crate::kind::SyntaxKind;
use crate::phrases::{Builtin, Phrase, nfc};
use crate::tree::{SyntaxNode, SyntaxToken};
use crate::words;

nodes! {
    /// A keyword phrase of one or more words.
    Keyword = KEYWORD {}
    /// A name that is being defined.
    Name = NAME {}
    /// A name that is being used.
    NameRef = NAME_REF {}
    /// Names joined by dots: `hires.salary_paid.2023`.
    Path = PATH { segment: each() NameRef; }
    /// A number, without its sign and unit.
    Number = NUMBER {}
    /// `2022-09-01`
    Date = DATE {}
    /// `2022-09`
    MonthOfYear = YEAR_MONTH {}
    /// `04-25` or `25 April`
    MonthDay = MONTH_DAY {}
    /// A text between quotes.
    Text = TEXT {}
    /// The unit after a number.
    Unit = UNIT {}
}

/// What a unit is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UnitName {
    /// Money of a currency, by its ISO 4217 code.
    Currency(String),
    /// Years: twelve months each.
    Years,
    /// Months.
    Months,
    /// Days.
    Days,
    /// A unit that the package declares.
    Declared(String),
}

impl UnitName {
    /// What a word means as a unit.
    #[must_use]
    pub fn from_word(word: &str) -> UnitName {
        match word {
            "year" | "years" | "年" => UnitName::Years,
            "month" | "months" | "个月" => UnitName::Months,
            "day" | "days" | "天" => UnitName::Days,
            "元" => UnitName::Currency("CNY".to_owned()),
            code if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                UnitName::Currency(code.to_owned())
            }
            name => UnitName::Declared(nfc(name).into_owned()),
        }
    }
}

/// The words of a node that is one token, in NFC.
pub(super) fn own_text(node: &SyntaxNode) -> Cow<'_, str> {
    node.first_words().map(nfc).unwrap_or_default()
}

impl Keyword {
    /// Its words, separated by single spaces.
    #[must_use]
    pub fn spelling(&self) -> String {
        let mut spelling = String::new();
        let is_word = |token: &SyntaxToken| token.kind() == SyntaxKind::WORD;
        for word in self.syntax().child_tokens().filter(is_word) {
            if !spelling.is_empty() {
                spelling.push(' ');
            }
            spelling.push_str(&nfc(word.text()));
        }
        spelling
    }

    /// Which phrase it is.
    #[must_use]
    pub fn phrase(&self) -> Option<Phrase> {
        self.syntax().phrase()
    }
}

impl Name {
    /// The name in NFC.
    #[must_use]
    pub fn text(&self) -> String {
        own_text(self.syntax()).into_owned()
    }
}

impl NameRef {
    /// The name in NFC.
    #[must_use]
    pub fn text(&self) -> String {
        own_text(self.syntax()).into_owned()
    }

    /// The built-in function it names, in either language.
    #[must_use]
    pub fn builtin(&self) -> Option<Builtin> {
        Phrase::from_spelling(&own_text(self.syntax())).and_then(Phrase::builtin)
    }
}

impl Number {
    /// The digits as they are written, with separators, magnitude and percent sign.
    #[must_use]
    pub fn digits(&self) -> String {
        own_text(self.syntax()).into_owned()
    }

    /// Its value; `None` where it is too long to be read (the parser has reported it).
    #[must_use]
    pub fn value(&self) -> Option<Ratio> {
        words::number(&own_text(self.syntax()))
    }

    /// Whether it is a percentage.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        own_text(self.syntax()).ends_with(['%', '％'])
    }

    /// Its value as a small whole number: a year, a count.
    #[must_use]
    pub fn to_u32(&self) -> Option<u32> {
        self.value()
            .filter(Ratio::is_integer)
            .and_then(|value| value.to_i128())
            .and_then(|n| u32::try_from(n).ok())
    }
}

impl Date {
    /// The date; `None` where it does not exist (the parser has reported it).
    #[must_use]
    pub fn value(&self) -> Option<CalendarDate> {
        words::date(&own_text(self.syntax()))
    }
}

impl MonthOfYear {
    /// Year and month (1 to 12).
    #[must_use]
    pub fn value(&self) -> Option<(i16, u8)> {
        words::year_month(&own_text(self.syntax()))
    }
}

impl MonthDay {
    /// Month (1 to 12) and day (1 to 31).
    #[must_use]
    pub fn value(&self) -> Option<(u8, u8)> {
        if let Some(day) = parts::child::<Number>(self.syntax(), 0) {
            let month = parts::child::<NameRef>(self.syntax(), 0)?;
            return words::month_day(words::month_of_name(&month.text())?, u8::try_from(day.to_u32()?).ok()?);
        }
        let (month, day) = words::month_day_parts(&own_text(self.syntax()))?;
        words::month_day(month, day)
    }
}

impl Text {
    /// What stands between the quotes.
    #[must_use]
    pub fn value(&self) -> String {
        words::unquoted(self.syntax().first_words().unwrap_or_default())
    }
}

impl Unit {
    /// What unit it is.
    #[must_use]
    pub fn name(&self) -> UnitName {
        UnitName::from_word(&own_text(self.syntax()))
    }
}
