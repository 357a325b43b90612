//! Verdicts: what a measure's conditions come to for one line.

use crate::value::Value;

use super::certainty::Certainty;

/// What a measure's conditions come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// They hold.
    Eligible,
    /// They do not hold, for this reason.
    NotEligible(Why),
    /// It is not known whether they hold.
    Undetermined,
}

/// Why a line is not eligible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// A condition fails.
    Conditions,
    /// No version of the measure is in force.
    NotInForce,
    /// The measure is for other applicants, or its conditions do not apply to this one.
    NotApplicable,
}

impl Verdict {
    /// The verdict that a condition alone gives.
    pub fn of(condition: &Value) -> Self {
        let truth = condition.truth();
        match (truth.yes, truth.no, truth.undefined, truth.inapplicable) {
            (true, false, false, false) => Self::Eligible,
            (false, true, false, _) => Self::NotEligible(Why::Conditions),
            (false, false, false, true) => Self::NotEligible(Why::NotApplicable),
            _ => Self::Undetermined,
        }
    }

    /// The verdict of entering and staying: conditions of staying that do not apply are left out.
    pub fn and_staying(self, staying: Self) -> Self {
        match (self, staying) {
            (Self::NotEligible(why), _) => Self::NotEligible(why),
            (own, Self::Eligible | Self::NotEligible(Why::NotApplicable)) => own,
            (_, Self::NotEligible(why)) => Self::NotEligible(why),
            (_, Self::Undetermined) => Self::Undetermined,
        }
    }

    /// The verdict where either may be the right one.
    pub fn hull(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::NotEligible(_), Self::NotEligible(_)) => Self::NotEligible(Why::Conditions),
            _ => Self::Undetermined,
        }
    }

    /// Whether the line is eligible.
    pub fn certainty(self) -> Certainty {
        match self {
            Self::Eligible => Certainty::Yes,
            Self::NotEligible(_) => Certainty::No,
            Self::Undetermined => Certainty::Maybe,
        }
    }

    /// Its name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::NotEligible(_) => "not_eligible",
            Self::Undetermined => "undetermined",
        }
    }
}
