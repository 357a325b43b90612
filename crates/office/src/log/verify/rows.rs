//! The rows of one protected table, held against the log.

use super::expected::{Expected, Verdict};
use super::pages;
use super::tables::Protected;
use crate::log::{Finding, Report};
use crate::store::{Cell, Connection, StoreError};

/// Reads a table and tells each row that is not as the log says.
pub(super) fn compare(
    connection: &mut Connection,
    protected: &Protected,
    expected: &mut Expected,
    report: &mut Report,
) -> Result<(), StoreError> {
    let table = protected.table;
    let mut read: i64 = 0;
    pages::each(connection, table, protected.columns, protected.key, |row| {
        read = read.saturating_add(1);
        let key = pages::told(&pages::part(protected.columns, row, protected.key));
        match expected.hold(protected, row) {
            Verdict::Same => {}
            Verdict::Changed(seq) => {
                let (en, zh) = (
                    format!("{table} {key} is not as entry {seq} wrote it: {}", protected.reason),
                    format!("{table} {key} 与日志第 {seq} 条写入的不同"),
                );
                report.push(Finding::new("row.changed", table, key, en, zh).at(seq));
            }
            Verdict::Unknown => {
                let (en, zh) = (
                    format!("no entry of the log wrote {table} {key}: {}", protected.reason),
                    format!("日志中没有任何一条写入过 {table} {key}"),
                );
                report.push(Finding::new("row.extra", table, key, en, zh));
            }
        }
    })?;
    report.rows = report.rows.saturating_add(read.unsigned_abs());
    // What is in the table but not in the index of its key would have been passed over.
    let counted = connection.one(&format!("SELECT count(*) FROM \"{table}\""), &[])?;
    if counted != Some(Cell::Int(read)) {
        let (en, zh) = (
            format!("{table} has other rows than its key finds"),
            format!("{table} 的行数与按主键读到的不符"),
        );
        report.push(Finding::new("row.count", table, "", en, zh));
    }
    Ok(())
}
