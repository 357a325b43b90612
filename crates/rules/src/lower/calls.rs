//! Calls: facts and definitions with arguments, and the functions of the language.

use meed_facts::ratio::{Ratio, Rounding};
use meed_facts::schema::PeriodUnit;
use meed_syntax::ast::{self, Arg, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Builtin;

use super::Lower;
use super::env::{Env, Local};
use super::names::Owner;
use super::typed::{self, Typed};
use crate::program::{Cmp, Dimension, Op, ScopeKind, Type};

impl Lower<'_> {
    /// A call.
    pub(super) fn call(&mut self, call: &ast::Call, env: &Env, span: Span) -> Option<Typed> {
        let args: Vec<Arg> = call.arg().collect();
        if let Some(base) = call.base() {
            return self.member_of(&base, &args, env, span);
        }
        let name = call.name()?;
        let text = name.text();
        let owner = Owner {
            scope: env.record,
            entity: env.entity,
        };
        if let Some(value) = self.owned(&text, owner, &args, env, span) {
            return value;
        }
        let Some(builtin) = name.builtin() else {
            let place = env.place.at(name.syntax().text_range());
            let mut known: Vec<String> = self.names.value_names().map(|name| name.to_string()).collect();
            let facts = &self.schema.entities[env.entity].facts;
            known.extend(facts.iter().map(|fact| self.schema.facts[*fact].named.name.to_string()));
            known.extend(
                [
                    "holds",
                    "newly",
                    "meets",
                    "granted",
                    "gets",
                    "received",
                    "chosen",
                    "applies",
                    "mean_growth",
                    "compound_growth",
                    "previous",
                    "age",
                    "full_years_between",
                    "days_in",
                    "next_working_day",
                    "whole",
                    "year_of",
                    "month_of",
                ]
                .map(String::from),
            );
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            self.unknown(Code::UnknownName, &text, place, &known, "function", "函数");
            return None;
        };
        self.builtin(builtin, &args, env, span)
    }

    fn builtin(&mut self, builtin: Builtin, args: &[Arg], env: &Env, span: Span) -> Option<Typed> {
        match builtin {
            Builtin::Holds | Builtin::Newly | Builtin::Granted => self.title_question(builtin, args, env, span),
            Builtin::Meets => self.meets(args, env, span),
            Builtin::Gets | Builtin::Received => self.award_question(builtin, args, env, span),
            Builtin::Chosen => self.bare_choice(span),
            Builtin::Applies => {
                let [value] = self.args(args, env, span)?;
                Some(self.node(Op::Applies(value.node), Type::Bool, env, span))
            }
            Builtin::MeanGrowth => self.mean_growth(args, env, span),
            Builtin::CompoundGrowth => {
                self.say(
                    Diagnostic::new(
                        Code::NotCallable,
                        span,
                        Message::new(
                            "`compound_growth` is no number: it would need a root",
                            "“复合增长率”不是数：它需要开方",
                        ),
                    )
                    .help(Message::new(
                        "compare it: `compound_growth(f, 2 years to fiscal_year) >= 5%`",
                        "请直接比较，如 `复合增长率(f, 2 年 到 会计年度) >= 5%`",
                    )),
                );
                None
            }
            Builtin::Previous => {
                self.say(
                    Diagnostic::new(
                        Code::WrongType,
                        span,
                        Message::new("a record is no value", "记录不是值"),
                    )
                    .help(Message::new(
                        "name one of its facts: `previous(x).FACT`",
                        "请写其中一项信息：`前一个(x).信息`",
                    )),
                );
                None
            }
            Builtin::Age => self.two_dates(args, env, span, Op::Age, Type::Number(Dimension::NONE)),
            Builtin::FullYearsBetween => {
                self.two_dates(args, env, span, Op::FullYearsBetween, Type::Number(Dimension::NONE))
            }
            Builtin::DaysIn => {
                let [year] = self.expect_args(args, span)?;
                let year = self.period_argument(&year, PeriodUnit::Year, env)?;
                Some(self.node(Op::DaysIn(year.node), Type::Days, env, span))
            }
            Builtin::NextWorkingDay => self.one_date(args, env, span, Op::NextWorkingDay, Type::Date),
            Builtin::YearOf => self.one_date(args, env, span, Op::YearOf, Type::Year),
            Builtin::MonthOf => self.one_date(args, env, span, Op::MonthOf, Type::Month),
            Builtin::Whole => {
                let [value] = self.args(args, env, span)?;
                let Type::Number(_) = &value.ty else {
                    self.say(typed::wrong_type(&value, "number", self.schema));
                    return None;
                };
                Some(self.node(Op::Round(value.node, Rounding::Floor, Ratio::ONE), value.ty, env, span))
            }
        }
    }

    fn expect_args<const N: usize>(&mut self, args: &[Arg], span: Span) -> Option<[Expr; N]> {
        let exprs: Vec<Expr> = args
            .iter()
            .filter(|arg| arg.name().is_none())
            .filter_map(Arg::expr)
            .collect();
        let given = args.len();
        match <[Expr; N]>::try_from(exprs) {
            Ok(exprs) if given == N => Some(exprs),
            _ => {
                self.say(Diagnostic::new(
                    Code::WrongArgumentCount,
                    span,
                    Message::new(
                        format!("{N} arguments are needed, {given} are given"),
                        format!("需要 {N} 个参数，给出了 {given} 个"),
                    ),
                ));
                None
            }
        }
    }

    fn args<const N: usize>(&mut self, args: &[Arg], env: &Env, span: Span) -> Option<[Typed; N]> {
        let exprs: [Expr; N] = self.expect_args(args, span)?;
        let typed: Option<Vec<Typed>> = exprs.iter().map(|expr| self.expr(expr, env, None)).collect();
        <[Typed; N]>::try_from(typed?).ok()
    }

    fn one_date(
        &mut self,
        args: &[Arg],
        env: &Env,
        span: Span,
        op: fn(crate::program::NodeId) -> Op,
        ty: Type,
    ) -> Option<Typed> {
        let [date] = self.expect_args(args, span)?;
        let date = self.expr_of(&date, env, &Type::Date)?;
        Some(self.node(op(date.node), ty, env, span))
    }

    fn two_dates(
        &mut self,
        args: &[Arg],
        env: &Env,
        span: Span,
        op: fn(crate::program::NodeId, crate::program::NodeId) -> Op,
        ty: Type,
    ) -> Option<Typed> {
        let [from, to] = self.expect_args(args, span)?;
        let (from, to) = (
            self.expr_of(&from, env, &Type::Date)?,
            self.expr_of(&to, env, &Type::Date)?,
        );
        Some(self.node(op(from.node, to.node), ty, env, span))
    }

    pub(super) fn named_arg(args: &[Arg], names: [&str; 2]) -> Option<Expr> {
        let arg = args
            .iter()
            .find(|arg| arg.name().is_some_and(|name| names.contains(&name.text().as_str())))?;
        arg.expr()
    }

    /// `previous(x).fact`: the value of the child before `x` in an ordered list.
    pub(super) fn of_previous(
        &mut self,
        call: &ast::Call,
        member: &ast::NameRef,
        args: &[Arg],
        env: &Env,
        span: Span,
    ) -> Option<Typed> {
        let variable = call.arg().next().and_then(|arg| arg.expr());
        let local = match &variable {
            Some(Expr::NameExpr(name)) => name.name().and_then(|name| env.local(&name.text()).cloned()),
            _ => None,
        };
        let ordered = |lower: &Self, scope: crate::program::ScopeId| {
            matches!(
                lower.builder.scopes[scope].kind,
                ScopeKind::Children { by: Some(_), .. }
            )
        };
        let Some(Local::Record { scope, entity }) =
            local.filter(|local| matches!(local, Local::Record { scope, .. } if ordered(self, *scope)))
        else {
            self.say(
                Diagnostic::new(
                    Code::NotOrdered,
                    span,
                    Message::new(
                        "`previous` needs a child of an ordered list",
                        "“前一个”需要有序列表中的记录",
                    ),
                )
                .help(Message::new(
                    "order the list: `for each x in hires by start`",
                    "请给列表排序：`对每个 x 在 hires 按 start`",
                )),
            );
            return None;
        };
        let value = self.owned(&member.text(), Owner { scope, entity }, args, env, span)??;
        Some(self.node(
            Op::Previous {
                over: scope,
                value: value.node,
            },
            value.ty,
            env,
            span,
        ))
    }
}

impl Cmp {
    /// The comparison with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Cmp::Lt => Cmp::Gt,
            Cmp::Le => Cmp::Ge,
            Cmp::Gt => Cmp::Lt,
            Cmp::Ge => Cmp::Le,
            same => same,
        }
    }
}
