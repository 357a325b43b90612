//! Whether some row matches whatever the keys turn out to be.
//!
//! What the keys may be is a box; each row's cells are taken out of it, and if nothing is left the rows cover it.

use meed_facts::ratio::Ratio;
use meed_facts::schema::FactType;
use meed_facts::value::Scalar;
use meed_rules::program::{Aggregate, Cell, NodeId, Op, Program, Row, Type};

use crate::value::{Members, Set, Value};

/// The most pieces that are followed; beyond it the keys count as not covered.
const MOST_PIECES: usize = 256;

/// What the keys may be less what the rows so far match.
pub(super) struct Uncovered<'w> {
    /// `None` where there were too many to follow.
    pieces: Option<Vec<Piece>>,
    /// Of which keys only whole values are possible.
    whole: &'w [bool],
}

impl<'w> Uncovered<'w> {
    pub fn new(whole: &'w [bool], keys: &[&Value]) -> Self {
        let ordinary = |key: &&Value| {
            let is_ordinary = !key.may_be_undefined() && !key.may_be_inapplicable();
            key.set().filter(|_| is_ordinary).cloned()
        };
        // A key without ordinary value is looked at by no cell but `any`: it stays one value that nothing else takes out.
        let all = keys.iter().map(ordinary).collect();
        Self {
            pieces: Some(vec![all]),
            whole,
        }
    }

    /// Takes out what a row matches.
    pub fn take(&mut self, row: &Row) {
        let Some(pieces) = self.pieces.take() else { return };
        let pieces = pieces.into_iter();
        let left: Vec<Piece> = pieces
            .flat_map(|piece| without(&piece, &row.cells, self.whole))
            .collect();
        self.pieces = (left.len() <= MOST_PIECES).then_some(left);
    }

    /// Whether the rows match whatever the keys turn out to be.
    pub fn is_empty(&self) -> bool {
        self.pieces.as_ref().is_some_and(Vec::is_empty)
    }
}

type Piece = Vec<Option<Set>>;

/// A piece without what a row's cells match: for each cell the part that fails it and passes the cells before.
fn without(piece: &Piece, cells: &[Cell], whole: &[bool]) -> Vec<Piece> {
    let mut inside = piece.clone();
    let mut result = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        let Some(key) = inside.get(index).cloned() else {
            continue;
        };
        let (within, outside) = match &key {
            Some(set) => split(set, cell),
            None if *cell == Cell::Any => (Some(None), Vec::new()),
            None => (None, vec![None]),
        };
        let discrete = whole.get(index).copied().unwrap_or(false);
        for part in outside {
            if part.as_ref().is_some_and(|part| discrete && has_no_whole(part)) {
                continue;
            }
            let mut rest = inside.clone();
            if let Some(place) = rest.get_mut(index) {
                *place = part;
            }
            result.push(rest);
        }
        match (within, inside.get_mut(index)) {
            (Some(within), Some(place)) => *place = within,
            _ => return result,
        }
    }
    result
}

/// The part of a set that a cell matches, and the parts that it does not.
fn split(set: &Set, cell: &Cell) -> (Option<Option<Set>>, Vec<Option<Set>>) {
    match cell {
        Cell::Any => (Some(Some(set.clone())), Vec::new()),
        Cell::Band(band) => (
            set.within(band).map(Some),
            set.outside(band).into_iter().map(Some).collect(),
        ),
        Cell::OneOf(values) => {
            let matched = values.iter().filter(|value| set.contains(value)).cloned().map(Set::One);
            (matched.reduce(|a, b| a.hull(&b)).map(Some), others(set, values))
        }
    }
}

/// What is left of a set without some values. Of a range nothing is taken: one value does not shorten it.
fn others(set: &Set, values: &[Scalar]) -> Vec<Option<Set>> {
    match set {
        Set::Members(members) => {
            let positions = values.iter().filter_map(|value| match value {
                Scalar::Member(position) => Some(*position),
                _ => None,
            });
            let rest = members.without(&Members::of(positions));
            Set::members(rest).into_iter().map(Some).collect()
        }
        _ => match set.listed() {
            Some(listed) => {
                let rest = listed.into_iter().filter(|value| !values.contains(value));
                rest.map(|value| Some(Set::One(value))).collect()
            }
            None => vec![Some(set.clone())],
        },
    }
}

/// Whether a node has whole values only.
pub(crate) fn is_whole(program: &Program, node: NodeId) -> bool {
    let node = &program.nodes[node];
    match (&node.ty, &node.op) {
        (Type::Date | Type::Months | Type::Days | Type::Year | Type::Month, _) => true,
        (_, Op::Named { body, .. }) => is_whole(program, *body),
        (_, Op::Fact { fact, .. } | Op::FactAt { fact, .. }) => program.schema.facts[*fact].ty == FactType::Count,
        (_, Op::Age(..) | Op::FullYearsBetween(..)) => true,
        (_, Op::Aggregate { kind, .. }) => matches!(kind, Aggregate::Count | Aggregate::CountDistinct),
        _ => false,
    }
}

/// Whether a range of whole values holds none, as between the closed ends 3 and 4.
fn has_no_whole(set: &Set) -> bool {
    let (Some(low), Some(high)) = set.ends() else {
        return false;
    };
    let steps = match (&low.value, &high.value) {
        (Scalar::Number(low), Scalar::Number(high)) => high.checked_sub(low),
        (Scalar::Months(low), Scalar::Months(high)) | (Scalar::Days(low), Scalar::Days(high)) => {
            Some(Ratio::from(high.saturating_sub(*low)))
        }
        (Scalar::Date(low), Scalar::Date(high)) => Some(Ratio::from(low.days_until(*high).0)),
        _ => None,
    };
    !low.closed && !high.closed && steps.is_some_and(|steps| steps <= Ratio::ONE)
}
