//! The explaining evaluator, the definition of what rules mean, with full trace and reasons: what one case costs, not what a population does.

use std::sync::Arc;

use meed_bench_population::{Outcome, Population, Task};
use meed_engine::awards::determine::determine_with;
use meed_engine::awards::verdict::Verdict;
use meed_engine::explain::Layout;
use meed_engine::result::{AmountKind, Determination, Payable};
use meed_facts::json::{digest_of, read};
use meed_facts::record::Record;
use meed_rules::program::Program;
use rayon::prelude::*;

use crate::{facts, yuan};

/// Measures the first rows; reading the facts is not timed.
pub fn measure(task: &Task, program: &Program, population: &Population, rows: usize) {
    let records = (0..rows).map(|at| {
        let record = read(&program.schema, &facts::of(population, at)).expect("facts that the vocabulary knows");
        let digest: Arc<str> = digest_of(&program.schema, &record).into();
        (record, digest)
    });
    let records: Vec<_> = records.collect();
    let layout = Layout::new(program);
    task.on_threads(|| {
        task.report("Meed, explaining", |outcome| {
            *outcome = decide(program, &layout, &records)
        })
    });
}

fn decide(program: &Program, layout: &Layout, records: &[(Record, Arc<str>)]) -> Outcome {
    let determined: Vec<_> = (records.par_iter())
        .map(|(record, digest)| {
            let determination = determine_with(program, layout, record, digest.clone());
            row(&determination.expect("within the limit"))
        })
        .collect();
    Outcome {
        specialised_new: determined.iter().map(|row| row.specialised_new).collect(),
        little_giant: determined.iter().map(|row| row.little_giant).collect(),
        talent: determined.iter().map(|row| row.talent).collect(),
        total: determined.iter().map(|row| row.total).collect(),
    }
}

struct Row {
    specialised_new: bool,
    little_giant: bool,
    talent: i64,
    total: i64,
}

fn row(determination: &Determination) -> Row {
    let talent = determination.lines_of("talent_subsidy").next().expect("a line");
    Row {
        specialised_new: meets(determination, "specialised_new"),
        little_giant: meets(determination, "little_giant"),
        talent: exact(&talent.own),
        total: exact(&determination.total),
    }
}

fn meets(determination: &Determination, title: &str) -> bool {
    let line = (determination.titles.iter())
        .find(|line| &*line.name == title)
        .expect("a title of the package");
    match line.met.expect("criteria") {
        Verdict::Eligible => true,
        Verdict::NotEligible(_) => false,
        Verdict::Undetermined => panic!("all facts are stated, yet {title} is undetermined"),
    }
}

fn exact(amount: &Payable) -> i64 {
    assert_eq!(amount.kind, AmountKind::Exact, "all facts are stated");
    yuan(amount.low.minor())
}
