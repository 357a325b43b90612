//! A condition evaluated with one fact changed.

use meed_facts::date::Period;
use meed_facts::record::Record;
use meed_facts::schema::FactId;
use meed_facts::value::{Scalar, Stated};

use super::Turn;
use crate::explain::{Evaluator, Hop};
use crate::questions::stating::state;
use crate::value::RecordPath;

/// The most evaluations for one determination.
const MOST_TRIALS: u32 = 6_000;

/// How many evaluations are left.
#[derive(Debug)]
pub struct Budget(u32);

impl Default for Budget {
    fn default() -> Self {
        Self(MOST_TRIALS)
    }
}

impl Budget {
    /// Whether none is left.
    pub fn is_spent(&self) -> bool {
        self.0 == 0
    }
}

/// One fact of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lever {
    pub record: RecordPath,
    pub fact: FactId,
    pub period: Option<Period>,
    pub now: Scalar,
}

/// A condition and a fact to change.
pub struct Trial<'t, 'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    /// The facts with what was tried last.
    record: Record,
    route: Vec<Hop>,
    turn: Turn,
    lever: &'t Lever,
}

impl<'t, 'e, 'p> Trial<'t, 'e, 'p> {
    /// `None` where the condition is about what a list does not name.
    pub fn new(evaluator: &'e Evaluator<'p>, record: &Record, turn: Turn, lever: &'t Lever) -> Option<Self> {
        Some(Self {
            evaluator,
            record: record.clone(),
            route: evaluator.route(turn.frame)?,
            turn,
            lever,
        })
    }

    /// Whether the condition would be as wanted if the fact had this value, which it may have by its type and bounds.
    pub fn turns(&mut self, value: &Scalar, budget: &mut Budget) -> bool {
        if budget.0 == 0 || !self.may_be(value) {
            return false;
        }
        budget.0 = budget.0.saturating_sub(1);
        let place = (&self.lever.record, self.lever.fact, self.lever.period);
        let schema = &self.evaluator.program().schema;
        if !state(schema, &mut self.record, place, Stated::Value(value.clone())) {
            return false;
        }
        let other = self.evaluator.retry(&self.record);
        let frame = other.follow(&self.route);
        frame.is_some_and(|frame| other.value(self.turn.node, frame).as_bool() == Some(self.turn.wanted))
    }

    fn may_be(&self, value: &Scalar) -> bool {
        let fact = &self.evaluator.program().schema.facts[self.lever.fact];
        let negative = matches!(value, Scalar::Number(number) if number.is_negative());
        let count = fact.ty == meed_facts::schema::FactType::Count;
        !(count && negative) && fact.bounds.as_ref().is_none_or(|bounds| bounds.contains(value))
    }
}
