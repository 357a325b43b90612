//! `meed population`: an invented register to run a package over.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_facts::ratio::Ratio;
use meed_facts::schema::Schema;
use meed_simulate::population::model::Model;
use meed_simulate::population::{Population, Wanted};
use meed_syntax::diagnostic::Message;
use meed_tables::write::{Format, PopulationWriter};
use meed_tables::{Layout, TablesError};
use serde_json::{Value, json};

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
    /// The folder to write, with what it holds told in about.json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The files' format
    #[arg(long, value_name = "FORMAT", default_value = "jsonl", value_parser = format())]
    format: Format,
}

/// A format by its name.
fn format() -> impl TypedValueParser<Value = Format> {
    let named = |name: String| Format::NAMES.into_iter().find(|(known, _)| *known == name);
    PossibleValuesParser::new(Format::NAMES.map(|(name, _)| name))
        .try_map(move |name| named(name).map(|(_, format)| format).ok_or("no such format"))
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
        let root = root(&self.package.package);
        let package = input::package(&root)?;
        let checked = meed_rules::check(&package);
        let schema = checked.schema();
        let text = input::read(&root.join("population.toml"))?;
        let model = Model::read(&text).map_err(|error| Unusable::at(&root, &error.words()))?;
        let wanted = Wanted {
            seed: self.seed,
            missing: self.missing,
            as_of: self.as_of,
        };
        let population =
            Population::new(schema, &model, &self.kind, wanted).map_err(|error| Unusable::at(&root, &error.words()))?;
        let size = self
            .size
            .unwrap_or_else(|| u64::try_from(population.city()).unwrap_or(u64::MAX));
        let about = json!({
            "about": { "en": model.about.en, "zh": model.about.zh },
            "as_of": population.as_of().to_string(),
            "kind": self.kind,
            "meed": env!("CARGO_PKG_VERSION"),
            "missing": Ratio::new(self.missing.into(), 10_000).unwrap_or(Ratio::ZERO).to_string(),
            "model": meed_facts::json::digest(text.as_bytes()),
            "package": { "digest": *package.digest, "name": *package.manifest.name },
            "seed": self.seed.to_string(),
            "size": size.to_string(),
            "synthetic": true,
        });
        self.write(schema, &population, size, &about)?;
        Ok(Answer {
            text: String::new(),
            remarks: match lang {
                Lang::En => format!("{size} records in {}. {}\n", self.out.display(), model.about.en),
                Lang::Zh => format!("{} 中有 {size} 条记录。{}\n", self.out.display(), model.about.zh),
            },
            outcome: Outcome::Fine,
        })
    }

    fn write(&self, schema: &Schema, population: &Population<'_>, size: u64, about: &Value) -> Result<()> {
        let failed = |error: TablesError| Unusable::at(&self.out, &error.words());
        if std::fs::read_dir(&self.out).is_ok_and(|mut inside| inside.next().is_some()) {
            let why = Message::new(
                "the folder holds something already; name a new one",
                "文件夹不为空，请另指定一个",
            );
            return Err(Unusable::at(&self.out, &why));
        }
        let mut writer =
            PopulationWriter::create(schema, population.entity(), &self.out, self.format).map_err(failed)?;
        let told = self.out.join("about.json");
        std::fs::write(told, format!("{about:#}\n")).map_err(|error| Unusable::system(&self.out, &error))?;
        writer.note("synthetic", &about.to_string());
        writer.expect(&Layout::of(schema, &population.batch(0..size.min(PILOT))));
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let written = population.each_batch(size, threads, |batch| writer.write(&batch));
        written.and_then(|()| writer.finish().map(drop)).map_err(failed)
    }
}

/// The rows that show which columns there will be; a column that turns up later begins another file.
const PILOT: u64 = 65_536;

/// A package's folder, or its name among `policies/`.
fn root(path: &Path) -> PathBuf {
    let named = Path::new("policies").join(path);
    if !path.exists() && named.exists() {
        named
    } else {
        path.to_owned()
    }
}
