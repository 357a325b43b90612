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

pub use identity::citizen_of_nobody;

use std::ops::Range;

use meed_facts::batch::{Batch, Builder};
use meed_facts::check::{Complaint, did_you_mean};
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_facts::message::Message;
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
#[error("{}", self.words().en)]
pub struct ModelError {
    /// Where in the model: `Enterprise.revenue`.
    pub at: String,
    /// What is wrong, and the likely fix.
    pub complaint: Complaint,
}

type Result<T> = std::result::Result<T, ModelError>;

impl ModelError {
    fn new(at: &str, message: impl Into<Message>) -> Self {
        Self {
            at: at.to_owned(),
            complaint: Complaint::alone(message),
        }
    }

    fn help(mut self, help: impl Into<Message>) -> Self {
        self.complaint.help = help.into();
        self
    }

    /// Place, what is wrong and the likely fix, in both languages.
    pub fn words(&self) -> Message {
        let told = |lang| self.complaint.text(lang);
        Message::new(
            format!("population.toml: {}: {}", self.at, told(Lang::En)),
            format!("population.toml: {}：{}", self.at, told(Lang::Zh)),
        )
    }

    fn near<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match meed_rules::near::nearest(name, known) {
            Some(near) => self.help(did_you_mean(near)),
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
        toml::from_str(text).map_err(|error: toml::de::Error| {
            ModelError::new("form", (error.to_string(), format!("不合模型的格式：{error}")))
        })
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
        let mut parts = model.entity.iter();
        let Some((name, part)) = parts.find(|(name, part)| {
            let own = part.kind.as_deref();
            own == Some(kind) || (own.is_some() && name.eq_ignore_ascii_case(kind))
        }) else {
            return Err(
                ModelError::new("kind", (format!("there is no `{kind}`"), format!("没有 `{kind}`")))
                    .near(kind, model.kinds()),
            );
        };
        let Some((entity, _)) = schema.entities.iter().find(|(_, entity)| entity.named.is_called(name)) else {
            let known = schema.entities.iter().map(|(_, entity)| &*entity.named.name);
            return Err(
                ModelError::new(name, ("is no entity of the vocabulary", "不是词汇表中的实体")).near(name, known),
            );
        };
        if part.profiles.is_empty() {
            return Err(ModelError::new(name, ("has no profiles", "没有画像")));
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
            kind: part.kind.clone().unwrap_or_default(),
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
    let own = Date::parse(&model.as_of).map_err(|error| ModelError::new("as_of", error.words()))?;
    let as_of = as_of.unwrap_or(own);
    let later = as_of.year().saturating_sub(own.year());
    if model.years.is_empty() || model.years.len() > MOST_YEARS {
        return Err(ModelError::new(
            "years",
            (format!("are 1 to {MOST_YEARS}"), format!("应有 1 至 {MOST_YEARS} 个")),
        ));
    }
    Ok(Frame {
        as_of,
        years: model.years.iter().map(|year| year.saturating_add(later)).collect(),
        planted: plan::chance(model.planted).ok_or_else(|| ModelError::new("planted", ("is no chance", "不是概率")))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_a_model_is_told_in_both_languages_with_its_place() {
        let model = "about = { zh = \"\", en = \"\" }\nas_of = \"2024-13-01\"\nyears = [2023]\nplanted = 0.0\n[entity.Enterprise]\nkind = \"enterprise\"\nfacts = []\n";
        let model = Model::read(model).unwrap();
        let wanted = Wanted::default();
        let schema = Schema::default();
        let words = Population::new(&schema, &model, "enterprise", wanted)
            .err()
            .unwrap()
            .words();
        assert_eq!(words.en, "population.toml: Enterprise: is no entity of the vocabulary");
        assert_eq!(words.zh, "population.toml: Enterprise：不是词汇表中的实体");
        let near = Population::new(&schema, &model, "enterprice", wanted)
            .err()
            .unwrap()
            .words();
        assert!(near.en.ends_with("(help: did you mean `enterprise`?)"), "{near:?}");
        assert!(near.zh.ends_with("（建议：是否指 `enterprise`？）"), "{near:?}");
        let form = Model::read("years = 2023").err().unwrap().words();
        assert!(
            form.en.contains("line 1") && form.zh.contains("不合模型的格式"),
            "{form:?}"
        );
    }
}
