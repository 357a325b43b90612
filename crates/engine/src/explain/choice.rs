//! Choices: the first case, rules with exceptions, readings of an unclear text, versions by a date.
//!
//! The result is the hull of everything that may be reached, so an unknown guard does no harm where the outcomes agree.

use std::sync::Arc;

use meed_facts::date::Span;
use meed_facts::value::{Bound, Interval, Scalar};
use meed_rules::program::{Arm, NodeId, Op};

use super::{At, Evaluator};
use crate::value::{CauseKind, Causes, Hull, Set, Value};

impl Evaluator<'_> {
    pub(super) fn choice(&self, at: At) -> Value {
        match &self.program.nodes[at.node].op {
            Op::Cases { rows, otherwise } => self.cases(at, rows, *otherwise),
            Op::Choose { arms, otherwise } => self.choose(at, arms, *otherwise),
            Op::Unclear(readings) => self.unclear(at, readings),
            Op::Versions { on, branches } => self.versions(at, *on, branches),
            _ => Value::undefined(at.undefined()),
        }
    }

    fn cases(&self, at: At, rows: &[(NodeId, NodeId)], otherwise: Option<NodeId>) -> Value {
        let mut hull = Hull::default();
        for (guard, value) in rows {
            let guard = self.value(*guard, at.frame);
            if guard.may_hold() {
                hull.because(guard.causes());
                hull.add(self.value(*value, at.frame));
            }
            if !guard.may_fail() {
                return hull.finish(|| at.undefined());
            }
        }
        self.add_otherwise(&mut hull, at, otherwise);
        hull.finish(|| at.undefined())
    }

    fn add_otherwise(&self, hull: &mut Hull, at: At, otherwise: Option<NodeId>) {
        match otherwise {
            Some(otherwise) => hull.add(self.value(otherwise, at.frame)),
            None => hull.add_undefined(&at.undefined()),
        }
    }

    fn choose(&self, at: At, arms: &[Arm], otherwise: Option<NodeId>) -> Value {
        let mut hull = Hull::default();
        let applies: Vec<Applies> = arms.iter().map(|arm| self.applies_now(arm, at, &mut hull)).collect();
        let mut standing: Vec<&Value> = Vec::new();
        for (arm, position) in arms.iter().zip(0_u16..) {
            let by = overriding(arms, &applies, position);
            let applies = applies.get(usize::from(position)).copied().unwrap_or(Applies::No);
            if applies == Applies::No || by == Applies::Yes {
                continue;
            }
            let value = self.value(arm.value, at.frame);
            hull.add(value);
            if applies == Applies::Yes && by == Applies::No {
                standing.push(value);
            }
        }
        if disagree(&standing) {
            hull.because(&Causes::at(CauseKind::Conflict, at.node));
        }
        // Of the rules that apply one is overridden by none, so there is no result only where none applies.
        if !applies.contains(&Applies::Yes) {
            self.add_otherwise(&mut hull, at, otherwise);
        }
        hull.finish(|| at.undefined())
    }

    fn applies_now(&self, arm: &Arm, at: At, hull: &mut Hull) -> Applies {
        let Some(guard) = arm.guard else { return Applies::Yes };
        let guard = self.value(guard, at.frame);
        match (guard.may_hold(), guard.may_fail()) {
            (false, _) => Applies::No,
            (true, false) => Applies::Yes,
            (true, true) => {
                hull.because(guard.causes());
                Applies::Perhaps
            }
        }
    }

    fn unclear(&self, at: At, readings: &[(Arc<str>, NodeId)]) -> Value {
        let mut hull = Hull::default();
        for (_, reading) in readings {
            hull.add(self.value(*reading, at.frame));
        }
        hull.because(&Causes::at(CauseKind::Conflict, at.node));
        hull.finish(|| at.undefined())
    }

    fn versions(&self, at: At, on: NodeId, branches: &[(Span, NodeId)]) -> Value {
        let on = self.value(on, at.frame);
        let mut hull = Hull::default();
        hull.because(on.causes());
        if on.may_be_undefined() {
            hull.add_undefined(on.causes());
        }
        if on.may_be_inapplicable() {
            hull.add_inapplicable();
        }
        let mut uncovered: Vec<Set> = on.set().cloned().into_iter().collect();
        for (span, branch) in branches {
            let interval = days_of(*span);
            if on.set().is_none_or(|set| !set.meets(&interval)) {
                continue;
            }
            hull.add(self.value(*branch, at.frame));
            uncovered = uncovered.iter().flat_map(|piece| piece.outside(&interval)).collect();
        }
        if !uncovered.is_empty() {
            let missing = Causes::at(CauseKind::TextMissing, at.node);
            hull.add(&self.unknown(at, missing));
        }
        hull.finish(|| at.undefined())
    }
}

/// Whether a rule applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Applies {
    Yes,
    Perhaps,
    No,
}

/// Whether some rule that overrides the one at `position` applies.
fn overriding(arms: &[Arm], applies: &[Applies], position: u16) -> Applies {
    let mut result = Applies::No;
    for (arm, applies) in arms.iter().zip(applies) {
        if !arm.overrides.contains(&position) {
            continue;
        }
        match applies {
            Applies::Yes => return Applies::Yes,
            Applies::Perhaps => result = Applies::Perhaps,
            Applies::No => {}
        }
    }
    result
}

/// Whether two of the values certainly differ.
fn disagree(values: &[&Value]) -> bool {
    let differ = |a: &Value, b: &Value| {
        let same_set = matches!((a.set(), b.set()), (Some(a), Some(b)) if a.intersects(b));
        let undefined = a.may_be_undefined() || b.may_be_undefined();
        let left_out = a.may_be_inapplicable() && b.may_be_inapplicable();
        !(same_set || undefined || left_out)
    };
    let pairs = values.iter().enumerate();
    pairs
        .flat_map(|(index, a)| values.iter().skip(index.saturating_add(1)).map(move |b| (a, b)))
        .any(|(a, b)| differ(a, b))
}

/// The days of a span as an interval of dates.
pub(crate) fn days_of(span: Span) -> Interval {
    let bound = |date, closed| Bound {
        value: Scalar::Date(date),
        closed,
    };
    Interval {
        low: span.from.map(|from| bound(from, true)),
        high: span.until.map(|until| bound(until, false)),
    }
}
