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
        let outcomes = self.outcomes(at, table, outcome, &matched);
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
                TableRule::CountOfMatches => {
                    out.put_number(row, count_of(matched));
                    Some(())
                }
                _ => self.one_of(at, (row, matched), &outcomes, out),
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
        let few = |row: usize| {
            let key = operands.iter().map(|(operand, ty)| match ty {
                Type::Enumeration(_) => Some(operand.member(row)),
                Type::Bool => Some(members_of(operand.truth(row))),
                _ => None,
            });
            let key = key.map(|key| key.map(|key| (key.set.unwrap_or(0), key.undefined, key.inapplicable)));
            key.collect::<Option<Vec<_>>>()
        };
        let mut once = |row: usize| match few(row) {
            Some(key) => Rc::clone(seen.entry(key).or_insert_with(|| match_row(row))),
            None => match_row(row),
        };
        at.each().map(|row| (row, once(row))).collect()
    }

    /// The nodes of the outcomes of rows that some applicant reaches, computed for those.
    fn outcomes(
        &mut self,
        at: At<'_>,
        table: &Table,
        outcome: u16,
        matched: &[(usize, Rc<Matched>)],
    ) -> BTreeMap<usize, NodeId> {
        let mut reached: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
        for (row, matched) in matched {
            for (position, _) in &matched.rows {
                let rows = reached.entry(*position).or_insert_with(|| vec![0; at.rows.len()]);
                set_bit(rows, *row, true);
            }
        }
        let mut outcomes = BTreeMap::new();
        for (position, rows) in reached {
            let node = table
                .rows
                .get(position)
                .and_then(|row| row.outcomes.get(usize::from(outcome)));
            if let Some(node) = node {
                self.need(*node, at.table, &rows);
                outcomes.insert(position, *node);
            }
        }
        outcomes
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

    /// The outcome of the row that decides: the hull of those that may.
    fn one_of(
        &self,
        at: At<'_>,
        (row, matched): (usize, &Matched),
        outcomes: &BTreeMap<usize, NodeId>,
        out: &mut Vector<'b>,
    ) -> Option<()> {
        for (position, _) in &matched.rows {
            self.operand(*outcomes.get(position)?, at.table)
                .add_to(out, row)
                .then_some(())?;
        }
        if matched.may_be_none {
            if matched.may_not_apply {
                out.add_besides(row, false, true);
            }
            if !matched.does_not_apply {
                out.add_besides(row, true, false);
            }
        }
        out.settle(row);
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
