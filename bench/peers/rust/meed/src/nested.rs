//! The columnar evaluator with Meed's own reader, as `meed run` puts them together: a file with a row an enterprise, and nothing is written.

use std::path::Path;

use meed_bench_population::Task;
use meed_rules::program::Program;
use meed_tables::read::{Options, Part, Population};
use rayon::prelude::*;

use crate::columns::{self, Rules};

/// Measures everything from opening the file on: its columns understood, keys that come twice looked for, rows read, checked and determined.
pub fn measure(task: &Task, program: &Program) {
    let path = task.folder.join("nested.parquet");
    task.on_threads(|| {
        task.report("Meed, columns", |outcome| {
            let population = open(program, &path);
            let rules = Rules::new(program, population.entity());
            population.survey().expect("keys that can be read");
            let counts: Vec<usize> = population.parts().iter().map(rows).collect();
            let all = counts.iter().sum();
            let rooms = columns::parts(outcome, counts.into_iter(), all);
            rooms
                .into_par_iter()
                .zip(population.parts())
                .for_each(|(mut room, part)| {
                    for piece in population.pieces(part).expect("a row group") {
                        let piece = piece.expect("a piece that can be decoded");
                        let chunk = population.decode(&piece).expect("no wrong row ends the reading");
                        assert_eq!(chunk.rejected, 0, "all rows are right");
                        rules.decide(&chunk.batch, &mut room.take(chunk.batch.rows));
                    }
                });
        })
    });
}

fn open<'p>(program: &'p Program, path: &Path) -> Population<'p> {
    let options = Options {
        on: Some(program.date),
        ..Options::default()
    };
    Population::open(&program.schema, path, options).expect("a population that the vocabulary knows")
}

fn rows(part: &Part) -> usize {
    let rows = part.rows().expect("a Parquet file says how many rows it has");
    rows.try_into().expect("a number of rows")
}
