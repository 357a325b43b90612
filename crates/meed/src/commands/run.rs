//! `meed run`: a package's rules over a whole population.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_simulate::run::{self, Options, Progress, Report};
use meed_tables::results::Format;

use super::PackagePath;
use crate::answer::{Answer, Outcome, Result, Unusable};
use crate::input;

/// Determines every applicant of a population: tables of results, totals, rejected rows
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
    /// The folder for the results; one that an interrupted run left is gone on with
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The format of the tables
    #[arg(long, value_name = "FORMAT", default_value = "parquet", value_parser = format)]
    format: Format,
    /// Named values, which rules define, that are columns of the wide table besides the amounts; facts are in the population already
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    values: Vec<String>,
    /// What the rows are records of, where the files do not say it
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Columns (`note`, `hires.note`) and sheets of tables that are no facts and are passed over
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    ignore: Vec<String>,
    /// How many threads determine; as many as there are processors, where it is not said
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// How many rows are determined at once and kept together: what an interruption costs at most
    #[arg(long, value_name = "N", default_value_t = run::UNIT_ROWS, value_parser = unit_rows)]
    unit_rows: usize,
    /// Stop at the first wrong row
    #[arg(long)]
    strict: bool,
}

fn unit_rows(text: &str) -> std::result::Result<usize, String> {
    let rows = text.parse::<usize>().ok().filter(|rows| *rows > 0);
    rows.ok_or_else(|| "write a number of rows above 0".to_owned())
}

/// A format of tables by its name.
pub(super) fn format(name: &str) -> std::result::Result<Format, String> {
    let found = Format::NAMES.into_iter().find(|(known, _)| *known == name);
    found
        .map(|(_, format)| format)
        .ok_or_else(|| format!("write {}", Format::NAMES.map(|(name, _)| name).join(", ")))
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let root = self.package.package;
        let package = input::package(&root)?;
        let checked = meed_rules::check(&package);
        let program = input::program(&root, &checked, self.on)?;
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&stop);
        // A second Ctrl-C ends the process at once; what is complete is kept then too.
        ctrlc::set_handler(move || {
            if asked.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        })
        .map_err(|error| Unusable::said(&root, &error))?;
        let (facts, _spooled) = input::population(&self.facts)?;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let options = Options {
            out: self.out,
            format: self.format,
            threads: self.threads.unwrap_or(processors),
            names: self.values,
            strict: self.strict,
            applicant: self.kind,
            ignored: self.ignore.into_iter().collect(),
            facts,
            unit_rows: self.unit_rows,
        };
        let began = Instant::now();
        let bar = bar();
        let report = run::run(&program, &options, &stop, |progress| show(&bar, progress))
            .map_err(|error| Unusable::at(&options.facts, &error.words()))?;
        bar.finish_and_clear();
        Ok(answer(&report, &options, began, lang))
    }
}

fn answer(report: &Report, options: &Options, began: Instant, lang: Lang) -> Answer {
    let totals = &report.totals;
    let (rows, rejected, kept) = (totals.rows, totals.rejected, report.kept);
    let (seconds, out) = (began.elapsed().as_secs(), options.out.display());
    let mut remarks = match lang {
        Lang::En => format!(
            "{rows} rows, of which {rejected} were rejected and {kept} kept from an earlier run; {seconds} s. Results in {out}.\n"
        ),
        Lang::Zh => {
            format!("共{rows}行，其中{rejected}行有误，{kept}行为此前运行的结果；用时{seconds}秒。结果在 {out}。\n")
        }
    };
    if report.synthetic {
        remarks.push_str(match lang {
            Lang::En => "The applicants are synthetic: none of them exists, and the results say so.\n",
            Lang::Zh => "申请人均为合成数据，并不存在，结果中已注明。\n",
        });
    }
    if rejected > 0 {
        remarks.push_str(match lang {
            Lang::En => "The rejected rows are in rejects-*.csv, each with its file, line, column and reason.\n",
            Lang::Zh => "有误的行见 rejects-*.csv，注明文件、行、列和原因。\n",
        });
    }
    if totals.unowned > 0 {
        let unowned = totals.unowned;
        remarks.push_str(&match lang {
            Lang::En => {
                format!("Rows of lists that name no applicant, and are told in rejects-*.csv too: {unowned}.\n")
            }
            Lang::Zh => format!("列表中有{unowned}行没有对应的申请人，也见 rejects-*.csv。\n"),
        });
    }
    if !report.complete {
        remarks.push_str(match lang {
            Lang::En => "Stopped: the same command goes on from here.\n",
            Lang::Zh => "已停止：再次运行同一命令即从此处继续。\n",
        });
    }
    Answer {
        text: String::new(),
        remarks,
        // Totals from which rows are missing are none to rely on.
        outcome: if report.complete && totals.is_clean() {
            Outcome::Fine
        } else {
            Outcome::Findings
        },
    }
}

/// A bar on a terminal; nothing elsewhere.
pub(super) fn bar() -> ProgressBar {
    let bar = ProgressBar::no_length();
    // The template is a constant that indicatif accepts.
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} rows, {elapsed}, {eta} left")
    {
        bar.set_style(style);
    }
    bar
}

/// Moves the bar.
pub(super) fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.of);
    bar.set_position(progress.rows);
}
