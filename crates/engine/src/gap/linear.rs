//! A condition as a fraction whose numerator and denominator are linear in one fact: where it turns.

use meed_facts::ratio::Ratio;
use meed_facts::schema::FactId;
use meed_rules::program::{Aggregate, NodeId, Op};

use super::trial::Lever;
use crate::explain::{Evaluator, Frame};
use crate::words::period;

/// `(slope · x + rest) / (below_slope · x + below_rest)`.
#[derive(Clone, Debug)]
struct Form {
    slope: Ratio,
    rest: Ratio,
    below_slope: Ratio,
    below_rest: Ratio,
}

/// Where the two sides of a comparison are equal, as a value of the fact; `None` where that is not a matter of one linear equation.
pub fn root(evaluator: &Evaluator<'_>, node: NodeId, frame: Frame, lever: &Lever) -> Option<Ratio> {
    let solver = Solver { evaluator, lever };
    let program = evaluator.program();
    let difference = match &program.nodes[node].op {
        Op::Compare(_, a, b) => solver.form(*a, frame)?.minus(&solver.form(*b, frame)?)?,
        Op::CompoundGrowth {
            first,
            last,
            years,
            rate,
            ..
        } => {
            let rate = evaluator.value(*rate, frame).as_number()?;
            let growth = Form::known(Ratio::ONE.checked_add(rate)?.pow(u32::from(*years))?);
            let last = solver.form(*last, frame)?;
            last.minus(&solver.form(*first, frame)?.times(&growth)?)?
        }
        _ => return None,
    };
    Ratio::ZERO
        .checked_sub(&difference.rest)?
        .checked_div(&difference.slope)
}

struct Solver<'s, 'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    lever: &'s Lever,
}

impl Solver<'_, '_, '_> {
    fn form(&self, node: NodeId, frame: Frame) -> Option<Form> {
        let form = |node: NodeId| self.form(node, frame);
        match &self.evaluator.program().nodes[node].op {
            Op::Fact { .. } | Op::FactAt { .. } if self.is_lever(node, frame) => Some(Form::the_fact()),
            Op::Named { body, .. } => form(*body),
            Op::Add(a, b) => form(*a)?.plus(&form(*b)?),
            Op::Sub(a, b) => form(*a)?.minus(&form(*b)?),
            Op::Neg(a) => Form::known(Ratio::ZERO).minus(&form(*a)?),
            Op::Mul(a, b) => form(*a)?.times(&form(*b)?),
            Op::Div(a, b) => form(*a)?.over(&form(*b)?),
            Op::GrowthRate { from, to } => form(*to)?.over(&form(*from)?)?.minus(&Form::known(Ratio::ONE)),
            Op::Aggregate {
                kind: kind @ (Aggregate::Sum | Aggregate::Average),
                over,
                filter: None,
                value: Some(value),
            } => {
                let outer = self.evaluator.program().scopes[*over].parent;
                let parent = outer
                    .and_then(|outer| self.evaluator.visible(outer, frame))
                    .unwrap_or(frame);
                let instances = self.evaluator.instances(*over, parent);
                let mut sum = Form::known(Ratio::ZERO);
                for instance in &instances.items {
                    sum = sum.plus(&self.form(*value, instance.frame)?)?;
                }
                let count = i128::try_from(instances.items.len()).ok()?;
                match kind {
                    Aggregate::Average => sum.over(&Form::known(Ratio::from_int(count))),
                    _ => Some(sum),
                }
            }
            _ if self.mentions(node, self.lever.fact) => None,
            _ => self.evaluator.value(node, frame).as_number().cloned().map(Form::known),
        }
    }

    fn is_lever(&self, node: NodeId, frame: Frame) -> bool {
        place_of(self.evaluator, node, frame).is_some_and(|(record, fact, period)| {
            *record == self.lever.record && fact == self.lever.fact && period == self.lever.period
        })
    }

    /// Whether a node reads the fact of anybody in any period.
    fn mentions(&self, node: NodeId, fact: FactId) -> bool {
        let program = self.evaluator.program();
        let mut open = vec![node];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            match &program.nodes[node].op {
                Op::Fact { fact: own, .. } | Op::FactAt { fact: own, .. } if *own == fact => return true,
                _ => program.reads(node, &mut |operand| open.push(operand)),
            }
        }
        false
    }
}

