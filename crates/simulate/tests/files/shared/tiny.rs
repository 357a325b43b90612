//! A package that is as small as one can be, and simulations over it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use meed_facts::date::Date;
use meed_facts::label::Label;
use meed_rules::package::Files;
use meed_rules::program::Program;
use meed_rules::{Package, check};
use meed_simulate::reform::scenario::Scenario;
use meed_simulate::reform::{Options, Simulation, simulate};
use meed_tables::results::Format;

const MANIFEST: &str = r#"
name = "tiny"
version = "1"
title = { zh = "小例", en = "Tiny" }
jurisdiction = "CN-230100"
currency = "CNY"
languages = ["zh", "en"]
"#;

/// The document's beginning: enterprises of which it is known whether they are clean, and their size; what follows goes on with the table
/// of their facts.
pub const ENTERPRISES: &str = r#"---
title: { zh: 文件, en: Document }
number: 1
---

# Article

```meed
agency province zh "省" en "Province"
agency city zh "市" en "City"
entity Enterprise zh "企业" en "Enterprise" key id
facts of Enterprise from table
```

| fact | type | 中文 | English | source |
|---|---|---|---|---|
| id | text | 编号 | Number | registry |
| clean | bool | 合格 | Clean | registry |
| size | CNY | 规模 | Size | declared |
"#;

/// The package with these rules.
pub fn files(rules: &str) -> Files {
    Files::from([
        ("meed.toml".to_owned(), MANIFEST.to_owned()),
        ("rules.md".to_owned(), rules.to_owned()),
    ])
}

/// What a package means on a day.
pub fn program(files: Files, on: &str) -> Program {
    let package = Package::from_files(files).unwrap();
    let program = check(&package).program(Date::parse(on).unwrap());
    program.map_err(|found| format!("{found:?}")).unwrap()
}

/// What is simulated under a name.
pub fn scenario(name: &str, program: Program) -> Scenario {
    Scenario {
        name: name.to_owned(),
        title: Label::default(),
        reform: None,
        program,
    }
}

/// A simulation of nothing but its scenarios, into a folder inside another.
pub fn options(folder: &Path, out: &str, facts: PathBuf) -> Options {
    Options {
        out: folder.join(out),
        format: Format::Csv,
        threads: 2,
        facts,
        applicant: None,
        ignored: BTreeSet::new(),
        by: Vec::new(),
        take_up: Vec::new(),
        step: None,
        months: false,
    }
}

/// What a file of the folder says.
pub type Read = Box<dyn Fn(&str) -> String>;

/// Scenarios over some lines, with what the folder tells.
pub fn simulated(
    scenarios: Vec<Scenario>,
    lines: &[impl AsRef<str>],
    ask: impl FnOnce(Options) -> Options,
) -> (Simulation, Read) {
    let folder = tempfile::tempdir().unwrap();
    let facts = folder.path().join("facts.jsonl");
    let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
    fs::write(&facts, lines.join("\n")).unwrap();
    let options = ask(options(folder.path(), "out", facts));
    let found = simulate(scenarios, &options, |_, _| ()).unwrap();
    let read = move |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    (found, Box::new(read))
}
