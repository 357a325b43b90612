//! Yes, no, or not yet known.

/// What is known of a yes-or-no question about an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Certainty {
    /// It is not so, whatever else becomes known.
    No,
    /// Either may turn out.
    Maybe,
    /// It is so, whatever else becomes known.
    Yes,
}

impl Certainty {
    /// A known answer.
    pub fn known(answer: bool) -> Self {
        if answer { Self::Yes } else { Self::No }
    }

    /// Whether both hold.
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Whether one of the two holds.
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether it does not hold.
    pub fn negated(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }

    /// What both answers leave open when either may be the right one.
    pub fn hull(self, other: Self) -> Self {
        if self == other { self } else { Self::Maybe }
    }

    /// Whether yes may turn out.
    pub fn possible(self) -> bool {
        self != Self::No
    }

    /// Whether yes is certain.
    pub fn certain(self) -> bool {
        self == Self::Yes
    }
}

/// Whether one of several holds.
pub fn any(answers: impl IntoIterator<Item = Certainty>) -> Certainty {
    answers.into_iter().fold(Certainty::No, Certainty::or)
}
