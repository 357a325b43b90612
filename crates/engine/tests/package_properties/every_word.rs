//! The reference names every word of the language, and a sentence or a policy of the tree shows it: a word that neither does is one that nobody could learn.

use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

use meed_rules::phrases::PHRASES;

/// Needs a second file beside its document; the tests of packages' tables have it.
const ELSEWHERE: [&str; 1] = ["from file"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The blocks of rules and the tables of every document below a folder.
fn rules_below(folder: &Path, rules: &mut String) {
    for entry in read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rules_below(&path, rules);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let text = read_to_string(path).unwrap();
            let mut inside = false;
            for line in text.lines() {
                if line.starts_with("```") {
                    inside = line == "```meed";
                } else if inside || line.starts_with('|') {
                    rules.push_str(line);
                    rules.push('\n');
                }
            }
        }
    }
}

/// Whether the words stand in the text, not as parts of longer ones.
fn stands_in(words: &str, text: &str) -> bool {
    let is_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let mut parts = text.split(words).peekable();
    while let Some(before) = parts.next() {
        let Some(after) = parts.peek() else { return false };
        if !is_word(before.chars().next_back()) && !is_word(after.chars().next()) {
            return true;
        }
    }
    false
}

#[test]
fn the_reference_names_every_word() {
    let page = read_to_string(root().join("docs/language.md")).unwrap();
    let missing: Vec<&str> = PHRASES
        .iter()
        .map(|(_, english, _)| *english)
        .filter(|words| !stands_in(words, &page))
        .collect();
    assert!(missing.is_empty(), "docs/language.md does not have {missing:?}");
}

#[test]
fn every_word_has_a_sentence_or_a_policy() {
    let mut rules = String::new();
    rules_below(&root().join("crates/engine/tests/semantics"), &mut rules);
    rules_below(&root().join("policies"), &mut rules);
    let shown = |words: &&str| ELSEWHERE.contains(words) || stands_in(words, &rules);
    let missing: Vec<&str> = PHRASES
        .iter()
        .map(|(_, english, _)| *english)
        .filter(|words| !shown(words))
        .collect();
    assert!(missing.is_empty(), "nothing shows {missing:?}");
}
