//! How many different values the instances of a scope have.

use std::collections::HashSet;

use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{NodeId, Type};

use super::Evaluator;
use super::aggregate::{Counted, whole};
use crate::value::{Set, Value};

impl Evaluator<'_> {
    /// At least the different values that are known and certainly count; at most one more for each value that is not known, and never more than the type has.
    pub(super) fn distinct(&self, counted: &Counted<'_>, value: Option<NodeId>) -> Value {
        let mut certain: HashSet<&Scalar> = HashSet::new();
        let mut all: HashSet<&Scalar> = HashSet::new();
        let (mut open, mut unlimited, mut one_at_least) = (0_usize, false, false);
        for (value, item) in counted.values() {
            let always = item.certain && !value.may_be_inapplicable();
            one_at_least |= always;
            unlimited |= item.repeats && value.set().is_some();
            match value.set() {
                Some(Set::One(one)) => {
                    all.insert(one);
                    if always {
                        certain.insert(one);
                    }
                }
                Some(_) => open = open.saturating_add(1),
                None => {}
            }
        }
        let least = certain.len().max(usize::from(one_at_least));
        let limit = value.and_then(|value| self.values_of_type(value));
        let most = (!unlimited).then(|| all.len().saturating_add(open));
        let most = match (most, limit) {
            (Some(most), Some(limit)) => Some(most.min(limit)),
            (most, limit) => most.or(limit),
        };
        let bound = |count: usize| Bound {
            value: Scalar::Number(whole(count)),
            closed: true,
        };
        let set = Set::range(Some(bound(least)), most.map(bound)).filter(|_| counted.may_be_ordinary(true));
        let (undefined, inapplicable) = (counted.may_be_undefined(), counted.may_not_apply());
        Value::new(set, undefined, inapplicable, counted.all_causes())
    }

    /// How many values a node's type has, where these are few.
    fn values_of_type(&self, node: NodeId) -> Option<usize> {
        match &self.program.nodes[node].ty {
            Type::Bool => Some(2),
            Type::Enumeration(id) => Some(self.program.schema.enumerations[*id].members.len()),
            _ => None,
        }
    }
}
