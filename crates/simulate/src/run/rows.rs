//! Outcomes as rows of the two tables.

use meed_engine::awards::amount::Amount;
use meed_engine::awards::verdict::Verdict;
use meed_engine::columns::{NodeValues, Outcome};
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
pub(super) fn wide(program: &Program, names: &[Name]) -> Table {
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
pub(super) fn long(program: &Program) -> Table {
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

/// Adds a batch's rows to both tables.
pub(super) fn push(
    program: &Program,
    (wide, long): (&mut Table, &mut Table),
    batch: &Batch,
    outcome: &Outcome,
    values: &[NodeValues],
) {
    for (row, due) in outcome.each().enumerate() {
        let lines = due.lines;
        let applicant = key(program, batch, row);
        let key = applicant.as_deref().map_or(Cell::Null, Cell::Text);
        let eligible = lines.iter().filter(|line| line.verdict == Verdict::Eligible).count();
        let count = |count: usize| Cell::Units(i128::try_from(count).unwrap_or(i128::MAX));
        let named: Vec<Named> = values.iter().map(|values| named(values, row)).collect();
        let named = named.iter().map(|named| match named {
            Named::Truth(truth) => Cell::Truth(*truth),
            Named::Text(text) => Cell::Text(text),
            Named::Unknown => Cell::Null,
        });
        let counts = [
            count(eligible),
            count(lines.len().saturating_sub(eligible)),
            Cell::Truth(outcome.explained.get(row)),
        ];
        wide.push(
            [key]
                .into_iter()
                .chain(amount_cells(due.total))
                .chain(amount_cells(due.possible))
                .chain(counts)
                .chain(named),
        );
        for line in lines.iter() {
            let child = line.key.as_deref().map_or(Cell::Null, Cell::Text);
            let measure = Cell::Text(&program.measures[line.measure].named.name);
            let about = [
                key,
                measure,
                child,
                Cell::Truth(line.unlisted),
                Cell::Text(line.verdict.name()),
            ];
            let steps = [line.gross, line.own, line.combined, line.due];
            long.push(about.into_iter().chain(steps.into_iter().flat_map(amount_cells)));
        }
    }
}

/// An amount's least and most.
pub(crate) fn amount_cells<'c>(amount: Amount) -> [Cell<'c>; 2] {
    [Cell::Units(amount.low()), amount.high().map_or(Cell::Null, Cell::Units)]
}

/// The applicant's key.
pub(crate) fn key(program: &Program, batch: &Batch, row: usize) -> Option<String> {
    let fact = program.schema.entities[batch.entity].key?;
    let column = batch.facts.get(fact).filter(|column| column.known.get(row))?;
    match &column.values {
        Values::Texts(texts) => texts.get(row).map(str::to_owned),
        values => values.get(row).as_ref().and_then(scalar),
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
