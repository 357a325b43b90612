//! An outline for terminals.

use super::Words;
use super::outline::{Block, Entry, Outline};
use crate::explain::Evaluator;
use crate::result::Determination;
use meed_facts::label::Lang;

/// A determination as text for a terminal. The evaluator must be the one that determined.
pub fn text(evaluator: &Evaluator<'_>, determination: &Determination, lang: Lang) -> String {
    let outline = super::outline(evaluator, determination, lang);
    let words = Words::about(evaluator, lang);
    let mut lines = Vec::new();
    write(&words, &outline, &mut lines);
    lines.push(String::new());
    lines.join("\n")
}

fn write(words: &Words<'_, '_>, outline: &Outline, lines: &mut Vec<String>) {
    lines.push(outline.title.clone());
    let colon = words.say("：", ": ");
    lines.extend(
        outline
            .about
            .iter()
            .map(|(name, value)| format!("{name}{colon}{value}")),
    );
    for block in &outline.blocks {
        lines.push(String::new());
        write_block(words, block, lines);
    }
}

fn write_block(words: &Words<'_, '_>, block: &Block, lines: &mut Vec<String>) {
    let colon = words.say("：", ": ");
    lines.push(format!("{} {}{colon}{}", block.mark.sign(), block.title, block.summary));
    lines.extend(block.place.iter().map(|place| format!("  {place}")));
    let own = block.place.as_deref().unwrap_or("");
    for (heading, entries) in &block.parts {
        lines.push(format!("  {heading}"));
        for entry in entries {
            write_entry(words, entry, 4, own, lines);
        }
    }
}

/// Citations that repeat the one above are left out.
fn write_entry(words: &Words<'_, '_>, entry: &Entry, indent: usize, above: &str, lines: &mut Vec<String>) {
    let space = " ".repeat(indent);
    let sign = entry.mark.sign();
    let gap = if sign.is_empty() { "" } else { " " };
    let label = entry
        .label
        .as_deref()
        .map(|label| format!("{label}{}", words.say("：", ": ")))
        .unwrap_or_default();
    let citation = entry
        .citation
        .as_ref()
        .map(|citation| words.citation(citation))
        .unwrap_or_default();
    let cited = if citation.is_empty() || above.starts_with(&*citation) {
        String::new()
    } else {
        format!("  [{citation}]")
    };
    lines.push(format!("{space}{sign}{gap}{label}{}{cited}", entry.text));
    lines.extend(entry.detail.iter().map(|detail| format!("{space}  {detail}")));
    let above = if cited.is_empty() { above } else { &citation };
    for child in &entry.children {
        write_entry(words, child, indent.saturating_add(2), above, lines);
    }
}
