//! Names of which one would hide another: variables and parameters of definitions that are called like a value of the package, and values that are called
//! like a fact of their entity.

use std::collections::HashSet;
use std::sync::Arc;

use meed_syntax::SyntaxKind;
use meed_syntax::ast::{Aggregate, Any, AstNode, Child, Name, Param, Quantified};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Checked;

/// Finds names that hide another.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    of_facts(checked, findings);
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

/// A bare name means a fact first, so that a definition of the same name would never be read.
fn of_facts(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    let names = &checked.names;
    let definitions = names
        .definitions
        .iter()
        .map(|rule| (&rule.name, rule.node.entity(), &rule.place));
    let sheets = names
        .sheets
        .iter()
        .map(|rule| (&rule.name, rule.node.entity(), &rule.place));
    let parameters = names.parameters.iter().map(|rule| (&rule.name, None, &rule.place));
    let tables = names
        .tables
        .iter()
        .map(|rule| (&rule.name, rule.node.entity(), &rule.place));
    for (name, entity, place) in definitions.chain(sheets).chain(parameters).chain(tables) {
        let entity = entity.map(|entity| entity.text());
        let mut entities = checked.schema.entities.iter().filter(|(_, known)| match &entity {
            Some(entity) => known.named.is_called(entity),
            None => known.applicant,
        });
        let Some(fact) = entities.find_map(|(id, _)| checked.vocabulary.fact(&checked.schema, id, name)) else {
            continue;
        };
        let message = Message::new(format!("`{name}` is already a fact"), format!("“{name}”已是信息项"));
        let finding = Diagnostic::new(Code::ShadowedName, place.span, message);
        let finding = match checked.vocabulary.place(fact) {
            Some(fact) => finding.related(fact, Message::new("declared here", "声明于此")),
            None => finding,
        };
        findings.push(
            finding
                .why(Message::new(
                    "the name would mean the fact, and this would never be read",
                    "该名称会指信息项，此规则永远不会用到",
                ))
                .help(Message::new("give it another name", "请另取名称")),
        );
    }
}

fn is_of_table(param: &meed_syntax::SyntaxNode) -> bool {
    param.ancestors().any(|node| node.kind() == SyntaxKind::TABLE_ITEM)
}
