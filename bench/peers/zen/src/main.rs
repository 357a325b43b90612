//! The seven rules in GoRules' ZEN engine (`rules.json`), over the first enterprises: `FOLDER rules|reading THREADS HOW_MANY`. Making the
//! engine's own values is part of the rules' time: they belong to one thread and cannot be made before.

mod facts;

use std::sync::Arc;

use meed_bench_population::{Measure, Outcome, Population, Task};
use rayon::prelude::*;
use rust_decimal::prelude::ToPrimitive;
use tokio::runtime::{Builder, Runtime};
use zen_engine::Decision;
use zen_engine::model::GraphContent;
use zen_expression::variable::Variable;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let task = Task::from_arguments();
    let rows: usize = task
        .rest
        .first()
        .and_then(|rows| rows.parse().ok())
        .expect("how many enterprises");
    let engine = "ZEN";
    task.on_threads(|| match task.measure {
        Measure::Rules => {
            let population = Population::read(&task.folder);
            task.report(engine, |outcome| decide(&population, rows, task.threads, outcome));
        }
        Measure::Reading => {
            task.report(engine, |outcome| {
                decide(&Population::read(&task.folder), rows, task.threads, outcome)
            });
        }
        Measure::Nested => panic!("the nested file is not read here"),
    });
}

/// Decides the first rows, an equal share for each thread.
fn decide(population: &Population, rows: usize, threads: usize, outcome: &mut Outcome) {
    outcome.resize(population.len().min(rows));
    let share = outcome.total.len().div_ceil(threads);
    let shares = (
        outcome.specialised_new.par_chunks_mut(share),
        outcome.little_giant.par_chunks_mut(share),
        outcome.talent.par_chunks_mut(share),
        outcome.total.par_chunks_mut(share),
    );
    shares
        .into_par_iter()
        .enumerate()
        .for_each(|(number, (specialised, giant, talent, total))| {
            let rules = Rules::load();
            for row in 0..total.len() {
                let result = rules.decide(facts::of(population, number * share + row));
                specialised[row] = truth(&result, "specialised_new");
                giant[row] = truth(&result, "little_giant");
                talent[row] = whole(&result, "talent");
                total[row] = whole(&result, "total");
            }
        });
}

/// The rules on one thread.
struct Rules {
    decision: Decision,
    runtime: Runtime,
}

impl Rules {
    fn load() -> Self {
        let mut graph: GraphContent = serde_json::from_str(include_str!("../rules.json")).expect("a decision graph");
        graph.compile();
        Self {
            decision: Decision::from(Arc::new(graph)),
            runtime: Builder::new_current_thread().build().expect("a runtime"),
        }
    }

    fn decide(&self, facts: Variable) -> Variable {
        self.runtime
            .block_on(self.decision.evaluate(facts))
            .expect("a result")
            .result
    }
}

fn truth(result: &Variable, name: &str) -> bool {
    match result.dot(name) {
        Some(Variable::Bool(truth)) => truth,
        _ => panic!("{name} is no truth"),
    }
}

fn whole(result: &Variable, name: &str) -> i64 {
    match result.dot(name) {
        Some(Variable::Number(number)) => number.to_i64().expect("an amount of this population"),
        _ => panic!("{name} is no number"),
    }
}
