//! Where a rule stands: document, headings, version.

use std::sync::Arc;

use meed_facts::date::Span as Dates;
use meed_syntax::TextRange;
use meed_syntax::diagnostic::{FileId, Span};

use crate::package::Cells;
use crate::program::{Confidence, DocumentId};

/// Where a rule stands, and when its text is in force.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The document.
    pub(crate) document: DocumentId,
    /// Its file.
    pub(crate) file: FileId,
    /// The headings above, outermost first.
    pub(crate) headings: Arc<[Arc<str>]>,
    /// The whole rule.
    pub(crate) span: Span,
    /// How sure we are of it.
    pub(crate) source: Confidence,
    /// A second citation.
    pub(crate) basis: Option<Arc<str>>,
    /// When it is in force.
    pub(crate) in_force: Dates,
    /// Where the amendments stand that are in force with it.
    pub(crate) amended_by: Vec<Place>,
    /// Where the cells stand, inside a table that is read from a data file.
    pub(crate) cells: Option<Arc<Cells>>,
}

impl Place {
    /// The place of a piece of the rule.
    pub(crate) fn at(&self, range: TextRange) -> Span {
        match &self.cells {
            Some(cells) => cells.place(range),
            None => Span::new(self.file, range.start().into(), range.end().into()),
        }
    }
}
