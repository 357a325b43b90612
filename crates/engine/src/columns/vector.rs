//! What a node's value may be in each row of a table.
//!
//! A row's value has up to three parts, as in the definition ([`crate::value::Value`]): ordinary values, *undefined*, *not applicable*. Why it is not known is not kept:
//! whoever asks has the applicant explained.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use super::fraction::Fraction;
use super::lanes;
use super::plane::Plane;
use super::range::Range;
use super::run::Operand;

/// The values of a node, a row each.
#[derive(Clone, Debug)]
pub(super) struct Vector<'b> {
    /// Rows whose value may be undefined.
    pub undefined: Plane,
    /// Rows whose value may not apply.
    pub inapplicable: Plane,
    /// Ordinary values.
    pub ordinary: Ordinary<'b>,
}

/// The ordinary values of a node, by its type.
#[derive(Clone, Debug)]
pub(super) enum Ordinary<'b> {
    /// Conditions.
    Truths(Truths),
    /// Numbers, dates (days since 1970-01-01), durations, years and months.
    Numbers(Numbers<'b>),
    /// Members of an enumeration: a bit for each that it may be.
    Members(Vec<u64>),
    /// Texts and identifiers.
    Texts(Vec<Text<'b>>),
}

/// Which truths rows may have.
#[derive(Clone, Debug, Default)]
pub(super) struct Truths {
    pub yes: Vec<u64>,
    pub no: Vec<u64>,
}

/// Numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers<'b> {
    /// Digits after the point of `units`.
    pub scale: u8,
    /// Rows with one number, kept in `units`.
    pub one: Vec<u64>,
    /// Rows with a range, kept in `ranges`; single numbers that are no units too.
    pub ranged: Vec<u64>,
    /// One for each row, or none at all.
    pub units: Cow<'b, [i64]>,
    /// Ranges of rows, the first of which many may share: few rows have one, and it takes much room.
    ranges: Vec<Range>,
    /// Where each row's range is; for each row, or for none at all.
    places: Vec<u32>,
    /// What [`Numbers::bound`] found; nothing while numbers change.
    bound: OnceCell<u64>,
}

/// What is known of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text<'b> {
    None,
    Any,
    One(Cow<'b, str>),
    Shared(Arc<str>),
}

/// What one row's value may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct One<S> {
    /// Ordinary values, where it may have any.
    pub set: Option<S>,
    pub undefined: bool,
    pub inapplicable: bool,
}

/// The truths that a row may have: true, false.
pub(super) type Truth = (bool, bool);

impl<S> One<S> {
    pub fn of(set: S) -> Self {
        Self {
            set: Some(set),
            undefined: false,
            inapplicable: false,
        }
    }

    pub const UNDEFINED: Self = Self {
        set: None,
        undefined: true,
        inapplicable: false,
    };

    /// The ordinary values, where there is no other outcome.
    pub fn only(self) -> Option<S> {
        self.set.filter(|_| !self.undefined && !self.inapplicable)
    }

    /// Without any outcome a value is undefined.
    fn settled(self) -> Self {
        Self {
            undefined: self.undefined || (self.set.is_none() && !self.inapplicable),
            ..self
        }
    }
}

pub(super) fn bit(words: &[u64], row: usize) -> bool {
    words
        .get(row / 64)
        .is_some_and(|word| word.wrapping_shr(shift(row)) & 1 == 1)
}

pub(super) fn set_bit(words: &mut [u64], row: usize, truth: bool) {
    if let Some(word) = words.get_mut(row / 64) {
        let bit = 1_u64.wrapping_shl(shift(row));
        *word = if truth { *word | bit } else { *word & !bit };
    }
}

/// Sets the bits of a span of rows.
pub(super) fn set_bits(words: &mut [u64], span: std::ops::Range<usize>) {
    let mut row = span.start;
    while row < span.end {
        let until = span.end.min((row | 63).saturating_add(1));
        let bits = u64::MAX.wrapping_shr(shift(row.wrapping_sub(until)));
        if let Some(word) = words.get_mut(row / 64) {
            *word |= bits.wrapping_shl(shift(row));
        }
        row = until;
    }
}

