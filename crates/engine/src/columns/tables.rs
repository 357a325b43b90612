//! Tables: the instances of a scope for all applicants of a batch, a row each.
//!
//! A scope is bound once for each table around it: children one after the other, each year of the last few as a table of its own with a row for each row of the table
//! around it, an instalment likewise.

use std::borrow::Cow;

use meed_facts::batch::Batch;
use meed_rules::program::ScopeId;

/// Position of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct TableId(pub usize);

/// The instances of a scope.
#[derive(Debug)]
pub(super) struct Table<'b> {
    /// The scope.
    pub scope: ScopeId,
    /// How many instances.
    pub rows: usize,
    /// The table around it, and to which of its rows each row belongs; `None` for applicants.
    pub parent: Option<(TableId, Rows<'b>)>,
    /// The records that the rows read; `None` where the batch has none.
    pub batch: Option<&'b Batch>,
    /// The record of each row; beyond the batch's last where nothing of it is known.
    pub records: Rows<'b>,
    /// Rows that stand for any number of children that are not listed.
    pub rest: Option<Vec<u64>>,
    /// What else it binds.
    pub binding: Binding,
}

/// What a table binds besides records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Binding {
    /// Nothing.
    Record,
    /// A calendar year.
    Year(i64),
    /// The first instalment of a series.
    First,
    /// One that comes so many after it.
    Nth(i32),
    /// The instalment asked about.
    Asked,
}

/// To which row of another table each row belongs.
#[derive(Clone, Debug)]
pub(super) enum Rows<'b> {
    /// To the one with the same number.
    Same,
    /// To these.
    Of(Cow<'b, [u32]>),
}

/// A row of which nothing is known.
pub(super) const NOBODY: u32 = u32::MAX;

impl Rows<'_> {
    /// The row to which one belongs.
    pub fn of(&self, row: usize) -> usize {
        match self {
            Rows::Same => row,
            Rows::Of(rows) => rows.get(row).map_or(usize::MAX, |row| *row as usize),
        }
    }
}
