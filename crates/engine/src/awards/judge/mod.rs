//! One measure for one applicant: its lines, their verdicts, and their amounts before anything is combined.

mod choice;
mod lines;
mod pay;
mod payments;
mod periods;
mod series;
mod version;
mod versions;

use std::sync::Arc;

use meed_facts::schema::FactId;
use meed_rules::program::{MeasureId, MeasureRules, NodeId, OriginId};
use smallvec::SmallVec;

use crate::explain::{Evaluator, Frame};
use crate::value::Causes;

use super::amount::Amount;
use super::certainty::Certainty;
use super::claim::Step;
use super::unique::{self, Uniques};
use super::verdict::{Verdict, Why};

pub(crate) use choice::{Candidate, Choice, Day};
pub use lines::{Place, Places, measure, places};
pub use pay::{Paid, amount_of};
pub use payments::Payments;
pub(crate) use periods::{Between, Bounds};
pub use periods::{Extent, Period, Running, Timing, offset};
pub use series::Instalment;
pub use version::{Judged, Version};
pub(crate) use versions::day_bounds;

/// A line of a measure before combination.
#[derive(Clone, Debug)]
pub struct Draft<'p> {
    /// The measure.
    pub measure: MeasureId,
    /// The line's key, where it is for a child whose key is known.
    pub key: Option<Arc<str>>,
    /// What kind of line it is.
    pub kind: DraftKind,
    /// The versions it may fall under; one where the version is known.
    pub versions: SmallVec<[Version<'p>; 1]>,
    /// What the conditions come to.
    pub verdict: Verdict,
    /// What is due in the period asked about, before combination: 0 where not eligible, from 0 where undetermined.
    pub amount: Amount,
    /// What else it may fall under than these versions.
    pub besides: Besides,
    /// The steps that led to the amount.
    pub steps: Vec<Step>,
    /// Whether an officer sets the amount below the one stated.
    pub assessed: bool,
    /// Whether an award above nothing is made, as far as conditions and formula tell.
    pub made: Certainty,
    /// Why verdict or amount are not known.
    pub causes: Causes,
}

/// What a line may fall under when it falls under none of its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Besides {
    /// It falls under one of them.
    Nothing,
    /// None may be in force.
    OutOfForce,
    /// A version may be in force that the package does not know.
    Unwritten,
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftKind {
    /// The applicant.
    Applicant,
    /// A known child.
    Child,
    /// Children that an incomplete list does not name.
    Rest(FactId),
    /// Nobody: the list of children is complete and empty.
    Empty(FactId),
    /// Nobody: no version is in force; where the nearest one stands.
    OutOfForce(Option<OriginId>),
    /// Nobody: the measure is for other kinds of applicants.
    OtherKind,
}

impl<'p> Draft<'p> {
    /// A line that cannot be eligible.
    fn refused(measure: MeasureId, kind: DraftKind, why: Why) -> Self {
        Self {
            measure,
            key: None,
            kind,
            versions: SmallVec::new(),
            verdict: Verdict::NotEligible(why),
            amount: Amount::ZERO,
            besides: Besides::Nothing,
            steps: Vec::new(),
            assessed: false,
            made: Certainty::No,
            causes: Causes::NONE,
        }
    }

    /// A line that falls under one version.
    fn of_version(measure: MeasureId, place: &Place, judged: Judged<'p>) -> Self {
        let refused = matches!(judged.verdict, Verdict::NotEligible(_));
        let known = refused || judged.amount.value().is_some() && judged.verdict == Verdict::Eligible;
        Self {
            measure,
            key: place.key.clone(),
            kind: place.kind,
            verdict: judged.verdict,
            amount: judged.amount,
            besides: Besides::Nothing,
            steps: judged.steps,
            assessed: judged.assessed,
            made: judged.made,
            causes: if known { Causes::NONE } else { judged.causes },
            versions: SmallVec::from_buf([judged.version]),
        }
    }

    /// The rules and the frame of the line's nodes, where there is a version.
    pub fn rules(&self) -> Option<(&'p MeasureRules, Frame)> {
        self.versions.first().map(|version| (version.rules, version.frame))
    }

    /// What must be unique among all applicants' lines; `None` what is not known.
    pub(crate) fn unique(&self, evaluator: &Evaluator<'_>) -> Vec<Option<Arc<str>>> {
        let program = evaluator.program();
        let entity = evaluator.record_of(evaluator.root()).map(|record| record.entity);
        let Some(entity) = entity else { return Vec::new() };
        match Uniques::of(&program.measures[self.measure], entity) {
            Uniques::Unknown(count) => vec![None; count],
            Uniques::Known(nodes) => {
                let frame = self.rules().map(|(_, frame)| frame);
                let key = |node: &NodeId| frame.and_then(|frame| unique::key(evaluator.value(*node, frame)));
                nodes.iter().map(key).collect()
            }
        }
    }
}

/// The texts of a child's key, where it is known.
fn key_of(evaluator: &Evaluator<'_>, frame: Frame, key: Option<FactId>) -> Option<Arc<str>> {
    use meed_facts::value::{Scalar, Stated};
    match evaluator.record_of(frame)?.facts.get(key?)? {
        Stated::Value(Scalar::Text(text)) => Some(text.clone()),
        Stated::Value(Scalar::Number(number)) => Some(number.to_string().into()),
        _ => None,
    }
}