/// Truths as the bits of a word.
pub(super) fn pack(truths: impl Iterator<Item = bool>) -> u64 {
    // A byte for each, then eight bytes at once: that their lowest bits meet in the highest byte is faster than a shift for each.
    let mut bytes = [0; 64];
    bytes
        .iter_mut()
        .zip(truths)
        .for_each(|(byte, truth)| *byte = u8::from(truth));
    let (eights, _) = bytes.as_chunks();
    let pack = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |bits, eight| bits << 8 | pack(eight))
}

/// A bound that no number is further from 0 than: all bits that any has.
pub(super) fn bound_of(numbers: &[i64]) -> u64 {
    match u64::try_from(lanes::all_bits(numbers)) {
        Ok(bits) => bits,
        // One is below 0.
        Err(_) => numbers.iter().fold(0, |bits, number| bits | number.unsigned_abs()),
    }
}

fn shift(row: usize) -> u32 {
    // Below 64.
    u32::try_from(row % 64).unwrap_or(0)
}

fn words(rows: usize) -> Vec<u64> {
    vec![0; rows.div_ceil(64)]
}

impl<'b> Vector<'b> {
    pub fn of(rows: usize, ordinary: Ordinary<'b>) -> Self {
        Self {
            undefined: Plane::none(rows),
            inapplicable: Plane::none(rows),
            ordinary,
        }
    }

    pub fn truths(rows: usize) -> Self {
        let truths = Truths {
            yes: words(rows),
            no: words(rows),
        };
        Self::of(rows, Ordinary::Truths(truths))
    }

    pub fn numbers(rows: usize, scale: u8) -> Self {
        let numbers = Numbers {
            scale,
            one: words(rows),
            ranged: words(rows),
            ..Numbers::default()
        };
        Self::of(rows, Ordinary::Numbers(numbers))
    }

    pub fn members(rows: usize) -> Self {
        Self::of(rows, Ordinary::Members(vec![0; rows]))
    }

    pub fn texts(rows: usize) -> Self {
        Self::of(rows, Ordinary::Texts(vec![Text::None; rows]))
    }

    fn besides<S>(&self, row: usize, set: Option<S>) -> One<S> {
        One {
            set,
            undefined: self.undefined.get(row),
            inapplicable: self.inapplicable.get(row),
        }
    }

    pub fn truth(&self, row: usize) -> One<Truth> {
        let set = match &self.ordinary {
            Ordinary::Truths(truths) => Some((bit(&truths.yes, row), bit(&truths.no, row))),
            _ => None,
        };
        self.besides(row, set.filter(|(yes, no)| *yes || *no))
    }

    pub fn number(&self, row: usize) -> One<Range> {
        let set = match &self.ordinary {
            Ordinary::Numbers(numbers) => numbers.range(row),
            _ => None,
        };
        self.besides(row, set)
    }

    pub fn member(&self, row: usize) -> One<u64> {
        let set = match &self.ordinary {
            Ordinary::Members(sets) => sets.get(row).copied(),
            _ => None,
        };
        self.besides(row, set.filter(|set| *set != 0))
    }

