//! Reading populations: a path to parts, a part to pieces, a piece to a batch and what was rejected.
//!
//! A piece is what a file gives at once. Pieces own what they hold, so that one thread may fetch them and others make batches of them.

mod ahead;
mod csv;
mod damaged;
mod ipc;
mod join;
mod json_lines;
mod lengths;
mod parquet;
mod path;
mod piece;
mod records;
mod sort;
mod survey;
mod synthetic;
mod table;
#[cfg(feature = "xlsx")]
mod xlsx;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use meed_facts::batch::Batch;
use meed_facts::check;
use meed_facts::date::Date;
use meed_facts::schema::{EntityId, Schema};

use crate::columns::Place;
use crate::decode::{Rules, Wanted};
use crate::fault::{Reject, TablesError};

pub use path::Part;
pub use piece::Piece;
pub use survey::Survey;
pub(crate) use survey::{Repeated, of_row};
pub use synthetic::SYNTHETIC;

/// How a population is to be read.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the rows are records of, where the files do not say it and there are several kinds of applicant.
    pub applicant: Option<String>,
    /// Rows of a batch.
    pub batch_rows: usize,
    /// Rows of a batch where rows are columns in their file, of nothing but values: they take little room, and a batch takes some time by itself.
    pub value_rows: usize,
    /// The day of the determination, on which plain values for periods that have not ended are refused.
    pub on: Option<Date>,
    /// Columns (`note`, `hires.note`) and sheets that are no facts and may be passed over; any other that is unknown is refused.
    pub ignored: BTreeSet<String>,
    /// Whether the first wrong row ends the reading.
    pub strict: bool,
    /// Whether nothing but the applicants' keys is read: what other columns say is not looked at.
    pub keys_alone: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            applicant: None,
            batch_rows: 4096,
            value_rows: 16_384,
            on: None,
            ignored: BTreeSet::new(),
            strict: false,
            keys_alone: false,
        }
    }
}

impl Options {
    fn wanted(&self) -> Wanted {
        Wanted {
            keys_alone: self.keys_alone,
            ignored: self.ignored.clone(),
        }
    }
}

/// What was read at once.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The rows that are right.
    pub batch: Batch,
    /// What is wrong with the others, by line.
    pub rejects: Vec<Reject>,
    /// How many rows were wrong.
    pub rejected: usize,
    /// How many rows of lists name no applicant.
    pub unowned: usize,
}

/// A population in files.
pub struct Population<'s> {
    place: Place<'s>,
    options: Options,
    path: PathBuf,
    parts: Vec<Part>,
    synthetic: Option<String>,
    survey: OnceLock<Survey>,
}

impl<'s> Population<'s> {
    /// Finds the files of a population: a file, or a folder of files of one format, of CSV files that belong together, or of such folders.
    ///
    /// # Errors
    /// There is no such file, it is not what its name says, or its columns are not the vocabulary's.
    pub fn open(schema: &'s Schema, path: &Path, options: Options) -> Result<Self, TablesError> {
        let entity = applicant(schema, path, &options)?;
        let place = Place {
            schema,
            entity,
            top: true,
        };
        let parts = path::parts(place, path, &options)?;
        let mut options = options;
        if parts.iter().all(Part::has_values_alone) {
            options.batch_rows = options.value_rows;
        }
        Ok(Self {
            place,
            options,
            path: path.to_path_buf(),
            parts,
            synthetic: synthetic::about(path, || path::note(path, SYNTHETIC)),
            survey: OnceLock::new(),
        })
    }

    /// What the rows are records of.
    pub fn entity(&self) -> EntityId {
        self.place.entity
    }

    /// How its rows were invented, as canonical JSON, where they were: a file `about.json` beside them or a note in their own file says so.
    pub fn synthetic(&self) -> Option<&str> {
        self.synthetic.as_deref()
    }

    /// Parts that may be read in any order and at the same time.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The files that are read, by name.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn files(&self) -> Result<Vec<PathBuf>, TablesError> {
        let mut files = Vec::new();
        for part in &self.parts {
            files.extend(part.files()?);
        }
        files.dedup();
        Ok(files)
    }

    /// A first look over all rows, which is made once: the rows of a key that comes twice are all wrong, wherever they stand.
    ///
    /// # Errors
    /// A file cannot be read, or has rows of several kinds of applicant where it is not said which are meant.
    pub fn survey(&self) -> Result<&Survey, TablesError> {
        match self.survey.get() {
            Some(survey) => Ok(survey),
            None => {
                let survey = Survey::of(self)?;
                Ok(self.survey.get_or_init(|| survey))
            }
        }
    }

    /// What a part's files hold, piece by piece. Memory is bounded by a piece.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn pieces(&self, part: &Part) -> Result<Pieces, TablesError> {
        path::pieces(self.place, part, &self.options)
    }

    /// The pieces of a part, fetched by a thread of their own that is at most `ahead` pieces ahead.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn pieces_ahead(&self, part: &Part, ahead: usize) -> Result<Pieces, TablesError> {
        Ok(ahead::ahead(self.pieces(part)?, ahead))
    }

    /// The batch of a piece.
    ///
    /// # Errors
    /// The reading is strict and a row is wrong: the first that is. The first look over all rows fails, where it was not made yet.
    pub fn decode(&self, piece: &Piece) -> Result<Chunk, TablesError> {
        let rules = Rules {
            schema: self.place.schema,
            on: self.options.on,
            repeated: self.survey()?.repeated(),
        };
        let chunk = piece.decode(rules, self.place.entity);
        match chunk.rejects.first() {
            Some(first) if self.options.strict => Err(TablesError::Rejected(Box::new(first.clone()))),
            _ => Ok(chunk),
        }
    }

    /// All batches one after the other, their pieces fetched by a second thread. Ends after the first error.
    pub fn chunks(&self) -> impl Iterator<Item = Result<Chunk, TablesError>> {
        let pieces = self.parts.iter().flat_map(|part| -> Pieces {
            match self.pieces_ahead(part, 2) {
                Ok(pieces) => pieces,
                Err(error) => Box::new(std::iter::once(Err(error))),
            }
        });
        let mut failed = false;
        pieces.map(|piece| self.decode(&piece?)).take_while(move |chunk| {
            let go = !failed;
            failed |= chunk.is_err();
            go
        })
    }
}

/// Pieces of a part.
pub type Pieces = Box<dyn Iterator<Item = Result<Piece, TablesError>> + Send>;

fn applicant(schema: &Schema, path: &Path, options: &Options) -> Result<EntityId, TablesError> {
    let named = match &options.applicant {
        Some(name) => Some(name.clone()),
        None => path::applicant(schema, path)?,
    };
    if let Some(name) = named {
        return check::applicant(schema, &name).map_err(|complaint| TablesError::Layout {
            path: path.to_path_buf(),
            complaint: Box::new(complaint),
        });
    }
    let mut kinds = schema.entities.iter().filter(|(_, entity)| entity.applicant);
    match (kinds.next(), kinds.next()) {
        (Some((only, _)), None) => Ok(only),
        _ => Err(TablesError::layout(
            path,
            (
                "it is not said what kind of applicant the rows are",
                "没有说明各行是哪一类申请人",
            ),
            ("say which with `--kind`", "请用 `--kind` 说明"),
        )),
    }
}
