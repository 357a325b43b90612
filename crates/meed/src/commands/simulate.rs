//! `meed simulate`: a package and reforms of it, over one population.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::json::digest;
use meed_facts::label::{Label, Lang};
use meed_facts::ratio::Ratio;
use meed_rules::Package;
use meed_rules::package::{Files, revised};
use meed_rules::program::Program;
use meed_simulate::reform::changes::Turn;
use meed_simulate::reform::report::Words;
use meed_simulate::reform::scenario::Scenario;
use meed_simulate::reform::take_up::TakeUp;
use meed_simulate::reform::{self, Options, SimulateError, Simulation};
use meed_syntax::diagnostic::Message;
use meed_tables::results::Format;

use super::PackagePath;
use super::run::{bar, format, show};
use crate::answer::{Answer, Outcome, Result, Unusable};
use crate::input;

/// Shows what a reform would change for a population: cost, who gains and loses, funds; a folder of tables with a report
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    package: PackagePath,
    /// The day of the determinations
    #[arg(long, value_name = "DATE", value_parser = input::date)]
    on: Date,
    /// The population: a Parquet, Arrow, JSON lines or XLSX file, a folder of CSV files, or a folder of parts; `-` for JSON lines from standard input
    #[arg(long, value_name = "PATH")]
    facts: PathBuf,
    /// A document that makes a reform: amendments of rules, or an edited copy of a document of the package; several are compared, each by itself
    #[arg(long, value_name = "REFORM.md")]
    reform: Vec<PathBuf>,
    /// Another day for the reforms; without a reform, the rules as they are on that day are compared
    #[arg(long, value_name = "DATE", value_parser = input::date)]
    reform_on: Option<Date>,
    /// The folder for the results
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// By what money is told apart: facts, or `size:is_large/is_medium/is_small` for the first named value that is true
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    by: Vec<String>,
    /// Also count the cost if only a share applies: `70%`, or `70%,MEASURE=40%`; several assumptions are counted apart
    #[arg(long, value_name = "SHARE", value_parser = take_up)]
    take_up: Vec<TakeUp>,
    /// The seeds with which it is drawn who applies
    #[arg(long, value_name = "S", value_delimiter = ',', default_value = "1,2,3")]
    seed: Vec<u64>,
    /// Also lower and raise each parameter of the rules by this share, one at a time
    #[arg(long, value_name = "SHARE", value_parser = share)]
    step: Option<Ratio>,
    /// Tell money by the month in which it is paid, too
    #[arg(long)]
    months: bool,
    /// The format of the tables
    #[arg(long, value_name = "FORMAT", default_value = "parquet", value_parser = format)]
    format: Format,
    /// What the rows are records of, where the files do not say it
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Columns (`note`, `hires.note`) and sheets of tables that are no facts and are passed over
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    ignore: Vec<String>,
    /// How many threads determine; as many as there are processors, where it is not said
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// A share from 0 to 1: `0.7`, `70%`, `2/3`.
fn share(text: &str) -> std::result::Result<Ratio, String> {
    let (number, scale) = text.strip_suffix('%').map_or((text, 1), |number| (number, 100));
    let number = Ratio::parse(number.trim()).map_err(|error| error.to_string())?;
    let share = number.checked_div(&Ratio::from_int(scale));
    let within = |share: &Ratio| !share.is_negative() && *share <= Ratio::ONE;
    share
        .filter(within)
        .ok_or_else(|| "write a share from 0 to 1, such as 0.7 or 70%".to_owned())
}

