//! The chain: entries without a gap, each with its own hash and that of the one before, and the head that stands at its end.

use serde_json::Value;

use super::expected::{Expected, effects};
use super::pages;
use crate::log::{Entry, Finding, ORIGIN, Report, Root, digest};
use crate::machine;
use crate::store::{Cell, Connection, Field, Record, StoreError};
use crate::time::Instant;

/// Walks the log from its first entry and learns what it says of rows.
pub(super) fn walk(
    connection: &mut Connection,
    root: Option<&Root>,
    report: &mut Report,
) -> Result<Expected, StoreError> {
    let mut expected = Expected::new()?;
    let mut before = Before::default();
    pages::each(connection, Entry::TABLE, Entry::COLUMNS, Entry::KEY, |row| {
        report.entries = report.entries.saturating_add(1);
        match Entry::from_cells(row) {
            Ok(entry) => follow(&entry, row, &mut before, root, &mut expected, report),
            Err(error) => {
                let key = pages::told(&pages::part(Entry::COLUMNS, row, Entry::KEY));
                let (en, zh) = (format!("cannot be read: {error}"), format!("无法读取：{error}"));
                report.push(Finding::new("log.unreadable", "log", key, en, zh));
            }
        }
    })?;
    if let Some(root) = root
        && root.seq > before.seq
    {
        let (en, zh) = (
            format!(
                "the log ends at {}, but had {} entries on {}",
                before.seq, root.seq, root.date
            ),
            format!("日志止于第 {} 条，而 {} 日已有 {} 条", before.seq, root.date, root.seq),
        );
        report.push(Finding::new("root.cut", "log", root.seq.to_string(), en, zh));
    }
    head(connection, &before, report)?;
    (report.seq, report.hash) = (before.seq, before.hash);
    Ok(expected)
}

/// The entry before.
struct Before {
    seq: i64,
    epoch: i64,
    at: Instant,
    hash: String,
}

impl Default for Before {
    fn default() -> Self {
        Self {
            seq: 0,
            epoch: 0,
            at: Instant::from_milliseconds(0),
            hash: ORIGIN.to_owned(),
        }
    }
}

fn follow(
    entry: &Entry,
    row: &[Cell],
    before: &mut Before,
    root: Option<&Root>,
    expected: &mut Expected,
    report: &mut Report,
) {
    let seq = entry.seq;
    let mut wrong = |code, en: String, zh: String| {
        report.push(Finding::new(code, "log", seq.to_string(), en, zh).at(seq));
    };
    if seq != before.seq.saturating_add(1) {
        let (en, zh) = (
            format!("entry {seq} follows entry {}", before.seq),
            format!("第 {seq} 条之前是第 {} 条", before.seq),
        );
        wrong("log.gap", en, zh);
    }
    if entry.prev != before.hash {
        let (en, zh) = (
            format!("entry {seq} does not name the hash of the one before"),
            format!("第 {seq} 条没有写明上一条的哈希"),
        );
        wrong("log.prev", en, zh);
    }
    // Text that reads as the same payload and is not its canonical form has been written past the office too.
    if entry.hash != entry.expected_hash() || entry.cells() != row {
        let (en, zh) = (
            format!("entry {seq} is not what its hash says"),
            format!("第 {seq} 条与其哈希不符"),
        );
        wrong("log.hash", en, zh);
    }
    if entry.epoch < before.epoch || entry.at < before.at {
        let (en, zh) = (
            format!("entry {seq} is older than the one before"),
            format!("第 {seq} 条早于上一条"),
        );
        wrong("log.time", en, zh);
    }
    if let Some(root) = root
        && root.seq == seq
        && (root.hash != entry.hash || root.count != seq)
    {
        let (en, zh) = (
            format!(
                "the root of {} has another hash at entry {seq}: the log was made anew",
                root.date
            ),
            format!("{} 日的根在第 {seq} 条的哈希不同：日志被重写过", root.date),
        );
        wrong("root.hash", en, zh);
    }
    for (index, effect) in effects(&entry.payload).iter().enumerate() {
        if !expected.learn(effect, seq) || !sound(effect) {
            let (en, zh) = (
                format!("effect {index} of entry {seq} says what no command does"),
                format!("第 {seq} 条的第 {index} 项效果不可能由命令产生"),
            );
            wrong("log.effect", en, zh);
        }
    }
    (before.seq, before.epoch, before.at) = (seq, entry.epoch, entry.at);
    before.hash.clone_from(&entry.hash);
}

/// Whether an effect agrees with itself: its move is one of its machine, its posting has its digest.
fn sound(effect: &Value) -> bool {
    let text = |name: &str| effect.get(name).and_then(Value::as_str);
    let moved = match (text("event"), text("from"), text("to")) {
        (None, None, None) => true,
        (Some(event), Some(from), Some(to)) => machine::ALL
            .iter()
            .any(|machine| Some(machine.table) == text("table") && machine.event(from, to) == Some(event)),
        _ => false,
    };
    let posted = effect.get("posting").and_then(Value::as_object).is_none_or(|posting| {
        let (columns, cells): (Vec<&str>, Vec<Cell>) = posting
            .iter()
            .map(|(column, value)| (column.as_str(), value.as_str().map_or(Cell::Null, Cell::from)))
            .unzip();
        text("digest") == Some(digest(&columns, &cells).as_str())
    });
    moved && posted
}

fn head(connection: &mut Connection, last: &Before, report: &mut Report) -> Result<(), StoreError> {
    let rows = connection.rows("SELECT one, seq, epoch, at, hash FROM head", &[])?;
    let end = [
        Cell::Int(1),
        last.seq.into(),
        last.epoch.into(),
        last.at.to_cell(),
        last.hash.to_cell(),
    ];
    if rows != [end] {
        let (en, zh) = (
            format!("the head is not entry {}, the last of the log", last.seq),
            format!("日志头不是最后的第 {} 条", last.seq),
        );
        report.push(Finding::new("head", "head", "1", en, zh).at(last.seq));
    }
    let sql = "SELECT consumer FROM cursor WHERE seq > $1 OR seq < 0 OR i < 0";
    for row in connection.rows(sql, &[last.seq.into()])? {
        let key = pages::told(&row);
        let (en, zh) = (
            format!("{key} has read what was never written"),
            format!("{key} 读到了从未写入的内容"),
        );
        report.push(Finding::new("cursor", "cursor", key, en, zh));
    }
    Ok(())
}
