//! Tables: the instances of a scope for all applicants of a batch, a row each.
//!
//! A scope is bound once for each table around it: children one after the other, each year of the last few as a table of its own with a row for each row of the table
//! around it, an instalment likewise.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

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
    /// Each row of the other one has those before an end that are not another's.
    Until(Ends<'b>),
}

/// Where the rows end that belong to each row of another table.
#[derive(Clone, Debug)]
pub(super) struct Ends<'b> {
    ends: Cow<'b, [u32]>,
    /// To which row each belongs, once it was asked for.
    rows: OnceCell<Vec<u32>>,
}

/// A row of which nothing is known.
pub(super) const NOBODY: u32 = u32::MAX;

impl Rows<'_> {
    /// The row to which one belongs.
    pub fn of(&self, row: usize) -> usize {
        match self {
            Rows::Same => row,
            Rows::Of(rows) => at(rows, row),
            Rows::Until(ends) => at(ends.rows(), row),
        }
    }
}

fn at(rows: &[u32], row: usize) -> usize {
    rows.get(row).map_or(usize::MAX, |row| *row as usize)
}

impl<'b> Ends<'b> {
    pub fn new(ends: Cow<'b, [u32]>) -> Self {
        let rows = OnceCell::new();
        Self { ends, rows }
    }

    fn rows(&self) -> &[u32] {
        self.rows.get_or_init(|| {
            let mut rows = Vec::new();
            for (row, end) in (0..).zip(&*self.ends) {
                rows.resize(*end as usize, row);
            }
            rows
        })
    }
}

impl Table<'_> {
    /// The rows that belong to a row of the table around.
    pub fn span(&self, row: usize) -> Range<usize> {
        let Some((_, Rows::Until(Ends { ends, .. }))) = &self.parent else {
            return row..row.saturating_add(1);
        };
        let end = |row: usize| ends.get(row).map_or(0, |end| *end as usize);
        row.checked_sub(1).map_or(0, end)..end(row)
    }
}
