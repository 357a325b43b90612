//! Units: so many pieces that become one part of each table, and a summary that says they are there.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use meed_engine::columns::Plan;
use meed_rules::program::{NodeId, Program};
use meed_tables::Reject;
use meed_tables::read::{Piece, Population};
use meed_tables::results::{Cell, Column, Digits, Format, Kind, PartWriter, Table, part_path};
use serde::{Deserialize, Serialize};

use super::rows::{self, Shape, Tables};
use super::totals::Counter;
use super::{Name, Options, RunError, Totals};
use crate::digest::digest;
use crate::round::{Contest, Entry, Line};

/// What is run over what.
pub(super) struct Job<'j> {
    pub program: &'j Program,
    pub population: &'j Population<'j>,
    pub plan: &'j Plan<'j>,
    pub names: &'j [Name],
    pub contest: &'j Contest<'j>,
    pub options: &'j Options,
    /// Of the amounts in the two tables.
    pub digits: Digits,
}

/// What a piece came to: what is to be written, and nothing else, since many pieces may wait for one before them.
pub(super) struct Done {
    rows: usize,
    tables: Vec<Tables>,
    counter: Counter,
    /// Lines that are decided among all applicants, as their file has them.
    entries: String,
    rejects: Vec<Reject>,
    rejected: usize,
    unowned: usize,
}

impl Job<'_> {
    /// Determines a piece's applicants.
    pub fn determine(&self, piece: Piece) -> Result<Done, RunError> {
        let chunk = self.population.decode(&piece)?;
        drop(piece);
        let nodes = self.names.iter().map(|name| name.node);
        let nodes: Vec<NodeId> = nodes.chain(self.contest.nodes()).collect();
        let (outcome, mut values) = self.plan.determine_with(&chunk.batch, &nodes);
        let ranks = values.split_off(self.names.len());
        let mut entries = String::new();
        let applicant = |row| rows::key(self.program, &chunk.batch, row);
        self.contest
            .entries((&chunk.batch, &outcome), &ranks, applicant, |entry: Entry| {
                entries.push_str(&entry.line());
                entries.push('\n');
            });
        Ok(Done {
            rows: chunk.batch.rows,
            tables: Tables::of(self.shape(), self.options.step_rows(), &chunk.batch, &outcome, &values),
            counter: Counter::of(&outcome),
            entries,
            rejects: chunk.rejects,
            rejected: chunk.rejected,
            unowned: chunk.unowned,
        })
    }

    fn shape(&self) -> Shape<'_> {
        Shape {
            program: self.program,
            digits: self.digits,
            names: self.names,
            synthetic: self.population.synthetic(),
        }
    }
}

/// A unit that is being written.
pub(super) struct Unit<'j> {
    job: &'j Job<'j>,
    number: u32,
    wide: PartWriter,
    long: PartWriter,
    rejects: Option<(Table, PartWriter)>,
    /// The lines of its file of entries.
    entries: String,
    counter: Counter,
    rows: u64,
    rejected: u64,
    unowned: u64,
}

impl<'j> Unit<'j> {
    pub fn begin(job: &'j Job<'j>, number: u32) -> Result<Self, RunError> {
        let tables = Tables::new(job.shape());
        let begin = |name, table| PartWriter::create(&job.options.out, name, number, job.options.format, table);
        Ok(Self {
            job,
            number,
            wide: begin("wide", &tables.wide)?,
            long: begin("long", &tables.long)?,
            rejects: None,
            entries: String::new(),
            counter: Counter::new(),
            rows: 0,
            rejected: 0,
            unowned: 0,
        })
    }

    /// Adds what the next piece came to; gives how many rows that were.
    pub fn add(&mut self, done: Done) -> Result<u64, RunError> {
        for mut tables in done.tables {
            self.wide.write(&mut tables.wide)?;
            self.long.write(&mut tables.long)?;
        }
        self.counter.join(&done.counter);
        self.entries.push_str(&done.entries);
        self.reject(&done.rejects)?;
        let rejected = u64::try_from(done.rejected).unwrap_or(u64::MAX);
        let rows = u64::try_from(done.rows).unwrap_or(u64::MAX).saturating_add(rejected);
        self.rejected = self.rejected.saturating_add(rejected);
        let unowned = u64::try_from(done.unowned).unwrap_or(u64::MAX);
        self.unowned = self.unowned.saturating_add(unowned);
        self.rows = self.rows.saturating_add(rows);
        Ok(rows)
    }

