//! `meed demo`: a populated office to look at and to try things in.

use std::path::{Path, PathBuf};

use meed_facts::date::Date;
use meed_facts::json as facts;
use meed_facts::label::Lang;
use meed_facts::record::Record;
use meed_facts::schema::Schema;
use meed_office::demo::{STAFF, populate};
use meed_office::file::OfficeFile;
use meed_office::input::{Json, PackageFiles};
use meed_office::office::Office;
use meed_office::time::{Clock, Instant};
use meed_rules::lock::confirm;
use meed_rules::{Checked, Package};
use meed_simulate::population::model::Model;
use meed_simulate::population::{Population, Wanted};
use meed_simulate::reform::scenario::Scenario;
use meed_simulate::reform::{Options, simulate};
use meed_syntax::diagnostic::Message;
use meed_tables::results::Format;
use serde_json::{Value, json};

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

/// Funds made up for demonstrations.
const FUNDS: &str = include_str!("demo/funds.md");

/// How many persons a demonstration knows.
const PERSONS: u64 = 30;

/// The day on which the demonstration stands: that of the press release.
const TODAY: &str = "2023-02-23";

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let made = make(&self.folder, &self.package, self.others, None)?;
        let people: String = STAFF
            .iter()
            .map(|(id, name, bureau, roles)| {
                let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
                format!("  {id:<8}{name}  {bureau}  {}\n", roles.join(", "))
            })
            .collect();
        let (shown, about) = (made.file.display(), made.about.text(lang));
        Ok(Answer::fine(match lang {
            Lang::En => format!(
                "{about}\nThe office stands at {TODAY}: meed office --office {shown} --at {TODAY} show case\n{people}"
            ),
            Lang::Zh => {
                format!("{about}\n办公室日期为 {TODAY}：meed office --office {shown} --at {TODAY} show case\n{people}")
            }
        }))
    }
}

/// A demonstration that was made.
pub struct Made {
    /// The office, whose clock stands at the demonstration's day.
    pub office: Office,
    /// The file that describes it.
    pub file: PathBuf,
    /// That it is synthetic, in words.
    pub about: Message,
}

/// Makes a demonstration in a new folder; its database lies there too, where none is named.
///
/// # Errors
/// Where the folder is there already, or the office cannot be filled.
pub fn make(folder: &Path, package: &Path, others: usize, database: Option<&str>) -> Result<Made> {
    if folder.exists() {
        let why = Message::new(
            "the folder is there already; name a new one",
            "文件夹已存在，请另指定一个",
        );
        return Err(Unusable::at(folder, &why));
    }
    let files: PackageFiles = package
        .to_string_lossy()
        .parse()
        .map_err(|error: String| Unusable::said(package, &error))?;
    let files = with_funds(files);
    let read = Package::from_files(files.0.clone()).map_err(|file| Unusable::said(package, &file))?;
    let checked = meed_rules::check(&read);
    let text = input::read(&package.join("population.toml"))?;
    let model = Model::read(&text).map_err(|error| Unusable::at(package, &error.words()))?;
    let wanted = || Wanted {
        seed: 1,
        ..Wanted::default()
    };
    let population = Population::new(checked.schema(), &model, "enterprise", wanted());
    let population = population.map_err(|error| Unusable::at(package, &error.words()))?;
    let enterprises = applicants(checked.schema(), &population, others);
    let people = Population::new(checked.schema(), &model, "person", wanted());
    let people = people.map_err(|error| Unusable::at(package, &error.words()))?;
    let people = people
        .records(0..PERSONS)
        .map(|record| facts::write(checked.schema(), &record));
    let file = office_file(folder, package)?;
    let failed = |error: &dyn std::fmt::Display| Unusable::said(folder, &error.to_string());
    let described = OfficeFile::read(&file).map_err(|error| Unusable::office(&file, &error))?;
    let address = database.map_or_else(|| described.address(&file), str::to_owned);
    let clock = Clock::at(Instant::start_of(day("2022-12-05")?));
    let setup = described
        .setup(&file, clock)
        .map_err(|error| Unusable::office(&file, &error))?;
    let office = Office::open(&address, setup).map_err(|error| failed(&error))?;
    let report = simulated(folder, &checked, &enterprises, &model)?;
    let applicants = enterprises.iter().cloned().chain(people);
    populate(&office, files, report, applicants, day(TODAY)?).map_err(|error| failed(&error))?;
    let about = Message::new(model.about.en.clone(), model.about.zh.clone());
    Ok(Made { office, file, about })
}

