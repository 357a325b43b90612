//! Findings for a terminal: the place underlined in the document, in rustc's look.

use std::ops::Range;

use annotate_snippets::renderer::Renderer;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Snippet};
use meed_facts::label::Lang;

use super::order::{in_order, tally};
use super::{Diagnostic, FileId, Message, Severity, Source, Sources, Span};

/// Whether a rendering carries the terminal's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// ANSI colours.
    Ansi,
    /// Text only.
    Plain,
}

/// All findings, in order, each once, and their number at the end. Empty when there are none.
#[must_use]
pub fn text(found: &[Diagnostic], sources: &Sources, lang: Lang, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Ansi => Renderer::styled(),
        Colour::Plain => Renderer::plain(),
    };
    let ordered = in_order(found, sources);
    let mut out = String::new();
    for finding in &ordered {
        out.push_str(&renderer.render(&report(finding, sources, lang)));
        out.push_str("\n\n");
    }
    out.push_str(&summary(&ordered, lang));
    out
}

/// `2 errors, 1 warning`.
fn summary(found: &[&Diagnostic], lang: Lang) -> String {
    let words = [("error", "个错误"), ("warning", "个警告"), ("note", "个说明")];
    let counted = tally(found).into_iter().zip(words).filter(|(count, _)| *count > 0);
    let parts: Vec<String> = match lang {
        Lang::Zh => counted.map(|(count, (_, zh))| format!("{count} {zh}")).collect(),
        Lang::En => counted
            .map(|(count, (en, _))| format!("{count} {en}{}", if count == 1 { "" } else { "s" }))
            .collect(),
    };
    let between = match lang {
        Lang::Zh => "，",
        Lang::En => ", ",
    };
    if parts.is_empty() {
        String::new()
    } else {
        format!("{}\n", parts.join(between))
    }
}

fn report<'a>(finding: &'a Diagnostic, sources: &'a Sources, lang: Lang) -> Vec<Group<'a>> {
    let title = severity_level(finding.severity, lang)
        .primary_title(finding.message.text(lang))
        .id(finding.code.to_string());
    let mut main = Group::with_title(title).elements(places(finding, sources, lang));
    if let Some(why) = finding.reason(lang) {
        main = main.element(named(Level::NOTE, lang, "note", "原因").message(why));
    }
    let patch = finding.fix.as_ref().and_then(|fix| {
        let window = Window::around(sources.get(fix.span.file)?, [fix.span]);
        Some(
            window
                .snippet()
                .patch(Patch::new(window.range(fix.span), fix.replacement.as_str())),
        )
    });
    let help = named(Level::HELP, lang, "help", "建议");
    match (&finding.help, patch) {
        (None, None) => vec![main],
        (Some(words), None) => vec![main.element(help.message(words.text(lang)))],
        (words, Some(patch)) => {
            let usual = match lang {
                Lang::Zh => "改为",
                Lang::En => "write",
            };
            let words = words.as_ref().map_or(usual, |words| words.text(lang));
            vec![main, help.secondary_title(words).element(patch)]
        }
    }
}

/// One snippet for the file of the finding with everything underlined in it, then one for each other file.
fn places<'a>(
    finding: &'a Diagnostic,
    sources: &'a Sources,
    lang: Lang,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mut files: Vec<FileId> = vec![finding.span.file];
    files.extend(finding.related.iter().map(|(span, _)| span.file));
    let mut seen = Vec::new();
    files.retain(|file| {
        !seen.contains(file) && {
            seen.push(*file);
            true
        }
    });
    let snippet = |file: FileId| {
        let here: Vec<&(Span, Message)> = finding.related.iter().filter(|(span, _)| span.file == file).collect();
        let own = (finding.span.file == file).then_some(finding.span);
        let window = Window::around(sources.get(file)?, here.iter().map(|(span, _)| *span).chain(own));
        let primary = own.map(|span| {
            AnnotationKind::Primary
                .span(window.range(span))
                .label(finding.label.as_ref().map(|words| words.text(lang)))
        });
        let others = here.iter().map(|(span, words)| {
            AnnotationKind::Context
                .span(window.range(*span))
                .label(words.text(lang))
        });
        Some(window.snippet().annotations(primary).annotations(others))
    };
    files.into_iter().filter_map(snippet).collect()
}

/// The lines of a file that hold some places. Only they are given to the renderer, which reads all that it is given.
struct Window<'a> {
    source: &'a Source,
    first_line: usize,
    start: usize,
    text: &'a str,
}

impl<'a> Window<'a> {
    fn around(source: &'a Source, spans: impl IntoIterator<Item = Span>) -> Self {
        let mut reach: Option<(u32, u32)> = None;
        for span in spans {
            let (start, end) = reach.unwrap_or((span.start, span.end));
            reach = Some((start.min(span.start), end.max(span.end)));
        }
        let (start, end) = reach.unwrap_or((0, 0));
        let (first_line, start, text) = source.lines(start, end);
        Window {
            source,
            first_line,
            start,
            text,
        }
    }

    fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(self.text)
            .line_start(self.first_line)
            .path(self.source.path())
    }

    /// A place in the window's own bytes, on boundaries of characters and within it.
    fn range(&self, span: Span) -> Range<usize> {
        let within = |byte: u32| self.source.floor(byte).saturating_sub(self.start).min(self.text.len());
        let start = within(span.start);
        start..within(span.end).max(start)
    }
}

