//! Named values: parameters, definitions with their exceptions, and their versions.

use std::sync::Arc;

use meed_facts::date::{Date, Span as Dates};
use meed_facts::label::Label;
use meed_facts::schema::{EntityId, Named};
use meed_syntax::ast::{self, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Lower;
use super::env::{Env, Local, Period};
use super::names::Owner;
use super::typed::Typed;
use crate::names::{Rule, days_of};
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
    text_of: Date,
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

    // ---- parameters

    fn parameter(&mut self, name: &str, env: &Env, span: Span) -> Option<Typed> {
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

    fn parameter_value(&mut self, name: &str, env: &Env, span: Span) -> Option<(Expr, Rule<ast::Parameter>)> {
        let day = env.text_of;
        for rule in self.names.parameters.on(name, day) {
            let amended = rule.amendments.iter().rev().find_map(|amendment| {
                let entry = amendment
                    .node
                    .entry()
                    .find(|entry| entry.span().is_some_and(|span| days_of(&span).contains(day)))?;
                Some((entry.value()?, amendment.place.clone()))
            });
            if let Some((value, place)) = amended {
                return Some((value, Rule { place, ..rule.clone() }));
            }
            if let Some(value) = rule.node.value() {
                return Some((value, rule.clone()));
            }
            let entry = rule
                .node
                .entry()
                .find(|entry| entry.span().is_some_and(|span| days_of(&span).contains(day)));
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

    // ---- definitions

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
            text_of: env.text_of,
        };
        if let Some(known) = self.lowered.get(&key) {
            return known.clone().map(|typed| Typed { span, ..typed });
        }
        self.enter(name, span)?;
        let made = self.definition_body(name, owner, &args, env, span);
        self.leave();
        self.lowered.insert(key, made.clone());
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
            Period::Instalment(scope) => Some(scope),
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
            ..env.clone()
        }
    }

    /// The definition by the text of `env.text_of`.
    fn definition_on(&mut self, name: &str, owner: Owner, args: &[Typed], env: &Env, span: Span) -> Option<Typed> {
        let rules: Vec<Rule<ast::Define>> = self.names.definitions.on(name, env.text_of).cloned().collect();
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

    fn with_arguments(
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

    // ---- exceptions

    #[expect(clippy::too_many_arguments, reason = "one rule's pieces, used once")]
    fn exceptions(
        &mut self,
        name: &str,
        rules: &[Rule<ast::Define>],
        owner: Owner,
        args: &[Typed],
        env: &Env,
        ty: &Type,
        arms: &mut Vec<Arm>,
    ) -> Option<()> {
        let base_arms = u16::try_from(arms.len()).ok()?;
        let mut written = Vec::new();
        for rule in rules {
            for exception in rule.node.exception() {
                written.push(Written {
                    name: exception.name(),
                    targets: exception.target().collect(),
                    guard: exception.guard(),
                    value: exception.value(),
                    place: rule.place.clone(),
                });
            }
        }
        for rule in self.names.exceptions.on(name, env.text_of) {
            written.push(Written {
                name: rule.node.name(),
                targets: rule.node.target().collect(),
                guard: rule.node.guard(),
                value: rule.node.value(),
                place: rule.place.clone(),
            });
        }
        if written.is_empty() {
            return Some(());
        }
        let first = rules.first()?;
        let mut inside = self.with_arguments(first, owner, args, env, first.place.span)?;
        let span = first.place.span;
        let base = match arms.as_slice() {
            [Arm { guard: None, value, .. }] => Typed {
                node: *value,
                ty: ty.clone(),
                span,
            },
            several => {
                let op = Op::Choose {
                    arms: several.to_vec(),
                    otherwise: None,
                };
                self.node(op, ty.clone(), env, span)
            }
        };
        inside.base = Some(base);
        let names: Vec<String> = written
            .iter()
            .map(|one| one.name.as_ref().map(|name| name.text()).unwrap_or_default())
            .collect();
        for one in &written {
            let env = Env {
                place: one.place.clone(),
                ..inside.clone()
            };
            let guard = self.condition(one.guard.as_ref()?, &env)?;
            let value = self.expr_of(one.value.as_ref()?, &env, ty)?;
            let mut overrides: Vec<u16> = (0..base_arms).collect();
            for target in &one.targets {
                overrides.extend(self.targets(target, &names, base_arms, &one.place)?);
            }
            let origin = self.origin_of(&one.place, one.place.span);
            let label = one.name.as_ref().map(|name| name.text().into());
            arms.push(Arm {
                label,
                guard: Some(guard.node),
                value: value.node,
                overrides,
                origin,
            });
        }
        Some(())
    }

    /// Positions of the exceptions that a name means: one, or those of a group.
    fn targets(&mut self, target: &ast::NameRef, names: &[String], base_arms: u16, place: &Place) -> Option<Vec<u16>> {
        let text = target.text();
        let position = |wanted: &str| {
            let index = names.iter().position(|name| name == wanted)?;
            u16::try_from(index).ok()?.checked_add(base_arms)
        };
        if let Some(one) = position(&text) {
            return Some(vec![one]);
        }
        if let Some(group) = self.names.exception_groups.all(&text).first() {
            return Some(
                group
                    .node
                    .member()
                    .filter_map(|member| position(&member.text()))
                    .collect(),
            );
        }
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        self.unknown(
            Code::UnknownException,
            &text,
            place.at(target.syntax().text_range()),
            &known,
            "exception",
            "例外",
        );
        None
    }

    // ---- versions

    /// A value read from the text of the day `on`: a branch for each of the times, equal neighbours in one.
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
        for &(from, until) in times {
            let made = lower(
                self,
                &Env {
                    text_of: from,
                    ..env.clone()
                },
            )?;
            ty.get_or_insert_with(|| made.ty.clone());
            match branches.last_mut() {
                Some((last, node)) if *node == made.node && last.until == Some(from) => last.until = until,
                _ => branches.push((Dates::new(Some(from), until), made.node)),
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

    // ---- bookkeeping

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

    /// All named values without parameters, for every kind of applicant for which they make sense.
    pub(super) fn values(&mut self) -> Vec<(NameId, EntityId, NodeId)> {
        let mut values = Vec::new();
        let applicants: Vec<EntityId> = self
            .schema
            .entities
            .iter()
            .filter(|(_, entity)| entity.applicant)
            .map(|(id, _)| id)
            .collect();
        let definitions = self.names.definitions.by_name().filter_map(|(name, rules)| {
            let rule = rules.iter().find(|rule| rule.place.in_force.contains(self.date))?;
            let plain = rule.node.params().is_none_or(|params| params.param().next().is_none());
            plain.then(|| {
                (
                    name.clone(),
                    rule.node.entity().map(|entity| entity.text()),
                    rule.place.clone(),
                )
            })
        });
        let others = self.names.parameters.by_name().filter_map(|(name, rules)| {
            let rule = rules.iter().find(|rule| rule.place.in_force.contains(self.date))?;
            let plain = rule
                .node
                .value()
                .is_some_and(|value| !matches!(value, Expr::SetExpr(_)));
            plain.then(|| (name.clone(), None, rule.place.clone()))
        });
        let sheets = self.names.sheets.by_name().filter_map(|(name, rules)| {
            let rule = rules.iter().find(|rule| rule.place.in_force.contains(self.date))?;
            Some((
                name.clone(),
                rule.node.entity().map(|entity| entity.text()),
                rule.place.clone(),
            ))
        });
        let all: Vec<_> = definitions.chain(others).chain(sheets).collect();
        for (name, of, place) in all {
            for entity in &applicants {
                let named = &self.schema.entities[*entity].named;
                if of.as_ref().is_some_and(|of| **of != *named.name) {
                    continue;
                }
                let env = self.applicant(*entity, &place);
                let owner = Owner {
                    scope: env.root,
                    entity: *entity,
                };
                let before = self.findings.len();
                let made = self.named_value(&name, owner, &[], &env, place.span);
                if of.is_none() && applicants.len() > 1 {
                    // Without `of` a definition is for whichever applicants have its facts.
                    self.findings.truncate(before);
                }
                if let Some(typed) = made
                    && let Op::Named { name, .. } = &self.builder.nodes[typed.node].op
                {
                    values.push((*name, *entity, typed.node));
                }
            }
        }
        values
    }
}

/// An exception, wherever it is written.
struct Written {
    name: Option<ast::Name>,
    targets: Vec<ast::NameRef>,
    guard: Option<Expr>,
    value: Option<Expr>,
    place: Place,
}
