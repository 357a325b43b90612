//! Decision tables and scores: the definition says which rows of a table match (`explain::table`), and what becomes of them is made here.

use std::collections::BTreeMap;
use std::rc::Rc;

use meed_facts::value::Bound;
use meed_rules::program::{Cell, NodeId, Row, Table, TableId, TableRule, Type};
use rustc_hash::FxHashMap;

use super::super::fraction::Fraction;
use super::super::range::{End, Range};
use super::super::run::{At, Run};
use super::super::vector::{One, Vector, set_bit};
use super::arithmetic::{product, sum};
use super::lift::{Outcome, leaving_out, strict, strict2};
use super::race::{Extreme, Race};
use crate::explain::{Match, is_whole, matching};
use crate::value::Value;

/// The rows of a table that an applicant's keys match or may match.
struct Matched {
    /// Positions of rows.
    rows: Vec<(usize, Match)>,
    may_be_none: bool,
    may_not_apply: bool,
    does_not_apply: bool,
}

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn lookup(
        &mut self,
        at: At<'_>,
        table: TableId,
        keys: &[NodeId],
        outcome: u16,
        out: &mut Vector<'b>,
    ) {
        let program = self.plan.program;
        let table = &program.tables[table];
        keys.iter().for_each(|key| self.need(*key, at.table, at.rows));
        if table.rule == TableRule::Marginal {
            return match keys.first() {
                Some(key) => self.marginal(at, table, *key, outcome, out),
                None => out.add_undefined(at.rows),
            };
        }
        let matched = self.matched(at, table, keys);
        let reached = reached(at.rows.len(), &matched);
        let node_of = |position: usize| table.rows.get(position)?.outcomes.get(usize::from(outcome)).copied();
        let outcomes: BTreeMap<usize, NodeId> = reached
            .keys()
            .filter_map(|position| Some((*position, node_of(*position)?)))
            .collect();
        if matches!(
            table.rule,
            TableRule::OneRow | TableRule::RowsAgree | TableRule::FirstMatch | TableRule::Stepped
        ) {
            for (position, node) in &outcomes {
                self.reach(at, *node, reached.get(position).map_or(&[], Vec::as_slice), out);
            }
            for (row, matched) in matched.iter().filter(|(_, matched)| matched.may_be_none) {
                out.add_besides(*row, !matched.does_not_apply, matched.may_not_apply);
            }
            return out.settle(at.rows);
        }
        for (position, node) in &outcomes {
            self.need(*node, at.table, reached.get(position).map_or(&[], Vec::as_slice));
        }
        let limit = match &table.rule {
            TableRule::SumOfMatches(limit) => *limit,
            _ => None,
        };
        if let Some(limit) = limit {
            self.need(limit, at.table, at.rows);
        }
        let mut unfit = Vec::new();
        for (row, matched) in &matched {
            let row = *row;
            let made = match &table.rule {
                TableRule::HighestMatch => self.extreme_of(at, (row, matched), Extreme::Highest, &outcomes, out),
                TableRule::LowestMatch => self.extreme_of(at, (row, matched), Extreme::Lowest, &outcomes, out),
                TableRule::SumOfMatches(_) => self.sum_of(at, (row, matched), limit, &outcomes, out),
                // Only counting is left.
                _ => {
                    out.put_number(row, count_of(matched));
                    Some(())
                }
            };
            if made.is_none() {
                unfit.push(row);
            }
        }
        unfit.into_iter().for_each(|row| self.escape(at.table, row));
    }

    fn matched(&self, at: At<'_>, table: &Table, keys: &[NodeId]) -> Vec<(usize, Rc<Matched>)> {
        let program = self.plan.program;
        let whole: Vec<bool> = keys.iter().map(|key| is_whole(program, *key)).collect();
        let operands: Vec<_> = keys
            .iter()
            .map(|key| (self.operand(*key, at.table), &program.nodes[*key].ty))
            .collect();
        let match_row = |row: usize| {
            let values: Vec<Value> = operands.iter().map(|(operand, ty)| operand.value(row, ty)).collect();
            let matches = matching(table, &values.iter().collect::<Vec<_>>(), &whole);
            Rc::new(Matched {
                rows: matches
                    .rows
                    .iter()
                    .map(|(row, matched)| (position(table, row), *matched))
                    .collect(),
                may_be_none: matches.may_be_none,
                may_not_apply: matches.may_not_apply,
                does_not_apply: matches.does_not_apply,
            })
        };
        // Keys of few values match alike again and again.
        let mut seen: FxHashMap<Vec<(u64, bool, bool)>, Rc<Matched>> = FxHashMap::default();
        let few = |row: usize, key: &mut Vec<(u64, bool, bool)>| {
            key.clear();
            operands.iter().all(|(operand, ty)| {
                let part = match ty {
                    Type::Enumeration(_) => operand.member(row),
                    Type::Bool => members_of(operand.truth(row)),
                    _ => return false,
                };
                key.push((part.set.unwrap_or(0), part.undefined, part.inapplicable));
                true
            })
        };
        let mut key = Vec::new();
        let mut once = |row: usize| {
            if !few(row, &mut key) {
                return match_row(row);
            }
            if let Some(matched) = seen.get(key.as_slice()) {
                return Rc::clone(matched);
            }
            let matched = match_row(row);
            seen.insert(key.clone(), Rc::clone(&matched));
            matched
        };
        at.each().map(|row| (row, once(row))).collect()
    }

    fn extreme_of(
        &self,
        at: At<'_>,
        (row, matched): (usize, &Matched),
        extreme: Extreme,
        outcomes: &BTreeMap<usize, NodeId>,
        out: &mut Vector<'b>,
    ) -> Option<()> {
        let members = matches!(self.plan.program.nodes[at.node].ty, Type::Enumeration(_));
        let mut race = Race::new(extreme);
        for (position, matched) in &matched.rows {
            let certain = *matched == Match::Yes;
            let operand = self.operand(*outcomes.get(position)?, at.table);
            if members {
                race.add_members(operand.member(row), certain);
            } else {
                race.add(operand.number(row), certain);
            }
        }
        if !matched.may_be_none {
            race.someone_is_there();
        }
        if members {
            out.put_member(row, race.finish_members());
        } else {
            out.put_number(row, race.finish());
        }
        Some(())
    }

    fn sum_of(
        &self,
        at: At<'_>,
        (row, matched): (usize, &Matched),
        limit: Option<NodeId>,
        outcomes: &BTreeMap<usize, NodeId>,
        out: &mut Vector<'b>,
    ) -> Option<()> {
        let ty = &self.plan.program.nodes[at.node].ty;
        let zero = Range::one(Fraction::ZERO);
        let mut total = One::of(zero);
        for (position, matched) in &matched.rows {
            let mut value = self.operand(*outcomes.get(position)?, at.table).number(row);
            if *matched != Match::Yes {
                value.set = Some(value.set.map_or(zero, |set| set.hull(&zero)));
            }
            total = leaving_out(total, value, false, |a, b| sum(a, b, ty))?;
        }
        if let Some(limit) = limit {
            let mut race = Race::new(Extreme::Lowest);
            race.add(total, true);
            race.add(self.operand(limit, at.table).number(row), true);
            total = race.finish();
        }
        out.put_number(row, total);
        Some(())
    }

    /// The sum over bands of rate times the part of the key inside.
    fn marginal(&mut self, at: At<'_>, table: &Table, key: NodeId, outcome: u16, out: &mut Vector<'b>) {
        let ty = &self.plan.program.nodes[at.node].ty;
        let rates = || {
            table
                .rows
                .iter()
                .filter_map(|row| Some((Band::of(row)?, *row.outcomes.get(usize::from(outcome))?)))
        };
        rates().for_each(|(_, rate)| self.need(rate, at.table, at.rows));
        let mut unfit = Vec::new();
        for row in at.each() {
            let key = self.operand(key, at.table).number(row);
            let total = rates().try_fold(One::of(Range::one(Fraction::ZERO)), |total, (band, rate)| {
                let part = strict(key, |key| Some(Outcome::of(band.parts(&key)?)))?;
                let rate = self.operand(rate, at.table).number(row);
                let paid = strict2(part, rate, |part, rate| product(part, rate, ty))?;
                strict2(total, paid, |a, b| sum(a, b, ty))
            });
            match total {
                Some(total) => out.put_number(row, total),
                None => unfit.push(row),
            }
        }
        unfit.into_iter().for_each(|row| self.escape(at.table, row));
    }
}

