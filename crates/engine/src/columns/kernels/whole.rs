//! Single numbers as integers, sixty-four rows at a time: where bounds show that 64 bits are enough, no range is made of them.

use std::borrow::Cow;

use meed_facts::batch::rows_of;
use meed_facts::ratio::Rounding;
use meed_rules::program::{NodeId, Op, Type};

use super::super::direct::{Direct, Units};
use super::super::fraction::{Fraction, power_of_ten};
use super::super::lanes::{self, MANY, few};
use super::super::plane::Plane;
use super::super::run::{At, Operand, Run};
use super::super::vector::{Numbers, Ordinary, Vector};

/// An operand's single numbers as multiples of 10 to the minus some scale.
#[derive(Clone, Copy)]
pub(super) enum Whole<'v> {
    /// One for all rows.
    Constant(i64),
    /// One for each row where it is known.
    Units {
        numbers: &'v Numbers<'v>,
        undefined: &'v Plane,
        inapplicable: &'v Plane,
        /// From the numbers' own scale.
        factor: i64,
    },
    /// One for each row that is asked for.
    Direct { direct: &'v Direct<'v>, factor: i64 },
}

impl<'v> Whole<'v> {
    /// `None` where a number brought to that scale need not be whole or fit.
    pub fn of(operand: Operand<'v, 'v>, scale: u8) -> Option<Self> {
        match operand {
            Operand::Constant(constant) => {
                let one = constant.number.only()?.as_one()?;
                one.to_units(scale).map(Self::Constant)
            }
            Operand::Vector(vector) => {
                let Ordinary::Numbers(numbers) = &vector.ordinary else {
                    return None;
                };
                let factor = factor((numbers.scale, scale), || numbers.bound())?;
                Some(Self::Units {
                    numbers,
                    undefined: &vector.undefined,
                    inapplicable: &vector.inapplicable,
                    factor,
                })
            }
            Operand::Direct(direct) => {
                let factor = factor((direct.scale(), scale), || direct.bound())?;
                Some(Self::Direct { direct, factor })
            }
        }
    }

    /// In its own scale.
    pub fn own(operand: Operand<'v, 'v>) -> Option<Self> {
        Self::of(operand, scale_of(operand))
    }

    /// No number is further from 0.
    pub fn bound(self) -> u64 {
        match self {
            Self::Constant(one) => one.unsigned_abs(),
            Self::Units { numbers, factor, .. } => numbers.bound().saturating_mul(factor.unsigned_abs()),
            Self::Direct { direct, factor } => direct.bound().saturating_mul(factor.unsigned_abs()),
        }
    }

    /// A row's number, which must be a single one.
    pub fn known(self, row: usize) -> i64 {
        let (units, factor) = match self {
            Self::Constant(one) => return one,
            Self::Units { numbers, factor, .. } => (numbers.units.get(row).copied(), factor),
            Self::Direct { direct, factor } => (direct.units().get(row), factor),
        };
        // It fits: bounds were asked for.
        units.unwrap_or(0).wrapping_mul(factor)
    }

    /// The rows of a word that have a single number.
    pub fn exact(self, index: usize) -> u64 {
        match self {
            Self::Constant(_) | Self::Direct { .. } => u64::MAX,
            Self::Units {
                numbers,
                undefined,
                inapplicable,
                ..
            } => {
                let one = numbers.one.get(index).copied().unwrap_or(0);
                one & !undefined.word(index) & !inapplicable.word(index)
            }
        }
    }

    /// The units of a word's rows in the numbers' own scale, and the factor from it; none for a constant.
    pub fn units(self, index: usize) -> (Units<'v>, i64) {
        match self {
            Self::Constant(_) => (Units::Wide(&[]), 1),
            Self::Units { numbers, factor, .. } => (Units::Wide(&numbers.units).word(index), factor),
            Self::Direct { direct, factor } => (direct.units().word(index), factor),
        }
    }
}

impl<'v> Whole<'v> {
    /// The units of all rows in the numbers' own scale.
    pub fn all_units(self) -> Option<Units<'v>> {
        self.column().map(|(units, _)| units)
    }

    /// The same, and the factor from that scale.
    pub fn column(self) -> Option<(Units<'v>, i64)> {
        match self {
            Self::Constant(_) => None,
            Self::Units { numbers, factor, .. } => Some((Units::Wide(&numbers.units), factor)),
            Self::Direct { direct, factor } => Some((direct.units(), factor)),
        }
    }
}

