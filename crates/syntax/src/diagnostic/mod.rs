//! Findings: what is wrong, where, why, and the likely fix, in English and in Chinese.
//!
//! A [`Diagnostic`] is data; how it looks is decided by the renderers, so that the terminal, JSON, SARIF and an editor say
//! the same. Every finding has a [`Code`] of the one table in [`codes`].

use meed_facts::label::Lang;
pub use meed_facts::message::Message;

pub mod codes;
mod json;
mod order;
mod sarif;
mod sources;
mod text;

pub use codes::Code;
pub use json::json;
pub use order::in_order;
pub use sarif::sarif;
pub use sources::{FileId, Location, Source, Sources};
pub use text::{Colour, text};

/// Bytes `start..end` of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// Bytes `start..end` of `file`.
    #[must_use]
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Span { file, start, end }
    }

    /// From the beginning of `self` to the end of `other`. Both must be in the same file; the other file is ignored otherwise.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The package cannot be used.
    Error,
    /// The package can be used, and somebody should look.
    Warning,
    /// For information.
    Note,
}

/// A code's title is a message, for findings that need no more words.
impl From<Code> for Message {
    fn from(code: Code) -> Self {
        Message::new(code.title_en(), code.title_zh())
    }
}

/// A replacement that would settle the finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fix {
    /// What to replace; empty to insert.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// How grave it is; that of the code unless a caller knows better.
    pub severity: Severity,
    /// The place underlined.
    pub span: Span,
    /// What is wrong, in one sentence.
    pub message: Message,
    /// A few words under the place.
    pub label: Option<Message>,
    /// Other places that take part, each with a few words.
    pub related: Vec<(Span, Message)>,
    /// Why it is wrong.
    pub why: Option<Message>,
    /// What to do about it.
    pub help: Option<Message>,
    /// A replacement that would settle it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding with the severity of its code.
    pub fn new(code: Code, span: Span, message: impl Into<Message>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            span,
            message: message.into(),
            label: None,
            related: Vec::new(),
            why: None,
            help: None,
            fix: None,
        }
    }

    /// A finding that stops the package, whatever its code's usual severity.
    pub fn error(code: Code, span: Span, message: impl Into<Message>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            ..Diagnostic::new(code, span, message)
        }
    }

    /// A finding that somebody should look at.
    pub fn warning(code: Code, span: Span, message: impl Into<Message>) -> Self {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::new(code, span, message)
        }
    }

    /// A finding for information.
    pub fn note(code: Code, span: Span, message: impl Into<Message>) -> Self {
        Diagnostic {
            severity: Severity::Note,
            ..Diagnostic::new(code, span, message)
        }
    }

    /// A few words under the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<Message>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Another place that takes part.
    #[must_use]
    pub fn related(mut self, span: Span, words: impl Into<Message>) -> Self {
        self.related.push((span, words.into()));
        self
    }

    /// Why it is wrong.
    #[must_use]
    pub fn why(mut self, why: impl Into<Message>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Why it is wrong. An error or a warning that says neither why nor what to do has the words of its code.
    #[must_use]
    pub fn reason(&self, lang: Lang) -> Option<&str> {
        if let Some(why) = &self.why {
            return Some(why.text(lang));
        }
        let is_told = self.help.is_some() || self.fix.is_some() || self.severity == Severity::Note;
        (!is_told).then(|| match lang {
            Lang::En => self.code.explanation_en(),
            Lang::Zh => self.code.explanation_zh(),
        })
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Message>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A replacement that would settle it, at the finding's own place.
    #[must_use]
    pub fn suggest(self, replacement: impl Into<String>) -> Self {
        let span = self.span;
        self.suggest_at(span, replacement)
    }

    /// A replacement that would settle it, at another place (empty to insert there).
    #[must_use]
    pub fn suggest_at(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            span,
            replacement: replacement.into(),
        });
        self
    }
}
