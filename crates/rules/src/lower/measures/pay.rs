//! What is paid, and whether it is certainly a whole number of the smallest unit.

use meed_facts::ratio::{Ratio, Rounding};
use meed_facts::schema::FactType;
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};
use meed_syntax::phrases::Phrase;

use crate::lower::Lower;
use crate::lower::env::Env;
use crate::program::{Aggregate, Assessed, Dimension, NodeId, Op, Pay, Type};

impl Lower<'_> {
    pub(in crate::lower) fn money(&self) -> Type {
        Type::Number(Dimension::money(self.source.info.currency))
    }

    pub(in crate::lower) fn pay(&mut self, pay: &ast::Pay, env: &Env) -> Option<Pay> {
        let money = self.money();
        let optional = |lower: &mut Self, expr: Option<ast::Expr>| match expr {
            Some(expr) => lower.expr_of(&expr, env, &money).map(|typed| Some(typed.node)),
            None => Some(None),
        };
        let amount = match pay.assessed() {
            Some(assessed) => optional(self, assessed.ceiling())?,
            None => optional(self, Some(pay.amount()?))?,
        };
        let floor = optional(self, pay.floor())?;
        let cap = optional(self, pay.cap())?;
        let rounding = match pay.rounding() {
            None => None,
            Some(rounding) => Some((mode(rounding.mode()?)?, self.rounding_step(&rounding.step()?, env)?)),
        };
        let assessed = match pay.assessed() {
            None => None,
            Some(assessed) => Some(Assessed {
                by: match assessed.agency() {
                    Some(agency) => Some(self.agency(&agency, &env.place)?),
                    None => None,
                },
            }),
        };
        let made = Pay {
            amount,
            assessed,
            floor,
            cap,
            rounding,
            origin: self.origin_of(&env.place, env.place.at(pay.syntax().text_range())),
        };
        self.check_whole(&made, pay, env);
        Some(made)
    }

    /// A constant step, itself a whole number of the smallest unit, so that whatever is rounded to it is one.
    fn rounding_step(&mut self, step: &ast::Expr, env: &Env) -> Option<Ratio> {
        let currency = self.source.info.currency;
        let span = env.place.at(step.syntax().text_range());
        let finding = match self.constant_of(step, &self.money(), env) {
            Some(Scalar::Number(value)) if value.signum() > 0 => {
                if (&value * &Ratio::from_int(currency.units())).is_integer() {
                    return Some(value);
                }
                Diagnostic::new(
                    Code::MissingRounding,
                    span,
                    Message::new(
                        format!("a multiple of {value} is not always a whole number of the smallest unit"),
                        format!("{value} 的倍数不一定是最小货币单位的整数倍"),
                    ),
                )
                .help(Message::new(
                    "round to a step of whole fen: `0.01 CNY` or more",
                    "取整单位须为整分，例如 `0.01 元` 或更大",
                ))
            }
            _ => Diagnostic::new(
                Code::NotConstant,
                span,
                Message::new("a rounding step is an amount above 0", "取整单位须为大于 0 的金额"),
            ),
        };
        self.say(finding);
        None
    }

    /// A payment must be a whole number of the currency's smallest unit: where that cannot be shown, rounding is demanded.
    pub(in crate::lower) fn check_whole(&mut self, made: &Pay, pay: &ast::Pay, env: &Env) {
        if made.rounding.is_some() || made.assessed.is_some() {
            return;
        }
        let amounts = [made.amount, made.floor, made.cap];
        if amounts.into_iter().flatten().all(|node| self.is_whole(node)) {
            return;
        }
        let span = env.place.at(pay.syntax().text_range());
        self.say(
            Diagnostic::new(Code::MissingRounding, span, Code::MissingRounding)
                .why(Message::new(
                    "money is paid in whole fen, and how parts are rounded is for the rule to say",
                    "付款以分为单位，如何取整应由规则写明",
                ))
                .help(Message::new(
                    "add `, rounded down to 1 CNY` (or the rule's own way)",
                    "请补充 `, 取整 向下 到 1 元`（或条文规定的方式）",
                )),
        );
    }

    /// Whether a node's value is certainly a whole number of the smallest unit.
    pub(in crate::lower) fn is_whole(&self, node: NodeId) -> bool {
        let currency = self.source.info.currency;
        let whole_number = |value: &Ratio| (value * &Ratio::from_int(currency.units())).is_integer();
        match &self.builder.nodes[node].op {
            Op::Const(Scalar::Number(value)) => whole_number(value),
            Op::Fact { .. } | Op::FactAt { .. } | Op::Received { .. } => {
                matches!(&self.builder.nodes[node].ty, Type::Number(unit) if unit.currency().is_some())
            }
            Op::Hole(_) => true,
            Op::Named { body, .. } => self.is_whole(*body),
            Op::Add(a, b) | Op::Sub(a, b) => self.is_whole(*a) && self.is_whole(*b),
            Op::Mul(a, b) => {
                (self.is_whole(*a) && self.is_integer(*b))
                    || (self.is_whole(*b) && self.is_integer(*a))
                    || self.product_is_whole(*a, *b)
            }
            Op::Neg(a) => self.is_whole(*a),
            Op::Max(list) | Op::Min(list) => list.iter().all(|node| self.is_whole(*node)),
            Op::Round(_, _, step) => whole_number(step),
            Op::Cases { rows, otherwise } => rows
                .iter()
                .map(|(_, value)| value)
                .chain(otherwise)
                .all(|node| self.is_whole(*node)),
            Op::Choose { arms, otherwise } => arms
                .iter()
                .map(|arm| &arm.value)
                .chain(otherwise)
                .all(|node| self.is_whole(*node)),
            Op::Unclear(readings) => readings.iter().all(|(_, node)| self.is_whole(*node)),
            Op::Versions { branches, .. } => branches.iter().all(|(_, node)| self.is_whole(*node)),
            Op::Lookup { table, outcome, .. } => {
                let table = &self.tables[*table];
                table
                    .rows
                    .iter()
                    .filter_map(|row| row.outcomes.get(usize::from(*outcome)))
                    .all(|node| self.is_whole(*node))
            }
            Op::Aggregate {
                value: Some(value),
                kind,
                ..
            } => *kind != Aggregate::Average && self.is_whole(*value),
            _ => false,
        }
    }

    pub(in crate::lower) fn product_is_whole(&self, a: NodeId, b: NodeId) -> bool {
        match (self.folded(a), self.folded(b)) {
            (Some(Scalar::Number(a)), Some(Scalar::Number(b))) => {
                let units = Ratio::from_int(self.source.info.currency.units());
                (&(&a * &b) * &units).is_integer()
            }
            _ => false,
        }
    }

    /// Whether a plain number is certainly whole.
    pub(in crate::lower) fn is_integer(&self, node: NodeId) -> bool {
        match &self.builder.nodes[node].op {
            Op::Const(Scalar::Number(value)) => value.is_integer(),
            Op::Fact { fact, .. } | Op::FactAt { fact, .. } => self.schema.facts[*fact].ty == FactType::Count,
            Op::Named { body: inner, .. } | Op::NotBelowZero(inner) => self.is_integer(*inner),
            Op::Add(a, b) | Op::Sub(a, b) | Op::Mul(a, b) => self.is_integer(*a) && self.is_integer(*b),
            Op::Max(list) | Op::Min(list) => list.iter().all(|node| self.is_integer(*node)),
            Op::Round(_, _, step) => step.is_integer(),
            Op::Aggregate {
                kind: Aggregate::Count | Aggregate::CountDistinct,
                ..
            } => true,
            Op::Age(..) | Op::FullYearsBetween(..) => true,
            _ => false,
        }
    }
}

fn mode(phrase: Phrase) -> Option<Rounding> {
    Some(match phrase {
        Phrase::Down => Rounding::Down,
        Phrase::Up => Rounding::Up,
        Phrase::HalfUp => Rounding::HalfUp,
        Phrase::HalfDown => Rounding::HalfDown,
        Phrase::HalfEven => Rounding::HalfEven,
        Phrase::Floor => Rounding::Floor,
        Phrase::Ceiling => Rounding::Ceiling,
        _ => return None,
    })
}
