//! What must be a line's alone among all applicants' lines: `unique EXPR`. One determination states it; a round compares it (`semantics.md` §7).

use std::sync::Arc;

use meed_facts::schema::EntityId;
use meed_facts::value::Scalar;
use meed_rules::program::{Measure, MeasureRules, NodeId};

use crate::value::Value;

/// The values that must be unique, for one kind of applicant.
pub(crate) enum Uniques<'p> {
    /// The same ones in all versions.
    Known(&'p [NodeId]),
    /// Versions differ: so many values, which are not known.
    Unknown(usize),
}

impl<'p> Uniques<'p> {
    pub fn of(measure: &'p Measure, entity: EntityId) -> Self {
        let versions = || measure.rules.iter().filter(|rules| rules.entity == entity);
        let first: &[NodeId] = versions().next().map_or(&[], |rules| &rules.unique);
        if versions().all(|rules: &MeasureRules| rules.unique == first) {
            Self::Known(first)
        } else {
            Self::Unknown(versions().map(|rules| rules.unique.len()).max().unwrap_or(0))
        }
    }
}

/// A value as a key, where it is known.
pub(crate) fn key(value: &Value) -> Option<Arc<str>> {
    Some(match value.as_known()? {
        Scalar::Text(text) => text.clone(),
        Scalar::Number(number) => number.to_string().into(),
        Scalar::Date(date) => date.to_string().into(),
        Scalar::Months(whole) | Scalar::Days(whole) => whole.to_string().into(),
        Scalar::Member(position) => position.to_string().into(),
        Scalar::Bool(truth) => truth.to_string().into(),
    })
}
