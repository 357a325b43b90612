//! Amounts of a line in brief: of most all that can be said is two numbers, or nothing. A population has millions of lines, so that is all the room they take.

use crate::awards::amount::Amount;
use crate::awards::certainty::Certainty;

/// What a formula gives, and what is left of it, in whole smallest units.
// INVARIANT: numbers are not below 0, and what is at most 0 is known, so that equal amounts are equal in brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brief {
    /// The first, and the second.
    Known([i64; 2]),
    /// The first, and up to the second.
    UpTo([i64; 2]),
    /// Neither is known.
    Any,
}

impl Brief {
    /// Two numbers; below 0 they are nothing.
    pub fn known(amounts: [i64; 2]) -> Self {
        Self::Known(amounts.map(|units| units.max(0)))
    }

    /// Two amounts; `None` where there is more to say of them.
    pub fn of([gross, left]: [Amount; 2]) -> Option<Self> {
        let whole = |units: i128| i64::try_from(units).ok();
        let Some(known) = gross.value() else {
            return ([gross, left] == [Amount::UNKNOWN; 2]).then_some(Self::Any);
        };
        let gross = whole(known)?;
        match (left.value(), left.low()) {
            (Some(known), _) => Some(Self::Known([gross, whole(known)?])),
            (None, 0) => Some(Self::UpTo([gross, whole(left.high()?)?])),
            _ => None,
        }
    }

    /// The same at length.
    pub fn amounts(self) -> [Amount; 2] {
        match self {
            Self::Known(amounts) => amounts.map(|units| Amount::exact(units.into())),
            Self::UpTo([gross, most]) => [Amount::exact(gross.into()), Amount::between(0, Some(most.into()))],
            Self::Any => [Amount::UNKNOWN; 2],
        }
    }

    /// The most that is left.
    pub fn most(self) -> Option<i64> {
        match self {
            Self::Known([_, most]) | Self::UpTo([_, most]) => Some(most),
            Self::Any => None,
        }
    }

    /// Whether something is left.
    pub fn made(self) -> Certainty {
        match self {
            Self::Known([_, left]) => Certainty::known(left > 0),
            Self::UpTo(_) | Self::Any => Certainty::Maybe,
        }
    }

    /// The same where it is open whether it is paid.
    #[must_use]
    pub fn down_to_zero(self) -> Self {
        match self {
            Self::Known([gross, most]) if most > 0 => Self::UpTo([gross, most]),
            brief => brief,
        }
    }
}
