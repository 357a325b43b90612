//! From operators on numbers to operators on what a row's number may be: the definition's two ways of treating *undefined* and *not applicable* (`explain::lift`).

use meed_rules::program::Type;

use super::super::fraction::Fraction;
use super::super::range::{End, Range};
use super::super::vector::One;

/// What an operator makes of ordinary operands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outcome<S> {
    pub set: Option<S>,
    pub undefined: bool,
}

impl<S> Outcome<S> {
    pub const UNDEFINED: Self = Self {
        set: None,
        undefined: true,
    };

    pub fn of(set: S) -> Self {
        Self {
            set: Some(set),
            undefined: false,
        }
    }
}

/// An operator that does not apply where its operand does not, and is undefined where it is. `None` where a number does not fit.
pub(super) fn strict<A: Copy, S>(operand: One<A>, operator: impl FnOnce(A) -> Option<Outcome<S>>) -> Option<One<S>> {
    let outcome = match operand.set {
        Some(set) => operator(set)?,
        None => Outcome {
            set: None,
            undefined: false,
        },
    };
    Some(One {
        set: outcome.set,
        undefined: outcome.undefined || operand.undefined,
        inapplicable: operand.inapplicable,
    })
}

/// The same for two operands: *not applicable* goes before *undefined*.
pub(super) fn strict2<A: Copy, B: Copy, S>(
    a: One<A>,
    b: One<B>,
    operator: impl FnOnce(A, B) -> Option<Outcome<S>>,
) -> Option<One<S>> {
    let outcome = match (a.set, b.set) {
        (Some(a), Some(b)) => operator(a, b)?,
        _ => Outcome {
            set: None,
            undefined: false,
        },
    };
    let undefined =
        (a.undefined && (b.set.is_some() || b.undefined)) || (b.undefined && (a.set.is_some() || a.undefined));
    Some(One {
        set: outcome.set,
        undefined: outcome.undefined || undefined,
        inapplicable: a.inapplicable || b.inapplicable,
    })
}

/// An operator that leaves out an operand which does not apply: either (sums), or only the second (differences).
pub(super) fn leaving_out(
    a: One<Range>,
    b: One<Range>,
    only_second: bool,
    operator: impl FnOnce(Range, Range) -> Option<Outcome<Range>>,
) -> Option<One<Range>> {
    let both = strict2(a, b, operator)?;
    if !a.inapplicable && !b.inapplicable {
        return Some(both);
    }
    let mut set = both.set;
    let mut undefined = both.undefined;
    let mut add = |left: One<Range>| {
        if let Some(values) = left.set {
            set = Some(set.map_or(values, |mine| mine.hull(&values)));
        }
        undefined |= left.undefined;
    };
    if b.inapplicable {
        add(a);
    }
    if a.inapplicable && !only_second {
        add(b);
    }
    Some(One {
        set,
        undefined,
        inapplicable: a.inapplicable && (only_second || b.inapplicable),
    })
}

/// The values of a type that numbers are. Months and days are whole: ends in between move inwards.
pub(super) fn in_type(range: Range, ty: &Type) -> Outcome<Range> {
    if !matches!(ty, Type::Months | Type::Days) {
        return Outcome::of(range);
    }
    let fits = |whole: i128| i32::try_from(whole).is_ok();
    if let Some(one) = range.as_one() {
        let whole = one.floor();
        if one.ceil() != whole || !fits(whole) {
            return Outcome::UNDEFINED;
        }
        return Outcome::of(Range::one(Fraction::whole(whole)));
    }
    let end = |end: Option<End>, inwards: fn(Fraction) -> i128| {
        let end = end?;
        let whole = inwards(end.value);
        let moved = Fraction::whole(whole).compare(end.value).is_ne();
        fits(whole).then_some(End {
            value: Fraction::whole(whole),
            closed: end.closed || moved,
        })
    };
    Outcome {
        set: Some(Range {
            low: end(range.low, Fraction::ceil),
            high: end(range.high, Fraction::floor),
        })
        .filter(Range::is_some),
        undefined: false,
    }
}
