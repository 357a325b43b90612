//! Columns and the explaining evaluator say the same of every award line: verdicts, amounts by themselves, after clauses and after funds, and totals, over random packages and
//! registers with gaps, ranges, earlier awards, choices and amounts beyond 64 bits.
//!
//! `MEED_PAIRS=1000000 cargo test --release -p meed-engine --test line_agreement` compares so many pairs of a package and an applicant instead of those that a run of all
//! tests has time for; `MEED_SEED` begins elsewhere than at 1.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

mod chance;
mod facts;
mod rules;

use meed_engine::awards::verdict::Verdict;
use meed_engine::columns::{LineOutcome, Plan};
use meed_facts::batch::Builder;
use meed_facts::json::{read_on, write};
use meed_facts::record::Record;
use meed_rules::Package;
use meed_rules::check;
use meed_rules::program::Program;

use chance::Chance;

/// Applicants for each package.
const APPLICANTS: usize = 64;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn program(seed: u64) -> Program {
    let package = Package::from_files(rules::files(&mut Chance::new(seed))).unwrap();
    check(&package).program(facts::today()).unwrap_or_else(|found| {
        let said: Vec<String> = found
            .iter()
            .map(|one| format!("{} {}", one.code, one.message.en))
            .collect();
        let rules = rules::files(&mut Chance::new(seed))
            .remove("rules.md")
            .unwrap_or_default();
        panic!("seed {seed}: {said:#?}\n{rules}");
    })
}

/// What was compared.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    applicants: usize,
    /// Those whom columns decided.
    decided: usize,
    lines: usize,
    undetermined: usize,
    /// Lines that earlier awards, and those that others made smaller.
    netted: usize,
    combined: usize,
    /// Lines of which all is known in the end.
    exact: usize,
}

impl Counts {
    fn add(&mut self, line: &LineOutcome) {
        self.lines += 1;
        self.undetermined += usize::from(line.verdict == Verdict::Undetermined);
        self.netted += usize::from(line.own != line.gross);
        self.combined += usize::from(line.combined != line.own);
        self.exact += usize::from(line.due.value().is_some());
    }
}

/// Compares what a package's applicants get.
fn compare(seed: u64, counts: &mut Counts) {
    let program = program(seed);
    let chance = &mut Chance::new(seed ^ u64::MAX);
    let facts: Vec<String> = (0..APPLICANTS).map(|_| facts::applicant(chance)).collect();
    let read = |facts: &String| {
        read_on(&program.schema, facts, program.date).unwrap_or_else(|found| panic!("seed {seed}: {found:?}\n{facts}"))
    };
    let mut records: Vec<Record> = facts.iter().map(read).collect();
    records
        .iter_mut()
        .for_each(|record| facts::choose(chance, &program, record));
    let entity = records[0].entity;
    let mut builder = Builder::new(&program.schema, entity);
    records.iter().for_each(|record| builder.push(record));
    let plan = Plan::new(&program, entity);
    let outcome = plan.determine(&builder.finish());
    assert_eq!(outcome.each().count(), records.len(), "seed {seed}");
    for (row, (record, due)) in records.iter().zip(outcome.each()).enumerate() {
        let (lines, total) = plan.explain(record);
        if due.lines != lines || (due.total, due.possible) != total {
            let rules = rules::files(&mut Chance::new(seed))
                .remove("rules.md")
                .unwrap_or_default();
            panic!(
                "seed {seed}, applicant {row}: columns {due:#?}\ndefinition {lines:#?} {total:?}\n{}\n{rules}",
                write(&program.schema, record)
            );
        }
        lines.iter().for_each(|line| counts.add(line));
    }
    counts.applicants += records.len();
    counts.decided += records.len() - outcome.explained.count();
}

#[test]
fn columns_and_definition_agree_on_every_line() {
    let (pairs, first) = (setting("MEED_PAIRS", 20_000), setting("MEED_SEED", 1));
    let packages = pairs.div_ceil(APPLICANTS as u64);
    let mut counts = Counts::default();
    for seed in first..first + packages {
        compare(seed, &mut counts);
    }
    println!("{counts:?}");
    let Counts {
        applicants,
        decided,
        lines,
        undetermined,
        netted,
        combined,
        exact,
    } = counts;
    assert!(decided * 10 > applicants * 9, "{counts:?}");
    assert!(
        [undetermined, netted, combined, exact]
            .iter()
            .all(|some| some * 10 > lines),
        "{counts:?}"
    );
}
