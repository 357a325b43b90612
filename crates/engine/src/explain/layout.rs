//! What an evaluator knows before any applicant: where it keeps which value, and what a fact may be while nothing is stated.

use la_arena::ArenaMap;
use meed_facts::ratio::Ratio;
use meed_facts::schema::{FactId, FactType};
use meed_facts::value::{Bound, Interval, Scalar};
use meed_rules::program::{MeasureId, Node, NodeId, Op, Program, Scope, ScopeId, ScopeKind};

use crate::value::Set;

/// The places of a Program's nodes and what else follows from it alone, computed once for many applicants.
#[derive(Clone, Debug)]
pub struct Layout {
    places: Vec<Place>,
    scopes: ArenaMap<ScopeId, Sizes>,
    applicant: Sizes,
    asked: Vec<MeasureId>,
    admitted: ArenaMap<NodeId, Set>,
}

/// Where a node's value is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// In frames of this scope; in the applicant's where `None`.
    pub scope: Option<ScopeId>,
    /// At this position.
    pub slot: u32,
}

/// What a frame of a scope has to hold.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sizes {
    /// How many nodes.
    pub nodes: u32,
    /// How many scopes are bound directly inside.
    pub inside: u32,
    /// The position of the scope among those of the scope it is bound in.
    pub position: u32,
}

impl Layout {
    /// The places for a Program.
    pub fn new(program: &Program) -> Self {
        let mut layout = Self {
            places: Vec::with_capacity(program.nodes.len()),
            scopes: program.scopes.iter().map(|(id, _)| (id, Sizes::default())).collect(),
            applicant: Sizes::default(),
            asked: program.nodes.values().filter_map(asked_by).collect(),
            admitted: ArenaMap::default(),
        };
        layout.asked.sort_unstable();
        layout.asked.dedup();
        for (id, scope) in program.scopes.iter() {
            let Some(outer) = bound_in(scope) else { continue };
            let position = next(&mut layout.sizes_mut(program, outer).inside);
            if let Some(sizes) = layout.scopes.get_mut(id) {
                sizes.position = position;
            }
        }
        for (id, node) in program.nodes.iter() {
            let slot = next(&mut layout.sizes_mut(program, node.scope).nodes);
            let inside = bound_in(&program.scopes[node.scope]).is_some();
            layout.places.push(Place {
                scope: inside.then_some(node.scope),
                slot,
            });
            if let Op::Fact { fact, .. } | Op::FactAt { fact, .. } = node.op {
                layout.admitted.insert(id, admitted(program, node, fact));
            }
        }
        layout
    }

    // Nodes that read no fact are shared between kinds of applicants, so all of these have one frame.
    fn sizes_mut(&mut self, program: &Program, scope: ScopeId) -> &mut Sizes {
        if bound_in(&program.scopes[scope]).is_none() {
            return &mut self.applicant;
        }
        self.scopes.entry(scope).or_default()
    }

    pub(crate) fn applicant(&self) -> Sizes {
        self.applicant
    }

    pub(crate) fn sizes(&self, program: &Program, scope: ScopeId) -> Sizes {
        if bound_in(&program.scopes[scope]).is_none() {
            return self.applicant;
        }
        self.scopes.get(scope).copied().unwrap_or_default()
    }

    /// The measures whose awards some node asks about (`gets`).
    pub(crate) fn asked(&self) -> &[MeasureId] {
        &self.asked
    }

    /// Where a node's value is kept; `None` for a node of another Program.
    pub(crate) fn place(&self, node: NodeId) -> Option<Place> {
        self.places.get(node.into_raw().into_u32() as usize).copied()
    }

    /// Any value that the vocabulary admits for the fact that a node reads.
    pub(crate) fn admitted(&self, node: NodeId) -> Option<&Set> {
        self.admitted.get(node)
    }
}

/// Any value of a node's type that the vocabulary admits for the fact.
fn admitted(program: &Program, node: &Node, fact: FactId) -> Set {
    let all = Set::all(&node.ty, &program.schema);
    let fact = &program.schema.facts[fact];
    let not_negative = matches!(fact.ty, FactType::Count).then(|| Interval {
        low: Some(Bound {
            value: Scalar::Number(Ratio::ZERO),
            closed: true,
        }),
        high: None,
    });
    let bounds = not_negative.iter().chain(&fact.bounds);
    bounds.fold(all, |set, bounds| set.within(bounds).unwrap_or(set))
}

/// The measure whose award a node asks about.
pub(crate) fn asked_by(node: &Node) -> Option<MeasureId> {
    match node.op {
        Op::Gets(measure) => Some(measure),
        _ => None,
    }
}

/// The scope whose frames hold the frames of this one.
pub(crate) fn bound_in(scope: &Scope) -> Option<ScopeId> {
    match &scope.kind {
        ScopeKind::Applicant(_) => None,
        ScopeKind::Inner { owner, .. } => Some(*owner),
        ScopeKind::Children { .. } | ScopeKind::Years { .. } | ScopeKind::Instalments => scope.parent,
    }
}

fn next(count: &mut u32) -> u32 {
    let position = *count;
    *count = count.saturating_add(1);
    position
}
