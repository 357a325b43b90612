//! Outcomes as rows of the two tables.

use std::borrow::Cow;

use meed_engine::awards::amount::Amount;
use meed_engine::awards::verdict::Verdict;
use meed_engine::columns::{Due, NodeValues, Outcome};
use meed_facts::batch::{Batch, Values};
use meed_facts::ratio::Ratio;
use meed_facts::value::Scalar;
use meed_rules::program::{Program, Type};
use meed_tables::results::{Cell, Column, Kind, Table};

use super::Name;

/// The two columns of an amount: at least, at most.
pub(crate) fn amount_columns(program: &Program, name: &str) -> [Column; 2] {
    let scale = u8::try_from(program.package.currency.exponent()).unwrap_or(0);
    [format!("{name}_at_least"), format!("{name}_at_most")].map(|name| Column::new(name, Kind::Decimal { scale }))
}

/// The wide table: a row for each applicant.
fn wide(program: &Program, names: &[Name]) -> Table {
    let mut columns = vec![Column::new("applicant", Kind::Text)];
    columns.extend(amount_columns(program, "total"));
    columns.extend(amount_columns(program, "possible"));
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
fn long(program: &Program) -> Table {
    let mut columns = vec![
        Column::new("applicant", Kind::Text),
        Column::new("measure", Kind::Name),
        Column::new("key", Kind::Text),
        Column::new("unlisted", Kind::Truth),
        Column::new("verdict", Kind::Name),
    ];
    for step in ["gross", "own", "combined", "due"] {
        columns.extend(amount_columns(program, step));
    }
    Table::new(columns)
}

/// Rows of the two tables.
#[derive(Debug)]
pub(super) struct Tables {
    pub wide: Table,
    pub long: Table,
}

impl Tables {
    /// Without rows.
    pub fn new(program: &Program, names: &[Name], synthetic: Option<&str>) -> Self {
        Self {
            wide: wide(program, names).marked(synthetic),
            long: long(program).marked(synthetic),
        }
    }

    /// The rows of a batch's applicants, by steps.
    pub fn of(
        (program, names, synthetic): (&Program, &[Name], Option<&str>),
        step_rows: usize,
        batch: &Batch,
        outcome: &Outcome,
        values: &[NodeValues],
    ) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (row, due) in outcome.each().enumerate() {
            if row.is_multiple_of(step_rows) {
                all.push(Self::new(program, names, synthetic));
            }
            if let Some(tables) = all.last_mut() {
                tables.push(program, (batch, row), &due, outcome.explained.get(row), values);
            }
        }
        all
    }

    fn push(
        &mut self,
        program: &Program,
        (batch, row): (&Batch, usize),
        due: &Due<'_>,
        explained: bool,
        values: &[NodeValues],
    ) {
        let lines = due.lines;
        let applicant = key_text(program, batch, row);
        let key = applicant.as_deref().map_or(Cell::Null, Cell::Text);
        let mut eligible = 0_usize;
        for line in lines.iter() {
            eligible = eligible.saturating_add(usize::from(line.verdict == Verdict::Eligible));
            let ([gross, most_gross], [own, most_own]) = (amount_cells(line.gross), amount_cells(line.own));
            let ([left, most_left], [due, most_due]) = (amount_cells(line.combined), amount_cells(line.due));
            let child = line.key.as_deref().map_or(Cell::Null, Cell::Text);
            self.long.push([
                key,
                Cell::Text(&program.measures[line.measure].named.name),
                child,
                Cell::Truth(line.unlisted),
                Cell::Text(line.verdict.name()),
                gross,
                most_gross,
                own,
                most_own,
                left,
                most_left,
                due,
                most_due,
            ]);
        }
        let count = |count: usize| Cell::Units(i128::try_from(count).unwrap_or(i128::MAX));
        let ([total, most_total], [possible, most_possible]) = (amount_cells(due.total), amount_cells(due.possible));
        let own = [
            key,
            total,
            most_total,
            possible,
            most_possible,
            count(eligible),
            count(lines.len().saturating_sub(eligible)),
            Cell::Truth(explained),
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
    [Cell::Units(amount.low()), amount.high().map_or(Cell::Null, Cell::Units)]
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
