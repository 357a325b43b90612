//! The lossless tree: every byte of a document, and the productions it is made of.
//!
//! All parts of a tree lie in one list in the order of the document, a node before what is inside it. Each knows the position after its inside, so that
//! going down, on and up is arithmetic; a node at hand is a position and makes nothing that must be freed.

mod builder;
mod element;
mod walk;

use std::rc::Rc;
use std::sync::Arc;

use text_size::TextRange;

pub(crate) use builder::{Builder, Checkpoint};
pub use element::{SyntaxElement, SyntaxNode, SyntaxToken};

use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

/// The parts of a text. A copy is another way to the same parts: each thread takes its own, so that what it counts is nobody else's.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    text: Arc<str>,
    parts: Arc<[Part]>,
}

/// A node or a token.
#[derive(Clone, Copy, Debug)]
struct Part {
    kind: SyntaxKind,
    is_token: bool,
    /// What a keyword says.
    phrase: Option<Phrase>,
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
    /// The root. Nodes and tokens keep to the thread that asked for it.
    pub(crate) fn root(&self) -> SyntaxNode {
        SyntaxNode::at(&Rc::new(self.clone()), ROOT)
    }

    /// Whether nodes of both are nodes of one tree.
    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.parts, &other.parts)
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

#[cfg(test)]
mod tests {
    use super::*;
    use SyntaxKind::*;

    /// `a + b when c`, where the sum was opened after its first operand.
    fn sum_and_keyword() -> SyntaxNode {
        let mut builder = Builder::default();
        builder.start_node(BLOCK);
        let left = builder.checkpoint();
        builder.start_node(NAME_REF);
        builder.token(WORD, "a");
        builder.finish_node();
        builder.start_node_at(left, BINARY);
        builder.token(PLUS, "+");
        builder.start_node(NAME_REF);
        builder.token(WORD, "b");
        builder.finish_node();
        builder.finish_node();
        builder.token(WHITESPACE, " ");
        builder.start_node(KEYWORD);
        builder.token(WORD, "when");
        builder.finish_node();
        builder.finish_node();
        builder.finish("a+b when").root()
    }

    fn texts(nodes: impl Iterator<Item = SyntaxNode>) -> Vec<String> {
        nodes.map(|node| node.text().to_owned()).collect()
    }

    #[test]
    fn a_node_opened_later_goes_around_what_is_there() {
        let root = sum_and_keyword();
        assert_eq!(texts(root.children()), ["a+b", "when"]);
        let sum = root.children().next().expect("the sum");
        assert_eq!(
            (sum.kind(), texts(sum.children())),
            (BINARY, vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!(texts(root.descendants()), ["a+b when", "a+b", "a", "b", "when"]);
    }

    #[test]
    fn siblings_and_parents_lead_to_each_other() {
        let root = sum_and_keyword();
        let (sum, keyword) = (
            root.children().next().expect("sum"),
            root.children().nth(1).expect("keyword"),
        );
        assert_eq!(sum.next_sibling().as_ref(), Some(&keyword));
        assert_eq!(keyword.prev_sibling().as_ref(), Some(&sum));
        assert_eq!((sum.prev_sibling(), keyword.next_sibling()), (None, None));
        assert_eq!(
            (root.parent(), root.prev_sibling(), root.next_sibling()),
            (None, None, None)
        );
        let operand = sum.children().nth(1).expect("operand");
        assert_eq!(texts(operand.ancestors()), ["b", "a+b", "a+b when"]);
        assert_eq!(
            root.tokens().map(|token| token.text().to_owned()).collect::<String>(),
            "a+b when"
        );
    }

    #[test]
    fn a_keyword_knows_its_phrase() {
        let phrases: Vec<Phrase> = sum_and_keyword().child_phrases().collect();
        assert_eq!(phrases, [Phrase::When]);
    }
}
