//! A package's rules over a whole population in files: two tables of results, totals, and what was rejected.
//!
//! The population is read in *units* of so many rows, each of which becomes one part of each table and a summary that is written last. A run that was
//! interrupted goes on after the units that have a summary; none is counted twice, and what it leaves is the same, byte for byte, as without the interruption.
//!
//! | file | what it is |
//! |---|---|
//! | `run.json` | what is run over what: package, date, population |
//! | `wide-00001.parquet` … | a row for each applicant |
//! | `long-00001.parquet` … | a row for each line that is or may be paid |
//! | `rejects-00001.csv` … | the rows that are wrong: file, line, column, reason |
//! | `units/00001.json` … | what each unit comes to |
//! | `units/00001.round.jsonl` … | what each unit leaves to be decided among all applicants |
//! | `round-00001.parquet`, `funds-00001.parquet` | what funds pay, and which values that must be unique are not |
//! | `totals.json` | what all come to, once the run is complete |

mod feed;
mod lock;
mod manifest;
mod rows;
mod second;
mod totals;
mod unit;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use meed_engine::columns::Plan;
use meed_facts::message::Message;
use meed_rules::program::{NodeId, Program};
use meed_tables::TablesError;
use meed_tables::read::{self, Population};
use meed_tables::results::{Digits, Format};

pub(crate) use rows::{amount_cells, amount_columns, key as row_key};
pub use second::RoundTotals;
pub use totals::{MeasureTotals, Totals};

use self::lock::Lock;
use self::unit::Job;
use crate::round::Contest;

/// The most rows of a step. Pieces and units are whole steps but for what their file has no more, and what a step's applicants come to is written at once: files do
/// not depend on how many steps a piece has.
const STEP_ROWS: usize = 4096;

/// Rows of a unit, where nothing else is said: a quarter of a million.
pub const UNIT_ROWS: usize = 64 * STEP_ROWS;

/// How a run is to be made.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder for the results.
    pub out: PathBuf,
    /// The format of the two tables.
    pub format: Format,
    /// How many threads determine.
    pub threads: usize,
    /// Named values that are columns of the wide table besides the amounts.
    pub names: Vec<String>,
    /// Whether the first wrong row ends the run.
    pub strict: bool,
    /// What the rows are records of, where the files do not say it.
    pub applicant: Option<String>,
    /// Columns and sheets that are no facts and are passed over.
    pub ignored: BTreeSet<String>,
    /// The path of the population.
    pub facts: PathBuf,
    /// Rows of a unit: what an interruption costs at most, and what each part of a table holds.
    pub unit_rows: usize,
}

impl Options {
    /// Rows of a step.
    fn step_rows(&self) -> usize {
        self.unit_rows.clamp(1, STEP_ROWS)
    }

    /// The most steps of a piece.
    fn steps_at_once(&self) -> usize {
        let most = read::Options::default().value_rows;
        most.checked_div(self.step_rows()).unwrap_or(1).max(1)
    }

