//! Reforms: the rules as they are and as they might be, over one population in one pass.
//!
//! | module | idea |
//! |---|---|
//! | [`scenario`] | rules on a date, a reform of them, a parameter moved |
//! | [`groups`] | by what money is told apart |
//! | [`tally`], [`changes`], [`take_up`] | what is added up: money, who gains and loses, who is assumed to apply |
//! | [`difference`] | by how much something changes, as far as that is known |
//! | `months` | in which month money is paid |
//! | `pass` | each batch read once, determined under every scenario |
//! | `tables`, `manifest` | the folder of results |
//! | [`report`] | the report that people read |

pub mod changes;
pub mod difference;
pub mod groups;
mod manifest;
mod months;
mod pass;
pub mod report;
pub mod scenario;
mod tables;
pub mod take_up;
pub mod tally;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use meed_engine::awards::amount::Amount;
use meed_engine::columns::Plan;
use meed_facts::message::Message;
use meed_facts::ratio::Ratio;
use meed_rules::changed::Changed;
use meed_rules::program::Program;
use meed_tables::TablesError;
use meed_tables::read::{self, Population};
use meed_tables::results::Format;

use self::changes::{Change, Turns};
use self::groups::Grouping;
use self::pass::{Job, entries_path, pass};
use self::scenario::{Compiled, Scenario, Variant};
use self::take_up::TakeUp;
use self::tally::{Both, Tally};
use crate::round::{Entry, FundTotals, Sums, decide, read as read_lines};
use crate::run::RunError;

/// How many of those who gain and lose most a report names.
const NAMED: usize = 20;

/// The most rows of a batch.
const BATCH_ROWS: usize = 4096;

/// How to simulate.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder for the results; it must be empty or not there.
    pub out: PathBuf,
    /// The format of the tables.
    pub format: Format,
    /// How many threads determine.
    pub threads: usize,
    /// The path of the population.
    pub facts: PathBuf,
    /// What the rows are records of, where the files do not say it.
    pub applicant: Option<String>,
    /// Columns and sheets that are no facts and are passed over.
    pub ignored: BTreeSet<String>,
    /// Groupings that are asked for.
    pub by: Vec<String>,
    /// Assumptions of take-up.
    pub take_up: Vec<TakeUp>,
    /// The share by which each parameter is moved.
    pub step: Option<Ratio>,
    /// Whether money is told by the month in which it is paid, too. Who is paid over time is then determined twice.
    pub months: bool,
}

/// Why a simulation cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum SimulateError {
    /// A file.
    Run(#[from] RunError),
    /// The population or a table.
    Tables(#[from] TablesError),
    /// The folder is not empty.
    NotEmpty(PathBuf),
    /// A reform changes what facts there are.
    OtherFacts(String),
    /// A grouping that the package has no name for.
    NoSuchGroup(String),
    /// Two scenarios have one name, by which tables and files tell them apart.
    SameName(String),
}

impl SimulateError {
    /// Place, what is wrong and the likely fix, in both languages.
    pub fn words(&self) -> Message {
        match self {
            Self::Run(error) => error.words(),
            Self::Tables(error) => error.words(),
            Self::NotEmpty(folder) => {
                let folder = folder.display();
                Message::new(
                    format!("{folder} is not empty; name another folder"),
                    format!("{folder} 不是空文件夹；请另指文件夹"),
                )
            }
            Self::OtherFacts(reform) => Message::new(
                format!(
                    "the reform {reform} changes the vocabulary; one population can only be determined under both if its facts mean the same: add the facts to the package first"
                ),
                format!(
                    "改革方案 {reform} 改变了词汇表；信息项含义相同，同一群体才能按两者认定：请先把信息项加入规则包"
                ),
            ),
            Self::SameName(name) => Message::new(
                format!(
                    "two of the rules that are compared are called `{name}`, and every table would take them for one: give the reform's file another name (`baseline` is what the rules as they are are called)"
                ),
                format!(
                    "相比较的规则中有两个都叫 `{name}`，各表无法区分：请给改革方案的文件另取一个名字（`baseline` 指现行规则）"
                ),
            ),
            Self::NoSuchGroup(name) => Message::new(
                format!(
                    "`{name}` is no fact of these applicants without periods, and no named value; `meed schema` and `meed show` list both"
                ),
                format!(
                    "`{name}` 既不是这类申请人不分期的信息项，也不是有名称的值；用 `meed schema` 和 `meed show` 查看"
                ),
            ),
        }
    }
}

/// What a scenario comes to, funds included.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Sums before the round.
    pub tally: Tally,
    /// What becomes of the funds.
    pub funds: Vec<FundTotals>,
    /// What the round changes in what eligible lines come to.
    pub round: Sums,
    /// What it changes in what all lines may come to.
    pub round_all: Sums,
    /// What it changes, by measure, for eligible lines.
    pub by_measure: BTreeMap<String, Sums>,
}

