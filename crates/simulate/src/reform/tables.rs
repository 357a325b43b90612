//! The tables of a simulation, each one part.

use std::path::Path;

use meed_engine::awards::amount::Amount;
use meed_rules::program::Program;
use meed_tables::results::{Cell, Column, Digits, Format, Kind, PartWriter, Table};

use super::changes::{Change, Turn};
use super::difference::Difference;
use super::groups::in_order;
use super::tally::Lines;
use super::{NAMED, Options, SimulateError, Simulation};
use crate::round::{Sorted, fund_cells, fund_columns};
use crate::run::{amount_cells, amount_columns};

/// Rows that are written at once.
const ROWS: usize = 8192;

/// Where tables are written, and how.
#[derive(Clone, Copy)]
pub(super) struct Tables<'a> {
    folder: &'a Path,
    format: Format,
    /// How the applicants were invented, where they were.
    synthetic: Option<&'a str>,
}

impl<'a> Tables<'a> {
    pub(super) fn of(options: &'a Options, synthetic: Option<&'a str>) -> Self {
        Self {
            folder: &options.out,
            format: options.format,
            synthetic,
        }
    }

    fn create(self, name: &str, columns: Vec<Column>) -> Result<Writer, SimulateError> {
        let table = Table::new(columns).marked(self.synthetic);
        let part = PartWriter::create(self.folder, name, 1, self.format, &table)?;
        Ok(Writer { table, part })
    }
}

/// A table being written.
struct Writer {
    table: Table,
    part: PartWriter,
}

impl Writer {
    fn push<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) -> Result<(), SimulateError> {
        self.table.push(cells);
        if self.table.rows() >= ROWS {
            self.part.write(&mut self.table)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), SimulateError> {
        self.part.write(&mut self.table)?;
        Ok(self.part.finish()?)
    }
}

fn names(names: &[&str]) -> Vec<Column> {
    names.iter().map(|name| Column::new(*name, Kind::Name)).collect()
}

fn counts(names: &[&str]) -> Vec<Column> {
    names.iter().map(|name| Column::new(*name, Kind::Integer)).collect()
}

fn amounts(program: &Program, names: &[&str]) -> Vec<Column> {
    let columns = names
        .iter()
        .flat_map(|name| amount_columns(program, Digits::Long, name));
    columns.collect()
}

fn count(count: u64) -> Cell<'static> {
    Cell::Units(count.into())
}

/// Writes all tables but those of changes.
pub(super) fn write(simulation: &Simulation, options: &Options) -> Result<(), SimulateError> {
    let Some(program) = simulation.scenarios.first().map(|one| &one.program) else {
        return Ok(());
    };
    let synthetic = simulation.synthetic.as_ref().map(ToString::to_string);
    let tables = Tables::of(options, synthetic.as_deref());
    measures(simulation, program, tables)?;
    groups(simulation, program, tables)?;
    if options.months {
        months(simulation, program, tables)?;
    }
    funds(simulation, program, tables)?;
    turns(simulation, tables)?;
    take_up(simulation, program, tables)?;
    sensitivity(simulation, program, tables)
}

fn measures(simulation: &Simulation, program: &Program, tables: Tables<'_>) -> Result<(), SimulateError> {
    let columns = [
        names(&["scenario", "measure"]),
        counts(&["eligible", "undetermined"]),
        amounts(program, &["claimed", "cost", "open"]),
    ];
    let mut table = tables.create("measures", columns.concat())?;
    for (scenario, outcome) in simulation.scenarios.iter().zip(&simulation.outcomes) {
        for (measure, lines) in &outcome.tally.measures {
            let about = [Cell::Text(&scenario.name), Cell::Text(measure)];
            let cost = outcome.cost_of(measure);
            let amounts = [lines.claimed, cost, lines.open].into_iter().flat_map(amount_cells);
            let counts = [count(lines.eligible), count(lines.undetermined)];
            table.push(about.into_iter().chain(counts).chain(amounts))?;
        }
    }
    table.finish()
}

fn groups(simulation: &Simulation, program: &Program, tables: Tables<'_>) -> Result<(), SimulateError> {
    let columns = [
        names(&["scenario", "by", "group", "measure"]),
        counts(&["eligible", "undetermined"]),
        amounts(program, &["claimed", "open"]),
    ];
    let mut table = tables.create("groups", columns.concat())?;
    for (scenario, outcome) in simulation.scenarios.iter().zip(&simulation.outcomes) {
        let mut rows: Vec<_> = outcome.tally.groups.iter().collect();
        in_order(&simulation.groupings, &mut rows, |((grouping, group, _), _)| {
            (*grouping, group)
        });
        for ((grouping, group, measure), lines) in rows {
            let Some(grouping) = simulation.groupings.get(*grouping) else {
                continue;
            };
            let about = [&scenario.name, &grouping.name, group].map(|text| Cell::Text(text));
            let Lines {
                eligible,
                undetermined,
                claimed,
                open,
                ..
            } = *lines;
            let rest = [Cell::Text(measure), count(eligible), count(undetermined)];
            let amounts = [claimed, open].into_iter().flat_map(amount_cells);
            table.push(about.into_iter().chain(rest).chain(amounts))?;
        }
    }
    table.finish()
}

/// By month of payment.
fn months(simulation: &Simulation, program: &Program, tables: Tables<'_>) -> Result<(), SimulateError> {
    let columns = [names(&["scenario", "month"]), amounts(program, &["claimed"])];
    let mut table = tables.create("months", columns.concat())?;
    for (scenario, outcome) in simulation.scenarios.iter().zip(&simulation.outcomes) {
        for (month, claimed) in &outcome.tally.months {
            let about = [Cell::Text(&scenario.name), Cell::Text(month)];
            table.push(about.into_iter().chain(amount_cells(*claimed)))?;
        }
    }
    table.finish()
}

