//! An outline as one self-contained page: no script, nothing loaded, prints well.

use meed_facts::label::Lang;

use super::Words;
use super::outline::{Block, Entry, Mark, Outline};
use crate::explain::Evaluator;
use crate::result::Determination;

const STYLE: &str = "
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 0 0 .25rem; } h3 { font-size: .95rem; margin: .75rem 0 .25rem; }
dl.about { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; } dl.about dt { font-weight: 600; } dl.about dd { margin: 0; overflow-wrap: anywhere; }
section { border: 1px solid #8888; border-inline-start-width: .4rem; border-radius: .25rem; padding: .75rem 1rem; margin: 1rem 0; }
section.holds { border-inline-start-color: #1a7f37; } section.fails { border-inline-start-color: #b42318; } section.unknown { border-inline-start-color: #9a6700; }
p.summary { font-weight: 600; margin: 0; } .place, .cite, .detail { font-size: .875rem; opacity: .85; } p.place { margin: 0; }
ul { list-style: none; margin: 0; padding-inline-start: 1.1rem; } h3 + ul { padding-inline-start: 0; } li { margin: .15rem 0; } .detail, .cite { display: block; padding-inline-start: 1.2rem; }
.mark { display: inline-block; width: 1.2rem; font-weight: 700; }
@media print { body { max-width: none; margin: 0; font-size: 10pt; } section { break-inside: avoid-page; } }
";

/// A determination as a page in one language. The evaluator must be the one that determined.
pub fn html(evaluator: &Evaluator<'_>, determination: &Determination, lang: Lang) -> String {
    let outline = super::outline(evaluator, determination, lang);
    Page {
        words: Words::about(evaluator, lang),
        out: String::new(),
    }
    .write(&outline)
}

struct Page<'e, 'p> {
    words: Words<'e, 'p>,
    out: String,
}

impl Page<'_, '_> {
    fn write(mut self, outline: &Outline) -> String {
        let lang = self.words.say("zh-CN", "en");
        let title = escaped(&outline.title);
        self.raw(&format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n"
        ));
        self.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        self.raw(&format!(
            "<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        ));
        self.raw("<dl class=\"about\">\n");
        for (name, value) in &outline.about {
            self.raw(&format!("<dt>{}</dt><dd>{}</dd>\n", escaped(name), escaped(value)));
        }
        self.raw("</dl>\n");
        for block in &outline.blocks {
            self.block(block);
        }
        self.raw("</main>\n</body>\n</html>\n");
        self.out
    }

    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn block(&mut self, block: &Block) {
        self.raw(&format!(
            "<section class=\"{}\">\n<h2>{}</h2>\n",
            class(block.mark),
            escaped(&block.title)
        ));
        let sign = self.sign(block.mark);
        self.raw(&format!("<p class=\"summary\">{sign}{}</p>\n", escaped(&block.summary)));
        if let Some(place) = &block.place {
            self.raw(&format!("<p class=\"place\">{}</p>\n", escaped(place)));
        }
        let above = block.place.as_deref().unwrap_or("");
        for (heading, entries) in &block.parts {
            self.raw(&format!("<h3>{}</h3>\n", escaped(heading)));
            self.list(entries, above);
        }
        self.raw("</section>\n");
    }

    fn list(&mut self, entries: &[Entry], above: &str) {
        self.raw("<ul>\n");
        for entry in entries {
            self.entry(entry, above);
        }
        self.raw("</ul>\n");
    }

    fn entry(&mut self, entry: &Entry, above: &str) {
        let sign = self.sign(entry.mark);
        let colon = self.words.say("：", ": ");
        self.raw(&format!("<li>{sign}"));
        if let Some(label) = &entry.label {
            self.raw(&format!("<b>{}</b>{colon}", escaped(label)));
        }
        self.raw(&escaped(&entry.text));
        if let Some(detail) = &entry.detail {
            self.raw(&format!("<span class=\"detail\">{}</span>", escaped(detail)));
        }
        let citation = entry
            .citation
            .as_ref()
            .map(|citation| self.words.citation(citation))
            .unwrap_or_default();
        let repeats = citation.is_empty() || above.starts_with(&*citation);
        if !repeats {
            self.raw(&format!("<cite class=\"cite\">{}</cite>", escaped(&citation)));
        }
        if !entry.children.is_empty() {
            self.raw("\n");
            self.list(&entry.children, if repeats { above } else { &citation });
        }
        self.raw("</li>\n");
    }

    /// A mark that is read out as a word.
    fn sign(&self, mark: Mark) -> String {
        let name = match mark {
            Mark::Holds => self.words.say("成立", "holds"),
            Mark::Fails => self.words.say("不成立", "fails"),
            Mark::Unknown => self.words.say("未知", "unknown"),
            Mark::Apart => self.words.say("不适用", "does not apply"),
            Mark::None => return String::new(),
        };
        format!(
            "<span class=\"mark\" role=\"img\" aria-label=\"{name}\">{}</span>",
            mark.sign()
        )
    }
}

fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Holds => "holds",
        Mark::Fails => "fails",
        Mark::Unknown => "unknown",
        Mark::Apart | Mark::None => "apart",
    }
}

/// A text that cannot be taken for markup.
fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => result.push_str("&amp;"),
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '"' => result.push_str("&quot;"),
            '\'' => result.push_str("&#39;"),
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn names_cannot_become_markup() {
        assert_eq!(
            escaped("<b onclick=\"x\">A & B's"),
            "&lt;b onclick=&quot;x&quot;&gt;A &amp; B&#39;s"
        );
    }
}
