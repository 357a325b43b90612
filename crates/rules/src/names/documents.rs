//! Documents: what their front matter says, and how they end or repeal each other.

use std::collections::HashMap;
use std::sync::Arc;

use la_arena::Arena;
use meed_facts::date::{Date, Span as Dates};
use meed_facts::label::Label;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Severity, Span};
use meed_syntax::phrases::Phrase;

use crate::near::nearest;
use crate::package::{Package, PolicyDocument};
use crate::place::Place;
use crate::program::{Confidence, Document, DocumentId};

/// What the front matter says of a document.
pub(super) fn describe(document: &PolicyDocument) -> Document {
    let front = document.document().front_matter();
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

/// A number names one document: rules are cited and documents replaced by it.
pub(super) fn numbered_twice(package: &Package, findings: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, Span> = HashMap::new();
    for document in &package.documents {
        let Some(number) = document.document().front_matter().and_then(|front| front.number()) else {
            continue;
        };
        let (text, range) = (number.text(), number.range());
        let span = Span::new(document.file, range.start().into(), range.end().into());
        let Some(first) = seen.get(&text) else {
            seen.insert(text, span);
            continue;
        };
        let message = Message::new(
            format!("another document is already numbered {text}"),
            format!("已有文号为{text}的文件"),
        );
        findings.push(
            Diagnostic::new(Code::DuplicateName, span, message)
                .related(*first, Message::new("the other one", "另一个文件"))
                .help(Message::new(
                    "give each text its own number, or put both into one document",
                    "请为每个文件写明各自的文号，或合并为一个文件",
                )),
        );
    }
}

/// A document that another replaces ends when the other begins.
pub(super) fn end_replaced(
    package: &Package,
    ids: &[DocumentId],
    documents: &mut Arena<Document>,
    findings: &mut Vec<Diagnostic>,
) {
    let by_number = by_number(documents);
    for (document, id) in package.documents.iter().zip(ids) {
        let Some(front) = document.document().front_matter() else {
            continue;
        };
        for replaced in front.replaces() {
            let (number, range) = (replaced.text(), replaced.range());
            let span = Span::new(document.file, range.start().into(), range.end().into());
            let Some(replaced) = by_number.get(number.as_str()) else {
                findings.push(unknown_number(Severity::Warning, &number, span, &by_number));
                continue;
            };
            let begins = documents[*id].in_force.from;
            let ends = &mut documents[*replaced].in_force.until;
            *ends = match (*ends, begins) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            if documents[*replaced].in_force.is_empty() {
                let message = Message::new(
                    format!("`{number}` does not begin before this document, which replaces it"),
                    format!("“{number}”的施行不早于替代它的本文件"),
                );
                let finding = Diagnostic::new(Code::EmptySpan, span, message);
                findings.push(finding.help(Message::new(
                    "correct `replaces`, or one of the two `in_force`",
                    "请更正 `replaces`，或更正两者之一的 `in_force`",
                )));
            }
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

/// The documents that each amends.
pub(super) fn amended(
    package: &Package,
    ids: &[DocumentId],
    documents: &Arena<Document>,
    findings: &mut Vec<Diagnostic>,
) -> HashMap<DocumentId, Vec<DocumentId>> {
    let by_number = by_number(documents);
    let mut amended: HashMap<DocumentId, Vec<DocumentId>> = HashMap::new();
    for (document, id) in package.documents.iter().zip(ids) {
        let front = document.document().front_matter();
        for scalar in front.iter().flat_map(|front| front.amends()) {
            let (number, range) = (scalar.text(), scalar.range());
            match by_number.get(number.as_str()) {
                Some(other) => amended.entry(*id).or_default().push(*other),
                None => {
                    let span = Span::new(document.file, range.start().into(), range.end().into());
                    findings.push(unknown_number(Severity::Error, &number, span, &by_number));
                }
            }
        }
    }
    amended
}

fn by_number(documents: &Arena<Document>) -> HashMap<Arc<str>, DocumentId> {
    let numbered = documents.iter();
    numbered
        .filter_map(|(id, document)| Some((document.number.clone()?, id)))
        .collect()
}

/// That the package has no document of this number. One that is replaced or repealed may never have been in it, which changes nothing; one that is amended has to be.
fn unknown_number(severity: Severity, number: &str, span: Span, known: &HashMap<Arc<str>, DocumentId>) -> Diagnostic {
    let message = Message::new(
        format!("the package has no document numbered {number}"),
        format!("规则包中没有文号为{number}的文件"),
    );
    let finding = match severity {
        Severity::Error => Diagnostic::error(Code::ReplacedUnknown, span, message),
        _ => Diagnostic::warning(Code::ReplacedUnknown, span, message),
    };
    let near = nearest(number, known.keys().map(|number| &**number));
    match near.filter(|_| severity == Severity::Error) {
        None => finding,
        Some(near) => finding
            .help(Message::new(format!("did you mean {near}?"), format!("是否指{near}？")))
            .suggest(near),
    }
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
        let named = |heading: &String| place.headings.iter().any(|known| begins_with(known, heading));
        if self.document == place.document && self.heading.as_ref().is_none_or(named) {
            place.in_force = place.in_force.intersection(Dates::new(None, Some(self.from)));
        }
    }
}

/// Whether a heading begins with what is named, as words: `Annex 3` begins `Annex 3 Rewards` and not `Annex 30`, `附件三` not `附件三十`.
fn begins_with(heading: &str, named: &str) -> bool {
    let Some(rest) = heading.strip_prefix(named) else {
        return false;
    };
    let is_chinese_number = |one: char| "〇零一二三四五六七八九十百千".contains(one);
    let is_latin = |one: char| one.is_alphanumeric() && !one.is_alphabetic() || one.is_ascii_alphabetic();
    match (named.chars().last(), rest.chars().next()) {
        (Some(last), Some(next)) => {
            !(is_latin(last) && is_latin(next) || is_chinese_number(last) && is_chinese_number(next))
        }
        _ => true,
    }
}

/// What the documents repeal of each other.
pub(super) fn repeals(package: &Package, documents: &Arena<Document>, findings: &mut Vec<Diagnostic>) -> Vec<Repealed> {
    let mut repealed = Vec::new();
    let by_number = by_number(documents);
    for document in &package.documents {
        for repeal in document
            .document()
            .front_matter()
            .into_iter()
            .flat_map(|front| front.repeals())
        {
            let range = repeal.scalar.range();
            let span = Span::new(document.file, range.start().into(), range.end().into());
            let Some(of) = by_number.get(repeal.number.as_str()) else {
                findings.push(unknown_number(Severity::Warning, &repeal.number, span, &by_number));
                continue;
            };
            if let Some(finding) = repeal
                .heading
                .as_ref()
                .and_then(|heading| unknown_heading(package, &documents[*of], heading, span))
            {
                findings.push(finding);
            }
            if let Some(from) = repeal.from {
                repealed.push(Repealed {
                    document: *of,
                    heading: repeal.heading.clone(),
                    from,
                });
            }
        }
    }
    repealed
}

/// That no heading of a document begins so, with the nearest that it has.
fn unknown_heading(package: &Package, of: &Document, heading: &str, span: Span) -> Option<Diagnostic> {
    let document = package.documents.iter().find(|document| document.path == of.path)?;
    let headings: Vec<String> = document
        .document()
        .element()
        .filter_map(|element| match element {
            ast::Element::Heading(heading) => Some(heading.text()),
            _ => None,
        })
        .collect();
    if headings.iter().any(|known| begins_with(known, heading)) {
        return None;
    }
    let number = of.number.as_deref().unwrap_or(&of.path);
    let finding = Diagnostic::error(
        Code::ReplacedUnknown,
        span,
        Message::new(
            format!("{number} has no heading that begins with «{heading}»"),
            format!("{number}没有以“{heading}”开头的标题"),
        ),
    );
    Some(match nearest(heading, headings.iter().map(String::as_str)) {
        None => finding,
        Some(near) => finding.help(Message::new(
            format!("did you mean «{near}»?"),
            format!("是否指“{near}”？"),
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_begins_with_whole_words_and_numbers() {
        assert!(begins_with("Annex 3", "Annex 3"));
        assert!(begins_with("Annex 3 Rewards", "Annex 3"));
        assert!(begins_with("Annex 3: rewards", "Annex 3"));
        assert!(!begins_with("Annex 30", "Annex 3"));
        assert!(!begins_with("Annexes", "Annex"));
        assert!(begins_with("附件3奖励办法", "附件3"));
        assert!(!begins_with("附件30奖励办法", "附件3"));
        assert!(begins_with("第三条奖励", "第三条"));
        assert!(begins_with("附件三奖励", "附件三"));
        assert!(!begins_with("附件三十奖励", "附件三"));
    }
}
