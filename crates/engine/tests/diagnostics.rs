//! What comes of running the cases of the examples `M0801` and `M0805`, in the folder of the examples of all codes. `SNAPSHOTS=overwrite` writes what is said.

#![expect(clippy::unwrap_used, reason = "an example that cannot be read fails its test")]

use std::fs::{read_to_string, write};
use std::path::{Path, PathBuf};

use meed_engine::cases::Run;
use meed_engine::cases::coverage::Coverage;
use meed_engine::explain::Layout;
use meed_facts::label::Lang;
use meed_rules::cases::cases;
use meed_rules::diagnostic::{Code, Colour, text};
use meed_rules::{Package, check};

const MANIFEST: &str = "\
name = \"example\"
version = \"1\"
title = { zh = \"例子\", en = \"Example\" }
jurisdiction = \"CN-230100\"
currency = \"CNY\"
";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/tests/diagnostics")
}

/// Runs the example's cases and compares what is said of them and of what they cover with the text beside it.
fn reads_well(code: Code) {
    let (document, vocabulary) = (format!("{code}.md"), "common/vocabulary.md".to_owned());
    let files = [document, vocabulary].map(|path| (path.clone(), read_to_string(folder().join(path)).unwrap()));
    let manifest = ("meed.toml".to_owned(), MANIFEST.to_owned());
    let package = Package::from_files(files.into_iter().chain([manifest]).collect()).unwrap();
    let mut found = Vec::new();
    let mut coverage = Coverage::default();
    for on in cases(&check(&package)).unwrap().values() {
        coverage.expect(&on.program);
        let layout = Layout::new(&on.program);
        for case in &on.cases {
            let run = Run::new(&on.program, &layout, case);
            coverage.observe(&run);
            found.extend(run.outcome().findings());
        }
    }
    if code == Code::CaseMissingCoverage {
        found.extend(coverage.findings());
    }
    assert!(found.iter().any(|one| one.code == code));
    let said = [Lang::En, Lang::Zh]
        .map(|lang| text(&found, &package.sources, lang, Colour::Plain))
        .join("\n");
    let path = folder().join(format!("{code}.txt"));
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        write(&path, &said).unwrap();
    }
    assert_eq!(said, read_to_string(&path).unwrap_or_default());
}

#[test]
fn a_case_that_fails_is_said_with_what_came_out() {
    reads_well(Code::CaseFailed);
}

#[test]
fn a_condition_that_cases_leave_open_is_said() {
    reads_well(Code::CaseMissingCoverage);
}
