//! Where a rule stands, and how sure we are of its text.

use std::sync::Arc;

use meed_facts::date::{Date, Span as Dates};
use meed_facts::label::Label;
use meed_syntax::diagnostic::Span;

use super::{DocumentId, OriginId};

/// A legal text or vocabulary page.
#[derive(Clone, Debug)]
pub struct Document {
    /// Path inside the package, with `/`.
    pub path: Arc<str>,
    /// The document's number; vocabulary pages have none.
    pub number: Option<Arc<str>>,
    /// Its title.
    pub title: Label,
    /// Who issued it.
    pub issuer: Label,
    /// When it was issued.
    pub issued: Option<Date>,
    /// When it is in force.
    pub in_force: Dates,
    /// How sure we are of its text.
    pub source: Confidence,
}

/// How sure we are of a text, surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// From the official text.
    Official,
    /// Second-hand.
    Secondary,
    /// Not checked.
    Draft,
}

/// A place that is cited.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The document.
    pub document: DocumentId,
    /// The headings above, outermost first.
    pub headings: Arc<[Arc<str>]>,
    /// The place in the file.
    pub span: Span,
    /// How sure we are of this rule.
    pub source: Confidence,
    /// A second citation, from `basis`.
    pub basis: Option<Arc<str>>,
    /// Amendments of the rule that are in force with it.
    pub amended_by: Vec<OriginId>,
}
