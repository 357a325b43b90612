//! Tables in HTML.

use std::fmt::Write as _;

use super::words::escaped;

/// A cell.
pub(super) enum Cell {
    /// The row's head.
    Head(String),
    /// A number or an amount.
    Number(String),
}

/// The longest number or amount that stands on one line; intervals are longer.
const UNBROKEN: usize = 16;

/// A table; columns whose cells are numbers have their heads on the right too.
pub(super) fn table(head: &[String], rows: &[Vec<Cell>]) -> String {
    let is_number = |at: usize| {
        rows.first()
            .and_then(|row| row.get(at))
            .is_some_and(|cell| matches!(cell, Cell::Number(_)))
    };
    let mut out = String::from("<div class=\"wide\"><table>\n<thead><tr>");
    for (at, name) in head.iter().enumerate() {
        let class = if is_number(at) { " class=\"n wrap\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", escaped(name));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = match cell {
                Cell::Head(text) => write!(out, "<th scope=\"row\">{}</th>", escaped(text)),
                // Intervals may break where a line is too short for both ends.
                Cell::Number(text) if text.chars().count() > UNBROKEN => {
                    write!(out, "<td class=\"n wrap\">{}</td>", escaped(text))
                }
                Cell::Number(text) => write!(out, "<td class=\"n\">{}</td>", escaped(text)),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
    out
}
