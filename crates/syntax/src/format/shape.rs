//! Which parts of the grammar are laid out how.

use super::spacing::is_spaced;
use crate::ast::{AstNode, Keyword};
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;
use crate::tree::{SyntaxElement, SyntaxNode, SyntaxToken};

/// Whether a node's braces are the body of a whole item, indented from the item and not from the line on which they open.
pub(super) fn is_body(kind: SyntaxKind) -> bool {
    use SyntaxKind::{AMEND, CASE, ENUMERATION, FUND, MEASURE, PARAMETER, SERVICE, SHEET, SHEET_GROUP, TITLE};
    matches!(
        kind,
        AMEND | CASE | ENUMERATION | FUND | MEASURE | PARAMETER | SERVICE | SHEET | SHEET_GROUP | TITLE
    )
}

/// Whether the parts of a broken list have a line each. The others keep their author's lines and fill them.
pub(super) fn has_own_lines(kind: SyntaxKind) -> bool {
    use SyntaxKind::{EXPECT_TARGET, LIST_DATUM, OBJECT, SET_EXPR};
    !matches!(kind, EXPECT_TARGET | LIST_DATUM | OBJECT | SET_EXPR)
}

/// Whether a list holds one record only: it hugs the record, `[{ … }]`, and the record is broken in its place.
pub(super) fn is_one_object(owner: &SyntaxNode, parts: &[Vec<SyntaxElement>]) -> bool {
    let [part] = parts else { return false };
    owner.kind() == SyntaxKind::LIST_DATUM && part.iter().all(|element| element.kind() == SyntaxKind::OBJECT)
}

/// Whether the values of neighbouring parts of this kind begin in one column.
pub(super) fn is_aligned(kind: SyntaxKind) -> bool {
    use SyntaxKind::{CASE_ROW, CONDITION, PARAMETER_ENTRY};
    matches!(kind, CASE_ROW | CONDITION | PARAMETER_ENTRY)
}

/// The bracket that closes a list.
pub(super) fn closing(open: SyntaxKind) -> Option<SyntaxKind> {
    match open {
        SyntaxKind::L_BRACE => Some(SyntaxKind::R_BRACE),
        SyntaxKind::L_BRACKET => Some(SyntaxKind::R_BRACKET),
        _ => None,
    }
}

/// The parts of a list, each with the comma behind it.
pub(super) fn parts_of(owner: &SyntaxNode, inside: Vec<SyntaxElement>) -> Vec<Vec<SyntaxElement>> {
    let mut parts: Vec<Vec<SyntaxElement>> = Vec::new();
    for element in inside.into_iter().filter(|element| !element.kind().is_trivia()) {
        match parts.last_mut() {
            Some(part) if !begins_part(owner.kind(), &element) => part.push(element),
            _ => parts.push(vec![element]),
        }
    }
    parts
}

fn begins_part(owner: SyntaxKind, element: &SyntaxElement) -> bool {
    match (owner, element) {
        (_, SyntaxElement::Token(_)) => false,
        // `given` and `expect` stand beside what they introduce.
        (SyntaxKind::CASE, SyntaxElement::Node(node)) => node.kind() == SyntaxKind::KEYWORD,
        (_, SyntaxElement::Node(_)) => true,
    }
}

/// Whether a line break before the token can be kept.
pub(super) fn may_begin_line(token: &SyntaxToken) -> bool {
    use SyntaxKind::{COLON, COMMA, DOT, L_BRACE, L_BRACKET, R_BRACE, R_BRACKET, R_PAREN};
    !matches!(
        token.kind(),
        COLON | COMMA | DOT | L_BRACE | L_BRACKET | R_BRACE | R_BRACKET | R_PAREN
    )
}

/// The columns between two tokens of one line: conditions that share a line stand a little apart.
pub(super) fn gap_between(previous: &SyntaxToken, next: &SyntaxToken) -> usize {
    use SyntaxKind::{CASE_ROW, CONDITION, EXPECTATION, PARAMETER_ENTRY};
    let begins = |node: &SyntaxNode| super::leads::seen(node).next().as_ref() == Some(next);
    let apart = |node: SyntaxNode| matches!(node.kind(), CONDITION | CASE_ROW | EXPECTATION | PARAMETER_ENTRY);
    if previous.kind() != SyntaxKind::L_BRACE && next.parent_ancestors().take_while(begins).any(apart) {
        return 2;
    }
    usize::from(is_spaced(previous, next))
}

/// The keyword that joins the two sides of a binary expression.
pub(super) fn operator(node: &SyntaxNode) -> Option<Phrase> {
    if node.kind() != SyntaxKind::BINARY {
        return None;
    }
    node.children()
        .find_map(Keyword::cast)
        .and_then(|keyword| keyword.phrase())
}
