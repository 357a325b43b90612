//! The positions inside a node, in the order of the document.

use super::{Part, Position, Tree};

/// Positions that are not passed yet.
pub(super) struct Walk {
    at: Position,
    end: Position,
    /// Whether what is inside a part is passed too.
    deep: bool,
}

impl Walk {
    /// What is directly inside a node.
    pub(super) fn children(node: &Part, at: Position) -> Self {
        Walk {
            at: at.saturating_add(1),
            end: node.after,
            deep: false,
        }
    }

    /// A node and everything inside it.
    pub(super) fn all(node: &Part, at: Position) -> Self {
        Walk {
            at,
            end: node.after,
            deep: true,
        }
    }

    /// What stands after a part in the node around it.
    pub(super) fn following(part: &Part, around: &Part) -> Self {
        Walk {
            at: part.after,
            end: around.after,
            deep: false,
        }
    }

    /// The next that is wanted.
    pub(super) fn find(&mut self, tree: &Tree, wanted: impl Fn(&Part) -> bool) -> Option<Position> {
        while self.at < self.end {
            let (at, part) = (self.at, tree.part(self.at));
            self.at = if self.deep { at.saturating_add(1) } else { part.after };
            if wanted(part) {
                return Some(at);
            }
        }
        None
    }
}
