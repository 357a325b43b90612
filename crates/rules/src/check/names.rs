//! Names that several rules bear, and parameters whose values leave a time uncovered.

use std::collections::HashMap;
use std::sync::Arc;

use meed_facts::date::Span as Dates;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Checked;
use crate::names::{Rule, Rules, days_of};

/// Finds names that mean two things and parameters with holes.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    let names = &checked.names;
    let mut seen: HashMap<Arc<str>, (&str, Span)> = HashMap::new();
    once("definition", &names.definitions, &mut seen, findings);
    once("parameter", &names.parameters, &mut seen, findings);
    once("table", &names.tables, &mut seen, findings);
    once("sheet", &names.sheets, &mut seen, findings);
    versions(&names.parameters, findings);
    versions(&names.tables, findings);
    versions(&names.sheets, findings);
    versions(&names.categories, findings);
    versions(&names.combines, findings);
    versions(&names.funds, findings);
    versions(&names.services, findings);
    versions(&names.exception_groups, findings);
    let mut lines: HashMap<Arc<str>, (&str, Span)> = HashMap::new();
    once("measure", &names.measures, &mut lines, findings);
    once("service", &names.services, &mut lines, findings);
    once("category", &names.categories, &mut lines, findings);
    unconditional(&names.definitions, findings);
    let mut titles: HashMap<&str, Span> = HashMap::new();
    for case in &names.cases {
        if let Some(first) = titles.insert(&case.name, case.place.span) {
            findings.push(
                Diagnostic::new(Code::CaseDuplicate, case.place.span, Code::CaseDuplicate)
                    .related(first, Message::new("the other one", "另一个"))
                    .help(Message::new(
                        "say in the title what differs between the two",
                        "请在标题中写明两者的不同",
                    )),
            );
        }
    }
    for rule in names.parameters.iter() {
        parameter(rule, findings);
    }
}

/// A name belongs to one kind of value.
fn once<N>(
    kind: &'static str,
    rules: &Rules<N>,
    seen: &mut HashMap<Arc<str>, (&'static str, Span)>,
    findings: &mut Vec<Diagnostic>,
) {
    for (name, versions) in rules.by_name() {
        let Some(span) = versions.first().map(|rule| rule.place.span) else {
            continue;
        };
        match seen.get(name) {
            None => {
                seen.insert(name.clone(), (kind, span));
            }
            Some((other, first)) => findings.push(
                Diagnostic::new(
                    Code::DuplicateName,
                    span,
                    Message::new(
                        format!("`{name}` is already a {other}"),
                        format!("“{name}”已用于另一项"),
                    ),
                )
                .related(*first, Message::new("here", "在此"))
                .help(Message::new("give one of them another name", "请给其中一个另取名称")),
            ),
        }
    }
}

/// Versions of one name follow each other in time.
fn versions<N>(rules: &Rules<N>, findings: &mut Vec<Diagnostic>) {
    for (name, versions) in rules.by_name() {
        for pair in versions.windows(2) {
            let [first, second] = pair else { continue };
            if first.place.in_force.overlaps(second.place.in_force) && first.place.span != second.place.span {
                findings.push(
                    Diagnostic::new(
                        Code::OverlappingDefinitions,
                        second.place.span,
                        Message::new(
                            format!("two versions of `{name}` are in force at the same time"),
                            format!("“{name}”有两个版本同时有效"),
                        ),
                    )
                    .related(first.place.span, Message::new("the other one", "另一个版本"))
                    .help(Message::new(
                        "end one where the other begins, with `in_force`, `in force` or `replaces`",
                        "请用有效期或“替代”使一个在另一个开始时结束",
                    )),
                );
            }
        }
    }
}

/// Of the rules of one definition that are in force together, at most one applies without a condition.
fn unconditional(definitions: &Rules<ast::Define>, findings: &mut Vec<Diagnostic>) {
    for (name, rules) in definitions.by_name() {
        let rules: Vec<_> = rules.iter().filter(|rule| rule.node.guard().is_none()).collect();
        for (index, second) in rules.iter().enumerate() {
            let before = rules.iter().take(index);
            let at_once = |first: &&&Rule<ast::Define>| first.place.in_force.overlaps(second.place.in_force);
            let Some(first) = before.clone().find(at_once) else {
                continue;
            };
            findings.push(
                Diagnostic::new(
                    Code::OverlappingDefinitions,
                    second.place.span,
                    Message::new(
                        format!("two rules of `{name}` are in force at the same time, and both always apply"),
                        format!("“{name}”有两条规则同时有效，且都无条件适用"),
                    ),
                )
                .related(first.place.span, Message::new("the other one", "另一条"))
                .help(Message::new(
                    "end one where the other begins, give it a condition (`when`), or write it as an exception (`except`)",
                    "请使一条在另一条开始时失效，加上条件（`当`），或写为例外（`例外`）",
                )),
            );
        }
    }
}

/// The values of a dated parameter follow each other without a hole.
fn parameter(rule: &Rule<ast::Parameter>, findings: &mut Vec<Diagnostic>) {
    let mut entries: Vec<(Dates, Span)> = Vec::new();
    for entry in rule.node.entry() {
        let Some(span) = entry.span() else { continue };
        let (days, place) = (days_of(&span), rule.place.at(span.range()));
        if days.is_empty() {
            findings.push(
                Diagnostic::new(Code::EmptySpan, place, Code::EmptySpan).help(Message::new(
                    "a span holds its first day, not its last: end it at least a day later, or remove it",
                    "期间含首日、不含末日：请将结束日至少推后一天，或删去该期间",
                )),
            );
        }
        entries.push((days, place));
    }
    entries.sort_by_key(|(days, _)| days.from);
    for pair in entries.windows(2) {
        let [(first, place), (second, next)] = pair else {
            continue;
        };
        match (first.until, second.from) {
            (Some(until), Some(from)) if until < from => findings.push(
                Diagnostic::new(
                    Code::ParameterHole,
                    *next,
                    Message::new(
                        format!("`{}` has no value from {until} to the day before {from}", rule.name),
                        format!("“{}”自 {until} 至 {from} 前一日没有值", rule.name),
                    ),
                )
                .related(*place, Message::new("the value before", "之前的值"))
                .help(Message::new(
                    "give the days between a value, or write `text missing` for them",
                    "请为其间各日写明取值，或写 `文本缺失`",
                )),
            ),
            (Some(until), Some(from)) if until == from => {}
            _ => findings.push(
                Diagnostic::new(Code::ParameterOverlap, *next, Code::ParameterOverlap)
                    .related(*place, Message::new("the other value", "另一个值"))
                    .help(Message::new(
                        "end the earlier span on the day on which the later begins",
                        "请使前一期间在后一期间开始之日结束",
                    )),
            ),
        }
    }
}
