//! The greatest (or least) of several values, some of which may not be there or not apply (`explain::order`).

use std::cmp::Ordering;

use meed_rules::program::{NodeId, Op, Type};

use super::super::range::{End, Range};
use super::super::run::{At, Operand, Run};
use super::super::vector::{One, Vector};

/// Which end wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extreme {
    Highest,
    Lowest,
}

/// A race of numbers, or of members of an ordered enumeration as the numbers of their positions.
#[derive(Debug)]
pub(super) struct Race {
    extreme: Extreme,
    field: Option<Range>,
    /// Members that may win.
    members: u64,
    pace: Option<End>,
    there: bool,
    applies: bool,
    may_not_apply: bool,
    undefined: bool,
    only_undefined: bool,
}

impl Race {
    pub fn new(extreme: Extreme) -> Self {
        Self {
            extreme,
            field: None,
            members: 0,
            pace: None,
            there: false,
            applies: false,
            may_not_apply: false,
            undefined: false,
            only_undefined: false,
        }
    }

    /// Adds a value, which is there for certain or may be.
    pub fn add(&mut self, value: One<Range>, certain: bool) {
        self.there |= certain;
        self.applies |= certain && !value.inapplicable;
        self.only_undefined |= certain && value.set.is_none() && !value.inapplicable;
        self.may_not_apply |= value.inapplicable;
        self.undefined |= value.undefined;
        let Some(range) = value.set else { return };
        self.field = Some(self.field.map_or(range, |field| field.hull(&range)));
        if certain && !value.inapplicable {
            self.pace_with(&range);
        }
    }

    /// The same for members of an ordered enumeration.
    pub fn add_members(&mut self, value: One<u64>, certain: bool) {
        let ends = value.set.map(|set| {
            let end = |position: u32| Some(End::closed(super::super::fraction::Fraction::whole(position.into())));
            Range {
                low: end(set.trailing_zeros()),
                high: end(set.ilog2()),
            }
        });
        self.members |= value.set.unwrap_or(0);
        self.add(
            One {
                set: ends,
                undefined: value.undefined,
                inapplicable: value.inapplicable,
            },
            certain,
        );
    }

    fn pace_with(&mut self, range: &Range) {
        let (worst, better) = match self.extreme {
            Extreme::Highest => (range.low, Ordering::Greater),
            Extreme::Lowest => (range.high, Ordering::Less),
        };
        let Some(worst) = worst else { return };
        let is_better = self.pace.is_none_or(|pace| {
            let order = worst.value.compare(pace.value);
            order == better || (order == Ordering::Equal && !worst.closed)
        });
        if is_better {
            self.pace = Some(worst);
        }
    }

    /// One of the values is there, though it is not known which.
    pub fn someone_is_there(&mut self) {
        self.there = true;
    }

    /// The winner.
    pub fn finish(self) -> One<Range> {
        let set = match (self.field, self.pace) {
            _ if self.only_undefined => None,
            (Some(field), Some(pace)) => Some(match self.extreme {
                Extreme::Highest => Range {
                    low: Some(pace),
                    high: field.high,
                },
                Extreme::Lowest => Range {
                    low: field.low,
                    high: Some(pace),
                },
            })
            .filter(Range::is_some),
            (field, _) => field,
        };
        One {
            set,
            undefined: self.undefined || !self.there,
            inapplicable: !self.applies && self.may_not_apply,
        }
    }

    /// The members that may win.
    pub fn finish_members(self) -> One<u64> {
        let pace = self.pace.and_then(|pace| u32::try_from(pace.value.floor()).ok());
        let bit = |position: u32| 1_u64.checked_shl(position).unwrap_or(0);
        let wins = match (pace, self.extreme) {
            (None, _) => u64::MAX,
            (Some(pace), Extreme::Highest) => !bit(pace).wrapping_sub(1),
            (Some(pace), Extreme::Lowest) => bit(pace) | bit(pace).wrapping_sub(1),
        };
        let members = self.members & wins;
        let only_undefined = self.only_undefined;
        let one = self.finish();
        One {
            set: Some(members).filter(|members| *members != 0 && !only_undefined),
            undefined: one.undefined,
            inapplicable: one.inapplicable,
        }
    }
}

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn extreme(&mut self, at: At<'_>, out: &mut Vector<'b>) {
        let program = self.plan.program;
        let (extreme, operands) = match &program.nodes[at.node].op {
            Op::Max(operands) => (Extreme::Highest, operands),
            Op::Min(operands) => (Extreme::Lowest, operands),
            _ => return,
        };
        operands.iter().for_each(|node| self.need(*node, at.table, at.rows));
        let left = self.whole(at, out);
        let at = At { rows: &left, ..at };
        let read = |node: &NodeId| self.operand(*node, at.table);
        let operands: Vec<Operand<'_, '_>> = operands.iter().map(read).collect();
        let members = matches!(program.nodes[at.node].ty, Type::Enumeration(_));
        for row in at.each() {
            let mut race = Race::new(extreme);
            for operand in &operands {
                if members {
                    race.add_members(operand.member(row), true);
                } else {
                    race.add(operand.number(row), true);
                }
            }
            if members {
                out.put_member(row, race.finish_members());
            } else {
                out.put_number(row, race.finish());
            }
        }
    }
}
