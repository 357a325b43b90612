//! Where a document's headings, blocks of rules and tables are: pulldown-cmark reads the Markdown, this file keeps the bytes.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A part of a document that is more than prose, with its bytes.
pub(crate) enum Region {
    /// A heading and the bytes of its words.
    Heading { bytes: Range<usize>, words: Range<usize> },
    /// A block of rules and the bytes of its content, a range for each line or several.
    Block {
        bytes: Range<usize>,
        content: Vec<Range<usize>>,
    },
    /// A table: its rows with their cells, the head first.
    Table { bytes: Range<usize>, rows: Vec<Row> },
}

/// A row of a table.
pub(crate) struct Row {
    pub(crate) bytes: Range<usize>,
    pub(crate) cells: Vec<Range<usize>>,
}

impl Region {
    pub(crate) fn bytes(&self) -> Range<usize> {
        match self {
            Region::Heading { bytes, .. } | Region::Block { bytes, .. } | Region::Table { bytes, .. } => bytes.clone(),
        }
    }
}

/// The parts of `text` from byte `start` on, in order, none overlapping another.
pub(crate) fn regions(text: &str, start: usize) -> Vec<Region> {
    let rest = text.get(start..).unwrap_or("");
    let mut regions: Vec<Region> = Vec::new();
    let mut open: Option<Region> = None;
    for (event, range) in Parser::new_ext(rest, Options::ENABLE_TABLES).into_offset_iter() {
        let bytes = range.start.saturating_add(start)..range.end.saturating_add(start);
        match event {
            Event::Start(Tag::Heading { .. }) => {
                open = Some(Region::Heading {
                    words: bytes.start..bytes.start,
                    bytes,
                });
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_meed(&info) => {
                open = Some(Region::Block {
                    bytes,
                    content: Vec::new(),
                });
            }
            Event::Start(Tag::Table(_)) => {
                open = Some(Region::Table {
                    bytes,
                    rows: Vec::new(),
                })
            }
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Table) => regions.extend(open.take()),
            event => {
                if let Some(open) = &mut open {
                    add(open, &event, bytes);
                }
            }
        }
    }
    regions
}

fn is_meed(info: &str) -> bool {
    // As other readers of Markdown take the word, in any letter case: a block that only looks like rules would be lost in silence.
    let word = info.split([' ', ',', '\t']).next();
    word.is_some_and(|word| word.eq_ignore_ascii_case("meed"))
}

fn add(open: &mut Region, event: &Event<'_>, inner: Range<usize>) {
    match open {
        Region::Heading { words, .. } => {
            let first = words.start == words.end;
            words.start = if first {
                inner.start
            } else {
                words.start.min(inner.start)
            };
            words.end = words.end.max(inner.end);
        }
        Region::Block { content, .. } => {
            let end = content.last().map_or(0, |last| last.end);
            if matches!(event, Event::Text(_)) && inner.start >= end {
                content.push(inner);
            }
        }
        Region::Table { rows, .. } => match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Row {
                bytes: inner,
                cells: Vec::new(),
            }),
            Event::Start(Tag::TableCell) => {
                if let Some(row) = rows.last_mut() {
                    row.cells.push(inner);
                }
            }
            _ => {}
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices(text: &str) -> Vec<String> {
        let slice = |range: &Range<usize>| text.get(range.clone()).unwrap_or("").to_owned();
        regions(text, 0)
            .iter()
            .flat_map(|region| match region {
                Region::Heading { words, .. } => vec![format!("#{}", slice(words))],
                Region::Block { content, .. } => content.iter().map(slice).collect(),
                Region::Table { rows, .. } => rows.iter().flat_map(|row| row.cells.iter().map(slice)).collect(),
            })
            .collect()
    }

    #[test]
    fn lists_quotes_tildes_and_line_ends() {
        assert_eq!(
            slices("# A *b* c\r\n\r\n- x\r\n  ```meed\r\n  entity\r\n  E\r\n  ```\r\n")
                .concat()
                .replace('\r', ""),
            "#A *b* centity\nE\n"
        );
        assert_eq!(slices("> ~~~~meed\n> a\n> b\n> ~~~~\n").concat(), "a\nb\n");
        assert_eq!(slices("```rust\nfn\n```\n"), Vec::<String>::new());
    }

    #[test]
    fn a_block_of_rules_is_marked_in_any_letter_case() {
        assert_eq!(slices("```Meed\na\n```\n"), ["a\n"]);
        assert_eq!(slices("```MEED,x\na\n```\n"), ["a\n"]);
        assert_eq!(slices("```meeds\na\n```\n"), Vec::<String>::new());
    }

    #[test]
    fn cells_are_found_by_their_bytes() {
        let cells: Vec<String> = slices("| a | b |\n|---|--:|\n| 1 .. 2 | `x` |\n| 3 |\n")
            .iter()
            .map(|cell| cell.trim().to_owned())
            .collect();
        assert_eq!(cells, ["a", "b", "1 .. 2", "`x`", "3", ""]);
    }
}
