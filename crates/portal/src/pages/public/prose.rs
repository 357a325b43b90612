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
    html::push_html(&mut text, in_languages(safe).into_iter());
    PreEscaped(text)
}

/// Words in two languages, line under line in one paragraph, as a document writes them: the lines of each stand together and say what language they are.
fn in_languages<'a>(events: impl Iterator<Item = Event<'a>>) -> Vec<Event<'a>> {
    let (mut shown, mut line, mut depth) = (Vec::new(), None, 0_usize);
    for event in events {
        match (&event, &mut line) {
            (Event::Start(Tag::Paragraph), _) => {
                shown.push(event);
                (line, depth) = (Some(vec![Vec::new()]), 0);
            }
            (Event::End(TagEnd::Paragraph), Some(lines)) => {
                shown.extend(parted(std::mem::take(lines)));
                shown.push(event);
                line = None;
            }
            (Event::SoftBreak, Some(lines)) if depth == 0 => lines.push(Vec::new()),
            (_, Some(lines)) => {
                match event {
                    Event::Start(_) => depth = depth.saturating_add(1),
                    Event::End(_) => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if let Some(last) = lines.last_mut() {
                    last.push(event);
                }
            }
            (_, None) => shown.push(event),
        }
    }
    shown
}

/// The lines of a paragraph, in a part for each language where there are two.
fn parted(lines: Vec<Vec<Event<'_>>>) -> Vec<Event<'_>> {
    let languages: Vec<&str> = lines.iter().map(|line| language(line)).collect();
    let two = languages
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one != other));
    let (mut shown, mut before) = (Vec::new(), None);
    for (line, language) in lines.into_iter().zip(languages) {
        if before != Some(language) && two {
            if before.is_some() {
                shown.push(Event::InlineHtml("</span>".into()));
            }
            shown.push(Event::InlineHtml(format!("<span lang=\"{language}\">").into()));
        } else if before.is_some() && language != "zh" {
            // Chinese has no spaces between its lines.
            shown.push(Event::SoftBreak);
        }
        shown.extend(line);
        before = Some(language);
    }
    if two {
        shown.push(Event::InlineHtml("</span>".into()));
    }
    shown
}

/// The language of most letters of a line.
fn language(line: &[Event<'_>]) -> &'static str {
    let letters = line.iter().flat_map(|event| match event {
        Event::Text(text) | Event::Code(text) => text.chars(),
        _ => "".chars(),
    });
    let (mut latin, mut others) = (0_usize, 0_usize);
    for letter in letters.filter(|letter| letter.is_alphabetic()) {
        let count = if letter.is_ascii() { &mut latin } else { &mut others };
        *count = count.saturating_add(1);
    }
    // A Chinese character says as much as some five letters.
    if latin > others.saturating_mul(5) { "en" } else { "zh" }
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
    fn words_in_two_languages_stand_apart_and_none_is_lost() {
        let shown =
            prose("企业所在地\n须在本市。\nThe firm, in the words of 哈政规〔2021〕10号, must be\n*in* the city.\n")
                .into_string();
        assert!(
            shown.contains("<span lang=\"zh\">企业所在地须在本市。</span>"),
            "{shown}"
        );
        assert!(shown.contains("must be\n<em>in</em> the city.</span>"), "{shown}");
        assert_eq!(prose("只有中文\n两行").into_string(), "<p>只有中文两行</p>\n");
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
