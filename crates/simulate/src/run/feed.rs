//! Pieces to units: one thread fetches, some determine, one writes in the order of the population.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use meed_tables::read::Piece;

use super::unit::{Done, Job, Unit};
use super::{RunError, Totals};

/// A piece or what it came to, with its number in the population.
type Numbered<T> = (u64, Result<T, RunError>);

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
        let (to_work, work) = sync_channel::<Numbered<Piece>>(threads.saturating_mul(2));
        let (to_write, results) = sync_channel::<Numbered<Done>>(threads.saturating_mul(2));
        let ended = || stop.load(Ordering::Relaxed) || over.load(Ordering::Relaxed);
        scope.spawn(move || fetch(job, kept, &to_work, &ended));
        let work = std::sync::Arc::new(Mutex::new(work));
        for _ in 0..threads {
            let (work, to_write) = (std::sync::Arc::clone(&work), to_write.clone());
            scope.spawn(move || determine(job, &work, &to_write));
        }
        drop(to_write);
        let result = write(job, kept, &results, &mut done, stop);
        over.store(true, Ordering::Relaxed);
        // Whoever still waits to hand something over finds nobody there and ends.
        drop(results);
        result
    })
}

impl Job<'_> {
    /// The unit of a piece.
    fn unit_of(&self, piece: u64) -> u32 {
        let unit = piece.checked_div(self.options.unit_pieces()).unwrap_or(0);
        u32::try_from(unit.saturating_add(1)).unwrap_or(u32::MAX)
    }

    /// The next piece from this one on whose unit is not there.
    fn skip(&self, mut piece: u64, kept: &BTreeMap<u32, Totals>) -> u64 {
        let pieces = self.options.unit_pieces();
        while kept.contains_key(&self.unit_of(piece)) {
            let unit = piece.checked_div(pieces).unwrap_or(0);
            piece = unit.saturating_add(1).saturating_mul(pieces);
        }
        piece
    }
}

/// Fetches the pieces of units that are not there.
fn fetch(job: &Job<'_>, kept: &BTreeMap<u32, Totals>, to_work: &SyncSender<Numbered<Piece>>, ended: &dyn Fn() -> bool) {
    let mut number = 0_u64;
    for part in job.population.parts() {
        let rows = u64::try_from(job.options.piece_rows()).unwrap_or(u64::MAX);
        // A part whose pieces are all in units that are there need not be opened.
        let after = part.rows().map(|count| number.saturating_add(count.div_ceil(rows)));
        let is_kept = |after: u64| {
            (job.unit_of(number)..=job.unit_of(after.saturating_sub(1).max(number)))
                .all(|unit| kept.contains_key(&unit))
        };
        if let Some(after) = after.filter(|after| is_kept(*after)) {
            number = after;
            continue;
        }
        let pieces = match job.population.pieces(part) {
            Ok(pieces) => pieces,
            Err(error) => {
                to_work.send((number, Err(error.into()))).ok();
                return;
            }
        };
        for piece in pieces {
            if ended() {
                return;
            }
            let failed = piece.is_err();
            let wanted = failed || !kept.contains_key(&job.unit_of(number));
            if wanted && to_work.send((number, piece.map_err(RunError::from))).is_err() || failed {
                return;
            }
            number = number.saturating_add(1);
        }
    }
}

fn determine(job: &Job<'_>, work: &Mutex<Receiver<Numbered<Piece>>>, to_write: &SyncSender<Numbered<Done>>) {
    loop {
        let next = match work.lock() {
            Ok(work) => work.recv(),
            Err(_) => return,
        };
        let Ok((number, piece)) = next else { return };
        let done = piece.and_then(|piece| job.determine(&piece));
        if to_write.send((number, done)).is_err() {
            return;
        }
    }
}

/// Writes what pieces came to in their order. Whether none is missing.
fn write(
    job: &Job<'_>,
    kept: &BTreeMap<u32, Totals>,
    results: &Receiver<Numbered<Done>>,
    done: &mut impl FnMut(u64),
    stop: &AtomicBool,
) -> Result<bool, RunError> {
    let mut waiting: BTreeMap<u64, Result<Done, RunError>> = BTreeMap::new();
    let mut unit: Option<(u32, Unit<'_>)> = None;
    let mut next = job.skip(0, kept);
    while let Ok((number, result)) = results.recv() {
        waiting.insert(number, result);
        while let Some(ready) = waiting.remove(&next) {
            let number = job.unit_of(next);
            if let Some((_, finished)) = unit.take_if(|(open, _)| *open != number) {
                finished.finish()?;
            }
            let (_, open) = match &mut unit {
                Some(open) => open,
                None => unit.insert((number, Unit::begin(job, number)?)),
            };
            done(open.add(&ready?)?);
            next = job.skip(next.saturating_add(1), kept);
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
