//! The ranges of a whole column at once, where there is nothing odd about any of them; otherwise `sides` looks at each row.

use meed_facts::batch::{Bits, Column, Span, Values, rows_of};
use meed_facts::check::{self, End};
use meed_facts::schema::Fact;
use meed_facts::value::Bound;

use super::sides::{Says, Side};

/// The ranges, where no row says two things, ends are closed numbers that columns hold, and no lower end is above the upper.
pub(super) fn spans(fact: &Fact, column: &Column, sides: &[Side<'_>]) -> Option<Vec<Span>> {
    let mut taken = column.known.clone();
    let mut ends = [None, None];
    column.others.iter().for_each(|(row, _)| taken.set(*row as usize, true));
    for side in sides {
        match &side.says {
            Says::Others(others) => {
                for row in others.iter().map(|(row, _)| *row as usize) {
                    if taken.get(row) {
                        return None;
                    }
                    taken.set(row, true);
                }
            }
            Says::Ends(End::AtLeast, least) => ends[0] = Some(least),
            Says::Ends(End::AtMost, most) => ends[1] = Some(most),
            Says::Ends(..) => return None,
        }
    }
    let own = check::own_ends(fact);
    let [low, high] = ends;
    let low = Ends::new(&column.values, low, own.low.as_ref())?;
    let high = Ends::new(&column.values, high, own.high.as_ref())?;
    let words = low.words().zip(high.words()).map(|(low, high)| low | high);
    let words = words.take(taken.words().len());
    let mut spans = Vec::new();
    for row in rows_of(words) {
        let (low, high) = (low.of(row)?, high.of(row)?);
        let is_empty = low.zip(high).is_some_and(|(low, high)| low > high);
        if taken.get(row) || is_empty {
            return None;
        }
        spans.push(Span::new(row, low, high)?);
    }
    Some(spans)
}

// One end of all ranges of a column.
struct Ends<'c> {
    given: Option<&'c Column>,
    // What it is of rows where it is not given; `None` inside where that is without limit, outside where columns have no form for it.
    own: Option<Option<i64>>,
}

impl<'c> Ends<'c> {
    fn new(values: &Values, given: Option<&'c Column>, own: Option<&Bound>) -> Option<Self> {
        let own = match own {
            None => Some(None),
            Some(bound) if bound.closed => values.unit_of(&bound.value).map(Some),
            Some(_) => None,
        };
        let is_simple = given.is_none_or(|given| given.others.is_empty());
        is_simple.then_some(Self { given, own })
    }

    fn known(&self) -> Option<&'c Bits> {
        self.given.map(|given| &given.known)
    }

    // Rows where it is given; without end.
    fn words(&self) -> impl Iterator<Item = u64> {
        let words = self.known().map_or(&[][..], Bits::words);
        words.iter().copied().chain(std::iter::repeat(0))
    }

    fn of(&self, row: usize) -> Option<Option<i64>> {
        match self.given {
            Some(given) if given.known.get(row) => given.values.unit(row).map(Some),
            _ => self.own,
        }
    }
}
