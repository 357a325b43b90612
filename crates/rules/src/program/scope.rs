//! Scopes: whose facts, and of which period, a node reads.
//!
//! A scope is a binding inside another. An *instance* of a scope is one binding of it (a hire, a year) inside an instance of its parent; an evaluator keeps one
//! table of values an instance. Children, years and instalments are all scopes, so a quantifier over hires and one over years are one operator.

use meed_facts::schema::{EntityId, FactId};

use super::{NodeId, ScopeId};

/// A binding inside another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The scope around it; `None` for an applicant.
    pub parent: Option<ScopeId>,
    /// What it binds.
    pub kind: ScopeKind,
}

/// What a scope binds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// The applicant, of this kind.
    Applicant(EntityId),
    /// Each child of a list.
    Children {
        /// The scope whose record holds the list: the parent or one around it.
        owner: ScopeId,
        /// The list.
        list: FactId,
        /// What its items are.
        entity: EntityId,
        /// The fact that orders them, for `previous`.
        by: Option<FactId>,
    },
    /// A single record held inside.
    Inner {
        /// The scope whose record holds it.
        owner: ScopeId,
        /// The fact that holds it.
        fact: FactId,
        /// What it is.
        entity: EntityId,
    },
    /// The `count` years that end with `to`, from the year of `since` on.
    Years {
        /// How many.
        count: u32,
        /// The last year: a node of type `Year` in the parent scope.
        to: NodeId,
        /// A date before whose year none is bound.
        since: Option<NodeId>,
    },
    /// One instalment of a measure that pays over time: its number, period and due date.
    Instalments,
}