/// The package with funds that are shared out in rounds, since Harbin's texts have none. A package whose words they do not fit goes without.
fn with_funds(files: PackageFiles) -> PackageFiles {
    let mut more = files.0.clone();
    more.insert("demonstration/funds.md".to_owned(), FUNDS.to_owned());
    let Ok(package) = Package::from_files(more.clone()) else {
        return files;
    };
    let checked = meed_rules::check(&package);
    match confirm(&checked, Some("demonstration/funds.md")) {
        Ok(confirmed) if checked.sound().is_ok() => {
            more.insert("meed.lock".to_owned(), confirmed.text);
            PackageFiles(more)
        }
        _ => files,
    }
}

/// Everybody who holds a title of the press release, and some others, as documents.
fn applicants(schema: &Schema, population: &Population<'_>, mut others: usize) -> Vec<Value> {
    let city = u64::try_from(population.city()).unwrap_or(u64::MAX);
    let told = |record: &Record| {
        let titles = record.titles.iter().flat_map(|list| &list.items);
        titles
            .into_iter()
            .any(|title| TOLD.contains(&&*schema.titles[title.title].named.name))
    };
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
        .map(|record| facts::write(schema, &record))
        .collect()
}

/// What the package costs for those who will be entered, as drafters find out before they publish; the folder keeps the whole report.
fn simulated(folder: &Path, checked: &Checked<'_>, applicants: &[Value], model: &Model) -> Result<Json> {
    let failed = |error: &dyn std::fmt::Display| Unusable::said(folder, &error.to_string());
    let register = folder.join("applicants");
    std::fs::create_dir_all(&register).map_err(|error| Unusable::system(&register, &error))?;
    let lines: String = applicants.iter().map(|one| format!("{one}\n")).collect();
    super::office::write(&register.join("enterprise.jsonl"), &lines)?;
    let about = json!({
        "about": { "en": model.about.en, "zh": model.about.zh }, "seed": "1", "size": applicants.len().to_string(), "synthetic": true,
    });
    super::office::write(&register.join("about.json"), &format!("{about:#}\n"))?;
    let program = input::program(folder, checked, day(TODAY)?)?;
    let scenario = Scenario {
        name: "baseline".to_owned(),
        title: program.package.title.clone(),
        reform: None,
        program,
    };
    let options = Options {
        out: folder.join("simulation"),
        format: Format::Csv,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        facts: register.join("enterprise.jsonl"),
        applicant: Some("enterprise".to_owned()),
        ignored: std::collections::BTreeSet::new(),
        by: Vec::new(),
        take_up: Vec::new(),
        months: false,
        step: None,
    };
    simulate(vec![scenario], &options, |_, _| {}).map_err(|error| failed(&error))?;
    let report = input::read(&options.out.join("manifest.json"))?;
    report.parse().map_err(|error: String| failed(&error))
}

/// Writes the office's file and calendar, and returns the file's path.
fn office_file(folder: &Path, package: &Path) -> Result<PathBuf> {
    let calendar = input::read(&package.join("working-days.csv"))?;
    super::office::write(&folder.join("working-days.csv"), &calendar)?;
    let file = folder.join("office.toml");
    super::office::write(&file, OFFICE)?;
    Ok(file)
}

/// The day on which a demonstration stands.
///
/// # Errors
/// Never: the day is written here.
pub fn today() -> Result<Date> {
    day(TODAY)
}

fn day(text: &str) -> Result<Date> {
    Date::parse(text).map_err(|error| Unusable::at(Path::new(text), &error.words()))
}

const OFFICE: &str = r#"# A demonstration: synthetic applicants, no real money.
database = "sqlite:office.db"
calendar = "working-days.csv"

[settings]
office = "HRBDEMO"
authority = "哈尔滨市工业和信息化局"
mode = "demo"
appeal_stops = "always"
appeal_clause = "行政复议法 第四十二条"
appeal_to = "哈尔滨市人民政府"
appeal_days = 60
publicity_days = 5
offer_days = 30
title_days = 90
service_days = 10
recheck_hours = 24
not_executed_days = 5
account_wait_hours = 72
payer = "city"
external = ["province", "national"]

[settings.debtor]
name = "哈尔滨市财政局"
account = "230100000000000001"
bank = "102261000018"
form = "iso20022"
"#;