fn severity_level(severity: Severity, lang: Lang) -> Level<'static> {
    match severity {
        Severity::Error => named(Level::ERROR, lang, "error", "错误"),
        Severity::Warning => named(Level::WARNING, lang, "warning", "警告"),
        Severity::Note => named(Level::NOTE, lang, "note", "说明"),
    }
}

fn named(level: Level<'static>, lang: Lang, en: &'static str, zh: &'static str) -> Level<'static> {
    match lang {
        Lang::Zh => level.with_name(zh),
        Lang::En => level.with_name(en),
    }
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::diagnostic::Code;

    fn sample() -> (Sources, Vec<Diagnostic>) {
        let mut sources = Sources::new();
        let text = "# 高成长性企业引进人才补贴\r\n\r\n```meed\r\nmeasure 引才补贴 for Enterprise {\r\n  when { 条件: 研发强渡 >= 3% }\r\n}\r\n```\r\n";
        let file = sources.add("2023/人才.md", text);
        let words = sources.add("common/vocabulary.md", "define 研发强度 = 3%\n");
        let at = |needle: &str| {
            let start = u32::try_from(text.find(needle).unwrap()).unwrap();
            Span::new(
                file,
                start,
                u32::try_from(text.find(needle).unwrap().strict_add(needle.len())).unwrap(),
            )
        };
        let unknown = Diagnostic::error(
            Code::UnknownName,
            at("研发强渡"),
            ("nothing is called `研发强渡`", "没有叫“研发强渡”的内容"),
        )
        .label(("unknown", "未知"))
        .related(Span::new(words, 7, 19), ("a similar name", "相近的名称"))
        .related(at("引才补贴"), ("used by this measure", "用于此措施"))
        .why(("an unknown name is never a new input", "未知名称不会被当作新的输入"))
        .help(("did you mean `研发强度`?", "是否应为“研发强度”？"))
        .suggest("研发强度");
        let end = u32::try_from(text.len()).unwrap();
        let unclosed = Diagnostic::warning(Code::UnclosedFence, Span::new(file, end, u32::MAX), Code::UnclosedFence);
        (sources, vec![unclosed, unknown])
    }

    #[test]
    fn english() {
        let (sources, found) = sample();
        assert_data_eq!(
            text(&found, &sources, Lang::En, Colour::Plain),
            str![[r#"
error[M0101]: nothing is called `研发强渡`
 --> 2023/人才.md:5:14
  |
4 | measure 引才补贴 for Enterprise {
  |         -------- used by this measure
5 |   when { 条件: 研发强渡 >= 3% }
  |                ^^^^^^^^ unknown
  |
 ::: common/vocabulary.md:1:8
  |
1 | define 研发强度 = 3%
  |        -------- a similar name
  |
  = note: an unknown name is never a new input
help: did you mean `研发强度`?
  |
5 -   when { 条件: 研发强渡 >= 3% }
5 +   when { 条件: 研发强度 >= 3% }
  |

warning[M0004]: the fenced block is not closed
 --> 2023/人才.md:8:1
  |
8 |
  | ^
  |
  = note: A block that begins with three backticks and `meed` ends with a line of three backticks; otherwise the rest of the document would be read as rules.

1 error, 1 warning

"#]]
        );
    }

    #[test]
    fn chinese() {
        let (sources, found) = sample();
        assert_data_eq!(
            text(&found, &sources, Lang::Zh, Colour::Plain),
            str![[r#"
错误[M0101]: 没有叫“研发强渡”的内容
 --> 2023/人才.md:5:14
  |
4 | measure 引才补贴 for Enterprise {
  |         -------- 用于此措施
5 |   when { 条件: 研发强渡 >= 3% }
  |                ^^^^^^^^ 未知
  |
 ::: common/vocabulary.md:1:8
  |
1 | define 研发强度 = 3%
  |        -------- 相近的名称
  |
  = 原因: 未知名称不会被当作新的输入
建议: 是否应为“研发强度”？
  |
5 -   when { 条件: 研发强渡 >= 3% }
5 +   when { 条件: 研发强度 >= 3% }
  |

警告[M0004]: 规则块没有结束标记
 --> 2023/人才.md:8:1
  |
8 |
  | ^
  |
  = 原因: 以三个反引号加 `meed` 开始的规则块须以单独一行三个反引号结束，否则后面的全文都会被当作规则。

1 个错误，1 个警告

"#]]
        );
    }

    #[test]
    fn colours_only_where_asked_for() {
        let (sources, found) = sample();
        assert!(text(&found, &sources, Lang::En, Colour::Ansi).contains('\u{1b}'));
        assert!(!text(&found, &sources, Lang::En, Colour::Plain).contains('\u{1b}'));
    }

    #[test]
    fn a_place_outside_its_file_does_no_harm() {
        let (sources, _) = sample();
        let nowhere = [
            Span::new(FileId(99), 1, 2),
            Span::new(FileId(0), 3, 1),
            Span::new(FileId(0), 4, 5),
            Span::new(FileId(0), u32::MAX, u32::MAX),
        ];
        for span in nowhere {
            let found = [Diagnostic::new(Code::BadDate, span, Code::BadDate).suggest("x")];
            assert!(text(&found, &sources, Lang::En, Colour::Plain).starts_with("error[M0022]: this is not a date"));
        }
    }

    #[test]
    fn nothing_found_says_nothing() {
        assert_eq!(text(&[], &Sources::new(), Lang::Zh, Colour::Plain), "");
    }
}
