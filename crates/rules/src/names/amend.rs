//! Amendments: a rule that another document changes has a version of its own while the amendment is in force.

use meed_facts::date::Span as Dates;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::{Names, Rule, Rules};
use crate::near::nearest;

/// Splits every amended rule into its versions before, under and after each amendment.
pub(super) fn apply(names: &mut Names, findings: &mut Vec<Diagnostic>) {
    let amendments: Vec<Rule<ast::Amend>> = names.amendments.iter().cloned().collect();
    for amendment in &amendments {
        let found = amend(&mut names.measures, amendment)
            || amend(&mut names.titles, amendment)
            || amend(&mut names.parameters, amendment);
        if !found {
            let name = &amendment.name;
            let known = names
                .measures
                .names()
                .chain(names.titles.names())
                .chain(names.parameters.names())
                .map(|name| &**name);
            let span = amendment.node.rule().map_or(amendment.place.span, |rule| {
                amendment.place.at(rule.syntax().text_range())
            });
            let mut finding = Diagnostic::new(
                Code::UnknownRule,
                span,
                Message::new(
                    format!("there is no measure, title or parameter `{name}` to amend"),
                    format!("没有可修改的措施、称号或参数“{name}”"),
                ),
            );
            if let Some(near) = nearest(name, known) {
                finding = finding
                    .help(Message::new(
                        format!("did you mean `{near}`?"),
                        format!("是否指“{near}”？"),
                    ))
                    .suggest(near);
            }
            findings.push(finding);
        }
    }
}

fn amend<N: Clone>(rules: &mut Rules<N>, amendment: &Rule<ast::Amend>) -> bool {
    let Some(versions) = rules.0.get_mut(&amendment.name) else {
        return false;
    };
    let span = amendment.place.in_force;
    let mut split = Vec::new();
    for version in versions.drain(..) {
        let times = [
            (Dates::new(None, span.from), false),
            (span, true),
            (Dates::new(span.until, None), false),
        ];
        let times = times
            .into_iter()
            .filter(|(time, amended)| *amended || time.from.is_some() || time.until.is_some());
        for (time, amended) in times {
            let in_force = version.place.in_force.intersection(time);
            if in_force.is_empty() {
                continue;
            }
            let mut part = version.clone();
            part.place.in_force = in_force;
            if amended {
                part.amendments.push(amendment.clone());
            }
            split.push(part);
        }
    }
    *versions = split;
    rules.sort(&amendment.name);
    true
}
