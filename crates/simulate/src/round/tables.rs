//! Tables of the round: what it makes of each line, and of each fund; and what that changes in totals.

use std::collections::BTreeMap;
use std::path::Path;

use meed_engine::awards::amount::Amount;
use meed_engine::awards::payers;
use meed_facts::ratio::Ratio;
use meed_rules::program::{MeasureId, Payer, Program};
use meed_tables::results::{Cell, Column, Digits, Format, Kind, PartWriter, Table};

use super::decide::{Decided, FundTotals};
use crate::run::{RunError, amount_cells, amount_columns};

/// Rows that are written at once.
const ROWS: usize = 8192;

/// A row for each line that the round decides, and for each payer's part of it.
pub struct RoundTable<'p> {
    program: &'p Program,
    table: Table,
    part: PartWriter,
}

impl<'p> RoundTable<'p> {
    /// An empty table.
    pub fn create(
        program: &'p Program,
        (folder, format): (&Path, Format),
        synthetic: Option<&str>,
    ) -> Result<Self, RunError> {
        let mut columns = vec![
            Column::new("applicant", Kind::Text),
            Column::new("measure", Kind::Name),
            Column::new("key", Kind::Text),
            Column::new("unlisted", Kind::Truth),
            Column::new("eligible", Kind::Truth),
            Column::new("fund", Kind::Name),
            Column::new("payer", Kind::Name),
        ];
        columns.extend(amount_columns(program, Digits::Long, "before"));
        columns.extend(amount_columns(program, Digits::Long, "after"));
        columns.push(Column::new("state", Kind::Name));
        let table = Table::new(columns).marked(synthetic);
        let part = PartWriter::create(folder, "round", 1, format, &table)?;
        Ok(Self { program, table, part })
    }

    /// Adds what the round makes of a line.
    pub fn push(&mut self, decided: &Decided) -> Result<(), RunError> {
        let program = self.program;
        let payers = payers_of(program, decided.measure);
        if payers.is_empty() {
            self.row(decided, None, (decided.entry.amount, decided.after));
        } else {
            let weights: Vec<Ratio> = payers.iter().map(|payer| payer.share.clone()).collect();
            let parts = payers::split(decided.entry.amount, &weights)
                .into_iter()
                .zip(payers::split(decided.after, &weights));
            for (payer, parts) in payers.iter().zip(parts) {
                let agency = &program.schema.agencies[payer.agency].named.name;
                self.row(decided, Some(agency), parts);
            }
        }
        if self.table.rows() >= ROWS {
            self.part.write(&mut self.table)?;
        }
        Ok(())
    }

    fn row(&mut self, decided: &Decided, payer: Option<&str>, (before, after): (Amount, Amount)) {
        let entry = &decided.entry;
        let fund = decided.fund.and_then(|fund| self.program.funds.get(fund));
        let about = [
            Cell::Text(&entry.id.applicant),
            Cell::Text(&entry.id.measure),
            entry.id.key.as_deref().map_or(Cell::Null, Cell::Text),
            Cell::Truth(entry.id.unlisted),
            Cell::Truth(entry.eligible),
            fund.map_or(Cell::Null, |fund| Cell::Text(&fund.named.name)),
            payer.map_or(Cell::Null, Cell::Text),
        ];
        let amounts = [before, after].into_iter().flat_map(amount_cells);
        let cells = about
            .into_iter()
            .chain(amounts)
            .chain([Cell::Text(decided.state.name())]);
        self.table.push(cells);
    }

    /// Gives the table its name.
    pub fn finish(mut self) -> Result<(), RunError> {
        self.part.write(&mut self.table)?;
        Ok(self.part.finish()?)
    }
}

/// Who pays which share of a measure, where all its versions say the same.
fn payers_of(program: &Program, measure: MeasureId) -> &[Payer] {
    let rules = &program.measures[measure].rules;
    let first = rules.first().map_or(&[][..], |rules| rules.payers.as_slice());
    if rules.iter().all(|rules| rules.payers == first) {
        first
    } else {
        &[]
    }
}

/// Writes a row for each fund.
pub fn write_funds(
    program: &Program,
    funds: &[FundTotals],
    (folder, format): (&Path, Format),
    synthetic: Option<&str>,
) -> Result<(), RunError> {
    let mut table = Table::new(fund_columns(program)).marked(synthetic);
    funds.iter().for_each(|fund| table.push(fund_cells(fund)));
    let mut part = PartWriter::create(folder, "funds", 1, format, &table)?;
    part.write(&mut table)?;
    Ok(part.finish()?)
}

/// The columns of a table of funds.
pub fn fund_columns(program: &Program) -> Vec<Column> {
    let counts = |name: &str| ["at_least", "at_most"].map(|end| Column::new(format!("{name}_{end}"), Kind::Integer));
    let mut columns = vec![Column::new("fund", Kind::Text), Column::new("year", Kind::Integer)];
    columns.extend(amount_columns(program, Digits::Long, "available"));
    columns.extend(counts("claims"));
    for name in ["claimed", "granted", "left"] {
        columns.extend(amount_columns(program, Digits::Long, name));
    }
    columns.extend(counts("short"));
    columns
}

/// The cells of a fund.
pub fn fund_cells(fund: &FundTotals) -> impl Iterator<Item = Cell<'_>> {
    let counts = |(least, most): (u64, u64)| [least, most].map(|count| Cell::Units(count.into()));
    // A fund that only counts awards has no amount.
    let money = |amount: Amount| match fund.has_amount() {
        true => amount_cells(amount),
        false => [Cell::Null, Cell::Null],
    };
    let cells = [Cell::Text(&fund.name), Cell::Units(fund.terms.year.into())].into_iter();
    let cells = cells.chain(money(fund.terms.available)).chain(counts(fund.claims));
    let cells = cells
        .chain(amount_cells(fund.claimed))
        .chain(amount_cells(fund.granted));
    cells.chain(money(fund.left())).chain(counts(fund.short))
}

/// By how much the round raises the least and lowers the most that was due before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    least: i128,
    most: i128,
    /// What lines of a fund are left at most, and what there is for all of them together.
    funds: BTreeMap<usize, (i128, i128)>,
}

impl Sums {
    /// Counts a line.
    pub fn add(&mut self, decided: &Decided) {
        // What a person has still to decide beside other lines is in no sum line by line.
        if decided.entry.contested {
            return;
        }
        let before = decided.entry.amount;
        let counted = match decided.fund {
            Some(_) => before.down_to_zero(),
            None => before,
        };
        self.least = self
            .least
            .saturating_add(decided.after.low())
            .saturating_sub(counted.low());
        let (Some(before), Some(after)) = (counted.high(), decided.after.high()) else {
            return;
        };
        self.most = self.most.saturating_add(before).saturating_sub(after);
        if let Some((fund, available)) = decided.fund.zip(decided.available) {
            let (sum, limit) = self.funds.entry(fund).or_insert((0, available));
            *sum = sum.saturating_add(after);
            *limit = available;
        }
    }

    /// A sum after the round. Each share may be as high as it says, but all of them are no more than the fund.
    pub fn after(&self, before: Amount) -> Amount {
        let over = self
            .funds
            .values()
            .map(|(sum, available)| sum.saturating_sub(*available).max(0));
        let less = over.fold(self.most, i128::saturating_add);
        let high = before.high().map(|high| high.saturating_sub(less));
        Amount::between(before.low().saturating_add(self.least), high)
    }
}
