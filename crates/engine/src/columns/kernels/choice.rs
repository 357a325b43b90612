//! Choices: the hull of everything that may be reached (`explain::choice`).

use meed_facts::date::Span;
use meed_facts::value::Bound;
use meed_rules::program::{Arm, NodeId, Op};

use super::super::range::{End, Range};
use super::super::run::{At, Run};
use super::super::vector::{Vector, set_bit};
use crate::explain::days_of;

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn choice(&mut self, at: At<'_>, out: &mut Vector<'b>) {
        let program = self.plan.program;
        match &program.nodes[at.node].op {
            Op::Cases { rows, otherwise } => self.cases(at, rows, *otherwise, out),
            Op::Choose { arms, otherwise } => self.choose(at, arms, *otherwise, out),
            Op::Unclear(readings) => readings
                .iter()
                .for_each(|(_, node)| self.reach(at, *node, at.rows, out)),
            Op::Versions { on, branches } => self.versions(at, *on, branches, out),
            _ => {}
        }
        out.settle(at.rows);
    }

    /// Adds a node's values to what some rows may be.
    pub(super) fn reach(&mut self, at: At<'_>, node: NodeId, rows: &[u64], out: &mut Vector<'b>) {
        if rows.iter().all(|rows| *rows == 0) {
            return;
        }
        self.need(node, at.table, rows);
        let operand = self.operand(node, at.table);
        let left: Vec<u64> = (rows.iter().enumerate())
            .map(|(index, rows)| {
                if *rows == 0 {
                    0
                } else {
                    out.add_word(operand, index, *rows)
                }
            })
            .collect();
        let unfit: Vec<usize> = meed_facts::batch::rows_of(left.into_iter())
            .filter(|row| !operand.add_to(out, *row))
            .collect();
        unfit.into_iter().for_each(|row| self.escape(at.table, row));
    }

    /// The rows where what a condition guards may be reached, and those where it may be passed over.
    pub(super) fn guards(&mut self, at: At<'_>, guard: NodeId, rows: &[u64]) -> Vec<(u64, u64)> {
        self.need(guard, at.table, rows);
        let operand = self.operand(guard, at.table);
        let guards = |(index, rows): (usize, &u64)| {
            let [yes, no, undefined, inapplicable] = operand.truth_words(index);
            ((yes | undefined) & rows, (no | undefined | inapplicable) & rows)
        };
        rows.iter().enumerate().map(guards).collect()
    }

    fn cases(&mut self, at: At<'_>, cases: &[(NodeId, NodeId)], otherwise: Option<NodeId>, out: &mut Vector<'b>) {
        let mut open = at.rows.to_vec();
        for (guard, value) in cases {
            if open.iter().all(|rows| *rows == 0) {
                return;
            }
            let guards = self.guards(at, *guard, &open);
            let reached: Vec<u64> = guards.iter().map(|(hold, _)| *hold).collect();
            self.reach(at, *value, &reached, out);
            open = guards.iter().map(|(_, fail)| *fail).collect();
        }
        self.otherwise(at, otherwise, &open, out);
    }

    fn otherwise(&mut self, at: At<'_>, otherwise: Option<NodeId>, rows: &[u64], out: &mut Vector<'b>) {
        match otherwise {
            Some(node) => self.reach(at, node, rows, out),
            None => out.add_undefined(rows),
        }
    }

    fn choose(&mut self, at: At<'_>, arms: &[Arm], otherwise: Option<NodeId>, out: &mut Vector<'b>) {
        let mut applies = Vec::new();
        for arm in arms {
            applies.push(match arm.guard {
                Some(guard) => self.guards(at, guard, at.rows),
                None => at.rows.iter().map(|rows| (*rows, 0)).collect(),
            });
        }
        let certain = |(hold, fail): &(u64, u64)| hold & !fail;
        for ((arm, own), position) in arms.iter().zip(&applies).zip(0_u16..) {
            let mut reached: Vec<u64> = own.iter().map(|(hold, _)| *hold).collect();
            for (other, guards) in arms.iter().zip(&applies) {
                if other.overrides.contains(&position) {
                    for (reached, guard) in reached.iter_mut().zip(guards) {
                        *reached &= !certain(guard);
                    }
                }
            }
            self.reach(at, arm.value, &reached, out);
        }
        // Of the rules that apply one is overridden by none, so there is no result only where none applies.
        let mut none = at.rows.to_vec();
        for guards in &applies {
            none.iter_mut()
                .zip(guards)
                .for_each(|(none, guard)| *none &= !certain(guard));
        }
        self.otherwise(at, otherwise, &none, out);
    }

    fn versions(&mut self, at: At<'_>, on: NodeId, branches: &[(Span, NodeId)], out: &mut Vector<'b>) {
        self.need(on, at.table, at.rows);
        let empty = vec![0; at.rows.len()];
        let mut reached = vec![empty.clone(); branches.len()];
        let (mut uncovered, mut undefined, mut inapplicable) = (empty.clone(), empty.clone(), empty);
        let days = self.operand(on, at.table);
        for row in at.each() {
            let on = days.number(row);
            set_bit(&mut undefined, row, on.undefined);
            set_bit(&mut inapplicable, row, on.inapplicable);
            let Some(day) = on.set else { continue };
            let mut pieces = vec![day];
            for ((span, _), reached) in branches.iter().zip(&mut reached) {
                let span = range_of_days(*span);
                if day.within(&span).is_some() {
                    set_bit(reached, row, true);
                    pieces = pieces.iter().flat_map(|piece| outside(piece, &span)).collect();
                }
            }
            set_bit(&mut uncovered, row, !pieces.is_empty());
        }
        out.add_undefined(&undefined);
        out.add_inapplicable(&inapplicable);
        for ((_, branch), rows) in branches.iter().zip(&reached) {
            self.reach(at, *branch, rows, out);
        }
        let any = self.any_of_type(at.node);
        for row in meed_facts::batch::rows_of(uncovered.iter().copied()) {
            any.add_to(out, row);
        }
    }
}

/// The days of a span.
fn range_of_days(span: Span) -> Range {
    let days = days_of(span);
    let end = |bound: &Option<Bound>| bound.as_ref().and_then(End::of);
    Range {
        low: end(&days.low),
        high: end(&days.high),
    }
}

/// What lies below and above a range.
fn outside(of: &Range, range: &Range) -> impl Iterator<Item = Range> {
    let opposite = |end: End| End {
        closed: !end.closed,
        ..end
    };
    let below = range.low.map(|low| Range {
        low: None,
        high: Some(opposite(low)),
    });
    let above = range.high.map(|high| Range {
        low: Some(opposite(high)),
        high: None,
    });
    let of = *of;
    below
        .into_iter()
        .chain(above)
        .map(move |piece| of.within(&piece))
        .filter(Range::is_some)
}
