//! One enterprise, one package: what each step from text to determination takes. `bench/README.md` tells the targets and what was measured.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use divan::Bencher;
use meed_engine::awards::decision::Decision;
use meed_engine::awards::determine::{determine, determine_with};
use meed_engine::explain::{Evaluator, Layout};
use meed_facts::date::Date;
use meed_facts::json::{digest_of, read};
use meed_facts::record::Record;
use meed_rules::program::Program;
use meed_rules::{Package, check};

fn main() {
    divan::main();
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn harbin() -> Package {
    Package::open(&repository().join("policies/harbin")).expect("the package opens")
}

fn day() -> Date {
    Date::parse("2024-03-01").expect("a date")
}

fn facts() -> String {
    std::fs::read_to_string(repository().join("bench/facts/ten-hires.json")).expect("the facts are there")
}

/// Harbin's Program and an enterprise with ten hires.
fn enterprise() -> (Program, Record) {
    let package = harbin();
    let checked = check(&package);
    let program = checked.program(day()).expect("the package checks");
    let record = read(checked.schema(), &facts()).expect("the facts are read");
    (program, record)
}

/// The longest document, from text to tree.
#[divan::bench]
fn parse_a_document(bencher: Bencher) {
    let package = harbin();
    let texts = package
        .documents
        .iter()
        .filter_map(|document| package.sources.get(document.file));
    let longest = texts
        .map(|file| file.text())
        .max_by_key(|text| text.len())
        .expect("a document");
    bencher
        .counter(divan::counter::BytesCount::of_str(longest))
        .bench(|| meed_syntax::parse(black_box(longest)).document());
}

/// All files, from the disk to trees.
#[divan::bench]
fn open_the_package(bencher: Bencher) {
    bencher.bench(harbin);
}

/// All files, from the disk to all findings: what `meed check` does.
#[divan::bench]
fn check_the_package(bencher: Bencher) {
    bencher.bench(|| check(&harbin()).findings().to_vec());
}

/// The Program of one date, from a package whose names are known.
#[divan::bench]
fn lower_one_date(bencher: Bencher) {
    let package = harbin();
    let checked = check(&package);
    bencher.bench_local(|| checked.program(black_box(day())));
}

/// The facts of one enterprise, from JSON.
#[divan::bench]
fn read_facts(bencher: Bencher) {
    let package = harbin();
    let checked = check(&package);
    let text = facts();
    bencher.bench_local(|| read(checked.schema(), black_box(&text)));
}

/// The digest of these facts.
#[divan::bench]
fn digest_of_facts(bencher: Bencher) {
    let (program, record) = enterprise();
    bencher.bench(|| digest_of(&program.schema, black_box(&record)));
}

/// Every definition of the package for the applicant, without lines and reasons: what the evaluator alone takes.
#[divan::bench]
fn evaluate_named_values(bencher: Bencher) {
    let (program, record) = enterprise();
    let layout = Layout::new(&program);
    let nodes: Vec<_> = program
        .values
        .iter()
        .filter(|(_, entity, _)| *entity == record.entity)
        .map(|(.., node)| *node)
        .collect();
    bencher.counter(divan::counter::ItemsCount::new(nodes.len())).bench(|| {
        let evaluator = Evaluator::with_layout(&program, &layout, black_box(&record));
        for node in &nodes {
            black_box(evaluator.value(*node, evaluator.root()));
        }
    });
}

/// Verdicts, amounts and steps of all lines, services and titles, with the trace from which each line is explained; the layout is known.
#[divan::bench]
fn decide_ten_hires(bencher: Bencher) {
    let (program, record) = enterprise();
    let layout = Layout::new(&program);
    bencher.bench(|| {
        let evaluator = Evaluator::with_layout(&program, &layout, black_box(&record));
        black_box(Decision::of(&evaluator, &record).total())
    });
}

/// The same, and what each line is paid over time.
#[divan::bench]
fn decide_ten_hires_and_payments(bencher: Bencher) {
    let (program, record) = enterprise();
    let layout = Layout::new(&program);
    bencher.bench(|| {
        let evaluator = Evaluator::with_layout(&program, &layout, black_box(&record));
        let decision = Decision::of(&evaluator, &record);
        black_box(decision.payments().len());
        decision.total()
    });
}

/// All of that, and every line explained: the whole determination; layout and digest of the facts are known.
#[divan::bench]
fn determine_ten_hires(bencher: Bencher) {
    let (program, record) = enterprise();
    let layout = Layout::new(&program);
    let digest: Arc<str> = digest_of(&program.schema, &record).into();
    bencher.bench(|| determine_with(&program, &layout, black_box(&record), digest.clone()));
}

/// The same with nothing known before.
#[divan::bench]
fn determine_ten_hires_from_cold(bencher: Bencher) {
    let (program, record) = enterprise();
    bencher.bench(|| determine(&program, black_box(&record)));
}

/// The result as canonical JSON.
#[divan::bench]
fn result_as_json(bencher: Bencher) {
    let (program, record) = enterprise();
    let determination = determine(&program, &record).unwrap();
    bencher.bench(|| black_box(&determination).to_canonical_json());
}
