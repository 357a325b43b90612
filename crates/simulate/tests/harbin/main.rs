//! The synthetic register of Harbin: what is known of the city is met, everything can be read and decided, and it is always the same.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what is not there, or overflows, fails the test"
)]

mod city;
mod deciding;
mod hidden;
mod same;
mod stated;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use meed_facts::date::Period;
use meed_facts::ratio::Ratio;
use meed_facts::record::Record;
use meed_facts::schema::Schema;
use meed_facts::value::{Scalar, Stated};
use meed_rules::Package;
use meed_simulate::population::model::Model;
use meed_simulate::population::{Population, Wanted};

/// The package, opened anew: it cannot be shared between threads.
fn package() -> Package {
    Package::open(&root()).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/harbin")
}

static SCHEMA: LazyLock<Arc<Schema>> = LazyLock::new(|| Arc::clone(meed_rules::check(&package()).schema()));

static MODEL: LazyLock<Model> =
    LazyLock::new(|| Model::read(&std::fs::read_to_string(root().join("population.toml")).unwrap()).unwrap());

fn population(kind: &str, seed: u64, missing: u16) -> Population<'static> {
    let wanted = Wanted {
        seed,
        missing,
        as_of: None,
    };
    Population::new(&SCHEMA, &MODEL, kind, wanted).unwrap()
}

/// What a record states of a fact; of a yearly one, in that year.
fn stated<'r>(record: &'r Record, fact: &str, year: i16) -> Option<&'r Stated> {
    let fact = SCHEMA.fact_called(record.entity, fact).unwrap();
    let in_year = || record.series.get(fact)?.get(&Period::Year(year));
    record.facts.get(fact).or_else(in_year)
}

fn number(record: &Record, fact: &str, year: i16) -> Ratio {
    match stated(record, fact, year) {
        Some(Stated::Value(Scalar::Number(number))) => number.clone(),
        other => panic!("{fact} in {year} is {other:?}"),
    }
}

fn text(record: &Record, fact: &str) -> String {
    match stated(record, fact, 0) {
        Some(Stated::Value(Scalar::Text(text))) => text.to_string(),
        other => panic!("{fact} is {other:?}"),
    }
}

fn ratio(text: &str) -> Ratio {
    Ratio::parse(text).unwrap()
}
