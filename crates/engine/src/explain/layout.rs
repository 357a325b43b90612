//! Where an evaluator keeps which value: a place for each node in the frames of its scope.

use la_arena::ArenaMap;
use meed_rules::program::{NodeId, Program, Scope, ScopeId, ScopeKind};

/// The places of a Program's nodes, computed once for many applicants.
#[derive(Clone, Debug)]
pub struct Layout {
    slots: Vec<u32>,
    scopes: ArenaMap<ScopeId, Sizes>,
    applicant: Sizes,
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
            slots: Vec::with_capacity(program.nodes.len()),
            scopes: program.scopes.iter().map(|(id, _)| (id, Sizes::default())).collect(),
            applicant: Sizes::default(),
        };
        for (id, scope) in program.scopes.iter() {
            let Some(outer) = bound_in(scope) else { continue };
            let position = next(&mut layout.sizes_mut(program, outer).inside);
            if let Some(sizes) = layout.scopes.get_mut(id) {
                sizes.position = position;
            }
        }
        for (_, node) in program.nodes.iter() {
            let slot = next(&mut layout.sizes_mut(program, node.scope).nodes);
            layout.slots.push(slot);
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

    pub(crate) fn slot(&self, node: NodeId) -> usize {
        let index = node.into_raw().into_u32() as usize;
        self.slots.get(index).copied().unwrap_or(0) as usize
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
