//! Amendments: a rule that another document changes has a version of its own while the amendment is in force.
//!
//! An amendment changes the text that it finds: versions of the documents that its own document `amends` (of any, where it names none) that are in force when it
//! begins. What replaces them later is new text, which it does not touch.

use std::collections::{HashMap, HashSet};

use meed_facts::date::Span as Dates;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::{Names, Rule, Rules};
use crate::near::nearest;
use crate::program::DocumentId;

/// Splits every amended rule into its versions before, under and after each amendment.
pub(super) fn apply(names: &mut Names, amended: &HashMap<DocumentId, Vec<DocumentId>>, findings: &mut Vec<Diagnostic>) {
    let amendments: Vec<Rule<ast::Amend>> = names.amendments.iter().cloned().collect();
    for amendment in &amendments {
        let documents = amended.get(&amendment.place.document).map_or(&[][..], Vec::as_slice);
        let found = amend(&mut names.measures, amendment, documents)
            .or_else(|| amend(&mut names.titles, amendment, documents))
            .or_else(|| amend(&mut names.parameters, amendment, documents));
        let span = amendment.node.rule().map_or(amendment.place.span, |rule| {
            amendment.place.at(rule.syntax().text_range())
        });
        match found {
            Some(true) => {}
            Some(false) => findings.push(nothing_to_amend(&amendment.name, span)),
            None => findings.push(unknown(names, &amendment.name, span)),
        }
    }
}

fn nothing_to_amend(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownRule,
        span,
        Message::new(
            format!("no `{name}` of the documents amended here is in force when the amendment begins"),
            format!("修改生效时，被修改的文件中没有有效的“{name}”"),
        ),
    )
    .help(Message::new(
        "name its document in `amends`, or write the rule anew",
        "请在 `amends` 中写明其所在文件，或重新写出该规则",
    ))
}

fn unknown(names: &Names, name: &str, span: Span) -> Diagnostic {
    let known = names
        .measures
        .names()
        .chain(names.titles.names())
        .chain(names.parameters.names())
        .map(|name| &**name);
    let finding = Diagnostic::new(
        Code::UnknownRule,
        span,
        Message::new(
            format!("there is no measure, title or parameter `{name}` to amend"),
            format!("没有可修改的措施、称号或参数“{name}”"),
        ),
    );
    match nearest(name, known) {
        None => finding,
        Some(near) => finding
            .help(Message::new(
                format!("did you mean `{near}`?"),
                format!("是否指“{near}”？"),
            ))
            .suggest(near),
    }
}

/// Splits the versions that an amendment changes; whether there are any, `None` where no rule of the kind has the name.
fn amend<N: Clone>(rules: &mut Rules<N>, amendment: &Rule<ast::Amend>, documents: &[DocumentId]) -> Option<bool> {
    let versions = rules.0.get_mut(&amendment.name)?;
    let span = amendment.place.in_force;
    // A version that an earlier amendment split is one text all the same.
    let bound: HashSet<Span> = versions
        .iter()
        .map(|version| &version.place)
        .filter(|place| documents.is_empty() || documents.contains(&place.document))
        .filter(|place| match span.from {
            Some(day) => place.in_force.contains(day),
            None => place.in_force.from.is_none(),
        })
        .map(|place| place.span)
        .collect();
    let mut split = Vec::new();
    for version in versions.drain(..) {
        if !bound.contains(&version.place.span) {
            split.push(version);
            continue;
        }
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
                part.place.amended_by.push(amendment.place.clone());
            }
            split.push(part);
        }
    }
    *versions = split;
    rules.sort(&amendment.name);
    Some(!bound.is_empty())
}
