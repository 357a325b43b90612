//! Meed's two evaluators inside one process: `FOLDER rules THREADS columns|explained [HOW_MANY]`, and with Meed's reader `FOLDER nested THREADS columns`. What
//! `meed run` takes with its files, `with_meed.py` measures.

mod batch;
mod columns;
mod explained;
mod facts;
mod nested;

use std::path::Path;

use meed_bench_population::{Measure, Population, Task};
use meed_facts::date::Date;
use meed_rules::program::Program;
use meed_rules::{Package, check};

fn main() {
    let task = Task::from_arguments();
    let program = program();
    let evaluator = task.rest.first().expect("columns or explained").as_str();
    match (task.measure, evaluator) {
        (Measure::Rules, _) => {}
        (Measure::Nested, "columns") => return nested::measure(&task, &program),
        (measure, _) => panic!("{measure:?} is not measured of {evaluator}"),
    }
    let most = task
        .rest
        .get(1)
        .map_or(usize::MAX, |most| most.parse().expect("how many enterprises"));
    let population = Population::read(&task.folder);
    let rows = population.len().min(most);
    match evaluator {
        "columns" => columns::measure(&task, &program, &population, rows),
        "explained" => explained::measure(&task, &program, &population, rows),
        other => panic!("no evaluator is called {other}"),
    }
}

fn program() -> Program {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../package");
    let package = Package::open(&folder).expect("the package opens");
    let day = Date::parse("2025-12-31").expect("a date");
    check(&package).program(day).expect("the package checks")
}

/// An amount of fen in yuan.
fn yuan(fen: i128) -> i64 {
    let fen = i64::try_from(fen).expect("an amount of this population");
    assert_eq!(fen % 100, 0, "all amounts of the rules are whole yuan");
    fen / 100
}
