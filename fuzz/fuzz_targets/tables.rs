//! Populations in CSV and JSON lines, read for a vocabulary with every type of fact: whatever is read, a file of facts could say too.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use meed_facts::json::{canonical, read, write};
use meed_facts::schema::Schema;
use meed_tables::read::{Options, Population};

#[path = "../../crates/facts/tests/vocabulary/mod.rs"]
#[allow(dead_code, reason = "shared with the tests of reading, which use all of it")]
mod vocabulary;

static SCHEMA: LazyLock<Schema> = LazyLock::new(vocabulary::schema);

/// Files one after the other, each after the first behind a form feed.
const NAMES: [&str; 4] = ["enterprise.csv", "hires.csv", "titles.csv", "awards.csv"];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    match bytes.split_first() {
        Some((b'{', _)) => std::fs::write(folder.path().join("all.jsonl"), bytes).expect("there is room"),
        _ => {
            for (name, file) in NAMES.iter().zip(bytes.split(|byte| *byte == 0x0c)) {
                std::fs::write(folder.path().join(name), file).expect("there is room");
            }
        }
    }
    check(folder.path());
});

fn check(path: &Path) {
    let options = Options {
        applicant: Some("enterprise".to_owned()),
        batch_rows: 3,
        ..Options::default()
    };
    let Ok(population) = Population::open(&SCHEMA, path, options) else { return };
    for chunk in population.chunks() {
        let Ok(chunk) = chunk else { return };
        assert_eq!(chunk.rejects.is_empty(), chunk.rejected == 0);
        for row in 0..chunk.batch.rows {
            let record = chunk.batch.record(row).expect("the batch has that row");
            let written = canonical(&write(&SCHEMA, &record));
            let again = read(&SCHEMA, &written).expect("a file of facts may say the same");
            assert_eq!(canonical(&write(&SCHEMA, &again)), written);
        }
    }
}
