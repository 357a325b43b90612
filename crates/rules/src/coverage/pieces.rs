//! The values of a table's keys, cut where its cells begin and end: within a piece every cell takes all values or none, so that a few
//! pieces stand for all values.

use std::cmp::Ordering;

use meed_facts::ratio::{Ratio, Rounding};
use meed_facts::value::{Bound, Interval, Scalar};
use meed_syntax::diagnostic::Message;

use super::covers;
use crate::bands::compare;
use crate::program::{Cell, Program, Row, Table, Type};

/// Steps that the search for a gap may take: more than any table needs that people can read.
const MOST_STEPS: usize = 200_000;

/// What keeps a table from covering everything.
pub(super) enum Gap {
    /// Values that no row covers: a piece for each key.
    At(Vec<Cell>),
    /// The table has too many pieces to tell.
    Undecided,
}

/// What a table leaves uncovered, if anything.
pub(super) fn gap(program: &Program, table: &Table) -> Option<Gap> {
    let rows: Vec<&Row> = table.rows.iter().collect();
    let mut steps = 0;
    let found = search(program, table, &rows, 0, &mut steps).map(Gap::At);
    found.or((steps > MOST_STEPS).then_some(Gap::Undecided))
}

fn search(program: &Program, table: &Table, rows: &[&Row], key: usize, steps: &mut usize) -> Option<Vec<Cell>> {
    if key == table.keys.len() || *steps > MOST_STEPS {
        return (rows.is_empty() && *steps <= MOST_STEPS).then(Vec::new);
    }
    // A row that takes whatever is left leaves no gap.
    let takes_all = |row: &&Row| row.cells.iter().skip(key).all(|cell| *cell == Cell::Any);
    if rows.iter().any(takes_all) {
        return None;
    }
    for piece in pieces(program, table, rows, key) {
        *steps = steps.saturating_add(1);
        let left: Vec<&Row> = rows.iter().copied().filter(|row| takes(row, key, &piece)).collect();
        if let Some(mut rest) = search(program, table, &left, key.saturating_add(1), steps) {
            rest.insert(0, piece);
            return Some(rest);
        }
    }
    None
}

/// Values that both rows take: a piece for each key.
pub(super) fn shared(program: &Program, table: &Table, rows: [&Row; 2]) -> Option<Vec<Cell>> {
    let shared = |key| {
        let mut pieces = pieces(program, table, &rows, key).into_iter();
        pieces.find(|piece| rows.iter().all(|row| takes(row, key, piece)))
    };
    (0..table.keys.len()).map(shared).collect()
}

fn takes(row: &Row, key: usize, piece: &Cell) -> bool {
    row.cells.get(key).is_some_and(|cell| covers(cell, piece))
}

/// The pieces into which rows cut a key's values. Of texts and codes, which are without number, those that the rows name.
fn pieces(program: &Program, table: &Table, rows: &[&Row], key: usize) -> Vec<Cell> {
    let cells = || rows.iter().filter_map(|row| row.cells.get(key));
    let one = |value: Scalar| Cell::OneOf(vec![value]);
    match table.keys.get(key).map(|(_, ty)| ty) {
        Some(Type::Bool) => vec![one(Scalar::Bool(false)), one(Scalar::Bool(true))],
        Some(Type::Enumeration(id)) => {
            let members = program.schema.enumerations[*id].members.len();
            let members = 0..u16::try_from(members).unwrap_or(u16::MAX);
            members.map(|member| one(Scalar::Member(member))).collect()
        }
        Some(Type::Text | Type::Identifier(_)) | None => {
            let named: Vec<Cell> = cells().flat_map(values).map(one).collect();
            if named.is_empty() { vec![Cell::Any] } else { named }
        }
        Some(_) => line(cells().flat_map(values).collect(), table.counts.get(key) == Some(&true)),
    }
}

fn values(cell: &Cell) -> Vec<Scalar> {
    match cell {
        Cell::Any => Vec::new(),
        Cell::OneOf(values) => values.clone(),
        Cell::Band(band) => [&band.low, &band.high]
            .into_iter()
            .flatten()
            .map(|bound| bound.value.clone())
            .collect(),
    }
}

