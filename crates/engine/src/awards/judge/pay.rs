//! The amount of one line: gross, floor, cap, and rounding, once.

use meed_facts::money::Currency;
use meed_facts::ratio::Ratio;
use meed_facts::value::Scalar;
use meed_rules::program::{NodeId, Pay};

use crate::awards::amount::Amount;
use crate::awards::certainty::Certainty;
use crate::awards::claim::{Step, StepKind};
use crate::explain::{Evaluator, Frame};
use crate::value::{CauseKind, CausePlace, Causes, Limit, Set, Value};

/// What a formula pays.
#[derive(Clone, Debug)]
pub struct Paid {
    /// The amount.
    pub amount: Amount,
    /// The steps that led to it.
    pub steps: Vec<Step>,
    /// Whether it is above nothing. An assessed amount counts as such where its ceiling is.
    pub made: Certainty,
    /// Why it is not known.
    pub causes: Causes,
}

/// An amount that need not be whole, in main units.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Gross {
    low: Ratio,
    high: Option<Ratio>,
}

/// What a line is paid in a frame, and how it came to that.
pub fn of(evaluator: &Evaluator<'_>, pay: &Pay, frame: Frame) -> Paid {
    let currency = evaluator.program().package.currency;
    let mut causes = Causes::NONE;
    let mut read = |node: NodeId| {
        let value = evaluator.value(node, frame);
        causes.merge(value.causes());
        value
    };
    let formula = Gross::by_formula(pay, &mut read);
    let ceiling = formula.whole(currency);
    let mut is_bounded = false;
    let mut steps = Steps {
        currency,
        steps: Vec::new(),
    };
    let gross = formula.settled(pay, read, |kind, gross| {
        if kind != StepKind::Rounded {
            is_bounded = gross.high.is_some();
        }
        steps.add(kind, gross);
    });
    let amount = gross.whole(currency);
    if let Some(node) = pay.amount.filter(|_| is_bounded && amount.high().is_none()) {
        causes.merge(&Causes::one(CauseKind::Undefined, CausePlace::TooLarge(node)));
    }
    let made = match (amount.is_zero(), pay.assessed.is_some()) {
        (true, _) => Certainty::No,
        (_, true) => Certainty::known(ceiling.low() > 0).or(Certainty::Maybe),
        (_, false) => Certainty::known(amount.low() > 0).or(Certainty::Maybe),
    };
    Paid {
        amount,
        steps: steps.steps,
        made,
        causes,
    }
}

/// What a line is paid in a frame, where nobody asks how it came to that.
pub fn amount(evaluator: &Evaluator<'_>, pay: &Pay, frame: Frame) -> Amount {
    let read = |node: NodeId| evaluator.value(node, frame);
    let gross = Gross::by_formula(pay, read).settled(pay, read, |_, _| {});
    gross.whole(evaluator.program().package.currency)
}

/// A value of money in whole smallest units; nothing where it does not apply, anything where it is undefined.
pub fn amount_of(value: &Value, currency: Currency) -> Amount {
    Gross::of(value).whole(currency)
}

impl Gross {
    const ANY: Self = Self {
        low: Ratio::ZERO,
        high: None,
    };

