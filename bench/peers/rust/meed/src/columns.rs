//! The columnar evaluator, a batch at a time.

use meed_bench_population::{Outcome, Population, Task};
use meed_engine::columns::Plan;
use meed_facts::batch::Batch;
use meed_facts::schema::EntityId;
use meed_rules::program::{MeasureId, NodeId, Program};
use rayon::prelude::*;

use crate::{batch, yuan};

/// Enterprises in a batch, as many as `meed run` takes at once where nothing is stated but values.
const ROWS: usize = 16_384;

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
    let rules = Rules::new(program, batches.first().expect("an enterprise").entity);
    task.on_threads(|| {
        task.report("Meed, columns", |outcome| {
            let parts = parts(outcome, std::iter::repeat_n(ROWS, batches.len()), rows);
            parts
                .into_par_iter()
                .zip(&batches)
                .for_each(|(mut part, batch)| rules.decide(batch, &mut part));
        })
    });
}

/// Room for the outcomes of some enterprises.
pub struct Part<'o> {
    specialised: &'o mut [bool],
    giant: &'o mut [bool],
    talent: &'o mut [i64],
    total: &'o mut [i64],
}

/// Room for so many enterprises each, one after the other; the last may be fewer.
pub fn parts(outcome: &mut Outcome, counts: impl Iterator<Item = usize>, rows: usize) -> Vec<Part<'_>> {
    outcome.resize(rows);
    let mut rest = Part {
        specialised: &mut outcome.specialised_new,
        giant: &mut outcome.little_giant,
        talent: &mut outcome.talent,
        total: &mut outcome.total,
    };
    counts.map(|count| rest.take(count)).collect()
}

impl Part<'_> {
    /// Room for the first enterprises, which leaves that for the others.
    pub fn take(&mut self, count: usize) -> Self {
        let count = count.min(self.total.len());
        Self {
            specialised: self.specialised.split_off_mut(..count).expect("room"),
            giant: self.giant.split_off_mut(..count).expect("room"),
            talent: self.talent.split_off_mut(..count).expect("room"),
            total: self.total.split_off_mut(..count).expect("room"),
        }
    }
}

/// The rules as columns, and what is asked of them.
pub struct Rules<'p> {
    plan: Plan<'p>,
    titles: [NodeId; 2],
    talent: MeasureId,
}

impl<'p> Rules<'p> {
    /// For enterprises.
    pub fn new(program: &'p Program, enterprise: EntityId) -> Self {
        let (talent, _) = (program.measures.iter())
            .find(|(_, measure)| &*measure.named.name == "talent_subsidy")
            .expect("a measure");
        Self {
            plan: Plan::new(program, enterprise),
            titles: [meets(program, "specialised_new"), meets(program, "little_giant")],
            talent,
        }
    }

    /// The outcome of a batch's enterprises.
    pub fn decide(&self, batch: &Batch, part: &mut Part<'_>) {
        let (determined, values) = self.plan.determine_with(batch, &self.titles);
        spread(values[0].certain().words(), part.specialised);
        spread(values[1].certain().words(), part.giant);
        // Whoever has no line is due nothing.
        part.talent.fill(0);
        part.total.fill(0);
        for (row, due) in determined.payees() {
            let own = due.lines.iter().find(|line| line.measure() == self.talent);
            part.talent[row] = own.map_or(0, |line| yuan(line.own().low()));
            part.total[row] = yuan(due.total.low());
        }
    }
}

/// Bits as truths.
fn spread(words: &[u64], truths: &mut [bool]) {
    let bytes = words.iter().flat_map(|word| word.to_le_bytes());
    for (byte, truths) in bytes.zip(truths.chunks_mut(8)) {
        truths.copy_from_slice(&TRUTHS[usize::from(byte)][..truths.len()]);
    }
}

/// The truths that a byte's bits stand for.
const TRUTHS: [[bool; 8]; 256] = {
    let mut all = [[false; 8]; 256];
    let mut at = 0;
    while at < 256 * 8 {
        all[at / 8][at % 8] = at / 8 >> (at % 8) & 1 == 1;
        at += 1;
    }
    all
};

/// Whether a title's criteria are met.
fn meets(program: &Program, title: &str) -> NodeId {
    let rules = (program.titles.iter()).find(|rules| &*program.schema.titles[rules.title].named.name == title);
    rules.and_then(|rules| rules.meets).expect("a title with criteria")
}
