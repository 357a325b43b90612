//! Facts: what was stated, what the law presumes, and what is missing with its bounds.

use meed_facts::date::Period;
use meed_facts::schema::{FactId, PeriodUnit, Source};
use meed_facts::value::{Missing, Scalar, Stated};
use meed_rules::program::{FactRules, NodeId, Op, ScopeId};

use super::frame::{Binding, Frame};
use super::{At, Evaluator};
use crate::value::{CauseKind, CausePlace, Causes, Hull, Members, Set, Value};

/// The most periods that are looked at one by one where it is not known which is meant.
const MOST_PERIODS: i128 = 24;

impl<'a> Evaluator<'a> {
    pub(super) fn fact(&self, at: At, of: ScopeId, fact: FactId, rules: &FactRules) -> Value {
        let Some(frame) = self.visible(of, at.frame) else {
            return Value::undefined(at.undefined());
        };
        self.applicable(at, rules, || self.stated_value(at, frame, (fact, None), rules))
    }

    pub(super) fn fact_at(&self, at: At, (of, fact): (ScopeId, FactId), when: NodeId, rules: &FactRules) -> Value {
        let Some(frame) = self.visible(of, at.frame) else {
            return Value::undefined(at.undefined());
        };
        let when = self.value(when, at.frame);
        let unit = self.program.schema.facts[fact].period.unwrap_or(PeriodUnit::Year);
        if let Some(period) = when.as_known().and_then(whole).and_then(|when| period(when, unit)) {
            return self.applicable(at, rules, || self.stated_value(at, frame, (fact, Some(period)), rules));
        }
        let mut hull = Hull::default();
        hull.because(when.causes());
        if when.may_be_undefined() {
            hull.add_undefined(when.causes());
        }
        if when.may_be_inapplicable() {
            hull.add_inapplicable();
        }
        if let Some(set) = when.set() {
            match periods(set, unit) {
                Some(periods) => {
                    for period in periods {
                        hull.add(&self.stated_value(at, frame, (fact, Some(period)), rules));
                    }
                }
                None => hull.add(&self.unknown_fact(at, when.causes().clone())),
            }
        }
        let value = hull.finish(|| at.undefined());
        self.applicable(at, rules, || value)
    }

    /// A value that applies only where the fact's rule says so.
    fn applicable(&self, at: At, rules: &FactRules, value: impl FnOnce() -> Value) -> Value {
        let Some(applies) = rules.applies else {
            return value();
        };
        let applies = self.value(applies, at.frame);
        if !applies.may_hold() {
            return Value::inapplicable();
        }
        let value = value();
        if !applies.may_fail() {
            return value;
        }
        value.hull(&Value::inapplicable()).because(applies.causes())
    }

    fn stated_value(&self, at: At, frame: Frame, (fact, period): (FactId, Option<Period>), rules: &FactRules) -> Value {
        if period.is_some_and(|period| self.program.schema.facts[fact].closed_before(period).is_some()) {
            // Nobody can state it, so it is nothing to ask for.
            return Value::undefined(at.undefined());
        }
        let stated = self.stated(frame, fact, period);
        match stated {
            Some(Stated::Value(value)) => return Value::known(value.clone()),
            Some(Stated::Range(_) | Stated::OneOf(_)) => {}
            Some(Stated::Missing(Missing::Unasked)) | None => {
                if let (Some((presumed, _)), true) = (&rules.presumed, self.is_listed(frame)) {
                    return Value::known(presumed.clone());
                }
            }
            Some(Stated::Missing(_)) => {}
        }
        let causes = self.why(frame, fact, period, stated);
        let unknown = self.unknown_fact(at, causes);
        let narrowed = match (stated, unknown.set()) {
            (Some(Stated::Range(interval)), Some(set)) => set.within(interval),
            (Some(Stated::OneOf(values)), Some(_)) => one_of(values),
            _ => None,
        };
        match narrowed {
            Some(set) => Value::of(set, unknown.causes().clone()),
            None => unknown,
        }
    }

