//! Facts that a batch states of every row that is asked about: they are read where they are, and no vector is made of them.

use std::borrow::Cow;
use std::cell::OnceCell;

use meed_facts::batch::{Column, Values};
use meed_facts::schema::PeriodUnit;
use meed_rules::program::{NodeId, Op, Type};

use super::fraction::Fraction;
use super::kernels::period;
use super::range::Range;
use super::run::Run;
use super::tables::{Rows, TableId};
use super::vector::{One, Truth, bound_of};

/// A column of the batch as a node's values.
// INVARIANT: only rows are asked for of which it states a value.
#[derive(Debug)]
pub(super) struct Direct<'b> {
    column: &'b Column,
    /// What [`Direct::bound`] found.
    bound: OnceCell<u64>,
}

/// Whole multiples as columns hold them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Units<'v> {
    /// Of 64 bits.
    Wide(&'v [i64]),
    /// Days and months.
    Narrow(&'v [i32]),
}

impl<'b> Direct<'b> {
    pub fn new(column: &'b Column) -> Self {
        Self {
            column,
            bound: OnceCell::new(),
        }
    }

    /// Whether all rows asked for are stated.
    pub fn covers(&self, rows: &[u64]) -> bool {
        let known = self.column.known.words();
        known.len() >= rows.len() && rows.iter().zip(known).all(|(rows, known)| rows & !known == 0)
    }

    pub fn truth(&self, row: usize) -> One<Truth> {
        match &self.column.values {
            Values::Bools(truths) => One::of((truths.get(row), !truths.get(row))),
            _ => One::UNDEFINED,
        }
    }

    /// A word of truths.
    pub fn truths(&self, index: usize) -> u64 {
        self.all_truths().get(index).copied().unwrap_or(0)
    }

    /// Truths, none where it holds others than these.
    pub fn all_truths(&self) -> &'b [u64] {
        match &self.column.values {
            Values::Bools(truths) => truths.words(),
            _ => &[],
        }
    }

    pub fn number(&self, row: usize) -> One<Range> {
        let one = match (self.units(), self.scale()) {
            (Units::Wide(units), scale) => units.get(row).map(|units| Fraction::of_units(*units, scale)),
            (Units::Narrow(days), _) => days.get(row).map(|days| Fraction::whole((*days).into())),
        };
        one.map_or(One::UNDEFINED, |one| One::of(Range::one(one)))
    }

    pub fn member(&self, row: usize) -> One<u64> {
        let member = self.members().get(row);
        member.map_or(One::UNDEFINED, |member| One::of(1_u64.wrapping_shl((*member).into())))
    }

    /// Positions of members, none where it holds others than these.
    pub fn members(&self) -> &'b [u16] {
        match &self.column.values {
            Values::Members(members) => members,
            _ => &[],
        }
    }

    /// Numbers, none where it holds others than these.
    pub fn units(&self) -> Units<'b> {
        match &self.column.values {
            Values::Numbers { units, .. } => Units::Wide(units),
            Values::Dates(days) | Values::Months(days) | Values::Days(days) => Units::Narrow(days),
            _ => Units::Wide(&[]),
        }
    }

    /// Digits after the point of its numbers.
    pub fn scale(&self) -> u8 {
        match &self.column.values {
            Values::Numbers { scale, .. } => *scale,
            _ => 0,
        }
    }

    /// A bound that no number is further from 0 than.
    pub fn bound(&self) -> u64 {
        *self.bound.get_or_init(|| match self.units() {
            Units::Wide(units) => bound_of(units),
            Units::Narrow(days) => {
                let bits = days.iter().fold(0, |bits, days| bits | days);
                let all = || days.iter().fold(0, |bits, days| bits | days.unsigned_abs());
                u32::try_from(bits).unwrap_or_else(|_| all()).into()
            }
        })
    }
}

impl<'v> Units<'v> {
    /// Those of a word's rows.
    pub fn word(self, index: usize) -> Self {
        fn part<T>(all: &[T], index: usize) -> &[T] {
            let from = index.wrapping_mul(64).min(all.len());
            all.get(from..from.wrapping_add(64).min(all.len())).unwrap_or_default()
        }
        match self {
            Self::Wide(units) => Self::Wide(part(units, index)),
            Self::Narrow(days) => Self::Narrow(part(days, index)),
        }
    }

    pub fn get(self, row: usize) -> Option<i64> {
        match self {
            Self::Wide(units) => units.get(row).copied(),
            Self::Narrow(days) => days.get(row).map(|days| i64::from(*days)),
        }
    }

    /// As numbers of 64 bits.
    pub fn wide(self) -> Cow<'v, [i64]> {
        match self {
            Self::Wide(units) => Cow::Borrowed(units),
            Self::Narrow(days) => Cow::Owned(days.iter().map(|days| i64::from(*days)).collect()),
        }
    }
}

impl<'b> Run<'_, 'b> {
    /// The column that holds a node's values for the rows of its own table, where they are those of the batch and nothing but the column decides them.
    pub fn direct(&mut self, node: NodeId, table: TableId) -> Option<Direct<'b>> {
        let program = self.plan.program;
        let (of, rules) = match &program.nodes[node].op {
            Op::Fact { of, rules, .. } | Op::FactAt { of, rules, .. } => (*of, rules),
            _ => return None,
        };
        if rules.applies.is_some() {
            return None;
        }
        let owner = self.visible(of, table);
        if !self.same_rows(table, owner) || !matches!(self.table(owner).records, Rows::Same) {
            return None;
        }
        if self.table(owner).rest.is_some() {
            return None;
        }
        let batch = self.table(owner).batch?;
        let column = match &program.nodes[node].op {
            Op::Fact { fact, .. } => batch.facts.get(*fact)?,
            Op::FactAt { fact, at, .. } => {
                let unit = program.schema.facts[*fact].period.unwrap_or(PeriodUnit::Year);
                let period = period(self.number_in(*at, table)?, unit)?;
                if program.schema.facts[*fact].closed_before(period).is_some() {
                    return None;
                }
                batch.series.get(*fact)?.get(&period)?
            }
            _ => return None,
        };
        let fits = match (&column.values, &program.nodes[node].ty) {
            (Values::Bools(_), Type::Bool) | (Values::Members(_), Type::Enumeration(_)) => true,
            (Values::Numbers { scale, .. }, Type::Number(_)) => *scale == self.plan.scale(node),
            (Values::Dates(_), Type::Date) | (Values::Months(_), Type::Months) | (Values::Days(_), Type::Days) => true,
            _ => false,
        };
        fits.then(|| Direct::new(column))
    }
}
