//! Texts in several languages.

use std::sync::Arc;

/// A language of user-facing text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// Chinese (`zh`).
    Zh,
    /// English (`en`).
    En,
}

/// One text in both languages. A language that was not given falls back to the other, then to the name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Label {
    /// The Chinese text, where given.
    pub zh: Option<Arc<str>>,
    /// The English text, where given.
    pub en: Option<Arc<str>>,
}

impl Label {
    /// The text in `lang`, or in the other language, or `name`.
    pub fn text<'a>(&'a self, lang: Lang, name: &'a str) -> &'a str {
        let (first, second) = match lang {
            Lang::Zh => (&self.zh, &self.en),
            Lang::En => (&self.en, &self.zh),
        };
        first.as_deref().or(second.as_deref()).unwrap_or(name)
    }
}
