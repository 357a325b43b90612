//! `meed eval`: the value of anything that has a name in the package, or of an expression of such names.

use std::path::PathBuf;

use clap::ValueEnum;
use meed_engine::awards::determine;
use meed_engine::explain::Evaluator;
use meed_engine::named::{NamedResult, named};
use meed_engine::value::CauseKind;
use meed_engine::words::Words;
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_rules::asked::{NotUnderstood, asked};
use meed_syntax::diagnostic::Message;

use super::PackagePath;
use crate::answer::{Answer, Result, Unusable};
use crate::input;

/// Prints named values (facts, definitions, parameters, sheets, titles' criteria) or expressions of them for an applicant, with bounds and reasons
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// Names of values, or expressions such as `rd_ratio(2023)`
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
        input::program(root, &checked, self.on)?;
        let record = input::record(&self.facts, checked.schema(), self.on)?;
        let wanted: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let (program, nodes) =
            asked(&checked, self.on, record.entity, &wanted).map_err(|found| not_understood(&wanted, &found))?;
        let evaluator = Evaluator::new(&program, &record);
        // Awards first: a definition may ask which are made.
        determine::of(&evaluator, &record);
        let named = wanted
            .iter()
            .zip(nodes)
            .map(|(name, node)| named(&evaluator, name, node));
        let results: Vec<NamedResult> = named.collect();
        input::within_limit(&evaluator)?;
        Ok(Answer::fine(match self.format {
            Format::Text => results.iter().map(|one| line(&evaluator, one)).collect(),
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
fn line(evaluator: &Evaluator<'_>, one: &NamedResult) -> String {
    let words = Words::about(evaluator, Lang::En);
    let mut text = format!("{} = {}\n", one.name, one.words());
    for missing in &one.missing {
        let source = missing
            .source
            .as_ref()
            .map_or_else(String::new, |by| format!(" ({by})"));
        let why = match missing.kind {
            CauseKind::Undefined => words.without_value(&missing.place, missing.frame),
            _ => None,
        };
        let what = why.as_ref().unwrap_or(&missing.name);
        text.push_str(&format!("    {}: {what}{source}\n", missing.kind.name()));
    }
    text
}

/// What is wrong with each name or expression that cannot be understood.
fn not_understood(wanted: &[&str], found: &[NotUnderstood]) -> Unusable {
    let told = |zh: bool| {
        let lines = found.iter().map(|one| {
            let name = wanted.get(one.index).copied().unwrap_or_default();
            let text = |message: &Message| if zh { message.zh.clone() } else { message.en.clone() };
            let help = one.finding.help.as_ref().map(text);
            let (lead, before, after) = if zh {
                ("错误：", "（建议：", "）")
            } else {
                ("error: ", " (help: ", ")")
            };
            let help = help.map(|help| format!("{before}{help}{after}")).unwrap_or_default();
            let colon = if zh { "：" } else { ": " };
            format!("{lead}`{name}`{colon}{}{help}", text(&one.finding.message))
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    Unusable::new(told(false), told(true))
}