/// The applicants that reach each row of a table.
fn reached(words: usize, matched: &[(usize, Rc<Matched>)]) -> BTreeMap<usize, Vec<u64>> {
    let mut reached: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    for (row, matched) in matched {
        for (position, _) in &matched.rows {
            set_bit(reached.entry(*position).or_insert_with(|| vec![0; words]), *row, true);
        }
    }
    reached
}

/// Truths as members: `false` the first, `true` the second.
fn members_of(truth: One<(bool, bool)>) -> One<u64> {
    One {
        set: truth.set.map(|(yes, no)| u64::from(no) | (u64::from(yes) << 1)),
        undefined: truth.undefined,
        inapplicable: truth.inapplicable,
    }
}

fn position(table: &Table, row: &Row) -> usize {
    table
        .rows
        .iter()
        .position(|other| std::ptr::eq(other, row))
        .unwrap_or(usize::MAX)
}

fn count_of(matched: &Matched) -> One<Range> {
    let certain = matched
        .rows
        .iter()
        .filter(|(_, matched)| *matched == Match::Yes)
        .count();
    let whole = |count: usize| Some(End::closed(Fraction::whole(i128::try_from(count).unwrap_or(i128::MAX))));
    One::of(Range {
        low: whole(certain),
        high: whole(matched.rows.len()),
    })
}

/// A band of a scale; without lower end it begins at 0.
struct Band {
    low: Fraction,
    high: Option<Fraction>,
}

impl Band {
    fn of(row: &Row) -> Option<Self> {
        let Some(Cell::Band(band)) = row.cells.first() else {
            return None;
        };
        let end = |bound: &Option<Bound>| bound.as_ref().and_then(End::of).map(|end| end.value);
        Some(Self {
            low: end(&band.low).unwrap_or(Fraction::ZERO),
            high: end(&band.high),
        })
    }

    /// How much of a number lies inside.
    fn part(&self, number: Fraction) -> Option<Fraction> {
        let number = match self.high {
            Some(high) if number.compare(high).is_gt() => high,
            _ => number,
        };
        let part = number.add(self.low.negated())?;
        Some(if part.signum() < 0 { Fraction::ZERO } else { part })
    }

    /// How much of numbers lies inside.
    fn parts(&self, key: &Range) -> Option<Range> {
        let low = match key.low {
            Some(end) => self.part(end.value)?,
            None => Fraction::ZERO,
        };
        let high = match (key.high, self.high) {
            (Some(end), _) => Some(self.part(end.value)?),
            (None, Some(high)) => Some(self.part(high)?),
            (None, None) => None,
        };
        Some(Range {
            low: Some(End::closed(low)),
            high: high.map(End::closed),
        })
    }
}
