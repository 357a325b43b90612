//! The second pass: what is decided among all applicants, once all are determined.

use std::fs;

use super::unit::{Job, entries_path};
use super::{RunError, unit};
use crate::round::{Entry, FundTotals, RoundTable, Sums, decide, read, write_funds};

/// What the round comes to.
#[derive(Clone, Debug, Default)]
pub struct RoundTotals {
    /// Whether there was anything to decide among all applicants.
    pub held: bool,
    /// What became of the funds.
    pub funds: Vec<FundTotals>,
    /// What it changes in what eligible lines come to.
    pub eligible: Sums,
    /// What it changes in what all lines may come to.
    pub all: Sums,
}

/// Goes through what the units leave to the round, and writes its tables.
pub(super) fn pass(job: &Job<'_>) -> Result<RoundTotals, RunError> {
    let contest = job.contest;
    let mut totals = RoundTotals {
        held: contest.is_any(),
        ..RoundTotals::default()
    };
    if !totals.held {
        return Ok(totals);
    }
    let (options, synthetic) = (job.options, job.population.synthetic());
    // What an earlier run that was killed left there is of no use.
    let scratch = options.out.join(".round");
    if scratch.exists() {
        fs::remove_dir_all(&scratch).map_err(RunError::file(&scratch))?;
    }
    fs::create_dir_all(&scratch).map_err(RunError::file(&scratch))?;
    let units = unit::finished(&options.out)?;
    let files = units
        .keys()
        .map(|number| read::<Entry>(&entries_path(&options.out, *number)));
    let entries = files.flat_map(|file| -> Box<dyn Iterator<Item = Result<Entry, RunError>>> {
        match file {
            Ok(entries) => Box::new(entries),
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    });
    let mut table = RoundTable::create(job.program, (&options.out, options.format), synthetic)?;
    totals.funds = decide(contest, &scratch, entries, |decided| {
        totals.all.add(decided);
        if decided.entry.eligible {
            totals.eligible.add(decided);
        }
        table.push(decided)
    })?;
    table.finish()?;
    write_funds(job.program, &totals.funds, (&options.out, options.format), synthetic)?;
    fs::remove_dir_all(&scratch).map_err(RunError::file(&scratch))?;
    Ok(totals)
}
