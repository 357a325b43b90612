//! What must hold of every document, whatever is in it.

/// Every byte is in the tree, and every finding is about a part of the text.
pub fn kept(text: &str) {
    let parsed = meed_syntax::parse(text);
    assert_eq!(parsed.syntax().text(), text);
    for error in parsed.errors() {
        assert!(text.get(error.start as usize..error.end as usize).is_some());
    }
    for article in parsed.document().articles() {
        for block in &article.blocks {
            let _ = (block.heading_path(), block.table());
        }
    }
}
