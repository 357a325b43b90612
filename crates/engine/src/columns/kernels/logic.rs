//! Logic on planes of truths, sixty-four rows at a time.

use meed_rules::program::{Condition, NodeId, Op};

use super::super::run::{At, Operand, Run};
use super::super::vector::{One, Vector};

/// What is known about whether one of several conditions is true, for the rows of a word (`explain::logic`).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    /// One certainly is.
    pub certain: u64,
    may_be_true: u64,
    may_be_false: u64,
    may_be_undefined: u64,
    may_not_apply: u64,
    /// One of them is true or undefined whatever becomes known.
    never_false: u64,
    /// One that certainly is there applies for certain.
    applies: u64,
    /// One certainly is there.
    there: u64,
}

impl Found {
    /// Adds a condition to some rows: one that is there for certain in `sure` rows, else one that may be.
    pub fn add(&mut self, [yes, no, undefined, inapplicable]: [u64; 4], rows: u64, sure: u64) {
        let sure = rows & sure;
        self.there |= sure;
        self.may_be_true |= yes & rows;
        self.may_be_false |= no & rows;
        self.may_be_undefined |= undefined & rows;
        self.may_not_apply |= inapplicable & rows;
        self.certain |= yes & !no & !undefined & !inapplicable & sure;
        self.never_false |= !no & !inapplicable & sure;
        self.applies |= !inapplicable & sure;
    }

    /// After so many conditions of which all was known: in some rows one was true, in those that are open each was false.
    fn after(conditions: usize, certain: u64, open: u64) -> Self {
        let false_one = if conditions == 0 { 0 } else { open };
        Self {
            certain,
            there: false_one,
            may_be_false: false_one,
            applies: false_one,
            ..Self::default()
        }
    }

    /// Whether one is true. None of no conditions is.
    pub fn finish(self) -> [u64; 4] {
        let open = !self.certain;
        let no = !self.never_false & (self.may_be_false | !self.there) & open;
        [
            self.certain | (self.may_be_true & open),
            no,
            self.may_be_undefined & open,
            !self.applies & self.may_not_apply & open,
        ]
    }
}

/// The opposite of truths.
pub(super) fn negated([yes, no, undefined, inapplicable]: [u64; 4]) -> [u64; 4] {
    [no, yes, undefined, inapplicable]
}

impl Operand<'_, '_> {
    /// Takes the rows out in which a condition is true (false, where `failing`), if it is either for certain in all of them.
    fn decide(&self, failing: bool, rows: &mut [u64]) -> bool {
        let flip = if failing { u64::MAX } else { 0 };
        match self {
            Self::Direct(direct) => {
                for (rows, truths) in rows.iter_mut().zip(direct.all_truths()) {
                    *rows &= !(truths ^ flip);
                }
                true
            }
            Self::Vector(vector) => {
                let Some((yes, no)) = vector.plain_truths() else {
                    return false;
                };
                let either = rows.iter().zip(yes.iter().zip(no));
                let open = either.fold(0, |open, (rows, (yes, no))| open | (rows & !(yes ^ no)));
                if open != 0 {
                    return false;
                }
                let truths = if failing { no } else { yes };
                rows.iter_mut().zip(truths).for_each(|(rows, truths)| *rows &= !truths);
                true
            }
            Self::Constant(_) => false,
        }
    }
}

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn logic(&mut self, at: At<'_>, out: &mut Vector<'b>) {
        let program = self.plan.program;
        match &program.nodes[at.node].op {
            Op::Not(operand) => {
                self.need(*operand, at.table, at.rows);
                let operand = self.operand(*operand, at.table);
                for (index, rows) in at.rows.iter().enumerate() {
                    out.set_truth_words(index, *rows, negated(operand.truth_words(index)));
                }
            }
            Op::All(list) => self.any(list, at, (true, true), out),
            Op::Any(list) => self.any(list, at, (false, false), out),
            Op::NoneOf(list) => self.any(list, at, (false, true), out),
            Op::AtLeast(least, list) => self.at_least(*least, list, at, out),
            Op::Applies(operand) => self.applies(*operand, at, out),
            _ => {}
        }
    }

    /// Whether one of the conditions is true (false, where `failing`); the opposite of that, where `opposite`.
    fn any(&mut self, list: &[Condition], at: At<'_>, (failing, opposite): (bool, bool), out: &mut Vector<'b>) {
        let mut open = at.rows.to_vec();
        let mut decided = 0;
        for condition in list {
            if open.iter().all(|rows| *rows == 0) {
                decided = list.len();
                break;
            }
            self.need(condition.node, at.table, &open);
            if !self.operand(condition.node, at.table).decide(failing, &mut open) {
                break;
            }
            decided = decided.saturating_add(1);
        }
        if decided == list.len() {
            // All that was asked is known, and a row that is not open any more is one with a condition that is true.
            if !opposite {
                open.iter_mut().for_each(|open| *open = !*open);
            }
            return out.set_known(at.rows, &open);
        }
        let mut found: Vec<Found> = (at.rows.iter().zip(&open))
            .map(|(rows, open)| Found::after(decided, rows & !open, *open))
            .collect();
        for condition in list.iter().skip(decided) {
            if open.iter().all(|rows| *rows == 0) {
                break;
            }
            self.need(condition.node, at.table, &open);
            let operand = self.operand(condition.node, at.table);
            for (index, (found, open)) in found.iter_mut().zip(&mut open).enumerate() {
                if *open != 0 {
                    let truths = operand.truth_words(index);
                    let truths = if failing { negated(truths) } else { truths };
                    found.add(truths, *open, u64::MAX);
                    *open &= !found.certain;
                }
            }
        }
        for (index, (rows, found)) in at.rows.iter().zip(found).enumerate() {
            let truths = found.finish();
            out.set_truth_words(index, *rows, if opposite { negated(truths) } else { truths });
        }
    }

    fn at_least(&mut self, least: u32, list: &[Condition], at: At<'_>, out: &mut Vector<'b>) {
        for condition in list {
            self.need(condition.node, at.table, at.rows);
        }
        let operands: Vec<_> = list
            .iter()
            .map(|condition| self.operand(condition.node, at.table))
            .collect();
        for row in at.each() {
            let mut tally = crate::explain::Tally::default();
            for operand in &operands {
                let truth = operand.truth(row);
                let (yes, no) = truth.set.unwrap_or((false, false));
                tally.add(crate::value::Truth {
                    yes,
                    no,
                    undefined: truth.undefined,
                    inapplicable: truth.inapplicable,
                });
            }
            let truth = tally.at_least(least as usize);
            out.put_truth(
                row,
                One {
                    set: Some((truth.yes, truth.no)),
                    undefined: truth.undefined,
                    inapplicable: truth.inapplicable,
                },
            );
        }
    }

    fn applies(&mut self, operand: NodeId, at: At<'_>, out: &mut Vector<'b>) {
        self.need(operand, at.table, at.rows);
        let operand = self.operand(operand, at.table);
        for row in at.each() {
            let (is_some, undefined, inapplicable) = operand.outcomes(row);
            out.put_truth(row, One::of((is_some || undefined, inapplicable)));
        }
    }
}
