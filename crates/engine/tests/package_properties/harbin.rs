//! The same of the package that the city uses, with its examples as facts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use meed_engine::awards::determine::determine;
use meed_engine::awards::verdict::Verdict;
use meed_engine::columns::Plan;
use meed_engine::result::Determination;
use meed_facts::batch::Builder;
use meed_facts::json::read_on;
use meed_facts::record::Record;
use meed_facts::schema::EntityId;
use meed_rules::package::Files;
use meed_rules::program::Program;
use meed_rules::{Package, check};
use serde_json::Value;

use super::packages::{canonical, day};

/// A day on which the accounting years of the examples have ended.
const ON: &str = "2024-03-01";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

static HARBIN: LazyLock<Files> = LazyLock::new(|| {
    let mut files = Files::new();
    let base = root().join("policies/harbin");
    let mut folders = vec![base.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let inside = path.strip_prefix(&base).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(inside, fs::read_to_string(path).unwrap());
            }
        }
    }
    files
});

static PLAIN: LazyLock<Program> = LazyLock::new(|| program(HARBIN.clone()));

fn program(files: Files) -> Program {
    let package = Package::from_files(files).unwrap();
    check(&package)
        .program(day(ON))
        .unwrap_or_else(|found| panic!("{found:#?}"))
}

fn examples() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = fs::read_dir(root().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap()))
        .collect();
    found.sort();
    assert!(found.len() > 5);
    found
}

fn decide(program: &Program, facts: &str) -> Determination {
    determine(program, &read_on(&program.schema, facts, program.date).unwrap()).unwrap()
}

#[test]
fn the_order_of_documents_changes_nothing() {
    let paths: Vec<&String> = HARBIN.keys().filter(|path| path.ends_with(".md")).collect();
    let renamed = |path: &str| {
        let place = paths.iter().position(|known| *known == path).unwrap();
        format!("{:03}.md", paths.len() - place)
    };
    let turned = HARBIN.iter().map(|(path, text)| {
        let path = if path.ends_with(".md") {
            renamed(path)
        } else {
            path.clone()
        };
        (path, text.clone())
    });
    let turned = program(turned.collect());
    for (name, facts) in examples() {
        let expected = paths.iter().fold(canonical(&decide(&PLAIN, &facts)), |text, path| {
            text.replace(path.as_str(), &renamed(path))
        });
        let same = sorted(&canonical(&decide(&turned, &facts))) == sorted(&expected);
        assert!(same, "{name}");
    }
}

/// The parts of a result by their text.
fn sorted(canonical: &str) -> Value {
    let mut json: Value = serde_json::from_str(canonical).unwrap();
    sort(&mut json);
    json
}

fn sort(json: &mut Value) {
    match json {
        Value::Array(items) => {
            items.iter_mut().for_each(sort);
            items.sort_by_key(Value::to_string);
        }
        Value::Object(members) => members.values_mut().for_each(sort),
        _ => {}
    }
}

#[test]
fn a_stranger_changes_no_other_line() {
    let mut files = HARBIN.clone();
    let stranger = "---\ntitle: { zh: 无关, en: Stranger }\nnumber: stranger\n---\n\n# Stranger\n\n```meed\n\
        measure stranger for Enterprise or Institution or Intermediary { when { always: 1 < 2 } pay 1 CNY once }\n```\n";
    files.insert("aaa.md".to_owned(), stranger.to_owned());
    let with = program(files);
    for (name, facts) in examples() {
        let (mut found, expected) = (decide(&with, &facts).to_json(), decide(&PLAIN, &facts).to_json());
        found["awards"]
            .as_array_mut()
            .unwrap()
            .retain(|line| line["measure"] != "stranger");
        assert!(found["awards"] == expected["awards"], "{name}");
        assert!(found["titles"] == expected["titles"], "{name}");
        assert!(found["services"] == expected["services"], "{name}");
    }
}

#[test]
fn a_document_of_the_following_year_changes_nothing_today() {
    let mut files = HARBIN.clone();
    let later = "---\ntitle: { zh: 修订, en: Amendment }\nnumber: later\nin_force: 2025-01-01..\namends: [哈发〔2023〕3号]\n---\n\n# Later\n\n```meed\n\
        amend overseas_hire { pay 1 CNY }\namend startup_support { talent: not talent_founded }\n```\n";
    files.insert("later.md".to_owned(), later.to_owned());
    let amended = program(files);
    for (name, facts) in examples() {
        assert!(
            canonical(&decide(&amended, &facts)) == canonical(&decide(&PLAIN, &facts)),
            "{name}"
        );
    }
}

