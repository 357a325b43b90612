//! Literals: numbers with their units, dates, texts, truth.

use meed_facts::ratio::Ratio;
use meed_facts::value::Scalar;
use meed_syntax::ast::{self, AstNode, UnitName};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Phrase;

use super::Lower;
use super::env::Env;
use super::typed::Typed;
use crate::program::{Dimension, Op, Type};

impl Lower<'_> {
    pub(super) fn literal(&mut self, literal: &ast::Literal, env: &Env, span: Span) -> Option<Typed> {
        let (scalar, ty) = if let Some(number) = literal.number() {
            let value = number.value()?;
            match literal.unit() {
                None => (Scalar::Number(value), Type::Number(Dimension::NONE)),
                Some(unit) => self.quantity(value, &unit, env, span)?,
            }
        } else if let Some(date) = literal.date() {
            (Scalar::Date(date.value()?), Type::Date)
        } else if let Some(month) = literal.month() {
            let (year, month) = month.value()?;
            (month_number(year, i8::try_from(month).ok()?), Type::Month)
        } else if let Some(text) = literal.text() {
            (Scalar::Text(text.value().into()), Type::Text)
        } else {
            (Scalar::Bool(literal.boolean()? == Phrase::True), Type::Bool)
        };
        Some(self.node(Op::Const(scalar), ty, env, span))
    }

    pub(super) fn quantity(&mut self, value: Ratio, unit: &ast::Unit, env: &Env, span: Span) -> Option<(Scalar, Type)> {
        let place = env.place.at(unit.syntax().text_range());
        let whole = || value.to_i128().and_then(|value| i32::try_from(value).ok());
        let (scalar, ty) = match unit.name() {
            UnitName::Years => (
                whole().and_then(|years| years.checked_mul(12)).map(Scalar::Months),
                Type::Months,
            ),
            UnitName::Months => (whole().map(Scalar::Months), Type::Months),
            UnitName::Days => (whole().map(Scalar::Days), Type::Days),
            UnitName::Currency(name) | UnitName::Declared(name) => {
                let (factor, dimension) = self.unit(&name, place)?;
                (value.checked_mul(&factor).map(Scalar::Number), Type::Number(dimension))
            }
        };
        if scalar.is_none() {
            self.say(Diagnostic::new(
                Code::LiteralOutOfRange,
                span,
                Message::new(
                    "a duration is a whole number within the range of the calendar",
                    "期限须为日历范围内的整数",
                ),
            ));
        }
        Some((scalar?, ty))
    }
}

/// A month of the calendar as values count them.
pub(super) fn month_number(year: i16, month: i8) -> Scalar {
    let months = i128::from(year).saturating_mul(12).saturating_add(i128::from(month));
    Scalar::Number(Ratio::from_int(months.saturating_sub(1)))
}