impl Outcome {
    /// What eligible lines are due after funds.
    pub fn cost(&self) -> Amount {
        self.round.after(self.tally.total.due)
    }

    /// What all lines may be due after funds, those that are undetermined included.
    pub fn possible(&self) -> Amount {
        self.round_all.after(self.tally.possible.due)
    }

    /// What a measure's eligible lines are due after funds.
    pub fn cost_of(&self, measure: &str) -> Amount {
        let lines = self.tally.measures.get(measure).copied().unwrap_or_default();
        self.by_measure
            .get(measure)
            .map_or(lines.due, |round| round.after(lines.due))
    }
}

/// What a simulation found.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// The scenarios: the rules as they are, then each reform.
    pub scenarios: Vec<Scenario>,
    /// What each comes to.
    pub outcomes: Vec<Outcome>,
    /// By reform: the measures and funds that it does not certainly leave as they are.
    pub changed: Vec<Changed>,
    /// By reform: how many gain and lose.
    pub turns: Vec<Turns>,
    /// By reform: those who gain and lose most.
    pub most: Vec<Vec<Change>>,
    /// By what money is told apart.
    pub groupings: Vec<Grouping>,
    /// Parameters moved, and what eligible lines come to then, before funds.
    pub variants: Vec<(Variant, Both)>,
    /// Assumptions of take-up.
    pub take_up: Vec<TakeUp>,
    /// The share by which parameters were moved.
    pub step: Option<Ratio>,
    /// Rows, and how many of them were wrong.
    pub rows: (u64, u64),
    /// Rows of lists that name no applicant.
    pub unowned: u64,
    /// What is wrong with the first wrong row: file, line, reason.
    pub wrong: Option<(String, u64, Message)>,
    /// A digest of all records that no order changes.
    pub digest: String,
    /// Whether the population is invented, and how, as the file beside it tells.
    pub synthetic: Option<serde_json::Value>,
}

/// Runs the scenarios, the first of which is the rules as they are, over a population, and writes the folder.
///
/// # Errors
/// A file cannot be read or written, two scenarios have one name, or a reform changes the vocabulary.
pub fn simulate(
    scenarios: Vec<Scenario>,
    options: &Options,
    progress: impl FnMut(u64, u64),
) -> Result<Simulation, SimulateError> {
    let mut progress = progress;
    if let Some(name) = scenario::same_name(&scenarios) {
        return Err(SimulateError::SameName(name.to_owned()));
    }
    if fs::read_dir(&options.out).is_ok_and(|mut inside| inside.next().is_some()) {
        return Err(SimulateError::NotEmpty(options.out.clone()));
    }
    let scratch = options.out.join(".scratch");
    fs::create_dir_all(&scratch).map_err(RunError::file(&scratch))?;
    let simulation = found(scenarios, options, &scratch, &mut progress)?;
    fs::remove_dir_all(&scratch).map_err(RunError::file(&scratch))?;
    tables::write(&simulation, options)?;
    report::write(&simulation, &options.out)?;
    // Last, so that a folder with a manifest is whole.
    manifest::write(&simulation, options)?;
    Ok(simulation)
}

