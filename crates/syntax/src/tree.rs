//! The lossless tree: every byte of a document, and the productions it is made of.
//!
//! All parts of a tree lie in one list in the order of the document, a node before what is inside it. Each knows the position after its inside, so that
//! going down, on and up is arithmetic; a node at hand is a position and makes nothing that must be freed.

mod builder;
mod element;
mod walk;

use std::rc::Rc;

use text_size::TextRange;

pub(crate) use builder::{Builder, Checkpoint};
pub use element::{SyntaxElement, SyntaxNode, SyntaxToken};

use crate::kind::SyntaxKind;

/// The parts of a text.
#[derive(Debug)]
pub(crate) struct Tree {
    text: Box<str>,
    parts: Vec<Part>,
}

/// A node or a token.
#[derive(Clone, Copy, Debug)]
struct Part {
    kind: SyntaxKind,
    is_token: bool,
    /// The node it stands in; the root stands in itself.
    parent: Position,
    /// The next part that is not inside it.
    after: Position,
    range: TextRange,
}

/// A part's place in the list of its tree.
type Position = u32;

const ROOT: Position = 0;

impl Tree {
    /// The root.
    pub(crate) fn root(self: &Rc<Self>) -> SyntaxNode {
        SyntaxNode::at(self, ROOT)
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "positions come from the tree itself, and a tree never shrinks"
    )]
    fn part(&self, at: Position) -> &Part {
        &self.parts[index(at)]
    }

    fn text(&self, range: TextRange) -> &str {
        self.text.get(std::ops::Range::<usize>::from(range)).unwrap_or_default()
    }
}

fn index(at: Position) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}
