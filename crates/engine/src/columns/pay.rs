//! The amount of one line: gross, floor, cap, and rounding, once (`awards::judge::pay`).

use meed_facts::money::Currency;
use meed_facts::schema::FactId;
use meed_rules::program::{MeasureRules, NodeId};

use super::brief::Brief;
use super::fraction::Fraction;
use super::range::Range;
use super::vector::One;
use crate::awards::amount::Amount;
use crate::awards::certainty::Certainty;

/// What a line is paid before lines are combined.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paid {
    /// The key fact of the children, where there is a line for each.
    pub key: Option<FactId>,
    /// Whether it is paid once, and then for each value of something; what pays over time is paid once for a period.
    pub once: Option<bool>,
    /// The formula's amount, or the ceiling of an assessed one down from it.
    pub gross: Amount,
    /// After floor, cap, rounding, and what verdict and period leave.
    pub amount: Amount,
    /// Whether it is above nothing.
    pub made: Certainty,
}

/// What lines of one list mostly have in common: [`Paid::key`] and [`Paid::once`].
pub(super) type Like = (Option<FactId>, Option<bool>);

/// An amount that need not be whole, in main units.
#[derive(Clone, Copy)]
struct Gross {
    low: Fraction,
    high: Option<Fraction>,
}

/// What a row is paid by a formula; `None` where a number does not fit.
pub(super) fn of(rules: &MeasureRules, currency: Currency, read: impl Fn(NodeId) -> One<Range>) -> Option<Paid> {
    let pay = &rules.pay;
    let mut gross = pay.amount.map_or(Gross::ANY, |node| Gross::of(read(node)));
    let ceiling = gross.whole(currency)?;
    let assessed = pay.assessed.is_some();
    let first = if assessed { ceiling.down_to_zero() } else { ceiling };
    if assessed {
        gross.low = Fraction::ZERO;
    }
    let is_limited = pay.floor.is_some() || pay.cap.is_some() || pay.rounding.is_some();
    if let Some(node) = pay.floor {
        gross = gross.limited(read(node), Gross::raised);
    }
    if let Some(node) = pay.cap {
        gross = gross.limited(read(node), Gross::lowered);
    }
    if let Some((mode, step)) = &pay.rounding {
        let step = Fraction::of(step)?;
        let (low, high) = gross.each(|amount| amount.round(*mode, step))?;
        gross = Gross { low, high };
    }
    let amount = if is_limited { gross.whole(currency)? } else { first };
    let made = match (amount.is_zero(), assessed) {
        (true, _) => Certainty::No,
        (_, true) => Certainty::known(ceiling.low() > 0).or(Certainty::Maybe),
        (_, false) => Certainty::known(amount.low() > 0).or(Certainty::Maybe),
    };
    Some(Paid::new(rules, [first, amount], made))
}

impl Paid {
    fn new(rules: &MeasureRules, [gross, amount]: [Amount; 2], made: Certainty) -> Self {
        let (key, once) = Self::like(rules);
        Self {
            key,
            once,
            gross,
            amount,
            made,
        }
    }

    /// The key and whether it is paid once, of whatever rules pay.
    pub fn like(rules: &MeasureRules) -> Like {
        let once = match (&rules.once, &rules.series) {
            (Some(once), _) => Some(once.per.is_some()),
            (None, series) => series.as_ref().map(|_| false),
        };
        (rules.line.key, once)
    }

    /// What was said in brief.
    pub fn at_length((key, once): Like, brief: Brief) -> Self {
        let [gross, amount] = brief.amounts();
        Self {
            key,
            once,
            gross,
            amount,
            made: brief.made(),
        }
    }

    /// Nothing.
    pub const NOTHING: Self = Self {
        key: None,
        once: None,
        gross: Amount::ZERO,
        amount: Amount::ZERO,
        made: Certainty::No,
    };

    /// Any amount.
    pub const UNKNOWN: Self = Self {
        gross: Amount::UNKNOWN,
        amount: Amount::UNKNOWN,
        made: Certainty::Maybe,
        ..Self::NOTHING
    };

