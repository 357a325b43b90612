//! Many records of one kind, column by column: what populations are made of.
//!
//! A batch says exactly what its records say ([`Batch::record`] gives each back), laid out for work on many at once: a column for each fact and period that
//! any record states, child records one after the other with the place where each list ends. Records may be spread over batches in any way.

mod bits;
mod build;
mod column;
mod row;
mod span;

use std::collections::BTreeMap;
use std::sync::Arc;

use la_arena::ArenaMap;

pub use bits::{Bits, rows_of};
pub use build::Builder;
pub use column::{Beside, Column, NUMBER_SCALE, Texts, Values, scaled, unscaled};
pub use span::Span;

use crate::date::Period;
use crate::record::{AwardRecord, TitleRecord};
use crate::schema::{EntityId, FactId};

/// Many records of one kind, a row each.
///
/// ```
/// use meed_facts::batch::Builder;
/// use meed_facts::record::Record;
/// use meed_facts::schema::{Entity, Schema};
/// let mut schema = Schema::default();
/// let enterprise = schema.entities.alloc(Entity { named: Default::default(), key: None, facts: vec![], applicant: true });
/// let record = Record::new(enterprise);
/// let mut builder = Builder::new(&schema, enterprise);
/// builder.push(&record);
/// assert_eq!(builder.finish().record(0), Some(record));
/// ```
// INVARIANT: every column, and the lists of every fact, have `rows` rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// What the rows are records of.
    pub entity: EntityId,
    /// How many.
    pub rows: usize,
    /// Facts with one value, and why a whole series, list or inner record is missing. A fact without a column is stated of nobody.
    pub facts: ArenaMap<FactId, Column>,
    /// Facts with one value a period.
    pub series: ArenaMap<FactId, BTreeMap<Period, Column>>,
    /// Children, by the fact that holds them.
    pub children: ArenaMap<FactId, Lists<Batch>>,
    /// Single records held inside: lists of one at most.
    pub inner: ArenaMap<FactId, Lists<Batch>>,
    /// Titles.
    pub titles: Lists<Vec<TitleRecord>>,
    /// Earlier awards.
    pub awards: Lists<Vec<AwardRecord>>,
    /// Choices among exclusive measures, of the rows that made any: group name → measure name.
    pub chosen: BTreeMap<u32, BTreeMap<Arc<str>, Arc<str>>>,
}

/// A list for each row; the items of all lists stand one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists<T> {
    /// Where each row's items end, and so the next one's begin.
    pub ends: Vec<u32>,
    /// The rows whose list is stated, be it empty; nothing is known of the others.
    pub stated: Bits,
    /// The rows whose list has no items that are not known.
    pub complete: Bits,
    /// The items.
    pub items: T,
}

impl Batch {
    /// A batch without rows.
    pub fn new(entity: EntityId) -> Self {
        Self {
            entity,
            rows: 0,
            facts: ArenaMap::default(),
            series: ArenaMap::default(),
            children: ArenaMap::default(),
            inner: ArenaMap::default(),
            titles: Lists::new(Vec::new()),
            awards: Lists::new(Vec::new()),
            chosen: BTreeMap::new(),
        }
    }
}

impl<T> Lists<T> {
    /// No lists, with items to which more are added.
    pub fn new(items: T) -> Self {
        Self {
            ends: Vec::new(),
            stated: Bits::default(),
            complete: Bits::default(),
            items,
        }
    }

    /// The positions of a row's items.
    pub fn span(&self, row: usize) -> std::ops::Range<usize> {
        let end = |row: usize| self.ends.get(row).map_or(0, |end| *end as usize);
        let start = row.checked_sub(1).map_or(0, end);
        start..end(row).max(start)
    }

    /// Adds rows of whose lists nothing is known, until there are `rows`.
    pub fn fill(&mut self, rows: usize) {
        let end = self.ends.last().copied().unwrap_or(0);
        let rows = rows.max(self.ends.len());
        self.ends.resize(rows, end);
        self.stated.grow(rows);
        self.complete.grow(rows);
    }

    /// Ends a row's list at the item before `end`.
    pub fn close(&mut self, end: u32, stated: bool, complete: bool) {
        self.ends.push(end);
        self.stated.push(stated);
        self.complete.push(complete);
    }
}
