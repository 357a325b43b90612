//! Variables and parameters of definitions that have the name of a definition, parameter, table or sheet of the package.

use std::collections::HashSet;
use std::sync::Arc;

use meed_syntax::SyntaxKind;
use meed_syntax::ast::{Aggregate, Any, AstNode, Child, Name, Param, Quantified};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Checked;

/// Finds names that hide another.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    let global: HashSet<Arc<str>> = checked.names.value_names().collect();
    for document in &checked.package.documents {
        for node in document.document().syntax().descendants() {
            let bound: Option<Name> = match node.kind() {
                SyntaxKind::QUANTIFIED => Quantified::cast(node).and_then(|node| node.var()),
                SyntaxKind::AGGREGATE => Aggregate::cast(node).and_then(|node| node.var()),
                SyntaxKind::ANY => Any::cast(node).and_then(|node| node.var()),
                SyntaxKind::CHILD => Child::cast(node).and_then(|node| node.name()),
                // Parameters of tables are the names of their columns and hide nothing.
                SyntaxKind::PARAM if !is_of_table(&node) => Param::cast(node).and_then(|node| node.name()),
                _ => None,
            };
            let Some(name) = bound else { continue };
            let text = name.text();
            if !global.contains(text.as_str()) {
                continue;
            }
            let range = name.syntax().text_range();
            let span = Span::new(document.file, range.start().into(), range.end().into());
            let message = Message::new(
                format!("`{text}` is already a name of the package"),
                format!("规则包中已有名称“{text}”"),
            );
            findings.push(
                Diagnostic::new(Code::ShadowedName, span, message)
                    .why(Message::new(
                        "a reader could not tell which of the two is meant",
                        "读者无法分辨指的是哪一个",
                    ))
                    .help(Message::new("give the variable another name", "请给变量另取名称")),
            );
        }
    }
}

fn is_of_table(param: &meed_syntax::SyntaxNode) -> bool {
    param.ancestors().any(|node| node.kind() == SyntaxKind::TABLE_ITEM)
}
