//! One row's value between columns and the definition's form.

use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{NodeId, Type};

use super::range::{End, Range};
use super::run::{Operand, Run};
use super::vector::{One, Ordinary, Text, Vector, pack};
use crate::value::{Causes, Members, Set, Value};

/// Any value of a type.
pub(super) enum Any {
    Truth,
    Number,
    Members(u64),
    Text,
}

impl Run<'_, '_> {
    /// Any value of a node's type.
    pub fn any_of_type(&self, node: NodeId) -> Any {
        match &self.plan.program.nodes[node].ty {
            Type::Bool => Any::Truth,
            Type::Enumeration(id) => {
                Any::Members(all_members(self.plan.program.schema.enumerations[*id].members.len()))
            }
            Type::Text | Type::Identifier(_) => Any::Text,
            _ => Any::Number,
        }
    }
}

/// A bit for each of so many members.
pub(super) fn all_members(count: usize) -> u64 {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    1_u64.checked_shl(count).map_or(u64::MAX, |bit| bit.wrapping_sub(1))
}

impl Any {
    /// Adds any value to what a row may be.
    pub fn add_to(&self, out: &mut Vector<'_>, row: usize) {
        match self {
            Any::Truth => out.add_truth(row, One::of((true, true))),
            Any::Number => out.add_number(row, One::of(Range::ANY)),
            Any::Members(members) => out.add_member(row, One::of(*members)),
            Any::Text => drop(out.add_text(row, One::of(&Text::Any))),
        }
    }
}

impl<'b> Operand<'_, 'b> {
    /// Adds a row's outcomes to what it may be elsewhere. Whether columns have a form for that: they have none for one of several texts.
    pub fn add_to(&self, out: &mut Vector<'b>, row: usize) -> bool {
        match &out.ordinary {
            Ordinary::Truths(_) => out.add_truth(row, self.truth(row)),
            Ordinary::Numbers(_) => out.add_number(row, self.number(row)),
            Ordinary::Members(_) => out.add_member(row, self.member(row)),
            Ordinary::Texts(_) => return out.add_text(row, self.text(row)),
        }
        true
    }

    /// A row's value in the definition's form, without causes.
    pub fn value(&self, row: usize, ty: &Type) -> Value {
        if let Operand::Constant(constant) = self {
            return constant.value.clone();
        }
        let (_, undefined, inapplicable) = self.outcomes(row);
        let set = match ty {
            Type::Bool => self.truth(row).set.map(|(yes, no)| match (yes, no) {
                (true, true) => Set::Either,
                (yes, _) => Set::One(Scalar::Bool(yes)),
            }),
            Type::Enumeration(_) => self.member(row).set.and_then(|set| {
                let positions = (0..64_u16).filter(|position| set.wrapping_shr((*position).into()) & 1 == 1);
                Set::members(Members::of(positions))
            }),
            Type::Text | Type::Identifier(_) => self.text(row).set.map(|text| match text.as_one() {
                Some(text) => Set::One(Scalar::Text(Arc::from(text))),
                None => Set::AnyText,
            }),
            _ => self.number(row).set.and_then(|range| set_of(&range, ty)),
        };
        Value::new(set, undefined, inapplicable, Causes::NONE)
    }
}

/// The values of a type that numbers stand for.
fn set_of(range: &Range, ty: &Type) -> Option<Set> {
    let bound = |end: Option<End>| {
        let end = end?;
        let whole = || i32::try_from(end.value.floor()).ok();
        let value = match ty {
            Type::Date => Scalar::Date(Date::from_days_since_epoch(whole()?)?),
            Type::Months => Scalar::Months(whole()?),
            Type::Days => Scalar::Days(whole()?),
            _ => Scalar::Number(end.value.to_ratio()),
        };
        Some(Bound {
            value,
            closed: end.closed,
        })
    };
    Set::range(bound(range.low), bound(range.high))
}

impl<'b> Vector<'b> {
    /// Adds outcomes to what a row may be.
    pub fn add_besides(&mut self, row: usize, undefined: bool, inapplicable: bool) {
        if undefined {
            self.undefined.set(row, true);
        }
        if inapplicable {
            self.inapplicable.set(row, true);
        }
    }

    pub fn add_undefined(&mut self, rows: &[u64]) {
        let words = rows.iter().enumerate();
        words.for_each(|(index, rows)| self.undefined.add_word(index, *rows));
    }

    pub fn add_inapplicable(&mut self, rows: &[u64]) {
        let words = rows.iter().enumerate();
        words.for_each(|(index, rows)| self.inapplicable.add_word(index, *rows));
    }

