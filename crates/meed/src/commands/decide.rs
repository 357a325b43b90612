//! `meed decide`: what a package's rules make of an applicant's facts on a date.

use std::path::PathBuf;

use clap::ValueEnum;
use meed_engine::awards::determine;
use meed_engine::explain::Evaluator;
use meed_engine::{gap, words};
use meed_facts::date::Date;
use meed_facts::json;
use meed_facts::label::Lang;
use meed_facts::schema::Named;
use meed_syntax::diagnostic::Message;

use super::PackagePath;
use crate::answer::{Answer, Result};
use crate::input;

/// Determines every measure for an applicant on a date: verdict, amount, reasons, clause, and what is missing
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// The date of the determination, e.g. 2023-12-01
    #[arg(long, value_parser = input::date)]
    on: Date,
    /// The facts as JSON (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,
    /// Only this measure or service; totals are those of the lines that are shown
    #[arg(long, value_name = "NAME")]
    measure: Option<String>,
    /// How the determination is shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// Canonical JSON (RFC 8785): equal results are equal bytes
    Json,
    /// A self-contained page
    Html,
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let checked = meed_rules::check(&package);
        let program = input::program(root, &checked, self.on)?;
        let record = input::record(&self.facts, &program.schema, self.on)?;
        let evaluator = Evaluator::new(&program, &record);
        let mut determination = determine::of(&evaluator, &record);
        input::within_limit(&evaluator)?;
        gap::fill(&evaluator, &record, &mut determination);
        if let Some(wanted) = &self.measure {
            let measures = program.measures.iter().map(|(_, measure)| &measure.named);
            let known: Vec<&Named> = measures
                .chain(program.services.iter().map(|service| &service.named))
                .collect();
            let Some(named) = known.iter().find(|named| named.is_called(wanted)) else {
                let known = known.iter().map(|named| &*named.name);
                return Err(input::unknown(
                    &Message::new("measure or service", "措施或服务"),
                    wanted,
                    known,
                ));
            };
            determination.keep_only(&named.name);
        }
        Ok(Answer::fine(match self.format {
            Format::Json => format!("{}\n", json::canonical(&words::to_json(&evaluator, &determination))),
            Format::Text => words::text(&evaluator, &determination, lang),
            Format::Html => words::html(&evaluator, &determination, lang),
        }))
    }
}
