//! Named values: parameters, definitions with their exceptions, and their versions.

use std::sync::Arc;

use meed_facts::date::{Date, Span as Dates};
use meed_facts::label::Label;
use meed_facts::schema::Named;
use meed_syntax::ast::{self, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Lower;
use super::env::{Env, Local, Period};
use super::names::Owner;
use super::reading::Reading;
use super::typed::Typed;
use crate::names::Rule;
use crate::place::Place;
use crate::program::{Arm, NameId, NameKind, NamedValue, NodeId, Op, ScopeId, Type};
use crate::vocabulary::label;

/// What makes one lowering of a definition the same as another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct DefinitionKey {
    name: Arc<str>,
    record: ScopeId,
    args: Vec<NodeId>,
    period: Period,
}

impl Lower<'_> {
    /// The value of a parameter, definition, table or sheet, for a record.
    pub(super) fn named_value(
        &mut self,
        name: &str,
        owner: Owner,
        args: &[ast::Arg],
        env: &Env,
        span: Span,
    ) -> Option<Typed> {
        if self.names.tables.has(name) {
            return self.lookup(name, args, 0, env, span);
        }
        if self.names.parameters.has(name) {
            self.no_arguments(name, args, span)?;
            return self.parameter(name, env, span);
        }
        if self.names.sheets.has(name) {
            self.no_arguments(name, args, span)?;
            return self.sheet_part(name, None, owner, env, span);
        }
        let args: Option<Vec<Typed>> = args
            .iter()
            .map(|arg| arg.expr().and_then(|expr| self.expr(&expr, env, None)))
            .collect();
        self.definition(name, owner, args?, env, span)
    }

    fn no_arguments(&mut self, name: &str, args: &[ast::Arg], span: Span) -> Option<()> {
        if args.is_empty() {
            return Some(());
        }
        self.say(
            Diagnostic::new(
                Code::WrongArgumentCount,
                span,
                Message::new(format!("`{name}` takes no arguments"), format!("“{name}”没有参数")),
            )
            .help(Message::new(
                format!("write `{name}` alone"),
                format!("请只写 `{name}`"),
            )),
        );
        None
    }

    pub(super) fn definition(
        &mut self,
        name: &str,
        owner: Owner,
        args: Vec<Typed>,
        env: &Env,
        span: Span,
    ) -> Option<Typed> {
        let key = DefinitionKey {
            name: name.into(),
            record: owner.scope,
            args: args.iter().map(|arg| arg.node).collect(),
            period: env.period,
        };
        let mut known = self.lowered.get(&key).into_iter().flatten();
        if let Some((reading, made)) = known.find(|(reading, _)| reading.holds_on(env.text_of)).cloned() {
            self.rests_on(reading);
            return made.map(|typed| Typed { span, ..typed });
        }
        self.enter(name, span)?;
        let (made, reading) = self.reading(env.text_of, |lower| {
            lower.definition_body(name, owner, &args, env, span)
        });
        self.leave();
        self.rests_on(reading);
        self.lowered.entry(key).or_default().push((reading, made.clone()));
        made
    }

    fn definition_body(&mut self, name: &str, owner: Owner, args: &[Typed], env: &Env, span: Span) -> Option<Typed> {
        let first = self.names.definitions.all(name).first()?.clone();
        let anchor = self
            .names
            .definitions
            .all(name)
            .iter()
            .find_map(|rule| Some((rule.node.anchor()?, rule.place.clone())));
        let inside = self.inside(owner, args, env, &first.place);
        let body = match anchor.and_then(|(anchor, place)| Some((anchor.expr()?, place))) {
            None => self.definition_on(name, owner, args, &inside, span)?,
            Some((anchor, place)) => {
                let on = self.expr_of(
                    &anchor,
                    &Env {
                        place,
                        ..inside.clone()
                    },
                    &Type::Date,
                )?;
                let exists = |day| self.names.definitions.on(name, day).next().is_some();
                let days: Vec<_> = self
                    .text_spans()
                    .into_iter()
                    .filter(|(from, _)| exists(*from))
                    .collect();
                self.versions(on, &days, &inside, span, &mut |lower, env| {
                    lower.definition_on(name, owner, args, env, span)
                })?
            }
        };
        let id = self.named_id(name, label(first.node.labels()), NameKind::Definition, &first.place);
        let args = args.iter().map(|arg| arg.node).collect();
        Some(self.node(
            Op::Named {
                name: id,
                args,
                body: body.node,
            },
            body.ty,
            &inside,
            span,
        ))
    }

    /// The environment of a definition's body: new scopes go inside everything its arguments depend on.
    fn inside(&self, owner: Owner, args: &[Typed], env: &Env, place: &Place) -> Env {
        let mut scope = owner.scope;
        let around = args.iter().map(|arg| self.builder.nodes[arg.node].scope);
        let instalment = match env.period {
            Period::Instalment(scope) | Period::Judging(scope) => Some(scope),
            Period::Judged(_) => None,
        };
        for candidate in around.chain(instalment) {
            if self.builder.depth(candidate) > self.builder.depth(scope) {
                scope = candidate;
            }
        }
        Env {
            scope,
            record: owner.scope,
            entity: owner.entity,
            locals: Vec::new(),
            base: None,
            place: place.clone(),
            amended: Arc::default(),
            ..env.clone()
        }
    }

    /// The definition by the text of `env.text_of`.
    fn definition_on(&mut self, name: &str, owner: Owner, args: &[Typed], env: &Env, span: Span) -> Option<Typed> {
        let definitions = &self.names.definitions;
        let rules: Vec<Rule<ast::Define>> = self.on(definitions, name, env.text_of).cloned().collect();
        if rules.is_empty() {
            let day = env.text_of;
            self.say(Diagnostic::new(
                Code::NoValueInForce,
                span,
                Message::new(
                    format!("no definition of `{name}` is in force on {day}"),
                    format!("“{name}”在 {day} 没有有效的定义"),
                ),
            ));
            return None;
        }
        let mut arms = Vec::new();
        let mut ty: Option<Type> = None;
        let mut otherwise = None;
        for rule in &rules {
            let inside = self.with_arguments(rule, owner, args, env, span)?;
            let guard = match rule.node.guard() {
                Some(guard) => Some(self.condition(&guard, &inside)?.node),
                None => None,
            };
            let value = self.value_like(&rule.node.value()?, &inside, ty.as_ref())?;
            ty.get_or_insert_with(|| value.ty.clone());
            if let Some(expr) = rule.node.otherwise() {
                otherwise = Some(self.value_like(&expr, &inside, ty.as_ref())?.node);
            }
            let origin = self.origin_of(&rule.place, rule.place.span);
            arms.push(Arm {
                label: None,
                guard,
                value: value.node,
                overrides: Vec::new(),
                origin,
            });
        }
        let ty = ty?;
        self.exceptions(name, &rules, owner, args, env, &ty, &mut arms)?;
        match arms.as_slice() {
            [Arm { guard: None, value, .. }] => Some(Typed { node: *value, ty, span }),
            _ => Some(self.node(Op::Choose { arms, otherwise }, ty, env, span)),
        }
    }

    fn value_like(&mut self, expr: &Expr, env: &Env, ty: Option<&Type>) -> Option<Typed> {
        match ty {
            Some(ty) => self.expr_of(expr, env, ty),
            None => self.expr(expr, env, None),
        }
    }

    pub(super) fn with_arguments(
        &mut self,
        rule: &Rule<ast::Define>,
        owner: Owner,
        args: &[Typed],
        env: &Env,
        span: Span,
    ) -> Option<Env> {
        let params: Vec<ast::Param> = rule
            .node
            .params()
            .into_iter()
            .flat_map(|params| params.param().collect::<Vec<_>>())
            .collect();
        if params.len() != args.len() {
            let (name, wanted, given) = (&rule.name, params.len(), args.len());
            self.say(
                Diagnostic::new(
                    Code::WrongArgumentCount,
                    span,
                    Message::new(
                        format!("`{name}` takes {wanted} arguments, {given} are given"),
                        format!("“{name}”需要 {wanted} 个参数，给出了 {given} 个"),
                    ),
                )
                .related(rule.place.span, Message::new("defined here", "定义于此")),
            );
            return None;
        }
        let mut inside = Env {
            place: rule.place.clone(),
            entity: owner.entity,
            ..env.clone()
        };
        for (param, arg) in params.iter().zip(args) {
            let ty = self.param_type(&param.ty()?, &rule.place)?;
            let arg = self.as_type(arg, &ty)?;
            inside.locals.push((param.name()?.text().into(), Local::Value(arg)));
        }
        Some(inside)
    }

    /// A value read from the text of the day `on`: a branch for each of the times, equal neighbours in one. A text that has not changed since is not lowered again.
    pub(super) fn versions(
        &mut self,
        on: Typed,
        times: &[(Date, Option<Date>)],
        env: &Env,
        span: Span,
        lower: &mut dyn FnMut(&mut Self, &Env) -> Option<Typed>,
    ) -> Option<Typed> {
        let mut branches: Vec<(Dates, NodeId)> = Vec::new();
        let mut ty = None;
        let mut last: Option<(Reading, NodeId)> = None;
        for &(from, until) in times {
            let node = match last.filter(|(reading, _)| reading.holds_on(from)) {
                Some((_, node)) => node,
                None => {
                    let env = Env {
                        text_of: from,
                        ..env.clone()
                    };
                    let (made, reading) = self.reading(from, |this| lower(this, &env));
                    let made = made?;
                    last = Some((reading, made.node));
                    ty.get_or_insert(made.ty);
                    made.node
                }
            };
            match branches.last_mut() {
                Some((last, known)) if *known == node && last.until == Some(from) => last.until = until,
                _ => branches.push((Dates::new(Some(from), until), node)),
            }
        }
        let Some(ty) = ty else {
            self.say(Diagnostic::new(
                Code::NoValueInForce,
                span,
                Message::new("no version is in force at any time", "任何时间都没有有效版本"),
            ));
            return None;
        };
        Some(self.node(Op::Versions { on: on.node, branches }, ty, env, span))
    }

    /// The times between two turning points of the text, from the first on.
    pub(super) fn text_spans(&self) -> Vec<(Date, Option<Date>)> {
        let points = self.source.turning_points;
        let ends = points.iter().skip(1).map(|day| Some(*day)).chain([None]);
        points.iter().copied().zip(ends).collect()
    }

    /// Marks a name as being lowered; a name inside itself is a circle.
    pub(super) fn enter(&mut self, name: &str, span: Span) -> Option<()> {
        if let Some(start) = self.in_progress.iter().position(|(known, _)| **known == *name) {
            let path: Vec<&str> = self
                .in_progress
                .iter()
                .skip(start)
                .map(|(name, _)| &**name)
                .chain([name])
                .collect();
            let path = path.join(" → ");
            self.say(Diagnostic::new(
                Code::Cycle,
                span,
                Message::new(
                    format!("definitions depend on each other in a circle: {path}"),
                    format!("定义循环：{path}"),
                ),
            ));
            return None;
        }
        self.in_progress.push((name.into(), span));
        Some(())
    }

    pub(super) fn leave(&mut self) {
        self.in_progress.pop();
    }

    pub(super) fn named_id(&mut self, name: &str, label: Label, kind: NameKind, place: &Place) -> NameId {
        let key = (Arc::from(name), place.span);
        if let Some(known) = self.known_named.get(&key) {
            return *known;
        }
        let origin = self.origin_of(place, place.span);
        let named = Named {
            name: name.into(),
            label,
            formerly: Vec::new(),
        };
        let id = self.named.alloc(NamedValue { named, kind, origin });
        self.known_named.insert(key, id);
        id
    }
}
