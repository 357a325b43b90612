//! Decision tables and scores: which rows match, and what becomes of them.
//!
//! A key that is not known may match several rows; the result is made of all that may. A cell that admits anything does not look at its key. A key that does
//! not apply matches no other cell, and an undefined key may match any.

use meed_facts::value::{Interval, Scalar};
use meed_rules::program::{Cell, NodeId, Row, Table, TableId, TableRule};
use smallvec::SmallVec;

use super::aggregate::whole;
use super::arithmetic::sum;
use super::coverage::{Uncovered, is_whole};
use super::order::{Extreme, Race};
use super::{At, Evaluator};
use crate::value::numbers::{Numbers, Outcome};
use crate::value::{CauseKind, Causes, Hull, Set, Value, compare};

/// Whether a row matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    No,
    Perhaps,
    Yes,
}

/// Keys and rows, of which most tables have few.
type Few<T> = SmallVec<[T; 4]>;

/// The rows of a table that match or may match, in the order of the text.
pub(crate) struct Matches<'p> {
    pub rows: Few<(&'p Row, Match)>,
    /// Whether it may be that none matches.
    pub may_be_none: bool,
    /// Why it is not known which match.
    causes: Causes,
    /// Whether some key may not apply.
    pub may_not_apply: bool,
    /// Whether some key certainly does not apply.
    pub does_not_apply: bool,
}

impl Evaluator<'_> {
    pub(super) fn lookup(&self, at: At, table: TableId, keys: &[NodeId], outcome: u16) -> Value {
        let table = &self.program.tables[table];
        let whole: Few<bool> = keys.iter().map(|key| is_whole(self.program, *key)).collect();
        let keys: Few<&Value> = keys.iter().map(|key| self.value(*key, at.frame)).collect();
        if table.rule == TableRule::Marginal {
            return match keys.first() {
                Some(key) => self.marginal(at, table, key, outcome),
                None => Value::undefined(at.undefined()),
            };
        }
        let matches = matching(table, &keys, &whole);
        let value = |row: &Row| match row.outcomes.get(usize::from(outcome)) {
            Some(node) => self.value(*node, at.frame).clone(),
            None => Value::undefined(at.undefined()),
        };
        match &table.rule {
            TableRule::HighestMatch => self.extreme_of(at, &matches, Extreme::Highest, value),
            TableRule::LowestMatch => self.extreme_of(at, &matches, Extreme::Lowest, value),
            TableRule::SumOfMatches(limit) => self.sum_of(at, &matches, *limit, value),
            TableRule::CountOfMatches => count_of(&matches),
            TableRule::OneRow
            | TableRule::RowsAgree
            | TableRule::FirstMatch
            | TableRule::Stepped
            | TableRule::Marginal => one_of(at, &matches, table.rule == TableRule::RowsAgree, value),
        }
    }

    fn extreme_of(&self, at: At, matches: &Matches<'_>, extreme: Extreme, value: impl Fn(&Row) -> Value) -> Value {
        let mut race = Race::new(extreme);
        race.because(&matches.causes);
        for (row, matched) in &matches.rows {
            race.add(&value(row), *matched == Match::Yes);
        }
        if !matches.may_be_none {
            race.someone_is_there();
        }
        race.finish(|| at.undefined())
    }

    fn sum_of(&self, at: At, matches: &Matches<'_>, limit: Option<NodeId>, value: impl Fn(&Row) -> Value) -> Value {
        let ty = &self.program.nodes[at.node].ty;
        let mut total = Value::of(Set::One(Scalar::Number(whole(0))), Causes::NONE);
        for (row, matched) in &matches.rows {
            let value = value(row);
            let value = match matched {
                Match::Yes => value,
                _ => value.hull(&Value::number(whole(0))).because(&matches.causes),
            };
            total = super::lift::leaving_out(&total, &value, false, || at.undefined(), |a, b| sum(a, b, ty));
        }
        match limit {
            Some(limit) => {
                let mut race = Race::new(Extreme::Lowest);
                race.add(&total, true);
                race.add(self.value(limit, at.frame), true);
                race.finish(|| at.undefined())
            }
            None => total,
        }
    }
}

fn count_of(matches: &Matches<'_>) -> Value {
    let certain = matches
        .rows
        .iter()
        .filter(|(_, matched)| *matched == Match::Yes)
        .count();
    let numbers = Numbers::one(whole(certain)).hull(&Numbers::one(whole(matches.rows.len())));
    let plain = meed_rules::program::Type::Number(meed_rules::program::Dimension::NONE);
    let Outcome { set, undefined } = numbers.outcome(&plain);
    Value::new(set, undefined, false, matches.causes.clone())
}

/// The outcome of the row that decides: the hull of those that may.
fn one_of(at: At, matches: &Matches<'_>, must_agree: bool, value: impl Fn(&Row) -> Value) -> Value {
    let mut hull = Hull::default();
    let mut certain: Option<Value> = None;
    for (row, matched) in &matches.rows {
        let value = value(row);
        if *matched == Match::Perhaps {
            hull.because(&matches.causes);
        }
        hull.add(&value);
        if let (Match::Yes, true) = (matched, must_agree) {
            match &certain {
                Some(other) if !other.contains(&value) && !value.contains(other) => {
                    hull.because(&Causes::at(CauseKind::Conflict, at.node));
                }
                _ => certain = Some(value),
            }
        }
    }
    if matches.may_be_none {
        if matches.may_not_apply {
            hull.add_inapplicable();
        }
        if !matches.does_not_apply {
            hull.add_undefined(&at.undefined());
        }
        hull.because(&matches.causes);
    }
    hull.finish(|| at.undefined())
}

