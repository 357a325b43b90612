//! One small package for each code: `diagnostics/M0101.md` beside a shared vocabulary, and what is said about it, in English and in
//! Chinese, in `M0101.txt`. A second example of a code is `M0101-why-it-differs.md`. An example may have its own manifest, `M0101.toml`, a lock file,
//! `M0101.lock`, a data file, `M0101.csv`, and its last line as often as `M0101.repeat` says. `SNAPSHOTS=overwrite` writes what is said.

#![expect(clippy::unwrap_used, reason = "an example that cannot be read fails its test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use meed_facts::label::Lang;
use meed_rules::cases::cases;
use meed_rules::{Package, check};
use meed_syntax::diagnostic::{Code, Colour, Diagnostic, Severity, text};
use snapbox::{Assert, Data};

const VOCABULARY: &str = "common/vocabulary.md";

/// What comes of running cases: the engine's tests look at these examples.
const OF_THE_ENGINE: [Code; 2] = [Code::CaseFailed, Code::CaseMissingCoverage];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

/// The examples' names without `.md`, in order.
fn examples() -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let documents = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    documents
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

/// The examples that checking finds.
fn of_checking() -> impl Iterator<Item = String> {
    let of_engine = OF_THE_ENGINE.map(|code| code.to_string());
    examples()
        .into_iter()
        .filter(move |example| of_engine.iter().all(|code| code != code_of(example)))
}

/// The example `M0101-why-it-differs` is one of `M0101`.
fn code_of(example: &str) -> &str {
    example.split('-').next().unwrap_or(example)
}

const MANIFEST: &str = "\
name = \"example\"
version = \"1\"
title = { zh = \"例子\", en = \"Example\" }
jurisdiction = \"CN-230100\"
currency = \"CNY\"
languages = [\"zh\", \"en\"]
";

/// The package of the vocabulary and one more document, and what is found in that document or in the manifest.
fn findings(document: Option<&str>) -> (Package, Vec<Diagnostic>) {
    let paths = document
        .iter()
        .map(|name| format!("{name}.md"))
        .chain([VOCABULARY.to_owned()]);
    let mut files: BTreeMap<String, String> = paths
        .map(|path| (path.clone(), std::fs::read_to_string(folder().join(&path)).unwrap()))
        .collect();
    let beside = |end| document.and_then(|name| std::fs::read_to_string(folder().join(format!("{name}.{end}"))).ok());
    if let (Some(name), Some(times)) = (document, beside("repeat")) {
        let text = files.get_mut(&format!("{name}.md")).unwrap();
        let last = text.lines().last().unwrap().to_owned() + "\n";
        text.push_str(&last.repeat(times.trim().parse().unwrap()));
    }
    let (manifest, lock) = (beside("toml"), beside("lock"));
    let is_locked = lock.is_some();
    if let (Some(name), Some(data)) = (document, beside("csv")) {
        files.insert(format!("{name}.csv"), data);
    }
    files.extend(lock.map(|lock| ("meed.lock".to_owned(), lock)));
    files.insert("meed.toml".to_owned(), manifest.unwrap_or_else(|| MANIFEST.to_owned()));
    let package = Package::from_files(files).unwrap();
    let checked = check(&package);
    let mut found = checked.findings().to_vec();
    // Most examples have no lock file, and nothing to say of it.
    found.retain(|one| is_locked || one.code != Code::NotConfirmed);
    if !found.iter().any(|one| one.severity == Severity::Error) {
        found.extend(cases(&checked).err().unwrap_or_default());
    }
    // What one example does not use of the vocabulary is no finding about it.
    if document.is_some() {
        found.retain(|one| {
            package
                .sources
                .get(one.span.file)
                .is_none_or(|file| file.path() != VOCABULARY)
        });
    }
    (package, found)
}

#[test]
fn each_example_has_its_finding_and_reads_well() {
    let assert = Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .normalize_paths(false);
    let mut wrong = Vec::new();
    for example in of_checking() {
        let (package, found) = findings(Some(&example));
        if !found.iter().any(|one| one.code.to_string() == code_of(&example)) {
            wrong.push(example.clone());
        }
        let said = [Lang::En, Lang::Zh]
            .map(|lang| text(&found, &package.sources, lang, Colour::Plain))
            .join("\n");
        let expected = Data::read_from(&folder().join(format!("{example}.txt")), None);
        if let Err(difference) = assert.try_eq(Some(&example), said.into(), expected) {
            println!("{difference}");
            wrong.push(example);
        }
    }
    assert!(
        wrong.is_empty(),
        "these examples are not found or read differently: {wrong:?}"
    );
}

#[test]
fn the_vocabulary_of_the_examples_has_no_error() {
    let (_, found) = findings(None);
    let errors: Vec<_> = found.iter().filter(|one| one.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn every_code_has_an_example() {
    let examples = examples();
    let shown: BTreeSet<&str> = examples.iter().map(|example| code_of(example)).collect();
    let known: BTreeSet<String> = Code::ALL.iter().map(ToString::to_string).collect();
    let unknown: Vec<&&str> = shown.iter().filter(|code| !known.contains(**code)).collect();
    assert!(unknown.is_empty(), "examples of codes that do not exist: {unknown:?}");
    let missing: Vec<Code> = Code::ALL
        .iter()
        .copied()
        .filter(|code| !shown.contains(code.to_string().as_str()))
        .collect();
    assert!(missing.is_empty(), "codes without an example: {missing:?}");
}
