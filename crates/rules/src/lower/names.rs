//! What a name means: a local, a fact of the record at hand, a named value of the package, or a member of the enumeration its place asks for.

use std::sync::Arc;

use meed_facts::ratio::Ratio;
use meed_facts::schema::EntityId;
use meed_syntax::ast::{self, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::{Builtin, Language, Phrase};

use super::Lower;
use super::env::{Env, Local};
use super::expr::member;
use super::typed::Typed;
use crate::program::{Base, Dimension, ScopeId, ScopeKind, Type};
use crate::vocabulary::by_name;

/// A record that names are looked up in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner {
    pub(super) scope: ScopeId,
    pub(super) entity: EntityId,
}

impl Lower<'_> {
    /// A bare name.
    pub(super) fn name(&mut self, name: &ast::NameRef, env: &Env, want: Option<&Type>) -> Option<Typed> {
        let text = name.text();
        let span = env.place.at(name.syntax().text_range());
        match env.local(&text) {
            Some(Local::Value(typed)) => return Some(Typed { span, ..typed.clone() }),
            Some(Local::Record { .. }) => {
                self.say(
                    Diagnostic::new(
                        Code::WrongType,
                        span,
                        Message::new(
                            format!("`{text}` is a record, not a value"),
                            format!("“{text}”是记录，不是值"),
                        ),
                    )
                    .help(Message::new(
                        format!("name one of its facts: `{text}.FACT`"),
                        format!("请写其中一项信息：`{text}.信息`"),
                    )),
                );
                return None;
            }
            None => {}
        }
        let owner = Owner {
            scope: env.record,
            entity: env.entity,
        };
        if let Some(value) = self.owned(&text, owner, &[], env, span) {
            return value;
        }
        if let Some(Type::Enumeration(enumeration)) = want {
            let members = &self.schema.enumerations[*enumeration].members;
            let position = members.iter().position(|member| member.is_called(&text));
            if let Some(position) = position.and_then(|position| u16::try_from(position).ok()) {
                let (op, ty) = member(*enumeration, position);
                return Some(self.node(op, ty, env, span));
            }
            let names: Vec<&str> = members.iter().map(|member| &*member.name).collect();
            self.unknown(Code::UnknownMember, &text, span, &names, "member", "成员");
            return None;
        }
        self.unknown_name(&text, env, span);
        None
    }

    /// A name, or a part of a sheet or title: `sheet.group`.
    pub(super) fn path(&mut self, path: &[ast::NameRef], env: &Env) -> Option<Typed> {
        let (first, rest) = path.split_first()?;
        let span = env.place.at(first.syntax().text_range());
        let text = first.text();
        let owner = Owner {
            scope: env.record,
            entity: env.entity,
        };
        match rest {
            [] => match by_name(&self.schema.titles, |title| &title.named, &text) {
                Some(title) if !self.owns(&text, env.entity) => self.criteria(title, owner, env, span),
                _ => self.name(first, env, None),
            },
            [part] if self.names.sheets.has(&text) => self.sheet_part(&text, Some(&part.text()), owner, env, span),
            [part, ..] => {
                let place = env.place.at(part.syntax().text_range());
                self.unknown(Code::UnknownName, &part.text(), place, &[], "part", "部分");
                None
            }
        }
    }

    /// Whether a bare name means something without its place's help.
    pub(super) fn is_known(&self, name: &str, env: &Env) -> bool {
        env.local(name).is_some() || self.owns(name, env.entity)
    }

    /// Whether `name` is a fact of `entity` or a named value of the package.
    pub(super) fn owns(&self, name: &str, entity: EntityId) -> bool {
        self.vocabulary.fact(self.schema, entity, name).is_some() || self.names.has_value(name)
    }

    /// The value called `name` of a record: `None` where it has none, `Some(None)` where it is not understood.
    pub(super) fn owned(
        &mut self,
        name: &str,
        owner: Owner,
        args: &[ast::Arg],
        env: &Env,
        span: Span,
    ) -> Option<Option<Typed>> {
        if let Some(fact) = self.vocabulary.fact(self.schema, owner.entity, name) {
            return Some(self.fact_of(fact, owner, args, env, span));
        }
        let is_known = self.names.has_value(name);
        is_known.then(|| self.named_value(name, owner, args, env, span))
    }

    /// `base.member`, and `base.member(args)`.
    pub(super) fn member_of(
        &mut self,
        access: &ast::Access,
        args: &[ast::Arg],
        env: &Env,
        span: Span,
    ) -> Option<Typed> {
        let member = access.member()?;
        let name = member.text();
        let base = access.base()?;
        if let Expr::NameExpr(sheet) = &base
            && let Some(sheet) = sheet.name()
            && env.local(&sheet.text()).is_none()
            && self.names.sheets.has(&sheet.text())
        {
            let owner = Owner {
                scope: env.record,
                entity: env.entity,
            };
            return self.sheet_part(&sheet.text(), Some(&name), owner, env, span);
        }
        if let Expr::Call(call) = &base {
            return self.member_of_call(call, &member, args, env, span);
        }
        let owner = self.record(&base, env)?;
        if let Some(value) = self.owned(&name, owner, args, env, span) {
            return value;
        }
        let entity = &self.schema.entities[owner.entity];
        let names: Vec<&str> = entity
            .facts
            .iter()
            .map(|fact| &*self.schema.facts[*fact].named.name)
            .collect();
        let place = env.place.at(member.syntax().text_range());
        self.unknown(
            Code::UnknownName,
            &name,
            place,
            &names,
            "fact or definition",
            "信息或定义",
        );
        None
    }

    /// `previous(x).fact`, and `table(keys).outcome`.
    fn member_of_call(
        &mut self,
        call: &ast::Call,
        member: &ast::NameRef,
        args: &[ast::Arg],
        env: &Env,
        span: Span,
    ) -> Option<Typed> {
        let name = call.name()?;
        if name.builtin() == Some(Builtin::Previous) {
            return self.of_previous(call, member, args, env, span);
        }
        let keys: Vec<ast::Arg> = call.arg().collect();
        let table = name.text();
        let outcomes = self.outcomes(&table, env);
        let wanted = member.text();
        match outcomes
            .iter()
            .position(|outcome| *outcome == wanted)
            .and_then(|position| u16::try_from(position).ok())
        {
            Some(outcome) => self.lookup(&table, &keys, outcome, env, span),
            None => {
                let known: Vec<&str> = outcomes.iter().map(String::as_str).collect();
                self.unknown(
                    Code::UnknownName,
                    &wanted,
                    env.place.at(member.syntax().text_range()),
                    &known,
                    "outcome",
                    "结果",
                );
                None
            }
        }
    }

    /// The access without arguments.
    pub(super) fn access(&mut self, access: &ast::Access, env: &Env, span: Span) -> Option<Typed> {
        self.member_of(access, &[], env, span)
    }

    /// The record that an expression means: a variable, `parent`, `applicant`, or a single record held inside one.
    pub(super) fn record(&mut self, expr: &Expr, env: &Env) -> Option<Owner> {
        let span = env.place.at(expr.syntax().text_range());
        match expr {
            Expr::NameExpr(name) => {
                let name = name.name()?;
                if let Some(Local::Record { scope, entity }) = env.local(&name.text()) {
                    return Some(Owner {
                        scope: *scope,
                        entity: *entity,
                    });
                }
                let owner = Owner {
                    scope: env.record,
                    entity: env.entity,
                };
                if let Some(inner) = self.inner(&name.text(), owner, env, span) {
                    return Some(inner);
                }
                self.not_a_record(&name.text(), span)
            }
            Expr::Special(special) if special.which() == Some(Phrase::Applicant) => {
                let ScopeKind::Applicant(entity) = self.builder.scopes[env.root].kind else {
                    return None;
                };
                Some(Owner {
                    scope: env.root,
                    entity,
                })
            }
            Expr::Special(special) if special.which() == Some(Phrase::Parent) => {
                let ScopeKind::Children { owner, .. } = self.builder.scopes[env.record].kind else {
                    return self.not_a_record("parent", span);
                };
                Some(Owner {
                    scope: owner,
                    entity: self.entity_of(owner)?,
                })
            }
            Expr::Access(access) => {
                let owner = self.record(&access.base()?, env)?;
                let name = access.member()?.text();
                match self.inner(&name, owner, env, span) {
                    Some(inner) => Some(inner),
                    None => self.not_a_record(&name, span),
                }
            }
            Expr::Paren(paren) => self.record(&paren.expr()?, env),
            _ => self.not_a_record(expr.syntax().text(), span),
        }
    }

    /// The entity whose record a scope binds.
    pub(super) fn entity_of(&self, scope: ScopeId) -> Option<EntityId> {
        match self.builder.scopes[scope].kind {
            ScopeKind::Applicant(entity) | ScopeKind::Children { entity, .. } | ScopeKind::Inner { entity, .. } => {
                Some(entity)
            }
            ScopeKind::Years { .. } | ScopeKind::Instalments => None,
        }
    }

    fn inner(&mut self, name: &str, owner: Owner, env: &Env, span: Span) -> Option<Owner> {
        let fact = self.vocabulary.fact(self.schema, owner.entity, name)?;
        let meed_facts::schema::FactType::One(entity) = self.schema.facts[fact].ty else {
            return None;
        };
        self.not_closed(fact, env, span);
        let scope = self.builder.scope(
            Some(owner.scope),
            ScopeKind::Inner {
                owner: owner.scope,
                fact,
                entity,
            },
        );
        Some(Owner { scope, entity })
    }

    fn not_a_record<T>(&mut self, name: &str, span: Span) -> Option<T> {
        self.say(Diagnostic::new(
            Code::UnknownName,
            span,
            Message::new(format!("`{name}` is no record here"), format!("“{name}”在此处不是记录")),
        ));
        None
    }

    /// The factor to the base unit, and the base unit.
    pub(super) fn unit(&mut self, name: &str, span: Span) -> Option<(Ratio, Dimension)> {
        if let Some(currency) = meed_facts::money::Currency::parse(name) {
            return Some((Ratio::ONE, Dimension::money(currency)));
        }
        let Some((id, unit)) = self.schema.units.iter().find(|(_, unit)| *unit.name == *name) else {
            let names: Vec<&str> = self
                .schema
                .units
                .iter()
                .map(|(_, unit)| &*unit.name)
                .chain(["CNY"])
                .collect();
            self.unknown(Code::UnknownUnit, name, span, &names, "unit", "单位");
            return None;
        };
        Some((
            unit.factor.clone(),
            Dimension(vec![(Base::Unit(unit.base.unwrap_or(id)), 1)]),
        ))
    }

    /// Says that a name is unknown, with the nearest known one.
    pub(super) fn unknown(&mut self, code: Code, name: &str, span: Span, known: &[&str], en: &str, zh: &str) {
        let finding = crate::near::unknown(code, name, span, known.iter().copied(), (en, zh));
        self.say(finding);
    }

    fn unknown_name(&mut self, name: &str, env: &Env, span: Span) {
        let entity = &self.schema.entities[env.entity];
        let mut known: Vec<Arc<str>> = entity
            .facts
            .iter()
            .map(|fact| self.schema.facts[*fact].named.name.clone())
            .collect();
        known.extend(env.locals.iter().map(|(name, _)| name.clone()));
        known.extend(self.names.value_names());
        let days = [
            Phrase::Today,
            Phrase::Year,
            Phrase::FiscalYear,
            Phrase::Month,
            Phrase::Due,
        ];
        let days = days
            .iter()
            .flat_map(|word| [Language::English, Language::Chinese].map(|language| word.spelling(language)));
        let known: Vec<&str> = known.iter().map(|name| &**name).chain(days).collect();
        self.unknown(Code::UnknownName, name, span, &known, "name", "名称");
    }
}
