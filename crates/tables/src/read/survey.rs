//! A first look over all rows: how many there are, and which keys stand in several.
//!
//! Whose row would count if a key came twice would depend on the order of rows and files, so none of them does. Memory is eight bytes a row.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use meed_facts::batch::{Batch, Column, Values, scaled};
use meed_facts::check;
use meed_facts::record::Record;
use meed_facts::schema::{FactId, Schema};
use meed_facts::value::{Scalar, Stated};

use super::Population;
use super::path::{self, Part};
use crate::decode::Rules;
use crate::fault::TablesError;

/// What a first look over all rows finds.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Rows of applicants, right and wrong.
    pub rows: u64,
    /// Keys of several rows.
    repeated: Repeated,
}

/// Keys that stand in several rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Repeated(HashSet<Scalar>);

impl Repeated {
    /// Whether other rows have this key.
    pub(crate) fn has(&self, key: &Scalar) -> bool {
        self.0.contains(key)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Keys of rows.
pub(super) enum Keys<'k> {
    /// Of one row, where it has one.
    One(Option<Scalar>),
    /// Of a batch's rows.
    Batch(&'k Batch),
}

/// Takes the keys of rows.
pub(super) type Each<'e> = dyn FnMut(Keys<'_>) + 'e;

/// Numbers that stand for keys: the same for equal ones, and hardly ever for others.
struct Marks(RandomState);

impl Marks {
    fn of(&self, key: &Scalar) -> u64 {
        match key {
            Scalar::Number(number) => match scaled(number, 0) {
                Some(whole) => whole.cast_unsigned(),
                None => self.0.hash_one(number),
            },
            Scalar::Text(text) => self.0.hash_one(&**text),
            other => self.0.hash_one(other),
        }
    }

    /// Those of a batch's keys, without building any where they are whole numbers or texts.
    fn of_batch(&self, schema: &Schema, batch: &Batch, marks: &mut Vec<u64>) {
        let Some(column) = column_of(schema, batch) else { return };
        match &column.values {
            Values::Numbers { scale: 0, units } => {
                let known = units.iter().enumerate().filter(|(row, _)| column.known.get(*row));
                marks.extend(known.map(|(_, unit)| unit.cast_unsigned()));
            }
            Values::Texts(texts) => {
                let known = column.known.rows().filter_map(|row| texts.get(row));
                marks.extend(known.map(|text| self.0.hash_one(text)));
            }
            _ => marks.extend((0..batch.rows).filter_map(|row| Some(self.of(&of_row(schema, batch, row)?)))),
        }
    }
}

impl Survey {
    pub(super) fn of(population: &Population<'_>) -> Result<Self, TablesError> {
        let mut rows = 0_u64;
        // Few bytes a row; a hash that comes twice is then looked at again.
        let marks = Marks(RandomState::new());
        let mut hashes: Vec<u64> = Vec::new();
        population.each_key(&mut |keys| match keys {
            Keys::One(key) => {
                rows = rows.saturating_add(1);
                hashes.extend(key.map(|key| marks.of(&key)));
            }
            Keys::Batch(batch) => {
                rows = rows.saturating_add(u64::try_from(batch.rows).unwrap_or(u64::MAX));
                marks.of_batch(population.place.schema, batch, &mut hashes);
            }
        })?;
        hashes.sort_unstable();
        let twice = |pair: &[u64]| match pair {
            [one, other] if one == other => Some(*one),
            _ => None,
        };
        let suspects: HashSet<u64> = hashes.windows(2).filter_map(twice).collect();
        drop(hashes);
        let mut seen: HashMap<Scalar, bool> = HashMap::new();
        if !suspects.is_empty() {
            let mut look = |key: Option<Scalar>| {
                if let Some(key) = key.filter(|key| suspects.contains(&marks.of(key))) {
                    seen.entry(key).and_modify(|again| *again = true).or_insert(false);
                }
            };
            let schema = population.place.schema;
            population.each_key(&mut |keys| match keys {
                Keys::One(key) => look(key),
                Keys::Batch(batch) => (0..batch.rows).for_each(|row| look(of_row(schema, batch, row))),
            })?;
        }
        let repeated = seen.into_iter().filter_map(|(key, again)| again.then_some(key));
        Ok(Self {
            rows,
            repeated: Repeated(repeated.collect()),
        })
    }

    pub(super) fn repeated(&self) -> &Repeated {
        &self.repeated
    }
}

impl Population<'_> {
    /// Reads of all rows nothing but their keys.
    fn each_key(&self, each: &mut Each<'_>) -> Result<(), TablesError> {
        let mut options = self.options.clone();
        options.keys_alone = true;
        let none = Repeated::default();
        let rules = Rules {
            schema: self.place.schema,
            on: None,
            repeated: &none,
        };
        for part in path::parts(self.place, &self.path, &options)? {
            if !path::keys(self.place, &part, &options, each)? {
                self.keys_of_columns(rules, &part, &options, each)?;
            }
        }
        Ok(())
    }

    fn keys_of_columns(
        &self,
        rules: Rules<'_>,
        part: &Part,
        options: &super::Options,
        each: &mut Each<'_>,
    ) -> Result<(), TablesError> {
        for piece in path::pieces(self.place, part, options)? {
            let batch = piece?.decode(rules, self.place.entity).batch;
            each(Keys::Batch(&batch));
        }
        Ok(())
    }
}

/// The key of a batch's row.
pub(crate) fn of_row(schema: &Schema, batch: &Batch, row: usize) -> Option<Scalar> {
    let column = column_of(schema, batch).filter(|column| column.known.get(row))?;
    column.values.get(row)
}

fn column_of<'b>(schema: &Schema, batch: &'b Batch) -> Option<&'b Column> {
    batch.facts.get(schema.entities[batch.entity].key?)
}

/// The key of a record.
pub(super) fn of_record(schema: &Schema, record: &Record) -> Option<Scalar> {
    match record.facts.get(schema.entities[record.entity].key?)? {
        Stated::Value(key) => Some(key.clone()),
        _ => None,
    }
}

/// The key that a cell says.
pub(super) fn of_text(schema: &Schema, key: Option<FactId>, text: &str) -> Option<Scalar> {
    check::scalar(schema, &schema.facts[key?].ty, text).ok()
}
