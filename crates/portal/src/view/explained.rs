//! Explanations: the engine's outline of a determination, each citation a link to its clause.

use maud::{Markup, html};
use meed_engine::result::Citation;
use meed_engine::words::{Block, Entry, Mark, Outline, Words};

use super::frame::encoded;
use crate::visit::Visit;

/// One block of an outline: what is decided about one measure, service or title, and why.
pub fn block(visit: &Visit, words: &Words<'_, '_>, block: &Block) -> Markup {
    html! {
        section.block data-mark=(name(block.mark)) {
            h3 { (block.title) }
            p.summary { (sign(visit, block.mark)) (block.summary) }
            @if let Some(place) = &block.place { p.faint { (place) } }
            @for (heading, list) in &block.parts {
                h4 { (heading) }
                (entries(visit, words, list, block.place.as_deref().unwrap_or_default()))
            }
        }
    }
}

/// All blocks of an outline.
pub fn blocks(visit: &Visit, words: &Words<'_, '_>, outline: &Outline) -> Markup {
    html! { @for one in &outline.blocks { (block(visit, words, one)) } }
}

/// Entries with those below them; a citation that repeats the one above is left out.
pub fn entries(visit: &Visit, words: &Words<'_, '_>, entries: &[Entry], above: &str) -> Markup {
    html! { ul.entries { @for entry in entries { (self::entry(visit, words, entry, above)) } } }
}

fn entry(visit: &Visit, words: &Words<'_, '_>, entry: &Entry, above: &str) -> Markup {
    let cited = entry
        .citation
        .as_ref()
        .map(|citation| (citation, words.citation(citation)));
    let news = cited.filter(|(_, text)| !text.is_empty() && !above.starts_with(text.as_str()));
    let below = news.as_ref().map_or(above, |(_, text)| text.as_str());
    html! {
        li {
            (sign(visit, entry.mark))
            @if let Some(label) = entry.label.as_ref().filter(|label| !is_name(label)) { b { (label) } (visit.words.pick("：", ": ")) }
            (entry.text)
            @if let Some(detail) = &entry.detail { span.detail { (detail) } }
            @if let Some((citation, text)) = &news { cite { a href=(clause(citation)) { (text) } } }
            @if !entry.children.is_empty() { (entries(visit, words, &entry.children, below)) }
        }
    }
}

/// Whether a label is a name of the rules' own, `above_scale`: the condition itself says more to a reader.
fn is_name(label: &str) -> bool {
    label
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The address of a clause in its document.
pub fn clause(citation: &Citation) -> String {
    let headings = citation.headings.iter().map(|heading| &**heading);
    format!(
        "/policies/{}#{}",
        encoded(&citation.document),
        encoded(&anchor(headings))
    )
}

/// By which name a clause is found in its document's page: its headings, outermost first.
pub fn anchor<'a>(headings: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<String> = headings
        .into_iter()
        .map(|heading| heading.split_whitespace().collect::<Vec<_>>().join("-"))
        .collect();
    parts.join("/")
}

/// A mark that is read out as a word.
pub fn sign(visit: &Visit, mark: Mark) -> Markup {
    let word = match mark {
        Mark::Holds => visit.t("mark-holds"),
        Mark::Fails => visit.t("mark-fails"),
        Mark::Unknown => visit.t("mark-unknown"),
        Mark::Apart => visit.t("mark-apart"),
        Mark::None => return html! {},
    };
    html! { span.mark data-mark=(name(mark)) role="img" aria-label=(word) { (mark.sign()) } " " }
}

/// A mark's name, for the style sheet.
const fn name(mark: Mark) -> &'static str {
    match mark {
        Mark::Holds => "holds",
        Mark::Fails => "fails",
        Mark::Unknown => "unknown",
        Mark::Apart | Mark::None => "apart",
    }
}
