//! The same rules with the keywords of the other language. Only words of the phrase table and units change; names, texts and
//! layout stay.

use text_size::{TextRange, TextSize};

use crate::ast::{AstNode, Call, Document, FrontEntry, Keyword, NameRef, Unit, UnitName};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::error::offset;
use crate::kind::SyntaxKind;
use crate::phrases::{Language, Phrase};
use crate::tree::SyntaxNode;

/// A replacement of some bytes of the document.
struct Edit {
    range: TextRange,
    text: String,
}

/// The document with the keywords of `to`, and `rules:` in its front matter. English is the default and is not written down.
///
/// # Errors
/// The document's errors; or, where a name would be read as a keyword of `to`, the places of these names.
pub fn convert(file: FileId, text: &str, to: Language) -> Result<String, Vec<Diagnostic>> {
    let document = super::without_errors(file, text)?;
    let from = document.front_matter().map_or(Language::English, |front| front.rules());
    if from == to {
        return Ok(text.to_owned());
    }
    let mut edits: Vec<Edit> = document
        .syntax()
        .descendants()
        .filter_map(|node| edit(&node, to))
        .collect();
    edits.extend(front_matter(&document, text, to));
    let converted = apply(text, edits);
    match super::without_errors(file, &converted) {
        Ok(result) if shape(result.syntax()) == shape(document.syntax()) => Ok(converted),
        _ => Err(misread_names(file, &document, to)),
    }
}

fn edit(node: &SyntaxNode, to: Language) -> Option<Edit> {
    Some(Edit {
        range: node.text_range(),
        text: spelling(node, to)?,
    })
}

/// How a keyword, a built-in name or a unit is written in a language; `None` of what is written alike in both.
pub(super) fn spelling(node: &SyntaxNode, to: Language) -> Option<String> {
    Some(match node.kind() {
        SyntaxKind::KEYWORD => keyword(&Keyword::cast(node.clone())?, to)?,
        SyntaxKind::NAME_REF if is_called(node) => {
            let name = NameRef::cast(node.clone())?;
            name.builtin()?;
            Phrase::from_spelling(&name.text())?.spelling(to).to_owned()
        }
        SyntaxKind::UNIT => unit(&Unit::cast(node.clone())?, to)?,
        _ => return None,
    })
}

fn is_called(name: &SyntaxNode) -> bool {
    let callee = name.parent().filter(|parent| parent.kind() == SyntaxKind::NAME_EXPR);
    callee
        .as_ref()
        .and_then(SyntaxNode::parent)
        .and_then(Call::cast)
        .is_some_and(|call| {
            // An argument is no callee: it stands in an `ARG` of its own.
            call.callee().as_ref().map(AstNode::syntax) == callee.as_ref()
        })
}

/// A column of labels is headed `中文` or `English` in both languages, though the first is also a keyword in one.
fn keyword(keyword: &Keyword, to: Language) -> Option<String> {
    let phrase = keyword.phrase()?;
    let heads_labels = is_in_head(keyword.syntax()) && matches!(phrase, Phrase::Zh | Phrase::En);
    (!heads_labels).then(|| phrase.spelling(to).to_owned())
}

fn is_in_head(node: &SyntaxNode) -> bool {
    node.ancestors().any(|above| above.kind() == SyntaxKind::HEAD)
}

fn unit(unit: &Unit, to: Language) -> Option<String> {
    let one = || unit.syntax().prev_sibling().is_some_and(|number| number.text() == "1");
    let word = match (unit.name(), to) {
        (UnitName::Currency(code), Language::Chinese) if code == "CNY" => "元",
        (UnitName::Currency(code), Language::English) if code == "CNY" => "CNY",
        (UnitName::Years, Language::English) if one() => "year",
        (UnitName::Months, Language::English) if one() => "month",
        (UnitName::Days, Language::English) if one() => "day",
        (UnitName::Years, _) => Phrase::Years.spelling(to),
        (UnitName::Months, _) => Phrase::Months.spelling(to),
        (UnitName::Days, _) => Phrase::Days.spelling(to),
        _ => return None,
    };
    Some(word.to_owned())
}

