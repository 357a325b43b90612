//! The columnar evaluator, a batch at a time.

use meed_bench_population::{Outcome, Population, Task};
use meed_engine::columns::Plan;
use meed_facts::batch::Batch;
use meed_rules::program::{NodeId, Program};
use rayon::prelude::*;

use crate::{batch, yuan};

/// Enterprises in a batch, as many as `meed run` takes at once.
const ROWS: usize = 4096;

/// Measures the first rows; making the batches is not timed.
pub fn measure(task: &Task, program: &Program, population: &Population, rows: usize) {
    let batches: Vec<Batch> = (0..rows.div_ceil(ROWS))
        .map(|number| {
            batch::of(
                &program.schema,
                population,
                number * ROWS..rows.min((number + 1) * ROWS),
            )
        })
        .collect();
    let plan = Plan::new(program, batches.first().expect("an enterprise").entity);
    task.on_threads(|| task.report("Meed, columns", |outcome| decide(&plan, &batches, rows, outcome)));
}

fn decide(plan: &Plan<'_>, batches: &[Batch], rows: usize, outcome: &mut Outcome) {
    outcome.resize(rows);
    let titles = [
        meets(plan.program, "specialised_new"),
        meets(plan.program, "little_giant"),
    ];
    let (talent, _) = (plan.program.measures.iter())
        .find(|(_, measure)| &*measure.named.name == "talent_subsidy")
        .expect("a measure");
    let parts = (
        outcome.specialised_new.par_chunks_mut(ROWS),
        outcome.little_giant.par_chunks_mut(ROWS),
        outcome.talent.par_chunks_mut(ROWS),
        outcome.total.par_chunks_mut(ROWS),
        batches,
    );
    parts
        .into_par_iter()
        .for_each(|(specialised, giant, talents, totals, batch)| {
            let (determined, values) = plan.determine_with(batch, &titles);
            spread(values[0].certain().words(), specialised);
            spread(values[1].certain().words(), giant);
            // Whoever has no line is due nothing.
            talents.fill(0);
            totals.fill(0);
            for (row, due) in determined.payees() {
                let line = due.lines.iter().find(|line| line.measure == talent);
                talents[row] = line.map_or(0, |line| yuan(line.own.low()));
                totals[row] = yuan(due.total.low());
            }
        });
}

/// Bits as truths.
fn spread(words: &[u64], truths: &mut [bool]) {
    for (word, truths) in words.iter().zip(truths.chunks_mut(64)) {
        for (bit, truth) in truths.iter_mut().enumerate() {
            *truth = word >> bit & 1 == 1;
        }
    }
}

/// Whether a title's criteria are met.
fn meets(program: &Program, title: &str) -> NodeId {
    let rules = (program.titles.iter()).find(|rules| &*program.schema.titles[rules.title].named.name == title);
    rules.and_then(|rules| rules.meets).expect("a title with criteria")
}
