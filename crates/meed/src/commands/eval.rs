//! `meed eval`: the value of anything that has a name in the package.

use std::path::PathBuf;

use clap::ValueEnum;
use meed_engine::named::{NamedResult, named, names};
use meed_facts::date::Date;
use meed_syntax::diagnostic::Message;

use super::PackagePath;
use crate::answer::{Answer, Result};
use crate::input;

/// Prints named values (definitions, parameters, sheets, criteria) for an applicant, with bounds and reasons
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// Names of values
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    /// The date of the determination, e.g. 2023-12-01
    #[arg(long, value_parser = input::date)]
    on: Date,
    /// The facts as JSON (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,
    /// How values are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object by name
    Json,
}

impl Args {
    pub fn run(self) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let checked = meed_rules::check(&package);
        let program = input::program(root, &checked, self.on)?;
        let record = input::record(&self.facts, &program.schema, self.on)?;
        let wanted: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let results = named(&program, &record, &wanted)
            .map_err(|name| input::unknown(&Message::new("value", "值"), name, names(&program, record.entity)))?;
        Ok(Answer::fine(match self.format {
            Format::Text => results.iter().map(line).collect(),
            Format::Json => {
                let object: serde_json::Map<_, _> = results
                    .iter()
                    .map(|one| (one.name.to_string(), one.to_json()))
                    .collect();
                format!("{}\n", meed_facts::json::canonical(&object.into()))
            }
        }))
    }
}

/// `rd_ratio = 0.03`, and below it what is not known.
fn line(one: &NamedResult) -> String {
    let mut text = format!("{} = {}\n", one.name, one.words());
    for missing in &one.missing {
        let source = missing
            .source
            .as_ref()
            .map_or_else(String::new, |by| format!(" ({by})"));
        text.push_str(&format!("    {}: {}{source}\n", missing.kind.name(), missing.name));
    }
    text
}