    fn reject(&mut self, rejects: &[Reject]) -> Result<(), RunError> {
        if rejects.is_empty() {
            return Ok(());
        }
        let (table, part) = match &mut self.rejects {
            Some(open) => open,
            None => {
                let columns = [
                    ("file", Kind::Text),
                    ("line", Kind::Integer),
                    ("column", Kind::Text),
                    ("reason", Kind::Text),
                    ("reason_zh", Kind::Text),
                ];
                let table = Table::new(columns.map(|(name, kind)| Column::new(name, kind)).to_vec());
                let table = table.marked(self.job.population.synthetic());
                let part = PartWriter::create(&self.job.options.out, "rejects", self.number, Format::Csv, &table)?;
                self.rejects.insert((table, part))
            }
        };
        for reject in rejects {
            let file = reject.file.display().to_string();
            let line = Cell::Units(reject.line.into());
            table.push([
                Cell::Text(&file),
                line,
                Cell::Text(&reject.column),
                Cell::Text(&reject.complaint.message.en),
                Cell::Text(&reject.complaint.message.zh),
            ]);
        }
        Ok(part.write(table)?)
    }

    /// Makes the unit's parts visible, and says last that it is there.
    pub fn finish(self) -> Result<(), RunError> {
        let (out, number, format) = (&self.job.options.out, self.number, self.job.options.format);
        self.wide.finish()?;
        self.long.finish()?;
        let mut parts = ["wide", "long"]
            .map(|table| part_path(out, table, number, format))
            .to_vec();
        if let Some((_, part)) = self.rejects {
            part.finish()?;
            parts.push(part_path(out, "rejects", number, Format::Csv));
        }
        if self.job.contest.is_any() {
            let entries = entries_path(out, number);
            write_whole(&entries, &self.entries)?;
            parts.push(entries);
        }
        let digests = parts.iter().map(|part| {
            let name = part.strip_prefix(out).unwrap_or(part).display().to_string();
            Ok((name, digest(part).map_err(RunError::file(part))?))
        });
        let counts = [self.rows, self.rejected, self.unowned];
        let summary = Summary {
            totals: self.counter.totals(self.job.program, counts),
            parts: digests.collect::<Result<_, RunError>>()?,
        };
        let text = serde_json::to_string_pretty(&summary).unwrap_or_default();
        write_whole(&summary_path(out, number), &format!("{text}\n"))
    }
}

/// What a unit comes to, and what it wrote.
#[derive(Debug, Serialize, Deserialize)]
struct Summary {
    totals: Totals,
    /// The digests of its parts, by their names in the folder.
    parts: BTreeMap<String, String>,
}

impl Summary {
    /// Whether all parts are as they were written.
    fn is_intact(&self, out: &Path) -> bool {
        let mut parts = self.parts.iter();
        parts.all(|(name, written)| digest(&out.join(name)).is_ok_and(|found| found == *written))
    }
}

fn folder(out: &Path) -> PathBuf {
    out.join("units")
}

fn summary_path(out: &Path, number: u32) -> PathBuf {
    folder(out).join(format!("{number:05}.json"))
}

/// The file of what a unit leaves to the round.
pub(super) fn entries_path(out: &Path, number: u32) -> PathBuf {
    folder(out).join(format!("{number:05}.round.jsonl"))
}

/// Writes a file so that it is there whole or not at all.
pub(super) fn write_whole(path: &Path, text: &str) -> Result<(), RunError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(RunError::file(folder))?;
    }
    let beside = path.with_added_extension("new");
    let write = || {
        let mut file = fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(RunError::file(path))
}

/// The units that are there, with what they come to.
pub(super) fn finished(out: &Path) -> Result<BTreeMap<u32, Totals>, RunError> {
    let units = summaries(out)?.into_iter();
    Ok(units.map(|(number, summary)| (number, summary.totals)).collect())
}

/// The units of an earlier run that can be kept; those of which a part is lost or damaged are there no more.
pub(super) fn kept(out: &Path) -> Result<BTreeMap<u32, Totals>, RunError> {
    let mut units = BTreeMap::new();
    for (number, summary) in summaries(out)? {
        if summary.is_intact(out) {
            units.insert(number, summary.totals);
        } else {
            let path = summary_path(out, number);
            fs::remove_file(&path).map_err(RunError::file(&path))?;
        }
    }
    Ok(units)
}

/// Leaves no unit there.
pub(super) fn forget(out: &Path) -> Result<(), RunError> {
    for number in summaries(out)?.into_keys() {
        let path = summary_path(out, number);
        fs::remove_file(&path).map_err(RunError::file(&path))?;
    }
    Ok(())
}

fn summaries(out: &Path) -> Result<BTreeMap<u32, Summary>, RunError> {
    let folder = folder(out);
    let mut units = BTreeMap::new();
    if !folder.exists() {
        return Ok(units);
    }
    for entry in fs::read_dir(&folder).map_err(RunError::file(&folder))? {
        let path = entry.map_err(RunError::file(&folder))?.path();
        let is_summary = path.extension().is_some_and(|ending| ending == "json");
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u32>().ok());
        let Some(number) = number.filter(|_| is_summary) else {
            continue;
        };
        let text = fs::read_to_string(&path).map_err(RunError::file(&path))?;
        let summary = serde_json::from_str(&text).map_err(|error| RunError::Damaged {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        units.insert(number, summary);
    }
    Ok(units)
}
