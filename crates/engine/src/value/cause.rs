//! Why a value is not known, and where the gap is.

use std::cmp::Ordering;
use std::sync::Arc;

use meed_facts::date::Period;
use meed_facts::schema::{FactId, TitleId};
use meed_rules::program::{MeasureId, NodeId};

/// Why something is not known (`semantics.md` §1.3). The first two are questions; the last three go to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CauseKind {
    /// It has not been stated, or only as a range.
    Missing,
    /// A role has still to judge it.
    Judgement,
    /// The applicant declined to say.
    Refused,
    /// It has no value: a division by zero, an empty average, no rule that applies.
    Undefined,
    /// The text at hand is silent.
    TextMissing,
    /// The law contradicts itself or can be read in several ways.
    Conflict,
}

impl CauseKind {
    /// Whether somebody can be asked.
    pub fn is_question(self) -> bool {
        matches!(self, CauseKind::Missing | CauseKind::Judgement)
    }
}

/// Which record inside an applicant's: the way from the applicant to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordPath(Option<Arc<[Step]>>);

/// One step into a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step {
    /// The fact that holds the record.
    pub holder: FactId,
    /// Which of the records it holds.
    pub item: Item,
}

/// Which of the records that a fact holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// The only one.
    Inner,
    /// The one at this position of the record, from 0.
    At(u32),
    /// Those that an incomplete list does not name.
    Rest,
}

impl RecordPath {
    /// The applicant's own record.
    pub const APPLICANT: Self = Self(None);

    /// The record one step further in.
    pub fn step(&self, holder: FactId, item: Item) -> Self {
        let steps = self.steps().iter().copied().chain([Step { holder, item }]);
        Self(Some(steps.collect()))
    }

    /// The steps from the applicant.
    pub fn steps(&self) -> &[Step] {
        self.0.as_deref().unwrap_or_default()
    }
}

/// What would have to become known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CausePlace {
    /// A fact of a record, in a period where it has one.
    Fact {
        /// Whose.
        record: RecordPath,
        /// Which.
        fact: FactId,
        /// In which period.
        period: Option<Period>,
    },
    /// The items of a list that are not known.
    List {
        /// Whose.
        record: RecordPath,
        /// Which.
        list: FactId,
    },
    /// A record's titles.
    Title {
        /// Whose.
        record: RecordPath,
        /// Which title.
        title: TitleId,
    },
    /// Earlier awards of a measure.
    Awards(MeasureId),
    /// Which measure of an exclusive group was chosen.
    Chosen(Arc<str>),
    /// Whether another measure's award is made now.
    Gets(MeasureId),
    /// A place in the text: a hole, readings or rules that disagree, an expression without value.
    Node(NodeId),
    /// A divisor that is 0 or may be.
    Divisor(NodeId),
    /// An expression whose value is too large to be computed or paid.
    TooLarge(NodeId),
}

/// One reason why a value is not known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cause {
    /// What kind of gap it is.
    pub kind: CauseKind,
    /// Where it is.
    pub place: CausePlace,
}

/// Reasons, sorted and each once; cheap to clone and to merge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Causes(Option<Arc<[Cause]>>);

impl Causes {
    /// No reason.
    pub const NONE: Self = Self(None);

    /// One reason.
    pub fn one(kind: CauseKind, place: CausePlace) -> Self {
        Self(Some(Arc::from([Cause { kind, place }])))
    }

    /// One reason at a node.
    pub fn at(kind: CauseKind, node: NodeId) -> Self {
        Self::one(kind, CausePlace::Node(node))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The reasons in order.
    pub fn iter(&self) -> impl Iterator<Item = &Cause> {
        self.0.as_deref().unwrap_or_default().iter()
    }

    /// Adds the reasons of another.
    #[inline]
    pub fn merge(&mut self, other: &Self) {
        if let Some(theirs) = &other.0 {
            self.add(theirs);
        }
    }

    fn add(&mut self, theirs: &Arc<[Cause]>) {
        self.0 = Some(match &self.0 {
            Some(mine) if includes(mine, theirs) => return,
            Some(mine) if !includes(theirs, mine) => merged(mine, theirs),
            _ => theirs.clone(),
        });
    }

    /// The reasons of both.
    pub fn union(mut self, other: &Self) -> Self {
        self.merge(other);
        self
    }
}

/// Whether all of the other's reasons are among these. Most values that meet are unknown for the same reason.
fn includes(all: &Arc<[Cause]>, some: &Arc<[Cause]>) -> bool {
    let mut rest = all.iter();
    Arc::ptr_eq(all, some) || some.iter().all(|cause| rest.any(|known| known == cause))
}

fn merged(mine: &[Cause], theirs: &[Cause]) -> Arc<[Cause]> {
    let mut result = Vec::with_capacity(mine.len().saturating_add(theirs.len()));
    let (mut mine, mut theirs) = (mine.iter().peekable(), theirs.iter().peekable());
    loop {
        let next = match (mine.peek(), theirs.peek()) {
            (Some(a), Some(b)) => match a.cmp(b) {
                Ordering::Less => mine.next(),
                Ordering::Greater => theirs.next(),
                Ordering::Equal => {
                    theirs.next();
                    mine.next()
                }
            },
            (Some(_), None) => mine.next(),
            (None, _) => theirs.next(),
        };
        match next {
            Some(cause) => result.push(cause.clone()),
            None => return result.into(),
        }
    }
}