/// An ordered type's values, cut at some of them: those below, between and beyond, then each of them, since a wide example says more.
fn line(mut cuts: Vec<Scalar>, is_count: bool) -> Vec<Cell> {
    cuts.sort_by(|a, b| compare(a, b).unwrap_or(Ordering::Equal));
    cuts.dedup();
    let open = |value: &Scalar| Bound {
        value: value.clone(),
        closed: false,
    };
    let ends = std::iter::once(None).chain(cuts.iter().map(Some));
    let nexts = cuts.iter().map(Some).chain([None]);
    let (mut pieces, mut points) = (Vec::new(), Vec::new());
    for (low, high) in ends.zip(nexts) {
        if let Some(value) = low.filter(|value| !is_count || is_whole(value)) {
            points.push(Cell::OneOf(vec![value.clone()]));
        }
        if holds_a_value(low, high, is_count) {
            pieces.push(match (low, high) {
                (None, None) => Cell::Any,
                _ => Cell::Band(Interval {
                    low: low.map(open),
                    high: high.map(open),
                }),
            });
        }
    }
    pieces.extend(points);
    pieces
}

/// Whether it is a whole number from 0.
fn is_whole(value: &Scalar) -> bool {
    matches!(value, Scalar::Number(number) if number.is_integer() && !number.is_negative())
}

/// Whether a value of the type lies between two others.
fn holds_a_value(low: Option<&Scalar>, high: Option<&Scalar>, is_count: bool) -> bool {
    match (low, high) {
        (Some(Scalar::Months(low)), Some(Scalar::Months(high)))
        | (Some(Scalar::Days(low)), Some(Scalar::Days(high))) => low.checked_add(1).is_some_and(|next| next < *high),
        (Some(Scalar::Date(low)), Some(Scalar::Date(high))) => low.tomorrow().is_some_and(|next| next < *high),
        (low, Some(Scalar::Number(high))) if is_count => {
            let first = match low {
                Some(Scalar::Number(low)) if !low.is_negative() => {
                    low.round_whole(Rounding::Floor).checked_add(&Ratio::ONE)
                }
                _ => Some(Ratio::ZERO),
            };
            first.is_some_and(|first| first < *high)
        }
        _ => true,
    }
}

/// Pieces in words: `values between 3 and 5` of one key, `` `size` = small and `revenue` beyond 400000000 `` of several.
pub(super) fn words(program: &Program, table: &Table, pieces: &[Cell]) -> Message {
    if let [piece] = pieces {
        return one_key(program, table, 0, piece);
    }
    let told = pieces.iter().enumerate().filter(|(_, piece)| **piece != Cell::Any);
    let told: Vec<Message> = told
        .map(|(key, piece)| {
            let name = table.keys.get(key).map_or("", |(name, _)| &**name);
            let message = one_key(program, table, key, piece);
            Message::new(format!("{} of `{name}`", message.en), format!("“{name}”{}", message.zh))
        })
        .collect();
    let (en, zh): (Vec<String>, Vec<String>) = told.into_iter().map(|message| (message.en, message.zh)).unzip();
    if en.is_empty() {
        return Message::new("any value", "任何值");
    }
    Message::new(en.join(" with "), zh.join("且"))
}

fn one_key(program: &Program, table: &Table, key: usize, piece: &Cell) -> Message {
    let text = |value: &Scalar| match value {
        Scalar::Number(value) => value.to_string(),
        Scalar::Date(date) => date.to_string(),
        Scalar::Months(months) => format!("{months} months"),
        Scalar::Days(days) => format!("{days} days"),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Text(text) => text.to_string(),
        Scalar::Member(member) => match table.keys.get(key) {
            Some((_, Type::Enumeration(id))) => {
                let member = program.schema.member(*id, *member);
                member.map_or_else(String::new, |member| member.name.to_string())
            }
            _ => member.to_string(),
        },
    };
    match piece {
        Cell::Any => Message::new("any value", "任何值"),
        Cell::OneOf(values) => {
            let value = values.first().map(text).unwrap_or_default();
            Message::new(format!("the value {value}"), format!("等于 {value} 的值"))
        }
        Cell::Band(band) => match (band.low.as_ref(), band.high.as_ref()) {
            (Some(low), Some(high)) => {
                let (low, high) = (text(&low.value), text(&high.value));
                Message::new(
                    format!("values between {low} and {high}"),
                    format!("介于 {low} 与 {high} 之间的值"),
                )
            }
            (Some(low), None) => {
                let low = text(&low.value);
                Message::new(format!("values beyond {low}"), format!("超过 {low} 的值"))
            }
            (None, Some(high)) => {
                let high = text(&high.value);
                Message::new(format!("values below {high}"), format!("低于 {high} 的值"))
            }
            (None, None) => Message::new("any value", "任何值"),
        },
    }
}
