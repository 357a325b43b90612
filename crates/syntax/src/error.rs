//! A finding of the parser, before it is known which file the document is.

use crate::diagnostic::{Code, Diagnostic, FileId, Message, Span};

/// What is wrong in a document, by bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Its kind.
    pub code: Code,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
    /// What is wrong.
    pub message: Message,
    /// What to do about it.
    pub help: Option<Message>,
    /// A replacement that would settle it: from, to, text.
    pub fix: Option<(u32, u32, String)>,
}

impl SyntaxError {
    pub(crate) fn new(code: Code, start: usize, end: usize, message: impl Into<Message>) -> Self {
        SyntaxError {
            code,
            start: offset(start),
            end: offset(end),
            message: message.into(),
            help: None,
            fix: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<Message>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn insert(mut self, at: usize, text: impl Into<String>) -> Self {
        self.fix = Some((offset(at), offset(at), text.into()));
        self
    }

    /// Replaces the place itself.
    pub(crate) fn replace(mut self, text: impl Into<String>) -> Self {
        self.fix = Some((self.start, self.end, text.into()));
        self
    }

    /// The finding in its file.
    #[must_use]
    pub fn diagnostic(&self, file: FileId) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code, Span::new(file, self.start, self.end), self.message.clone());
        if let Some(help) = &self.help {
            diagnostic = diagnostic.help(help.clone());
        }
        if let Some((start, end, text)) = &self.fix {
            diagnostic = diagnostic.suggest_at(Span::new(file, *start, *end), text.clone());
        }
        diagnostic
    }
}

/// Documents are smaller than 4 MiB, so every offset fits.
pub(crate) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
