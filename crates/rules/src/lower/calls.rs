//! Calls: facts and definitions with arguments, and the functions of the language.

use meed_facts::ratio::{Ratio, Rounding};
use meed_facts::schema::{EnumerationId, PeriodUnit, TitleId};
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, Arg, AstNode, Expr};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Builtin;

use super::Lower;
use super::env::{Env, Local};
use super::names::Owner;
use super::typed::{self, Typed};
use crate::program::{Cmp, Dimension, LevelTest, Op, ScopeKind, Type};
use crate::vocabulary::{by_name, member_of};

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
        if self.owns(&text, env.entity) {
            return self.value_of(&text, owner, &args, env, span);
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
            Builtin::Chosen => {
                self.say(
                    Diagnostic::new(
                        Code::NotCallable,
                        span,
                        Message::new(
                            "`chosen` is a fact of the applicant, not a value of rules",
                            "“选定”是申请人的信息，不用于规则",
                        ),
                    )
                    .help(Message::new(
                        "an exclusive group reads it by itself",
                        "互斥组会自行读取",
                    )),
                );
                None
            }
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

    // ---- arguments

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

    fn named_arg(args: &[Arg], names: [&str; 2]) -> Option<Expr> {
        let arg = args
            .iter()
            .find(|arg| arg.name().is_some_and(|name| names.contains(&name.text().as_str())))?;
        arg.expr()
    }

    // ---- titles

    fn title_question(&mut self, builtin: Builtin, args: &[Arg], env: &Env, span: Span) -> Option<Typed> {
        let (title, owner) = self.title_argument(args, env, span)?;
        let level = self.level_test(title, args, env)?;
        let (op, ty) = match builtin {
            Builtin::Granted => (
                Op::Granted {
                    of: owner.scope,
                    title,
                    level,
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
                    None => self.node(Op::Const(Scalar::Date(self.date)), Type::Date, env, span),
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

    fn year_at_hand(&mut self, env: &Env, span: Span) -> Typed {
        let op = match env.period {
            super::env::Period::Judged(year) => super::expr::year_constant(year),
            super::env::Period::Instalment(scope) => Op::InstalmentYear(scope),
        };
        self.node(op, Type::Year, env, span)
    }

    /// The title that the first argument names, and whose it is: `holds(t)`, `holds(hire.t)`.
    fn title_argument(&mut self, args: &[Arg], env: &Env, span: Span) -> Option<(TitleId, Owner)> {
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
    fn nearest_record(&self, entity: meed_facts::schema::EntityId, env: &Env) -> Option<Owner> {
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

    fn level_test(&mut self, title: TitleId, args: &[Arg], env: &Env) -> Option<LevelTest> {
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

    fn level(&mut self, title: TitleId, name: &str, span: Span) -> Option<u16> {
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

    fn meets(&mut self, args: &[Arg], env: &Env, span: Span) -> Option<Typed> {
        let (title, owner) = self.title_argument(args, env, span)?;
        self.criteria(title, owner, env, span)
    }

    // ---- awards

    fn award_question(&mut self, builtin: Builtin, args: &[Arg], env: &Env, span: Span) -> Option<Typed> {
        let Some(Expr::NameExpr(name)) = args.first().and_then(Arg::expr) else {
            self.say(Diagnostic::new(
                Code::UnknownMeasure,
                span,
                Message::new("the first argument names a measure", "第一个参数须为措施"),
            ));
            return None;
        };
        let measure = self.measure_named(&name.name()?, &env.place)?;
        if builtin == Builtin::Gets {
            return Some(self.node(Op::Gets(measure), Type::Bool, env, span));
        }
        let year = match Self::named_arg(args, ["in", "在"]) {
            Some(year) => Some(self.period_argument(&year, PeriodUnit::Year, env)?.node),
            None => None,
        };
        let ty = Type::Number(Dimension::money(self.source.info.currency));
        Some(self.node(Op::Received { measure, year }, ty, env, span))
    }

    // ---- growth

    /// `f, n years to y`: the fact's value in the years `y - n` to `y`.
    fn growth_years(&mut self, args: &[Arg], env: &Env, span: Span) -> Option<Vec<Typed>> {
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
        let count = literal
            .number()
            .and_then(|number| number.to_u32())
            .filter(|count| (1..=32).contains(count));
        let Some(count) = count.filter(|_| literal.unit().is_some_and(|unit| unit.name() == ast::UnitName::Years))
        else {
            self.bad_growth(span);
            return None;
        };
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

    fn bad_growth(&mut self, span: Span) {
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
    fn yearly(&mut self, of: &Expr, at: Typed, env: &Env) -> Option<Typed> {
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

    fn mean_growth(&mut self, args: &[Arg], env: &Env, span: Span) -> Option<Typed> {
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

    fn compare_growth(&mut self, cmp: Cmp, args: &[Arg], rate: &Expr, env: &Env, span: Span) -> Option<Typed> {
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

    // ---- children in order

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
        let value = self.value_of(&member.text(), Owner { scope, entity }, args, env, span)?;
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
