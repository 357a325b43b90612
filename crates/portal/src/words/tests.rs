use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::FILES;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Key → the names of the values in it.
fn keys(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut last = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" =")
            && line.starts_with(|c: char| c.is_ascii_lowercase())
        {
            last = key.to_owned();
            assert!(
                found.insert(last.clone(), BTreeSet::new()).is_none(),
                "{last} stands twice"
            );
        }
        for part in line.split("{ $").chain(line.split("{$")).skip(1) {
            let name: String = part
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            found.entry(last.clone()).or_default().insert(name);
        }
    }
    found
}

#[test]
fn both_languages_say_the_same_things_about_the_same_values() {
    for (topic, [zh, en]) in FILES {
        let (zh, en) = (keys(zh), keys(en));
        let names = |keys: &BTreeMap<String, _>| keys.keys().cloned().collect::<BTreeSet<_>>();
        let only: Vec<_> = names(&zh).symmetric_difference(&names(&en)).cloned().collect();
        assert!(only.is_empty(), "{topic}: in one language only: {only:?}");
        assert!(!zh.is_empty(), "{topic} says nothing");
    }
}

#[test]
fn every_file_of_words_is_read() {
    for lang in ["zh", "en"] {
        let listed: BTreeSet<String> = FILES.iter().map(|(topic, _)| format!("{topic}.ftl")).collect();
        let there = std::fs::read_dir(folder("words").join(lang)).unwrap();
        let there = there
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(listed, there, "{lang}");
    }
}

#[test]
fn every_file_of_words_is_fluent() {
    for (topic, texts) in FILES {
        for text in texts {
            let read = fluent_bundle::FluentResource::try_new((*text).to_owned());
            assert!(read.is_ok(), "{topic}: {:?}", read.err().map(|(_, errors)| errors));
        }
    }
}

/// Keys that code names: `t("…")`, `words.with("…"`. Those that it puts together have their own tests.
fn named(folder: &Path, into: &mut BTreeMap<String, PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            named(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            let compact: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
            for start in [
                ".t(\"",
                "words.with(\"",
                "words.with( \"",
                "words .with(\"",
                "words .with( \"",
            ] {
                for part in compact.split(start).skip(1) {
                    let key = part.split('"').next().unwrap().to_owned();
                    into.insert(key, path.clone());
                }
            }
        }
    }
}

#[test]
fn every_key_that_the_code_names_is_written() {
    let written: BTreeSet<String> = FILES.iter().flat_map(|(_, [zh, _])| keys(zh).into_keys()).collect();
    let mut used = BTreeMap::new();
    named(&folder("src"), &mut used);
    assert!(!used.is_empty());
    let missing: Vec<_> = used.iter().filter(|(key, _)| !written.contains(*key)).collect();
    assert!(missing.is_empty(), "nobody wrote: {missing:?}");
}

#[test]
fn every_link_of_the_navigation_and_every_fault_has_words() {
    use crate::fault::Fault;
    use meed_syntax::diagnostic::Message;
    let written: BTreeSet<String> = FILES.iter().flat_map(|(_, [zh, _])| keys(zh).into_keys()).collect();
    let links = crate::view::NAVIGATION.iter();
    let mut used: Vec<String> = links
        .flat_map(|(group, links)| std::iter::once(*group).chain(links.iter().map(|(_, key, _)| *key)))
        .map(str::to_owned)
        .collect();
    let faults = [
        Fault::Absent,
        Fault::SignIn,
        Fault::StepUp,
        Fault::Token,
        Fault::NotYours,
        Fault::Bad(Message::new("", "")),
        Fault::Denied(serde_json::Value::Null),
        Fault::Undecided(serde_json::Value::Null),
        Fault::Form,
        Fault::Stale,
        Fault::Reused,
        Fault::Required("If-Match"),
        Fault::Busy(1),
        Fault::Unable(Message::new("", "")),
        Fault::Broken(String::new()),
    ];
    used.extend(faults.iter().map(|fault| fault.key().to_owned()));
    let links = crate::view::NAVIGATION.iter().flat_map(|(_, links)| links.iter());
    used.extend(links.map(|(_, key, _)| format!("{key}-about")));
    let missing: Vec<_> = used.iter().filter(|key| !written.contains(*key)).collect();
    assert!(missing.is_empty(), "nobody wrote: {missing:?}");
}

#[test]
fn every_act_field_choice_state_and_role_has_words() {
    use meed_office::command::forms;
    use meed_office::people::Role;
    let dashed = |text: String| text.replace(['_', '.'], "-");
    let mut used: BTreeSet<String> = BTreeSet::new();
    for form in forms() {
        used.insert(dashed(format!("act-{}", form.kind())));
        used.extend(form.fields.iter().map(|field| dashed(format!("field-{}", field.name))));
    }
    for machine in meed_office::machine::ALL {
        used.extend(
            machine
                .states
                .iter()
                .map(|state| dashed(format!("state-{}-{state}", machine.table))),
        );
    }
    used.extend(Role::ALL.map(|role| dashed(format!("role-{role}"))));
    for field in forms().iter().flat_map(|form| &form.fields) {
        if let meed_office::command::Kind::Choice(words) = field.kind {
            used.extend(words.iter().map(|word| dashed(format!("choice-{word}"))));
        }
    }
    let written: BTreeSet<String> = FILES.iter().flat_map(|(_, [zh, _])| keys(zh).into_keys()).collect();
    let missing: Vec<_> = used.difference(&written).collect();
    assert!(missing.is_empty(), "nobody wrote: {missing:?}");
}
