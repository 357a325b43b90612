//! From a Markdown document to a lossless tree of its rules, and what is wrong with it.
//!
//! [`parse`] never fails and never panics: it answers a tree that holds every byte of the document, and the errors in it.
//! [`ast`] has typed views of the tree; [`phrases`] is the one table of keywords.

pub mod ast;
pub mod diagnostic;
mod kind;
pub mod phrases;
mod words;

pub use kind::{Meed, SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken, TextRange};
