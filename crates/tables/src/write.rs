//! Writing populations.

mod csv;
mod file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use meed_facts::batch::Batch;
use meed_facts::json;
use meed_facts::schema::{EntityId, Schema};

use crate::columns::Place;
use crate::encode;
use crate::fault::TablesError;
use crate::layout::Layout;

pub(crate) use file::{Records, Rows, Unfinished};

/// A format that populations are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet, compressed with zstd.
    Parquet,
    /// Arrow's file format.
    Arrow,
    /// An applicant a line, in JSON.
    JsonLines,
    /// A folder of CSV files, one for the applicants and one for each list.
    Csv,
}

impl Format {
    /// All formats with their names, which are the endings of files.
    pub const NAMES: [(&str, Self); 4] = [
        ("parquet", Self::Parquet),
        ("arrow", Self::Arrow),
        ("jsonl", Self::JsonLines),
        ("csv", Self::Csv),
    ];

    pub(crate) fn ending(self) -> &'static str {
        let mut names = Self::NAMES.into_iter();
        names.find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}

/// Writes a population as numbered parts of a folder.
///
/// Each part has one set of columns. A batch that states more than the columns can say begins the next part, which has them too; whoever knows the columns
/// beforehand gives them with [`PopulationWriter::expect`] and gets one part.
pub struct PopulationWriter<'s> {
    place: Place<'s>,
    folder: PathBuf,
    format: Format,
    notes: BTreeMap<String, String>,
    layout: Layout,
    part: Option<Part>,
    parts: Vec<PathBuf>,
}

struct Part {
    name: PathBuf,
    sink: Sink,
}

enum Sink {
    Records(Records),
    Lines(file::Lines),
    Csv(Box<csv::Folder>),
}

impl<'s> PopulationWriter<'s> {
    /// A writer into a folder, which is made where there is none.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn create(schema: &'s Schema, entity: EntityId, folder: &Path, format: Format) -> Result<Self, TablesError> {
        std::fs::create_dir_all(folder).map_err(TablesError::io(folder))?;
        let place = Place {
            schema,
            entity,
            top: true,
        };
        Ok(Self {
            place,
            folder: folder.to_path_buf(),
            format,
            notes: BTreeMap::new(),
            layout: Layout::new(entity),
            part: None,
            parts: Vec::new(),
        })
    }

    /// Notes for the metadata of Parquet and Arrow files: where the data come from.
    pub fn note(&mut self, key: &str, value: &str) {
        self.notes.insert(key.to_owned(), value.to_owned());
    }

    /// Columns that later batches will need.
    pub fn expect(&mut self, layout: &Layout) {
        self.layout.join(layout);
    }

    /// Writes the rows of a batch.
    ///
    /// # Errors
    /// The file system refuses, or the batch is of another kind.
    pub fn write(&mut self, batch: &Batch) -> Result<(), TablesError> {
        let needed = Layout::of(self.place.schema, batch);
        if !self.layout.covers(&needed) {
            self.end_part()?;
            self.layout.join(&needed);
        }
        let mut part = match self.part.take() {
            Some(part) => part,
            None => self.begin_part()?,
        };
        match &mut part.sink {
            Sink::Records(records) => {
                let record = encode::encode(self.place, &self.layout, records.schema(), batch);
                records.write(&record.map_err(TablesError::damaged(&part.name))?)?;
            }
            Sink::Lines(lines) => {
                for record in (0..batch.rows).filter_map(|row| batch.record(row)) {
                    lines.write(&json::canonical(&json::write(self.place.schema, &record)))?;
                }
            }
            Sink::Csv(folder) => folder.write(self.place, batch)?,
        }
        self.part = Some(part);
        Ok(())
    }

    /// Completes the last part; gives the parts in their order.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn finish(mut self) -> Result<Vec<PathBuf>, TablesError> {
        if self.parts.is_empty() && self.part.is_none() {
            let nothing = Batch::new(self.place.entity);
            self.layout.join(&Layout::of(self.place.schema, &nothing));
            self.part = Some(self.begin_part()?);
        }
        self.end_part()?;
        if let (Format::Csv, [only]) = (self.format, self.parts.as_slice()) {
            csv::move_up(only, &self.folder)?;
            self.parts = vec![self.folder.clone()];
        }
        Ok(self.parts)
    }

    fn begin_part(&self) -> Result<Part, TablesError> {
        let number = self.parts.len().saturating_add(1);
        let stem = format!("part-{number:05}");
        let name = match self.format {
            Format::Csv => self.folder.join(stem),
            format => self.folder.join(format!("{stem}.{}", format.ending())),
        };
        let sink = match self.format {
            Format::JsonLines => Sink::Lines(file::Lines::create(&name)?),
            Format::Csv => Sink::Csv(Box::new(csv::Folder::create(self.place, &self.layout, &name)?)),
            format => {
                let notes: Vec<(String, String)> = self.notes.clone().into_iter().collect();
                let schema = encode::schema(self.place, &self.layout, &notes);
                Sink::Records(Records::create(&name, format, schema)?)
            }
        };
        Ok(Part { name, sink })
    }

    fn end_part(&mut self) -> Result<(), TablesError> {
        let Some(part) = self.part.take() else { return Ok(()) };
        match part.sink {
            Sink::Records(records) => records.finish()?,
            Sink::Lines(lines) => lines.finish()?,
            Sink::Csv(folder) => folder.finish()?,
        }
        self.parts.push(part.name);
        Ok(())
    }
}
