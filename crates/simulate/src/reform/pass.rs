//! One pass over the population: each batch is read once and determined under every scenario.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use meed_engine::columns::{NodeValues, Outcome, Plan};
use meed_facts::batch::Batch;
use meed_facts::json::digest_of;
use meed_facts::message::Message;
use meed_rules::changed::Changed;
use meed_rules::program::NodeId;
use meed_tables::Reject;
use meed_tables::read::{Piece, Population};

use super::changes::{Change, Turns};
use super::groups::Grouping;
use super::months;
use super::scenario::Compiled;
use super::take_up::TakeUp;
use super::tally::{self, Both, Row, Tally};
use crate::round::{Entry, Line, Sorter};
use crate::run::{RunError, row_key};

/// What is run over what.
pub(super) struct Job<'j> {
    pub population: &'j Population<'j>,
    /// The rules as they are, then each reform.
    pub scenarios: &'j [Compiled<'j>],
    /// By reform: what it touches.
    pub changed: &'j [Changed],
    /// The rules with one parameter moved.
    pub variants: &'j [Plan<'j>],
    pub groupings: &'j [Grouping],
    pub take_up: &'j [TakeUp],
    /// Whether payments are told by month.
    pub months: bool,
    pub threads: usize,
    pub scratch: &'j Path,
}

/// What the pass found.
pub(super) struct Found<'k> {
    pub rows: u64,
    pub rejected: u64,
    /// Rows of lists that name no applicant.
    pub unowned: u64,
    /// What is wrong with the first wrong row, by file and line.
    pub wrong: Option<(String, u64, Message)>,
    pub digest: Digest,
    /// By scenario.
    pub tallies: Vec<Tally>,
    /// By variant: what eligible lines come to.
    pub variants: Vec<Both>,
    /// By reform.
    pub turns: Vec<Turns>,
    /// By reform: who is concerned.
    pub changes: Vec<Sorter<'k, Change, (String, String)>>,
}

/// A digest of rows that is the same in every order and for every way in which they are spread over files: the sum of the digests of all records, modulo 2^256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digest([u64; 4]);

impl Digest {
    fn add(&mut self, other: [u64; 4]) {
        let mut carry = false;
        for (own, other) in self.0.iter_mut().zip(other).rev() {
            let (sum, over) = own.overflowing_add(other);
            let (sum, more) = sum.overflowing_add(u64::from(carry));
            (*own, carry) = (sum, over || more);
        }
    }

    fn record(&mut self, digest: &str) {
        let hex = digest.strip_prefix("sha256:").unwrap_or(digest);
        let part = |at: usize| {
            let end = at.saturating_add(16);
            hex.get(at..end)
                .and_then(|part| u64::from_str_radix(part, 16).ok())
                .unwrap_or(0)
        };
        self.add([part(0), part(16), part(32), part(48)]);
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("sum-of-sha256:")?;
        self.0.iter().try_for_each(|part| write!(f, "{part:016x}"))
    }
}

/// A batch with what is the same for its rows under every scenario.
struct Rows<'r> {
    batch: &'r Batch,
    keys: &'r [String],
    groups: &'r [Vec<String>],
}

/// What one piece came to.
struct Piecewise {
    rows: u64,
    rejected: u64,
    unowned: u64,
    wrong: Option<(String, u64, Message)>,
    digest: Digest,
    tallies: Vec<Tally>,
    variants: Vec<Both>,
    turns: Vec<Turns>,
    changes: Vec<Vec<Change>>,
    entries: Vec<Vec<Entry>>,
}

