//! Comparisons that need not compute what they compare: a ratio is never divided, a growth rate never rooted, a date never moved.
//!
//! Only for single numbers, sixty-four rows at a time; ranges and everything else are compared as they are.

use meed_facts::date::{Date, Months};
use meed_rules::program::{Cmp, NodeId, Op};

use super::super::direct::Units;
use super::super::fraction::{Fraction, power_of_ten};
use super::super::lanes;
use super::super::plan::Plan;
use super::super::run::Run;
use super::super::tables::TableId;
use super::whole::{Whole, below, both_exact, holding};

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
    /// The rows that a fused comparison decides, and where it holds of them.
    pub(super) fn fused(&mut self, fused: Fused, table: TableId, rows: &[u64]) -> (Vec<u64>, Vec<u64>) {
        fused
            .operands()
            .into_iter()
            .for_each(|node| self.need(node, table, rows));
        let [first, second] = fused.operands().map(|node| Whole::own(self.operand(node, table)));
        let none = || (vec![0; rows.len()], vec![0; rows.len()]);
        let (Some(first), Some(second)) = (first, second) else {
            return none();
        };
        let exact = both_exact(first, second, rows);
        let decided = match fused {
            Fused::Ratio {
                cmp,
                a,
                b,
                not_negative,
                ..
            } => ratio(&exact, ((first, a), (second, b)), cmp, not_negative),
            Fused::Moved { .. } if first.bound() > SAFE_DAYS => None,
            Fused::Moved { from, holds_from, .. } => {
                let before = below(first, Whole::Constant(from), &exact);
                let holds = if holds_from { lanes::opposite(before) } else { before };
                Some((exact.into_owned(), holds))
            }
        };
        decided.unwrap_or_else(none)
    }
}

fn ratio(
    exact: &[u64],
    ((x, a), (y, b)): ((Whole<'_>, i64), (Whole<'_>, i64)),
    cmp: Cmp,
    not_negative: bool,
) -> Option<(Vec<u64>, Vec<u64>)> {
    // A constant may have another scale than its node.
    let (Some((Units::Wide(left), _)), Some((Units::Wide(right), _))) = (x.column(), y.column()) else {
        return None;
    };
    let mut decided = lanes::above_one(right, 0, exact);
    for (decided, exact) in decided.iter_mut().zip(exact) {
        *decided &= exact;
    }
    if not_negative {
        let negative = lanes::below_one(left, 0, &decided);
        for (decided, negative) in decided.iter_mut().zip(negative) {
            *decided &= !negative;
        }
    }
    let fits = fits(x.bound(), a) && fits(y.bound(), b);
    let holds = match cmp {
        Cmp::Lt | Cmp::Ge if fits => lanes::below_of_products((left, a), (right, b), &decided),
        Cmp::Gt | Cmp::Le if fits => lanes::below_of_products((right, b), (left, a), &decided),
        _ => holding(x, y, &decided, |x, y| {
            // A product of two numbers of 64 bits fits 128.
            let product = |number: i64, by: i64| i128::from(number).wrapping_mul(by.into());
            let (x, y) = (product(x, a), product(y, b));
            match cmp {
                Cmp::Lt | Cmp::Ge => x < y,
                Cmp::Gt | Cmp::Le => y < x,
                Cmp::Eq | Cmp::Ne => x == y,
            }
        }),
    };
    let holds = match cmp {
        Cmp::Ge | Cmp::Le | Cmp::Ne => lanes::opposite(holds),
        Cmp::Lt | Cmp::Gt | Cmp::Eq => holds,
    };
    Some((decided, holds))
}

/// Whether all products of numbers within a bound with another number fit 64 bits.
fn fits(bound: u64, by: i64) -> bool {
    let most = bound.checked_mul(by.unsigned_abs());
    most.is_some_and(|most| i64::try_from(most).is_ok())
}
