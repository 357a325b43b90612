//! How a named part is found among a node's children: by its type, and by the keyword before it.

use super::AstNode;
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;
use crate::tree::SyntaxNode;

pub(super) fn children<T: AstNode>(node: &SyntaxNode) -> impl Iterator<Item = T> + use<T> {
    node.children_of(T::can_cast).filter_map(T::cast)
}

pub(super) fn child<T: AstNode>(node: &SyntaxNode, index: usize) -> Option<T> {
    node.child_of(T::can_cast, index).and_then(T::cast)
}

/// The first child of a type, unless a keyword stands before it.
pub(super) fn before_keyword<T: AstNode>(node: &SyntaxNode) -> Option<T> {
    node.children()
        .take_while(|child| child.kind() != SyntaxKind::KEYWORD)
        .find_map(T::cast)
}

/// The children of a type between a keyword and the next one.
pub(super) fn after<T: AstNode>(node: &SyntaxNode, phrases: &'static [Phrase]) -> impl Iterator<Item = T> + use<T> {
    let mut follows = false;
    node.children()
        .filter(move |child| {
            if child.kind() == SyntaxKind::KEYWORD {
                follows = child.phrase().is_some_and(|phrase| phrases.contains(&phrase));
            }
            follows
        })
        .filter_map(T::cast)
}

pub(super) fn keyword_among(node: &SyntaxNode, phrases: &[Phrase]) -> Option<Phrase> {
    node.child_phrases().find(|phrase| phrases.contains(phrase))
}
