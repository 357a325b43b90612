//! Expressions: from the tree to typed nodes.

use std::sync::Arc;

use meed_facts::ratio::Ratio;
use meed_facts::schema::EnumerationId;
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, AstNode, BinaryOp, Expr, UnaryOp};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::{Language, Phrase};

use super::Lower;
use super::env::{Env, Period};
use super::literals::month_number;
use super::typed::{self, Made, Sign, Typed};
use crate::program::{Cmp, Condition, Dimension, NodeId, Op, OriginId, Type};

impl Lower<'_> {
    /// Lowers an expression; `want` is the type its place suggests, by which members of enumerations are known. Says what is wrong and gives
    /// `None` where it cannot be understood.
    pub(super) fn expr(&mut self, expr: &Expr, env: &Env, want: Option<&Type>) -> Option<Typed> {
        let span = env.place.at(expr.syntax().text_range());
        match expr {
            Expr::Literal(literal) => self.literal(literal, env, span),
            Expr::Special(special) => self.special(special, env, span),
            Expr::NameExpr(name) => self.name(&name.name()?, env, want),
            Expr::Paren(paren) => self.expr(&paren.expr()?, env, want),
            Expr::Unary(unary) => self.unary(unary, env, span),
            Expr::Binary(binary) => self.binary(binary, env, span),
            Expr::PercentOf(percent) => {
                let (share, of) = (
                    self.expr(&percent.lhs()?, env, None)?,
                    self.expr(&percent.rhs()?, env, None)?,
                );
                let made = typed::arithmetic(Sign::Times, &share, &of, self.schema);
                self.made(made, env, span)
            }
            Expr::PerStep(step) => self.per_step(step, env, span),
            Expr::Match(matching) => self.matching(matching, env, span),
            Expr::Call(call) => self.call(call, env, span),
            Expr::Access(access) => self.access(access, env, span),
            Expr::Quantified(quantified) => self.quantified(quantified, env, span),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate, env, span),
            Expr::Any(any) => self.any(any, env, span),
            Expr::Extreme(extreme) => self.extreme(extreme, env, span, want),
            Expr::AllOf(all) => self.list_of(all.conditions()?, env, span, Op::All),
            Expr::AnyOf(any) => self.list_of(any.conditions()?, env, span, Op::Any),
            Expr::NoneOf(none) => self.list_of(none.conditions()?, env, span, Op::NoneOf),
            Expr::AtLeastOf(some) => self.at_least_of(some, env, span),
            Expr::CasesExpr(cases) => self.cases(cases, env, span, want),
            Expr::Unclear(unclear) => self.unclear(unclear, env, span, want),
            Expr::Hole(hole) => self.hole(hole, env, span, want),
            Expr::SetExpr(_) | Expr::Range(_) => {
                self.say(
                    Diagnostic::new(Code::WrongType, span, Message::new("a set is no value", "集合不是值"))
                        .help(Message::new("use it right of `in`", "请用在“在”的右边")),
                );
                None
            }
        }
    }

    /// Lowers an expression that must have a type.
    pub(super) fn expr_of(&mut self, expr: &Expr, env: &Env, ty: &Type) -> Option<Typed> {
        let typed = self.expr(expr, env, Some(ty))?;
        match typed::require(&typed, ty, self.schema) {
            Ok(()) => Some(typed),
            Err(finding) => {
                self.say(*finding);
                None
            }
        }
    }

    /// Lowers a condition.
    pub(super) fn condition(&mut self, expr: &Expr, env: &Env) -> Option<Typed> {
        self.expr_of(expr, env, &Type::Bool)
    }

    /// A list of conditions, all of which must hold.
    pub(super) fn conditions(&mut self, conditions: &ast::Conditions, env: &Env, span: Span) -> Option<Typed> {
        self.list_of(conditions.clone(), env, span, Op::All)
    }

    /// Makes a node of what an operator gave, or says what is wrong.
    pub(super) fn made(&mut self, made: Made, env: &Env, span: Span) -> Option<Typed> {
        match made {
            Ok((op, ty)) => Some(self.node(op, ty, env, span)),
            Err(finding) => {
                self.say(*finding);
                None
            }
        }
    }

    fn list_of(
        &mut self,
        conditions: ast::Conditions,
        env: &Env,
        span: Span,
        op: impl FnOnce(Vec<Condition>) -> Op,
    ) -> Option<Typed> {
        let list = self.condition_list(&conditions, env)?;
        Some(self.node(op(list), Type::Bool, env, span))
    }

    fn condition_list(&mut self, conditions: &ast::Conditions, env: &Env) -> Option<Vec<Condition>> {
        let mut list = Vec::new();
        let mut whole = true;
        for condition in conditions.condition() {
            let label: Option<Arc<str>> = condition.label().map(|label| label.text().into());
            let span = env.place.at(condition.syntax().text_range());
            match self.one_condition(&condition, label.as_ref(), span, env) {
                Some((node, origin)) => list.push(Condition { label, node, origin }),
                None => whole = false,
            }
        }
        whole.then_some(list)
    }

    /// A condition of a list; an amendment with its label stands in its place.
    fn one_condition(
        &mut self,
        condition: &ast::Condition,
        label: Option<&Arc<str>>,
        span: Span,
        env: &Env,
    ) -> Option<(NodeId, OriginId)> {
        let amendment = env
            .amended
            .iter()
            .rev()
            .find(|(name, _, _)| Some(name) == label)
            .cloned();
        if let Some((_, expr, place)) = amendment {
            let inside = Env {
                place: place.clone(),
                ..env.clone()
            };
            let node = self.condition(&expr, &inside)?.node;
            let span = place.at(expr.syntax().text_range());
            return Some((node, self.origin(&inside, span)));
        }
        let node = self.condition(&condition.expr()?, env)?.node;
        Some((node, self.origin(env, span)))
    }

    fn at_least_of(&mut self, some: &ast::AtLeastOf, env: &Env, span: Span) -> Option<Typed> {
        let count = self.whole_number(&some.count()?, env)?;
        let list = self.condition_list(&some.conditions()?, env)?;
        Some(self.node(Op::AtLeast(count, list), Type::Bool, env, span))
    }

    fn special(&mut self, special: &ast::Special, env: &Env, span: Span) -> Option<Typed> {
        let (op, ty) = match (special.which()?, env.period) {
            (Phrase::Today, _) => return Some(self.today(env, span)),
            (Phrase::Year, _) => return Some(self.year_at_hand(env, span)),
            (Phrase::FiscalYear, _) => return Some(self.fiscal_year(env, span)),
            (Phrase::Month, Period::Judged(_)) => (
                Op::Const(month_number(self.date.year(), self.date.month())),
                Type::Month,
            ),
            (Phrase::Month, Period::Instalment(scope) | Period::Judging(scope)) => {
                (Op::InstalmentMonth(scope), Type::Month)
            }
            (Phrase::Due, Period::Instalment(scope) | Period::Judging(scope)) => (Op::InstalmentDue(scope), Type::Date),
            (Phrase::Due, Period::Judged(_)) => (Op::Const(Scalar::Date(self.date)), Type::Date),
            (Phrase::Base, _) => {
                if let Some(base) = &env.base {
                    return Some(base.clone());
                }
                self.say(Diagnostic::new(
                    Code::UnknownName,
                    span,
                    Message::new(
                        "`base` means something only inside an exception",
                        "“原值”只能用在例外中",
                    ),
                ));
                return None;
            }
            _ => {
                self.say(
                    Diagnostic::new(
                        Code::WrongType,
                        span,
                        Message::new("a record is no value", "记录不是值"),
                    )
                    .help(Message::new(
                        "name one of its facts: `parent.FACT`",
                        "请写其中一项信息，如 `上级.信息`",
                    )),
                );
                return None;
            }
        };
        Some(self.node(op, ty, env, span))
    }

    fn unary(&mut self, unary: &ast::Unary, env: &Env, span: Span) -> Option<Typed> {
        let inner = unary.expr()?;
        if unary.op()? == UnaryOp::Not {
            let typed = self.condition(&inner, env)?;
            return Some(self.node(Op::Not(typed.node), Type::Bool, env, span));
        }
        let typed = self.expr(&inner, env, None)?;
        match typed.ty {
            Type::Number(_) | Type::Months | Type::Days => Some(self.node(Op::Neg(typed.node), typed.ty, env, span)),
            _ => {
                self.say(typed::wrong_type(&typed, "number", self.schema));
                None
            }
        }
    }

    fn binary(&mut self, binary: &ast::Binary, env: &Env, span: Span) -> Option<Typed> {
        let (lhs, rhs) = (binary.lhs()?, binary.rhs()?);
        let cmp = match binary.op()? {
            op @ (BinaryOp::And | BinaryOp::Or) => {
                let mut list = Vec::new();
                self.chain(&lhs, op, env, &mut list);
                self.chain(&rhs, op, env, &mut list);
                let list: Option<Vec<_>> = list.into_iter().collect();
                let made = if op == BinaryOp::And {
                    Op::All(list?)
                } else {
                    Op::Any(list?)
                };
                return Some(self.node(made, Type::Bool, env, span));
            }
            BinaryOp::Add => return self.arithmetic(Sign::Plus, &lhs, &rhs, env, span),
            BinaryOp::Subtract => return self.arithmetic(Sign::Minus, &lhs, &rhs, env, span),
            BinaryOp::Multiply => return self.arithmetic(Sign::Times, &lhs, &rhs, env, span),
            BinaryOp::Divide => return self.arithmetic(Sign::Over, &lhs, &rhs, env, span),
            BinaryOp::Power => return self.power(&lhs, &rhs, env, span),
            BinaryOp::In => return self.membership(&lhs, &rhs, env, span),
            BinaryOp::NotIn => {
                let inside = self.membership(&lhs, &rhs, env, span)?;
                return Some(self.node(Op::Not(inside.node), Type::Bool, env, span));
            }
            BinaryOp::Within => return self.within(&lhs, &rhs, env, span),
            BinaryOp::Less => Cmp::Lt,
            BinaryOp::LessOrEqual | BinaryOp::AtMost => Cmp::Le,
            BinaryOp::Greater => Cmp::Gt,
            BinaryOp::GreaterOrEqual | BinaryOp::AtLeast => Cmp::Ge,
            BinaryOp::Equal => Cmp::Eq,
            BinaryOp::NotEqual => Cmp::Ne,
        };
        if let Some(growth) = self.compound_growth(cmp, &lhs, &rhs, env, span) {
            return growth;
        }
        if let Some(choice) = self.choice(cmp, &lhs, &rhs, env, span) {
            return choice;
        }
        let (a, b) = self.pair(&lhs, &rhs, env)?;
        let made = typed::compare(cmp, &a, &b, self.schema);
        self.made(made, env, span)
    }

    /// `a and b and c` is one list of conditions.
    fn chain(&mut self, expr: &Expr, op: BinaryOp, env: &Env, list: &mut Vec<Option<Condition>>) {
        if let Expr::Binary(binary) = expr
            && binary.op() == Some(op)
            && let (Some(lhs), Some(rhs)) = (binary.lhs(), binary.rhs())
        {
            self.chain(&lhs, op, env, list);
            self.chain(&rhs, op, env, list);
            return;
        }
        let typed = self.condition(expr, env);
        let origin = self.origin(env, env.place.at(expr.syntax().text_range()));
        list.push(typed.map(|typed| Condition {
            label: None,
            node: typed.node,
            origin,
        }));
    }

    fn arithmetic(&mut self, sign: Sign, lhs: &Expr, rhs: &Expr, env: &Env, span: Span) -> Option<Typed> {
        let (a, b) = (self.expr(lhs, env, None), self.expr(rhs, env, None));
        let made = typed::arithmetic(sign, &a?, &b?, self.schema);
        self.made(made, env, span)
    }

    /// Two operands of one type: the one that is a bare member of an enumeration takes its type from the other.
    fn pair(&mut self, lhs: &Expr, rhs: &Expr, env: &Env) -> Option<(Typed, Typed)> {
        if self.is_bare_member(lhs, env) {
            let b = self.expr(rhs, env, None)?;
            let a = self.expr(lhs, env, Some(&b.ty))?;
            return Some((a, b));
        }
        let a = self.expr(lhs, env, None);
        let b = match &a {
            Some(a) => self.expr(rhs, env, Some(&a.ty)),
            None if self.is_bare_member(rhs, env) => None,
            None => self.expr(rhs, env, None),
        };
        Some((a?, b?))
    }

    fn is_bare_member(&self, expr: &Expr, env: &Env) -> bool {
        match expr {
            Expr::NameExpr(name) => name.name().is_some_and(|name| !self.is_known(&name.text(), env)),
            Expr::Paren(paren) => paren.expr().is_some_and(|inner| self.is_bare_member(&inner, env)),
            _ => false,
        }
    }

    fn power(&mut self, lhs: &Expr, rhs: &Expr, env: &Env, span: Span) -> Option<Typed> {
        let base = self.expr(lhs, env, None)?;
        let exponent = match rhs {
            Expr::Literal(literal) => literal
                .number()
                .and_then(|number| number.value())
                .and_then(|value| value.to_i128()),
            _ => None,
        };
        let Some(exponent) = exponent
            .and_then(|value| u8::try_from(value).ok())
            .filter(|value| *value <= 64)
        else {
            self.say(Diagnostic::new(
                Code::NotConstant,
                env.place.at(rhs.syntax().text_range()),
                Message::new("an exponent is a whole number from 0 to 64", "指数须为 0 至 64 的整数"),
            ));
            return None;
        };
        let Type::Number(unit) = &base.ty else {
            self.say(typed::wrong_type(&base, "number", self.schema));
            return None;
        };
        let unit = super::units::power(unit, exponent)?;
        Some(self.node(Op::Pow(base.node, exponent), Type::Number(unit), env, span))
    }

    fn membership(&mut self, lhs: &Expr, rhs: &Expr, env: &Env, span: Span) -> Option<Typed> {
        let value = self.expr(lhs, env, None)?;
        match rhs {
            Expr::SetExpr(set) => {
                let members: Vec<_> = set.expr().map(|member| self.expr_of(&member, env, &value.ty)).collect();
                let members: Option<Vec<_>> = members.into_iter().collect();
                let members = members?.into_iter().map(|member| member.node).collect();
                Some(self.node(Op::In(value.node, members), Type::Bool, env, span))
            }
            Expr::Range(range) => self.in_range(&value, range, env, span),
            Expr::NameExpr(name) => {
                let set = self.set_parameter(&name.name()?, env, &value.ty)?;
                Some(self.node(Op::In(value.node, set), Type::Bool, env, span))
            }
            other => {
                self.say(Diagnostic::new(
                    Code::WrongType,
                    env.place.at(other.syntax().text_range()),
                    Message::new(
                        "a set `{ a, b }`, a range `a .. b` or a parameter that is a set is needed here",
                        "此处需要集合 `{ a, b }`、区间 `a .. b` 或集合参数",
                    ),
                ));
                None
            }
        }
    }

    fn in_range(&mut self, value: &Typed, range: &ast::Range, env: &Env, span: Span) -> Option<Typed> {
        let mut list = Vec::new();
        let ends = [
            (range.low(), if range.is_low_closed() { Cmp::Ge } else { Cmp::Gt }),
            (range.high(), if range.is_high_closed() { Cmp::Le } else { Cmp::Lt }),
        ];
        for (end, cmp) in ends {
            let Some(end) = end else { continue };
            let end = self.expr_of(&end, env, &value.ty)?;
            let made = typed::compare(cmp, value, &end, self.schema);
            let made = self.made(made, env, span)?;
            let origin = self.origin(env, span);
            list.push(Condition {
                label: None,
                node: made.node,
                origin,
            });
        }
        Some(self.node(Op::All(list), Type::Bool, env, span))
    }

    fn per_step(&mut self, step: &ast::PerStep, env: &Env, span: Span) -> Option<Typed> {
        let amount = self.expr(&step.lhs()?, env, None)?;
        let size = self.expr(&step.step()?, env, None)?;
        let base = self.expr(&step.base()?, env, None)?;
        let made = typed::arithmetic(Sign::Over, &base, &size, self.schema);
        let mut steps = self.made(made, env, span)?;
        if steps.ty != Type::Number(Dimension::NONE) {
            self.say(typed::wrong_type(
                &base,
                &typed::show(&size.ty, self.schema),
                self.schema,
            ));
            return None;
        }
        if step.is_full() {
            let whole = Op::Round(steps.node, meed_facts::ratio::Rounding::Floor, Ratio::ONE);
            steps = self.node(whole, steps.ty, env, span);
        }
        let steps = self.node(Op::NotBelowZero(steps.node), steps.ty, env, span);
        let made = typed::arithmetic(Sign::Times, &amount, &steps, self.schema);
        self.made(made, env, span)
    }

    fn matching(&mut self, matching: &ast::Match, env: &Env, span: Span) -> Option<Typed> {
        let upper = self.expr(&matching.expr()?, env, None)?;
        let value = |number: Option<ast::Number>| number.and_then(|number| number.value());
        let (left, right) = (value(matching.left())?, value(matching.right())?);
        let Some(rate) = right.checked_div(&left) else {
            self.say(Diagnostic::new(
                Code::BadNumber,
                span,
                Message::new("a match begins with a number above 0", "配套比例的前项须大于 0"),
            ));
            return None;
        };
        let rate = self.node(
            Op::Const(Scalar::Number(rate)),
            Type::Number(Dimension::NONE),
            env,
            span,
        );
        let made = typed::arithmetic(Sign::Times, &upper, &rate, self.schema);
        self.made(made, env, span)
    }

    fn extreme(&mut self, extreme: &ast::Extreme, env: &Env, span: Span, want: Option<&Type>) -> Option<Typed> {
        let mut members: Vec<Typed> = Vec::new();
        for expr in extreme.expr() {
            let first = members.first().map(|first| first.ty.clone());
            let member = match &first {
                Some(ty) => self.expr_of(&expr, env, ty)?,
                None => self.expr(&expr, env, want)?,
            };
            members.push(member);
        }
        let first = members.first()?;
        let function = extreme.function()?;
        if let Err(finding) = typed::ordered(function.spelling(Language::English), first, self.schema) {
            self.say(*finding);
            return None;
        }
        let ty = first.ty.clone();
        let nodes = members.iter().map(|member| member.node).collect();
        let op = if function == Phrase::HighestOf {
            Op::Max(nodes)
        } else {
            Op::Min(nodes)
        };
        Some(self.node(op, ty, env, span))
    }

    fn cases(&mut self, cases: &ast::CasesExpr, env: &Env, span: Span, want: Option<&Type>) -> Option<Typed> {
        let mut rows = Vec::new();
        let mut otherwise = None;
        let mut ty: Option<Type> = want.cloned();
        let mut whole = true;
        for row in cases.row() {
            let guard = row.guard().map(|guard| self.condition(&guard, env));
            let value = row.value().and_then(|value| match &ty {
                Some(ty) => self.expr_of(&value, env, ty),
                None => self.expr(&value, env, None),
            });
            let Some(value) = value else {
                whole = false;
                continue;
            };
            ty.get_or_insert_with(|| value.ty.clone());
            match guard {
                Some(Some(guard)) => rows.push((guard.node, value.node)),
                Some(None) => whole = false,
                None => otherwise = Some(value.node),
            }
        }
        let ty = ty.filter(|_| whole)?;
        Some(self.node(Op::Cases { rows, otherwise }, ty, env, span))
    }

    fn unclear(&mut self, unclear: &ast::Unclear, env: &Env, span: Span, want: Option<&Type>) -> Option<Typed> {
        let mut ty: Option<Type> = want.cloned();
        let mut readings = Vec::new();
        for reading in unclear.reading() {
            let expr = reading.expr()?;
            let value = match &ty {
                Some(ty) => self.expr_of(&expr, env, ty)?,
                None => self.expr(&expr, env, None)?,
            };
            ty.get_or_insert_with(|| value.ty.clone());
            let label = reading
                .label()
                .map_or_else(|| Arc::from(""), |label| Arc::from(label.text()));
            readings.push((label, value.node));
        }
        Some(self.node(Op::Unclear(readings), ty?, env, span))
    }

    /// A hole of the type its place suggests.
    pub(super) fn hole(&mut self, hole: &ast::Hole, env: &Env, span: Span, want: Option<&Type>) -> Option<Typed> {
        let ends = match (hole.low(), hole.high()) {
            (Some(low), Some(high)) => {
                let low = self.expr(&low, env, want)?;
                let high = self.expr_of(&high, env, &low.ty)?;
                Some((low, high))
            }
            _ => None,
        };
        let Some(ty) = ends.as_ref().map(|(low, _)| low.ty.clone()).or_else(|| want.cloned()) else {
            self.say(
                Diagnostic::new(
                    Code::WrongType,
                    span,
                    Message::new(
                        "nothing here tells what kind of value is missing",
                        "无法判断缺失的是何种值",
                    ),
                )
                .help(Message::new(
                    "give bounds: `text missing between A and B`",
                    "请给出范围：`文本缺失 介于 A 且 B`",
                )),
            );
            return None;
        };
        self.holes.push(span);
        let op = Op::Hole(ends.map(|(low, high)| (low.node, high.node)));
        Some(self.node(op, ty, env, span))
    }

    /// A node at a place.
    pub(super) fn node(&mut self, op: Op, ty: Type, env: &Env, span: Span) -> Typed {
        if op.is_of_its_place() {
            self.reads_once();
        }
        let node = match self.builder.find(&op, &ty, env.root) {
            Ok(known) => known,
            Err(vacancy) => {
                let origin = self.origin(env, span);
                self.builder.add(vacancy, op, ty.clone(), origin)
            }
        };
        Typed { node, ty, span }
    }
}

/// The constant of a member of an enumeration.
pub(super) fn member(enumeration: EnumerationId, position: u16) -> (Op, Type) {
    (Op::Const(Scalar::Member(position)), Type::Enumeration(enumeration))
}

/// The constant of a calendar year.
pub(super) fn year_constant(year: i16) -> Op {
    Op::Const(Scalar::Number(Ratio::from_int(i128::from(year))))
}
