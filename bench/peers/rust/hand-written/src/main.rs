//! The seven rules written by hand, as the mark of what is practical: `FOLDER rules|reading THREADS plain|blocked`.

mod blocked;
mod plain;

use meed_bench_population::{Measure, Outcome, Population, Task};

fn main() {
    let task = Task::from_arguments();
    let program = task.rest.first().expect("plain or blocked").as_str();
    match program {
        "plain" => measure(&task, "Rust by hand, plain", |population| population, plain::decide),
        "blocked" => measure(&task, "Rust by hand, blocked", blocked::Packed::new, blocked::decide),
        other => panic!("`{other}` is neither plain nor blocked"),
    }
}

/// Measures a program that wants the population in a form of its own; making that form is part of reading.
fn measure<P: Send + Sync>(task: &Task, engine: &str, prepare: fn(Population) -> P, program: fn(&P, &mut Outcome)) {
    task.on_threads(|| match task.measure {
        Measure::Rules => {
            let population = prepare(Population::read(&task.folder));
            task.report(engine, |outcome| program(&population, outcome));
        }
        Measure::Reading => task.report(engine, |outcome| {
            program(&prepare(Population::read(&task.folder)), outcome)
        }),
        Measure::Nested => panic!("the nested file is not read here"),
    });
}
