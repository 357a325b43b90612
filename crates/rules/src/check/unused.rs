//! Facts, parameters and definitions that nothing names.

use std::collections::HashSet;

use meed_syntax::SyntaxKind;
use meed_syntax::ast::{AstNode, NameRef};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Checked;

/// Warns of what no rule and no case names anywhere in the package.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    let mut named: HashSet<String> = HashSet::new();
    for document in &checked.package.documents {
        let nodes = document
            .document
            .syntax()
            .descendants()
            .filter(|node| node.kind() == SyntaxKind::NAME_REF);
        named.extend(nodes.filter_map(NameRef::cast).map(|name| name.text()));
    }
    let mut unused = |code: Code, name: &str, span: Option<Span>| {
        if let (Some(span), false) = (span, named.contains(name)) {
            let message = Message::new(
                format!("`{name}`: {}", code.title_en()),
                format!("“{name}”：{}", code.title_zh()),
            );
            findings.push(Diagnostic::new(code, span, message));
        }
    };
    for (name, rules) in checked.names.parameters.by_name() {
        unused(Code::UnusedParameter, name, rules.first().map(|rule| rule.place.span));
    }
    for (name, rules) in checked.names.definitions.by_name() {
        unused(Code::UnusedDefinition, name, rules.first().map(|rule| rule.place.span));
    }
    for (id, fact) in checked.schema.facts.iter() {
        let is_key = checked.schema.entities[fact.entity].key == Some(id);
        if !is_key {
            unused(Code::UnusedFact, &fact.named.name, checked.vocabulary.place(id));
        }
    }
}
