//! What the log says last of each row: its digest, under a short name of its key.

use std::collections::HashMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::pages;
use super::tables::Protected;
use crate::log::{Finding, Report};
use crate::store::{Cell, Connection, StoreError};

/// The first half of a digest over a number drawn for this verification, a table and a key: who does not know the number cannot make two keys of one name.
type Name = [u8; 16];

/// What the log says last of each row that it names.
pub(super) struct Expected {
    salt: String,
    rows: HashMap<Name, Latest>,
}

struct Latest {
    digest: [u8; 32],
    seq: i64,
}

/// What a row is, held against the log.
pub(super) enum Verdict {
    /// As the log says.
    Same,
    /// Another than this entry says.
    Changed(i64),
    /// No entry speaks of it.
    Unknown,
}

impl Expected {
    pub fn new() -> Result<Self, StoreError> {
        let (salt, rows) = (crate::log::salt()?, HashMap::new());
        Ok(Self { salt, rows })
    }

    /// Takes an effect in; false where it is none.
    pub fn learn(&mut self, effect: &Value, seq: i64) -> bool {
        let Some((table, key)) = named(effect) else {
            return false;
        };
        let Some(digest) = effect.get("digest").and_then(Value::as_str).and_then(bytes) else {
            return false;
        };
        let name = self.name(table, key);
        self.rows.insert(name, Latest { digest, seq });
        true
    }

    /// Takes a row out and holds it against what the log says.
    pub fn hold(&mut self, table: &Protected, row: &[Cell]) -> Verdict {
        let key = pages::part(table.columns, row, table.key);
        let key: Vec<Value> = key.iter().map(Cell::to_json).collect();
        let name = self.name(table.table, &key);
        match self.rows.remove(&name) {
            None => Verdict::Unknown,
            Some(latest) if bytes(&crate::log::digest(table.columns, row)) == Some(latest.digest) => Verdict::Same,
            Some(latest) => Verdict::Changed(latest.seq),
        }
    }

    /// Tells the rows that no table had.
    pub fn missing(self, connection: &mut Connection, report: &mut Report) -> Result<(), StoreError> {
        let mut entries: Vec<i64> = self.rows.values().map(|latest| latest.seq).collect();
        entries.sort_unstable();
        entries.dedup();
        for seq in entries {
            let payload = connection.one("SELECT payload FROM log WHERE seq = $1", &[seq.into()])?;
            let Some(Cell::Text(payload)) = payload else { continue };
            let payload: Value = serde_json::from_str(&payload).unwrap_or_default();
            for effect in effects(&payload) {
                let Some((table, key)) = named(effect) else { continue };
                if self.rows.get(&self.name(table, key)).is_some_and(|row| row.seq == seq) {
                    let key = key.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("/");
                    let (en, zh) = (
                        format!("{table} {key} is gone: entry {seq} wrote it"),
                        format!("{table} {key} 不见了：日志第 {seq} 条写入过"),
                    );
                    report.push(Finding::new("row.missing", table, key, en, zh).at(seq));
                }
            }
        }
        Ok(())
    }

    fn name(&self, table: &str, key: &[Value]) -> Name {
        let mut hasher = Sha256::new();
        hasher.update(&self.salt);
        hasher.update(serde_json::json!([table, key]).to_string());
        let digest: [u8; 32] = hasher.finalize().into();
        digest.first_chunk().copied().unwrap_or_default()
    }
}

/// The effects of an entry.
pub(super) fn effects(payload: &Value) -> &[Value] {
    payload
        .get("effects")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn named(effect: &Value) -> Option<(&str, &[Value])> {
    let table = effect.get("table")?.as_str()?;
    Some((table, effect.get("key")?.as_array()?))
}

/// 64 hexadecimal digits as bytes.
fn bytes(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}
