//! Findings for code hosts and editors: SARIF 2.1.0 (OASIS, 2020), with the code table as its rules.

use meed_facts::label::Lang;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::json::severity;
use super::order::in_order;
use super::{Code, Diagnostic, Sources, Span};

/// All findings, in order, as one SARIF log of one run.
#[must_use]
pub fn sarif(found: &[Diagnostic], sources: &Sources, lang: Lang) -> String {
    let results = in_order(found, sources)
        .into_iter()
        .map(|finding| result(finding, sources, lang))
        .collect();
    let rules = Code::ALL.iter().map(|code| rule(*code, lang)).collect();
    let driver = Driver {
        name: "meed",
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules,
    };
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    // Strings and numbers only: writing them to memory does not fail.
    let mut out = serde_json::to_string_pretty(&log).unwrap_or_default();
    out.push('\n');
    out
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Result<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    name: String,
    short_description: Text<'static>,
    full_description: Text<'static>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'a> {
    rule_id: String,
    rule_index: Option<usize>,
    level: &'static str,
    message: Owned,
    locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Owned {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

/// Lines and columns count from 1; the end column is the one after the last character.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    artifact_changes: [Change<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    artifact_location: Artifact,
    replacements: [Replacement<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Text<'a>,
}

fn rule(code: Code, lang: Lang) -> Rule {
    let (title, explanation) = match lang {
        Lang::Zh => (code.title_zh(), code.explanation_zh()),
        Lang::En => (code.title_en(), code.explanation_en()),
    };
    Rule {
        id: code.to_string(),
        name: format!("{code:?}"),
        short_description: Text { text: title },
        full_description: Text { text: explanation },
        default_configuration: Configuration {
            level: severity(code.severity()),
        },
    }
}

fn result<'a>(finding: &'a Diagnostic, sources: &Sources, lang: Lang) -> Result<'a> {
    // SARIF has one message a result: why and what to do follow the finding as paragraphs of their own.
    let sentences = [Some(&finding.message), finding.why.as_ref(), finding.help.as_ref()];
    let text: Vec<&str> = sentences
        .into_iter()
        .flatten()
        .map(|message| message.text(lang))
        .collect();
    let label = finding.label.as_ref().map(|label| Text { text: label.text(lang) });
    let related = finding.related.iter().filter_map(|(span, message)| {
        location(
            *span,
            Some(Text {
                text: message.text(lang),
            }),
            sources,
        )
    });
    let fix = finding.fix.as_ref().and_then(|fix| {
        let Physical {
            artifact_location,
            region,
        } = physical(fix.span, sources)?;
        let replacement = Replacement {
            deleted_region: region,
            inserted_content: Text { text: &fix.replacement },
        };
        Some(Fix {
            artifact_changes: [Change {
                artifact_location,
                replacements: [replacement],
            }],
        })
    });
    Result {
        rule_id: finding.code.to_string(),
        rule_index: Code::ALL.iter().position(|code| *code == finding.code),
        level: severity(finding.severity),
        message: Owned {
            text: text.join("\n\n"),
        },
        locations: location(finding.span, label, sources).into_iter().collect(),
        related_locations: related.collect(),
        fixes: fix.into_iter().collect(),
    }
}

fn location<'a>(span: Span, message: Option<Text<'a>>, sources: &Sources) -> Option<Location<'a>> {
    Some(Location {
        physical_location: physical(span, sources)?,
        message,
    })
}

/// What may stand in a relative reference as it is (RFC 3986 §3.3, `unreserved` and the path's `/`).
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

fn physical(span: Span, sources: &Sources) -> Option<Physical> {
    let file = sources.get(span.file)?;
    let (start, end) = (file.location(span.start), file.location(span.end.max(span.start)));
    let region = Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    };
    Some(Physical {
        artifact_location: Artifact {
            uri: utf8_percent_encode(file.path(), PATH).to_string(),
        },
        region,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_names_its_rule_and_its_place() {
        let mut sources = Sources::new();
        let file = sources.add("政策 1.md", "# 题\n措施 甲\n");
        let found = [
            Diagnostic::new(Code::UnknownMeasure, Span::new(file, 13, 16), ("no 甲", "没有甲"))
                .label(("here", "此处"))
                .help(("write 乙", "改为乙"))
                .suggest("乙"),
        ];
        let log: serde_json::Value = serde_json::from_str(&sarif(&found, &sources, Lang::Zh)).unwrap();
        let run = &log["runs"][0];
        let result = &run["results"][0];
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "M0104");
        let place = serde_json::json!({
            "physicalLocation": {
                "artifactLocation": { "uri": "%E6%94%BF%E7%AD%96%201.md" },
                "region": { "startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 5 },
            },
            "message": { "text": "此处" },
        });
        assert_eq!(result["locations"], serde_json::json!([place]));
        assert_eq!(result["message"]["text"], "没有甲\n\n改为乙");
        assert_eq!(
            result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"],
            "乙"
        );
    }
}