    /// Only where something holds.
    pub fn only_if(&mut self, condition: Certainty) {
        self.made = self.made.and(condition);
        self.amount = match condition {
            Certainty::Yes => self.amount,
            Certainty::Maybe => self.amount.down_to_zero(),
            Certainty::No => Amount::ZERO,
        };
    }

    /// Either of the two.
    pub fn hull(self, other: Self) -> Self {
        Self {
            key: self.key.or(other.key),
            once: self.once.or(other.once),
            gross: self.gross.hull(other.gross),
            amount: self.amount.hull(other.amount),
            made: self.made.hull(other.made),
        }
    }

    /// The same for any number of children that are not listed.
    pub fn of_any_number(self) -> Self {
        let amount = if self.amount.is_zero() {
            self.amount
        } else {
            Amount::UNKNOWN
        };
        Self {
            gross: amount,
            amount,
            made: self.made.and(Certainty::Maybe),
            ..self
        }
    }
}

impl Gross {
    const ANY: Self = Self {
        low: Fraction::ZERO,
        high: None,
    };

    /// What a value allows; nothing where it does not apply, anything where it is undefined.
    fn of(value: One<Range>) -> Self {
        if value.set.is_none() && !value.undefined {
            return Self {
                low: Fraction::ZERO,
                high: Some(Fraction::ZERO),
            };
        }
        let range = value.set.unwrap_or(Range::ANY);
        let (low, high) = (
            range.low.map_or(Fraction::ZERO, |end| end.value),
            range.high.map(|end| end.value),
        );
        let may_be_nothing = value.inapplicable || value.undefined;
        Self {
            low: if may_be_nothing { low.least(Fraction::ZERO) } else { low },
            high: high.filter(|_| !value.undefined).map(|high| {
                if may_be_nothing {
                    high.greatest(Fraction::ZERO)
                } else {
                    high
                }
            }),
        }
    }

    /// This after a limit; one that does not apply does not limit.
    fn limited(self, limit: One<Range>, apply: impl Fn(&Self, &Self) -> Self) -> Self {
        if limit.set.is_none() && !limit.undefined {
            return self;
        }
        let ordinary = limit.set.filter(|_| !limit.undefined);
        let limited = apply(&self, &ordinary.map_or(Self::ANY, |set| Self::of(One::of(set))));
        if limit.inapplicable {
            self.hull(&limited)
        } else {
            limited
        }
    }

    fn raised(&self, floor: &Self) -> Self {
        Self {
            low: self.low.greatest(floor.low),
            high: self.high.zip(floor.high).map(|(own, floor)| own.greatest(floor)),
        }
    }

    fn lowered(&self, cap: &Self) -> Self {
        Self {
            low: self.low.least(cap.low),
            high: match (self.high, cap.high) {
                (Some(own), Some(cap)) => Some(own.least(cap)),
                (own, cap) => own.or(cap),
            },
        }
    }

    fn hull(&self, other: &Self) -> Self {
        Self {
            low: self.low.least(other.low),
            high: self.high.zip(other.high).map(|(own, other)| own.greatest(other)),
        }
    }

    /// In whole smallest units.
    fn whole(&self, currency: Currency) -> Option<Amount> {
        let units = currency.units();
        let (low, high) = self.each(|amount| match amount.den {
            den if den == units => Some(amount.num),
            _ => Some(amount.times(Fraction::whole(units))?.floor()),
        })?;
        Some(Amount::between(low, high))
    }

    /// What becomes of both ends; `None` where a number does not fit.
    fn each<T: Copy>(&self, change: impl Fn(Fraction) -> Option<T>) -> Option<(T, Option<T>)> {
        let low = change(self.low)?;
        let high = match self.high {
            Some(high) if (high.num, high.den) == (self.low.num, self.low.den) => Some(low),
            Some(high) => Some(change(high)?),
            None => None,
        };
        Some((low, high))
    }
}