fn found(
    scenarios: Vec<Scenario>,
    options: &Options,
    scratch: &std::path::Path,
    progress: &mut impl FnMut(u64, u64),
) -> Result<Simulation, SimulateError> {
    let Some(baseline) = scenarios.first() else {
        return Err(SimulateError::NoSuchGroup("baseline".to_owned()));
    };
    let program = &baseline.program;
    for reform in scenarios.iter().skip(1) {
        scenario::same_vocabulary(&program.schema, &reform.program.schema, &reform.name)?;
    }
    let reading = read::Options {
        applicant: options.applicant.clone(),
        ignored: options.ignored.clone(),
        batch_rows: BATCH_ROWS,
        value_rows: BATCH_ROWS,
        on: Some(program.date),
        ..read::Options::default()
    };
    let population = Population::open(&program.schema, &options.facts, reading)?;
    let entity = population.entity();
    let groupings = Grouping::all(program, entity, &options.by)?;
    let step = options.step.as_ref();
    let variants = step.map_or_else(Vec::new, |step| scenario::variants(program, entity, step));
    let compiled: Vec<Compiled<'_>> = scenarios
        .iter()
        .map(|one| Compiled::new(&one.program, entity))
        .collect();
    let plans: Vec<Plan<'_>> = variants.iter().map(|one| Plan::new(&one.program, entity)).collect();
    let reforms = scenarios.iter().skip(1);
    let changed: Vec<Changed> = reforms
        .map(|reform| Changed::between(program, &reform.program))
        .collect();
    let job = Job {
        population: &population,
        scenarios: &compiled,
        changed: &changed,
        variants: &plans,
        groupings: &groupings,
        take_up: &options.take_up,
        months: options.months,
        threads: options.threads,
        scratch,
    };
    let all = population.survey()?.rows;
    let found = pass(&job, |rows| progress(rows, all))?;
    let mut outcomes = Vec::new();
    for (position, (compiled, tally)) in compiled.iter().zip(found.tallies).enumerate() {
        outcomes.push(round(compiled, tally, scratch, position)?);
    }
    let mut most = Vec::new();
    let tables = tables::Tables::of(options, population.synthetic());
    for (reform, changes) in scenarios.iter().skip(1).zip(found.changes) {
        let changes = changes.sorted();
        most.push(tables::changes(program, &reform.name, &changes, tables)?);
        changes.remove()?;
    }
    drop(plans);
    drop(compiled);
    Ok(Simulation {
        outcomes,
        changed,
        turns: found.turns,
        most,
        groupings,
        variants: variants.into_iter().zip(found.variants).collect(),
        take_up: options.take_up.clone(),
        step: options.step.clone(),
        rows: (found.rows, found.rejected),
        unowned: found.unowned,
        wrong: found.wrong,
        digest: found.digest.to_string(),
        synthetic: population
            .synthetic()
            .and_then(|about| serde_json::from_str(about).ok()),
        scenarios,
    })
}

/// What a scenario comes to when funds are shared out.
fn round(
    compiled: &Compiled<'_>,
    tally: Tally,
    scratch: &std::path::Path,
    position: usize,
) -> Result<Outcome, SimulateError> {
    let mut outcome = Outcome {
        tally,
        funds: Vec::new(),
        round: Sums::default(),
        round_all: Sums::default(),
        by_measure: BTreeMap::new(),
    };
    let entries = read_lines::<Entry>(&entries_path(scratch, position))?;
    outcome.funds = decide(&compiled.contest, scratch, entries, |decided| {
        outcome.round_all.add(decided);
        if decided.entry.eligible {
            outcome.round.add(decided);
            let measure = decided.entry.id.measure.clone();
            outcome.by_measure.entry(measure).or_default().add(decided);
        }
        Ok(())
    })?;
    Ok(outcome)
}

impl Simulation {
    /// All measures that any scenario pays, by name, with the label of the first that has them.
    pub fn measures(&self) -> BTreeMap<Arc<str>, meed_facts::label::Label> {
        let mut all = BTreeMap::new();
        for (scenario, outcome) in self.scenarios.iter().zip(&self.outcomes) {
            let program: &Program = &scenario.program;
            for measure in program.measures.iter().map(|(_, measure)| &measure.named) {
                if outcome.tally.measures.contains_key(&measure.name) {
                    all.entry(measure.name.clone()).or_insert_with(|| measure.label.clone());
                }
            }
        }
        all
    }
}
