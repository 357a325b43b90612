//! The formatter: one layout for all rules, in documents whose prose stays untouched.
//!
//! Only blocks of rules and the tables that they read are laid out. Nothing is added, removed or put in another order; full-width
//! punctuation and digits get their usual forms; comments stay where they are. A document with errors is left alone, because
//! what cannot be read cannot be laid out.

mod convert;
mod layout;
mod leads;
mod shape;
mod spacing;
mod tables;

pub use convert::convert;

use crate::ast::{AstNode, Document, Table};
use crate::diagnostic::{Diagnostic, FileId};
use crate::kind::SyntaxKind;
use crate::tree::{SyntaxElement, SyntaxNode};

/// The document in its one layout. Formatting it once more changes nothing.
///
/// # Errors
/// The document's errors.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let document = without_errors(file, text)?;
    Ok(document.syntax().children_with_tokens().map(part).collect())
}

/// The document's tree, if nothing is wrong in it.
fn without_errors(file: FileId, text: &str) -> Result<Document, Vec<Diagnostic>> {
    let parse = crate::parse(text);
    if parse.errors().is_empty() {
        Ok(parse.document())
    } else {
        Err(parse.diagnostics(file))
    }
}

fn part(element: SyntaxElement) -> String {
    let SyntaxElement::Node(node) = &element else {
        return element.text().to_owned();
    };
    let laid_out = match node.kind() {
        SyntaxKind::BLOCK => block(node),
        SyntaxKind::TABLE => Table::cast(node.clone())
            .filter(Table::is_read_by_rules)
            .and_then(|it| tables::table(&it)),
        _ => None,
    };
    match laid_out {
        Some(new) if line_break(node.text()) == "\r\n" => new.replace('\n', "\r\n"),
        Some(new) => new,
        None => node.text().to_owned(),
    }
}

/// A block with its fences; `None` where nothing stands in it, or where its lines are quoted or indented each in another way.
fn block(node: &SyntaxNode) -> Option<String> {
    let mut fences = node.child_tokens().filter(|token| token.kind() == SyntaxKind::FENCE);
    let (open, close) = (fences.next()?, fences.last()?);
    let mut out = format!("{}\n", open.text().trim_end());
    let prefix = line_prefix(node)?;
    for line in layout::block(node).lines() {
        let line = format!("{prefix}{line}");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.push_str(&close.text().replace('\r', ""));
    Some(out)
}

/// What stands before each line of a block inside a list or a quotation; less before a line without words.
fn line_prefix(block: &SyntaxNode) -> Option<String> {
    let tokens = leads::tokens(block).filter(|token| token.kind() == SyntaxKind::LINE_PREFIX);
    let prefixes: Vec<String> = tokens.map(|token| token.text().replace('\r', "")).collect();
    let longest = prefixes
        .iter()
        .max_by_key(|prefix| prefix.len())
        .cloned()
        .unwrap_or_default();
    let fits = |prefix: &String| *prefix == longest || *prefix == longest.trim_end();
    prefixes.iter().all(fits).then_some(longest)
}

/// How lines end in a text.
fn line_break(text: &str) -> &'static str {
    match text.split_once('\n') {
        Some((first, _)) if first.ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
