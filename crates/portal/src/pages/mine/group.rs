//! In which of four groups a line of a determination stands for its applicant.

use meed_engine::awards::verdict::{Verdict, Why};
use meed_engine::result::{AwardLine, Gap, MissingLine, Reason, ReasonKind, TitleLine};
use meed_facts::date::Date;

/// How near something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// It can be had now.
    Ready,
    /// Little is missing: two facts that somebody can state, or one that moves.
    Almost,
    /// More has to be known.
    Open,
    /// The rules do not give it.
    Not,
}

/// How many facts may be missing for something to be almost there.
const FEW: usize = 2;

impl Group {
    /// All, the nearest first.
    pub const ALL: [Self; 4] = [Self::Ready, Self::Almost, Self::Open, Self::Not];

    /// The name that words and style sheet have for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Almost => "almost",
            Self::Open => "open",
            Self::Not => "not",
        }
    }

    /// The group of an award line today; none, where it is for others, not in force, or comes to nothing.
    pub fn of_line(line: &AwardLine, today: Date) -> Option<Self> {
        if is_for_others(&line.reasons) {
            return None;
        }
        match line.verdict {
            Verdict::NotEligible(Why::NotInForce | Why::NotApplicable) => None,
            Verdict::Eligible if line.amount.high.is_some_and(|high| high.is_zero()) => None,
            Verdict::Eligible => Some(Self::Ready),
            Verdict::Undetermined if is_little(&line.missing) => Some(Self::Almost),
            Verdict::Undetermined => Some(Self::Open),
            Verdict::NotEligible(Why::Conditions) if line.gap.iter().any(|gap| is_near(gap, today)) => {
                Some(Self::Almost)
            }
            Verdict::NotEligible(Why::Conditions) => Some(Self::Not),
        }
    }

    /// The group of a title; none, where it is for others, or no document states its criteria.
    pub fn of_title(line: &TitleLine) -> Option<Self> {
        if is_for_others(&line.reasons) {
            return None;
        }
        match line.met? {
            Verdict::Eligible => Some(Self::Ready),
            Verdict::Undetermined if is_little(&line.missing) => Some(Self::Almost),
            Verdict::Undetermined => Some(Self::Open),
            Verdict::NotEligible(Why::Conditions) => Some(Self::Not),
            Verdict::NotEligible(_) => None,
        }
    }
}

/// Whether a line is for other kinds of applicants.
pub fn is_for_others(reasons: &[Reason]) -> bool {
    reasons.iter().any(|reason| reason.kind == ReasonKind::OtherApplicants)
}

/// Whether few facts are missing, each of which somebody can state; what the text leaves open nobody can.
fn is_little(missing: &[MissingLine]) -> bool {
    (1..=FEW).contains(&missing.len()) && missing.iter().all(|one| one.source.is_some())
}

/// Whether one condition fails, and one fact alone that can still move would turn it.
fn is_near(gap: &Gap, today: Date) -> bool {
    matches!(gap.conditions.as_slice(), [one] if one.moves.iter().any(|one| !one.is_settled(today)))
}
