//! Growth: yearly rates, and compound rates compared by powers (`explain::growth`).

use meed_rules::program::{Cmp, Op};

use super::super::fraction::Fraction;
use super::super::range::{End, Range};
use super::super::run::{At, Run};
use super::super::vector::{One, Truth, Vector};
use super::lift::{Outcome, in_type, strict2};
use super::order::compared;

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn growth(&mut self, at: At<'_>, out: &mut Vector<'b>) {
        let program = self.plan.program;
        let ty = &program.nodes[at.node].ty;
        match &program.nodes[at.node].op {
            Op::GrowthRate { from, to } => self.two(at, (*from, *to), out, |from, to| {
                strict2(from, to, |from, to| {
                    let Some(factors) = factors(&from, &to)? else {
                        return Some(Outcome::UNDEFINED);
                    };
                    let outcome = in_type(factors.add(&Range::one(Fraction::whole(-1)))?, ty);
                    Some(Outcome {
                        undefined: outcome.undefined || may_be_at_most_zero(&from),
                        ..outcome
                    })
                })
            }),
            Op::CompoundGrowth {
                cmp,
                first,
                last,
                years,
                rate,
            } => {
                let open = self.decide(at, out);
                let at = At { rows: &open, ..at };
                for node in [first, last, rate] {
                    self.need(*node, at.table, at.rows);
                }
                let mut unfit = Vec::new();
                let [first, last, rate] = [first, last, rate].map(|node| self.operand(*node, at.table));
                for row in at.each() {
                    match compound(*cmp, (first.number(row), last.number(row)), rate.number(row), *years) {
                        Some(truth) => out.put_truth(row, truth),
                        None => unfit.push(row),
                    }
                }
                unfit.into_iter().for_each(|row| self.escape(at.table, row));
            }
            _ => {}
        }
    }
}

fn may_be_at_most_zero(range: &Range) -> bool {
    let is_above = |low: End| low.value.signum() > 0 || (low.value.signum() == 0 && !low.closed);
    !range.low.is_some_and(is_above)
}

/// `to / from` for the `from` above 0: `Some(None)` where there is none.
fn factors(from: &Range, to: &Range) -> Option<Option<Range>> {
    match from.part(1) {
        Some(from) => to.divided_by(&from),
        None => Some(None),
    }
}

/// `last / first` for a `first` above 0 and a `last` that is not below 0.
fn factor(first: Range, last: Range) -> Option<Outcome<Range>> {
    let zero = last.has_zero().then(|| Range::one(Fraction::ZERO));
    let parts = [zero, last.part(1)].into_iter().flatten();
    let Some(not_negative) = parts.reduce(|a, b| a.hull(&b)) else {
        return Some(Outcome::UNDEFINED);
    };
    let Some(factors) = factors(&first, &not_negative)? else {
        return Some(Outcome::UNDEFINED);
    };
    Some(Outcome {
        set: Some(factors).filter(Range::is_some),
        undefined: last.part(-1).is_some() || may_be_at_most_zero(&first),
    })
}

/// Compares the n-th root of a factor less 1 with a rate, as the factor with the n-th power of `1 + rate`.
fn compound(cmp: Cmp, (first, last): (One<Range>, One<Range>), rate: One<Range>, years: u8) -> Option<One<Truth>> {
    let factor = strict2(first, last, factor)?;
    let power = |rate: Fraction| {
        let base = Fraction::whole(1).add(rate)?;
        if base.signum() < 0 {
            Some(base)
        } else {
            base.power(years)
        }
    };
    strict2(settled(factor), rate, |factor, rate| {
        let power = rate.rising(true, power)?;
        Some(Outcome::of(compared(cmp, &factor, &power)))
    })
}

/// Without any outcome a value is undefined.
fn settled(one: One<Range>) -> One<Range> {
    One {
        undefined: one.undefined || (one.set.is_none() && !one.inapplicable),
        ..one
    }
}
