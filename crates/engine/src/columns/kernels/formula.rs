//! What a line is paid where its numbers are single and fit 64 bits: gross, floor, cap and rounding on integers. `pay` makes the same of ranges.

use meed_facts::money::Currency;
use meed_facts::ratio::Rounding;
use meed_rules::program::{NodeId, Pay};

use super::super::fraction::{Fraction, power_of_ten};
use super::super::run::Operand;
use super::whole::{Whole, nearest, scale_of};

/// A formula for all rows of a table.
pub(in super::super) struct Formula<'v> {
    amount: Whole<'v>,
    floor: Option<Whole<'v>>,
    cap: Option<Whole<'v>>,
    rounding: Option<(Rounding, i64)>,
    /// How many of these numbers' units a smallest unit of money has.
    parts: i64,
}

impl<'v> Formula<'v> {
    /// `None` where the numbers are not whole in one scale, where they might not fit, or where an officer assesses what is paid.
    pub fn of(pay: &Pay, currency: Currency, read: impl Fn(NodeId) -> Operand<'v, 'v>) -> Option<Self> {
        if pay.assessed.is_some() {
            return None;
        }
        let exponent = u8::try_from(currency.exponent()).ok()?;
        let operands = [Some(pay.amount?), pay.floor, pay.cap].map(|node| node.map(&read));
        let scale = operands.iter().flatten().map(|operand| scale_of(*operand)).max()?;
        let scale = scale.max(exponent);
        let whole = |operand: Option<Operand<'v, 'v>>| {
            operand.map_or(Some(None), |operand| Some(Some(Whole::of(operand, scale)?)))
        };
        let [amount, floor, cap] = operands.map(whole);
        let (amount, floor, cap) = (amount??, floor?, cap?);
        let rounding = match &pay.rounding {
            None => None,
            Some((mode, step)) => {
                let step = Fraction::of(step)?.to_units(scale).filter(|step| *step > 0)?;
                let most = [Some(amount), floor, cap]
                    .into_iter()
                    .flatten()
                    .map(Whole::bound)
                    .max()?;
                i64::try_from(most.checked_add(step.unsigned_abs())?).ok()?;
                Some((*mode, step))
            }
        };
        Some(Self {
            amount,
            floor,
            cap,
            rounding,
            parts: i64::try_from(power_of_ten(scale.checked_sub(exponent)?)).ok()?,
        })
    }

    /// The rows of a word for which all numbers are single ones.
    pub fn exact(&self, index: usize) -> u64 {
        let numbers = [Some(self.amount), self.floor, self.cap].into_iter().flatten();
        numbers.fold(u64::MAX, |exact, number| exact & number.exact(index))
    }

    /// What the formula gives for such a row, and that after floor, cap and rounding, in whole smallest units.
    pub fn at(&self, row: usize) -> [i64; 2] {
        let gross = self.amount.known(row);
        let mut amount = gross;
        if let Some(floor) = self.floor {
            amount = amount.max(floor.known(row));
        }
        if let Some(cap) = self.cap {
            amount = amount.min(cap.known(row));
        }
        if let Some((mode, step)) = self.rounding {
            amount = nearest(amount, mode, step);
        }
        [gross, amount].map(|units| {
            if self.parts == 1 {
                units
            } else {
                units.div_euclid(self.parts)
            }
        })
    }
}