/// `rules: zh` written, or taken away; with the whole front matter where nothing else stands in it.
fn front_matter(document: &Document, text: &str, to: Language) -> Option<Edit> {
    let line_break = super::line_break(text);
    let Some(front) = document.front_matter() else {
        let text = format!("---{line_break}rules: zh{line_break}---{line_break}{line_break}");
        return (to == Language::Chinese).then(|| Edit {
            range: TextRange::empty(0.into()),
            text,
        });
    };
    let written = front.get("rules");
    let alone = front.entry().count() == 1;
    let (range, text) = match (written, to) {
        (None, Language::English) => return None,
        (None, Language::Chinese) => (
            TextRange::empty(closing_fence(front.syntax())),
            format!("rules: zh{line_break}"),
        ),
        (Some(entry), Language::Chinese) => (entry.scalar()?.range(), "zh".to_owned()),
        (Some(_), Language::English) if alone => (with_blank_lines(front.range(), text), String::new()),
        (Some(entry), Language::English) => (whole_line(&entry, text), String::new()),
    };
    Some(Edit { range, text })
}

fn closing_fence(front: &SyntaxNode) -> TextSize {
    let fences = front
        .children_with_tokens()
        .filter(|element| element.kind() == SyntaxKind::FENCE);
    fences
        .last()
        .map_or(front.text_range().end(), |fence| fence.text_range().start())
}

fn whole_line(entry: &FrontEntry, text: &str) -> TextRange {
    let (start, end) = (usize::from(entry.range().start()), usize::from(entry.range().end()));
    let begin = text
        .get(..start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at.saturating_add(1));
    let own = text.get(..end).is_some_and(|before| before.ends_with('\n'));
    let stop = match text.get(end..).and_then(|after| after.find('\n')) {
        Some(at) if !own => end.saturating_add(at).saturating_add(1),
        _ => end,
    };
    TextRange::new(offset(begin).into(), offset(stop).into())
}

fn with_blank_lines(range: TextRange, text: &str) -> TextRange {
    let rest = text.get(usize::from(range.end())..).unwrap_or_default();
    let blank = rest.len().saturating_sub(rest.trim_start_matches(['\r', '\n']).len());
    TextRange::new(
        range.start(),
        range.end().checked_add(offset(blank).into()).unwrap_or(range.end()),
    )
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.range.start());
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        out.push_str(text.get(done..usize::from(edit.range.start())).unwrap_or_default());
        out.push_str(&edit.text);
        done = usize::from(edit.range.end());
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// What two documents with the same rules have in common, whatever their keywords.
fn shape(document: &SyntaxNode) -> Vec<SyntaxKind> {
    let rules = document
        .children()
        .filter(|part| part.kind() != SyntaxKind::FRONT_MATTER);
    rules
        .flat_map(|part| part.descendants())
        .filter(|node| !is_in_head(node))
        .map(|node| node.kind())
        .collect()
}

fn misread_names(file: FileId, document: &Document, to: Language) -> Vec<Diagnostic> {
    let names = document
        .syntax()
        .descendants()
        .filter(|node| matches!(node.kind(), SyntaxKind::NAME | SyntaxKind::NAME_REF));
    let misread = names.filter(|name| Phrase::from_spelling_in(name.text(), to).is_some());
    let mut found: Vec<Diagnostic> = misread
        .map(|name| {
            let range = name.text_range();
            let span = Span::new(file, range.start().into(), range.end().into());
            let word = name.text();
            let message = (
                format!("`{word}` is a keyword of the other language, so the rules cannot be turned into it"),
                format!("“{word}”是另一种语言的关键词，规则无法转换"),
            );
            Diagnostic::error(Code::ReservedWord, span, message).help(("rename it first", "请先改名"))
        })
        .collect();
    if found.is_empty() {
        let message = (
            "these rules cannot be turned into the other language",
            "这些规则无法转换为另一种语言",
        );
        found.push(Diagnostic::error(Code::WrongLanguage, Span::new(file, 0, 0), message));
    }
    found
}