/// Which rows match keys; of `whole` keys only whole values are possible.
pub(crate) fn matching<'p>(table: &'p Table, keys: &[&Value], whole: &[bool]) -> Matches<'p> {
    let mut causes = Causes::NONE;
    for key in keys {
        causes.merge(key.causes());
    }
    let first_decides = matches!(
        table.rule,
        TableRule::FirstMatch | TableRule::OneRow | TableRule::Stepped
    );
    let mut last_resorts = Vec::new();
    let mut rows = Few::new();
    let mut certain = false;
    // What the rows so far leave, from the first that is not sure to match.
    let mut uncovered: Option<Uncovered<'_>> = None;
    for row in candidates(table, keys) {
        if row.otherwise && table.rule != TableRule::FirstMatch {
            last_resorts.push(row);
            continue;
        }
        let matched = row_matches(row, keys);
        match matched {
            Match::No => continue,
            Match::Perhaps => uncovered.get_or_insert_with(|| Uncovered::new(whole, keys)).take(row),
            Match::Yes => certain = true,
        }
        rows.push((row, matched));
        if first_decides && (certain || uncovered.as_ref().is_some_and(Uncovered::is_empty)) {
            break;
        }
    }
    // The row `otherwise` takes what the others leave; it is no match that counts.
    let is_covered = certain || uncovered.as_ref().is_some_and(Uncovered::is_empty);
    if !is_covered && table.rule != TableRule::CountOfMatches {
        let matched = if rows.is_empty() { Match::Yes } else { Match::Perhaps };
        certain = !last_resorts.is_empty();
        rows.extend(last_resorts.into_iter().map(|row| (row, matched)));
    }
    // Of rows that exclude each other, one that certainly matches leaves no other. One that admits anything excludes none.
    let excludes =
        |(row, matched): &(&Row, Match)| *matched == Match::Yes && row.cells.iter().any(|cell| *cell != Cell::Any);
    if matches!(table.rule, TableRule::OneRow | TableRule::Stepped) && rows.iter().any(excludes) {
        rows.retain(|(_, matched)| *matched == Match::Yes);
    }
    Matches {
        may_be_none: !certain && !uncovered.as_ref().is_some_and(Uncovered::is_empty),
        may_not_apply: keys.iter().any(|key| key.may_be_inapplicable()),
        does_not_apply: keys.iter().any(|key| key.is_inapplicable()),
        rows,
        causes,
    }
}

/// The rows that may match: of ordered bands those found by halves, else all.
fn candidates<'p>(table: &'p Table, keys: &[&Value]) -> Few<&'p Row> {
    let all = || table.rows.iter().collect();
    let (Some(ordered), [key]) = (&table.ordered, keys) else {
        return all();
    };
    let Some(set) = key
        .set()
        .filter(|_| !key.may_be_undefined() && !key.may_be_inapplicable())
    else {
        return all();
    };
    let (low, high) = (set.least(), set.greatest());
    let row = |position: &u32| table.rows.get(*position as usize);
    let band = |position: &u32| match row(position).and_then(|row| row.cells.first()) {
        Some(Cell::Band(band)) => Some(band),
        _ => None,
    };
    let is_below = |position: &u32| match (band(position).and_then(|band| band.high.as_ref()), &low) {
        (Some(high), Some(low)) => compare(&high.value, &low.value).is_lt(),
        _ => false,
    };
    let is_not_above = |position: &u32| match (band(position).and_then(|band| band.low.as_ref()), &high) {
        (Some(low), Some(high)) => compare(&low.value, &high.value).is_le(),
        _ => true,
    };
    let from = ordered.partition_point(is_below);
    let rest = ordered.get(from..).unwrap_or_default();
    let until = rest.partition_point(is_not_above);
    let mut found: Few<u32> = rest.get(..until).unwrap_or_default().into();
    found.sort_unstable();
    found.iter().filter_map(row).collect()
}

fn row_matches(row: &Row, keys: &[&Value]) -> Match {
    let cells = row.cells.iter().zip(keys);
    cells
        .map(|(cell, key)| cell_matches(cell, key))
        .min()
        .unwrap_or(Match::Yes)
}

fn cell_matches(cell: &Cell, key: &Value) -> Match {
    if *cell == Cell::Any {
        return Match::Yes;
    }
    let Some(set) = key.set() else {
        return if key.may_be_undefined() {
            Match::Perhaps
        } else {
            Match::No
        };
    };
    let (some, all) = match cell {
        Cell::Any => (true, true),
        Cell::OneOf(values) => among(set, values),
        Cell::Band(band) => in_band(set, band),
    };
    let certain = all && !key.may_be_undefined() && !key.may_be_inapplicable();
    match (some || key.may_be_undefined(), certain) {
        (false, _) => Match::No,
        (true, false) => Match::Perhaps,
        (true, true) => Match::Yes,
    }
}

/// Whether some and whether all values of a set are among these.
fn among(set: &Set, values: &[Scalar]) -> (bool, bool) {
    let some = values.iter().any(|value| set.contains(value));
    let all = set
        .listed()
        .is_some_and(|listed| listed.iter().all(|value| values.contains(value)));
    (some, all)
}

/// Whether some and whether all values of a set lie in a band.
fn in_band(set: &Set, band: &Interval) -> (bool, bool) {
    match set {
        Set::One(value) => {
            let inside = band.contains(value);
            (inside, inside)
        }
        _ => (set.meets(band), set.lies_in(band)),
    }
}
