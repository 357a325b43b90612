//! What a verification found.

use meed_syntax::diagnostic::Message;
use serde_json::{Value, json};

/// How many findings are told one by one.
const MOST: usize = 1000;

/// Something that is not as the log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable name, e.g. `row.changed`.
    pub code: &'static str,
    /// The table.
    pub table: String,
    /// The key of its row, parts joined by `/`; empty where the whole table is meant.
    pub key: String,
    /// The place in the log that says otherwise.
    pub seq: Option<i64>,
    /// The sentence in both languages.
    pub message: Message,
}

impl Finding {
    /// A finding about a row.
    pub(super) fn new(
        code: &'static str,
        table: &str,
        key: impl Into<String>,
        en: impl Into<String>,
        zh: impl Into<String>,
    ) -> Self {
        Self {
            code,
            table: table.to_owned(),
            key: key.into(),
            seq: None,
            message: Message::new(en, zh),
        }
    }

    /// The same with the log entry that says otherwise.
    pub(super) fn at(mut self, seq: i64) -> Self {
        self.seq = Some(seq);
        self
    }

    /// The finding as JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "code": self.code,
            "table": self.table,
            "key": self.key,
            "seq": self.seq.map(|seq| seq.to_string()),
            "en": self.message.en,
            "zh": self.message.zh,
        })
    }
}

/// What a verification read, and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The last entry of the log
    pub seq: i64,
    /// and its hash.
    pub hash: String,
    /// How many entries were read
    pub entries: u64,
    /// and how many rows were held against them.
    pub rows: u64,
    /// How much was found, with what is not told one by one.
    pub found: u64,
    /// What was found, the first thousand.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether everything is as the log says.
    pub fn is_clean(&self) -> bool {
        self.found == 0
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.found = self.found.saturating_add(1);
        if self.findings.len() < MOST {
            self.findings.push(finding);
        }
    }

    /// The report as JSON.
    pub fn to_json(&self) -> Value {
        let findings: Vec<Value> = self.findings.iter().map(Finding::to_json).collect();
        json!({
            "seq": self.seq.to_string(),
            "hash": self.hash,
            "entries": self.entries.to_string(),
            "rows": self.rows.to_string(),
            "found": self.found.to_string(),
            "findings": findings,
        })
    }
}
