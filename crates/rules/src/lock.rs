//! The lock file `meed.lock`: that a person has compared each article's words with its rules.
//!
//! For each article with rules it holds a digest of its words and one of its rules, and one for each data file and each part of a vocabulary page. When
//! either moves, the article has to be read again; what `meed fmt` changes moves no digest.
//!
//! | module | idea |
//! |---|---|
//! | `digest` | what of an article's words and rules counts |
//! | `file` | the file itself |

mod digest;
mod file;

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_syntax::ast::{Article, AstNode, Block, Item};
use meed_syntax::diagnostic::{Code, Diagnostic, FileId, Message, Span};
use meed_syntax::threads;

use crate::check::Checked;
use crate::package::PolicyDocument;
use crate::program::Document;
use file::{Locked, Written};

/// The heading under which the front matter and the words before the first heading are locked.
const FRONT: &str = "(front matter)";
/// As many bytes of documents take about a millisecond.
const WORTH_A_THREAD: usize = 100_000;

/// What `meed confirm` writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The new `meed.lock`.
    pub text: String,
    /// Articles whose entry is new or changed, and data files: `document: heading / heading`.
    pub entries: Vec<String>,
    /// Entries of what is gone.
    pub removed: Vec<String>,
}

/// An article that cannot be confirmed by that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmError {
    /// No article is called so.
    #[error("there is no article with rules called `{name}`; {}", near(.nearest.as_deref()))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The nearest known one.
        nearest: Option<String>,
    },
    /// Several are.
    #[error("several articles are called `{name}`; name one of them in full: {}", .candidates.join("; "))]
    Ambiguous {
        /// The name asked for.
        name: String,
        /// Their full names.
        candidates: Vec<String>,
    },
}

impl ConfirmError {
    /// What is wrong with the name, in both languages.
    pub fn words(&self) -> Message {
        let zh = match self {
            ConfirmError::Unknown { name, nearest } => {
                let help = nearest.as_ref().map_or_else(
                    || "用 `meed show` 查看全部条款".to_owned(),
                    |near| format!("是否指 `{near}`？"),
                );
                format!("没有名为 `{name}` 且含规则的条款；{help}")
            }
            ConfirmError::Ambiguous { name, candidates } => {
                format!("有多个条款名为 `{name}`，请写全称：{}", candidates.join("；"))
            }
        };
        Message::new(self.to_string(), zh)
    }
}

/// Whether confirming can settle a finding of this code.
pub fn is_about_lock(code: Code) -> bool {
    matches!(
        code,
        Code::TextChanged | Code::RulesChanged | Code::NotConfirmed | Code::StaleLock | Code::BadLock
    )
}

fn near(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "`meed show` lists all articles".to_owned(),
        |near| format!("did you mean `{near}`?"),
    )
}

/// An article with rules as it stands now, or a data file.
#[derive(Clone, Debug)]
struct Entry {
    document: Arc<str>,
    heading: String,
    span: Span,
    now: Locked,
}

/// Finds articles whose words and rules have not been confirmed together.
pub(crate) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    let package = checked.package();
    let entries = entries(checked);
    let Some(lock) = package.lock else {
        if let (Some((manifest, _)), false) = (package.sources.iter().next(), entries.is_empty()) {
            let message = Message::new(
                "the package has no meed.lock: nobody has confirmed that its rules say what its articles say",
                "规则包没有 meed.lock：尚无人确认规则与条文一致",
            );
            findings.push(
                Diagnostic::warning(Code::NotConfirmed, Span::new(manifest, 0, 0), message).help((
                    "read each article against its rules, then run `meed confirm`",
                    "请逐条核对条文与规则，然后运行 `meed confirm`",
                )),
            );
        }
        return;
    };
    match file::read(package.sources.get(lock).map_or("", |file| file.text()), lock) {
        Ok(written) => compare(&entries, &written, lock, findings),
        Err(found) => findings.push(*found),
    }
}

