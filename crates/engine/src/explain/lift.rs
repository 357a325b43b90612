//! From operators on ordinary values to operators on what values may be: the two ways of treating *undefined* and *not applicable*.

use crate::value::numbers::Outcome;
use crate::value::{Causes, Set, Value};

/// An operator that does not apply where its operand does not, and is undefined where it is.
/// `undefined` tells why, where the operator itself has no value.
pub(super) fn strict(
    operand: &Value,
    undefined: impl FnOnce() -> Causes,
    operator: impl FnOnce(&Set) -> Outcome,
) -> Value {
    let outcome = operand.set().map(operator).unwrap_or_default();
    let mut causes = operand.causes().clone();
    if outcome.undefined {
        causes.merge(&undefined());
    }
    Value::new(
        outcome.set,
        outcome.undefined || operand.may_be_undefined(),
        operand.may_be_inapplicable(),
        causes,
    )
}

/// The same for two operands: *not applicable* goes before *undefined*.
pub(super) fn strict2(
    a: &Value,
    b: &Value,
    undefined: impl FnOnce() -> Causes,
    operator: impl FnOnce(&Set, &Set) -> Outcome,
) -> Value {
    let outcome = match (a.set(), b.set()) {
        (Some(a), Some(b)) => operator(a, b),
        _ => Outcome::default(),
    };
    let mut causes = a.causes().clone().union(b.causes());
    if outcome.undefined {
        causes.merge(&undefined());
    }
    Value::new(
        outcome.set,
        outcome.undefined || meets_undefined(a, b) || meets_undefined(b, a),
        a.may_be_inapplicable() || b.may_be_inapplicable(),
        causes,
    )
}

/// An operator that leaves out an operand which does not apply: either (sums), or only the second (differences).
pub(super) fn leaving_out(
    a: &Value,
    b: &Value,
    only_second: bool,
    undefined: impl FnOnce() -> Causes,
    operator: impl FnOnce(&Set, &Set) -> Outcome,
) -> Value {
    let both = strict2(a, b, undefined, operator);
    if !a.may_be_inapplicable() && !b.may_be_inapplicable() {
        return both;
    }
    let mut set = both.set().cloned();
    let mut undefined = both.may_be_undefined();
    let mut add = |left: &Value| {
        if let Some(values) = left.set() {
            set = Some(set.take().map_or_else(|| values.clone(), |mine| mine.hull(values)));
        }
        undefined |= left.may_be_undefined();
    };
    if b.may_be_inapplicable() {
        add(a);
    }
    if a.may_be_inapplicable() && !only_second {
        add(b);
    }
    let inapplicable = a.may_be_inapplicable() && (only_second || b.may_be_inapplicable());
    Value::new(
        set,
        undefined,
        inapplicable,
        a.causes().clone().union(b.causes()).union(both.causes()),
    )
}

// Whether the first may be undefined while the second has any outcome but *not applicable*.
fn meets_undefined(a: &Value, b: &Value) -> bool {
    a.may_be_undefined() && (b.set().is_some() || b.may_be_undefined())
}
