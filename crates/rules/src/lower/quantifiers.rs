//! Over children and over years: one operator on a scope.

use std::sync::Arc;

use meed_facts::schema::FactType;
use meed_syntax::ast::{self, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Phrase;

use super::Lower;
use super::env::{Env, Local};
use super::names::Owner;
use super::typed::{self, Typed};
use crate::program::{Aggregate, Dimension, Op, ScopeId, ScopeKind, Type};

impl Lower<'_> {
    /// `expr for each x in list where filter`, and `for any`.
    pub(super) fn quantified(&mut self, quantified: &ast::Quantified, env: &Env, span: Span) -> Option<Typed> {
        let (scope, inside) = self.bind(&quantified.source()?, quantified.var(), env)?;
        let value = self.condition(&quantified.expr()?, &inside)?;
        let filter = self.filter(quantified.filter(), &inside)?;
        let kind = if quantified.is_each() {
            Aggregate::Each
        } else {
            Aggregate::Any
        };
        Some(self.node(
            Op::Aggregate {
                kind,
                over: scope,
                filter,
                value: Some(value.node),
            },
            Type::Bool,
            env,
            span,
        ))
    }

    /// `any x in list where filter`.
    pub(super) fn any(&mut self, any: &ast::Any, env: &Env, span: Span) -> Option<Typed> {
        let (scope, inside) = self.bind(&any.source()?, any.var(), env)?;
        let value = match any.filter() {
            Some(filter) => self.condition(&filter, &inside)?,
            None => self.node(Op::Const(meed_facts::value::Scalar::Bool(true)), Type::Bool, env, span),
        };
        Some(self.node(
            Op::Aggregate {
                kind: Aggregate::Any,
                over: scope,
                filter: None,
                value: Some(value.node),
            },
            Type::Bool,
            env,
            span,
        ))
    }

    /// `sum of`, `average of`, `highest of`, `lowest of`, `count of`, `count of distinct`.
    pub(super) fn aggregate(&mut self, aggregate: &ast::Aggregate, env: &Env, span: Span) -> Option<Typed> {
        let (scope, inside) = self.bind(&aggregate.source()?, aggregate.var(), env)?;
        let filter = self.filter(aggregate.filter(), &inside)?;
        let kind = match aggregate.function()? {
            Phrase::SumOf => Aggregate::Sum,
            Phrase::AverageOf => Aggregate::Average,
            Phrase::HighestOf => Aggregate::Highest,
            Phrase::LowestOf => Aggregate::Lowest,
            Phrase::CountOfDistinct => Aggregate::CountDistinct,
            _ => Aggregate::Count,
        };
        if kind == Aggregate::Count {
            let ty = Type::Number(Dimension::NONE);
            return Some(self.node(
                Op::Aggregate {
                    kind,
                    over: scope,
                    filter,
                    value: None,
                },
                ty,
                env,
                span,
            ));
        }
        let value = self.expr(&aggregate.expr()?, &inside, None)?;
        let fits = match kind {
            Aggregate::CountDistinct => true,
            Aggregate::Highest | Aggregate::Lowest => {
                !matches!(value.ty, Type::Bool | Type::Text | Type::Identifier(_))
            }
            Aggregate::Sum => matches!(value.ty, Type::Number(_) | Type::Months | Type::Days),
            _ => matches!(value.ty, Type::Number(_)),
        };
        if !fits {
            self.say(typed::wrong_type(&value, "number", self.schema));
            return None;
        }
        let ty = if kind == Aggregate::CountDistinct {
            Type::Number(Dimension::NONE)
        } else {
            value.ty.clone()
        };
        Some(self.node(
            Op::Aggregate {
                kind,
                over: scope,
                filter,
                value: Some(value.node),
            },
            ty,
            env,
            span,
        ))
    }

    fn filter(&mut self, filter: Option<Expr>, env: &Env) -> Option<Option<crate::program::NodeId>> {
        match filter {
            Some(filter) => Some(Some(self.condition(&filter, env)?.node)),
            None => Some(None),
        }
    }

    /// The scope of a source, and the environment inside it.
    fn bind(&mut self, source: &ast::Source, var: Option<ast::Name>, env: &Env) -> Option<(ScopeId, Env)> {
        let name: Arc<str> = var?.text().into();
        if let Some(count) = source.count() {
            return self.bind_years(source, &count, name, env);
        }
        let (scope, entity) = self.children(&source.list()?, source.key(), env)?;
        let inside = Env {
            scope,
            ..env.with(name, Local::Record { scope, entity })
        };
        Some((scope, inside))
    }

    fn bind_years(
        &mut self,
        source: &ast::Source,
        count: &ast::Number,
        name: Arc<str>,
        env: &Env,
    ) -> Option<(ScopeId, Env)> {
        let span = env.place.at(source.syntax().text_range());
        let count = self.whole_number(count, env)?;
        let to = match source.end() {
            Some(end) => self.period_argument(&end, meed_facts::schema::PeriodUnit::Year, env)?,
            None => self.fiscal_year(env, span),
        };
        let since = match source.since() {
            Some(since) => Some(self.expr_of(&since, env, &Type::Date)?.node),
            None => None,
        };
        let scope = self.builder.scope(
            Some(env.scope),
            ScopeKind::Years {
                count,
                to: to.node,
                since,
            },
        );
        let year = self.node(Op::BoundYear(scope), Type::Year, env, span);
        let inside = Env {
            scope,
            ..env.with(name, Local::Value(year))
        };
        Some((scope, inside))
    }

    /// The scope of a list of children.
    pub(super) fn children(
        &mut self,
        list: &Expr,
        by: Option<ast::NameRef>,
        env: &Env,
    ) -> Option<(ScopeId, meed_facts::schema::EntityId)> {
        let span = env.place.at(list.syntax().text_range());
        let (owner, name) = match list {
            Expr::NameExpr(name) => (
                Owner {
                    scope: env.record,
                    entity: env.entity,
                },
                name.name()?,
            ),
            Expr::Access(access) => (self.record(&access.base()?, env)?, access.member()?),
            _ => return self.not_a_list(list.syntax().text(), span),
        };
        let text = name.text();
        let Some(fact) = self.vocabulary.fact(self.schema, owner.entity, &text) else {
            let entity = &self.schema.entities[owner.entity];
            let names: Vec<&str> = entity
                .facts
                .iter()
                .map(|fact| &*self.schema.facts[*fact].named.name)
                .collect();
            self.unknown(Code::UnknownName, &text, span, &names, "list", "列表");
            return None;
        };
        let FactType::Many(entity) = self.schema.facts[fact].ty else {
            return self.not_a_list(&text, span);
        };
        self.not_closed(fact, env, span);
        let by = match by {
            None => None,
            Some(by) => {
                let known = self.vocabulary.fact(self.schema, entity, &by.text());
                if known.is_none() {
                    let facts = &self.schema.entities[entity].facts;
                    let names: Vec<&str> = facts.iter().map(|fact| &*self.schema.facts[*fact].named.name).collect();
                    self.unknown(
                        Code::UnknownName,
                        &by.text(),
                        env.place.at(by.syntax().text_range()),
                        &names,
                        "fact",
                        "信息",
                    );
                }
                Some(known?)
            }
        };
        let scope = self.builder.scope(
            Some(env.scope),
            ScopeKind::Children {
                owner: owner.scope,
                list: fact,
                entity,
                by,
            },
        );
        Some((scope, entity))
    }

    fn not_a_list<T>(&mut self, name: &str, span: Span) -> Option<T> {
        self.say(
            Diagnostic::new(
                Code::NotAList,
                span,
                Message::new(
                    format!("`{name}` is no list of records"),
                    format!("“{name}”不是记录列表"),
                ),
            )
            .help(Message::new(
                "a fact of type `many ENTITY` is needed",
                "需要类型为 `多个 主体` 的信息",
            )),
        );
        None
    }

    /// A small whole number of the text.
    pub(super) fn whole_number(&mut self, number: &ast::Number, env: &Env) -> Option<u32> {
        let value = number.to_u32().filter(|value| (1..=1000).contains(value));
        if value.is_none() {
            self.say(Diagnostic::new(
                Code::LiteralOutOfRange,
                env.place.at(number.syntax().text_range()),
                Message::new(
                    "a whole number from 1 to 1000 is needed here",
                    "此处须为 1 至 1000 的整数",
                ),
            ));
        }
        value
    }
}