    pub fn text(&self, row: usize) -> One<&Text<'b>> {
        let set = match &self.ordinary {
            Ordinary::Texts(texts) => texts.get(row),
            _ => None,
        };
        self.besides(row, set.filter(|text| **text != Text::None))
    }

    fn set_besides<S>(&mut self, row: usize, one: &One<S>) {
        self.undefined.set(row, one.undefined);
        self.inapplicable.set(row, one.inapplicable);
    }

    pub fn put_truth(&mut self, row: usize, one: One<Truth>) {
        let one = One {
            set: one.set.filter(|(yes, no)| *yes || *no),
            ..one
        }
        .settled();
        self.set_besides(row, &one);
        if let Ordinary::Truths(truths) = &mut self.ordinary {
            let (yes, no) = one.set.unwrap_or((false, false));
            set_bit(&mut truths.yes, row, yes);
            set_bit(&mut truths.no, row, no);
        }
    }

    pub fn put_number(&mut self, row: usize, one: One<Range>) {
        let one = One {
            set: one.set.filter(Range::is_some),
            ..one
        }
        .settled();
        self.set_besides(row, &one);
        if let Ordinary::Numbers(numbers) = &mut self.ordinary {
            numbers.put(row, one.set);
        }
    }

    pub fn put_member(&mut self, row: usize, one: One<u64>) {
        let one = One {
            set: one.set.filter(|set| *set != 0),
            ..one
        }
        .settled();
        self.set_besides(row, &one);
        if let (Ordinary::Members(sets), set) = (&mut self.ordinary, one.set)
            && let Some(place) = sets.get_mut(row)
        {
            *place = set.unwrap_or(0);
        }
    }

    pub fn put_text(&mut self, row: usize, one: One<Text<'b>>) {
        let one = one.settled();
        self.set_besides(row, &one);
        if let Ordinary::Texts(texts) = &mut self.ordinary
            && let Some(place) = texts.get_mut(row)
        {
            *place = one.set.unwrap_or(Text::None);
        }
    }

    /// Makes a row's value one that may not apply, or certainly does not unless `may_apply`.
    pub fn may_not_apply(&mut self, row: usize, may_apply: bool) {
        self.inapplicable.set(row, true);
        if may_apply {
            return;
        }
        self.undefined.set(row, false);
        match &mut self.ordinary {
            Ordinary::Truths(truths) => {
                set_bit(&mut truths.yes, row, false);
                set_bit(&mut truths.no, row, false);
            }
            Ordinary::Numbers(numbers) => numbers.put(row, None),
            Ordinary::Members(sets) => sets.iter_mut().skip(row).take(1).for_each(|set| *set = 0),
            Ordinary::Texts(texts) => texts.iter_mut().skip(row).take(1).for_each(|text| *text = Text::None),
        }
    }
}

impl Numbers<'_> {
    /// The same without the batch.
    pub fn owned(&self) -> Numbers<'static> {
        Numbers {
            scale: self.scale,
            one: self.one.clone(),
            ranged: self.ranged.clone(),
            units: Cow::Owned(self.units.to_vec()),
            ranges: self.ranges.clone(),
            places: self.places.clone(),
            bound: OnceCell::new(),
        }
    }

    /// The numbers of a row.
    pub fn range(&self, row: usize) -> Option<Range> {
        if bit(&self.one, row) {
            let units = self.units.get(row)?;
            return Some(Range::one(Fraction::of_units(*units, self.scale)));
        }
        let place = self.places.get(row).filter(|_| bit(&self.ranged, row))?;
        self.ranges.get(*place as usize).copied()
    }

    /// A bound that no number among the units is further from 0 than.
    pub fn bound(&self) -> u64 {
        *self.bound.get_or_init(|| bound_of(&self.units))
    }

    /// The units, to be changed.
    pub fn units_mut(&mut self) -> &mut [i64] {
        self.bound.take();
        if self.units.is_empty() {
            self.units = Cow::Owned(vec![0; self.room()]);
        }
        self.units.to_mut()
    }

    /// Room for whole words of rows.
    fn room(&self) -> usize {
        self.one.len().saturating_mul(64)
    }

    /// Takes over units: those rows have the number that is there, these others any in a range.
    pub fn fill(&mut self, known: &[u64], unknown: impl Iterator<Item = u64>, any: Range) {
        self.bound.take();
        self.one.iter_mut().zip(known).for_each(|(own, word)| *own = *word);
        self.ranged.iter_mut().zip(unknown).for_each(|(own, word)| *own = word);
        if self.ranged.iter().any(|word| *word != 0) {
            self.share(any);
        }
    }

    /// Gives all rows one range.
    fn share(&mut self, range: Range) {
        self.ranges = vec![range];
        self.places = vec![0; self.room()];
    }

    fn put(&mut self, row: usize, range: Option<Range>) {
        let units = range
            .and_then(|range| range.as_one())
            .and_then(|one| one.to_units(self.scale));
        set_bit(&mut self.one, row, units.is_some());
        set_bit(&mut self.ranged, row, range.is_some() && units.is_none());
        if let Some(units) = units {
            if let Some(place) = self.units_mut().get_mut(row) {
                *place = units;
            }
        } else if let Some(range) = range {
            if self.places.is_empty() {
                self.share(Range::ANY);
            }
            let Some(place) = self.places.get_mut(row) else { return };
            match self.ranges.get_mut(*place as usize).filter(|_| *place != 0) {
                Some(own) => *own = range,
                None => {
                    *place = u32::try_from(self.ranges.len()).unwrap_or(u32::MAX);
                    self.ranges.push(range);
                }
            }
        }
    }
}

