//! Outcomes as rows of the two tables.

use std::borrow::Cow;

use meed_engine::awards::amount::Amount;
use meed_engine::awards::verdict::Verdict;
use meed_engine::columns::{Due, LineView, NodeValues, Outcome};
use meed_facts::batch::{Batch, Values};
use meed_facts::ratio::Ratio;
use meed_facts::value::Scalar;
use meed_rules::program::{Program, Type};
use meed_tables::results::{Cell, Column, Digits, Kind, Table};

use super::Name;

/// The two columns of an amount: at least, at most.
pub(crate) fn amount_columns(program: &Program, digits: Digits, name: &str) -> [Column; 2] {
    let scale = u8::try_from(program.package.currency.exponent()).unwrap_or(0);
    [format!("{name}_at_least"), format!("{name}_at_most")]
        .map(|name| Column::new(name, Kind::Decimal { digits, scale }))
}

/// The wide table: a row for each applicant.
fn wide(shape: Shape<'_>) -> Table {
    let Shape {
        program, digits, names, ..
    } = shape;
    let mut columns = vec![Column::new("applicant", Kind::Text)];
    columns.extend(amount_columns(program, digits, "total"));
    columns.extend(amount_columns(program, digits, "possible"));
    columns.push(Column::new("eligible", Kind::Integer));
    columns.push(Column::new("undetermined", Kind::Integer));
    columns.push(Column::new("explained", Kind::Truth));
    let of_name = |name: &Name| {
        let kind = match program.nodes[name.node].ty {
            Type::Bool => Kind::Truth,
            _ => Kind::Text,
        };
        Column::new(name.name.clone(), kind)
    };
    columns.extend(names.iter().map(of_name));
    Table::new(columns)
}

/// The long table: a row for each line that is or may be paid.
fn long(shape: Shape<'_>) -> Table {
    let Shape { program, digits, .. } = shape;
    let mut columns = vec![
        Column::new("applicant", Kind::Text),
        Column::new("measure", Kind::Name),
        Column::new("key", Kind::Text),
        Column::new("unlisted", Kind::Truth),
        Column::new("verdict", Kind::Name),
    ];
    for step in ["gross", "own", "combined", "due"] {
        columns.extend(amount_columns(program, digits, step));
    }
    Table::new(columns)
}

/// What decides the columns of the two tables.
#[derive(Clone, Copy)]
pub(super) struct Shape<'a> {
    pub program: &'a Program,
    /// Of amounts.
    pub digits: Digits,
    pub names: &'a [Name],
    pub synthetic: Option<&'a str>,
}

/// Lines that become rows together: few enough to stay in the cache.
const AT_ONCE: usize = 256;

/// A line with its applicant.
type Line<'b> = (Option<Cow<'b, str>>, LineView<'b>);

/// Rows of the two tables.
#[derive(Debug)]
pub(super) struct Tables {
    pub wide: Table,
    pub long: Table,
}

impl Tables {
    /// Without rows.
    pub fn new(shape: Shape<'_>) -> Self {
        Self {
            wide: wide(shape).marked(shape.synthetic),
            long: long(shape).marked(shape.synthetic),
        }
    }