/// From one scale to another; `None` where a number of that bound would not fit.
fn factor((from, to): (u8, u8), bound: impl FnOnce() -> u64) -> Option<i64> {
    let factor = i64::try_from(power_of_ten(to.checked_sub(from)?)).ok()?;
    if factor != 1 {
        i64::try_from(bound().checked_mul(factor.unsigned_abs())?).ok()?;
    }
    Some(factor)
}

/// Digits after the point of an operand's units.
pub(super) fn scale_of(operand: Operand<'_, '_>) -> u8 {
    match operand {
        Operand::Constant(constant) => constant.scale,
        Operand::Vector(vector) => match &vector.ordinary {
            Ordinary::Numbers(numbers) => numbers.scale,
            _ => 0,
        },
        Operand::Direct(direct) => direct.scale(),
    }
}

/// Makes a number of each row's two numbers in a word.
fn made(a: Whole<'_>, b: Whole<'_>, index: usize, make: impl Fn(i64, i64) -> i64) -> [i64; 64] {
    let mut numbers = [0; 64];
    let ((left, left_factor), (right, right_factor)) = (a.units(index), b.units(index));
    let (left, right) = (left.wide(), right.wide());
    match (a, b) {
        (Whole::Constant(a), Whole::Constant(b)) => numbers = [make(a, b); 64],
        (Whole::Constant(a), _) => {
            for (number, b) in numbers.iter_mut().zip(&*right) {
                *number = make(a, b.wrapping_mul(right_factor));
            }
        }
        (_, Whole::Constant(b)) => {
            for (number, a) in numbers.iter_mut().zip(&*left) {
                *number = make(a.wrapping_mul(left_factor), b);
            }
        }
        _ => {
            for (number, (a, b)) in numbers.iter_mut().zip(left.iter().zip(&*right)) {
                *number = make(a.wrapping_mul(left_factor), b.wrapping_mul(right_factor));
            }
        }
    }
    numbers
}

/// Those of some rows of which both numbers are single ones.
pub(super) fn both_exact<'r>(a: Whole<'_>, b: Whole<'_>, rows: &'r [u64]) -> Cow<'r, [u64]> {
    if let (Whole::Constant(_) | Whole::Direct { .. }, Whole::Constant(_) | Whole::Direct { .. }) = (a, b) {
        return Cow::Borrowed(rows);
    }
    let words = rows.iter().enumerate();
    words
        .map(|(index, rows)| rows & a.exact(index) & b.exact(index))
        .collect()
}

/// For which of some rows something holds of both their numbers; the bits of other rows mean nothing.
pub(super) fn holding(a: Whole<'_>, b: Whole<'_>, rows: &[u64], holds: impl Fn(i64, i64) -> bool) -> Vec<u64> {
    let word = |(index, rows): (usize, &u64)| {
        let first = index.wrapping_mul(64);
        few(*rows, |row| {
            let row = first.wrapping_add(row);
            holds(a.known(row), b.known(row))
        })
    };
    rows.iter().enumerate().map(word).collect()
}

/// For which of some rows the first number is below the second; the bits of other rows mean nothing.
pub(super) fn below(a: Whole<'_>, b: Whole<'_>, rows: &[u64]) -> Vec<u64> {
    match ((a, a.column()), (b, b.column())) {
        ((Whole::Constant(a), _), (_, Some((Units::Wide(b), 1)))) => lanes::above_one(b, a, rows),
        ((Whole::Constant(a), _), (_, Some((Units::Narrow(b), 1)))) => lanes::above_one(b, a, rows),
        ((_, Some((Units::Wide(a), 1))), (Whole::Constant(b), _)) => lanes::below_one(a, b, rows),
        ((_, Some((Units::Narrow(a), 1))), (Whole::Constant(b), _)) => lanes::below_one(a, b, rows),
        ((_, Some((Units::Wide(a), 1))), (_, Some((Units::Wide(b), 1)))) => lanes::below(a, b, rows),
        ((_, Some((Units::Wide(a), by))), (_, Some((Units::Wide(b), other)))) => {
            lanes::below_of_products((a, by), (b, other), rows)
        }
        _ => holding(a, b, rows, |a, b| a < b),
    }
}