fn funds(simulation: &Simulation, program: &Program, tables: Tables<'_>) -> Result<(), SimulateError> {
    let columns = [names(&["scenario"]), fund_columns(program)];
    let mut table = tables.create("funds", columns.concat())?;
    for (scenario, outcome) in simulation.scenarios.iter().zip(&simulation.outcomes) {
        for fund in &outcome.funds {
            table.push([Cell::Text(&scenario.name)].into_iter().chain(fund_cells(fund)))?;
        }
    }
    table.finish()
}

fn turns(simulation: &Simulation, tables: Tables<'_>) -> Result<(), SimulateError> {
    let columns = [names(&["reform", "by", "group"]), counts(&Turn::ALL.map(Turn::name))];
    let mut table = tables.create("turns", columns.concat())?;
    for (reform, turns) in simulation.scenarios.iter().skip(1).zip(&simulation.turns) {
        let about = [Cell::Text(&reform.name), Cell::Null, Cell::Null];
        let all = Turn::ALL.map(|turn| count(turns.of(turn)));
        table.push(about.into_iter().chain(all))?;
        let mut rows: Vec<_> = turns.groups.iter().collect();
        in_order(&simulation.groupings, &mut rows, |((grouping, group), _)| {
            (*grouping, group)
        });
        for ((grouping, group), counts) in rows {
            let by = simulation.groupings.get(*grouping);
            let by = by.map_or(Cell::Null, |grouping| Cell::Text(&grouping.name));
            let counts = Turn::ALL.map(|turn| count(counts.get(&turn).copied().unwrap_or(0)));
            let about = [Cell::Text(&reform.name), by, Cell::Text(group)];
            table.push(about.into_iter().chain(counts))?;
        }
    }
    table.finish()
}

fn take_up(simulation: &Simulation, program: &Program, tables: Tables<'_>) -> Result<(), SimulateError> {
    let columns = [
        names(&["scenario"]),
        counts(&["assumption", "seed"]),
        names(&["measure", "share"]),
        counts(&["lines"]),
        amounts(program, &["claimed"]),
    ];
    let mut table = tables.create("take-up", columns.concat())?;
    for (scenario, outcome) in simulation.scenarios.iter().zip(&simulation.outcomes) {
        for ((assumption, seed, measure), (lines, claimed)) in &outcome.tally.taken {
            let Some(assumed) = simulation.take_up.get(*assumption) else {
                continue;
            };
            let share = assumed.share(measure).to_string();
            let number = u64::try_from(*assumption).unwrap_or(u64::MAX).saturating_add(1);
            let about = [Cell::Text(&scenario.name), count(number), count(*seed)];
            let rest = [Cell::Text(measure), Cell::Text(&share), count(*lines)];
            table.push(about.into_iter().chain(rest).chain(amount_cells(*claimed)))?;
        }
    }
    table.finish()
}

fn sensitivity(simulation: &Simulation, program: &Program, tables: Tables<'_>) -> Result<(), SimulateError> {
    let columns = [
        names(&["parameter", "value", "moved"]),
        amounts(program, &["claimed", "claimed_before"]),
    ];
    let mut table = tables.create("sensitivity", columns.concat())?;
    let before = simulation.outcomes.first();
    let before = before.map_or(Amount::ZERO, |outcome| outcome.tally.total.before_funds);
    for (variant, sum) in &simulation.variants {
        let (value, moved) = (variant.value.to_string(), variant.moved.to_string());
        let about = [Cell::Text(&variant.parameter), Cell::Text(&value), Cell::Text(&moved)];
        let amounts = [sum.before_funds, before].into_iter().flat_map(amount_cells);
        table.push(about.into_iter().chain(amounts))?;
    }
    table.finish()
}

/// Writes everybody for whom a reform changes something; gives those who gain most, then those who lose most.
pub(super) fn changes<K: Ord>(
    program: &Program,
    reform: &str,
    changes: &Sorted<'_, Change, K>,
    tables: Tables<'_>,
) -> Result<Vec<Change>, SimulateError> {
    let sums = ["total_before", "total_after", "possible_before", "possible_after"];
    let columns = [
        vec![Column::new("applicant", Kind::Text)],
        names(&["turn"]),
        amounts(program, &sums),
        amounts(program, &["change"]),
    ];
    let name = format!("changes-{reform}");
    let mut table = tables.create(&name, columns.concat())?;
    let mut most: [Vec<Change>; 2] = [Vec::new(), Vec::new()];
    for change in changes.iter()? {
        let change = change?;
        let about = [Cell::Text(&change.applicant), Cell::Text(change.turn.name())];
        let amounts = change.total.into_iter().chain(change.possible).flat_map(amount_cells);
        let Difference { low, high } = change.difference;
        let difference = [low, high].map(|end| end.map_or(Cell::Null, Cell::Units));
        table.push(about.into_iter().chain(amounts).chain(difference))?;
        let [gains, losses] = &mut most;
        // By what is certain of it.
        let (list, size): (_, fn(&Change) -> i128) = match change.turn {
            Turn::Gains => (gains, |change| change.difference.low.unwrap_or(0).saturating_neg()),
            Turn::Loses => (losses, |change| change.difference.high.unwrap_or(0)),
            Turn::Open => continue,
        };
        // Changes come by applicant, so the first of equals stays the first.
        let place = list.partition_point(|other| size(other) <= size(&change));
        list.insert(place, change);
        list.truncate(NAMED);
    }
    table.finish()?;
    Ok(most.concat())
}