/// Goes over the population once. `progress` is told of rows.
pub(super) fn pass<'k>(job: &Job<'_>, mut progress: impl FnMut(u64)) -> Result<Found<'k>, RunError> {
    let reforms = job.scenarios.len().saturating_sub(1);
    let sorter = |reform: usize| Sorter::new(job.scratch, &format!("changes-{reform}"), Change::order);
    let mut found = Found {
        rows: 0,
        rejected: 0,
        unowned: 0,
        wrong: None,
        digest: Digest::default(),
        tallies: vec![Tally::default(); job.scenarios.len()],
        variants: vec![Both::default(); job.variants.len()],
        turns: vec![Turns::default(); reforms],
        changes: (0..reforms).map(sorter).collect(),
    };
    let file = |scenario: usize| {
        let path = entries_path(job.scratch, scenario);
        File::create(&path).map(BufWriter::new).map_err(RunError::file(&path))
    };
    let mut files: Vec<BufWriter<File>> = (0..job.scenarios.len()).map(file).collect::<Result<_, _>>()?;
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let queue = job.threads.saturating_mul(2).max(2);
        let (to_work, work) = sync_channel(queue);
        let (to_add, results) = sync_channel(queue);
        let over = &over;
        scope.spawn(move || fetch(job, &to_work, over));
        let work = std::sync::Arc::new(Mutex::new(work));
        for _ in 0..job.threads.max(1) {
            let (work, to_add) = (std::sync::Arc::clone(&work), to_add.clone());
            scope.spawn(move || determine(job, &work, &to_add));
        }
        drop((to_add, work));
        let mut add = || -> Result<(), RunError> {
            for piece in &results {
                found.add(piece?, &mut files, job.scratch)?;
                progress(found.rows);
            }
            Ok(())
        };
        let ended = add();
        over.store(true, Ordering::Relaxed);
        // Whoever still waits to hand something over finds nobody there and ends.
        drop(results);
        ended
    })?;
    for (scenario, mut file) in files.into_iter().enumerate() {
        file.flush()
            .map_err(RunError::file(&entries_path(job.scratch, scenario)))?;
    }
    Ok(found)
}

/// The file of what a scenario leaves to be decided among all applicants.
pub(super) fn entries_path(scratch: &Path, scenario: usize) -> std::path::PathBuf {
    scratch.join(format!("entries-{scenario}.jsonl"))
}

impl Found<'_> {
    fn add(&mut self, piece: Piecewise, files: &mut [BufWriter<File>], scratch: &Path) -> Result<(), RunError> {
        self.rows = self.rows.saturating_add(piece.rows);
        self.rejected = self.rejected.saturating_add(piece.rejected);
        self.unowned = self.unowned.saturating_add(piece.unowned);
        self.wrong = [self.wrong.take(), piece.wrong].into_iter().flatten().min();
        self.digest.add(piece.digest.0);
        for (own, tally) in self.tallies.iter_mut().zip(piece.tallies) {
            own.add(tally);
        }
        for (own, both) in self.variants.iter_mut().zip(&piece.variants) {
            own.add(both);
        }
        for (own, turns) in self.turns.iter_mut().zip(piece.turns) {
            own.add(turns);
        }
        for (own, changes) in self.changes.iter_mut().zip(piece.changes) {
            changes.into_iter().try_for_each(|change| own.push(change))?;
        }
        for (scenario, (file, entries)) in files.iter_mut().zip(piece.entries).enumerate() {
            for entry in entries {
                writeln!(file, "{}", entry.line()).map_err(RunError::file(&entries_path(scratch, scenario)))?;
            }
        }
        Ok(())
    }
}

fn fetch(job: &Job<'_>, to_work: &SyncSender<Result<Piece, RunError>>, over: &AtomicBool) {
    for part in job.population.parts() {
        let pieces = match job.population.pieces(part) {
            Ok(pieces) => pieces,
            Err(error) => {
                to_work.send(Err(error.into())).ok();
                return;
            }
        };
        for piece in pieces {
            let failed = piece.is_err();
            if over.load(Ordering::Relaxed) || to_work.send(piece.map_err(RunError::from)).is_err() || failed {
                return;
            }
        }
    }
}

fn determine(
    job: &Job<'_>,
    work: &Mutex<Receiver<Result<Piece, RunError>>>,
    to_add: &SyncSender<Result<Piecewise, RunError>>,
) {
    loop {
        let next = match work.lock() {
            Ok(work) => work.recv(),
            Err(_) => return,
        };
        let Ok(piece) = next else { return };
        if to_add.send(piece.and_then(|piece| job.piece(&piece))).is_err() {
            return;
        }
    }
}

