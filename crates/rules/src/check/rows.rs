//! Rows of tables with fewer cells than their head: Markdown fills them with empty ones in silence. Rows with more are refused where they are parsed.

use meed_syntax::ast::{AstNode, Table};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::Checked;

/// Finds such rows in the tables that rules read.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    for document in &checked.package.documents {
        for table in document.document().block().filter_map(|block| block.table()) {
            rows(&table, document.file, findings);
        }
    }
}

fn rows(table: &Table, file: meed_syntax::diagnostic::FileId, findings: &mut Vec<Diagnostic>) {
    let Some(head) = table.head() else { return };
    let wanted = cells(head.syntax().text());
    for row in table.row() {
        let given = cells(row.syntax().text());
        if given >= wanted {
            continue;
        }
        let range = row.syntax().text_range();
        findings.push(
            Diagnostic::new(
                Code::RowLength,
                Span::new(file, range.start().into(), range.end().into()),
                Message::new(
                    format!("the row has {given} cells, the head {wanted}"),
                    format!("此行有 {given} 个单元格，表头有 {wanted} 个"),
                ),
            )
            .why(Message::new(
                "the missing cells would be read as empty",
                "缺少的单元格会被当作空白",
            ))
            .help(Message::new(
                "give each column its cell, `-` in a key column that may be anything",
                "请为每列写一个单元格，不限时在键列写 `-`",
            )),
        );
    }
}

/// How many cells a line of a table writes.
fn cells(line: &str) -> usize {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let (mut bars, mut escaped, mut closed) = (0_usize, false, false);
    for c in line.chars() {
        closed = c == '|' && !escaped;
        bars = bars.saturating_add(usize::from(closed));
        escaped = c == '\\' && !escaped;
    }
    if closed { bars } else { bars.saturating_add(1) }
}
