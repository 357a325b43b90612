//! Clauses that may stand once in their item, and stand twice.

use std::collections::HashMap;

use meed_syntax::SyntaxKind;
use meed_syntax::ast::AstNode;
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Checked;

/// Clauses of which an item has one at most: a second would be read or lost in silence.
const ONCE: &[SyntaxKind] = &[
    SyntaxKind::WHEN,
    SyntaxKind::WHILE,
    SyntaxKind::JUDGED_BEFORE,
    SyntaxKind::PAY,
    SyntaxKind::ONCE,
    SyntaxKind::EVERY,
    SyntaxKind::EQUAL_INSTALMENTS,
    SyntaxKind::SHARE_INSTALMENTS,
    SyntaxKind::ENDS_ON_FAILURE,
    SyntaxKind::ENDS_RUNNING,
    SyntaxKind::TO,
    SyntaxKind::LED_BY,
    SyntaxKind::SHARED,
    SyntaxKind::WINDOW,
    SyntaxKind::PAUSED,
    SyntaxKind::NO_APPLICATION,
    SyntaxKind::CHANNEL,
    SyntaxKind::ANCHOR_CLAUSE,
    SyntaxKind::SOURCE_CLAUSE,
    SyntaxKind::BASIS_CLAUSE,
    SyntaxKind::IN_FORCE_CLAUSE,
    SyntaxKind::GRANTED_BY,
    SyntaxKind::LEVEL,
    SyntaxKind::LEVELS,
    SyntaxKind::VALID,
    SyntaxKind::REVIEW,
    SyntaxKind::WHEN_SHORT,
];

/// Finds such clauses in measures, services, titles, funds and amendments.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    for document in &checked.package.documents {
        let items = document.document().syntax().descendants().filter(|node| {
            matches!(
                node.kind(),
                SyntaxKind::MEASURE | SyntaxKind::SERVICE | SyntaxKind::TITLE | SyntaxKind::FUND | SyntaxKind::AMEND
            )
        });
        for item in items {
            let mut seen: HashMap<SyntaxKind, Span> = HashMap::new();
            for clause in item.children().filter(|clause| ONCE.contains(&clause.kind())) {
                let range = clause.text_range();
                let span = Span::new(document.file, range.start().into(), range.end().into());
                match seen.get(&clause.kind()) {
                    None => {
                        seen.insert(clause.kind(), span);
                    }
                    Some(first) => findings.push(
                        Diagnostic::new(Code::DuplicateClause, span, Code::DuplicateClause)
                            .related(*first, Message::new("the first one", "第一个"))
                            .why(Message::new(
                                "only one of the two could count, and the text would not show which",
                                "两者只能有一个起作用，而条文看不出是哪一个",
                            ))
                            .help(Message::new("join the two, or remove one", "请合并两者，或删去其一")),
                    ),
                }
            }
        }
    }
}
