//! Decision tables, scores and scales.

use meed_facts::schema::Named;
use meed_facts::value::{Interval, Scalar};

use super::{NodeId, OriginId, Type};

/// A table of rows that match keys.
#[derive(Clone, Debug)]
pub struct Table {
    /// Name and label.
    pub named: Named,
    /// Where it stands.
    pub origin: OriginId,
    /// Names and types of the key columns.
    pub keys: Vec<(std::sync::Arc<str>, Type)>,
    /// Whether each key counts something, so that only whole numbers from 0 are among its values.
    pub counts: Vec<bool>,
    /// Names and types of the outcome columns.
    pub outcomes: Vec<(std::sync::Arc<str>, Type)>,
    /// What becomes of the rows that match.
    pub rule: TableRule,
    /// Rows in the order of the text.
    pub rows: Vec<Row>,
    /// Where the single key's bands are disjoint and sorted: `rows` may be searched by halves. Positions of rows by ascending band.
    pub ordered: Option<Vec<u32>>,
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// A cell for each key.
    pub cells: Vec<Cell>,
    /// Whether it is the row `otherwise`, which matches where no other does; read from above, where none before it does.
    pub otherwise: bool,
    /// A node (in a scope without facts: constants and parameters, or the table's own scope) for each outcome.
    pub outcomes: Vec<NodeId>,
    /// Where it stands.
    pub origin: OriginId,
}

/// What a key must be for a row to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Anything.
    Any,
    /// One of these.
    OneOf(Vec<Scalar>),
    /// In this range.
    Band(Interval),
}

/// What becomes of the rows that match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableRule {
    /// Exactly one row matches; the checker proves that no two do.
    OneRow,
    /// Rows that match agree.
    RowsAgree,
    /// The first that matches.
    FirstMatch,
    /// The greatest outcome.
    HighestMatch,
    /// The least outcome.
    LowestMatch,
    /// The outcomes' sum, at most a limit.
    SumOfMatches(Option<NodeId>),
    /// How many match.
    CountOfMatches,
    /// A marginal scale: each band's rate on the part of the key inside it.
    Marginal,
    /// A stepped scale: the outcome of the key's band.
    Stepped,
}
