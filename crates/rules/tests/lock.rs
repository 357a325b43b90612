//! Words and rules stay together: what moves alone is said, what is confirmed is silent, and layout moves nothing.

#![expect(clippy::unwrap_used, reason = "a package that cannot be read fails its test")]

use meed_rules::lock::{ConfirmError, confirm, is_about_lock};
use meed_rules::package::Files;
use meed_rules::{Package, check};
use meed_syntax::diagnostic::{Code, FileId};
use meed_syntax::phrases::Language;

const MANIFEST: &str = "\
name = \"small\"
version = \"1\"
title = { zh = \"小\", en = \"Small\" }
jurisdiction = \"CN-230100\"
currency = \"CNY\"
";

const LAW: &str = "\
---
title: { zh: 办法, en: Measures }
number: 哈〔2023〕1号
source: secondary
in_force: 2023-01-01..
---

# 总则

## 第一条 奖励

高新技术企业，奖励十万元。

```meed
entity Firm
parameter reward = 10万 CNY
```

## 第二条 金额

按两年计。

```meed
parameter years = 2
case \"ten\" on 2024-01-01 for Firm { given {} expect { reward: 10万 CNY } }
```
";

fn package(law: &str, lock: Option<&str>) -> Package {
    let mut files: Files = [("meed.toml", MANIFEST), ("law.md", law)]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into();
    files.extend(lock.map(|lock| ("meed.lock".to_owned(), lock.to_owned())));
    Package::from_files(files).unwrap()
}

/// What is said of the lock.
fn said(law: &str, lock: Option<&str>) -> Vec<(Code, String)> {
    let package = package(law, lock);
    let found = check(&package).findings().to_vec();
    let of_lock = found.iter().filter(|one| is_about_lock(one.code));
    of_lock
        .map(|one| {
            let file = package.sources.get(one.span.file).unwrap();
            let line = file.location(one.span.start).line;
            (one.code, format!("{}:{line}", file.path()))
        })
        .collect()
}

fn locked(law: &str) -> String {
    confirm(&check(&package(law, None)), None).unwrap().text
}

#[test]
fn a_package_without_a_lock_file_is_told_once() {
    assert_eq!(said(LAW, None), [(Code::NotConfirmed, "meed.toml:1".to_owned())]);
}

/// A vocabulary page quotes no law: what it defines counts, and no word around it.
#[test]
fn definitions_of_the_vocabulary_are_confirmed_too() {
    let words = "---\ntitle: { zh: 词汇, en: Words }\n---\n\n```meed\nagency bureau\n```\n\n# 比例\n\n占比。\n\n```meed\ndefine share = 10%\n```\n";
    let with = |words: &str, lock: Option<&str>| {
        let mut files: Files = [("meed.toml", MANIFEST), ("law.md", LAW), ("words.md", words)]
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .into();
        files.extend(lock.map(|lock| ("meed.lock".to_owned(), lock.to_owned())));
        Package::from_files(files).unwrap()
    };
    let lock = confirm(&check(&with(words, None)), None).unwrap().text;
    let said = |words: &str| -> Vec<(Code, String)> {
        let package = with(words, Some(&lock));
        let found = check(&package).findings().to_vec();
        let of_lock = found.iter().filter(|one| is_about_lock(one.code));
        of_lock.map(|one| (one.code, one.message.en.clone())).collect()
    };
    assert_eq!(said(words), []);
    assert_eq!(said(&words.replace("占比", "份额")), []);
    let changed = |place: &str| {
        let message = format!("`words.md{place}` changed since it was confirmed");
        [(Code::RulesChanged, message)]
    };
    assert_eq!(said(&words.replace("10%", "20%")), changed(": 比例"));
    assert_eq!(said(&words.replace("agency bureau", "agency board")), changed(""));
}

#[test]
fn what_is_confirmed_is_silent() {
    assert_eq!(said(LAW, Some(&locked(LAW))), []);
}

#[test]
fn what_moves_alone_or_together_is_said_at_its_article() {
    let lock = locked(LAW);
    let words = LAW.replace("奖励十万元", "奖励二十万元");
    assert_eq!(said(&words, Some(&lock)), [(Code::TextChanged, "law.md:10".to_owned())]);
    let rules = LAW.replace("reward = 10万", "reward = 20万");
    assert_eq!(
        said(&rules, Some(&lock)),
        [(Code::RulesChanged, "law.md:10".to_owned())]
    );
    let both = words.replace("reward = 10万", "reward = 20万");
    assert_eq!(said(&both, Some(&lock)), [(Code::NotConfirmed, "law.md:10".to_owned())]);
    let front = LAW.replace("2023-01-01..", "2024-01-01..");
    assert_eq!(said(&front, Some(&lock)), [(Code::RulesChanged, "law.md:1".to_owned())]);
}

#[test]
fn renamed_articles_are_new_and_their_old_entries_stale() {
    let lock = locked(LAW);
    let renamed = LAW.replace("第二条 金额", "第二条 年数");
    let said = said(&renamed, Some(&lock));
    let codes: Vec<Code> = said.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, [Code::NotConfirmed, Code::StaleLock]);
    assert!(said[1].1.starts_with("meed.lock:"), "{said:?}");
    let anew = confirm(&check(&package(&renamed, Some(&lock))), None).unwrap();
    assert_eq!(anew.entries, ["law.md: 总则 / 第二条 年数"]);
    assert_eq!(anew.removed, ["law.md: 总则 / 第二条 金额"]);
}

#[test]
fn one_article_is_confirmed_by_its_heading_and_the_others_stay_open() {
    let lock = locked(LAW);
    let moved = LAW
        .replace("奖励十万元", "奖励二十万元")
        .replace("按两年计", "按三年计");
    let package = package(&moved, Some(&lock));
    let confirmed = confirm(&check(&package), Some("第一条 奖励")).unwrap();
    assert_eq!(confirmed.entries, ["law.md: 总则 / 第一条 奖励"]);
    assert_eq!(
        said(&moved, Some(&confirmed.text)),
        [(Code::TextChanged, "law.md:19".to_owned())]
    );
    let wrong = confirm(&check(&package), Some("第一条 奖厉"));
    let Err(ConfirmError::Unknown { nearest, .. }) = wrong else {
        panic!("{wrong:?}")
    };
    assert_eq!(nearest.as_deref(), Some("第一条 奖励"));
}

#[test]
fn layout_cases_and_the_language_of_keywords_move_nothing() {
    let lock = locked(LAW);
    let cases = LAW.replace("case \"ten\"", "case \"ten is ten\"");
    assert_eq!(said(&cases, Some(&lock)), []);
    let loose = LAW.replace("reward = 10万 CNY", "reward   =   100_000 CNY  # ten");
    assert_eq!(said(&loose, Some(&lock)), []);
    let laid_out = meed_syntax::format::format(FileId(0), &loose).unwrap();
    assert_eq!(said(&laid_out, Some(&lock)), []);
    let chinese = meed_syntax::format::convert(FileId(0), LAW, Language::Chinese).unwrap();
    assert_ne!(chinese, LAW);
    assert_eq!(said(&chinese, Some(&lock)), []);
}

#[test]
fn a_lock_file_that_cannot_be_read_is_said_with_its_place() {
    let lock = locked(LAW);
    assert_eq!(
        said(LAW, Some(&lock.replace("version = 1", "version = 9"))),
        [(Code::BadLock, "meed.lock:4".to_owned())]
    );
    assert_eq!(said(LAW, Some(&format!("{lock}<<<<<<< HEAD\n")))[0].0, Code::BadLock);
}
