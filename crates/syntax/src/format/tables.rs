//! The layout of a Markdown table that rules read: its columns stand under each other, unless it is too wide for that.

use super::leads::seen;
use super::shape::gap_between;
use super::spacing::{columns, written};
use crate::ast::{AstNode, Cell, Table};
use crate::kind::SyntaxKind;
use crate::tree::SyntaxToken;

/// The most columns of a table whose columns stand under each other.
const WIDTH: usize = 110;
/// A delimiter row has at least three dashes a column.
const NARROWEST: usize = 3;

/// How the delimiter row aligns a column.
#[derive(Clone, Copy, Debug, Default)]
struct Alignment {
    left: bool,
    right: bool,
}

/// The lines of a table; `None` where it is part of something else than the document, such as a list.
pub(super) fn table(table: &Table) -> Option<String> {
    let text = table.syntax().text();
    if text.lines().any(|line| !line.starts_with('|')) {
        return None;
    }
    let alignments: Vec<Alignment> = alignments(text.lines().nth(1)?);
    let head: Vec<String> = table.head()?.cell().map(|cell| cell_text(&cell)).collect();
    let mut rows = vec![head];
    rows.extend(table.row().map(|row| row.cell().map(|cell| cell_text(&cell)).collect()));
    let widths = widths(&rows, alignments.len());
    let mut out = String::with_capacity(text.len());
    for (index, row) in rows.iter().enumerate() {
        write_row(row, &widths, &alignments, &mut out);
        if index == 0 {
            write_delimiters(&widths, &alignments, &mut out);
        }
    }
    if !text.ends_with('\n') {
        out.pop();
    }
    Some(out)
}

fn alignments(delimiters: &str) -> Vec<Alignment> {
    let inner = delimiters.trim().trim_matches('|');
    let marks = inner.split('|').map(str::trim);
    marks
        .map(|mark| Alignment {
            left: mark.starts_with(':'),
            right: mark.ends_with(':'),
        })
        .collect()
}

fn cell_text(cell: &Cell) -> String {
    let mut text = String::new();
    let mut previous: Option<SyntaxToken> = None;
    if cell
        .syntax()
        .tokens()
        .any(|token| token.kind() == SyntaxKind::CELL_TEXT)
    {
        return cell.text();
    }
    for token in seen(cell.syntax()) {
        if let Some(previous) = &previous {
            text.extend(std::iter::repeat_n(' ', gap_between(previous, &token)));
        }
        text.push_str(&written(&token));
        previous = Some(token);
    }
    text
}

/// The columns' widths; the narrowest where the whole would be too wide.
fn widths(rows: &[Vec<String>], count: usize) -> Vec<usize> {
    let widest = |index: usize| {
        rows.iter()
            .filter_map(|row| row.get(index))
            .map(|cell| columns(cell))
            .max()
    };
    let widths: Vec<usize> = (0..count)
        .map(|index| widest(index).unwrap_or(0).max(NARROWEST))
        .collect();
    // A bar and two spaces a column, and the last bar.
    let whole = widths
        .iter()
        .fold(1_usize, |sum, width| sum.saturating_add(*width).saturating_add(3));
    if whole <= WIDTH { widths } else { vec![0; count] }
}

fn write_row(row: &[String], widths: &[usize], alignments: &[Alignment], out: &mut String) {
    out.push('|');
    for (index, cell) in row.iter().enumerate() {
        let width = widths.get(index).copied().unwrap_or(0);
        let padding = " ".repeat(width.saturating_sub(columns(cell)));
        let to_the_right = alignments
            .get(index)
            .is_some_and(|alignment| alignment.right && !alignment.left);
        let (before, after) = if to_the_right {
            (padding.as_str(), "")
        } else {
            ("", padding.as_str())
        };
        for part in [" ", before, cell, after] {
            out.push_str(part);
        }
        // An empty cell of a wide table is one space, not two.
        out.push_str(if cell.is_empty() && width == 0 { "|" } else { " |" });
    }
    out.push('\n');
}

fn write_delimiters(widths: &[usize], alignments: &[Alignment], out: &mut String) {
    out.push('|');
    for (width, alignment) in widths.iter().zip(alignments) {
        let marks = usize::from(alignment.left).saturating_add(usize::from(alignment.right));
        // A cell's words have a space on either side; here dashes stand in their place.
        let spaces = if *width == 0 { 0 } else { 2 };
        let dashes = (*width).max(NARROWEST).saturating_add(spaces).saturating_sub(marks);
        out.push_str(if alignment.left { ":" } else { "" });
        out.push_str(&"-".repeat(dashes));
        out.push_str(if alignment.right { ":" } else { "" });
        out.push('|');
    }
    out.push('\n');
}
