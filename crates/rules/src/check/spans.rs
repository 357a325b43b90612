//! Times in force that hold no day: what stands in them is never law; and documents that state none, or not how sure we are of their text. A document's own time is checked where its front matter is read.

use meed_facts::date::Span as Dates;
use meed_syntax::SyntaxKind;
use meed_syntax::ast::{AstNode, InForceClause};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Checked;
use crate::names::days_of;

/// Finds rules whose time ends before it begins, or lies outside their document's, and legal texts without a time.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    for document in &checked.package.documents {
        let tree = document.document();
        let written = tree.front_matter().and_then(|front| front.in_force());
        let of_document = written.and_then(|scalar| scalar.span());
        let of_document = of_document.map_or(Dates::ALWAYS, |(from, until)| Dates::new(from, until));
        let at = |range: meed_syntax::TextRange| Span::new(document.file, range.start().into(), range.end().into());
        if let Some(number) = tree.front_matter().and_then(|front| front.number())
            && of_document == Dates::ALWAYS
        {
            let span = at(number.syntax().text_range());
            findings.push(Diagnostic::note(Code::NoTimeInForce, span, Code::NoTimeInForce));
        }
        if let Some(front) = tree.front_matter()
            && let (Some(number), None) = (front.number(), front.source())
        {
            let span = at(number.syntax().text_range());
            findings.push(Diagnostic::note(Code::NoSource, span, Code::NoSource));
        }
        let clauses = tree
            .syntax()
            .descendants()
            .filter(|node| node.kind() == SyntaxKind::IN_FORCE_CLAUSE)
            .filter_map(InForceClause::cast);
        for clause in clauses {
            let Some(days) = clause.span().map(|span| days_of(&span)) else {
                continue;
            };
            if days.is_empty() {
                let help = Message::new(
                    "put the earlier day first; the last day itself does not count",
                    "请先写较早的日期；末日当天不计在内",
                );
                findings.push(Diagnostic::new(Code::EmptySpan, at(clause.range()), Code::EmptySpan).help(help));
            } else if !days.overlaps(of_document) {
                let message = Message::new(
                    "the rule's time in force lies outside its document's",
                    "规则的有效期在其文件的有效期之外",
                );
                findings.push(
                    Diagnostic::new(Code::EmptySpan, at(clause.range()), message)
                        .why(Message::new("the rule would never be in force", "该规则永远不会生效"))
                        .help(Message::new(
                            "correct one of the two times by the text",
                            "请按条文更正其中一个有效期",
                        )),
                );
            }
        }
    }
}
