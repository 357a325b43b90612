//! A clause's words as HTML. What looks like HTML in a document is text.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// Markdown as HTML, without any tag or address that the document writes itself.
pub fn prose(markdown: &str) -> Markup {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut dropped = false;
    let safe = events.filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        // A document leads to other places only where those are pages of the web.
        Event::Start(Tag::Link { ref dest_url, .. }) if !is_web(dest_url) => {
            dropped = true;
            None
        }
        Event::End(TagEnd::Link) if std::mem::take(&mut dropped) => None,
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        other => Some(other),
    });
    let mut text = String::new();
    html::push_html(&mut text, safe);
    PreEscaped(text)
}

fn is_web(address: &str) -> bool {
    ["https://", "http://", "/", "#"]
        .iter()
        .any(|start| address.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_html_is_text() {
        let shown = prose("a <script>alert(1)</script> b\n\n<div onclick=\"x\">\n\n![x](javascript:y)").into_string();
        assert!(
            !shown.contains("<script") && !shown.contains("<div") && !shown.contains("<img"),
            "{shown}"
        );
        assert!(shown.contains("&lt;script&gt;"), "{shown}");
    }

    #[test]
    fn a_link_that_is_no_page_is_no_link() {
        let shown = prose("[go](javascript:alert(1)) [law](https://example.org/)").into_string();
        assert!(!shown.contains("javascript"), "{shown}");
        assert_eq!(shown.matches("</a>").count(), 1, "{shown}");
        assert!(shown.contains("href=\"https://example.org/\""), "{shown}");
    }

    #[test]
    fn tables_are_tables() {
        assert!(
            prose("| a | b |\n|---|---|\n| 1 | 2 |\n")
                .into_string()
                .contains("<table>")
        );
    }
}
