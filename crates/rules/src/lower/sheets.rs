//! Score sheets: groups of labelled numbers with their own ceilings and minima.

use std::sync::Arc;

use meed_facts::label::Label;
use meed_facts::ratio::Ratio;
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Lower;
use super::env::Env;
use super::names::Owner;
use super::typed::Typed;
use crate::names::Rule;
use crate::program::{Cmp, Condition, Dimension, NameKind, Op, Type};
use crate::vocabulary::label;

/// What a sheet offers beside its groups: whether all minima are reached.
const MINIMA: &str = "minima";

impl Lower<'_> {
    /// `sheet`, `sheet.group` or `sheet.minima`.
    pub(super) fn sheet_part(
        &mut self,
        name: &str,
        part: Option<&str>,
        owner: Owner,
        env: &Env,
        span: Span,
    ) -> Option<Typed> {
        let Some(rule) = self.on(&self.names.sheets, name, env.text_of).next().cloned() else {
            let day = env.text_of;
            self.say(Diagnostic::new(
                Code::NoValueInForce,
                span,
                Message::new(
                    format!("no version of the sheet `{name}` is in force on {day}"),
                    format!("评分单“{name}”在 {day} 没有有效版本"),
                ),
            ));
            return None;
        };
        let inside = Env {
            place: rule.place.clone(),
            locals: Vec::new(),
            record: owner.scope,
            entity: owner.entity,
            scope: owner.scope,
            base: None,
            amended: Arc::default(),
            ..env.clone()
        };
        self.enter(name, span)?;
        let made = self.sheet_body(&rule, part, &inside, span);
        self.leave();
        made
    }

    fn sheet_body(&mut self, rule: &Rule<ast::Sheet>, part: Option<&str>, env: &Env, span: Span) -> Option<Typed> {
        let groups: Vec<ast::SheetGroup> = rule.node.group().collect();
        let plain = Type::Number(Dimension::NONE);
        match part {
            Some(MINIMA) => {
                let mut list = Vec::new();
                for group in &groups {
                    let Some(minimum) = group.minimum() else { continue };
                    let points = self.group(rule, group, env)?;
                    let minimum = self.expr_of(&minimum, env, &plain)?;
                    let node = self
                        .node(Op::Compare(Cmp::Ge, points.node, minimum.node), Type::Bool, env, span)
                        .node;
                    let origin = self.origin(env, env.place.at(group.syntax().text_range()));
                    list.push(Condition {
                        label: group.name().map(|name| name.text().into()),
                        node,
                        origin,
                    });
                }
                Some(self.node(Op::All(list), Type::Bool, env, span))
            }
            Some(part) => {
                let group = groups
                    .iter()
                    .find(|group| group.name().is_some_and(|name| name.text() == part));
                if let Some(group) = group {
                    return self.group(rule, group, env);
                }
                let names: Vec<String> = groups
                    .iter()
                    .filter_map(|group| group.name())
                    .map(|name| name.text())
                    .collect();
                let known: Vec<&str> = names.iter().map(String::as_str).chain([MINIMA]).collect();
                self.unknown(Code::UnknownName, part, span, &known, "group", "组");
                None
            }
            None => {
                let points: Option<Vec<Typed>> = groups.iter().map(|group| self.group(rule, group, env)).collect();
                let total = self.sum(points?, env, span);
                let id = self.named_id(&rule.name, label(rule.node.labels()), NameKind::Sheet, &rule.place);
                Some(self.node(
                    Op::Named {
                        name: id,
                        args: Vec::new(),
                        body: total.node,
                    },
                    plain,
                    env,
                    span,
                ))
            }
        }
    }

    fn group(&mut self, rule: &Rule<ast::Sheet>, group: &ast::SheetGroup, env: &Env) -> Option<Typed> {
        let span = env.place.at(group.syntax().text_range());
        let plain = Type::Number(Dimension::NONE);
        let mut items = Vec::new();
        for item in group.item() {
            let points = self.expr_of(&item.expr()?, env, &plain)?;
            let place = crate::place::Place {
                span: env.place.at(item.syntax().text_range()),
                ..rule.place.clone()
            };
            items.push(match item.label() {
                Some(name) => {
                    let text = format!("{}.{}", rule.name, name.text());
                    let id = self.named_id(&text, Label::default(), NameKind::Sheet, &place);
                    self.node(
                        Op::Named {
                            name: id,
                            args: Vec::new(),
                            body: points.node,
                        },
                        plain.clone(),
                        env,
                        place.span,
                    )
                }
                None => points,
            });
        }
        let mut total = self.sum(items, env, span);
        if let Some(limit) = group.limit() {
            let limit = self.expr_of(&limit, env, &plain)?;
            total = self.node(Op::Min(vec![total.node, limit.node]), plain.clone(), env, span);
        }
        let text = format!("{}.{}", rule.name, group.name()?.text());
        let place = crate::place::Place {
            span,
            ..rule.place.clone()
        };
        let id = self.named_id(&text, label(group.labels()), NameKind::Sheet, &place);
        Some(self.node(
            Op::Named {
                name: id,
                args: Vec::new(),
                body: total.node,
            },
            plain,
            env,
            span,
        ))
    }

    fn sum(&mut self, items: Vec<Typed>, env: &Env, span: Span) -> Typed {
        let plain = Type::Number(Dimension::NONE);
        let mut items = items.into_iter();
        let first = items
            .next()
            .unwrap_or_else(|| self.node(Op::Const(Scalar::Number(Ratio::ZERO)), plain.clone(), env, span));
        items.fold(first, |sum, item| {
            self.node(Op::Add(sum.node, item.node), plain.clone(), env, span)
        })
    }
}
