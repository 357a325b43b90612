//! Comparisons that need not compute what they compare: a ratio is never divided, a growth rate never rooted, a date never moved.
//!
//! Only for single numbers, sixty-four rows at a time; ranges and everything else are compared as they are.

use meed_facts::date::{Date, Months};
use meed_rules::program::{Cmp, NodeId, Op};

use super::super::direct::Units;
use super::super::fraction::{Fraction, power_of_ten};
use super::super::plan::Plan;
use super::super::run::Run;
use super::super::tables::TableId;
use super::super::vector::{MANY, bound_of, pack_pairs};
use super::whole::{Whole, holding};

/// What a comparison comes to for single numbers.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Fused {
    /// `x / y` with a number: `a x` with `b y` where `y` is above 0 (and `x` not below, where a growth rate asks for that).
    Ratio {
        cmp: Cmp,
        x: NodeId,
        y: NodeId,
        a: i64,
        b: i64,
        not_negative: bool,
    },
    /// A date moved by months with a day: the date itself with another.
    Moved { date: NodeId, from: i64, holds_from: bool },
}

/// Days from 1970-01-01 within which dates may be moved by a thousand years and stay in the calendar.
const SAFE_DAYS: u64 = 700_000;

impl Fused {
    /// The comparison that a node is, where it can do without its operands' values.
    pub fn of(plan: &Plan<'_>, node: NodeId) -> Option<Self> {
        match &plan.program.nodes[node].op {
            Op::Compare(cmp, a, b) => match &plan.program.nodes[plan.meaning(*a)].op {
                Op::Div(x, y) => Self::ratio(plan, *cmp, (*x, *y), number(plan, *b)?, false),
                Op::AddMonths(date, months) => {
                    let months = number(plan, *months)?.to_units(0)?;
                    let day = number(plan, *b)?.to_units(0)?;
                    Self::moved(*cmp, *date, i32::try_from(months).ok()?, day)
                }
                _ => None,
            },
            Op::CompoundGrowth {
                cmp,
                first,
                last,
                years,
                rate,
            } => {
                let base = Fraction::whole(1).add(number(plan, *rate)?)?;
                if base.signum() < 0 {
                    return None;
                }
                Self::ratio(plan, *cmp, (*last, *first), base.power(*years)?, true)
            }
            _ => None,
        }
    }

    fn ratio(plan: &Plan<'_>, cmp: Cmp, (x, y): (NodeId, NodeId), to: Fraction, not_negative: bool) -> Option<Self> {
        // x / 10^s over y / 10^t against n / d: x d 10^t against y n 10^s.
        let a = Fraction {
            num: to.den.checked_mul(power_of_ten(plan.scale(y)))?,
            den: 1,
        };
        let b = to.num.checked_mul(power_of_ten(plan.scale(x)))?;
        let reduced = Fraction::of(&meed_facts::ratio::Ratio::new(b, a.num)?)?;
        Some(Self::Ratio {
            cmp,
            x,
            y,
            a: i64::try_from(reduced.den).ok()?,
            b: i64::try_from(reduced.num).ok()?,
            not_negative,
        })
    }

    fn moved(cmp: Cmp, date: NodeId, months: i32, day: i64) -> Option<Self> {
        let (strictly, holds_from) = match cmp {
            Cmp::Ge => (false, true),
            Cmp::Gt => (true, true),
            Cmp::Lt => (false, false),
            Cmp::Le => (true, false),
            Cmp::Eq | Cmp::Ne => return None,
        };
        if months.unsigned_abs() > 12_000 || day.unsigned_abs() > SAFE_DAYS {
            return None;
        }
        let day = i32::try_from(day).ok()?;
        let reaches = |from: i32| {
            let moved = Date::from_days_since_epoch(from)?
                .plus_months(Months(months))?
                .days_since_epoch();
            Some(if strictly { moved > day } else { moved >= day })
        };
        // The first day that reaches it: a moved date never falls behind that of an earlier day.
        let safe = i32::try_from(SAFE_DAYS).ok()?;
        let (mut low, mut high) = (safe.checked_neg()?, safe);
        while low < high {
            let middle = low.midpoint(high);
            if reaches(middle)? {
                high = middle;
            } else {
                low = middle.checked_add(1)?;
            }
        }
        Some(Self::Moved {
            date,
            from: low.into(),
            holds_from,
        })
    }

    /// The nodes that it reads.
    pub fn operands(&self) -> [NodeId; 2] {
        match self {
            Self::Ratio { x, y, .. } => [*x, *y],
            Self::Moved { date, .. } => [*date, *date],
        }
    }
}

fn number(plan: &Plan<'_>, node: NodeId) -> Option<Fraction> {
    plan.constant(node)?.number.only()?.as_one()
}

