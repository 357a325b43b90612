//! Growth: yearly rates, and compound rates compared by powers so that no root is ever taken.

use meed_facts::ratio::Ratio;
use meed_facts::value::Scalar;
use meed_rules::program::{Cmp, NodeId, Op};

use super::lift::strict2;
use super::order::compared;
use super::{At, Evaluator};
use crate::value::numbers::{Numbers, Outcome};
use crate::value::{Set, Value};

impl Evaluator<'_> {
    pub(super) fn growth(&self, at: At) -> Value {
        let node = &self.program.nodes[at.node];
        let value = |operand: &NodeId| self.value(*operand, at.frame);
        match &node.op {
            Op::GrowthRate { from, to } => strict2(
                value(from),
                value(to),
                || at.undefined(),
                |from, to| {
                    let rate = factors(from, to).map(|factors| factors.add(&Numbers::one(Ratio::from(-1))));
                    outcome(rate, may_be_at_most_zero(from), |rate| rate.outcome(&node.ty))
                },
            ),
            Op::CompoundGrowth {
                cmp,
                first,
                last,
                years,
                rate,
            } => {
                let factor = strict2(value(first), value(last), || at.undefined(), compound_factor);
                strict2(
                    &factor,
                    value(rate),
                    || at.undefined(),
                    |factor, rate| compound(*cmp, factor, rate, *years),
                )
            }
            _ => Value::undefined(at.undefined()),
        }
    }
}

fn may_be_at_most_zero(set: &Set) -> bool {
    Numbers::of(set)
        .low
        .is_none_or(|low| !(low.value.signum() > 0 || (low.value.is_zero() && !low.closed)))
}

/// `to / from` for the `from` above 0.
fn factors(from: &Set, to: &Set) -> Option<Numbers> {
    Numbers::of(to).divided_by(&Numbers::of(from).part(1)?)
}

fn outcome(numbers: Option<Numbers>, undefined: bool, then: impl FnOnce(Numbers) -> Outcome) -> Outcome {
    let Some(numbers) = numbers else {
        return Outcome::UNDEFINED;
    };
    let outcome = then(numbers);
    Outcome {
        undefined: outcome.undefined || undefined,
        ..outcome
    }
}

/// `last / first` for a `first` above 0 and a `last` that is not below 0.
fn compound_factor(first: &Set, last: &Set) -> Outcome {
    let all = Numbers::of(last);
    let may_be_negative = all.part(-1).is_some();
    let positive = all.part(1);
    let zero = all.has_zero().then(|| Numbers::one(Ratio::ZERO));
    let not_negative = [zero, positive].into_iter().flatten().reduce(|a, b| a.hull(&b));
    let Some(not_negative) = not_negative else {
        return Outcome::UNDEFINED;
    };
    let factor = Numbers::of(first)
        .part(1)
        .and_then(|first| not_negative.divided_by(&first));
    outcome(factor, may_be_negative || may_be_at_most_zero(first), plain)
}

fn plain(numbers: Numbers) -> Outcome {
    numbers.outcome(&meed_rules::program::Type::Number(meed_rules::program::Dimension::NONE))
}

/// Compares the n-th root of `factor` less 1 with `rate`, as `factor` with the n-th power of `1 + rate`. Below 0 the power would lose the sign; a factor is never
/// below 0, so there the sign alone decides.
fn compound(cmp: Cmp, factor: &Set, rate: &Set, years: u8) -> Outcome {
    let power = |rate: &Ratio| {
        let base = Ratio::ONE.checked_add(rate)?;
        if base.is_negative() {
            Some(base)
        } else {
            base.pow(years.into())
        }
    };
    let power = match rate {
        Set::One(Scalar::Number(rate)) => power(rate).map_or(Outcome::UNDEFINED, |p| Outcome::known(Scalar::Number(p))),
        _ => plain(Numbers::of(rate).rising(true, power)),
    };
    match &power.set {
        Some(power) => compared(cmp, factor, power),
        None => Outcome::UNDEFINED,
    }
}
