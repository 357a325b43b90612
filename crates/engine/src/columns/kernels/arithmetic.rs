//! Exact arithmetic: whole words of single numbers as integers, other rows as ranges (`explain::arithmetic`).

use meed_rules::program::{NodeId, Op, Type};

use super::super::fraction::Fraction;
use super::super::range::Range;
use super::super::run::{At, Run};
use super::super::vector::{One, Vector};
use super::lift::{Outcome, in_type, leaving_out, strict, strict2};

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn arithmetic(&mut self, at: At<'_>, out: &mut Vector<'b>) {
        let program = self.plan.program;
        let ty = &program.nodes[at.node].ty;
        match &program.nodes[at.node].op {
            Op::Add(a, b) => self.two(at, (*a, *b), out, |a, b| leaving_out(a, b, false, |a, b| sum(a, b, ty))),
            Op::Sub(a, b) => self.two(at, (*a, *b), out, |a, b| {
                leaving_out(a, b, true, |a, b| sum(a, b.negated(), ty))
            }),
            Op::Mul(a, b) => self.two(at, (*a, *b), out, |a, b| strict2(a, b, |a, b| product(a, b, ty))),
            Op::Div(a, b) => self.two(at, (*a, *b), out, |a, b| strict2(a, b, |a, b| quotient(a, b, ty))),
            Op::Neg(a) => self.one(at, *a, out, |a| strict(a, |a| Some(in_type(a.negated(), ty)))),
            Op::NotBelowZero(a) => self.one(at, *a, out, |a| strict(a, |a| Some(in_type(a.raised_to_zero(), ty)))),
            Op::Pow(a, exponent) => self.one(at, *a, out, |a| strict(a, |a| Some(in_type(a.power(*exponent)?, ty)))),
            Op::Round(a, mode, step) => self.one(at, *a, out, |a| {
                strict(a, |a| {
                    let step = Fraction::of(step)?;
                    Some(in_type(a.rising(false, |number| number.round(*mode, step))?, ty))
                })
            }),
            _ => {}
        }
    }

    /// An operator of one operand, row by row.
    pub(super) fn one(
        &mut self,
        at: At<'_>,
        a: NodeId,
        out: &mut Vector<'b>,
        operator: impl Fn(One<Range>) -> Option<One<Range>>,
    ) {
        self.need(a, at.table, at.rows);
        let left = self.whole(at, out);
        let at = At { rows: &left, ..at };
        let mut unfit = Vec::new();
        let a = self.operand(a, at.table);
        for row in at.each() {
            match operator(a.number(row)) {
                Some(value) => out.put_number(row, value),
                None => unfit.push(row),
            }
        }
        unfit.into_iter().for_each(|row| self.escape(at.table, row));
    }

    /// An operator of two operands, row by row.
    pub(super) fn two(
        &mut self,
        at: At<'_>,
        (a, b): (NodeId, NodeId),
        out: &mut Vector<'b>,
        operator: impl Fn(One<Range>, One<Range>) -> Option<One<Range>>,
    ) {
        self.need(a, at.table, at.rows);
        self.need(b, at.table, at.rows);
        let left = self.whole(at, out);
        let at = At { rows: &left, ..at };
        let mut unfit = Vec::new();
        let (a, b) = (self.operand(a, at.table), self.operand(b, at.table));
        for row in at.each() {
            match operator(a.number(row), b.number(row)) {
                Some(value) => out.put_number(row, value),
                None => unfit.push(row),
            }
        }
        unfit.into_iter().for_each(|row| self.escape(at.table, row));
    }
}

pub(super) fn sum(a: Range, b: Range, ty: &Type) -> Option<Outcome<Range>> {
    Some(in_type(a.add(&b)?, ty))
}

pub(super) fn product(a: Range, b: Range, ty: &Type) -> Option<Outcome<Range>> {
    Some(in_whole_units(a.times(&b)?, ty))
}

/// A quotient; by 0 undefined, by numbers of which 0 is one possibly.
pub(super) fn quotient(a: Range, b: Range, ty: &Type) -> Option<Outcome<Range>> {
    let Some(quotients) = a.divided_by(&b)? else {
        return Some(Outcome::UNDEFINED);
    };
    let mut outcome = in_whole_units(quotients, ty);
    outcome.undefined |= b.has_zero();
    Some(outcome)
}

// A duration times a number need not be a whole number of months or days.
fn in_whole_units(range: Range, ty: &Type) -> Outcome<Range> {
    let whole = matches!(ty, Type::Months | Type::Days) && range.as_one().is_none();
    let outcome = in_type(range, ty);
    Outcome {
        undefined: outcome.undefined || whole,
        ..outcome
    }
}
