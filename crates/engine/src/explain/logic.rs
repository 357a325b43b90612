//! Logic: Kleene's, with conditions that are undefined or do not apply.
//!
//! A condition that does not apply is left out; with nothing left the result does not apply. One that is undefined decides nothing, but does no harm where the
//! others decide. Each condition is taken by itself: two that are the same unknown fact still count as two.

use meed_rules::program::{Condition, NodeId, Op};

use super::{At, Evaluator};
use crate::value::{Causes, Truth, Value};

impl Evaluator<'_> {
    pub(super) fn logic(&self, at: At) -> Value {
        match &self.program.nodes[at.node].op {
            Op::Not(operand) => negated(self.value(*operand, at.frame)),
            Op::All(conditions) => self.any(conditions, at, true).opposite(),
            Op::Any(conditions) => self.any(conditions, at, false).finish(),
            Op::NoneOf(conditions) => self.any(conditions, at, false).opposite(),
            Op::AtLeast(least, conditions) => self.at_least(*least as usize, conditions, at),
            Op::Applies(operand) => self.applies(*operand, at),
            _ => Value::undefined(at.undefined()),
        }
    }

    /// Whether one of the conditions is true (false, where `failing`).
    fn any(&self, conditions: &[Condition], at: At, failing: bool) -> Found {
        let mut found = Found::default();
        for condition in conditions {
            let value = self.value(condition.node, at.frame);
            found.add(value, failing);
            if found.is_certain() {
                break;
            }
        }
        found
    }

    fn at_least(&self, least: usize, conditions: &[Condition], at: At) -> Value {
        let mut tally = Tally::default();
        let mut causes = Causes::NONE;
        for condition in conditions {
            let value = self.value(condition.node, at.frame);
            tally.add(value.truth());
            causes.merge(value.causes());
        }
        Value::truth_of(tally.at_least(least), causes)
    }

    fn applies(&self, operand: NodeId, at: At) -> Value {
        let operand = self.value(operand, at.frame);
        let truth = Truth {
            yes: operand.set().is_some() || operand.may_be_undefined(),
            no: operand.may_be_inapplicable(),
            ..Truth::default()
        };
        Value::truth_of(truth, operand.causes().clone())
    }
}

pub(super) fn negated(value: &Value) -> Value {
    Value::truth_of(value.truth().opposite(), value.causes().clone())
}

/// What is known about whether one of several conditions is true.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// One certainly is.
    certain: bool,
    may_be_true: bool,
    /// One of them is true or undefined whatever becomes known.
    never_false: bool,
    may_be_undefined: bool,
    may_be_false: bool,
    /// How many conditions are certainly there, and how many of these may be left out as not applicable.
    there: usize,
    /// One that certainly is there applies for certain.
    applies: bool,
    may_not_apply: bool,
    causes: Causes,
}

impl Found {
    /// Adds a condition (its opposite, where `failing`).
    pub fn add(&mut self, value: &Value, failing: bool) {
        self.there = self.there.saturating_add(1);
        let truth = self.seen(value, failing);
        self.certain |= truth.is_certain();
        self.never_false |= !truth.no && !truth.inapplicable;
        self.applies |= !truth.inapplicable;
    }

    /// Adds a condition that may not be there at all.
    pub fn add_possible(&mut self, value: &Value, failing: bool) {
        self.seen(value, failing);
    }

    fn seen(&mut self, value: &Value, failing: bool) -> Truth {
        let mut truth = value.truth();
        if failing {
            std::mem::swap(&mut truth.yes, &mut truth.no);
        }
        self.may_be_true |= truth.yes;
        self.may_be_false |= truth.no;
        self.may_be_undefined |= truth.undefined;
        self.may_not_apply |= truth.inapplicable;
        self.causes.merge(value.causes());
        truth
    }

    /// Adds reasons why it is not known which conditions there are.
    pub fn because(&mut self, causes: &Causes) {
        self.causes.merge(causes);
    }

    /// Whether one condition is certainly true, so that the others do not matter.
    pub fn is_certain(&self) -> bool {
        self.certain
    }

    /// Whether one is true. None of no conditions is.
    pub fn finish(self) -> Value {
        Value::truth_of(self.truth(), self.causes)
    }

    /// Whether none is.
    pub fn opposite(self) -> Value {
        Value::truth_of(self.truth().opposite(), self.causes)
    }

    fn truth(&self) -> Truth {
        if self.certain {
            return Truth {
                yes: true,
                ..Truth::default()
            };
        }
        Truth {
            yes: self.may_be_true,
            no: !self.never_false && (self.may_be_false || self.there == 0),
            undefined: self.may_be_undefined,
            inapplicable: !self.applies && self.may_not_apply,
        }
    }
}

/// How many of several conditions have which outcomes.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    all: usize,
    /// Nothing but true.
    surely_true: usize,
    may_be_true: usize,
    /// May be undefined.
    may_be_undefined: usize,
    /// May be true, but not undefined.
    defined_true: usize,
    /// True or undefined for certain.
    not_false: usize,
    may_be_false: usize,
    may_not_apply: usize,
}

impl Tally {
    pub fn add(&mut self, truth: Truth) {
        let count = |counter: &mut usize, holds: bool| *counter = counter.saturating_add(usize::from(holds));
        count(&mut self.all, true);
        count(&mut self.surely_true, truth.is_certain());
        count(&mut self.may_be_true, truth.yes);
        count(&mut self.may_be_undefined, truth.undefined);
        count(&mut self.defined_true, truth.yes && !truth.undefined);
        count(&mut self.not_false, !truth.no && !truth.inapplicable);
        count(&mut self.may_be_false, truth.no);
        count(&mut self.may_not_apply, truth.inapplicable);
    }

    /// Whether so many are true: undefined where the undefined ones would make the difference.
    pub fn at_least(&self, least: usize) -> Truth {
        let all_may_be_left_out = self.all > 0 && self.may_not_apply == self.all;
        // A result needs one condition that applies; if none can be false, the fewest is one that is not.
        let one_needed = all_may_be_left_out && self.may_be_false == 0;
        let fewest = self.not_false.max(usize::from(one_needed));
        let most_with_undefined = self
            .may_be_undefined
            .saturating_add(self.defined_true.min(least.saturating_sub(1)));
        let only_left_out = [self.all, self.may_be_true, self.may_be_undefined, self.may_be_false]
            == [self.may_not_apply, 0, 0, 0]
            && self.all > 0;
        Truth {
            yes: self.may_be_true >= least && !only_left_out,
            no: fewest < least && !only_left_out,
            undefined: self.may_be_undefined > 0 && self.surely_true < least && most_with_undefined >= least,
            inapplicable: all_may_be_left_out,
        }
    }
}