    /// Steps of a unit.
    fn unit_steps(&self) -> usize {
        self.unit_rows.checked_div(self.step_rows()).unwrap_or(1).max(1)
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows determined or rejected, those of earlier runs included.
    pub rows: u64,
    /// How many there are.
    pub of: u64,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether all units are there; a run that was stopped goes on when it is started again.
    pub complete: bool,
    /// What the units that are there come to.
    pub totals: Totals,
    /// How many rows were there from an earlier run.
    pub kept: u64,
    /// What was decided among all applicants, once the run is complete.
    pub round: RoundTotals,
    /// Whether the applicants were invented.
    pub synthetic: bool,
}

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum RunError {
    /// The population or a table.
    Tables(#[from] TablesError),
    /// A file of the folder.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The folder holds another run.
    OtherRun {
        /// Which.
        folder: PathBuf,
        /// What is not the same.
        what: String,
    },
    /// A file of an earlier run is not what it should be.
    Damaged {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Another run writes into the folder.
    Busy(PathBuf),
    /// A name that is no value of the package.
    NoSuchName(String),
}

impl RunError {
    /// Place, what is wrong and the likely fix, in both languages.
    pub fn words(&self) -> Message {
        match self {
            Self::Tables(error) => error.words(),
            Self::File { path, error } => Message::same(&format_args!("{}: {error}", path.display())),
            Self::OtherRun { folder, what } => {
                let folder = folder.display();
                Message::new(
                    format!(
                        "{folder} holds the results of another run ({what} differs); name another folder, or empty this one"
                    ),
                    format!("{folder} 中有另一次运行的结果（{what} 不同）；请另指文件夹，或清空此文件夹"),
                )
            }
            Self::Damaged { path, reason } => {
                let path = path.display();
                Message::new(
                    format!("{path} is damaged: {reason}; delete it, and its unit is determined again"),
                    format!("{path} 已损坏：{reason}；请删除，其单元将重新认定"),
                )
            }
            Self::Busy(folder) => {
                let folder = folder.display();
                Message::new(
                    format!("another run is writing into {folder}; wait for its end, or name another folder"),
                    format!("另一次运行正在写入 {folder}；请等其结束，或另指文件夹"),
                )
            }
            Self::NoSuchName(name) => Message::new(
                format!(
                    "no rule defines a value `{name}` for these applicants, and facts are in the population already; `meed show PACKAGE` lists names"
                ),
                format!(
                    "没有规则为这类申请人定义名为 `{name}` 的值（信息项已在群体数据中）；用 `meed show 规则包` 查看名称"
                ),
            ),
        }
    }

    pub(crate) fn file(path: &Path) -> impl Fn(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |error| Self::File {
            path: path.clone(),
            error,
        }
    }
}

/// Runs a Program over a population. Says how far it is after each piece; ends early, with what is complete kept, once `stop` is set.
///
/// # Errors
/// A file cannot be read or written, the folder holds another run or one is writing into it, or the run is strict and a row is wrong.
pub fn run(
    program: &Program,
    options: &Options,
    stop: &AtomicBool,
    mut progress: impl FnMut(Progress),
) -> Result<Report, RunError> {
    let reading = read::Options {
        applicant: options.applicant.clone(),
        ignored: options.ignored.clone(),
        batch_rows: options.step_rows(),
        value_rows: options.step_rows().saturating_mul(options.steps_at_once()),
        on: Some(program.date),
        strict: options.strict,
        ..read::Options::default()
    };
    let population = Population::open(&program.schema, &options.facts, reading)?;
    let plan = Plan::new(program, population.entity());
    let contest = Contest::new(program, population.entity());
    let names = nodes(program, &plan, &options.names)?;
    let _lock = Lock::take(&options.out)?;
    let mut job = Job {
        program,
        population: &population,
        plan: &plan,
        names: &names,
        contest: &contest,
        options,
        digits: manifest::agree(program, &population, options)?,
    };
    loop {
        match determine(&job, stop, &mut progress) {
            // An amount does not fit. All parts of a table have the same columns, so all units are determined again.
            Err(RunError::Tables(TablesError::TooLong)) if job.digits == Digits::Short => {
                unit::forget(&options.out)?;
                job.digits = manifest::lengthen(&options.out)?;
            }
            report => return report,
        }
    }
}

/// Determines what is not there, and then decides what is decided among all applicants.
fn determine(job: &Job<'_>, stop: &AtomicBool, progress: &mut impl FnMut(Progress)) -> Result<Report, RunError> {
    let options = job.options;
    let mut kept = unit::kept(&options.out)?;
    if options.strict {
        // They are determined again, and the first wrong row ends the run.
        kept.retain(|_, totals| totals.is_clean());
    }
    let mut report = Report {
        complete: false,
        totals: Totals::default(),
        kept: 0,
        round: RoundTotals::default(),
        synthetic: job.population.synthetic().is_some(),
    };
    for summary in kept.values() {
        report.totals.add(summary);
    }
    report.kept = report.totals.rows;
    let all = job.population.survey()?.rows;
    let mut rows = report.kept;
    let complete = feed::units(job, &kept, stop, |done| {
        rows = rows.saturating_add(done);
        progress(Progress { rows, of: all });
    })?;
    for (number, summary) in unit::finished(&options.out)? {
        if !kept.contains_key(&number) {
            report.totals.add(&summary);
        }
    }
    report.complete = complete && !stop.load(Ordering::Relaxed);
    if report.complete {
        report.round = second::pass(job)?;
        manifest::write_totals(job.program, &report.totals, &report.round, (job.population, options))?;
    }
    Ok(report)
}

/// A named value: its name and node.
struct Name {
    name: String,
    node: NodeId,
}

fn nodes(program: &Program, plan: &Plan<'_>, names: &[String]) -> Result<Vec<Name>, RunError> {
    let find = |wanted: &String| {
        let own = program.values.iter().filter(|(_, entity, _)| *entity == plan.entity);
        let value = own
            .clone()
            .find(|(name, ..)| program.names[*name].named.is_called(wanted));
        let title = || {
            let title = program.titles.iter().find(|rules| {
                let title = &program.schema.titles[rules.title];
                title.entity == plan.entity && title.named.is_called(wanted)
            });
            title.and_then(|rules| rules.meets)
        };
        let node = value.map(|(_, _, node)| *node).or_else(title);
        node.map(|node| Name {
            name: wanted.clone(),
            node,
        })
    };
    let found = names
        .iter()
        .map(|wanted| find(wanted).ok_or_else(|| RunError::NoSuchName(wanted.clone())));
    found.collect()
}
