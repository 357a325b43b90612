//! Facts, parameters, definitions and tables that nothing names.

use std::collections::HashSet;

use meed_syntax::ast::{AstNode, Item, NameRef, WhenShort};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Phrase;
use meed_syntax::{SyntaxKind, SyntaxNode};

use super::Checked;
use crate::program::APPLIED_AT;

/// Warns of what no rule and no case names anywhere in the package.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    let mut named: HashSet<String> = HashSet::new();
    for block in checked
        .package
        .documents
        .iter()
        .flat_map(|document| document.document().block())
    {
        let items: Vec<Item> = block.item().collect();
        items.iter().for_each(|item| names_in(item.syntax(), &mut named));
        let Some(table) = block.table() else { continue };
        table.row().for_each(|row| names_in(row.syntax(), &mut named));
        // The head of other tables names their own columns, perhaps as a rule is called.
        if let (Some(Item::CaseTable(_)), Some(head)) = (items.last(), table.head()) {
            names_in(head.syntax(), &mut named);
        }
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
    for (name, rules) in checked.names.tables.by_name() {
        unused(Code::UnusedTable, name, rules.first().map(|rule| rule.place.span));
    }
    for (id, fact) in checked.schema.facts.iter() {
        let is_key = checked.schema.entities[fact.entity].key == Some(id);
        if !is_key {
            unused(Code::UnusedFact, &fact.named.name, checked.vocabulary.place(id));
        }
    }
}

fn names_in(node: &SyntaxNode, named: &mut HashSet<String>) {
    let names = node.descendants().filter(|node| node.kind() == SyntaxKind::NAME_REF);
    named.extend(names.filter_map(NameRef::cast).map(|name| name.text()));
    // A fund that pays in the order of applications names their date by that.
    let first_come = |node: SyntaxNode| WhenShort::cast(node)?.rule().filter(|rule| *rule == Phrase::FirstCome);
    if node.descendants().any(|node| first_come(node).is_some()) {
        named.insert(APPLIED_AT.to_owned());
    }
}
