//! Grows the Program's graph: each operation once per scope, each node in the innermost scope it depends on.

use std::hash::{BuildHasher as _, BuildHasherDefault};

use la_arena::Arena;
use rustc_hash::{FxHashMap, FxHasher};

use crate::program::{Node, NodeId, Op, OriginId, Scope, ScopeId, ScopeKind, Type};

/// The graph while it grows.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub(super) nodes: Arena<Node>,
    pub(super) scopes: Arena<Scope>,
    depths: Vec<u32>,
    /// By the hash of what they are, or by the next number where another node has it.
    known_nodes: FxHashMap<u64, NodeId>,
    known_scopes: FxHashMap<Scope, ScopeId>,
}

/// Where a node will be that is not there yet.
#[derive(Debug)]
pub(super) struct Vacancy {
    scope: ScopeId,
    /// Under which it is found again.
    key: Option<u64>,
}

impl Builder {
    /// The node that does `op`, where there is one, or else the place to put it at. Its scope is the innermost of its operands', `root` where it has none.
    pub(super) fn find(&self, op: &Op, ty: &Type, root: ScopeId) -> Result<NodeId, Vacancy> {
        let scope = self.scope_of(op, root);
        if op.is_of_its_place() {
            return Err(Vacancy { scope, key: None });
        }
        // A constant of one enumeration is not that of another, so the type is part of what a node is.
        let mut key = BuildHasherDefault::<FxHasher>::default().hash_one((op, ty, scope));
        while let Some(known) = self.known_nodes.get(&key) {
            let node = &self.nodes[*known];
            if node.op == *op && node.ty == *ty && node.scope == scope {
                return Ok(*known);
            }
            key = key.wrapping_add(1);
        }
        Err(Vacancy { scope, key: Some(key) })
    }

    /// A new node, for which there was none.
    pub(super) fn add(&mut self, at: Vacancy, op: Op, ty: Type, origin: OriginId) -> NodeId {
        let scope = at.scope;
        let node = self.nodes.alloc(Node { op, ty, scope, origin });
        if let Some(key) = at.key {
            self.known_nodes.insert(key, node);
        }
        node
    }

    /// The scope that binds `kind` inside `parent`, made if there is none.
    pub(super) fn scope(&mut self, parent: Option<ScopeId>, kind: ScopeKind) -> ScopeId {
        let scope = Scope { parent, kind };
        if let Some(known) = self.known_scopes.get(&scope) {
            return *known;
        }
        let depth = parent.map_or(0, |parent| self.depth(parent).saturating_add(1));
        let id = self.scopes.alloc(scope.clone());
        self.depths.push(depth);
        self.known_scopes.insert(scope, id);
        id
    }

    /// A new `Instalments` scope: never shared, since two series have different periods.
    pub(super) fn instalments(&mut self, parent: ScopeId) -> ScopeId {
        let depth = self.depth(parent).saturating_add(1);
        self.depths.push(depth);
        self.scopes.alloc(Scope {
            parent: Some(parent),
            kind: ScopeKind::Instalments,
        })
    }

    pub(super) fn depth(&self, scope: ScopeId) -> u32 {
        let index = usize::try_from(scope.into_raw().into_u32()).unwrap_or(usize::MAX);
        self.depths.get(index).copied().unwrap_or(0)
    }

    fn scope_of(&self, op: &Op, root: ScopeId) -> ScopeId {
        match op {
            Op::Aggregate { over, .. } => return self.scopes[*over].parent.unwrap_or(root),
            Op::Previous { over, .. } => return *over,
            _ => {}
        }
        let mut innermost = match op {
            Op::Fact { of, .. }
            | Op::FactAt { of, .. }
            | Op::Holds { of, .. }
            | Op::Newly { of, .. }
            | Op::Granted { of, .. }
            | Op::Had { of, .. } => *of,
            Op::BoundYear(scope)
            | Op::InstalmentFrom(scope)
            | Op::InstalmentYear(scope)
            | Op::InstalmentMonth(scope)
            | Op::InstalmentDue(scope) => *scope,
            _ => root,
        };
        op.operands(&mut |operand| {
            let scope = self.nodes[operand].scope;
            if self.depth(scope) > self.depth(innermost) {
                innermost = scope;
            }
        });
        innermost
    }
}

impl Op {
    /// What the text leaves open is a matter of its place: two holes are never one.
    pub(super) fn is_of_its_place(&self) -> bool {
        matches!(self, Op::Hole(_) | Op::Unclear(_))
    }
}