impl Text<'_> {
    pub fn as_one(&self) -> Option<&str> {
        match self {
            Text::One(text) => Some(text),
            Text::Shared(text) => Some(text),
            Text::None | Text::Any => None,
        }
    }
}

impl<'b> Vector<'b> {
    /// One word of each truth plane: yes, no, undefined, not applicable.
    pub fn truth_words(&self, index: usize) -> [u64; 4] {
        let word = |words: &Vec<u64>| words.get(index).copied().unwrap_or(0);
        let (yes, no) = match &self.ordinary {
            Ordinary::Truths(truths) => (word(&truths.yes), word(&truths.no)),
            _ => (0, 0),
        };
        [yes, no, self.undefined.word(index), self.inapplicable.word(index)]
    }

    /// The members that the rows of a word may be.
    pub fn member_word(&self, index: usize) -> &[u64] {
        let Ordinary::Members(sets) = &self.ordinary else {
            return &[];
        };
        let from = index.wrapping_mul(64).min(sets.len());
        sets.get(from..from.wrapping_add(64).min(sets.len()))
            .unwrap_or_default()
    }

    /// The words of truths, where none may be undefined or not apply.
    pub fn plain_truths(&self) -> Option<(&[u64], &[u64])> {
        match &self.ordinary {
            Ordinary::Truths(truths) if self.undefined.is_none() && self.inapplicable.is_none() => {
                Some((&truths.yes, &truths.no))
            }
            _ => None,
        }
    }

    /// Sets some rows of truths of which all is known.
    pub fn set_known(&mut self, rows: &[u64], yes: &[u64]) {
        self.undefined.clear(rows);
        self.inapplicable.clear(rows);
        let Ordinary::Truths(truths) = &mut self.ordinary else {
            return;
        };
        let own = truths.yes.iter_mut().zip(&mut truths.no);
        for ((own, other), (rows, yes)) in own.zip(rows.iter().zip(yes)) {
            *own = (*own & !rows) | (yes & rows);
            *other = (*other & !rows) | (!yes & rows);
        }
    }

    /// Sets some rows of a word of truths; a row without any outcome is undefined.
    pub fn set_truth_words(&mut self, index: usize, rows: u64, [yes, no, undefined, inapplicable]: [u64; 4]) {
        let undefined = undefined | !(yes | no | inapplicable);
        self.undefined.set_word(index, rows, undefined);
        self.inapplicable.set_word(index, rows, inapplicable);
        let set = |words: &mut Vec<u64>, truths: u64| {
            if let Some(word) = words.get_mut(index) {
                *word = (*word & !rows) | (truths & rows);
            }
        };
        if let Ordinary::Truths(truths) = &mut self.ordinary {
            set(&mut truths.yes, yes);
            set(&mut truths.no, no);
        }
    }

    /// Takes a row's value from an operand of the type.
    pub fn copy(&mut self, row: usize, from: Operand<'_, 'b>, source: usize) {
        match &self.ordinary {
            Ordinary::Truths(_) => self.put_truth(row, from.truth(source)),
            Ordinary::Numbers(_) => self.put_number(row, from.number(source)),
            Ordinary::Members(_) => self.put_member(row, from.member(source)),
            Ordinary::Texts(_) => {
                let text = from.text(source);
                self.put_text(
                    row,
                    One {
                        set: text.set.cloned(),
                        undefined: text.undefined,
                        inapplicable: text.inapplicable,
                    },
                );
            }
        }
    }
}

impl Vector<'_> {
    /// Whether a row may have an ordinary value, may be undefined, may not apply.
    pub fn outcomes(&self, row: usize) -> (bool, bool, bool) {
        let is_some = match &self.ordinary {
            Ordinary::Truths(truths) => bit(&truths.yes, row) || bit(&truths.no, row),
            Ordinary::Numbers(numbers) => bit(&numbers.one, row) || bit(&numbers.ranged, row),
            Ordinary::Members(sets) => sets.get(row).is_some_and(|set| *set != 0),
            Ordinary::Texts(texts) => texts.get(row).is_some_and(|text| *text != Text::None),
        };
        (is_some, self.undefined.get(row), self.inapplicable.get(row))
    }
}
