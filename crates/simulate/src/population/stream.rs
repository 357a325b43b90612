//! A whole population in batches, drawn on several threads, taken in order.

use std::sync::mpsc::{Receiver, sync_channel};

use meed_facts::batch::Batch;

use super::Population;

/// Rows of a batch: enough that columns pay, few enough that some batches a thread are no memory to speak of.
const ROWS: usize = 4096;

impl Population<'_> {
    /// Gives the first `size` rows to `take`, in order and in batches. Two batches a thread are in memory at most, whatever the size, and what is
    /// given does not depend on the number of threads.
    ///
    /// # Errors
    /// The first of `take`, which ends it.
    pub fn each_batch<E>(
        &self,
        size: u64,
        threads: usize,
        mut take: impl FnMut(Batch) -> Result<(), E>,
    ) -> Result<(), E> {
        let threads = threads.max(1);
        std::thread::scope(|scope| {
            let turns: Vec<Receiver<Batch>> = (0..threads)
                .map(|thread| {
                    let (give, turn) = sync_channel(1);
                    scope.spawn(move || {
                        let starts = (0..size).step_by(ROWS).skip(thread).step_by(threads);
                        let rows = u64::try_from(ROWS).unwrap_or(u64::MAX);
                        let mut batches = starts.map(|start| self.batch(start..start.saturating_add(rows).min(size)));
                        // Nobody takes any more once taking has failed.
                        batches.all(|batch| give.send(batch).is_ok());
                    });
                    turn
                })
                .collect();
            // Threads take turns, so the first whose batches are at an end is the last of all.
            turns
                .iter()
                .cycle()
                .map_while(|turn| turn.recv().ok())
                .try_for_each(&mut take)
        })
    }
}