/// The fact that a node reads in a frame: whose, which, in which period.
pub(crate) fn place_of<'e>(
    evaluator: &'e Evaluator<'_>,
    node: NodeId,
    frame: Frame,
) -> Option<(&'e crate::value::RecordPath, FactId, Option<meed_facts::date::Period>)> {
    let program = evaluator.program();
    match &program.nodes[node].op {
        Op::Fact { of, fact, .. } => Some((evaluator.path_of(evaluator.visible(*of, frame)?), *fact, None)),
        Op::FactAt { of, fact, at, .. } => {
            let number = evaluator.value(*at, frame).as_number()?.to_i128()?;
            let period = period(number, program.schema.facts[*fact].period?)?;
            Some((evaluator.path_of(evaluator.visible(*of, frame)?), *fact, Some(period)))
        }
        _ => None,
    }
}

impl Form {
    fn known(value: Ratio) -> Self {
        Self {
            slope: Ratio::ZERO,
            rest: value,
            below_slope: Ratio::ZERO,
            below_rest: Ratio::ONE,
        }
    }

    fn the_fact() -> Self {
        Self {
            slope: Ratio::ONE,
            rest: Ratio::ZERO,
            below_slope: Ratio::ZERO,
            below_rest: Ratio::ONE,
        }
    }

    /// The value, where the fact does not enter.
    fn constant(&self) -> Option<Ratio> {
        let free = self.slope.is_zero() && self.below_slope.is_zero();
        free.then(|| self.rest.checked_div(&self.below_rest))?
    }

    fn scaled(&self, factor: &Ratio) -> Option<Self> {
        Some(Self {
            slope: self.slope.checked_mul(factor)?,
            rest: self.rest.checked_mul(factor)?,
            ..self.clone()
        })
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        if let Some(value) = other.constant() {
            return Some(Self {
                slope: self.slope.checked_add(&self.below_slope.checked_mul(&value)?)?,
                rest: self.rest.checked_add(&self.below_rest.checked_mul(&value)?)?,
                ..self.clone()
            });
        }
        if self.constant().is_some() {
            return other.plus(self);
        }
        let factor = match (self.below_slope.is_zero(), other.below_slope.is_zero()) {
            (true, true) => self.below_rest.checked_div(&other.below_rest)?,
            _ => self.below_slope.checked_div(&other.below_slope)?,
        };
        if other.below_rest.checked_mul(&factor)? != self.below_rest {
            return None;
        }
        let other = other.scaled(&factor)?;
        Some(Self {
            slope: self.slope.checked_add(&other.slope)?,
            rest: self.rest.checked_add(&other.rest)?,
            ..self.clone()
        })
    }

    fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.scaled(&Ratio::from_int(-1))?)
    }

    fn times(&self, other: &Self) -> Option<Self> {
        match (self.constant(), other.constant()) {
            (_, Some(value)) => self.scaled(&value),
            (Some(value), _) => other.scaled(&value),
            _ => None,
        }
    }

    fn over(&self, other: &Self) -> Option<Self> {
        let upside_down = Self {
            slope: other.below_slope.clone(),
            rest: other.below_rest.clone(),
            below_slope: other.slope.clone(),
            below_rest: other.rest.clone(),
        };
        if upside_down.below_slope.is_zero() && upside_down.below_rest.is_zero() {
            return None;
        }
        if self.constant().is_some() || other.constant().is_some() {
            return self.times(&upside_down);
        }
        // Two fractions over the same denominator, which then falls away.
        let same = self.below_slope == other.below_slope && self.below_rest == other.below_rest;
        same.then(|| Self {
            below_slope: other.slope.clone(),
            below_rest: other.rest.clone(),
            ..self.clone()
        })
    }
}
