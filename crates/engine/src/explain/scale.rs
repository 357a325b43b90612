//! Marginal scales: each band's rate on the part of the key inside it.

use meed_facts::ratio::Ratio;
use meed_facts::value::Bound;
use meed_rules::program::{Cell, Dimension, Row, Table, Type};

use super::arithmetic::{product, sum};
use super::lift::{strict, strict2};
use super::{At, Evaluator};
use crate::value::Value;
use crate::value::numbers::{End, Numbers, number_of};

impl Evaluator<'_> {
    /// The sum over bands of rate times the part of the key inside. All parts rise with the key, so with known rates that are not negative the ends of the
    /// sum are the sums at the key's ends.
    pub(super) fn marginal(&self, at: At, table: &Table, key: &Value, outcome: u16) -> Value {
        let ty = &self.program.nodes[at.node].ty;
        let plain = Type::Number(Dimension::NONE);
        let mut total = Value::number(Ratio::ZERO);
        for row in &table.rows {
            let (Some(band), Some(rate)) = (Band::of(row), row.outcomes.get(usize::from(outcome))) else {
                continue;
            };
            let part = strict(
                key,
                || at.too_large(),
                |key| band.parts(&Numbers::of(key)).outcome(&plain),
            );
            let rate = self.value(*rate, at.frame);
            let paid = strict2(&part, rate, || at.too_large(), |part, rate| product(part, rate, ty));
            total = strict2(&total, &paid, || at.too_large(), |a, b| sum(a, b, ty));
        }
        total
    }
}

/// A band of a scale; without lower end it begins at 0.
struct Band {
    low: Ratio,
    high: Option<Ratio>,
}

impl Band {
    fn of(row: &Row) -> Option<Self> {
        let Some(Cell::Band(band)) = row.cells.first() else {
            return None;
        };
        let end = |bound: &Option<Bound>| bound.as_ref().and_then(|bound| number_of(&bound.value));
        Some(Self {
            low: end(&band.low).unwrap_or_default(),
            high: end(&band.high),
        })
    }

    /// How much of a number lies inside.
    fn part(&self, number: &Ratio) -> Option<Ratio> {
        let number = self.high.as_ref().map_or(number, |high| number.min(high));
        let part = number.checked_sub(&self.low)?;
        Some(if part.is_negative() { Ratio::ZERO } else { part })
    }

    /// How much of numbers lies inside.
    fn parts(&self, key: &Numbers) -> Numbers {
        let at = |end: &End| self.part(&end.value).map(End::closed);
        let all = || self.high.as_ref().and_then(|high| self.part(high)).map(End::closed);
        Numbers {
            low: key.low.as_ref().map_or(Some(End::closed(Ratio::ZERO)), at),
            high: key.high.as_ref().map_or_else(all, at),
        }
    }
}