    /// What the formula gives, before anything limits it.
    fn by_formula<'v>(pay: &Pay, read: impl FnOnce(NodeId) -> &'v Value) -> Self {
        pay.amount.map_or(Self::ANY, |node| Self::of(read(node)))
    }

    /// The formula's amount after assessment, floor, cap and rounding; each step is told.
    fn settled<'v>(
        mut self,
        pay: &Pay,
        mut read: impl FnMut(NodeId) -> &'v Value,
        mut step: impl FnMut(StepKind, &Self),
    ) -> Self {
        if pay.assessed.is_some() {
            self.low = Ratio::ZERO;
        }
        step(StepKind::Gross, &self);
        if let Some(limit) = pay.floor.map(&mut read) {
            self = self.limited(limit, Gross::raised);
            step(StepKind::Floor, &self);
        }
        if let Some(limit) = pay.cap.map(&mut read) {
            self = self.limited(limit, Gross::lowered);
            step(StepKind::Cap, &self);
        }
        if let Some((mode, unit)) = &pay.rounding {
            self = self.each(|amount| amount.round(*mode, unit));
            step(StepKind::Rounded, &self);
        }
        self
    }

    /// What a value allows; nothing where it does not apply, anything where it is undefined.
    fn of(value: &Value) -> Self {
        let number = |limit: Option<Limit<'_>>| match &*limit?.value {
            Scalar::Number(number) => Some(number.clone()),
            _ => None,
        };
        if value.is_inapplicable() {
            return Self {
                low: Ratio::ZERO,
                high: Some(Ratio::ZERO),
            };
        }
        let set = value.set();
        let low = number(set.and_then(Set::least)).unwrap_or(Ratio::ZERO);
        let high = number(set.and_then(Set::greatest));
        let may_be_nothing = value.may_be_inapplicable() || value.may_be_undefined();
        Self {
            low: if may_be_nothing { low.min(Ratio::ZERO) } else { low },
            high: high
                .filter(|_| !value.may_be_undefined())
                .map(|high| if may_be_nothing { high.max(Ratio::ZERO) } else { high }),
        }
    }

    /// This after a limit; one that does not apply does not limit.
    fn limited(self, limit: &Value, apply: impl Fn(&Self, &Self) -> Self) -> Self {
        if limit.is_inapplicable() {
            return self;
        }
        let limited = apply(&self, &Self::of_limit(limit));
        if limit.may_be_inapplicable() {
            self.hull(&limited)
        } else {
            limited
        }
    }

    fn of_limit(limit: &Value) -> Self {
        if limit.may_be_undefined() {
            return Self::ANY;
        }
        let ordinary = limit.set().map(|set| Value::of(set.clone(), Causes::NONE));
        ordinary.map_or(Self::ANY, |value| Self::of(&value))
    }

    fn raised(&self, floor: &Self) -> Self {
        Self {
            low: self.low.clone().max(floor.low.clone()),
            high: self
                .high
                .as_ref()
                .zip(floor.high.as_ref())
                .map(|(own, floor)| own.max(floor).clone()),
        }
    }

    fn lowered(&self, cap: &Self) -> Self {
        Self {
            low: self.low.clone().min(cap.low.clone()),
            high: match (&self.high, &cap.high) {
                (Some(own), Some(cap)) => Some(own.min(cap).clone()),
                (own, cap) => own.as_ref().or(cap.as_ref()).cloned(),
            },
        }
    }

    fn hull(&self, other: &Self) -> Self {
        Self {
            low: self.low.clone().min(other.low.clone()),
            high: self
                .high
                .as_ref()
                .zip(other.high.as_ref())
                .map(|(own, other)| own.max(other).clone()),
        }
    }

    /// Changed at both ends; an end that is too large for it is not known.
    fn each(&self, change: impl Fn(&Ratio) -> Option<Ratio>) -> Self {
        Self {
            low: change(&self.low).unwrap_or(Ratio::ZERO),
            high: self.high.as_ref().and_then(change),
        }
    }

    /// In whole smallest units. The checker demands a rounding wherever this could take anything away.
    fn whole(&self, currency: Currency) -> Amount {
        let minor = |amount: &Ratio| match amount.to_i128() {
            Some(main) => main.checked_mul(currency.units()),
            None => {
                let units = Ratio::from_int(currency.units());
                amount.checked_mul(&units)?.floor().to_i128()
            }
        };
        Amount::between(minor(&self.low).unwrap_or(0), self.high.as_ref().and_then(minor))
    }
}

struct Steps {
    currency: Currency,
    steps: Vec<Step>,
}

impl Steps {
    /// Keeps the first step, and those that changed something.
    fn add(&mut self, kind: StepKind, gross: &Gross) {
        let after = gross.whole(self.currency);
        let exact = gross.high.as_ref().filter(|high| **high == gross.low).cloned();
        let last = self.steps.last();
        if last.is_some_and(|last| last.after == after && last.exact == exact) {
            return;
        }
        let before = last.map_or(after, |last| last.after);
        self.steps.push(Step {
            before,
            exact,
            ..Step::first(kind, after)
        });
    }
}