fn compare(entries: &[Entry], written: &Written, lock: FileId, findings: &mut Vec<Diagnostic>) {
    for entry in entries {
        if let Some(finding) = entry.finding(written.get(&entry.document, &entry.heading)) {
            findings.push(finding);
        }
    }
    for (document, heading, range) in written.places() {
        let exists = entries
            .iter()
            .any(|entry| *entry.document == *document && entry.heading == heading);
        if !exists {
            let message = Message::new(
                format!("the article `{heading}` of {document} is gone"),
                format!("{document} 的条款“{heading}”已不存在"),
            );
            let span = Span::new(lock, range.0, range.1);
            findings.push(
                Diagnostic::new(Code::StaleLock, span, message)
                    .help(("`meed confirm` removes the entry", "运行 `meed confirm` 可清除此项")),
            );
        }
    }
}

/// Records that a person has read an article (`None`: all of them) against its rules.
///
/// An article is named by its heading, its whole path `heading / heading`, or `document: heading / heading`; a document's path names all of its articles.
///
/// # Errors
/// The name fits no article, or several.
pub fn confirm(checked: &Checked<'_>, article: Option<&str>) -> Result<Confirmed, ConfirmError> {
    let entries = entries(checked);
    let package = checked.package();
    // A lock file that cannot be read is written anew.
    let written = package
        .lock
        .and_then(|lock| file::read(package.sources.get(lock)?.text(), lock).ok())
        .unwrap_or_default();
    let chosen: Vec<&Entry> = match article {
        None => entries.iter().collect(),
        Some(name) => choose(&entries, name)?,
    };
    let mut next = if article.is_some() {
        written.entries()
    } else {
        BTreeMap::new()
    };
    let mut changed = Vec::new();
    for entry in chosen {
        if written.get(&entry.document, &entry.heading) != Some(&entry.now) {
            changed.push(entry.name());
        }
        next.entry(entry.document.to_string())
            .or_default()
            .insert(entry.heading.clone(), entry.now.clone());
    }
    let removed = written
        .places()
        .filter(|(document, heading, _)| !next.get(*document).is_some_and(|of| of.contains_key(*heading)))
        .map(|(document, heading, _)| format!("{document}: {heading}"))
        .collect();
    Ok(Confirmed {
        text: file::write(&next),
        entries: changed,
        removed,
    })
}

fn choose<'e>(entries: &'e [Entry], name: &str) -> Result<Vec<&'e Entry>, ConfirmError> {
    let of_document: Vec<&Entry> = entries.iter().filter(|entry| *entry.document == *name).collect();
    if !of_document.is_empty() {
        return Ok(of_document);
    }
    let fits = |entry: &&Entry| {
        entry.name() == name || entry.heading == name || entry.heading.rsplit(" / ").next() == Some(name)
    };
    let chosen: Vec<&Entry> = entries.iter().filter(fits).collect();
    match chosen.as_slice() {
        [_] => Ok(chosen),
        [] => {
            let last = |entry: &'e Entry| entry.heading.rsplit(" / ").next().unwrap_or_default();
            Err(ConfirmError::Unknown {
                name: name.to_owned(),
                nearest: crate::near::nearest(name, entries.iter().map(last)).map(str::to_owned),
            })
        }
        several => Err(ConfirmError::Ambiguous {
            name: name.to_owned(),
            candidates: several.iter().map(|entry| entry.name()).collect(),
        }),
    }
}

impl Entry {
    fn name(&self) -> String {
        if self.heading.is_empty() {
            self.document.to_string()
        } else {
            format!("{}: {}", self.document, self.heading)
        }
    }

    fn finding(&self, confirmed: Option<&Locked>) -> Option<Diagnostic> {
        let name = self.name();
        let (code, en, zh) = match confirmed {
            Some(confirmed) if *confirmed == self.now => return None,
            None => (Code::NotConfirmed, "has not been confirmed yet", "尚未确认"),
            Some(_) if self.now.text.is_empty() => {
                (Code::RulesChanged, "changed since it was confirmed", "确认之后有改动")
            }
            Some(confirmed) => match (confirmed.text == self.now.text, confirmed.rules == self.now.rules) {
                (_, true) => (
                    Code::TextChanged,
                    "changed its words since it was confirmed, its rules did not change",
                    "确认之后条文有改动，规则未改",
                ),
                (true, false) => (
                    Code::RulesChanged,
                    "changed its rules since it was confirmed, its words did not change",
                    "确认之后规则有改动，条文未改",
                ),
                (false, false) => (
                    Code::NotConfirmed,
                    "changed its words and its rules since it was confirmed",
                    "确认之后条文与规则均有改动",
                ),
            },
        };
        let message = Message::new(format!("`{name}` {en}"), format!("“{name}”{zh}"));
        let help = Message::new(
            format!("read the words against the rules, then run `meed confirm PACKAGE \"{name}\"`"),
            format!("请对照条文与规则，然后运行 `meed confirm 规则包 \"{name}\"`"),
        );
        Some(Diagnostic::new(code, self.span, message).help(help))
    }
}

