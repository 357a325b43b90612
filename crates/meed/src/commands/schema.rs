//! `meed schema`: what files of facts may say, as JSON Schema.

use super::PackagePath;
use crate::answer::{Answer, Result};
use crate::input;

/// Prints the JSON Schema (2020-12) of the package's facts
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
}

impl Args {
    pub fn run(self) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let checked = meed_rules::check(&package);
        let schema = meed_facts::json::schema_json(checked.schema());
        Ok(Answer::fine(format!("{schema:#}\n")))
    }
}
