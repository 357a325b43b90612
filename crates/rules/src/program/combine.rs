//! How awards combine, and funds.

use meed_facts::schema::{AgencyId, EntityId, Named};

use super::{CombineId, MeasureId, NodeId, OriginId};

/// A combination clause.
#[derive(Clone, Debug)]
pub struct Combine {
    /// Name and label.
    pub named: Named,
    /// Where it stands.
    pub origin: OriginId,
    /// What it does.
    pub form: CombineForm,
    /// Members in the clause's order, one entry for each kind of applicant the member is for.
    pub members: Vec<Member>,
    /// Whether lines are taken together only within one calendar year: earlier awards of other years do not count.
    pub per_year: bool,
    /// Who judges whether keys are the same, where the text leaves it to somebody; keys that differ in the facts are then unknown.
    pub judged_by: Option<AgencyId>,
    /// Clauses that come before it because the text says so, directly or through others.
    pub after: Vec<CombineId>,
}

/// A member of a clause.
#[derive(Clone, Debug)]
pub struct Member {
    /// The measure.
    pub measure: MeasureId,
    /// The kind of applicant that the nodes are for.
    pub entity: EntityId,
    /// What is the same for lines taken together, all of it, in the line's scope; the applicant where there is none.
    pub keys: Vec<NodeId>,
    /// A ceiling's amount for this member's key; the same value for equal keys.
    pub limit: Option<NodeId>,
    /// Other public money that counts towards the ceiling.
    pub counting: Option<NodeId>,
}

/// What a clause does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CombineForm {
    /// Only the highest.
    HighestOf,
    /// One of them; `precedence` where the first goes before the others.
    Exclusive {
        /// `a before b, c`.
        precedence: bool,
    },
    /// The rung reached, less what the ladder paid before. Members from the lowest rung.
    TopUp,
    /// Together at most a limit.
    AtMost(Cut),
    /// The text is silent.
    Unresolved,
}

/// How a ceiling cuts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The text does not say.
    Unsaid,
    /// In proportion to the amounts.
    InProportion,
    /// These first, in this order.
    Order(Vec<MeasureId>),
}

/// A sum of money that several measures share.
#[derive(Clone, Debug)]
pub struct Fund {
    /// Name and label.
    pub named: Named,
    /// Where it stands.
    pub origin: OriginId,
    /// Amounts by calendar year.
    pub years: Vec<(i16, NodeId)>,
    /// Measures it pays for.
    pub covers: Vec<MeasureId>,
    /// What happens when it is short.
    pub when_short: WhenShort,
}

/// The name of the fact that says when somebody applied, by which `first come` orders.
pub const APPLIED_AT: &str = "applied_at";

/// What happens when a fund is short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhenShort {
    /// The text does not say.
    Unsaid,
    /// All in proportion.
    ProRata,
    /// The higher value first: a node for each kind of applicant.
    ByPriority(Vec<(EntityId, NodeId)>),
    /// By the fact `applied_at`.
    FirstCome,
    /// So many awards at most.
    Quota(NodeId),
}
