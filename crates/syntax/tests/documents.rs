//! Whole documents: every construct of the language parses, every byte is kept, and the tree reads as it should.

use meed_syntax::ast::{AstNode, Item};
use meed_syntax::{Parse, SyntaxKind, parse, parse_all};

fn assert_clean(text: &str) -> Parse {
    let parsed = parse(text);
    assert_eq!(parsed.syntax().text().to_string(), text);
    let errors: Vec<String> = parsed
        .errors()
        .iter()
        .map(|error| {
            let (start, end) = (error.start as usize, error.end as usize);
            let line = text.get(..start).unwrap_or("").lines().count();
            format!(
                "line {line}: {} `{}`",
                error.message.en,
                text.get(start..end).unwrap_or("")
            )
        })
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    assert!(
        !parsed
            .syntax()
            .descendants()
            .any(|node| node.kind() == SyntaxKind::ERROR)
    );
    parsed
}

#[test]
fn the_worked_examples_parse() {
    let parsed = assert_clean(include_str!("documents/worked.md"));
    let document = parsed.document();
    let paths: Vec<Vec<String>> = document
        .block()
        .map(|block| block.heading_path().iter().map(|heading| heading.text()).collect())
        .collect();
    assert_eq!(
        paths.first().map(Vec::as_slice),
        Some(["一、词汇".to_owned()].as_slice())
    );
    assert_eq!(
        paths.last().map(Vec::as_slice),
        Some(["一、词汇".to_owned(), "措施".to_owned(), "例".to_owned()].as_slice())
    );
    assert_eq!(document.syntax().descendants().filter_map(Item::cast).count(), 36);
}

#[test]
fn a_document_may_be_wholly_chinese() {
    assert_clean(include_str!("documents/chinese.md"));
}

#[test]
fn documents_read_together_are_read_as_each_alone() {
    let texts: Vec<String> = (0..40)
        .map(|number| {
            format!(
                "## Article {number}\n\n{}",
                "```meed\nparameter floor = 1 of\n```\n".repeat(200)
            )
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let together = parse_all(&texts);
    assert_eq!(together.len(), texts.len());
    for (parsed, text) in together.iter().zip(&texts) {
        assert_eq!(parsed.syntax().text(), *text);
        assert_eq!(parsed.errors(), parse(text).errors());
    }
}