    /// Adds an operand's outcomes to what the rows of a word may be; gives the rows that are left to be added one by one.
    pub fn add_word(&mut self, operand: Operand<'_, 'b>, index: usize, rows: u64) -> u64 {
        let left = match &mut self.ordinary {
            Ordinary::Truths(truths) => {
                let [yes, no, ..] = operand.truth_words(index);
                add(&mut truths.yes, index, yes & rows);
                add(&mut truths.no, index, no & rows);
                0
            }
            Ordinary::Numbers(numbers) => {
                let known = [&numbers.one, &numbers.ranged].map(|words| words.get(index).copied().unwrap_or(0));
                let fresh = rows & !(known[0] | known[1]);
                rows & !numbers.take_word(operand, index, fresh)
            }
            Ordinary::Members(sets) => {
                let own = sets.iter_mut().skip(index.wrapping_mul(64)).zip(0_u32..64);
                let own = own.map(|(set, row)| (set, rows.wrapping_shr(row) & 1 == 1));
                match operand {
                    Operand::Constant(constant) => {
                        let member = constant.member.set.unwrap_or(0);
                        own.for_each(|(set, is_row)| *set |= if is_row { member } else { 0 });
                    }
                    Operand::Vector(vector) => {
                        let others = vector.member_word(index);
                        own.zip(others)
                            .for_each(|((set, is_row), other)| *set |= if is_row { *other } else { 0 });
                    }
                    Operand::Direct(direct) => {
                        let others = direct.members().iter().skip(index.wrapping_mul(64));
                        let others = others.map(|member| 1_u64.wrapping_shl((*member).into()));
                        own.zip(others)
                            .for_each(|((set, is_row), other)| *set |= if is_row { other } else { 0 });
                    }
                }
                0
            }
            Ordinary::Texts(_) => rows,
        };
        let (undefined, inapplicable) = operand.besides_words(index);
        self.undefined.add_word(index, undefined & rows & !left);
        self.inapplicable.add_word(index, inapplicable & rows & !left);
        left
    }

    pub fn add_truth(&mut self, row: usize, one: One<(bool, bool)>) {
        let mine = self.truth(row);
        let ((yes, no), (other_yes, other_no)) = (mine.set.unwrap_or_default(), one.set.unwrap_or_default());
        self.put_truth(row, mine.with(Some((yes || other_yes, no || other_no)), &one));
        self.unsettle(row, mine.undefined || one.undefined);
    }

    pub fn add_number(&mut self, row: usize, one: One<Range>) {
        let mine = self.number(row);
        let set = match (mine.set, one.set) {
            (Some(mine), Some(other)) => Some(mine.hull(&other)),
            (mine, other) => mine.or(other),
        };
        self.put_number(row, mine.with(set, &one));
        self.unsettle(row, mine.undefined || one.undefined);
    }

    pub fn add_member(&mut self, row: usize, one: One<u64>) {
        let mine = self.member(row);
        let set = mine.set.unwrap_or(0) | one.set.unwrap_or(0);
        self.put_member(row, mine.with(Some(set), &one));
        self.unsettle(row, mine.undefined || one.undefined);
    }

    pub fn add_text(&mut self, row: usize, one: One<&Text<'b>>) -> bool {
        let mine = self.text(row);
        let set = match (mine.set, one.set) {
            (Some(a), Some(b)) if a.as_one().is_some() && a.as_one() == b.as_one() => Some(a.clone()),
            (Some(Text::Any), Some(_)) | (Some(_), Some(Text::Any)) => Some(Text::Any),
            (Some(_), Some(_)) => return false,
            (a, b) => a.or(b).cloned(),
        };
        let (undefined, inapplicable) = (mine.undefined || one.undefined, mine.inapplicable || one.inapplicable);
        self.put_text(
            row,
            One {
                set,
                undefined,
                inapplicable,
            },
        );
        self.unsettle(row, undefined);
        true
    }

    /// While outcomes are added, a row without any is not undefined yet.
    fn unsettle(&mut self, row: usize, undefined: bool) {
        self.undefined.set(row, undefined);
    }

    /// After all outcomes were added: a row without any is undefined.
    pub fn settle(&mut self, rows: &[u64]) {
        for (index, rows) in rows.iter().enumerate() {
            let word = |words: &[u64]| words.get(index).copied().unwrap_or(0);
            let known = match &self.ordinary {
                Ordinary::Truths(truths) => word(&truths.yes) | word(&truths.no),
                Ordinary::Numbers(numbers) => word(&numbers.one) | word(&numbers.ranged),
                Ordinary::Members(sets) => pack(sets.iter().skip(index.wrapping_mul(64)).take(64).map(|set| *set != 0)),
                Ordinary::Texts(texts) => {
                    let texts = texts.iter().skip(index.wrapping_mul(64)).take(64);
                    pack(texts.map(|text| *text != Text::None))
                }
            };
            let open = rows & !(known | self.inapplicable.word(index));
            self.undefined.add_word(index, open);
        }
    }
}

fn add(words: &mut [u64], index: usize, rows: u64) {
    if let Some(word) = words.get_mut(index) {
        *word |= rows;
    }
}

impl<S> One<S> {
    /// Other ordinary values, and both ones' other outcomes.
    fn with<T>(&self, set: Option<T>, other: &Self) -> One<T> {
        One {
            set,
            undefined: self.undefined || other.undefined,
            inapplicable: self.inapplicable || other.inapplicable,
        }
    }
}
