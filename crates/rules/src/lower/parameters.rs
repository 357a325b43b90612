//! Parameters: the value in force, or the members where it is a set.

use meed_syntax::ast::{self, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Lower;
use super::env::Env;
use super::typed::Typed;
use crate::names::Rule;
use crate::program::{NameKind, NodeId, Op, Type};
use crate::vocabulary::label;

impl Lower<'_> {
    pub(super) fn parameter(&mut self, name: &str, env: &Env, span: Span) -> Option<Typed> {
        let (value, rule) = self.parameter_value(name, env, span)?;
        let inside = Env {
            place: rule.place.clone(),
            locals: Vec::new(),
            ..env.clone()
        };
        self.enter(&rule.name, span)?;
        let body = self.expr(&value, &inside, None);
        self.leave();
        let body = body?;
        let id = self.named_id(&rule.name, label(rule.node.labels()), NameKind::Parameter, &rule.place);
        Some(self.node(
            Op::Named {
                name: id,
                args: Vec::new(),
                body: body.node,
            },
            body.ty,
            env,
            span,
        ))
    }

    /// The members of a parameter that is a set.
    pub(super) fn set_parameter(&mut self, name: &ast::NameRef, env: &Env, ty: &Type) -> Option<Vec<NodeId>> {
        let span = env.place.at(name.syntax().text_range());
        let text = name.text();
        if !self.names.parameters.has(&text) {
            let known: Vec<&str> = self.names.parameters.names().map(|name| &**name).collect();
            self.unknown(Code::UnknownName, &text, span, &known, "parameter", "参数");
            return None;
        }
        let (value, rule) = self.parameter_value(&text, env, span)?;
        let inside = Env {
            place: rule.place.clone(),
            locals: Vec::new(),
            ..env.clone()
        };
        let Expr::SetExpr(set) = value else {
            self.say(Diagnostic::new(
                Code::WrongType,
                span,
                Message::new(format!("`{text}` is no set"), format!("“{text}”不是集合")),
            ));
            return None;
        };
        let members: Vec<_> = set.expr().map(|member| self.expr_of(&member, &inside, ty)).collect();
        members
            .into_iter()
            .map(|member| member.map(|typed| typed.node))
            .collect()
    }

    pub(super) fn parameter_value(
        &mut self,
        name: &str,
        env: &Env,
        span: Span,
    ) -> Option<(Expr, Rule<ast::Parameter>)> {
        let day = env.text_of;
        for rule in self.on(&self.names.parameters, name, day) {
            let amended = rule.amendments.iter().rev().find_map(|amendment| {
                let entry = self.entry_on(amendment.node.entry(), day)?;
                Some((entry.value()?, amendment.place.clone()))
            });
            if let Some((value, place)) = amended {
                return Some((value, Rule { place, ..rule.clone() }));
            }
            if let Some(value) = rule.node.value() {
                return Some((value, rule.clone()));
            }
            let entry = self.entry_on(rule.node.entry(), day);
            if let Some(value) = entry.and_then(|entry| entry.value()) {
                return Some((value, rule.clone()));
            }
        }
        let declared: Vec<Span> = self
            .names
            .parameters
            .all(name)
            .iter()
            .map(|rule| rule.place.span)
            .collect();
        let mut finding = Diagnostic::new(
            Code::NoValueInForce,
            span,
            Message::new(
                format!("the parameter `{name}` has no value on {day}"),
                format!("参数“{name}”在 {day} 没有有效的值"),
            ),
        )
        .why(Message::new(
            "a value of another time is never used silently",
            "不会默默使用其他时期的值",
        ))
        .help(Message::new(
            "give it a value for that time, or end the rules that read it",
            "请补充该时期的值，或终止使用它的规则",
        ));
        for place in declared {
            finding = finding.related(place, Message::new("declared here", "声明于此"));
        }
        self.say(finding);
        None
    }
}