impl Job<'_> {
    fn piece(&self, piece: &Piece) -> Result<Piecewise, RunError> {
        let chunk = self.population.decode(piece)?;
        let batch = &chunk.batch;
        let mut found = Piecewise {
            rows: u64::try_from(batch.rows.saturating_add(chunk.rejected)).unwrap_or(u64::MAX),
            rejected: u64::try_from(chunk.rejected).unwrap_or(u64::MAX),
            unowned: u64::try_from(chunk.unowned).unwrap_or(u64::MAX),
            wrong: chunk.rejects.iter().map(wrong).min(),
            digest: Digest::default(),
            tallies: Vec::new(),
            variants: self.variants.iter().map(|plan| sum(plan, batch)).collect(),
            turns: Vec::new(),
            changes: Vec::new(),
            entries: Vec::new(),
        };
        let Some(baseline) = self.scenarios.first() else {
            return Ok(found);
        };
        let program = baseline.plan.program;
        let keys: Vec<String> = (0..batch.rows)
            .map(|row| row_key(program, batch, row).unwrap_or_default())
            .collect();
        for record in (0..batch.rows).filter_map(|row| batch.record(row)) {
            found.digest.record(&digest_of(&program.schema, &record));
        }
        let (outcome, values) = self.outcome(baseline, batch, true);
        let groups = self.groups(batch, values_of_groups(&values, baseline));
        let rows = Rows {
            batch,
            keys: &keys,
            groups: &groups,
        };
        let before: Vec<Row<'_>> = tally::rows(program, &outcome).collect();
        self.add(baseline, &rows, (&outcome, &values), &mut found);
        for (scenario, changed) in self.scenarios.iter().skip(1).zip(self.changed) {
            let (outcome, values) = self.outcome(scenario, batch, false);
            self.add(scenario, &rows, (&outcome, &values), &mut found);
            let (mut turns, mut changes) = (Turns::default(), Vec::new());
            let after = tally::rows(scenario.plan.program, &outcome);
            for ((before, after), (key, groups)) in before.iter().zip(after).zip(keys.iter().zip(&groups)) {
                if let Some(change) = Change::of(key, &changed.measures, [before, &after]) {
                    turns.count(change.turn, groups);
                    changes.push(change);
                }
            }
            found.turns.push(turns);
            found.changes.push(changes);
        }
        Ok(found)
    }

    /// Adds what a batch comes to under a scenario, with the values of groups (where they were wanted) and ranks.
    fn add(
        &self,
        scenario: &Compiled<'_>,
        rows: &Rows<'_>,
        (outcome, values): (&Outcome, &[NodeValues]),
        found: &mut Piecewise,
    ) {
        let program = scenario.plan.program;
        let ranks = values
            .split_at(values.len().saturating_sub(scenario.contest.nodes().len()))
            .1;
        let mut entries = Vec::new();
        let key = |row: usize| rows.keys.get(row).cloned();
        scenario
            .contest
            .entries((rows.batch, outcome), ranks, key, |entry| entries.push(entry));
        found.entries.push(entries);
        let mut tally = Tally::default();
        let about = rows.keys.iter().zip(rows.groups);
        for (at, (row, (key, groups))) in tally::rows(program, outcome).zip(about).enumerate() {
            tally.row(&row, key, groups, self.take_up);
            if self.months {
                tally.paid(months::of_row(program, row.lines, || rows.batch.record(at)));
            }
        }
        found.tallies.push(tally);
    }

    /// A batch under a scenario, with the values that groups (where they are wanted) and ranks need.
    fn outcome(&self, scenario: &Compiled<'_>, batch: &Batch, with_groups: bool) -> (Outcome, Vec<NodeValues>) {
        let groups = self.groupings.iter().flat_map(Grouping::nodes).filter(|_| with_groups);
        let nodes: Vec<NodeId> = groups.chain(scenario.contest.nodes()).collect();
        scenario.plan.determine_with(batch, &nodes)
    }

    /// The groups of each row.
    fn groups(&self, batch: &Batch, values: &[NodeValues]) -> Vec<Vec<String>> {
        let Some(baseline) = self.scenarios.first() else {
            return Vec::new();
        };
        let of_row = |row: usize| {
            let mut rest = values;
            let groups = self.groupings.iter().map(|grouping| {
                let (own, others) = rest.split_at(grouping.nodes().count().min(rest.len()));
                rest = others;
                grouping.of(baseline.plan.program, batch, row, own)
            });
            groups.collect()
        };
        (0..batch.rows).map(of_row).collect()
    }
}

/// The values of groups, which come before those of ranks.
fn values_of_groups<'v>(values: &'v [NodeValues], scenario: &Compiled<'_>) -> &'v [NodeValues] {
    values
        .split_at(values.len().saturating_sub(scenario.contest.nodes().len()))
        .0
}

fn wrong(reject: &Reject) -> (String, u64, Message) {
    let told = &reject.complaint.message;
    let reason = Message::new(
        format!("{}: {}", reject.column, told.en),
        format!("{}：{}", reject.column, told.zh),
    );
    (reject.file.display().to_string(), reject.line, reason)
}

fn sum(plan: &Plan<'_>, batch: &Batch) -> Both {
    let mut sum = Both::default();
    tally::rows(plan.program, &plan.determine(batch)).for_each(|row| sum.add(&row.total));
    sum
}
