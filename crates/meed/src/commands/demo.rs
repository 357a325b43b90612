//! `meed demo`: a populated office to look at and to try things in.

use std::path::{Path, PathBuf};

use meed_facts::date::Date;
use meed_facts::json;
use meed_facts::label::Lang;
use meed_facts::record::Record;
use meed_facts::schema::Schema;
use meed_office::demo::{STAFF, populate};
use meed_office::file;
use meed_office::input::PackageFiles;
use meed_office::time::{Clock, Instant};
use meed_simulate::population::model::Model;
use meed_simulate::population::{Population, Wanted};
use meed_syntax::diagnostic::Message;
use serde_json::Value;

use crate::answer::{Answer, Result, Unusable};
use crate::input;

/// Makes an office with a synthetic register, several bureaux and people, and cases in every state
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder for it
    folder: PathBuf,
    /// The package, with its `population.toml`
    #[arg(long, value_name = "FOLDER", default_value = "policies/harbin")]
    package: PathBuf,
    /// How many applicants without the titles of the press release are entered beside those who hold one
    #[arg(long, default_value_t = 200)]
    others: usize,
}

/// Titles of which the press release speaks.
const TOLD: [&str; 5] = [
    "little_giant",
    "specialised_new",
    "tech_centre",
    "innovation_centre",
    "design_centre",
];

/// The day on which the demonstration stands: that of the press release.
const TODAY: &str = "2023-02-23";

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        if self.folder.exists() {
            let why = Message::new(
                "the folder is there already; name a new one",
                "文件夹已存在，请另指定一个",
            );
            return Err(Unusable::at(&self.folder, &why));
        }
        let package = input::package(&self.package)?;
        let checked = meed_rules::check(&package);
        let text = input::read(&self.package.join("population.toml"))?;
        let model = Model::read(&text).map_err(|error| Unusable::said(&self.package, &error))?;
        let population = Population::new(
            checked.schema(),
            &model,
            "enterprise",
            Wanted {
                seed: 1,
                ..Wanted::default()
            },
        );
        let population = population.map_err(|error| Unusable::said(&self.package, &error))?;
        let applicants = self.applicants(checked.schema(), &population);
        let file = self.office_file()?;
        let failed = |error: &dyn std::fmt::Display| Unusable::said(&self.folder, &error.to_string());
        let (start, end) = (day("2022-12-05")?, day(TODAY)?);
        let office = file::open(&file, Clock::at(Instant::start_of(start))).map_err(|error| failed(&error))?;
        let files: PackageFiles = self
            .package
            .to_string_lossy()
            .parse()
            .map_err(|error: String| failed(&error))?;
        populate(&office, files, applicants.into_iter(), end).map_err(|error| failed(&error))?;
        let people: String = STAFF
            .iter()
            .map(|(id, name, bureau, roles)| {
                let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
                format!("  {id:<8}{name}  {bureau}  {}\n", roles.join(", "))
            })
            .collect();
        let (shown, about) = (
            file.display(),
            if lang == Lang::Zh {
                &model.about.zh
            } else {
                &model.about.en
            },
        );
        Ok(Answer::fine(match lang {
            Lang::En => format!(
                "{about}\nThe office stands at {TODAY}: meed office --office {shown} --at {TODAY} show case\n{people}"
            ),
            Lang::Zh => {
                format!("{about}\n办公室日期为 {TODAY}：meed office --office {shown} --at {TODAY} show case\n{people}")
            }
        }))
    }

    /// Everybody who holds a title of the press release, and some others, as documents.
    fn applicants(&self, schema: &Schema, population: &Population<'_>) -> Vec<Value> {
        let city = u64::try_from(population.city()).unwrap_or(u64::MAX);
        let told = |record: &Record| {
            let titles = record.titles.iter().flat_map(|list| &list.items);
            titles
                .into_iter()
                .any(|title| TOLD.contains(&&*schema.titles[title.title].named.name))
        };
        let mut others = self.others;
        let mut taken = |record: &Record| {
            let keep = told(record) || others > 0;
            if !told(record) {
                others = others.saturating_sub(1);
            }
            keep
        };
        population
            .records(0..city)
            .filter(|record| taken(record))
            .map(|record| json::write(schema, &record))
            .collect()
    }

    /// Writes the office's file and calendar, and returns the file's path.
    fn office_file(&self) -> Result<PathBuf> {
        let calendar = input::read(&self.package.join("working-days.csv"))?;
        super::office::write(&self.folder.join("working-days.csv"), &calendar)?;
        let file = self.folder.join("office.toml");
        super::office::write(&file, OFFICE)?;
        Ok(Path::new(&file).to_owned())
    }
}

fn day(text: &str) -> Result<Date> {
    Date::parse(text).map_err(|error| Unusable::said(Path::new(text), &error))
}

const OFFICE: &str = r#"# A demonstration: synthetic applicants, no real money.
database = "sqlite:office.db"
calendar = "working-days.csv"

[settings]
office = "HRBDEMO"
mode = "demo"
appeal_stops = "always"
appeal_clause = "行政复议法 第四十二条"
appeal_to = "哈尔滨市人民政府"
appeal_days = 60
publicity_days = 5
offer_days = 30
recheck_hours = 24
not_executed_days = 5
account_wait_hours = 72
payer = "city_finance"
external = ["province", "national"]

[settings.debtor]
name = "哈尔滨市财政局"
account = "230100000000000001"
bank = "102261000018"
form = "iso20022"
"#;
