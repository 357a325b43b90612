//! Findings for programs: one JSON object a line, with the same keys in the same order on every machine.

use meed_facts::label::Lang;
use serde::Serialize;

use super::order::in_order;
use super::{Diagnostic, Message, Severity, Sources, Span};

/// All findings, in order, one object a line.
#[must_use]
pub fn json(found: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for finding in in_order(found, sources) {
        // Strings and numbers only: writing them to memory does not fail.
        let line = serde_json::to_string(&Finding::of(finding, sources)).unwrap_or_default();
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[derive(Serialize)]
struct Finding<'a> {
    code: String,
    severity: &'static str,
    message: Words<'a>,
    place: Place<'a>,
    label: Option<Words<'a>>,
    related: Vec<Related<'a>>,
    why: Option<Words<'a>>,
    help: Option<Words<'a>>,
    fix: Option<Replacement<'a>>,
}

#[derive(Serialize)]
struct Words<'a> {
    en: &'a str,
    zh: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    start: Point,
    end: Point,
}

/// Line and column (in characters) count from 1, the byte from 0.
#[derive(Serialize)]
struct Point {
    byte: u32,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Related<'a> {
    place: Place<'a>,
    message: Words<'a>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    place: Place<'a>,
    text: &'a str,
}

impl<'a> Finding<'a> {
    fn of(finding: &'a Diagnostic, sources: &'a Sources) -> Self {
        Finding {
            code: finding.code.to_string(),
            severity: severity(finding.severity),
            message: words(&finding.message),
            place: place(finding.span, sources),
            label: finding.label.as_ref().map(words),
            related: finding
                .related
                .iter()
                .map(|(span, message)| Related {
                    place: place(*span, sources),
                    message: words(message),
                })
                .collect(),
            why: finding
                .reason(Lang::En)
                .zip(finding.reason(Lang::Zh))
                .map(|(en, zh)| Words { en, zh }),
            help: finding.help.as_ref().map(words),
            fix: finding.fix.as_ref().map(|fix| Replacement {
                place: place(fix.span, sources),
                text: &fix.replacement,
            }),
        }
    }
}

/// The name of a severity, in JSON and in SARIF.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn words(message: &Message) -> Words<'_> {
    Words {
        en: &message.en,
        zh: &message.zh,
    }
}

fn place(span: Span, sources: &Sources) -> Place<'_> {
    let source = sources.get(span.file);
    let point = |byte| {
        let (line, column) = source.map_or((0, 0), |file| {
            let location = file.location(byte);
            (location.line, location.column)
        });
        Point { byte, line, column }
    };
    Place {
        path: source.map_or("", |file| file.path()),
        start: point(span.start),
        end: point(span.end),
    }
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn columns_count_characters() {
        let mut sources = Sources::new();
        let file = sources.add("政策.md", "# 题\n措施 甲\n");
        let found = [
            Diagnostic::new(Code::UnknownMeasure, Span::new(file, 13, 16), ("no 甲", "没有甲"))
                .related(Span::new(file, 2, 5), ("here", "此处"))
                .suggest("乙"),
        ];
        assert_data_eq!(
            json(&found, &sources),
            str![[r#"
{"code":"M0104","severity":"error","message":{"en":"no 甲","zh":"没有甲"},"place":{"path":"政策.md","start":{"byte":13,"line":2,"column":4},"end":{"byte":16,"line":2,"column":5}},"label":null,"related":[{"place":{"path":"政策.md","start":{"byte":2,"line":1,"column":3},"end":{"byte":5,"line":1,"column":4}},"message":{"en":"here","zh":"此处"}}],"why":null,"help":null,"fix":{"place":{"path":"政策.md","start":{"byte":13,"line":2,"column":4},"end":{"byte":16,"line":2,"column":5}},"text":"乙"}}

"#]]
        );
    }
}
