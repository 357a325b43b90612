//! Sentences that Meed itself says, always in both languages.

use crate::label::Lang;

/// One sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Message {
    /// The English sentence.
    pub en: String,
    /// The Chinese sentence.
    pub zh: String,
}

impl Message {
    /// A sentence in both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Message {
            en: en.into(),
            zh: zh.into(),
        }
    }

    /// Words that are the same in both languages: a name, or what a library says in the one language that it has.
    pub fn same(words: &dyn std::fmt::Display) -> Self {
        let words = words.to_string();
        Message::new(words.clone(), words)
    }

    /// The sentence in one language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }
}

impl<E: Into<String>, Z: Into<String>> From<(E, Z)> for Message {
    fn from((en, zh): (E, Z)) -> Self {
        Message::new(en, zh)
    }
}