/// Everything that has to be confirmed, by document and heading. Vocabulary pages quote no law, so only what they define counts; cases are no rules.
fn entries(checked: &Checked<'_>) -> Vec<Entry> {
    let package = checked.package();
    let mut all: BTreeMap<(Arc<str>, String), Entry> = BTreeMap::new();
    let documents: Vec<(&PolicyDocument, &Document)> =
        package.documents.iter().zip(checked.documents().values()).collect();
    let of = |(document, about): &(&PolicyDocument, &Document)| match about.number {
        Some(_) => of_document(document),
        None => of_vocabulary(document),
    };
    let helpers = threads::helpers(package.bytes() / WORTH_A_THREAD);
    let found = threads::in_order(&documents, helpers, || of, of);
    found.into_iter().flatten().for_each(|entry| merge(&mut all, entry));
    for (path, file) in &package.data {
        let text = package.sources.get(*file).map_or("", |file| file.text());
        let entry = Entry {
            document: path.as_str().into(),
            heading: String::new(),
            span: Span::new(*file, 0, 0),
            now: Locked {
                text: String::new(),
                rules: digest::of_data(text),
            },
        };
        merge(&mut all, entry);
    }
    all.into_values().collect()
}

/// Articles of one name are confirmed together.
fn merge(all: &mut BTreeMap<(Arc<str>, String), Entry>, entry: Entry) {
    let key = (entry.document.clone(), entry.heading.clone());
    match all.get_mut(&key) {
        Some(first) => {
            first.now.text = digest::of_both(&first.now.text, &entry.now.text);
            first.now.rules = digest::of_both(&first.now.rules, &entry.now.rules);
        }
        None => {
            all.insert(key, entry);
        }
    }
}

fn of_document(document: &PolicyDocument) -> Vec<Entry> {
    let articles = document.document().articles();
    let mut entries = Vec::new();
    if let Some(front) = document.document().front_matter() {
        let words = articles.first().filter(|first| first.path.is_empty());
        let range = front.range();
        entries.push(Entry {
            document: document.path.clone(),
            heading: FRONT.to_owned(),
            span: Span::new(document.file, range.start().into(), range.end().into()),
            now: Locked {
                text: digest::of_words(words.map_or("", |first| &first.prose)),
                rules: digest::of_front(&front),
            },
        });
    }
    let under_headings = articles.iter().filter(|article| !article.path.is_empty());
    entries.extend(under_headings.filter_map(|article| of_article(document, article)));
    entries
}

/// The definitions of a vocabulary page, without the words around them.
fn of_vocabulary(document: &PolicyDocument) -> Vec<Entry> {
    let articles = document.document().articles();
    let found = articles.iter().filter_map(|article| of_article(document, article));
    found
        .map(|mut entry| {
            entry.now.text = String::new();
            entry
        })
        .collect()
}

fn of_article(document: &PolicyDocument, article: &Article) -> Option<Entry> {
    let is_rule = |item: &Item| !matches!(item, Item::Case(_) | Item::CaseTable(_));
    let blocks: Vec<&Block> = article
        .blocks
        .iter()
        .filter(|block| block.item().any(|item| is_rule(&item)))
        .collect();
    let first = blocks.first()?;
    let path: Vec<String> = article
        .path
        .iter()
        .map(|heading| heading.text().trim().to_owned())
        .collect();
    let range = article.path.last().map_or_else(|| first.range(), AstNode::range);
    Some(Entry {
        document: document.path.clone(),
        heading: path.join(" / "),
        span: Span::new(document.file, range.start().into(), range.end().into()),
        now: Locked {
            text: digest::of_words(&article.prose),
            rules: digest::of_rules(&blocks),
        },
    })
}
