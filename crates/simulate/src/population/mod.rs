//! Synthetic populations: invented applicants with plausible facts, as many as are wanted.
//!
//! A [`model::Model`] says what a city's applicants are like; a [`Population`] is that model, a seed and what is known. Row `i` follows from
//! model, seed and `i` alone: a smaller population is the beginning of a larger one, and rows may be drawn in any order and any
//! parts. How many rows of each profile there are is dealt (`deal`), not drawn.
//!
//! | file | idea |
//! |---|---|
//! | [`model`] | the file of distributions |
//! | `plan` | that file, fitted to a vocabulary |
//! | `deal` | profiles in exact numbers |
//! | `draw` | random numbers by row, quantiles, weights |
//! | `row` | a row's numbers |
//! | `state` | what a register states of them |
//! | `stream` | all rows in batches, on several threads |
//! | `identity` | identifiers that nobody has |

mod deal;
mod draw;
mod identity;
pub mod model;
mod plan;
mod row;
mod state;
mod stream;

use std::ops::Range;

use meed_facts::batch::{Batch, Builder};
use meed_facts::date::Date;
use meed_facts::record::Record;
use meed_facts::schema::{EntityId, Schema};

use self::deal::Deal;
use self::draw::{Draws, Purpose};
use self::model::Model;
use self::plan::{MOST_YEARS, Plan, Site};
use self::row::{Drawing, Frame};
use self::state::Stating;

/// Why a model makes no population.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("population.toml: {at}: {message}{}", if .help.is_empty() { String::new() } else { format!(" (help: {help})") })]
pub struct ModelError {
    /// Where in the model: `Enterprise.revenue`.
    pub at: String,
    /// What is wrong.
    pub message: String,
    /// The likely fix; empty where there is none to propose.
    pub help: String,
}

type Result<T> = std::result::Result<T, ModelError>;

impl ModelError {
    fn new(at: &str, message: impl Into<String>) -> Self {
        Self {
            at: at.to_owned(),
            message: message.into(),
            help: String::new(),
        }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: help.into(),
            ..self
        }
    }

    fn near<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match meed_rules::near::nearest(name, known) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }
}

/// Which population of a model is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Another seed makes other applicants.
    pub seed: u64,
    /// The share of facts that are not known exactly, in hundredths of a percent.
    pub missing: u16,
    /// The day as of which everything is known, where it is not the model's. Days and years that the model gives relative to its own move along; titles and
    /// awards keep their dates.
    pub as_of: Option<Date>,
}

/// As many invented applicants as are wanted.
#[derive(Debug)]
pub struct Population<'s> {
    schema: &'s Schema,
    plan: Plan,
    deal: Deal,
    frame: Frame,
    kind: String,
    seed: u64,
    missing: i64,
}

impl Model {
    /// Reads a model.
    ///
    /// # Errors
    /// The first thing that is not of a model's form, with its line.
    pub fn read(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| ModelError::new("form", error.to_string()))
    }

    /// What `--kind` may be.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.entity.values().filter_map(|part| part.kind.as_deref())
    }
}

impl<'s> Population<'s> {
    /// The population that a model and a seed make of a kind of applicant.
    ///
    /// # Errors
    /// What does not fit the vocabulary: unknown names, distributions that make no value of a fact's type, figures out of bounds.
    pub fn new(schema: &'s Schema, model: &Model, kind: &str, wanted: Wanted) -> Result<Self> {
        let wrong = |message: &str| ModelError::new("kind", message);
        let mut parts = model.entity.iter();
        let Some((name, part)) = parts.find(|(_, part)| part.kind.as_deref() == Some(kind)) else {
            return Err(wrong(&format!("there is no `{kind}`")).near(kind, model.kinds()));
        };
        let Some((entity, _)) = schema.entities.iter().find(|(_, entity)| entity.named.is_called(name)) else {
            let known = schema.entities.iter().map(|(_, entity)| &*entity.named.name);
            return Err(ModelError::new(name, "is no entity of the vocabulary").near(name, known));
        };
        if part.profiles.is_empty() {
            return Err(ModelError::new(name, "has no profiles"));
        }
        let site = Site {
            schema,
            model,
            profiles: &part.profiles,
            entity,
            parent: &[],
            depth: 0,
        };
        let numbers: Vec<u32> = part.profiles.iter().map(|profile| profile.number).collect();
        Ok(Self {
            schema,
            plan: Plan::new(site)?,
            deal: Deal::new(&numbers),
            frame: frame(model, wanted.as_of)?,
            kind: kind.to_owned(),
            seed: wanted.seed,
            missing: wanted.missing.into(),
        })
    }

    /// How many applicants the city has.
    pub fn city(&self) -> usize {
        self.deal.city()
    }

    /// What the records are of.
    pub fn entity(&self) -> EntityId {
        self.plan.entity
    }

    /// The day as of which everything is known.
    pub fn as_of(&self) -> Date {
        self.frame.as_of
    }

    /// The records of those rows, in order.
    pub fn records(&self, rows: Range<u64>) -> impl Iterator<Item = Record> + '_ {
        let mut draws = Draws::new(self.seed, &self.kind);
        rows.map(move |row| self.record(&mut draws, row))
    }

    /// The records of those rows as a batch.
    pub fn batch(&self, rows: Range<u64>) -> Batch {
        let mut builder = Builder::new(self.schema, self.plan.entity);
        self.records(rows).for_each(|record| builder.push(&record));
        builder.finish()
    }

    fn record(&self, draws: &mut Draws, row: u64) -> Record {
        draws.at(row, Purpose::Facts);
        let profile = self.deal.profile(row);
        let drawn = Drawing {
            frame: &self.frame,
            draws,
            row,
            profile,
        }
        .record(&self.plan, &[]);
        draws.at(row, Purpose::Hiding);
        let mut stating = Stating {
            frame: &self.frame,
            draws,
            row,
            missing: self.missing,
        };
        stating.record(&self.plan, drawn, 0)
    }
}

/// The days and years of a population.
fn frame(model: &Model, as_of: Option<Date>) -> Result<Frame> {
    let own = Date::parse(&model.as_of).map_err(|error| ModelError::new("as_of", error.to_string()))?;
    let as_of = as_of.unwrap_or(own);
    let later = as_of.year().saturating_sub(own.year());
    if model.years.is_empty() || model.years.len() > MOST_YEARS {
        return Err(ModelError::new("years", format!("are 1 to {MOST_YEARS}")));
    }
    Ok(Frame {
        as_of,
        years: model.years.iter().map(|year| year.saturating_add(later)).collect(),
        planted: plan::chance(model.planted).ok_or_else(|| ModelError::new("planted", "is no chance"))?,
    })
}
