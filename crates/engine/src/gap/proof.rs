//! The whole condition evaluated with some of its conditions turned.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

use meed_facts::record::Record;
use meed_facts::value::Stated;
use meed_rules::program::NodeId;

use super::{Move, Turn};
use crate::explain::{Evaluator, Frame};
use crate::questions::stating::state;
use crate::value::{CausePlace, Value};

/// A way whose promise is put to the test.
pub struct Proof<'w, 'e, 'p> {
    pub evaluator: &'e Evaluator<'p>,
    pub record: &'w Record,
    /// What has to hold.
    pub whole: &'w [(NodeId, Frame)],
    /// What is turned together.
    pub turns: &'w BTreeSet<Turn>,
}

impl<'w> Proof<'w, '_, '_> {
    /// Whether the whole holds with all conditions turned: those that have a move here by moving the fact, which other conditions may read too, the rest by assumption.
    pub fn holds(&self, moves: &[(Turn, &Move)]) -> bool {
        self.outcome(moves).unwrap_or(false)
    }

    fn outcome(&self, moves: &[(Turn, &Move)]) -> Option<bool> {
        let record = self.moved(moves)?;
        let other = self.evaluator.retry(&record);
        let there = |frame| other.follow(&self.evaluator.route(frame)?);
        for turn in self.turns {
            if moves.iter().all(|(moved, _)| moved != turn) {
                other.suppose(turn.node, there(turn.frame)?, Value::bool(turn.wanted));
            }
        }
        for (node, frame) in self.whole {
            let value = other.value(*node, there(*frame)?);
            if value.as_bool() != Some(true) && !value.is_inapplicable() {
                return Some(false);
            }
        }
        Some(true)
    }

    /// The facts after the moves. Of two moves of a fact the one that goes further is made.
    fn moved(&self, moves: &[(Turn, &Move)]) -> Option<Cow<'w, Record>> {
        let mut record = Cow::Borrowed(self.record);
        for (_, one) in moves {
            let is_outdone = |other: &Move| {
                let order = other
                    .enough()
                    .zip(one.enough())
                    .and_then(|(other, one)| other.checked_cmp(&one));
                let further = if one.rises() { Ordering::Greater } else { Ordering::Less };
                other.place == one.place && order == Some(further)
            };
            if moves.iter().any(|(_, other)| is_outdone(other)) {
                continue;
            }
            let CausePlace::Fact {
                record: whose,
                fact,
                period,
            } = &one.place
            else {
                return None;
            };
            let stated = Stated::Value(one.enough()?);
            let schema = &self.evaluator.program().schema;
            if !state(schema, record.to_mut(), (whose, *fact, *period), stated) {
                return None;
            }
        }
        Some(record)
    }
}