    /// The rows of a batch's applicants, by steps.
    pub fn of(
        shape: Shape<'_>,
        step_rows: usize,
        batch: &Batch,
        outcome: &Outcome,
        values: &[NodeValues],
    ) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let mut lines = Vec::with_capacity(AT_ONCE);
        let steps = batch.rows.div_ceil(step_rows.max(1)).max(1);
        let per_step = outcome.lines().len().div_ceil(steps);
        for (row, due) in outcome.each().enumerate() {
            let begins = row.is_multiple_of(step_rows);
            if let (Some(tables), true) = (all.last_mut(), begins || lines.len() >= AT_ONCE) {
                tables.put_lines(shape.program, &mut lines);
            }
            if begins {
                let mut tables = Self::new(shape);
                tables.wide.reserve(step_rows.min(batch.rows));
                tables.long.reserve(per_step);
                all.push(tables);
            }
            let Some(tables) = all.last_mut() else { continue };
            let applicant = key_text(shape.program, batch, row);
            let before = lines.len();
            lines.extend(due.lines.iter().map(|line| (applicant.clone(), line)));
            let own = lines.iter().skip(before);
            let eligible = own.filter(|(_, line)| line.verdict() == Verdict::Eligible).count();
            let explained = Cell::Truth(outcome.explained.get(row));
            tables.push(applicant.as_deref(), (&due, eligible, explained), (values, row));
        }
        if let Some(tables) = all.last_mut() {
            tables.put_lines(shape.program, &mut lines);
        }
        all
    }

    /// Moves lines, each with its applicant, into the long table.
    fn put_lines(&mut self, program: &Program, lines: &mut Vec<Line<'_>>) {
        let mut long = self.long.fill(lines.len());
        // INVARIANT: columns are filled for as many rows as there are lines.
        let line = |row: usize| lines.get(row).map(|(_, line)| *line);
        long.texts(|row| lines.get(row)?.0.as_deref());
        long.names(
            |row| line(row).map_or(0, |line| line.measure().into_raw().into_u32() as usize),
            |row| line(row).map_or("", |line| &program.measures[line.measure()].named.name),
        );
        long.texts(|row| line(row)?.key().map(|key| &**key));
        long.truths(|row| line(row).is_some_and(LineView::unlisted));
        long.names(
            |row| usize::from(line(row).is_some_and(|line| line.verdict() == Verdict::Eligible)),
            |row| line(row).map_or("", |line| line.verdict().name()),
        );
        let amounts: Vec<[Amount; 4]> = lines.iter().map(|(_, line)| line.amounts()).collect();
        for step in 0..4 {
            let amount = |row: usize| amounts.get(row).and_then(|steps| steps.get(step));
            long.decimals(|row| amount(row).map(|amount| amount.low()));
            long.decimals(|row| amount(row).and_then(|amount| amount.high()));
        }
        drop(long);
        lines.clear();
    }

    fn push(
        &mut self,
        applicant: Option<&str>,
        (due, eligible, explained): (&Due<'_>, usize, Cell<'_>),
        (values, row): (&[NodeValues], usize),
    ) {
        let count = |count: usize| Cell::Units(i128::try_from(count).unwrap_or(i128::MAX));
        let ([total, most_total], [possible, most_possible]) = (amount_cells(due.total), amount_cells(due.possible));
        let own = [
            applicant.map_or(Cell::Null, Cell::Text),
            total,
            most_total,
            possible,
            most_possible,
            count(eligible),
            count(due.lines.len().saturating_sub(eligible)),
            explained,
        ];
        if values.is_empty() {
            return self.wide.push(own);
        }
        let named: Vec<Named> = values.iter().map(|values| named(values, row)).collect();
        let named = named.iter().map(|named| match named {
            Named::Truth(truth) => Cell::Truth(*truth),
            Named::Text(text) => Cell::Text(text),
            Named::Unknown => Cell::Null,
        });
        self.wide.push(own.into_iter().chain(named));
    }
}

/// An amount's least and most.
pub(crate) fn amount_cells<'c>(amount: Amount) -> [Cell<'c>; 2] {
    [least(amount), most(amount)]
}

fn least<'c>(amount: Amount) -> Cell<'c> {
    Cell::Units(amount.low())
}

fn most<'c>(amount: Amount) -> Cell<'c> {
    amount.high().map_or(Cell::Null, Cell::Units)
}

/// The applicant's key.
pub(crate) fn key(program: &Program, batch: &Batch, row: usize) -> Option<String> {
    key_text(program, batch, row).map(Cow::into_owned)
}

fn key_text<'b>(program: &Program, batch: &'b Batch, row: usize) -> Option<Cow<'b, str>> {
    let fact = program.schema.entities[batch.entity].key?;
    let column = batch.facts.get(fact).filter(|column| column.known.get(row))?;
    match &column.values {
        Values::Texts(texts) => texts.get(row).map(Cow::Borrowed),
        values => values.get(row).as_ref().and_then(scalar).map(Cow::Owned),
    }
}

/// What is shown of a named value.
enum Named {
    Truth(bool),
    Text(String),
    Unknown,
}

fn named(values: &NodeValues, row: usize) -> Named {
    match values.truth(row) {
        Some(truth) => Named::Truth(truth),
        None => values
            .value(row)
            .as_known()
            .and_then(scalar)
            .map_or(Named::Unknown, Named::Text),
    }
}

fn scalar(value: &Scalar) -> Option<String> {
    Some(match value {
        Scalar::Bool(_) => return None,
        Scalar::Number(number) => plain(number),
        Scalar::Date(date) => date.to_string(),
        Scalar::Months(whole) | Scalar::Days(whole) => whole.to_string(),
        Scalar::Text(text) => text.to_string(),
        Scalar::Member(position) => position.to_string(),
    })
}

fn plain(number: &Ratio) -> String {
    number.to_string()
}
