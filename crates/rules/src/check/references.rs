//! Names of rules that nothing lowers by themselves: a typing error in them would be lost in silence.

use meed_syntax::ast::{self, AstNode, MeasureClause, NameRef};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::Checked;
use crate::names::{Names, Rule};
use crate::near::unknown;
use crate::place::Place;

/// Finds names of rules, exceptions, measures and conditions that nothing bears.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    let names = &checked.names;
    exceptions(names, findings);
    for category in names.categories.iter() {
        let known: Vec<&str> = names.measures.names().map(|name| &**name).collect();
        let members = category.node.member();
        all_known(members, &known, &category.place, Code::UnknownMeasure, ("measure", "措施"), findings);
    }
    counted(names, findings);
    for rule in names.measures.iter() {
        amended(rule, rule.node.syntax(), findings);
    }
    for rule in names.titles.iter() {
        amended(rule, rule.node.syntax(), findings);
    }
}

fn all_known(
    written: impl Iterator<Item = NameRef>,
    known: &[&str],
    place: &Place,
    code: Code,
    kind: (&str, &str),
    findings: &mut Vec<Diagnostic>,
) {
    for name in written {
        let text = name.text();
        if !known.contains(&text.as_str()) {
            let span = place.at(name.syntax().text_range());
            findings.push(unknown(code, &text, span, known.iter().copied(), kind));
        }
    }
}

/// Exceptions are of definitions, and a group holds exceptions.
fn exceptions(names: &Names, findings: &mut Vec<Diagnostic>) {
    let definitions: Vec<&str> = names.definitions.names().map(|name| &**name).collect();
    for exception in names.exceptions.iter() {
        let rule = exception.node.rule().into_iter();
        all_known(rule, &definitions, &exception.place, Code::UnknownRule, ("definition", "定义"), findings);
    }
    let inner = names.definitions.iter().flat_map(|rule| rule.node.exception());
    let inner = inner.filter_map(|exception| exception.name());
    let outer = names.exceptions.iter().filter_map(|rule| rule.node.name());
    let known: Vec<String> = inner.chain(outer).map(|name| name.text()).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    for group in names.exception_groups.iter() {
        let members = group.node.member();
        all_known(members, &known, &group.place, Code::UnknownException, ("exception", "例外"), findings);
    }
}

/// `once counting` names measures, by the names that they have or had.
fn counted(names: &Names, findings: &mut Vec<Diagnostic>) {
    let clauses = || names.measures.iter().flat_map(|rule| rule.node.clause());
    let former = clauses().filter_map(|clause| match clause {
        MeasureClause::Formerly(formerly) => Some(formerly),
        _ => None,
    });
    let former: Vec<String> = former.flat_map(|formerly| formerly.name()).map(|name| name.text()).collect();
    let former = former.iter().map(String::as_str);
    let known: Vec<&str> = names.measures.names().map(|name| &**name).chain(former).collect();
    for rule in names.measures.iter() {
        let written = rule.node.clause().map(|clause| (clause, &rule.place));
        let amending = rule.amendments.iter().flat_map(|amendment| {
            let clauses = amendment.node.measure_clause();
            clauses.map(|clause| (clause, &amendment.place))
        });
        for (clause, place) in written.chain(amending) {
            if let MeasureClause::Once(once) = clause {
                let kind = ("measure, now or formerly,", "现有或曾用措施");
                all_known(once.counting(), &known, place, Code::UnknownMeasure, kind, findings);
            }
        }
    }
}

/// An amended condition stands in place of the one with its label, so there has to be one.
fn amended<N>(rule: &Rule<N>, node: &meed_syntax::SyntaxNode, findings: &mut Vec<Diagnostic>) {
    if rule.amendments.is_empty() {
        return;
    }
    let labels: Vec<String> = node
        .descendants()
        .filter_map(ast::Condition::cast)
        .filter_map(|condition| condition.label())
        .map(|label| label.text())
        .collect();
    for amendment in &rule.amendments {
        for label in amendment.node.condition().filter_map(|condition| condition.label()) {
            let text = label.text();
            if labels.contains(&text) {
                continue;
            }
            let span = amendment.place.at(label.syntax().text_range());
            let known = labels.iter().map(String::as_str);
            let kind = ("condition to amend called", "可修改的条件");
            findings.push(
                unknown(Code::UnknownLabel, &text, span, known, kind).why(Message::new(
                    "an amended condition stands in place of the one with its label",
                    "修改后的条件取代同标签的条件",
                )),
            );
        }
    }
}
