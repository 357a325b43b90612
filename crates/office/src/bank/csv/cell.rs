//! Text in a cell that a spreadsheet may open: what would run as a formula gets an apostrophe in front, which spreadsheets do not show.

use std::borrow::Cow;

/// Whether a spreadsheet takes a cell that begins so for a formula, or drops the beginning and takes the rest for one. The wide
/// forms count, because spreadsheets in Chinese read them alike.
fn is_formula(first: char) -> bool {
    matches!(
        first,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
    )
}

/// Text for a cell. A text that begins with an apostrophe gets another, so that [`read`] gives every text back.
pub(super) fn write(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some(first) if is_formula(first) || first == '\'' => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}

/// The text of a cell; `None` for one that would run as a formula.
pub(super) fn read(cell: &str) -> Option<&str> {
    match cell.strip_prefix('\'') {
        Some(text) => Some(text),
        None => cell
            .chars()
            .next()
            .is_none_or(|first| !is_formula(first))
            .then_some(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_runs_as_a_formula() {
        for text in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a", "'=1", "'",
        ] {
            let cell = write(text);
            assert_eq!(cell, format!("'{text}"));
            assert_eq!(read(&cell), Some(text));
        }
        for text in ["", "某公司", "a=1", "1-2"] {
            assert_eq!(write(text), text);
            assert_eq!(read(text), Some(text));
        }
        assert_eq!(read("=1+1"), None);
    }
}
