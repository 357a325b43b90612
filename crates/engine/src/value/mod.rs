//! What a value may still be (`semantics.md` §1): ordinary values, *undefined*, *not applicable*, and why it is not known.
//!
//! Three parts that do not depend on each other. A value is *known* when only one outcome is left: one ordinary value, or *not applicable*. An undefined value
//! is never known: it keeps its cause, and a person has to look at it.

mod cause;
mod hull;
mod members;
pub(crate) mod numbers;
mod set;

use meed_facts::date::Date;
use meed_facts::ratio::Ratio;
use meed_facts::schema::Schema;
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::Type;

pub use cause::{Cause, CauseKind, CausePlace, Causes, Item, RecordPath, Step};
pub use hull::Hull;
pub use members::Members;
pub use set::{Limit, Set, compare};

/// What a value may still be.
// INVARIANT: there is at least one outcome, and a known value has no causes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    set: Option<Set>,
    undefined: bool,
    inapplicable: bool,
    causes: Causes,
}

/// The outcomes of a condition, as four flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// It may be true.
    pub yes: bool,
    /// It may be false.
    pub no: bool,
    /// It may be undefined.
    pub undefined: bool,
    /// It may not apply.
    pub inapplicable: bool,
}

impl Value {
    /// A value of which some outcomes are left. Without any it is undefined.
    pub fn new(set: Option<Set>, undefined: bool, inapplicable: bool, causes: Causes) -> Self {
        let known = match &set {
            Some(set) => set.as_one().is_some() && !undefined && !inapplicable,
            None => inapplicable && !undefined,
        };
        Self {
            undefined: undefined || (set.is_none() && !inapplicable),
            causes: if known { Causes::NONE } else { causes },
            set,
            inapplicable,
        }
    }

    /// A known value.
    pub fn known(value: Scalar) -> Self {
        Self {
            set: Some(Set::One(value)),
            undefined: false,
            inapplicable: false,
            causes: Causes::NONE,
        }
    }

    /// A known truth.
    pub fn bool(value: bool) -> Self {
        Self::known(Scalar::Bool(value))
    }

    /// A known number.
    pub fn number(value: Ratio) -> Self {
        Self::known(Scalar::Number(value))
    }

    /// An ordinary value of that set.
    pub fn of(set: Set, causes: Causes) -> Self {
        Self::new(Some(set), false, false, causes)
    }

    /// Any ordinary value of the type.
    pub fn unknown(ty: &Type, schema: &Schema, causes: Causes) -> Self {
        Self::of(Set::all(ty, schema), causes)
    }

    /// Not applicable, which is known.
    pub fn inapplicable() -> Self {
        Self::new(None, false, true, Causes::NONE)
    }

    /// Undefined.
    pub fn undefined(causes: Causes) -> Self {
        Self::new(None, true, false, causes)
    }

    /// A truth with those outcomes.
    pub fn truth_of(truth: Truth, causes: Causes) -> Self {
        let set = match (truth.yes, truth.no) {
            (true, true) => Some(Set::Either),
            (false, false) => None,
            (yes, _) => Some(Set::One(Scalar::Bool(yes))),
        };
        Self::new(set, truth.undefined, truth.inapplicable, causes)
    }

    /// The ordinary values it may be; `None` where it can be none.
    pub fn set(&self) -> Option<&Set> {
        self.set.as_ref()
    }

    /// Whether it may be undefined.
    pub fn may_be_undefined(&self) -> bool {
        self.undefined
    }

    /// Whether it may not apply.
    pub fn may_be_inapplicable(&self) -> bool {
        self.inapplicable
    }

    /// Why it is not known; nothing for a known value.
    pub fn causes(&self) -> &Causes {
        &self.causes
    }

    /// The same outcomes for more reasons.
    pub fn because(self, causes: &Causes) -> Self {
        let causes = self.causes.clone().union(causes);
        Self::new(self.set, self.undefined, self.inapplicable, causes)
    }

    /// The same outcomes without reasons.
    pub fn without_causes(&self) -> Self {
        Self::new(self.set.clone(), self.undefined, self.inapplicable, Causes::NONE)
    }

    /// Whether only one outcome is left and that is not *undefined*.
    pub fn is_known(&self) -> bool {
        self.as_known().is_some() || self.is_inapplicable()
    }

    /// Whether it certainly does not apply.
    pub fn is_inapplicable(&self) -> bool {
        self.set.is_none() && !self.undefined
    }

    /// Whether it is certainly undefined.
    pub fn is_undefined(&self) -> bool {
        self.set.is_none() && !self.inapplicable
    }

    /// The ordinary value, where it is the only outcome.
    pub fn as_known(&self) -> Option<&Scalar> {
        match &self.set {
            Some(Set::One(value)) if !self.undefined && !self.inapplicable => Some(value),
            _ => None,
        }
    }

    /// The truth, where it is certain.
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_known() {
            Some(Scalar::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// The number, where it is known.
    pub fn as_number(&self) -> Option<&Ratio> {
        match self.as_known() {
            Some(Scalar::Number(value)) => Some(value),
            _ => None,
        }
    }

    /// The date, where it is known.
    pub fn as_date(&self) -> Option<Date> {
        match self.as_known() {
            Some(Scalar::Date(value)) => Some(*value),
            _ => None,
        }
    }

    /// The least and the greatest ordinary value, where there are limits (and ordinary values).
    pub fn bounds(&self) -> (Option<Bound>, Option<Bound>) {
        self.set.as_ref().map_or((None, None), Set::ends)
    }

    /// The outcomes of a condition.
    pub fn truth(&self) -> Truth {
        let (yes, no) = match &self.set {
            Some(Set::One(Scalar::Bool(value))) => (*value, !*value),
            Some(_) => (true, true),
            None => (false, false),
        };
        Truth {
            yes,
            no,
            undefined: self.undefined,
            inapplicable: self.inapplicable,
        }
    }

    /// Whether the condition may be true.
    pub fn may_be_true(&self) -> bool {
        self.truth().yes
    }

    /// Whether the condition may be false.
    pub fn may_be_false(&self) -> bool {
        self.truth().no
    }

    /// As a guard: whether what it guards may be reached. Undefined counts both ways (`semantics.md` §1.2).
    pub fn may_hold(&self) -> bool {
        self.undefined || self.may_be_true()
    }

    /// As a guard: whether what it guards may be passed over. A guard that does not apply is passed over.
    pub fn may_fail(&self) -> bool {
        self.undefined || self.inapplicable || self.may_be_false()
    }

    /// What it may be if it may be either.
    pub fn hull(&self, other: &Self) -> Self {
        let mut hull = Hull::default();
        hull.add(self);
        hull.add(other);
        hull.finish(|| Causes::NONE)
    }

    /// Whether each outcome of `other` is one of this. Causes do not matter.
    pub fn contains(&self, other: &Self) -> bool {
        let set = match (&self.set, &other.set) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(mine), Some(theirs)) => mine.includes(theirs),
        };
        set && (self.undefined || !other.undefined) && (self.inapplicable || !other.inapplicable)
    }
}

impl Truth {
    /// Whether no outcome but truth is left.
    pub fn is_certain(self) -> bool {
        self.yes && !self.no && !self.undefined && !self.inapplicable
    }

    /// The outcomes of the condition's opposite.
    pub fn opposite(self) -> Self {
        Self {
            yes: self.no,
            no: self.yes,
            ..self
        }
    }
}
