//! Articles and their rules: citations, sources, and articles that say nothing of their rules.

use std::collections::HashSet;

use meed_syntax::ast::AstNode;
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Checked;
use crate::program::Confidence;

/// Warns of articles without a rule and without a reason, and of unofficial sources in a package meant for publication.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    for (document, (_, about)) in checked.package.documents.iter().zip(checked.documents.iter()) {
        if about.number.is_none() {
            continue;
        }
        let articles = document.document().articles();
        let parents: HashSet<String> = articles
            .iter()
            .flat_map(|article| {
                article
                    .path
                    .iter()
                    .rev()
                    .skip(1)
                    .map(|heading| heading.syntax().text_range().start())
            })
            .map(|start| format!("{start:?}"))
            .collect();
        for article in &articles {
            let Some(heading) = article.path.last() else { continue };
            let range = heading.syntax().text_range();
            let is_parent = parents.contains(&format!("{:?}", range.start()));
            if article.blocks.is_empty() && !is_parent {
                let span = Span::new(document.file, range.start().into(), range.end().into());
                findings.push(
                    Diagnostic::new(Code::ArticleWithoutRule, span, Code::ArticleWithoutRule).help(Message::new(
                        "say why with `no rule: principle` (or `text missing`, `organisational`)",
                        "请用 `无规则: 原则`（或 `文本缺失`、`组织事项`）说明",
                    )),
                );
            }
        }
    }
    if checked.package.manifest.publication {
        sources(checked, findings);
    }
}

fn sources(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    for rule in checked
        .names
        .measures
        .iter()
        .map(|rule| &rule.place)
        .chain(checked.names.titles.iter().map(|rule| &rule.place))
    {
        if rule.source != Confidence::Official {
            findings.push(
                Diagnostic::new(Code::SecondarySource, rule.span, Code::SecondarySource).help(Message::new(
                    "compare it with the official text, then write `source official`",
                    "请与官方文本核对，然后写 `来源 正式`",
                )),
            );
        }
    }
}
