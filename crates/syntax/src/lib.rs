//! From a Markdown document to a lossless tree of its rules, and what is wrong with it.
//!
//! [`parse`] never fails and never panics: it answers a tree that holds every byte of the document, and the errors in it.
//! [`ast`] has typed views of the tree; [`phrases`] is the one table of keywords; [`format`](mod@format) lays documents out.

pub mod ast;
pub mod diagnostic;
mod document;
mod error;
pub mod format;
mod front_matter;
mod kind;
mod lexer;
mod markdown;
mod parser;
pub mod phrases;
pub mod threads;
mod tree;
mod words;

pub use document::{Parse, parse, parse_all};
pub use error::SyntaxError;
pub use kind::SyntaxKind;
pub use text_size::TextRange;
pub use tree::{SyntaxElement, SyntaxNode, SyntaxToken};
