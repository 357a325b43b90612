//! Labels and facts that an expectation names among the reasons or the missing: one that nothing bears would never come true.

use std::collections::BTreeSet;
use std::sync::Arc;

use meed_facts::schema::Named;
use meed_syntax::SyntaxKind;
use meed_syntax::ast::{self, AstNode, Element};
use meed_syntax::diagnostic::Code;

use super::Reader;
use crate::check::Checked;
use crate::near::unknown;
use crate::place::Place;

/// Conditions that are not written as such: a title's criteria beside its bars, and the bars of titles and measures.
const BUILT_IN: [&str; 2] = ["criteria", "barred"];
/// What a result names besides facts: records of titles and awards, a choice, and an award that another waits for.
const LISTS: [&str; 4] = ["titles", "awards", "chosen", "gets"];

/// What an expectation may name, of one package.
pub(super) struct Known {
    labels: BTreeSet<String>,
    missing: BTreeSet<String>,
}

impl Known {
    pub(super) fn of(checked: &Checked<'_>) -> Self {
        let mut labels: BTreeSet<String> = BUILT_IN.map(str::to_owned).into();
        let mut missing: BTreeSet<String> = LISTS.map(str::to_owned).into();
        for document in &checked.package().documents {
            for node in document.document().syntax().descendants() {
                let label = match node.kind() {
                    SyntaxKind::CONDITION => ast::Condition::cast(node).and_then(|one| one.label()),
                    SyntaxKind::SHEET_GROUP => ast::SheetGroup::cast(node).and_then(|one| one.name()),
                    _ => None,
                };
                labels.extend(label.map(|label| label.text()));
            }
            // Where the text itself is silent, a result names the article.
            missing.extend(document.document().element().filter_map(|element| match element {
                Element::Heading(heading) => Some(heading.text().to_owned()),
                _ => None,
            }));
        }
        let schema = checked.schema();
        let facts = schema.facts.iter().map(|(_, fact)| &fact.named);
        let titles = schema.titles.iter().map(|(_, title)| &title.named);
        let named = facts.chain(titles).chain(&schema.measures).chain(&schema.groups);
        missing.extend(named.flat_map(names));
        Known { labels, missing }
    }
}

fn names(named: &Named) -> impl Iterator<Item = String> {
    let all = std::iter::once(&named.name).chain(&named.formerly);
    all.map(|name| name.to_string())
}

impl Reader<'_> {
    /// The path of a deciding condition's labels.
    pub(super) fn because(&mut self, path: &ast::Path, place: &Place) -> Vec<Arc<str>> {
        for segment in path.segment() {
            let text = segment.text();
            if !self.known.labels.contains(&text) {
                let (span, known) = (place.at(segment.range()), self.known.labels.iter());
                let kind = ("condition labelled", "条件标签");
                let known = known.map(String::as_str);
                self.findings
                    .push(unknown(Code::UnknownLabel, &text, span, known, kind));
            }
        }
        segments(path)
    }

    /// The path of a missing fact.
    pub(super) fn missing(&mut self, path: &ast::Path, place: &Place) -> Vec<Arc<str>> {
        for segment in path.segment() {
            let text = segment.text();
            let is_period = text.starts_with(|first: char| first.is_ascii_digit());
            if !is_period && !self.known.missing.contains(&text) {
                let (span, known) = (place.at(segment.range()), self.known.missing.iter());
                let kind = ("fact", "信息项");
                let known = known.map(String::as_str);
                self.findings
                    .push(unknown(Code::CaseUnknownField, &text, span, known, kind));
            }
        }
        segments(path)
    }
}

fn segments(path: &ast::Path) -> Vec<Arc<str>> {
    path.segment().map(|segment| Arc::from(segment.text())).collect()
}