#[test]
fn documents_with_chinese_keywords_mean_the_same() {
    let file = meed_rules::diagnostic::Sources::new().add("document.md", "");
    let chinese = HARBIN.iter().map(|(path, text)| {
        let text = match path.ends_with(".md") {
            true => meed_rules::format::convert(file, text, meed_rules::phrases::Language::Chinese).unwrap(),
            false => text.clone(),
        };
        (path.clone(), text)
    });
    let chinese = program(chinese.collect());
    for (name, facts) in examples() {
        assert!(
            canonical(&decide(&chinese, &facts)) == canonical(&decide(&PLAIN, &facts)),
            "{name}"
        );
    }
}

#[test]
fn the_order_of_children_changes_nothing() {
    for (name, facts) in examples() {
        let mut turned: Value = serde_json::from_str(&facts).unwrap();
        turn(&mut turned);
        let without_digest = |facts: &str| {
            let mut json = decide(&PLAIN, facts).to_json();
            json["facts"] = Value::Null;
            sorted(&json.to_string())
        };
        assert!(without_digest(&turned.to_string()) == without_digest(&facts), "{name}");
    }
}

fn turn(json: &mut Value) {
    match json {
        Value::Array(items) => {
            items.iter_mut().for_each(turn);
            items.reverse();
        }
        Value::Object(members) => members.values_mut().for_each(turn),
        _ => {}
    }
}

#[test]
fn forgetting_a_fact_never_reverses_a_verdict_and_only_widens_amounts() {
    for (name, facts) in examples() {
        let whole: Value = serde_json::from_str(&facts).unwrap();
        let full = decide(&PLAIN, &facts);
        let kind = whole.as_object().unwrap().keys().next().unwrap().clone();
        for fact in whole[&kind].as_object().unwrap().keys() {
            let mut less = whole.clone();
            less[&kind].as_object_mut().unwrap().remove(fact);
            let forgotten = decide(&PLAIN, &less.to_string());
            for line in &forgotten.lines {
                for known in full
                    .lines
                    .iter()
                    .filter(|one| one.name == line.name && one.key == line.key)
                {
                    let place = format!("{name} without {fact}: {} {:?}", line.name, line.key);
                    let (less, more) = (line.verdict, known.verdict);
                    assert!(
                        less == Verdict::Undetermined || less == more,
                        "{place}: {less:?} {more:?}"
                    );
                    assert!(line.amount.low.minor() <= known.amount.low.minor(), "{place}");
                    let high =
                        |amount: meed_engine::result::Payable| amount.high.map_or(i128::MAX, |high| high.minor());
                    assert!(high(line.amount) >= high(known.amount), "{place}");
                }
            }
        }
    }
}

#[test]
fn columns_and_explanation_say_the_same_of_every_line() {
    let mut decided = 0;
    for (entity, records) in examples_and_parts() {
        let mut builder = Builder::new(&PLAIN.schema, entity);
        records.iter().for_each(|(_, record)| builder.push(record));
        let plan = Plan::new(&PLAIN, entity);
        let outcome = plan.determine(&builder.finish());
        for ((name, record), due) in records.iter().zip(outcome.each()) {
            let (lines, total) = plan.explain(record);
            assert_eq!(due.lines, lines, "{name}");
            assert_eq!((due.total, due.possible), total, "{name}");
        }
        decided += records.len() - outcome.explained.count();
    }
    assert!(decided > 200, "{decided}");
}

/// The examples, and each without each of its facts, by kind of applicant.
fn examples_and_parts() -> BTreeMap<EntityId, Vec<(String, Record)>> {
    let mut found: BTreeMap<EntityId, Vec<(String, Record)>> = BTreeMap::new();
    let mut add = |name: String, facts: &str| {
        let record = read_on(&PLAIN.schema, facts, PLAIN.date).unwrap();
        found.entry(record.entity).or_default().push((name, record));
    };
    for (name, facts) in examples() {
        let whole: Value = serde_json::from_str(&facts).unwrap();
        let kind = whole.as_object().unwrap().keys().next().unwrap().clone();
        for fact in whole[&kind].as_object().unwrap().keys() {
            let mut less = whole.clone();
            less[&kind].as_object_mut().unwrap().remove(fact);
            add(format!("{name} without {fact}"), &less.to_string());
        }
        add(name, &facts);
    }
    found
}
