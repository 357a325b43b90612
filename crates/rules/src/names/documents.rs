//! Documents: what their front matter says, and how they end or repeal each other.

use std::collections::HashMap;
use std::sync::Arc;

use la_arena::Arena;
use meed_facts::date::{Date, Span as Dates};
use meed_facts::label::Label;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Phrase;

use crate::package::{Package, PolicyDocument};
use crate::place::Place;
use crate::program::{Confidence, Document, DocumentId};

/// What the front matter says of a document.
pub(super) fn describe(document: &PolicyDocument) -> Document {
    let front = document.document.front_matter();
    let front = front.as_ref();
    let label = |map: Option<ast::FrontMap>| {
        let text = |scalar: Option<ast::FrontScalar>| scalar.map(|scalar| Arc::from(scalar.text()));
        map.map_or_else(Label::default, |map| Label {
            zh: text(map.zh()),
            en: text(map.en()),
        })
    };
    let in_force = front
        .and_then(|front| front.in_force())
        .and_then(|scalar| scalar.span());
    let source = front
        .and_then(|front| front.source())
        .and_then(|scalar| scalar.phrase())
        .and_then(confidence);
    Document {
        path: document.path.clone(),
        number: front
            .and_then(|front| front.number())
            .map(|number| number.text().into()),
        title: label(front.and_then(|front| front.title())),
        issuer: label(front.and_then(|front| front.issuer())),
        issued: front.and_then(|front| front.issued()).and_then(|scalar| scalar.date()),
        in_force: in_force.map_or(Dates::ALWAYS, |(from, until)| Dates::new(from, until)),
        source: source.unwrap_or(Confidence::Official),
    }
}

/// A document that another replaces ends when the other begins.
pub(super) fn end_replaced(
    package: &Package,
    ids: &[DocumentId],
    documents: &mut Arena<Document>,
    findings: &mut Vec<Diagnostic>,
) {
    let by_number: HashMap<Arc<str>, DocumentId> = documents
        .iter()
        .filter_map(|(id, document)| Some((document.number.clone()?, id)))
        .collect();
    for (document, id) in package.documents.iter().zip(ids) {
        let Some(front) = document.document.front_matter() else {
            continue;
        };
        for replaced in front.replaces() {
            let (number, range) = (replaced.text(), replaced.range());
            let span = Span::new(document.file, range.start().into(), range.end().into());
            let Some(replaced) = by_number.get(number.as_str()) else {
                findings.push(Diagnostic::warning(
                    Code::ReplacedUnknown,
                    span,
                    Message::new(
                        format!("the package has no document numbered {number}"),
                        format!("规则包中没有文号为{number}的文件"),
                    ),
                ));
                continue;
            };
            let begins = documents[*id].in_force.from;
            let ends = &mut documents[*replaced].in_force.until;
            *ends = match (*ends, begins) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
    }
}

/// How sure we are, as a word of the text.
pub(super) fn confidence(phrase: Phrase) -> Option<Confidence> {
    Some(match phrase {
        Phrase::Official => Confidence::Official,
        Phrase::Secondary => Confidence::Secondary,
        Phrase::Draft => Confidence::Draft,
        _ => return None,
    })
}

/// A document, or an article of it, that another document repeals.
pub(super) struct Repealed {
    document: DocumentId,
    heading: Option<String>,
    from: Date,
}

impl Repealed {
    /// Ends a place's text where it is repealed.
    pub(super) fn end(&self, place: &mut Place) {
        let named = |heading: &String| place.headings.iter().any(|known| known.starts_with(heading.as_str()));
        if self.document == place.document && self.heading.as_ref().is_none_or(named) {
            place.in_force = place.in_force.intersection(Dates::new(None, Some(self.from)));
        }
    }
}

/// What the documents repeal of each other.
pub(super) fn repeals(package: &Package, documents: &Arena<Document>, findings: &mut Vec<Diagnostic>) -> Vec<Repealed> {
    let mut repealed = Vec::new();
    for document in &package.documents {
        for repeal in document
            .document
            .front_matter()
            .into_iter()
            .flat_map(|front| front.repeals())
        {
            let known = documents
                .iter()
                .find(|(_, known)| known.number.as_deref() == Some(repeal.number.as_str()));
            match (known, repeal.from) {
                (Some((document, _)), Some(from)) => {
                    repealed.push(Repealed {
                        document,
                        heading: repeal.heading.clone(),
                        from,
                    });
                }
                _ => {
                    let range = repeal.scalar.range();
                    let number = &repeal.number;
                    findings.push(Diagnostic::warning(
                        Code::ReplacedUnknown,
                        Span::new(document.file, range.start().into(), range.end().into()),
                        Message::new(
                            format!("the package has no document numbered {number}"),
                            format!("规则包中没有文号为{number}的文件"),
                        ),
                    ));
                }
            }
        }
    }
    repealed
}
