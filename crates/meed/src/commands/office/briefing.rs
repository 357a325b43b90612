//! `meed office briefing`: figures for the public, each with what is behind it.

use std::path::PathBuf;

use meed_facts::date::Date;
use meed_facts::json::canonical;
use meed_facts::label::Lang;
use meed_office::briefing::{Figures, briefing};
use meed_office::office::Office;
use serde_json::Value;

use super::{Format, unusable};
use crate::answer::{Answer, Result, Unusable};
use crate::input;

/// Figures for the public, computed from register and ledger
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The day
    #[arg(long, value_parser = input::date)]
    on: Date,
    /// The file of figures
    #[arg(long, value_name = "FILE")]
    figures: PathBuf,
}

impl Args {
    pub fn run(self, office: &Office, format: Format, lang: Lang) -> Result {
        let text = std::fs::read_to_string(&self.figures).map_err(|error| Unusable::system(&self.figures, &error))?;
        let figures: Figures = toml::from_str(&text).map_err(|error| Unusable::said(&self.figures, &error))?;
        let mut reader = office.reader().map_err(|error| unusable(&error))?;
        let told = briefing(&mut reader, office.setup(), &figures, self.on)
            .map_err(|stop| super::evidence::stopped(stop, lang))?;
        let json = Value::Array(told.iter().map(meed_office::briefing::Told::to_json).collect());
        Ok(Answer::fine(match format {
            Format::Json => format!("{}\n", canonical(&json)),
            Format::Text => {
                let words = |one: &meed_office::briefing::Told| match lang {
                    Lang::Zh => one.figure.label.zh.clone(),
                    Lang::En => one.figure.label.en.clone(),
                };
                told.iter()
                    .map(|one| format!("{:>14}  {}\n", one.value, words(one)))
                    .collect()
            }
        }))
    }
}