impl Numbers<'_> {
    /// Sets some rows of a word to single numbers.
    fn set_word(&mut self, index: usize, rows: u64, numbers: &[i64; 64]) {
        let Some(one) = self.one.get_mut(index) else { return };
        let fresh = *one & !rows == 0;
        *one |= rows;
        let units = self.units_mut();
        let from = index.wrapping_mul(64).min(units.len());
        let until = from.wrapping_add(64).min(units.len());
        let places = units.get_mut(from..until).unwrap_or_default().iter_mut().zip(numbers);
        if fresh {
            // What other rows have there means nothing.
            return places.for_each(|(place, number)| *place = *number);
        }
        for ((place, number), row) in places.zip(0_u32..) {
            if rows.wrapping_shr(row) & 1 == 1 {
                *place = *number;
            }
        }
    }

    /// Sets some rows of a word to what is made of two numbers.
    fn make_word(&mut self, index: usize, rows: u64, (a, b): (Whole<'_>, Whole<'_>), make: impl Fn(i64, i64) -> i64) {
        if rows.count_ones() >= MANY {
            return self.set_word(index, rows, &made(a, b, index, make));
        }
        let units = self.units_mut();
        for row in rows_of([rows].into_iter()).map(|row| index.wrapping_mul(64).wrapping_add(row)) {
            if let Some(place) = units.get_mut(row) {
                *place = make(a.known(row), b.known(row));
            }
        }
        if let Some(one) = self.one.get_mut(index) {
            *one |= rows;
        }
    }

    /// Takes over those of some rows of a word that are single numbers; gives them.
    pub fn take_word(&mut self, from: Operand<'_, '_>, index: usize, rows: u64) -> u64 {
        let Some(whole) = Whole::of(from, self.scale) else {
            return 0;
        };
        let exact = rows & whole.exact(index);
        if exact != 0 {
            self.make_word(index, exact, (whole, whole), |number, _| number);
        }
        exact
    }
}

impl<'b> Run<'_, 'b> {
    /// Decides the rows in which the operands are single numbers and the result certainly fits; gives those that are left. The operands must be there.
    pub(super) fn whole(&self, at: At<'_>, out: &mut Vector<'b>) -> Vec<u64> {
        let program = self.plan.program;
        let Ordinary::Numbers(numbers) = &mut out.ordinary else {
            return at.rows.to_vec();
        };
        // Durations would have to be whole months or days besides.
        if !matches!(program.nodes[at.node].ty, Type::Number(_) | Type::Year) {
            return at.rows.to_vec();
        }
        let read = |node: &NodeId| self.operand(*node, at.table);
        let made = match &program.nodes[at.node].op {
            Op::Add(a, b) => sum(numbers, at.rows, (read(a), read(b)), i64::wrapping_add),
            Op::Sub(a, b) => sum(numbers, at.rows, (read(a), read(b)), i64::wrapping_sub),
            Op::Mul(a, b) => product(numbers, at.rows, (read(a), read(b))),
            Op::Round(a, mode, step) => {
                Fraction::of(step).and_then(|step| rounded(numbers, at.rows, read(a), (*mode, step)))
            }
            Op::NotBelowZero(a) => Whole::of(read(a), numbers.scale).and_then(|a| {
                let bound = a.bound();
                each_word(numbers, at.rows, (a, Whole::Constant(0)), bound, i64::max)
            }),
            Op::Max(list) => extreme(numbers, at.rows, list.iter().map(read), i64::max),
            Op::Min(list) => extreme(numbers, at.rows, list.iter().map(read), i64::min),
            _ => None,
        };
        let made = made.unwrap_or_default();
        let left = |(index, rows): (usize, &u64)| rows & !made.get(index).copied().unwrap_or(0);
        at.rows.iter().enumerate().map(left).collect()
    }
}

/// Makes single numbers of pairs; gives the rows for which it did.
fn each_word(
    numbers: &mut Numbers<'_>,
    rows: &[u64],
    (a, b): (Whole<'_>, Whole<'_>),
    bound: u64,
    make: impl Fn(i64, i64) -> i64,
) -> Option<Vec<u64>> {
    i64::try_from(bound).ok()?;
    let word = |(index, rows): (usize, &u64)| {
        let exact = rows & a.exact(index) & b.exact(index);
        if exact != 0 {
            numbers.make_word(index, exact, (a, b), &make);
        }
        exact
    };
    Some(rows.iter().enumerate().map(word).collect())
}

