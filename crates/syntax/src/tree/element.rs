//! Nodes and tokens of a tree, and how one leads to others.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use text_size::TextRange;

use super::walk::Walk;
use super::{Part, Position, ROOT, Tree};
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

/// A node of the tree.
#[derive(Clone)]
pub struct SyntaxNode {
    tree: Rc<Tree>,
    at: Position,
}

/// A token of the tree.
#[derive(Clone)]
pub struct SyntaxToken {
    tree: Rc<Tree>,
    at: Position,
}

/// A node or a token of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SyntaxElement {
    /// A node.
    Node(SyntaxNode),
    /// A token.
    Token(SyntaxToken),
}

/// What nodes and tokens have in common.
macro_rules! element {
    ($name:ident) => {
        impl $name {
            pub(super) fn at(tree: &Rc<Tree>, at: Position) -> Self {
                $name {
                    tree: tree.clone(),
                    at,
                }
            }

            fn part(&self) -> &Part {
                self.tree.part(self.at)
            }

            /// What it is.
            #[must_use]
            pub fn kind(&self) -> SyntaxKind {
                self.part().kind
            }

            /// Its bytes in the document.
            #[must_use]
            pub fn text_range(&self) -> TextRange {
                self.part().range
            }

            /// Its text.
            #[must_use]
            pub fn text(&self) -> &str {
                self.tree.text(self.text_range())
            }

            /// The node that it stands in.
            #[must_use]
            pub fn parent(&self) -> Option<SyntaxNode> {
                (self.at != ROOT).then(|| SyntaxNode::at(&self.tree, self.part().parent))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.at == other.at && self.tree.is(&other.tree)
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.at.hash(state);
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}@{:?}", self.kind(), self.text_range())
            }
        }
    };
}

element!(SyntaxNode);
element!(SyntaxToken);

impl SyntaxNode {
    /// The nodes directly inside it.
    pub fn children(&self) -> impl Iterator<Item = SyntaxNode> + use<> {
        self.children_of(|_| true)
    }

    /// The nodes of some kinds directly inside it.
    pub(crate) fn children_of<F>(&self, wanted: F) -> impl Iterator<Item = SyntaxNode> + use<F>
    where
        F: Fn(SyntaxKind) -> bool,
    {
        let (tree, mut inside) = (self.tree.clone(), Walk::children(self.part(), self.at));
        let next = move || {
            Some(SyntaxNode::at(
                &tree,
                inside.find(&tree, |part| !part.is_token && wanted(part.kind))?,
            ))
        };
        std::iter::from_fn(next)
    }

    /// One of the nodes of some kinds directly inside it, counted from 0.
    pub(crate) fn child_of(&self, wanted: impl Fn(SyntaxKind) -> bool, index: usize) -> Option<SyntaxNode> {
        let mut inside = Walk::children(self.part(), self.at);
        let mut found = std::iter::from_fn(|| inside.find(&self.tree, |part| !part.is_token && wanted(part.kind)));
        let at = found.nth(index)?;
        Some(SyntaxNode::at(&self.tree, at))
    }

    /// The phrase that it is, as a keyword.
    pub(crate) fn phrase(&self) -> Option<Phrase> {
        self.part().phrase
    }

    /// The phrases of the keywords directly inside it.
    pub(crate) fn child_phrases(&self) -> impl Iterator<Item = Phrase> {
        let mut inside = Walk::children(self.part(), self.at);
        std::iter::from_fn(move || {
            let keyword = inside.find(&self.tree, |part| part.phrase.is_some())?;
            self.tree.part(keyword).phrase
        })
    }

    /// The text of the first token inside it that is no trivia.
    pub(crate) fn first_words(&self) -> Option<&str> {
        let first = Walk::all(self.part(), self.at).find(&self.tree, |part| part.is_token && !part.kind.is_trivia())?;
        Some(self.tree.text(self.tree.part(first).range))
    }

    /// The tokens directly inside it.
    pub fn child_tokens(&self) -> impl Iterator<Item = SyntaxToken> + use<> {
        let (tree, mut inside) = (self.tree.clone(), Walk::children(self.part(), self.at));
        std::iter::from_fn(move || Some(SyntaxToken::at(&tree, inside.find(&tree, |part| part.is_token)?)))
    }

    /// Everything directly inside it.
    pub fn children_with_tokens(&self) -> impl Iterator<Item = SyntaxElement> + use<> {
        let (tree, mut inside) = (self.tree.clone(), Walk::children(self.part(), self.at));
        std::iter::from_fn(move || Some(SyntaxElement::at(&tree, inside.find(&tree, |_| true)?)))
    }

    /// The node itself and all nodes inside it, in the order of the document.
    pub fn descendants(&self) -> impl Iterator<Item = SyntaxNode> + use<> {
        let (tree, mut inside) = (self.tree.clone(), Walk::all(self.part(), self.at));
        std::iter::from_fn(move || Some(SyntaxNode::at(&tree, inside.find(&tree, |part| !part.is_token)?)))
    }

    /// All tokens inside it, in the order of the document.
    pub fn tokens(&self) -> impl Iterator<Item = SyntaxToken> + use<> {
        let (tree, mut inside) = (self.tree.clone(), Walk::all(self.part(), self.at));
        std::iter::from_fn(move || Some(SyntaxToken::at(&tree, inside.find(&tree, |part| part.is_token)?)))
    }

    /// The node itself and all nodes around it, from the innermost to the root.
    pub fn ancestors(&self) -> impl Iterator<Item = SyntaxNode> + use<> {
        std::iter::successors(Some(self.clone()), SyntaxNode::parent)
    }

    /// The node before it in the same node.
    #[must_use]
    pub fn prev_sibling(&self) -> Option<SyntaxNode> {
        let around = self.part().parent;
        let first = around.checked_add(1)?;
        let mut at = self.at;
        while at > first {
            // What stands just before may be deep inside the sibling.
            at = at.checked_sub(1)?;
            while self.tree.part(at).parent != around {
                at = self.tree.part(at).parent;
            }
            if !self.tree.part(at).is_token {
                return Some(SyntaxNode::at(&self.tree, at));
            }
        }
        None
    }

    /// The node after it in the same node.
    #[must_use]
    pub fn next_sibling(&self) -> Option<SyntaxNode> {
        let around = self.tree.part(self.part().parent);
        Walk::following(self.part(), around)
            .find(&self.tree, |part| !part.is_token)
            .map(|at| SyntaxNode::at(&self.tree, at))
    }
}

impl SyntaxToken {
    /// All nodes around it, from the innermost to the root.
    pub fn parent_ancestors(&self) -> impl Iterator<Item = SyntaxNode> + use<> {
        std::iter::successors(self.parent(), SyntaxNode::parent)
    }
}

impl SyntaxElement {
    fn at(tree: &Rc<Tree>, at: Position) -> Self {
        if tree.part(at).is_token {
            SyntaxElement::Token(SyntaxToken::at(tree, at))
        } else {
            SyntaxElement::Node(SyntaxNode::at(tree, at))
        }
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> SyntaxKind {
        match self {
            SyntaxElement::Node(node) => node.kind(),
            SyntaxElement::Token(token) => token.kind(),
        }
    }

    /// Its bytes in the document.
    #[must_use]
    pub fn text_range(&self) -> TextRange {
        match self {
            SyntaxElement::Node(node) => node.text_range(),
            SyntaxElement::Token(token) => token.text_range(),
        }
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            SyntaxElement::Node(node) => node.text(),
            SyntaxElement::Token(token) => token.text(),
        }
    }
}
