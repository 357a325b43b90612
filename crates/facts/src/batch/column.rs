//! What many records state about one fact.

use std::sync::Arc;

use super::bits::Bits;
use super::span::Span;
use crate::date::Date;
use crate::ratio::Ratio;
use crate::schema::FactType;
use crate::value::{Scalar, Stated};

/// What many records state about one fact (in one period), a row each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The rows whose value is in `values`.
    pub known: Bits,
    /// A value for each row; those of rows that are not known mean nothing.
    pub values: Values,
    /// The ranges that rows which are not known are stated to lie in, by ascending row.
    pub ranges: Vec<Span>,
    /// What else is stated of rows that are not known, by ascending row: sets, why a value is missing, and values and ranges whose ends have no place in `values`.
    /// Of the rest nothing is stated.
    pub others: Vec<(u32, Stated)>,
}

/// What is stated of a row that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside<'c> {
    /// A range in the column's own units.
    Range(Span),
    /// Anything else.
    Other(&'c Stated),
}

/// The values of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// No value has a place: lists and records held inside.
    Nothing,
    /// Truths.
    Bools(Bits),
    /// Whole multiples of 10 to the minus `scale`; counts with scale 0, money in main units with its currency's.
    Numbers {
        /// Digits after the point.
        scale: u8,
        /// The multiples.
        units: Vec<i64>,
    },
    /// Days since 1970-01-01.
    Dates(Vec<i32>),
    /// Calendar months.
    Months(Vec<i32>),
    /// Days.
    Days(Vec<i32>),
    /// Positions in the enumeration.
    Members(Vec<u16>),
    /// Texts and identifiers.
    Texts(Texts),
}

/// Many texts, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Where each text ends.
    ends: Vec<u32>,
    text: String,
}

/// Digits after the point that numbers without a declared scale have in columns; a number with more is among a column's `others`.
pub const NUMBER_SCALE: u8 = 6;

impl Column {
    /// A column without rows for values of the type.
    pub fn new(ty: &FactType) -> Self {
        Self {
            known: Bits::default(),
            values: Values::new(ty),
            ranges: Vec::new(),
            others: Vec::new(),
        }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Adds rows of which nothing is stated, until there are `len`.
    pub fn fill(&mut self, len: usize) {
        self.known.grow(len);
        self.values.fill(self.known.len());
    }

    /// Adds a row.
    pub fn push(&mut self, stated: Option<&Stated>) {
        let row = self.known.len();
        let known = match stated {
            Some(Stated::Value(value)) => self.values.push(value),
            _ => false,
        };
        self.known.push(known);
        if !known {
            self.values.fill(row.saturating_add(1));
            if let Some(stated) = stated {
                self.put_beside(row, stated.clone());
            }
        }
    }

    /// Notes what is stated of a row that is not known. Rows ascend.
    pub fn put_beside(&mut self, row: usize, stated: Stated) {
        let span = match &stated {
            Stated::Range(interval) => self.values.span(row, interval),
            _ => None,
        };
        match span {
            Some(span) => self.ranges.push(span),
            None => self.others.push((u32::try_from(row).unwrap_or(u32::MAX), stated)),
        }
    }

    /// What is stated of a row that is not known; `None` where nothing.
    pub fn beside(&self, row: usize) -> Option<Beside<'_>> {
        if let Ok(at) = self.ranges.binary_search_by_key(&row, |span| span.row()) {
            return self.ranges.get(at).copied().map(Beside::Range);
        }
        let at = self.others.binary_search_by_key(&row, |(row, _)| *row as usize).ok()?;
        self.others.get(at).map(|(_, stated)| Beside::Other(stated))
    }

    /// What a row states; `None` where nothing.
    pub fn stated(&self, row: usize) -> Option<Stated> {
        if self.known.get(row) {
            return self.values.get(row).map(Stated::Value);
        }
        self.beside(row).map(|beside| match beside {
            Beside::Range(span) => Stated::Range(self.values.interval(span)),
            Beside::Other(stated) => stated.clone(),
        })
    }
}

