//! Questions about titles: held, newly granted, since when, criteria met.

use meed_facts::ratio::Ratio;
use meed_facts::schema::{EntityId, EnumerationId, PeriodUnit, TitleId};
use meed_facts::value::Scalar;
use meed_syntax::ast::{Arg, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Builtin;

use super::Lower;
use super::env::{Env, Period};
use super::expr::year_constant;
use super::names::Owner;
use super::typed::Typed;
use crate::program::{Dimension, LevelTest, Op, Type};
use crate::vocabulary::{by_name, member_of};

impl Lower<'_> {
    pub(super) fn title_question(&mut self, builtin: Builtin, args: &[Arg], env: &Env, span: Span) -> Option<Typed> {
        let (title, owner) = self.title_argument(args, env, span)?;
        let level = self.level_test(title, args, env)?;
        let (op, ty) = match builtin {
            Builtin::Granted => (
                Op::Granted {
                    of: owner.scope,
                    title,
                    level,
                    on: self.today(env, span).node,
                },
                Type::Date,
            ),
            Builtin::Newly => {
                let year = match Self::named_arg(args, ["in", "在"]) {
                    Some(year) => self.period_argument(&year, PeriodUnit::Year, env)?,
                    None => self.year_at_hand(env, span),
                };
                (
                    Op::Newly {
                        of: owner.scope,
                        title,
                        level,
                        year: year.node,
                    },
                    Type::Bool,
                )
            }
            _ => {
                let on = match Self::named_arg(args, ["on", "于"]) {
                    Some(on) => self.expr_of(&on, env, &Type::Date)?,
                    None => self.today(env, span),
                };
                (
                    Op::Holds {
                        of: owner.scope,
                        title,
                        level,
                        on: on.node,
                    },
                    Type::Bool,
                )
            }
        };
        Some(self.node(op, ty, env, span))
    }

    pub(super) fn year_at_hand(&mut self, env: &Env, span: Span) -> Typed {
        let op = match env.period {
            Period::Judged(year) => year_constant(year),
            Period::Instalment(scope) | Period::Judging(scope) => Op::InstalmentYear(scope),
        };
        self.node(op, Type::Year, env, span)
    }

    /// The day on which conditions are judged.
    pub(super) fn today(&mut self, env: &Env, span: Span) -> Typed {
        let op = match env.period {
            Period::Judging(scope) => Op::InstalmentFrom(scope),
            Period::Judged(_) | Period::Instalment(_) => Op::Const(Scalar::Date(self.date)),
        };
        self.node(op, Type::Date, env, span)
    }

    /// The last accounting year that ended before the day on which conditions are judged.
    pub(super) fn fiscal_year(&mut self, env: &Env, span: Span) -> Typed {
        if !matches!(env.period, Period::Judging(_)) {
            return self.node(year_constant(self.date.year().saturating_sub(1)), Type::Year, env, span);
        }
        let year = self.year_at_hand(env, span);
        let one = self.node(
            Op::Const(Scalar::Number(Ratio::ONE)),
            Type::Number(Dimension::NONE),
            env,
            span,
        );
        self.node(Op::Sub(year.node, one.node), Type::Year, env, span)
    }

    /// The title that the first argument names, and whose it is: `holds(t)`, `holds(hire.t)`.
    pub(super) fn title_argument(&mut self, args: &[Arg], env: &Env, span: Span) -> Option<(TitleId, Owner)> {
        let (owner, name) = match args.first().and_then(Arg::expr) {
            Some(Expr::NameExpr(name)) => (None, name.name()?),
            Some(Expr::Access(access)) => (Some(self.record(&access.base()?, env)?), access.member()?),
            _ => {
                self.say(Diagnostic::new(
                    Code::UnknownTitle,
                    span,
                    Message::new("the first argument names a title", "第一个参数须为称号"),
                ));
                return None;
            }
        };
        let text = name.text();
        let Some(title) = by_name(&self.schema.titles, |title| &title.named, &text) else {
            let known: Vec<&str> = self.schema.titles.iter().map(|(_, title)| &*title.named.name).collect();
            self.unknown(
                Code::UnknownTitle,
                &text,
                env.place.at(name.syntax().text_range()),
                &known,
                "title",
                "称号",
            );
            return None;
        };
        let wanted = self.schema.titles[title].entity;
        let owner = owner
            .or_else(|| self.nearest_record(wanted, env))
            .filter(|owner| owner.entity == wanted);
        if owner.is_none() {
            let entity = &self.schema.entities[wanted].named.name;
            self.say(
                Diagnostic::new(
                    Code::WrongType,
                    span,
                    Message::new(
                        format!("`{text}` is a title of {entity}, and there is none here"),
                        format!("“{text}”是{entity}的称号，此处没有{entity}"),
                    ),
                )
                .help(Message::new(
                    format!("name whose it is: `x.{text}`"),
                    format!("请指明持有者：`x.{text}`"),
                )),
            );
        }
        Some((title, owner?))
    }

    /// The record of an entity at hand: the one bare names mean, or one around it.
    pub(super) fn nearest_record(&self, entity: EntityId, env: &Env) -> Option<Owner> {
        let mut scope = Some(env.record);
        while let Some(candidate) = scope {
            if self.entity_of(candidate) == Some(entity) {
                return Some(Owner {
                    scope: candidate,
                    entity,
                });
            }
            scope = self.builder.scopes[candidate].parent;
        }
        None
    }

    pub(super) fn level_test(&mut self, title: TitleId, args: &[Arg], env: &Env) -> Option<LevelTest> {
        if let Some(level) = args.iter().find_map(Arg::level) {
            return self
                .level(title, &level.text(), env.place.at(level.syntax().text_range()))
                .map(LevelTest::AtLeast);
        }
        match Self::named_arg(args, ["level", "级别"]) {
            None => Some(LevelTest::Any),
            Some(Expr::NameExpr(name)) => {
                let name = name.name()?;
                self.level(title, &name.text(), env.place.at(name.syntax().text_range()))
                    .map(LevelTest::Exactly)
            }
            Some(other) => {
                let span = env.place.at(other.syntax().text_range());
                self.say(Diagnostic::new(
                    Code::LevelMissing,
                    span,
                    Message::new("a level is a name", "级别须为名称"),
                ));
                None
            }
        }
    }

    pub(super) fn level(&mut self, title: TitleId, name: &str, span: Span) -> Option<u16> {
        let levels: Option<EnumerationId> = self.schema.titles[title].levels;
        let Some(levels) = levels else {
            let title = &self.schema.titles[title].named.name;
            self.say(Diagnostic::new(
                Code::LevelMissing,
                span,
                Message::new(
                    format!("the title `{title}` has no levels"),
                    format!("称号“{title}”没有级别"),
                ),
            ));
            return None;
        };
        match member_of(name, levels, self.schema) {
            Some(Scalar::Member(level)) => Some(level),
            _ => {
                let known: Vec<&str> = self.schema.enumerations[levels]
                    .members
                    .iter()
                    .map(|member| &*member.name)
                    .collect();
                self.unknown(Code::LevelMissing, name, span, &known, "level", "级别");
                None
            }
        }
    }

    pub(super) fn meets(&mut self, args: &[Arg], env: &Env, span: Span) -> Option<Typed> {
        let (title, owner) = self.title_argument(args, env, span)?;
        self.criteria(title, owner, env, span)
    }
}
