//! `meed population`: an invented register to run a package over.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use meed_facts::date::Date;
use meed_facts::json;
use meed_facts::label::Lang;
use meed_facts::ratio::Ratio;
use meed_facts::schema::Schema;
use meed_simulate::population::model::Model;
use meed_simulate::population::{Population, Wanted};
use serde_json::json;

use super::PackagePath;
use crate::answer::{Answer, Outcome, Result, Unusable};
use crate::input;

/// Writes a synthetic register: invented applicants with plausible facts, by the package's population.toml
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// How many applicants; as many as the city has, where it is not said
    #[arg(long, value_name = "N")]
    size: Option<u64>,
    /// The seed: the same seed gives the same applicants, and a smaller population is the beginning of a larger one
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Which kind of applicant
    #[arg(long, value_name = "KIND", default_value = "enterprise")]
    kind: String,
    /// The share of facts that are not known exactly, 0 to 1: missing, refused, ranges, incomplete lists
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    missing: u16,
    /// The day as of which everything is known; days and years move along
    #[arg(long, value_name = "DATE", value_parser = input::date)]
    as_of: Option<Date>,
    /// The file of JSON lines to write; beside it comes PATH.about.json, which says what it is
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
}

/// A share from 0 to 1 with up to four decimals, in hundredths of a percent.
fn share(text: &str) -> std::result::Result<u16, String> {
    let number = Ratio::parse_decimal(text).map_err(|error| error.to_string())?;
    let hundredths = meed_facts::batch::scaled(&number, 4).and_then(|share| u16::try_from(share).ok());
    hundredths
        .filter(|share| *share <= 10_000)
        .ok_or_else(|| "write a share from 0 to 1 such as 0.33".to_owned())
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let root = root(self.package.package);
        let package = input::package(&root)?;
        let checked = meed_rules::check(&package);
        let schema = checked.schema();
        let model = model(&root)?;
        let wanted = Wanted {
            seed: self.seed,
            missing: self.missing,
            as_of: self.as_of,
        };
        let population =
            Population::new(schema, &model, &self.kind, wanted).map_err(|error| Unusable::said(&root, &error))?;
        let size = self
            .size
            .unwrap_or_else(|| u64::try_from(population.city()).unwrap_or(u64::MAX));
        let about = json!({
            "about": { "en": model.about.en, "zh": model.about.zh },
            "as_of": population.as_of().to_string(),
            "kind": self.kind,
            "meed": env!("CARGO_PKG_VERSION"),
            "missing": Ratio::new(self.missing.into(), 10_000).unwrap_or(Ratio::ZERO).to_string(),
            "package": { "digest": *package.digest, "name": *package.manifest.name },
            "seed": self.seed.to_string(),
            "size": size.to_string(),
            "synthetic": true,
        });
        let failed = |error: std::io::Error| Unusable::system(&self.out, &error);
        std::fs::write(beside(&self.out), format!("{about:#}\n")).map_err(failed)?;
        write(&population, schema, size, &self.out).map_err(failed)?;
        Ok(Answer {
            text: String::new(),
            remarks: match lang {
                Lang::En => format!("{size} records in {}. {}\n", self.out.display(), model.about.en),
                Lang::Zh => format!("{} 中有 {size} 条记录。{}\n", self.out.display(), model.about.zh),
            },
            outcome: Outcome::Fine,
        })
    }
}

/// Where it is told what a file is.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".about.json");
    name.into()
}

/// A package's folder, or its name among `policies/`.
fn root(path: PathBuf) -> PathBuf {
    let named = Path::new("policies").join(&path);
    if !path.exists() && named.exists() { named } else { path }
}

fn model(root: &Path) -> Result<Model> {
    let text = input::read(&root.join("population.toml"))?;
    Model::read(&text).map_err(|error| Unusable::said(root, &error))
}

fn write(population: &Population<'_>, schema: &Schema, size: u64, path: &Path) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    for record in population.records(0..size) {
        serde_json::to_writer(&mut out, &json::write(schema, &record))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
