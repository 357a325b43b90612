//! Growth over years: the mean of yearly rates is a number, the compound rate can only be compared.

use meed_facts::ratio::Ratio;
use meed_facts::schema::PeriodUnit;
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, Arg, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Builtin;

use super::Lower;
use super::env::Env;
use super::names::Owner;
use super::typed::Typed;
use crate::program::{Cmp, Dimension, Op, Type};

/// Compound growth is compared by powers, whose exponents go so far.
const MOST_YEARS: u32 = 64;

impl Lower<'_> {
    /// `f, n years to y`: the fact's value in the years `y - n` to `y`.
    pub(super) fn growth_years(&mut self, args: &[Arg], env: &Env, span: Span) -> Option<Vec<Typed>> {
        let [fact, window] = args else {
            self.bad_growth(span);
            return None;
        };
        let (Some(years), Some(until)) = (window.expr(), window.until()) else {
            self.bad_growth(span);
            return None;
        };
        let Expr::Literal(literal) = &years else {
            self.bad_growth(span);
            return None;
        };
        let count = literal.number().and_then(|number| number.to_u32());
        let Some(count) = count.filter(|_| literal.unit().is_some_and(|unit| unit.name() == ast::UnitName::Years))
        else {
            self.bad_growth(span);
            return None;
        };
        if !(1..=MOST_YEARS).contains(&count) {
            self.say(Diagnostic::new(
                Code::NotConstant,
                env.place.at(literal.syntax().text_range()),
                Message::new(
                    format!("growth is asked over 1 to {MOST_YEARS} years"),
                    format!("增长率的年数须为 1 至 {MOST_YEARS}"),
                ),
            ));
            return None;
        }
        let last = self.period_argument(&until, PeriodUnit::Year, env)?;
        let mut values = Vec::new();
        for back in (0..=count).rev() {
            let at = if back == 0 {
                last.clone()
            } else {
                let back = self.node(
                    Op::Const(Scalar::Number(Ratio::from_int(i128::from(back)))),
                    Type::Number(Dimension::NONE),
                    env,
                    span,
                );
                self.node(Op::Sub(last.node, back.node), Type::Year, env, span)
            };
            values.push(self.yearly(&fact.expr()?, at, env)?);
        }
        Some(values)
    }

    pub(super) fn bad_growth(&mut self, span: Span) {
        self.say(
            Diagnostic::new(
                Code::WrongArgumentCount,
                span,
                Message::new(
                    "growth is asked of a yearly value over some years",
                    "增长率需要按年的值与若干年",
                ),
            )
            .help(Message::new(
                "`mean_growth(revenue, 2 years to fiscal_year)`",
                "`平均增长率(营业收入, 2 年 到 会计年度)`",
            )),
        );
    }

    /// The value of a yearly fact or of a definition with one parameter, in a year.
    pub(super) fn yearly(&mut self, of: &Expr, at: Typed, env: &Env) -> Option<Typed> {
        let span = env.place.at(of.syntax().text_range());
        let (owner, name) = match of {
            Expr::NameExpr(name) => (
                Owner {
                    scope: env.record,
                    entity: env.entity,
                },
                name.name()?,
            ),
            Expr::Access(access) => (self.record(&access.base()?, env)?, access.member()?),
            _ => {
                self.bad_growth(span);
                return None;
            }
        };
        let text = name.text();
        if let Some(fact) = self.vocabulary.fact(self.schema, owner.entity, &text) {
            return self.fact_in(fact, owner, at, env, span);
        }
        if !self.names.definitions.has(&text) {
            self.unknown(Code::UnknownName, &text, span, &[], "yearly fact", "按年的信息");
            return None;
        }
        self.definition(&text, owner, vec![at], env, span)
    }

    pub(super) fn mean_growth(&mut self, args: &[Arg], env: &Env, span: Span) -> Option<Typed> {
        let values = self.growth_years(args, env, span)?;
        let plain = Type::Number(Dimension::NONE);
        let mut sum: Option<Typed> = None;
        let mut rates: u32 = 0;
        for pair in values.windows(2) {
            let [from, to] = pair else { continue };
            let rate = self.node(
                Op::GrowthRate {
                    from: from.node,
                    to: to.node,
                },
                plain.clone(),
                env,
                span,
            );
            rates = rates.saturating_add(1);
            sum = Some(match sum {
                None => rate,
                Some(sum) => self.node(Op::Add(sum.node, rate.node), plain.clone(), env, span),
            });
        }
        let count = self.node(
            Op::Const(Scalar::Number(Ratio::from_int(i128::from(rates)))),
            plain.clone(),
            env,
            span,
        );
        Some(self.node(Op::Div(sum?.node, count.node), plain, env, span))
    }

    /// `compound_growth(…) >= rate`, either way round; `None` where neither side is one.
    pub(super) fn compound_growth(
        &mut self,
        cmp: Cmp,
        lhs: &Expr,
        rhs: &Expr,
        env: &Env,
        span: Span,
    ) -> Option<Option<Typed>> {
        let is_growth = |expr: &Expr| match expr {
            Expr::Call(call) => call.name().and_then(|name| name.builtin()) == Some(Builtin::CompoundGrowth),
            _ => false,
        };
        let (call, rate, cmp) = match (lhs, rhs) {
            (Expr::Call(call), rate) if is_growth(lhs) => (call, rate, cmp),
            (rate, Expr::Call(call)) if is_growth(rhs) => (call, rate, cmp.mirrored()),
            _ => return None,
        };
        let args: Vec<Arg> = call.arg().collect();
        Some(self.compare_growth(cmp, &args, rate, env, span))
    }

    pub(super) fn compare_growth(
        &mut self,
        cmp: Cmp,
        args: &[Arg],
        rate: &Expr,
        env: &Env,
        span: Span,
    ) -> Option<Typed> {
        let values = self.growth_years(args, env, span)?;
        let rate = self.expr_of(rate, env, &Type::Number(Dimension::NONE))?;
        let years = u8::try_from(values.len().saturating_sub(1)).ok()?;
        let (first, last) = (values.first()?.node, values.last()?.node);
        Some(self.node(
            Op::CompoundGrowth {
                cmp,
                first,
                last,
                years,
                rate: rate.node,
            },
            Type::Bool,
            env,
            span,
        ))
    }
}
