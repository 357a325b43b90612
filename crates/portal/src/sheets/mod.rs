//! Sheets: what a letter, a certificate, a notice or the briefing says, part by part, before anybody shows it. One description becomes a page that
//! prints well ([`html`]) and, where the house has a [`Press`], a PDF: neither can say what the other does not.

mod code;
pub mod html;
mod press;

use meed_facts::date::Date;
use meed_facts::label::Lang;
use serde::{Serialize, Serializer};

pub use code::Code;
pub use press::{Press, printed};

use crate::words::Words;

/// What stands on a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// What its file is called, without an ending: the id of what it is about.
    pub name: String,
    /// The language of its reader: `zh-CN` or `en`.
    pub lang: &'static str,
    /// Its title in that language.
    pub title: String,
    /// The day of which it speaks. Nothing on a sheet comes from a clock, so the same row gives the same sheet.
    #[serde(serialize_with = "written")]
    pub day: Date,
    /// Its parts, from top to bottom.
    pub parts: Vec<Part>,
}

/// A part of a sheet, in the language in which it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `zh-CN` or `en`.
    pub lang: &'static str,
    /// What it says.
    #[serde(flatten)]
    pub says: Says,
}

/// What a part says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Says {
    /// Who writes, and under which number.
    Head {
        /// Who.
        from: String,
        /// The number, with its name.
        number: String,
    },
    /// What the sheet is called.
    Title {
        /// In words.
        text: String,
    },
    /// What it is called in the other language.
    Subtitle {
        /// In words.
        text: String,
    },
    /// What comes below.
    Heading {
        /// In words.
        text: String,
    },
    /// What matters most, in a line of its own.
    Lead {
        /// In words.
        text: String,
    },
    /// A paragraph.
    Text {
        /// In words.
        text: String,
    },
    /// A remark.
    Aside {
        /// In words.
        text: String,
    },
    /// What is due.
    Sum {
        /// `Amount`,
        name: String,
        /// `500,000.00`,
        value: String,
        /// `yuan`.
        unit: String,
    },
    /// Reasons.
    Points {
        /// Each.
        points: Vec<Point>,
    },
    /// Names and their values.
    Pairs {
        /// Each.
        pairs: Vec<Pair>,
    },
    /// A table.
    Table {
        /// What it shows.
        caption: String,
        /// Its columns.
        columns: Vec<Column>,
        /// Its rows, one value a column.
        rows: Vec<Vec<Value>>,
    },
    /// An address as a code for cameras.
    Code(Code),
    /// Who signs, and when.
    Signature {
        /// Who.
        from: String,
        /// When.
        #[serde(serialize_with = "written")]
        day: Date,
    },
}

/// A reason and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// Whether it does.
    pub holds: bool,
    /// The word for that, for whoever hears the sheet.
    pub said: String,
    /// The reason.
    pub text: String,
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Value,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its head.
    pub name: String,
    /// The language of what stands in it.
    pub lang: &'static str,
    /// Whether that are numbers.
    pub number: bool,
}

/// A value as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Value {
    /// Words.
    Text(String),
    /// A number, written with its thousands.
    Number(String),
    /// Something that is copied and not read: a credit code, an id.
    Code(String),
    /// A day.
    #[serde(serialize_with = "written")]
    Day(Date),
}

impl Sheet {
    /// An empty sheet for a reader of a language.
    pub fn new(words: Words, name: impl Into<String>, title: impl Into<String>, day: Date) -> Self {
        Self {
            name: name.into(),
            lang: words.tag(),
            title: title.into(),
            day,
            parts: Vec::new(),
        }
    }

    /// Says above everything else, in both languages, that it comes from a demonstration: on paper nothing else tells.
    pub fn is_of_a_demonstration(&mut self) {
        for words in [Lang::En, Lang::Zh].map(Words::new) {
            let says = Says::aside(words.t("demo-notice"));
            let lang = words.tag();
            self.parts.insert(0, Part { lang, says });
        }
    }

    /// Adds what is said next, in a language.
    pub fn say(&mut self, words: Words, says: Says) {
        self.parts.push(Part {
            lang: words.tag(),
            says,
        });
    }
}

impl Says {
    /// A heading.
    pub fn heading(text: impl Into<String>) -> Self {
        Says::Heading { text: text.into() }
    }

    /// A paragraph.
    pub fn text(text: impl Into<String>) -> Self {
        Says::Text { text: text.into() }
    }

    /// A remark.
    pub fn aside(text: impl Into<String>) -> Self {
        Says::Aside { text: text.into() }
    }
}

fn written<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_of_a_demonstration_says_so_first_in_both_languages() {
        let words = Words::new(Lang::Zh);
        let mut sheet = Sheet::new(words, "letter-1", "决定书", Date::new(2023, 2, 23).unwrap());
        sheet.say(words, Says::text("给予 500,000.00 元"));
        sheet.is_of_a_demonstration();
        let said: Vec<&str> = sheet.parts.iter().map(|part| part.lang).collect();
        assert_eq!(said, ["zh-CN", "en", "zh-CN"]);
        assert_eq!(sheet.parts[0].says, Says::aside(words.t("demo-notice")));
    }
}
