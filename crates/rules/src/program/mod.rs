//! The Program: what a package means on a date.
//!
//! A directed acyclic graph of typed nodes. Names, types, units, periods and versions are resolved; what is left depends on facts only. Both evaluators, the
//! analyser, the question planner and the form generator read this one structure.
//!
//! INVARIANT: a node's operands have smaller ids than the node; a node's operands lie in its own scope or one around it, except the
//! inner nodes of [`Op::Aggregate`], [`Op::Previous`], which lie in the scope that the operator names.

mod combine;
mod measure;
mod node;
mod operands;
mod origin;
mod rename;
mod scope;
mod table;
mod types;

use std::sync::Arc;

use la_arena::{Arena, Idx};
use meed_facts::calendar::Calendar;
use meed_facts::date::Date;
use meed_facts::label::Label;
use meed_facts::money::Currency;
use meed_facts::schema::{EntityId, Named, Schema, TitleId};

pub use combine::*;
pub use measure::*;
pub use node::*;
pub use origin::*;
pub use rename::*;
pub use scope::*;
pub use table::*;
pub use types::*;

/// A node of the Program.
pub type NodeId = Idx<Node>;
/// A scope of the Program.
pub type ScopeId = Idx<Scope>;
/// A named value of the Program.
pub type NameId = Idx<NamedValue>;
/// A measure.
pub type MeasureId = Idx<Measure>;
/// A combination clause.
pub type CombineId = Idx<Combine>;
/// A decision table, score or scale.
pub type TableId = Idx<Table>;
/// A place in a document.
pub type OriginId = Idx<Origin>;
/// A document of the package.
pub type DocumentId = Idx<Document>;

/// What a package means on one date.
#[derive(Clone, Debug)]
pub struct Program {
    /// Which package.
    pub package: PackageInfo,
    /// The date of determinations made with this Program.
    pub date: Date,
    /// The vocabulary.
    pub schema: Arc<Schema>,
    /// The jurisdiction's working days.
    pub calendar: Arc<Calendar>,
    /// Documents, for citations.
    pub documents: Arena<Document>,
    /// Places.
    pub origins: Arena<Origin>,
    /// Scopes: whose facts a node reads.
    pub scopes: Arena<Scope>,
    /// Nodes in evaluation order.
    pub nodes: Arena<Node>,
    /// Decision tables, scores and scales.
    pub tables: Arena<Table>,
    /// Definitions, parameters and criteria that have a name.
    pub names: Arena<NamedValue>,
    /// Named values without parameters by their entity's root scope, for `meed eval` and cases: name → (what, node).
    pub values: Vec<(NameId, EntityId, NodeId)>,
    /// Titles' criteria on the date.
    pub titles: Vec<TitleRules>,
    /// Measures, those that are not in force on the date included.
    pub measures: Arena<Measure>,
    /// Measures so that each follows those it asks about with `gets`.
    pub order: Vec<MeasureId>,
    /// Services.
    pub services: Vec<Service>,
    /// Combination clauses, in the order in which they apply: groups, then ladders, then ceilings, the narrower key first.
    pub combines: Arena<Combine>,
    /// Funds.
    pub funds: Vec<Fund>,
}

/// Identity of a package.
#[derive(Clone, Debug)]
pub struct PackageInfo {
    /// Its name.
    pub name: Arc<str>,
    /// Its version.
    pub version: Arc<str>,
    /// Its title.
    pub title: Label,
    /// `sha256:…` over its files.
    pub digest: Arc<str>,
    /// Its jurisdiction, e.g. `CN-230100`.
    pub jurisdiction: Arc<str>,
    /// The currency of its amounts.
    pub currency: Currency,
}

/// A value that has a name in the package.
#[derive(Clone, Debug)]
pub struct NamedValue {
    /// Name and label.
    pub named: Named,
    /// What kind of thing bears the name.
    pub kind: NameKind,
    /// Where it stands.
    pub origin: OriginId,
}

/// What bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// `define`.
    Definition,
    /// `parameter`.
    Parameter,
    /// A score sheet or one of its groups (`sheet.group`).
    Sheet,
    /// A title's criteria.
    Criteria,
}

/// A title's rule book on the date.
#[derive(Clone, Debug)]
pub struct TitleRules {
    /// The title.
    pub title: TitleId,
    /// Where it stands.
    pub origin: OriginId,
    /// Whether its criteria are met, bars included; `None` where no document states criteria on the date.
    pub meets: Option<NodeId>,
    /// The agency that grants it.
    pub granted_by: Option<meed_facts::schema::AgencyId>,
    /// How often it is reviewed.
    pub review: Option<meed_facts::date::Months>,
}