fn take_up(text: &str) -> std::result::Result<TakeUp, String> {
    let mut assumed = TakeUp {
        otherwise: Ratio::ONE,
        of: BTreeMap::new(),
        seeds: BTreeSet::new(),
    };
    for part in text.split(',') {
        match part.split_once('=') {
            Some((measure, of)) => {
                assumed.of.insert(Arc::from(measure.trim()), share(of)?);
            }
            None => assumed.otherwise = share(part)?,
        }
    }
    Ok(assumed)
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let root = &self.package.package;
        let files = Package::files(root).map_err(|error| Unusable::at(error.path(), &error.words()))?;
        let mut scenarios = vec![Scenario {
            name: "baseline".to_owned(),
            title: Label {
                zh: Some("现行规则".into()),
                en: Some("Rules as they are".into()),
            },
            reform: None,
            program: program(root, files.clone(), self.on)?,
        }];
        let on = self.reform_on.unwrap_or(self.on);
        for path in &self.reform {
            scenarios.push(scenario(root, &files, path, on)?);
        }
        if self.reform.is_empty() && self.reform_on.is_some() {
            scenarios.push(Scenario {
                name: on.to_string(),
                title: Label {
                    zh: Some(format!("{on} 的规则").into()),
                    en: Some(format!("Rules on {on}").into()),
                },
                reform: None,
                program: program(root, files, on)?,
            });
        }
        self.check_measures(&scenarios)?;
        let (facts, _spooled) = input::population(&self.facts)?;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let with_seeds = |assumed: &TakeUp| TakeUp {
            seeds: self.seed.iter().copied().collect(),
            ..assumed.clone()
        };
        let options = Options {
            out: self.out.clone(),
            format: self.format,
            threads: self.threads.unwrap_or(processors),
            facts,
            applicant: self.kind.clone(),
            ignored: self.ignore.iter().cloned().collect(),
            by: self.by.clone(),
            take_up: self.take_up.iter().map(with_seeds).collect(),
            step: self.step.clone(),
            months: self.months,
        };
        let bar = bar();
        let progress = |rows, of| show(&bar, meed_simulate::run::Progress { rows, of });
        let simulation = reform::simulate(scenarios, &options, progress)
            .map_err(|error| Unusable::at(self.place(&error), &error.words()))?;
        bar.finish_and_clear();
        Ok(answer(&simulation, &self.out, lang))
    }

    /// The file that an error is about.
    fn place(&self, error: &SimulateError) -> &Path {
        let named = match error {
            SimulateError::SameName(name) | SimulateError::OtherFacts(name) => {
                let mut reforms = self.reform.iter().rev();
                reforms.find(|path| scenario_name(path) == *name)
            }
            _ => None,
        };
        named.unwrap_or(&self.facts)
    }

    /// A share for a measure that no scenario has would be passed over.
    fn check_measures(&self, scenarios: &[Scenario]) -> Result<()> {
        let measures = || {
            let all = scenarios.iter().flat_map(|scenario| scenario.program.measures.iter());
            all.map(|(_, measure)| &*measure.named.name)
        };
        let wanted = self.take_up.iter().flat_map(|assumed| assumed.of.keys());
        for name in wanted {
            if !measures().any(|known| *known == **name) {
                return Err(input::unknown(&Message::new("measure", "措施"), name, measures()));
            }
        }
        Ok(())
    }
}

/// The Program of files on a date.
fn program(root: &Path, files: Files, on: Date) -> Result<Program> {
    let package = Package::from_files(files).map_err(|file| {
        let why = Message::new(format!("there is no {file}"), format!("没有 {file}"));
        Unusable::at(root, &why)
    })?;
    let checked = meed_rules::check(&package);
    input::program(root, &checked, on)
}

/// What a reform is called in tables.
fn scenario_name(path: &Path) -> String {
    path.file_stem()
        .map_or_else(|| "reform".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// The package with a reform.
fn scenario(root: &Path, files: &Files, path: &Path, on: Date) -> Result<Scenario> {
    let text = input::read(path)?;
    let name = scenario_name(path);
    let (files, inside) = revised(files.clone(), &format!("{name}.md"), &text);
    let program = program(root, files, on)?;
    let own = program.documents.iter().find(|(_, document)| *document.path == *inside);
    Ok(Scenario {
        title: own.map(|(_, document)| document.title.clone()).unwrap_or_default(),
        reform: Some((path.display().to_string(), digest(text.as_bytes()))),
        name,
        program,
    })
}

fn answer(simulation: &Simulation, out: &Path, lang: Lang) -> Answer {
    let mut text = String::new();
    for (at, (scenario, outcome)) in simulation.scenarios.iter().zip(&simulation.outcomes).enumerate() {
        let currency = scenario.program.package.currency;
        let units = true;
        let cost = Words { lang, currency, units }.amount(outcome.cost());
        let name = scenario.title.text(lang, &scenario.name);
        let turns = at
            .checked_sub(1)
            .and_then(|reform| simulation.turns.get(reform))
            .map(|turns| {
                let [gains, loses, open] = Turn::ALL.map(|turn| turns.of(turn));
                match lang {
                    Lang::En => format!("; {gains} gain, {loses} lose, {open} open"),
                    Lang::Zh => format!("；{gains}个增加，{loses}个减少，{open}个不定"),
                }
            });
        text.push_str(&format!("{name}: {cost}{}\n", turns.unwrap_or_default()));
    }
    let report = out.join(match lang {
        Lang::En => "report.en.html",
        Lang::Zh => "report.zh.html",
    });
    let report = report.display();
    let (rows, rejected) = simulation.rows;
    let mut remarks = match lang {
        Lang::En => match rows {
            1 => format!("1 row. The report is {report}.\n"),
            _ => format!("{rows} rows. The report is {report}.\n"),
        },
        Lang::Zh => format!("共{rows}行。报告见 {report}。\n"),
    };
    if let Some((file, line, reason)) = &simulation.wrong {
        let reason = reason.text(lang);
        let unowned = simulation.unowned;
        remarks.push_str(&match lang {
            Lang::En => format!(
                "Left out: applicants whose rows are wrong, {rejected}; rows of lists that name no applicant, {unowned}. The first: {file}:{line}: {reason}. `meed run` says what is wrong with each.\n"
            ),
            Lang::Zh => format!("未计入：有误的申请人{rejected}个，列表中没有对应申请人的行{unowned}行。首行：{file}:{line}: {reason}。`meed run` 逐行说明原因。\n"),
        });
    }
    Answer {
        text,
        remarks,
        // Figures from which rows are missing are none to rely on.
        outcome: if simulation.wrong.is_some() {
            Outcome::Findings
        } else {
            Outcome::Fine
        },
    }
}
