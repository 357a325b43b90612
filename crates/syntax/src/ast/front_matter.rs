//! The front matter: which text a document is, who issued it, and when it is in force.

use meed_facts::date::Date as CalendarDate;

use super::words::own_text;
use super::{AstNode, nodes};
use crate::phrases::{Language, Phrase, nfc};
use crate::words;

nodes! {
    /// The lines between `---` and `---`.
    FrontMatter = FRONT_MATTER { entry: each() FrontEntry; }
    /// `key: value`
    FrontEntry = FRONT_ENTRY { key: child() FrontKey; scalar: child() FrontScalar; map: child() FrontMap; list: child() FrontList; }
    /// A key.
    FrontKey = FRONT_KEY {}
    /// A value without parts.
    FrontScalar = FRONT_SCALAR {}
    /// `{ zh: …, en: … }`
    FrontMap = FRONT_MAP { entry: each() FrontEntry; }
    /// `[…, …]`, or lines that begin with `-`.
    FrontList = FRONT_LIST { item: each() FrontScalar; }
}

/// A part of another document that is repealed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Repeal {
    /// Where this stands.
    pub scalar: FrontScalar,
    /// The other document's number.
    pub number: String,
    /// The heading there; the whole document without it.
    pub heading: Option<String>,
    /// The first day without it.
    pub from: Option<CalendarDate>,
}

impl FrontMatter {
    /// The entry with a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<FrontEntry> {
        self.entry()
            .find(|entry| entry.key().is_some_and(|found| found.text() == key))
    }

    fn scalar(&self, key: &str) -> Option<FrontScalar> {
        self.get(key)?.scalar()
    }

    /// `title`
    #[must_use]
    pub fn title(&self) -> Option<FrontMap> {
        self.get("title")?.map()
    }

    /// `issuer`
    #[must_use]
    pub fn issuer(&self) -> Option<FrontMap> {
        self.get("issuer")?.map()
    }

    /// `number`: the name by which other documents refer to this one. A vocabulary page has none.
    #[must_use]
    pub fn number(&self) -> Option<FrontScalar> {
        self.scalar("number")
    }

    /// `issued`
    #[must_use]
    pub fn issued(&self) -> Option<FrontScalar> {
        self.scalar("issued")
    }

    /// `in_force`; its ends by [`FrontScalar::span`].
    #[must_use]
    pub fn in_force(&self) -> Option<FrontScalar> {
        self.scalar("in_force")
    }

    /// `source`
    #[must_use]
    pub fn source(&self) -> Option<FrontScalar> {
        self.scalar("source")
    }

    /// The language of the keywords.
    #[must_use]
    pub fn rules(&self) -> Language {
        match self.scalar("rules") {
            Some(scalar) if scalar.text() == "zh" => Language::Chinese,
            _ => Language::English,
        }
    }

    /// `replaces`: document numbers.
    #[must_use]
    pub fn replaces(&self) -> Vec<FrontScalar> {
        self.items("replaces")
    }

    /// `amends`: document numbers.
    #[must_use]
    pub fn amends(&self) -> Vec<FrontScalar> {
        self.items("amends")
    }

    /// `repeals`
    #[must_use]
    pub fn repeals(&self) -> Vec<Repeal> {
        self.items("repeals").into_iter().map(Repeal::read).collect()
    }

    fn items(&self, key: &str) -> Vec<FrontScalar> {
        let Some(entry) = self.get(key) else { return Vec::new() };
        match entry.list() {
            Some(list) => list.item().collect(),
            None => entry.scalar().into_iter().collect(),
        }
    }
}

impl FrontKey {
    /// The key.
    #[must_use]
    pub fn text(&self) -> String {
        own_text(self.syntax()).into_owned()
    }
}

impl FrontMap {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<FrontScalar> {
        self.entry()
            .find(|entry| entry.key().is_some_and(|found| found.text() == key))?
            .scalar()
    }

    /// The Chinese text.
    #[must_use]
    pub fn zh(&self) -> Option<FrontScalar> {
        self.get("zh")
    }

    /// The English text.
    #[must_use]
    pub fn en(&self) -> Option<FrontScalar> {
        self.get("en")
    }
}

impl FrontScalar {
    /// The value without quotes, in NFC.
    #[must_use]
    pub fn text(&self) -> String {
        let raw = self.syntax().text().trim();
        let quoted = ['"', '\'']
            .into_iter()
            .find_map(|quote| raw.strip_prefix(quote)?.strip_suffix(quote));
        nfc(quoted.unwrap_or(raw)).into_owned()
    }

    /// The value as a date.
    #[must_use]
    pub fn date(&self) -> Option<CalendarDate> {
        words::date(&self.text())
    }

    /// The value as `FROM..` or `FROM..TO`, half-open; `None` where it is no span (the parser has reported it).
    #[must_use]
    pub fn span(&self) -> Option<(Option<CalendarDate>, Option<CalendarDate>)> {
        let text = self.text();
        let (from, to) = text.split_once("..")?;
        let end = |side: &str| match side.trim() {
            "" => Some(None),
            side => words::date(side).map(Some),
        };
        Some((end(from)?, end(to)?))
    }

    /// The value as a word of the table of keywords: `official`, `zh`.
    #[must_use]
    pub fn phrase(&self) -> Option<Phrase> {
        Phrase::from_spelling(&self.text())
    }
}

impl Repeal {
    fn read(scalar: FrontScalar) -> Repeal {
        let text = scalar.text();
        let (place, from) = match text.rsplit_once(" from ") {
            Some((place, date)) => (place.trim(), words::date(date.trim())),
            None => (text.as_str(), None),
        };
        let (number, heading) = match place.split_once(char::is_whitespace) {
            Some((number, heading)) => (number.to_owned(), Some(heading.trim().to_owned())),
            None => (place.to_owned(), None),
        };
        Repeal {
            scalar,
            number,
            heading,
            from,
        }
    }
}