impl Run<'_, '_> {
    /// Of each word, the rows that a fused comparison decides and those of them where it holds.
    pub(super) fn fused(&mut self, fused: Fused, table: TableId, rows: &[u64]) -> Vec<(u64, u64)> {
        fused
            .operands()
            .into_iter()
            .for_each(|node| self.need(node, table, rows));
        let [first, second] = fused.operands().map(|node| Whole::own(self.operand(node, table)));
        let (Some(first), Some(second)) = (first, second) else {
            return vec![(0, 0); rows.len()];
        };
        if matches!(fused, Fused::Moved { .. }) && first.bound() > SAFE_DAYS {
            return vec![(0, 0); rows.len()];
        }
        let decide = |(index, rows): (usize, &u64)| {
            if *rows == 0 {
                return (0, 0);
            }
            let (decided, holds) = match fused {
                Fused::Ratio {
                    cmp,
                    a,
                    b,
                    not_negative,
                    ..
                } => ratio((index, *rows), (first, second), (a, b), cmp, not_negative),
                Fused::Moved { from, holds_from, .. } => moved((index, *rows), first, from, holds_from),
            };
            (decided & rows, holds & decided & rows)
        };
        rows.iter().enumerate().map(decide).collect()
    }
}

fn ratio(
    (index, rows): (usize, u64),
    (x, y): (Whole<'_>, Whole<'_>),
    (a, b): (i64, i64),
    cmp: Cmp,
    not_negative: bool,
) -> (u64, u64) {
    let exact = rows & x.exact(index) & y.exact(index);
    let (Units::Wide(left), Units::Wide(right)) = (x.units(index).0, y.units(index).0) else {
        return (0, 0);
    };
    let units = (left, right);
    if exact == 0 || units.0.is_empty() || units.1.is_empty() {
        return (0, 0);
    }
    let many = exact.count_ones() >= MANY;
    let decided = if many && all_decided(units, not_negative) {
        exact
    } else {
        let least = if not_negative { 0 } else { i64::MIN };
        pack_pairs(exact, units, |x, y| (y > 0) & (x >= least))
    };
    let fits = |numbers: &[i64], factor: i64| {
        let most = bound_of(numbers).checked_mul(factor.unsigned_abs());
        most.is_some_and(|most| i64::try_from(most).is_ok())
    };
    let holds = if many && fits(left, a) && fits(right, b) {
        let product = |number: i64, factor: i64| number.wrapping_mul(factor);
        compared_products((exact, units), (a, b), cmp, product)
    } else {
        // A product of two numbers of 64 bits fits 128.
        let product = |number: i64, factor: i64| i128::from(number).wrapping_mul(factor.into());
        compared_products((exact, units), (a, b), cmp, product)
    };
    (exact & decided, holds)
}

/// For which of some rows of a word `x a` and `y b` compare so.
fn compared_products<T: Ord>(
    (rows, units): (u64, (&[i64], &[i64])),
    (a, b): (i64, i64),
    cmp: Cmp,
    product: impl Fn(i64, i64) -> T,
) -> u64 {
    match cmp {
        Cmp::Lt => pack_pairs(rows, units, |x, y| product(x, a) < product(y, b)),
        Cmp::Le => pack_pairs(rows, units, |x, y| product(x, a) <= product(y, b)),
        Cmp::Gt => pack_pairs(rows, units, |x, y| product(x, a) > product(y, b)),
        Cmp::Ge => pack_pairs(rows, units, |x, y| product(x, a) >= product(y, b)),
        Cmp::Eq => pack_pairs(rows, units, |x, y| product(x, a) == product(y, b)),
        Cmp::Ne => pack_pairs(rows, units, |x, y| product(x, a) != product(y, b)),
    }
}

/// Whether each of a word's ratios is of a number above 0 (and not of one below, where a growth rate asks for that).
fn all_decided((x, y): (&[i64], &[i64]), not_negative: bool) -> bool {
    // Below 0 where one is: together much faster than one by one.
    let signs = y.iter().fold(0, |signs, y| signs | y | y.wrapping_sub(1));
    let signs = x
        .iter()
        .fold(signs, |signs, x| if not_negative { signs | x } else { signs });
    signs >= 0
}

fn moved((index, rows): (usize, u64), date: Whole<'_>, from: i64, holds_from: bool) -> (u64, u64) {
    let exact = rows & date.exact(index);
    let (pair, word) = ((date, Whole::Constant(from)), (index, exact));
    let holds = if holds_from {
        holding(pair, word, |day, from| day >= from)
    } else {
        holding(pair, word, |day, from| day < from)
    };
    (exact, holds)
}
