//! Populations under a counter of instructions: `meed-bench-columns BENCHMARK` makes one and determines it once, in the function [`measured`], which
//! alone is counted. It prints how many applicants there were, and as a remark how many of them columns did not decide. `ci/instructions` runs it.

mod population;

use std::hint::black_box;
use std::path::Path;

use meed_engine::columns::Plan;
use meed_facts::batch::{Batch, Builder};
use meed_facts::date::Date;
use meed_facts::json::read;
use meed_facts::record::Record;
use meed_rules::program::Program;
use meed_rules::{Package, check};

/// Applicants in a batch: what stays in the cache.
const BATCH: usize = 1024;

fn main() {
    let benchmark = std::env::args().nth(1).expect("a benchmark's name");
    let applicants = match benchmark.as_str() {
        "common-complete" => common(0),
        "common-missing" => common(3),
        "harbin-complete" => harbin(0),
        "harbin-missing" => harbin(3),
        other => panic!("no benchmark is called {other}"),
    };
    println!("{applicants}");
}

/// The common rule set over made-up enterprises; one fact of `missing` is left out, none where it is 0.
fn common(missing: u64) -> usize {
    let program = program("bench/peers/package", "2025-12-31");
    let facts = population::enterprises(4 * BATCH, missing);
    run(&program, facts.iter().map(|facts| record(&program, facts)))
}

/// Harbin's policies over the example of an enterprise, again and again with other figures; one fact of `missing` is left out, none where it is 0.
fn harbin(missing: u64) -> usize {
    let program = program("policies/harbin", "2024-03-01");
    let example =
        std::fs::read_to_string(repository().join("bench/facts/ten-hires.json")).expect("the facts are there");
    let facts = population::variants(&example, BATCH, missing);
    run(&program, facts.iter().map(|facts| record(&program, facts)))
}

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn program(package: &str, day: &str) -> Program {
    let package = Package::open(&repository().join(package)).expect("the package opens");
    let day = Date::parse(day).expect("a date");
    check(&package).program(day).expect("the package checks")
}

fn record(program: &Program, facts: &str) -> Record {
    read(&program.schema, facts).expect("facts that the vocabulary knows")
}

fn run(program: &Program, records: impl Iterator<Item = Record>) -> usize {
    let records: Vec<Record> = records.collect();
    let entity = records.first().expect("an applicant").entity;
    let batches: Vec<Batch> = (records.chunks(BATCH))
        .map(|rows| {
            let mut builder = Builder::new(&program.schema, entity);
            rows.iter().for_each(|record| builder.push(record));
            builder.finish()
        })
        .collect();
    let plan = Plan::new(program, entity);
    // What is done once for a thread is not counted for the first batch.
    black_box(plan.determine(&batches[0]));
    measured(&plan, &batches);
    let explained = batches.iter().map(|batch| plan.determine(batch).explained.count());
    eprintln!("{} handed over to the explaining evaluator", explained.sum::<usize>());
    records.len()
}

#[inline(never)]
fn measured(plan: &Plan<'_>, batches: &[Batch]) {
    for batch in batches {
        black_box(plan.determine(black_box(batch)));
    }
}