    /// What a frame's record states about a fact.
    fn stated(&self, frame: Frame, fact: FactId, period: Option<Period>) -> Option<&'a Stated> {
        let record = self.frame(frame).record?;
        match period {
            None => record.facts.get(fact),
            Some(period) => match record.series.get(fact) {
                Some(series) => series.get(&period),
                // The whole series may have been asked for in vain.
                None => record.facts.get(fact),
            },
        }
    }

    /// What is presumed of a record is not presumed of those that a list does not name.
    fn is_listed(&self, frame: Frame) -> bool {
        self.frame(frame).unlisted.is_none()
    }

    pub(super) fn is_presumed(&self, node: NodeId, fact: FactId, frame: Frame) -> bool {
        let period = match &self.program.nodes[node].op {
            Op::FactAt { at, .. } => {
                let unit = self.program.schema.facts[fact].period.unwrap_or(PeriodUnit::Year);
                let when = self.value(*at, frame).as_known().and_then(whole);
                match when.and_then(|when| period(when, unit)) {
                    Some(period) => Some(period),
                    None => return false,
                }
            }
            _ => None,
        };
        let stated = self.stated(frame, fact, period);
        let absent = matches!(stated, None | Some(Stated::Missing(Missing::Unasked)));
        absent && self.is_listed(frame) && !self.value(node, frame).is_inapplicable()
    }

    fn why(&self, frame: Frame, fact: FactId, period: Option<Period>, stated: Option<&Stated>) -> Causes {
        let data = self.frame(frame);
        if let Some(list) = &data.unlisted {
            return list.clone();
        }
        let record = data.path.clone();
        Causes::one(self.why_absent(fact, stated), CausePlace::Fact { record, fact, period })
    }

    pub(super) fn why_absent(&self, fact: FactId, stated: Option<&Stated>) -> CauseKind {
        match stated {
            Some(Stated::Missing(Missing::Refused)) => CauseKind::Refused,
            Some(Stated::Missing(Missing::Judgement)) => CauseKind::Judgement,
            _ => match self.program.schema.facts[fact].source {
                Source::Judged(_) => CauseKind::Judgement,
                Source::Registry | Source::Declared => CauseKind::Missing,
            },
        }
    }

    /// Any value that the vocabulary admits for the fact that the node reads.
    fn unknown_fact(&self, at: At, causes: Causes) -> Value {
        match self.layout.admitted(at.node) {
            Some(set) => Value::of(set.clone(), causes),
            None => self.unknown(at, causes),
        }
    }

    pub(super) fn bound_year(&self, at: At, scope: ScopeId) -> Value {
        match self.visible(scope, at.frame).map(|frame| &self.frame(frame).binding) {
            Some(Binding::Year(year)) => year.clone(),
            _ => Value::undefined(at.undefined()),
        }
    }

    pub(super) fn instalment_part(&self, at: At, scope: ScopeId) -> Value {
        let Some(Binding::Instalment(instalment)) =
            self.visible(scope, at.frame).map(|frame| &self.frame(frame).binding)
        else {
            return Value::undefined(at.undefined());
        };
        match self.program.nodes[at.node].op {
            Op::InstalmentDue(_) => instalment.due.clone(),
            Op::InstalmentFrom(_) => instalment.from.clone(),
            Op::InstalmentYear(_) => super::dates::year_of_value(&instalment.from),
            _ => super::dates::month_of_value(&instalment.from),
        }
    }
}

/// Members or truths that a fact is known to be one of.
fn one_of(values: &[Scalar]) -> Option<Set> {
    if values.iter().all(|value| matches!(value, Scalar::Member(_))) {
        let positions = values.iter().filter_map(|value| match value {
            Scalar::Member(position) => Some(*position),
            _ => None,
        });
        return Set::members(Members::of(positions));
    }
    values.iter().cloned().map(Set::One).reduce(|a, b| a.hull(&b))
}

/// The periods of a set of years or months, where they are few.
fn periods(set: &Set, unit: PeriodUnit) -> Option<impl Iterator<Item = Period>> {
    let (first, last) = (whole(&set.least()?.value)?, whole(&set.greatest()?.value)?);
    if last.saturating_sub(first) >= MOST_PERIODS {
        return None;
    }
    let mut all = (first..=last).filter_map(move |number| period(number, unit)).peekable();
    all.peek()?;
    Some(all)
}

fn whole(value: &Scalar) -> Option<i128> {
    match value {
        Scalar::Number(number) => number.to_i128(),
        _ => None,
    }
}

/// The year of a number, or the month.
pub(crate) fn period(number: i128, unit: PeriodUnit) -> Option<Period> {
    match unit {
        PeriodUnit::Year => i16::try_from(number).ok().map(Period::Year),
        PeriodUnit::Month => Some(Period::Month {
            year: i16::try_from(number.div_euclid(12)).ok()?,
            month: i8::try_from(number.rem_euclid(12).checked_add(1)?).ok()?,
        }),
    }
}
