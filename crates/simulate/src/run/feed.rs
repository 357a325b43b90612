//! Pieces to units: one thread fetches, some determine, one writes in the order of the population.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use meed_tables::read::Piece;

use super::unit::{Done, Job, Unit};
use super::{RunError, Totals};

/// A piece or what it came to.
struct Numbered<T> {
    /// Which of those that are determined.
    turn: u64,
    unit: u32,
    what: Result<T, RunError>,
}

/// Determines all units that are not there. Whether it came to the end of the population.
pub(super) fn units(
    job: &Job<'_>,
    kept: &BTreeMap<u32, Totals>,
    stop: &AtomicBool,
    mut done: impl FnMut(u64),
) -> Result<bool, RunError> {
    let threads = job.options.threads.max(1);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        // What waits takes memory: a piece for each thread is enough for none to wait, and some more of what is written in its turn.
        let (to_work, work) = sync_channel::<Numbered<Piece>>(threads);
        let (to_write, results) = sync_channel::<Numbered<Done>>(threads.saturating_mul(2));
        let ended = || stop.load(Ordering::Relaxed) || over.load(Ordering::Relaxed);
        scope.spawn(move || fetch(job, kept, &to_work, &ended));
        let work = std::sync::Arc::new(Mutex::new(work));
        for _ in 0..threads {
            let (work, to_write) = (std::sync::Arc::clone(&work), to_write.clone());
            scope.spawn(move || determine(job, &work, &to_write));
        }
        drop(to_write);
        let result = write(job, &results, &mut done, stop);
        over.store(true, Ordering::Relaxed);
        // Whoever still waits to hand something over finds nobody there and ends.
        drop(results);
        result
    })
}

impl Job<'_> {
    /// The unit of a piece that begins with this step of the population.
    fn unit_of(&self, step: u64) -> u32 {
        let unit = step.checked_div(whole(self.options.unit_steps())).unwrap_or(0);
        u32::try_from(unit.saturating_add(1)).unwrap_or(u32::MAX)
    }

    /// How many rows of a piece that begins with this step are in its unit.
    fn rows_left(&self, step: u64) -> usize {
        let steps = whole(self.options.unit_steps());
        let left = steps.saturating_sub(step.checked_rem(steps).unwrap_or(0));
        usize::try_from(left)
            .unwrap_or(usize::MAX)
            .saturating_mul(self.options.step_rows())
    }

    /// The steps of so many rows that follow one another.
    fn steps(&self, rows: u64) -> u64 {
        rows.div_ceil(whole(self.options.step_rows()))
    }
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Hands pieces over, and knows where in the population they begin.
struct Feeder<'f> {
    job: &'f Job<'f>,
    kept: &'f BTreeMap<u32, Totals>,
    to_work: &'f SyncSender<Numbered<Piece>>,
    step: u64,
    turn: u64,
}

impl Feeder<'_> {
    /// Whether somebody is left to take it.
    fn send(&mut self, what: Result<Piece, RunError>) -> bool {
        let (turn, unit) = (self.turn, self.job.unit_of(self.step));
        self.turn = turn.saturating_add(1);
        self.to_work.send(Numbered { turn, unit, what }).is_ok()
    }

    /// The same with a piece, unit by unit, without those that are there.
    fn feed(&mut self, piece: Piece) -> bool {
        let mut rest = Some(piece);
        while let Some(piece) = rest.take() {
            let (first, after) = piece.split(self.job.rows_left(self.step));
            rest = after;
            let steps = self.job.steps(whole(first.rows())).max(1);
            let is_kept = self.kept.contains_key(&self.job.unit_of(self.step));
            if !is_kept && !self.send(Ok(first)) {
                return false;
            }
            self.step = self.step.saturating_add(steps);
        }
        true
    }

    /// Passes over a part whose rows are all in units that are there: it need not be opened.
    fn pass_over(&mut self, rows: Option<u64>) -> bool {
        let Some(after) = rows.map(|rows| self.step.saturating_add(self.job.steps(rows))) else {
            return false;
        };
        let (first, last) = (self.job.unit_of(self.step), after.saturating_sub(1).max(self.step));
        let all = (first..=self.job.unit_of(last)).all(|unit| self.kept.contains_key(&unit));
        if all {
            self.step = after;
        }
        all
    }
}

/// Fetches the pieces of units that are not there.
fn fetch(job: &Job<'_>, kept: &BTreeMap<u32, Totals>, to_work: &SyncSender<Numbered<Piece>>, ended: &dyn Fn() -> bool) {
    let mut feeder = Feeder {
        job,
        kept,
        to_work,
        step: 0,
        turn: 0,
    };
    for part in job.population.parts() {
        if feeder.pass_over(part.rows()) {
            continue;
        }
        let pieces = match job.population.pieces(part) {
            Ok(pieces) => pieces,
            Err(error) => {
                feeder.send(Err(error.into()));
                return;
            }
        };
        for piece in pieces {
            if ended() {
                return;
            }
            let go_on = match piece {
                Ok(piece) => feeder.feed(piece),
                Err(error) => {
                    feeder.send(Err(error.into()));
                    return;
                }
            };
            if !go_on {
                return;
            }
        }
    }
}

fn determine(job: &Job<'_>, work: &Mutex<Receiver<Numbered<Piece>>>, to_write: &SyncSender<Numbered<Done>>) {
    loop {
        let next = match work.lock() {
            Ok(work) => work.recv(),
            Err(_) => return,
        };
        let Ok(Numbered { turn, unit, what }) = next else {
            return;
        };
        let what = what.and_then(|piece| job.determine(piece));
        if to_write.send(Numbered { turn, unit, what }).is_err() {
            return;
        }
    }
}

/// Writes what pieces came to in their order. Whether none is missing.
fn write(
    job: &Job<'_>,
    results: &Receiver<Numbered<Done>>,
    done: &mut impl FnMut(u64),
    stop: &AtomicBool,
) -> Result<bool, RunError> {
    let mut waiting: BTreeMap<u64, Numbered<Done>> = BTreeMap::new();
    let mut unit: Option<(u32, Unit<'_>)> = None;
    let mut next = 0_u64;
    while let Ok(result) = results.recv() {
        waiting.insert(result.turn, result);
        while let Some(ready) = waiting.remove(&next) {
            let number = ready.unit;
            if let Some((_, finished)) = unit.take_if(|(open, _)| *open != number) {
                finished.finish()?;
            }
            let (_, open) = match &mut unit {
                Some(open) => open,
                None => unit.insert((number, Unit::begin(job, number)?)),
            };
            done(open.add(ready.what?)?);
            next = next.saturating_add(1);
        }
    }
    if stop.load(Ordering::Relaxed) {
        return Ok(false);
    }
    if let Some((_, last)) = unit {
        last.finish()?;
    }
    Ok(waiting.is_empty())
}
