//! Names of rules that nothing lowers by themselves: a typing error in them would be lost in silence.

use std::collections::BTreeSet;

use meed_syntax::ast::{self, AstNode, MeasureClause, NameRef};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::Checked;
use crate::names::Names;
use crate::near::unknown;
use crate::place::Place;

/// Finds names of rules, exceptions and measures that nothing bears.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    let names = &checked.names;
    exceptions(names, findings);
    for category in names.categories.iter() {
        let known: Vec<&str> = names.measures.names().map(|name| &**name).collect();
        let members = category.node.member();
        all_known(
            members,
            &known,
            &category.place,
            Code::UnknownMeasure,
            ("measure", "措施"),
            findings,
        );
    }
    counted(names, findings);
    empty(names, findings);
    lone(names, findings);
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
        all_known(
            rule,
            &definitions,
            &exception.place,
            Code::UnknownRule,
            ("definition", "定义"),
            findings,
        );
    }
    let inner = names.definitions.iter().flat_map(|rule| rule.node.exception());
    let inner = inner.filter_map(|exception| exception.name());
    let outer = names.exceptions.iter().filter_map(|rule| rule.node.name());
    let known: Vec<String> = inner.chain(outer).map(|name| name.text()).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    for group in names.exception_groups.iter() {
        let members = group.node.member();
        all_known(
            members,
            &known,
            &group.place,
            Code::UnknownException,
            ("exception", "例外"),
            findings,
        );
    }
}

/// `once counting` names measures, by the names that they have or had.
fn counted(names: &Names, findings: &mut Vec<Diagnostic>) {
    let clauses = || names.measures.iter().flat_map(|rule| rule.node.clause());
    let former = clauses().filter_map(|clause| match clause {
        MeasureClause::Formerly(formerly) => Some(formerly),
        _ => None,
    });
    let former: Vec<String> = former
        .flat_map(|formerly| formerly.name())
        .map(|name| name.text())
        .collect();
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

/// What combines nothing would stand in the text and change no amount.
fn empty(names: &Names, findings: &mut Vec<Diagnostic>) {
    for rule in names.combines.iter() {
        let Some(form) = rule.node.form() else { continue };
        if members(&form).next().is_none() {
            let message = Message::new(
                format!("`{}` names no measure that it combines", rule.name),
                format!("“{}”没有写明所组合的措施", rule.name),
            );
            let span = rule.place.at(form.syntax().text_range());
            findings.push(Diagnostic::new(Code::MissingClause, span, message).help(Message::new(
                "name the measures, as in `unresolved a, b`",
                "请写明措施，如 `未定 甲, 乙`",
            )));
        }
    }
}

fn members(form: &ast::CombineForm) -> Box<dyn Iterator<Item = NameRef> + '_> {
    use ast::CombineForm::{Ceiling, Exclusive, HighestOf, TopUp, Unresolved};
    match form {
        HighestOf(form) => Box::new(form.member()),
        Exclusive(form) => Box::new(form.member()),
        TopUp(form) => Box::new(form.member()),
        Ceiling(form) => Box::new(form.member()),
        Unresolved(form) => Box::new(form.member()),
    }
}

/// An award that excludes others needs another.
fn lone(names: &Names, findings: &mut Vec<Diagnostic>) {
    for rule in names.combines.iter() {
        let Some(ast::CombineForm::Exclusive(form)) = rule.node.form() else {
            continue;
        };
        let measures: BTreeSet<_> = form.member().flat_map(|name| names.of_category(&name.text())).collect();
        if measures.len() < 2 {
            let span = rule.place.at(form.syntax().text_range());
            findings.push(
                Diagnostic::new(Code::LoneMember, span, Code::LoneMember).help(Message::new(
                    "name what it excludes, or remove the clause",
                    "请写明与何者互斥，或删去该规则",
                )),
            );
        }
    }
}
