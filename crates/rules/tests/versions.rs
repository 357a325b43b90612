//! A rule whose version a date among the facts decides has a version for each time in which all that it reads is the same: no change is missed, and a day on which
//! only something else changes begins none.

#![expect(clippy::unwrap_used, reason = "a package that cannot be read fails its test")]

use meed_facts::date::Date;
use meed_rules::package::Files;
use meed_rules::{Package, check};

const MANIFEST: &str = "\
name = \"versions\"
version = \"1\"
title = { zh = \"版本\", en = \"Versions\" }
jurisdiction = \"CN-230100\"
currency = \"CNY\"
";

/// What the measure reads stands elsewhere, and something that it does not read changes in 2012, 2016 and 2020.
const LAW: &str = "\
# 1

```meed
entity Talent
facts of Talent from table
```

| fact | type | 中文 | English | source |
|---|---|---|---|---|
| hired_on | date | 聘用日期 | Hired on | declared |
| grade | number | 得分 | Grade | declared |

```meed
parameter unread { ..2012-01-01: 1  2012-01-01..2016-01-01: 2  2016-01-01..2020-01-01: 3  2020-01-01..: 4 }
define through of Talent = IT
measure m for Talent { anchored at hired_on when { one: through > bar } pay 100 CNY once }
parameter bar = 1
```
";

/// The days on which versions of the measure begin, where `through` is an expression and two documents before and after 2014-06-01 state what it reads.
fn beginnings(through: &str, [before, after]: [&str; 2]) -> Vec<String> {
    let document = |number: u8, in_force: &str, text: &str| {
        format!(
            "---\ntitle: {{ zh: 文, en: Text }}\nnumber: 哈〔{number}〕\nsource: official\nin_force: {in_force}\n---\n\n{text}"
        )
    };
    let block = |text: &str| {
        let (rules, rows) = text.split_once("\n\n").unwrap_or((text, ""));
        format!("# 1\n\n```meed\n{rules}\n```\n\n{rows}\n")
    };
    let files = [
        ("meed.toml", MANIFEST.to_owned()),
        ("law.md", document(1, "2010-01-01..", &LAW.replace("IT", through))),
        ("before.md", document(2, "2010-01-01..2014-06-01", &block(before))),
        ("after.md", document(3, "2014-06-01..", &block(after))),
    ];
    let files: Files = files.map(|(path, text)| (path.to_owned(), text)).into();
    let package = Package::from_files(files).unwrap();
    let checked = check(&package);
    let program = checked.program(Date::parse("2024-01-01").unwrap()).unwrap();
    let (_, measure) = program.measures.iter().next().unwrap();
    let begins = measure.rules.iter().map(|rules| rules.in_force.from);
    begins.map(|day| day.unwrap().to_string()).collect()
}

const CHANGES: [&str; 2] = ["2010-01-01", "2014-06-01"];

#[test]
fn what_does_not_change_has_one_version() {
    let same = "define it of Talent = grade";
    assert_eq!(beginnings("grade", ["", ""]), ["2010-01-01"]);
    assert_eq!(beginnings("it", [same, same]), ["2010-01-01"]);
}

#[test]
fn a_definition() {
    let versions = ["define it of Talent = grade", "define it of Talent = grade + 1"];
    assert_eq!(beginnings("it", versions), CHANGES);
}

#[test]
fn a_parameter_and_its_entries() {
    assert_eq!(
        beginnings("grade + it", ["parameter it = 2", "parameter it = 3"]),
        CHANGES
    );
    let entries = ["parameter it { ..2013-01-01: 2  2013-01-01..: 3 }", "parameter it = 3"];
    assert_eq!(
        beginnings("grade + it", entries),
        ["2010-01-01", "2013-01-01", "2014-06-01"]
    );
}

#[test]
fn an_exception_that_another_document_adds() {
    let versions = [
        "define it of Talent = grade\nexcept low of it: when grade < 5 then 5",
        "define it of Talent = grade",
    ];
    let shared = "define it of Talent = grade";
    let _ = shared;
    assert_eq!(beginnings("it", versions), CHANGES);
}

#[test]
fn a_sheet() {
    let sheet = |points: u8| format!("sheet it of Talent {{ group all {{ known: {points} }} }}");
    assert_eq!(beginnings("grade + it", [&sheet(2), &sheet(3)]), CHANGES);
}

#[test]
fn a_table() {
    let table = |points: u8| {
        format!(
            "score it(value: number) from table, first match\n\n| value | points |\n|---|---|\n| >= 20 | {points} |\n| otherwise | 0 |"
        )
    };
    assert_eq!(beginnings("it(grade)", [&table(2), &table(3)]), CHANGES);
}

#[test]
fn the_criteria_of_a_title() {
    let title = |least: u8| format!("title master of Talent {{ criteria {{ large: grade >= {least} }} }}");
    let through = "cases { meets(master): grade  otherwise: 0 }";
    assert_eq!(beginnings(through, [&title(2), &title(3)]), CHANGES);
}