impl Values {
    /// No values yet of the type.
    pub fn new(ty: &FactType) -> Self {
        let numbers = |scale| Values::Numbers {
            scale,
            units: Vec::new(),
        };
        match ty {
            FactType::Bool => Values::Bools(Bits::default()),
            FactType::Count => numbers(0),
            FactType::Number(_) => numbers(NUMBER_SCALE),
            FactType::Money(currency) => numbers(u8::try_from(currency.exponent()).unwrap_or(0)),
            FactType::Date => Values::Dates(Vec::new()),
            FactType::Months => Values::Months(Vec::new()),
            FactType::Days => Values::Days(Vec::new()),
            FactType::Enumeration(_) => Values::Members(Vec::new()),
            FactType::Text | FactType::Identifier(_) => Values::Texts(Texts::default()),
            FactType::One(_) | FactType::Many(_) => Values::Nothing,
        }
    }

    /// Adds a value, where it has a place.
    fn push(&mut self, value: &Scalar) -> bool {
        match (self, value) {
            (Values::Bools(bits), Scalar::Bool(value)) => bits.push(*value),
            (Values::Numbers { scale, units }, Scalar::Number(number)) => match scaled(number, *scale) {
                Some(multiple) => units.push(multiple),
                None => return false,
            },
            (Values::Months(months), Scalar::Months(whole)) => months.push(*whole),
            (Values::Days(days), Scalar::Days(whole)) => days.push(*whole),
            (Values::Dates(days), Scalar::Date(date)) => days.push(date.days_since_epoch()),
            (Values::Members(members), Scalar::Member(member)) => members.push(*member),
            (Values::Texts(texts), Scalar::Text(text)) => return texts.push(text),
            _ => return false,
        }
        true
    }

    fn fill(&mut self, len: usize) {
        match self {
            Values::Nothing => {}
            Values::Bools(bits) => bits.grow(len),
            Values::Numbers { units, .. } => units.resize(len, 0),
            Values::Dates(days) | Values::Months(days) | Values::Days(days) => days.resize(len, 0),
            Values::Members(members) => members.resize(len, 0),
            Values::Texts(texts) => texts.ends.resize(len, texts.end()),
        }
    }

    /// A row's value; `None` where there is no such row.
    pub fn get(&self, row: usize) -> Option<Scalar> {
        Some(match self {
            Values::Nothing => return None,
            Values::Bools(bits) => Scalar::Bool(bits.get(row)),
            Values::Numbers { scale, units } => Scalar::Number(unscaled(*units.get(row)?, *scale)),
            Values::Dates(days) => Scalar::Date(Date::from_days_since_epoch(*days.get(row)?)?),
            Values::Months(months) => Scalar::Months(*months.get(row)?),
            Values::Days(days) => Scalar::Days(*days.get(row)?),
            Values::Members(members) => Scalar::Member(*members.get(row)?),
            Values::Texts(texts) => Scalar::Text(Arc::from(texts.get(row)?)),
        })
    }
}

impl Texts {
    /// Texts that end at those places of the text; `None` where they are no ascending boundaries of characters up to its end.
    pub fn of(ends: Vec<u32>, text: String) -> Option<Self> {
        let ascending = ends.is_sorted() && ends.last().map_or(0, |end| *end as usize) == text.len();
        let whole = ends.iter().all(|end| text.is_char_boundary(*end as usize));
        (ascending && whole).then_some(Self { ends, text })
    }

    /// Adds a text, where there is room.
    pub fn push(&mut self, text: &str) -> bool {
        let end = (self.end() as usize).checked_add(text.len());
        let Some(end) = end.and_then(|end| u32::try_from(end).ok()) else {
            return false;
        };
        self.text.push_str(text);
        self.ends.push(end);
        true
    }

    /// A row's text.
    pub fn get(&self, row: usize) -> Option<&str> {
        let start = match row.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start as usize..*self.ends.get(row)? as usize)
    }

    /// Each row's text in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).filter_map(|row| self.get(row))
    }

    fn end(&self) -> u32 {
        self.ends.last().copied().unwrap_or(0)
    }
}

/// A number as a whole multiple of 10 to the minus `scale`, where it is one and fits.
pub fn scaled(number: &Ratio, scale: u8) -> Option<i64> {
    let (numerator, denominator) = number.to_parts()?;
    let units = 10_i128.checked_pow(scale.into())?.checked_mul(numerator)?;
    let multiple = units.checked_div(denominator)?;
    let exact = multiple.checked_mul(denominator) == Some(units);
    i64::try_from(multiple).ok().filter(|_| exact)
}

/// The number that is `multiple` times 10 to the minus `scale`.
pub fn unscaled(multiple: i64, scale: u8) -> Ratio {
    let denominator = 10_i128.checked_pow(scale.into()).unwrap_or(i128::MAX);
    Ratio::new(multiple.into(), denominator).unwrap_or(Ratio::ZERO)
}
