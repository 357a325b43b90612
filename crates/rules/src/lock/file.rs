//! `meed.lock` as a file: TOML, sorted, one line an article, so that a change of the law is one line in a diff.

use std::collections::BTreeMap;

use meed_syntax::diagnostic::{Code, Diagnostic, FileId, Message, Span};
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// The version of the format. A lock file of another version is confirmed anew.
const VERSION: u32 = 1;

const HEAD: &str = "# Which words and which rules a person has compared with each other: \"article\" = [words, rules].\n\
                    # Written by `meed confirm`, not by hand.\n\n";

/// What was confirmed of one article, as digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Locked {
    /// Of its words; empty for a data file.
    pub(super) text: String,
    /// Of its rules.
    pub(super) rules: String,
}

/// Entries by document and heading.
pub(super) type Entries = BTreeMap<String, BTreeMap<String, Locked>>;

/// A lock file as it was read, with places.
#[derive(Debug, Default)]
pub(super) struct Written(BTreeMap<String, BTreeMap<String, Placed>>);

/// An entry with its first byte in the lock file and the one after its last.
type Placed = (Locked, (u32, u32));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: Spanned<u32>,
    #[serde(default)]
    articles: BTreeMap<String, BTreeMap<String, Spanned<[String; 2]>>>,
}

#[derive(Serialize)]
struct RawOut<'a> {
    version: u32,
    articles: BTreeMap<&'a str, BTreeMap<&'a str, [&'a str; 2]>>,
}

/// Reads a lock file.
pub(super) fn read(text: &str, file: FileId) -> Result<Written, Box<Diagnostic>> {
    let place = |range: std::ops::Range<usize>| {
        let at = |byte| u32::try_from(byte).unwrap_or(u32::MAX);
        (at(range.start), at(range.end))
    };
    let bad = |(start, end): (u32, u32), en: String, zh: String| {
        Box::new(
            Diagnostic::new(Code::BadLock, Span::new(file, start, end), Message::new(en, zh)).help((
                "restore the file, or read all articles again and run `meed confirm`",
                "请恢复该文件，或重新核对全部条款后运行 `meed confirm`",
            )),
        )
    };
    let raw: Raw = toml::from_str(text).map_err(|error| {
        let message = error.message();
        bad(
            place(error.span().unwrap_or(0..0)),
            format!("meed.lock cannot be read: {message}"),
            format!("meed.lock 无法读取：{message}"),
        )
    })?;
    if *raw.version.get_ref() != VERSION {
        let found = raw.version.get_ref();
        return Err(bad(
            place(raw.version.span()),
            format!("meed.lock has version {found}, this Meed reads version {VERSION}"),
            format!("meed.lock 的版本为 {found}，此程序只读版本 {VERSION}"),
        ));
    }
    let entry = |spanned: Spanned<[String; 2]>| {
        let at = place(spanned.span());
        let [text, rules] = spanned.into_inner();
        (Locked { text, rules }, at)
    };
    let of_document = |entries: BTreeMap<String, Spanned<[String; 2]>>| {
        entries
            .into_iter()
            .map(|(heading, locked)| (heading, entry(locked)))
            .collect()
    };
    Ok(Written(
        raw.articles
            .into_iter()
            .map(|(document, entries)| (document, of_document(entries)))
            .collect(),
    ))
}

/// Writes a lock file.
pub(super) fn write(entries: &Entries) -> String {
    let articles = entries
        .iter()
        .map(|(document, of)| {
            let of = of
                .iter()
                .map(|(heading, locked)| (heading.as_str(), [locked.text.as_str(), locked.rules.as_str()]));
            (document.as_str(), of.collect())
        })
        .collect();
    let raw = RawOut {
        version: VERSION,
        articles,
    };
    // Strings in tables: writing them to memory does not fail.
    format!("{HEAD}{}", toml::to_string(&raw).unwrap_or_default())
}

impl Written {
    /// What was confirmed of an article.
    pub(super) fn get(&self, document: &str, heading: &str) -> Option<&Locked> {
        self.0.get(document)?.get(heading).map(|(locked, _)| locked)
    }

    /// All entries.
    pub(super) fn entries(&self) -> Entries {
        let of = |entries: &BTreeMap<String, Placed>| {
            entries
                .iter()
                .map(|(heading, (locked, _))| (heading.clone(), locked.clone()))
                .collect()
        };
        self.0
            .iter()
            .map(|(document, entries)| (document.clone(), of(entries)))
            .collect()
    }

    /// Document, heading and place in the lock file of each entry.
    pub(super) fn places(&self) -> impl Iterator<Item = (&str, &str, (u32, u32))> {
        self.0.iter().flat_map(|(document, entries)| {
            entries
                .iter()
                .map(|(heading, (_, at))| (document.as_str(), heading.as_str(), *at))
        })
    }
}
