//! `meed schema`: what files of facts may say, as JSON Schema; and the tables of a population, to be filled in.

use std::path::{Path, PathBuf};

use meed_facts::schema::Schema;
use meed_tables::folder::{DESCRIPTION, periods, write_template};

use super::PackagePath;
use crate::answer::{Answer, Result, Unusable};
use crate::input;

/// Prints the JSON Schema (2020-12) of the package's facts, or writes tables for many applicants' facts
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// Write a folder of CSV files without rows for each kind of applicant into this folder
    #[arg(long, value_name = "DIR", requires = "years")]
    tables: Option<PathBuf>,
    /// The years that the tables have columns for: `2021..2023`
    #[arg(long, value_name = "FIRST..LAST", value_parser = years, requires = "tables")]
    years: Option<Years>,
}

#[derive(Clone, Copy, Debug)]
struct Years {
    first: i16,
    last: i16,
}

/// More years than this make tables that nobody fills in.
const MOST_YEARS: i16 = 30;

fn years(text: &str) -> std::result::Result<Years, String> {
    let form = "write the first and the last year, as in 2021..2023".to_owned();
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let year = |text: &str| text.parse::<i16>().ok().filter(|year| (1..=9999).contains(year));
    let (Some(first), Some(last)) = (year(first), year(last)) else {
        return Err(form);
    };
    match last.checked_sub(first) {
        Some(0..MOST_YEARS) => Ok(Years { first, last }),
        _ => Err(form),
    }
}

impl Args {
    pub fn run(self) -> Result {
        let root = &self.package.package;
        let package = input::package(root)?;
        let checked = meed_rules::check(&package);
        match (&self.tables, self.years) {
            (Some(folder), Some(years)) => tables(checked.schema(), folder, years),
            _ => {
                let schema = meed_facts::json::schema_json(checked.schema());
                Ok(Answer::fine(format!("{schema:#}\n")))
            }
        }
    }
}

// A folder for each kind of applicant.
fn tables(schema: &Schema, folder: &Path, years: Years) -> Result {
    let periods = periods(schema, years.first, years.last);
    let mut text = String::new();
    for (id, entity) in schema.entities.iter().filter(|(_, entity)| entity.applicant) {
        let name = entity.named.name.to_lowercase();
        let files = write_template(schema, id, &periods, &folder.join(&name))
            .map_err(|error| Unusable::at(folder, &error.words()))?;
        for file in files.iter().map(String::as_str).chain([DESCRIPTION]) {
            text.push_str(&format!("{name}/{file}\n"));
        }
    }
    Ok(Answer::fine(text))
}
