//! Tiny packages from rules, and determinations by them.

use meed_engine::awards::determine::determine;
use meed_engine::result::Determination;
use meed_facts::date::Date;
use meed_rules::diagnostic::{Diagnostic, Severity};
use meed_rules::package::Files;
use meed_rules::{Package, check};

pub const MANIFEST: &str = r#"
name = "tiny"
version = "1"
title = { zh = "小例", en = "Tiny" }
jurisdiction = "CN-230100"
currency = "CNY"
languages = ["zh", "en"]
"#;

/// The day of most determinations.
pub const TODAY: &str = "2023-06-01";

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// The vocabulary that the sentences share.
pub fn vocabulary() -> String {
    include_str!("../semantics/vocabulary.md").to_owned()
}

/// A document with a number, in force always.
pub fn document(number: &str, rules: &str) -> String {
    format!("---\ntitle: {{ zh: 文件, en: Document }}\nnumber: {number}\n---\n\n# Article\n\n```meed\n{rules}\n```\n")
}

/// A package of the vocabulary and one document.
pub fn files(rules: &str) -> Files {
    files_of(&[("document.md", document("1", rules))])
}

pub fn files_of(documents: &[(&str, String)]) -> Files {
    let mut files = Files::from([
        ("meed.toml".to_owned(), MANIFEST.to_owned()),
        ("vocabulary.md".to_owned(), vocabulary()),
    ]);
    files.extend(documents.iter().map(|(path, text)| ((*path).to_owned(), text.clone())));
    files
}

/// The errors that checking finds.
pub fn errors(files: Files) -> Vec<Diagnostic> {
    let package = Package::from_files(files).unwrap();
    let mut found = check(&package).findings().to_vec();
    found.retain(|finding| finding.severity == Severity::Error);
    found
}

/// The determination of facts by a package on a date.
pub fn decide(files: Files, facts: &str, on: &str) -> Determination {
    let package = Package::from_files(files).unwrap();
    let program = check(&package).program(day(on)).unwrap_or_else(|found| {
        let said: Vec<String> = found
            .iter()
            .map(|one| format!("{} {}", one.code, one.message.en))
            .collect();
        panic!("the package has errors: {said:#?}");
    });
    let record = meed_facts::json::read_on(&program.schema, facts, program.date).unwrap();
    determine(&program, &record).unwrap()
}

/// The result without the digest of the package.
pub fn canonical(determination: &Determination) -> String {
    let mut json = determination.to_json();
    json["package"]["digest"] = serde_json::Value::Null;
    meed_facts::json::canonical(&json)
}
