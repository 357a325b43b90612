//! What the lines that a clause takes together have in common: `per same E1, E2`, or `per same a by E1, b by E2`.

use meed_syntax::ast::{self, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};
use meed_syntax::phrases::Phrase;

use crate::lower::Lower;
use crate::names::Rule;
use crate::program::{MeasureId, Member};

/// The expressions of a clause's key: for all its members, or for each its own.
#[derive(Debug, Default)]
pub(super) struct Keys {
    of_all: Vec<Expr>,
    of_each: Vec<(MeasureId, ast::NameRef, Expr)>,
}

impl Keys {
    /// The expressions that are the key of a measure's lines, together.
    pub(super) fn of(&self, measure: MeasureId) -> impl Iterator<Item = &Expr> {
        let own = self.of_each.iter().filter(move |(member, ..)| *member == measure);
        self.of_all.iter().chain(own.map(|(.., expr)| expr))
    }
}

impl Lower<'_> {
    /// The key that a clause states.
    pub(super) fn keys(&mut self, rule: &Rule<ast::Combine>) -> Keys {
        let mut keys = Keys::default();
        let Some(per) = rule.node.per() else { return keys };
        keys.of_all.extend(per.expr().filter(|expr| !is_year(expr)));
        let parts: Vec<ast::KeyPart> = per.key().collect();
        for part in parts {
            let (Some(name), Some(expr)) = (part.measure(), part.expr()) else {
                continue;
            };
            let measures = self.measures_named(&name, &rule.place);
            let each = measures
                .into_iter()
                .map(|measure| (measure, name.clone(), expr.clone()));
            keys.of_each.extend(each);
        }
        keys
    }

    /// Where members have keys of their own, each has one and nothing else has: lines without would share theirs with nobody.
    pub(super) fn check_keys(&mut self, rule: &Rule<ast::Combine>, keys: &Keys, members: &[Member]) {
        if keys.of_each.is_empty() {
            return;
        }
        for (measure, name, _) in &keys.of_each {
            let is_in_force = !self.measures[*measure].rules.is_empty();
            if is_in_force && !members.iter().any(|member| member.measure == *measure) {
                let known: Vec<String> = members
                    .iter()
                    .map(|member| self.measures[member.measure].named.name.to_string())
                    .collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let span = rule.place.at(name.syntax().text_range());
                self.unknown(Code::UnknownMember, &name.text(), span, &known, "member", "成员");
            }
        }
        for member in members {
            if keys.of(member.measure).next().is_some() {
                continue;
            }
            let name = &self.measures[member.measure].named.name;
            self.findings.push(
                Diagnostic::new(
                    Code::MissingKey,
                    rule.place.span,
                    Message::new(
                        format!("the key says nothing of `{name}`"),
                        format!("“每同一”未写明“{name}”以何为准"),
                    ),
                )
                .help(Message::new(
                    format!("add `{name} by …`, or give one key for all members"),
                    format!("请补写 `{name} 按 …`，或写所有成员共用的一项"),
                )),
            );
        }
    }
}

/// Whether lines are taken together by the year: an earlier award is of the year of its day.
pub(super) fn is_year(expr: &Expr) -> bool {
    matches!(expr, Expr::Special(special) if special.which() == Some(Phrase::Year))
}