fn sum(
    numbers: &mut Numbers<'_>,
    rows: &[u64],
    (a, b): (Operand<'_, '_>, Operand<'_, '_>),
    make: fn(i64, i64) -> i64,
) -> Option<Vec<u64>> {
    let (a, b) = (Whole::of(a, numbers.scale)?, Whole::of(b, numbers.scale)?);
    let bound = a.bound().checked_add(b.bound())?;
    each_word(numbers, rows, (a, b), bound, make)
}

fn product(numbers: &mut Numbers<'_>, rows: &[u64], (a, b): (Operand<'_, '_>, Operand<'_, '_>)) -> Option<Vec<u64>> {
    if scale_of(a).checked_add(scale_of(b))? != numbers.scale {
        return None;
    }
    let (a, b) = (Whole::own(a)?, Whole::own(b)?);
    let bound = a.bound().checked_mul(b.bound())?;
    each_word(numbers, rows, (a, b), bound, i64::wrapping_mul)
}

/// The nearest multiples of a step as the mode says (`Fraction::round`).
fn rounded(
    numbers: &mut Numbers<'_>,
    rows: &[u64],
    of: Operand<'_, '_>,
    (mode, step): (Rounding, Fraction),
) -> Option<Vec<u64>> {
    // A scale in which both the numbers and the steps are whole.
    let scale = scale_of(of).max(numbers.scale);
    let (of, step) = (Whole::of(of, scale)?, step.to_units(scale).filter(|step| *step > 0)?);
    let to_own = i64::try_from(power_of_ten(scale.checked_sub(numbers.scale)?)).ok()?;
    let bound = of.bound().checked_add(step.unsigned_abs())?;
    let round = |number: i64, step: i64| {
        let rounded = nearest(number, mode, step);
        rounded.checked_div(to_own).unwrap_or(rounded)
    };
    each_word(numbers, rows, (of, Whole::Constant(step)), bound, round)
}

/// The nearest multiple of a step above 0, which must fit.
pub(super) fn nearest(number: i64, mode: Rounding, step: i64) -> i64 {
    let past = number.rem_euclid(step);
    let below = number.wrapping_sub(past);
    let is_odd = || below.div_euclid(step) & 1 == 1;
    if past != 0 && rounds_up(mode, number < 0, is_odd, (past, step)) {
        below.wrapping_add(step)
    } else {
        below
    }
}

/// Whether a number that lies `past` a multiple of the step, and is none, becomes the next multiple above it.
fn rounds_up(mode: Rounding, negative: bool, is_odd: impl Fn() -> bool, (past, step): (i64, i64)) -> bool {
    let rest = step.wrapping_sub(past);
    match mode {
        Rounding::Floor => false,
        Rounding::Ceiling => true,
        Rounding::Down => negative,
        Rounding::Up => !negative,
        Rounding::HalfUp => past > rest || (past == rest && !negative),
        Rounding::HalfDown => past > rest || (past == rest && negative),
        Rounding::HalfEven => past > rest || (past == rest && is_odd()),
    }
}

fn extreme<'v>(
    numbers: &mut Numbers<'_>,
    rows: &[u64],
    operands: impl Iterator<Item = Operand<'v, 'v>>,
    better: fn(i64, i64) -> i64,
) -> Option<Vec<u64>> {
    let operands: Vec<Whole<'_>> = operands
        .map(|operand| Whole::of(operand, numbers.scale))
        .collect::<Option<_>>()?;
    let (first, others) = operands.split_first()?;
    let word = |(index, rows): (usize, &u64)| {
        let exact = operands
            .iter()
            .fold(*rows, |exact, operand| exact & operand.exact(index));
        if exact != 0 {
            let mut best = made(*first, *first, index, |number, _| number);
            for other in others {
                let numbers = made(*other, *other, index, |number, _| number);
                for (best, number) in best.iter_mut().zip(&numbers) {
                    *best = better(*best, *number);
                }
            }
            numbers.set_word(index, exact, &best);
        }
        exact
    };
    Some(rows.iter().enumerate().map(word).collect())
}
