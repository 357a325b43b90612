//! What stands between two words of a rule on one line, and how each is written.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::convert::spelling;
use crate::kind::SyntaxKind;
use crate::phrases::Language;
use crate::tree::SyntaxToken;
use crate::words::narrow;

/// How a token is written: punctuation and digits in their ASCII forms, all else as it stands.
pub(super) fn written(token: &SyntaxToken) -> Cow<'static, str> {
    use SyntaxKind::{DATE_TOKEN, MONTH_DAY_TOKEN, NUMBER_TOKEN, YEAR_MONTH_TOKEN};
    match (token.kind().punctuation(), token.kind()) {
        (Some(sign), _) => Cow::Borrowed(sign),
        (None, NUMBER_TOKEN | DATE_TOKEN | YEAR_MONTH_TOKEN | MONTH_DAY_TOKEN) => {
            Cow::Owned(token.text().chars().map(narrow).collect())
        }
        (None, _) => Cow::Owned(token.text().to_owned()),
    }
}

/// How many columns of a terminal a text takes: two for a Chinese character.
pub(super) fn columns(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// How many columns a token counts for: those of its English spelling, so that a document has its lines in the same places in both languages. The
/// first word of a keyword counts for all of them.
pub(super) fn measure(token: &SyntaxToken) -> usize {
    let english = token
        .parent()
        .and_then(|parent| Some((spelling(&parent, Language::English)?, parent)));
    let Some((english, parent)) = english else {
        return columns(&written(token));
    };
    let mut words = parent.child_tokens().filter(|word| !word.kind().is_trivia());
    if words.next().is_some_and(|first| first == *token) {
        // Each further word comes with the space before it.
        columns(&english).saturating_sub(words.count())
    } else {
        0
    }
}

/// Whether a space stands between two tokens of one line.
pub(super) fn is_spaced(previous: &SyntaxToken, next: &SyntaxToken) -> bool {
    use SyntaxKind::{
        CALL, COLON, COMMA, DOT, EXPECT_TARGET, L_BRACE, L_BRACKET, L_PAREN, LITERAL, MATCH, MINUS, PARAMS, R_BRACE,
        R_BRACKET, R_PAREN, SET_EXPR, SPAN, UNARY,
    };
    let (inside_previous, inside_next) = (parent(previous), parent(next));
    match (previous.kind(), next.kind()) {
        (_, COMMA | COLON | R_PAREN | R_BRACKET | DOT) | (L_PAREN | L_BRACKET | DOT, _) | (L_BRACE, R_BRACE) => false,
        (_, L_PAREN) => !matches!(inside_next, CALL | PARAMS),
        (_, L_BRACKET) => inside_next != EXPECT_TARGET,
        (L_BRACE, _) => inside_previous != SET_EXPR,
        (_, R_BRACE) => inside_next != SET_EXPR,
        (COLON, _) => inside_previous != MATCH,
        (MINUS, _) => !matches!(inside_previous, UNARY | LITERAL),
        (one, other) if is_range(one) && inside_previous == SPAN || is_range(other) && inside_next == SPAN => false,
        _ => !is_joined_unit(previous, next),
    }
}

/// `50万元` may be written without a space, and stays so; `50万 CNY` has one.
fn is_joined_unit(number: &SyntaxToken, unit: &SyntaxToken) -> bool {
    number.kind() == SyntaxKind::NUMBER_TOKEN
        && parent(unit) == SyntaxKind::UNIT
        && !unit.text().is_ascii()
        && number.text_range().end() == unit.text_range().start()
}

fn is_range(kind: SyntaxKind) -> bool {
    use SyntaxKind::{RANGE_OP, RANGE_OPEN_BOTH, RANGE_OPEN_HIGH, RANGE_OPEN_LOW};
    matches!(kind, RANGE_OP | RANGE_OPEN_HIGH | RANGE_OPEN_LOW | RANGE_OPEN_BOTH)
}

fn parent(token: &SyntaxToken) -> SyntaxKind {
    token.parent().map_or(SyntaxKind::ERROR, |node| node.kind())
}
