//! The days on which the condition of an obligation may turn: what was broken and mended between two others was broken.

use std::collections::BTreeSet;

use meed_facts::date::{Date, Days};
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{NodeId, Obligation, Op};

use crate::explain::{Evaluator, Frame};

/// The first day, the last, and the days between them on which the condition may become another. A comparison of the day with a date turns on that date or the day after
/// it; `None` where the condition reads the day in another way, so that every day may be one.
pub(super) fn days(
    evaluator: &Evaluator<'_>,
    obligation: &Obligation,
    line: Frame,
    (from, last): (Date, Date),
) -> Option<BTreeSet<Date>> {
    let mut walk = Walk {
        evaluator,
        obligation,
        line,
        days: BTreeSet::from([from, last]),
    };
    let turns = walk.turns_on_dates(obligation.keep);
    walk.days.retain(|day| (from..=last).contains(day));
    turns.then_some(walk.days)
}

/// Every day from `from` to `last`.
pub(super) fn every_day((from, last): (Date, Date)) -> BTreeSet<Date> {
    std::iter::successors(Some(from), |day| day.tomorrow().filter(|next| *next <= last)).collect()
}

struct Walk<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    obligation: &'e Obligation,
    line: Frame,
    days: BTreeSet<Date>,
}

impl Walk<'_, '_> {
    /// Collects the days on which a node may turn; `false` where that cannot be told.
    fn turns_on_dates(&mut self, node: NodeId) -> bool {
        if !self.hangs_on_day(node) {
            return true;
        }
        let program = self.evaluator.program();
        match &program.nodes[node].op {
            Op::Not(of) => self.turns_on_dates(*of),
            Op::All(conditions) | Op::Any(conditions) | Op::NoneOf(conditions) | Op::AtLeast(_, conditions) => {
                conditions.iter().all(|condition| self.turns_on_dates(condition.node))
            }
            Op::Named { args, body, .. } if args.is_empty() => self.turns_on_dates(*body),
            Op::Compare(_, a, b) => match (self.is_day(*a), self.is_day(*b)) {
                (true, false) if !self.hangs_on_day(*b) => self.add(*b),
                (false, true) if !self.hangs_on_day(*a) => self.add(*a),
                _ => false,
            },
            _ => false,
        }
    }

    fn is_day(&self, node: NodeId) -> bool {
        self.evaluator.program().nodes[node].op == Op::InstalmentFrom(self.obligation.scope)
    }

    fn hangs_on_day(&self, node: NodeId) -> bool {
        self.evaluator.program().nodes[node].scope == self.obligation.scope
    }

    fn add(&mut self, date: NodeId) -> bool {
        let (low, high) = self.evaluator.value(date, self.line).bounds();
        let day = |bound: Bound| match bound.value {
            Scalar::Date(day) => Some(day),
            _ => None,
        };
        for day in [low, high].into_iter().flatten().filter_map(day) {
            self.days
                .extend([Some(day), day.plus_days(Days(1))].into_iter().flatten());
        }
        true
    }
}
