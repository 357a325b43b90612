//! Exact arithmetic over ranges.
//!
//! Sums leave out what does not apply, differences only the subtrahend; products, quotients, powers and rounding do not apply then.

use meed_facts::ratio::Ratio;
use meed_facts::value::Scalar;
use meed_rules::program::{NodeId, Op, Type};

use super::lift::{leaving_out, strict, strict2};
use super::{At, Evaluator};
use crate::value::numbers::{Numbers, Outcome};
use crate::value::{CauseKind, CausePlace, Causes, Set, Value};

impl Evaluator<'_> {
    pub(super) fn arithmetic(&self, at: At) -> Value {
        let node = &self.program.nodes[at.node];
        let ty = &node.ty;
        let value = |operand: &NodeId| self.value(*operand, at.frame);
        match &node.op {
            Op::Add(a, b) => leaving_out(value(a), value(b), false, || at.too_large(), |a, b| sum(a, b, ty)),
            Op::Sub(a, b) => leaving_out(value(a), value(b), true, || at.too_large(), |a, b| difference(a, b, ty)),
            Op::Mul(a, b) => strict2(value(a), value(b), || at.too_large(), |a, b| product(a, b, ty)),
            Op::Div(a, b) => {
                let (a, divisor) = (value(a), value(b));
                let may_be_zero = divisor.set().is_some_and(|set| Numbers::of(set).has_zero());
                let why = || match may_be_zero {
                    true => Causes::one(CauseKind::Undefined, CausePlace::Divisor(*b)),
                    false => at.too_large(),
                };
                strict2(a, divisor, why, |a, b| quotient(a, b, ty))
            }
            Op::Neg(a) => strict(value(a), || at.too_large(), |a| Numbers::of(a).negated().outcome(ty)),
            Op::NotBelowZero(a) => strict(
                value(a),
                || at.too_large(),
                |a| Numbers::of(a).raised_to_zero().outcome(ty),
            ),
            Op::Pow(a, exponent) => strict(value(a), || at.too_large(), |a| power(a, *exponent, ty)),
            Op::Round(a, mode, step) => strict(
                value(a),
                || at.too_large(),
                |a| function(a, ty, false, |number| number.round(*mode, step)),
            ),
            _ => Value::undefined(at.undefined()),
        }
    }
}

fn known(value: Option<Ratio>) -> Outcome {
    value.map_or(Outcome::UNDEFINED, |number| Outcome::known(Scalar::Number(number)))
}

pub(super) fn sum(a: &Set, b: &Set, ty: &Type) -> Outcome {
    match (a, b) {
        (Set::One(Scalar::Number(a)), Set::One(Scalar::Number(b))) => known(a.checked_add(b)),
        _ => Numbers::of(a).add(&Numbers::of(b)).outcome(ty),
    }
}

fn difference(a: &Set, b: &Set, ty: &Type) -> Outcome {
    match (a, b) {
        (Set::One(Scalar::Number(a)), Set::One(Scalar::Number(b))) => known(a.checked_sub(b)),
        _ => Numbers::of(a).add(&Numbers::of(b).negated()).outcome(ty),
    }
}

pub(super) fn product(a: &Set, b: &Set, ty: &Type) -> Outcome {
    match (a, b) {
        (Set::One(Scalar::Number(a)), Set::One(Scalar::Number(b))) => known(a.checked_mul(b)),
        _ => in_whole_units(Numbers::of(a).times(&Numbers::of(b)), ty),
    }
}

/// A quotient; by 0 undefined, by numbers of which 0 is one possibly.
pub(super) fn quotient(a: &Set, b: &Set, ty: &Type) -> Outcome {
    if let (Set::One(Scalar::Number(a)), Set::One(Scalar::Number(b))) = (a, b) {
        return known(a.checked_div(b));
    }
    let divisor = Numbers::of(b);
    let Some(quotients) = Numbers::of(a).divided_by(&divisor) else {
        return Outcome::UNDEFINED;
    };
    let mut outcome = in_whole_units(quotients, ty);
    outcome.undefined |= divisor.has_zero();
    outcome
}

fn power(a: &Set, exponent: u8, ty: &Type) -> Outcome {
    match a {
        Set::One(Scalar::Number(a)) => known(a.pow(exponent.into())),
        _ => Numbers::of(a).power(exponent).outcome(ty),
    }
}

/// A function that never falls.
pub(super) fn function(a: &Set, ty: &Type, strictly: bool, of: impl Fn(&Ratio) -> Option<Ratio>) -> Outcome {
    match a {
        Set::One(Scalar::Number(a)) => known(of(a)),
        _ => Numbers::of(a).rising(strictly, of).outcome(ty),
    }
}

// A duration times a number need not be a whole number of months or days.
fn in_whole_units(numbers: Numbers, ty: &Type) -> Outcome {
    let whole = matches!(ty, Type::Months | Type::Days) && numbers.as_one().is_none();
    let outcome = numbers.outcome(ty);
    Outcome {
        undefined: outcome.undefined || whole,
        ..outcome
    }
}
