//! What rules mean, as sentences: each document in `semantics/` is a tiny package (with the vocabulary beside it), and each of its cases is a test;
//! another is that all of them hold in the Chinese keywords too.

#![expect(clippy::unwrap_used, reason = "a document that cannot be read fails its tests")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use meed_engine::explain::Layout;
use meed_rules::diagnostic::{Diagnostic, Severity, Sources, Span};
use meed_rules::format::convert;
use meed_rules::phrases::Language;
use meed_rules::{Package, check};

const MANIFEST: &str = r#"
name = "sentences"
version = "1"
title = { zh = "例句", en = "Sentences" }
jurisdiction = "CN-230100"
currency = "CNY"
languages = ["zh", "en"]
calendar = "working-days.csv"
"#;

/// The working days of Harbin: what a sentence says of them is said of the real ones.
const WORKING_DAYS: &str = include_str!("../../../policies/harbin/working-days.csv");

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/semantics");
    let mut documents: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().is_some_and(|name| name != "vocabulary.md"))
        .collect();
    documents.sort();
    let trials = documents.iter().flat_map(|path| trials(path)).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

/// A test that the document checks, one that it holds in Chinese, and one for each case.
fn trials(path: &Path) -> Vec<Trial> {
    let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
    let titles = titles(&fs::read_to_string(path).unwrap());
    let whole = {
        let (path, titles) = (path.to_owned(), titles.clone());
        Trial::test(format!("{stem}::the document checks"), move || checks(&path, titles))
    };
    let chinese = {
        let (path, titles) = (path.to_owned(), titles.clone());
        Trial::test(format!("{stem}::the same in Chinese"), move || {
            let package = package(&path, in_chinese);
            titles.iter().try_for_each(|title| holds(&package, title))
        })
    };
    let cases = titles.into_iter().map(|title| {
        let path = path.to_owned();
        Trial::test(format!("{stem}::{title}"), move || {
            holds(&package(&path, |text| text), &title)
        })
    });
    [whole, chinese].into_iter().chain(cases).collect()
}

/// The titles of a document's cases as they stand at the beginnings of its lines.
fn titles(text: &str) -> Vec<String> {
    let title = |line: &str| Some(line.strip_prefix("case \"")?.split('"').next()?.to_owned());
    text.lines().filter_map(title).collect()
}

/// The document with Chinese keywords.
fn in_chinese(text: String) -> String {
    convert(Sources::new().add("document.md", ""), &text, Language::Chinese).unwrap()
}

fn package(path: &Path, rewritten: fn(String) -> String) -> Package {
    let read = |path: &Path| rewritten(fs::read_to_string(path).unwrap());
    let files = [
        ("meed.toml".to_owned(), MANIFEST.to_owned()),
        ("working-days.csv".to_owned(), WORKING_DAYS.to_owned()),
        ("vocabulary.md".to_owned(), read(&path.with_file_name("vocabulary.md"))),
        (path.file_name().unwrap().to_string_lossy().into_owned(), read(path)),
    ];
    Package::from_files(files.into_iter().collect()).unwrap()
}

/// No errors, and the cases are those that stand there, each once, so that none can vanish.
fn checks(path: &Path, mut titles: Vec<String>) -> Result<(), Failed> {
    let package = package(path, |text| text);
    let checked = check(&package);
    told(&package, checked.findings())?;
    let cases = meed_rules::cases::cases(&checked).map_err(|found| told(&package, &found).err().unwrap())?;
    let mut found: Vec<String> = cases
        .values()
        .flat_map(|on| &on.cases)
        .map(|case| case.title.to_string())
        .collect();
    found.sort();
    found.dedup();
    titles.sort();
    if titles.is_empty() || titles != found {
        return Err(format!("cases by their lines: {titles:?}\nas read: {found:?}").into());
    }
    Ok(())
}

/// All that the case with this title expects comes out, on each of its dates.
fn holds(package: &Package, title: &str) -> Result<(), Failed> {
    let checked = check(package);
    let cases: BTreeMap<_, _> =
        meed_rules::cases::cases(&checked).map_err(|found| told(package, &found).err().unwrap())?;
    let (mut expectations, mut failures) = (0_usize, String::new());
    for (date, on) in &cases {
        let layout = Layout::new(&on.program);
        for case in on.cases.iter().filter(|case| &*case.title == title) {
            expectations = expectations.saturating_add(case.expectations.len());
            for finding in meed_engine::cases::run(&on.program, &layout, case).findings() {
                let place = place(package, finding.span);
                writeln!(failures, "{place} on {date}: {}", finding.message.en).unwrap();
            }
        }
    }
    if expectations == 0 {
        return Err("the case expects nothing".into());
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures.into())
    }
}

/// The errors among the findings.
fn told(package: &Package, findings: &[Diagnostic]) -> Result<(), Failed> {
    let mut text = String::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
        let place = place(package, finding.span);
        writeln!(text, "{place} {}: {}", finding.code, finding.message.en).unwrap();
    }
    if text.is_empty() { Ok(()) } else { Err(text.into()) }
}

fn place(package: &Package, span: Span) -> String {
    let file = package.sources.get(span.file).unwrap();
    format!("{}:{}", file.path(), file.location(span.start).line)
}
