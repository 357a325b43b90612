//! The log: one gapless stream of canonical entries, each bound to the one before by its hash.
//!
//! [`verify`](fn@verify) holds a whole database against it; a [`Root`] that was kept elsewhere binds the log itself. docs/log.md tells both.

mod report;
mod root;
mod verify;

pub use report::{Finding, Report};
pub use root::{Root, root};
pub use verify::{Checked, ELSEWHERE, PROTECTED, Protected, verify};

use meed_facts::json::canonical;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::record;
use crate::store::Cell;
use crate::time::Instant;

record! {
    /// One entry: what one command did, or why it did nothing.
    pub struct Entry in "log" by seq {
        /// Its number, from 1 without a gap.
        seq: i64,
        /// How often the office was restored from a backup before it.
        epoch: i64,
        /// When; never before the entry above it.
        at: Instant,
        /// Who.
        person: String,
        /// What kind of act.
        kind: String,
        /// What it did: the outcome, and each row it wrote by table, key and digest. No personal value stands here.
        payload: Value,
        /// The hash of the entry before.
        prev: String,
        /// SHA-256 over its [`Entry::header`] in canonical form.
        hash: String,
    }
}

/// The hash before the first entry.
pub const ORIGIN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl Entry {
    /// The entry without its payload, of which the digest stands in its place: what a chain needs to be followed, and no more.
    pub fn header(&self) -> Value {
        json!({
            "seq": self.seq.to_string(),
            "epoch": self.epoch.to_string(),
            "at": self.at.milliseconds().to_string(),
            "person": self.person,
            "kind": self.kind,
            "payload": sha256(canonical(&self.payload).as_bytes()),
            "prev": self.prev,
        })
    }

    /// The hash that the entry must have: that of its header.
    pub fn expected_hash(&self) -> String {
        sha256(canonical(&self.header()).as_bytes())
    }
}

/// The digest of a row, by which the log knows it. Rows with personal values have a salt among their columns.
pub fn digest(columns: &[&str], cells: &[Cell]) -> String {
    sha256(canonical(&Value::Object(row(columns, cells))).as_bytes())
}

/// A row as JSON.
pub(crate) fn row(columns: &[&str], cells: &[Cell]) -> Map<String, Value> {
    let pairs = columns.iter().zip(cells);
    pairs
        .map(|(column, cell)| ((*column).to_owned(), cell.to_json()))
        .collect()
}

/// SHA-256 in lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// 128 random bits in hexadecimal digits.
///
/// # Errors
/// [`crate::store::StoreError::Failed`] where the machine has no randomness to give.
pub fn salt() -> Result<String, crate::store::StoreError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| crate::store::StoreError::Failed(error.to_string()))?;
    Ok(hex::encode(bytes))
}
