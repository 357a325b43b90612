//! Amounts of more digits than the tables of a run were begun with.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use meed_rules::program::Program;
use meed_simulate::run::{Options, Report, run};
use meed_tables::results::Format;

use crate::shared::folder::files;
use crate::shared::tiny;

static TENTH: LazyLock<Program> = LazyLock::new(|| {
    let rules = r#"
```meed
measure tenth for Enterprise zh "一成" en "Tenth" { when { c: clean } pay 10% of size, rounded down to 0.01 CNY once led by city }
```
"#;
    tiny::program(tiny::files(&format!("{}{rules}", tiny::ENTERPRISES)), "2023-03-15")
});

/// The largest amount of 18 digits, in yuan.
const SHORT: &str = "9999999999999999.99";

/// Forty applicants who get that much or less, but for the one before the last.
fn options(folder: &Path, out: &str, format: Format, size: &str) -> Options {
    let line = |row: u32| {
        let size = if row == 38 { size } else { "99999999999999999.9" };
        format!(r#"{{"enterprise": {{"id": "{row}", "clean": true, "size": "{size}"}}}}"#)
    };
    let lines: Vec<String> = (0..40).map(line).collect();
    let facts = folder.join(format!("{size}.jsonl"));
    fs::write(&facts, lines.join("\n")).unwrap();
    Options {
        out: folder.join(out),
        format,
        threads: 2,
        names: Vec::new(),
        strict: false,
        applicant: None,
        ignored: std::collections::BTreeSet::new(),
        facts,
        unit_rows: 4,
    }
}

fn whole(options: &Options) -> Report {
    let report = run(&TENTH, options, &AtomicBool::new(false), |_| ()).unwrap();
    assert!(report.complete);
    report
}

fn digits(options: &Options) -> String {
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(options.out.join("run.json")).unwrap()).unwrap();
    manifest["amount_digits"].as_str().unwrap().to_owned()
}

#[test]
fn an_amount_of_more_digits_is_never_cut_and_lengthens_all_parts() {
    let folder = tempfile::tempdir().unwrap();
    let short = options(folder.path(), "short", Format::Csv, "99999999999999999.9");
    whole(&short);
    assert_eq!(digits(&short), "18");
    let long = options(folder.path(), "long", Format::Csv, "100000000000000000");
    assert_eq!(whole(&long).totals.rows, 40);
    assert_eq!(digits(&long), "38");
    let told = |options: &Options, part: &str| fs::read_to_string(options.out.join(part)).unwrap();
    assert!(told(&short, "wide-00010.csv").contains(SHORT));
    assert!(told(&long, "wide-00010.csv").contains("10000000000000000.00"));
    // Text has no width, so parts without that amount say the same.
    assert_eq!(told(&long, "long-00001.csv"), told(&short, "long-00001.csv"));
    let parts = ["parquet", "other"].map(|out| options(folder.path(), out, Format::Parquet, "100000000000000000"));
    parts.iter().for_each(|options| drop(whole(options)));
    assert_eq!(files(&parts[0].out), files(&parts[1].out));
}

#[test]
fn a_run_that_is_stopped_before_and_after_it_lengthens_leaves_what_one_that_was_not_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let size = "123456789012345678.9";
    let straight = options(folder.path(), "straight", Format::Parquet, size);
    whole(&straight);
    let broken = options(folder.path(), "broken", Format::Parquet, size);
    for pieces in [1, 3, 9, 10, 12, 100] {
        let (stop, seen) = (AtomicBool::new(false), AtomicU32::new(0));
        let report = run(&TENTH, &broken, &stop, |_| {
            if seen.fetch_add(1, Ordering::Relaxed) + 1 == pieces {
                stop.store(true, Ordering::Relaxed);
            }
        });
        report.unwrap();
    }
    assert!(whole(&broken).complete);
    assert_eq!(digits(&broken), "38");
    assert_eq!(files(&straight.out), files(&broken.out));
    // A part of an earlier width is gone with its unit's summary.
    fs::remove_file(broken.out.join("units/00003.json")).unwrap();
    assert_eq!(whole(&broken).kept, 36);
    assert_eq!(files(&straight.out), files(&broken.out));
}
