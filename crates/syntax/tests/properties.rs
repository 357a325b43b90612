//! Whatever a file holds, parsing it never panics, keeps every byte, ends soon, and puts every finding inside the file.

use meed_syntax::{SyntaxNode, parse};
use proptest::prelude::*;

const WORKED: &str = include_str!("documents/worked.md");
const CHINESE: &str = include_str!("documents/chinese.md");

/// Higher than any tree of a document: the parser's limits bound it, so that no walk down a tree overflows the stack.
const HIGHEST: usize = 2_000;

fn height(node: &SyntaxNode) -> usize {
    node.descendants()
        .map(|inside| inside.ancestors().count())
        .max()
        .unwrap_or(0)
}

fn holds(text: &str) {
    let parsed = parse(text);
    assert_eq!(parsed.syntax().text().to_string(), text);
    for error in parsed.errors() {
        let (start, end) = (error.start as usize, error.end as usize);
        assert!(text.get(start..end).is_some(), "{error:?} is no part of the text");
    }
    assert!(height(&parsed.syntax()) < HIGHEST);
    // The typed views read broken trees too.
    for article in parsed.document().articles() {
        for block in article.blocks {
            assert!(block.heading_path().len() <= 6);
            block.table().map(|table| table.row().count());
        }
    }
    if let Some(head) = parsed.document().front_matter() {
        let _ = head.repeals();
        head.in_force().and_then(|scalar| scalar.span());
    }
}

/// A text in two, at a character, by thousandths of its length.
fn cut(text: &str, thousandth: usize) -> (&str, &str) {
    let wanted = text.len().saturating_mul(thousandth) / 1000;
    let at = (wanted..=text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len());
    text.split_at(at)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text(text in any::<String>()) {
        holds(&text);
        holds(&format!("# a\n```meed\n{text}\n```\n"));
        holds(&format!("---\n{text}\n---\n"));
    }

    #[test]
    fn any_words_of_the_language(words in prop::collection::vec(
        prop::sample::select(vec![
            "measure", "m", "for", "{", "}", "(", ")", "[", "]", "when", "pay", "all of", "cases", "otherwise", ":", ",",
            "50万", "CNY", "%", "2023-01-01", "..", "..<", "in", "of", "per", "-", "\n", "table", "from table", "\"x\"", "\"",
            "case", "given", "expect", "at least", "not", "sum of", "highest of", "unclear", "text missing", "define", "=",
            "title", "|", "#", "```", "> ", "- ", "as", ".", "last", "1", "match", "<..", "known", "combine", "over", "x:",
        ]), 0..120)) {
        holds(&format!("# a\n```meed\n{}\n```\n| a | b |\n|---|---|\n| {} |\n", words.join(" "), words.join(" ")));
    }

    #[test]
    fn documents_with_a_part_missing_twice_or_elsewhere(from in 0..1000_usize, to in 0..1000_usize, at in 0..1000_usize) {
        for text in [WORKED, CHINESE] {
            let (head, tail) = cut(text, from);
            let (part, tail) = cut(tail, to);
            let (before, after) = cut(text, at);
            holds(&format!("{head}{tail}"));
            holds(&format!("{before}{part}{after}"));
            holds(&text.replace('\n', "\r\n"));
        }
    }
}

#[test]
fn deep_and_long_inputs_are_refused_without_overflow() {
    for unit in [
        "(",
        "{",
        "[",
        "-",
        "not ",
        "a + ",
        "a.",
        "a(",
        "all of {",
        "x: all of {a:",
        "cases {",
        "30% of ",
        "1 per ",
    ] {
        for place in [
            "define a = ",
            "case \"x\" on 2024-01-01 for E { given { a: ",
            "measure m for E { when ",
        ] {
            holds(&format!("# a\n```meed\n{place}{}\n```\n", unit.repeat(20_000)));
        }
    }
    holds(&format!(
        "# a\n```meed\nmeasure m for E {{ when {{ {} }} }}\n```\n",
        "a > 1\n".repeat(20_000)
    ));
    holds(&"> ".repeat(5_000));
    holds(&format!("{}```meed\n", "- ".repeat(5_000)));
}

#[test]
fn nested_chains_stay_low() {
    let chain = "(".repeat(90) + "a" + &(" + a".repeat(150) + ")").repeat(90);
    let text = format!("# a\n```meed\ndefine a = {chain}\n```\n");
    holds(&text);
    assert!(!parse(&text).errors().is_empty());
}
