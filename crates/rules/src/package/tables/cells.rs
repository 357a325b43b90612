//! Where a data file's cells stand in it, so that a finding about a row points into the file that its author opens.

use std::ops::Range;

use meed_syntax::TextRange;
use meed_syntax::diagnostic::{Diagnostic, FileId, Span};

/// The cells of a data file, in order.
#[derive(Clone, Debug)]
pub struct Cells {
    file: FileId,
    cells: Vec<Cell>,
}

/// One cell: where it stands in the table as it is read, and in the file.
#[derive(Clone, Debug)]
struct Cell {
    read: Range<u32>,
    written: Range<u32>,
    /// Whether both are the same text, so that a place inside is found too.
    is_same: bool,
}

impl Cells {
    pub(super) fn new(file: FileId) -> Self {
        Cells {
            file,
            cells: Vec::new(),
        }
    }

    /// Adds the next cell, read at a place as a text; it is written in the file at another.
    pub(super) fn push(&mut self, read: Range<usize>, written: Option<&Range<usize>>, text: Option<&str>, file: &str) {
        let Some(written) = written else { return };
        let is_same = text.is_some() && file.get(written.clone()) == text;
        self.cells.push(Cell {
            read: narrow(&read),
            written: narrow(written),
            is_same,
        });
    }

    /// The place in the file of a place in the table as it is read: inside its cell where that is possible, else from its first cell to its last.
    pub fn place(&self, range: TextRange) -> Span {
        let (start, end) = (u32::from(range.start()), u32::from(range.end()));
        let first = self.cells.partition_point(|cell| cell.read.end < start);
        let until = self
            .cells
            .partition_point(|cell| cell.read.start < end.max(start.saturating_add(1)));
        let touched = self.cells.get(first..until.max(first)).unwrap_or_default();
        match touched {
            [cell] if cell.is_same && cell.read.start <= start && end <= cell.read.end => {
                let at = |place: u32| cell.written.start.saturating_add(place.saturating_sub(cell.read.start));
                Span::new(self.file, at(start), at(end))
            }
            [first, .., last] => Span::new(self.file, first.written.start, last.written.end),
            [cell] => Span::new(self.file, cell.written.start, cell.written.end),
            [] => Span::new(self.file, 0, 0),
        }
    }

    /// Moves a finding about the table as it is read into the file.
    pub(super) fn relocate(&self, finding: &mut Diagnostic) {
        let place = |span: &mut Span| *span = self.place(TextRange::new(span.start.into(), span.end.into()));
        place(&mut finding.span);
        finding.related.iter_mut().for_each(|(span, _)| place(span));
        // What would settle it is written for the table.
        finding.fix = None;
    }
}

fn narrow(range: &Range<usize>) -> Range<u32> {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    offset(range.start)..offset(range.end)
}

/// The places of a record's fields as they are written, quotation marks and all, without the spaces around them.
pub(super) fn fields(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut fields = Vec::new();
    let rest = text.get(start..).unwrap_or_default();
    // A record begins behind the line breaks that end the one before.
    let blank = rest.len().saturating_sub(rest.trim_start_matches(['\r', '\n']).len());
    let first = start.saturating_add(blank);
    let (mut begin, mut quoted) = (first, false);
    let characters = rest.char_indices().map(|(at, c)| (start.saturating_add(at), c));
    let end = (text.len(), '\n');
    for (at, c) in characters.skip_while(|(at, _)| *at < first).chain([end]) {
        quoted ^= c == '"';
        if quoted && at < text.len() || !matches!(c, ',' | '\n' | '\r') {
            continue;
        }
        fields.push(trimmed(text, begin..at));
        begin = at.saturating_add(1);
        if c != ',' {
            break;
        }
    }
    fields
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let field = text.get(range.clone()).unwrap_or_default();
    let begin = range
        .start
        .saturating_add(field.len().saturating_sub(field.trim_start().len()));
    begin..begin.saturating_add(field.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_as_they_are_written() {
        let text = "a, b\n\"x, y\",\"say \"\"no\"\"\" ,z\r\n\nlast";
        let of = |start| -> Vec<&str> {
            let found = fields(text, start);
            found
                .into_iter()
                .map(|range| text.get(range).unwrap_or_default())
                .collect()
        };
        assert_eq!(of(0), ["a", "b"]);
        assert_eq!(of(5), ["\"x, y\"", "\"say \"\"no\"\"\"", "z"]);
        assert_eq!(of(29), ["last"]);
    }
}
