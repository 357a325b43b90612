//! The records of a CSV file (RFC 4180), each with the line that it begins in.
//!
//! A quote that nobody closes takes the rows after it into its cell. Which rows those were cannot be told, so the file is refused at the line of the quote.

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use meed_facts::message::Message;

use super::join::reject;
use super::json_lines::{LIMIT_BYTES, too_long};
use crate::fault::TablesError;

/// One record: the bytes of its cells, one after the other.
#[derive(Default)]
pub(super) struct Record {
    /// The line that it begins in, from 1; 0 before its first byte.
    pub line: u64,
    /// Why its cells are not to be trusted.
    pub wrong: Option<Message>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    /// Its cells, without the quotes.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| self.bytes.get(start..*end).unwrap_or_default())
    }
}

/// The records of anything that can be read.
pub(super) struct Records<R> {
    file: Arc<Path>,
    reader: R,
    /// The line of the next byte.
    line: u64,
    /// The last byte, since CR and LF together end one line.
    last: u8,
}

/// Where in a cell the next byte stands.
#[derive(Clone, Copy)]
enum At {
    Begin,
    Plain,
    /// Between quotes, the first of which stands in that line.
    Quoted(u64),
    /// After a quote in such a cell: the last one, or the first of two.
    Closed(u64),
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(mut reader: R, file: Arc<Path>) -> Result<Self, TablesError> {
        let begin = reader.fill_buf().map_err(TablesError::io(&file))?;
        if begin.starts_with("\u{feff}".as_bytes()) {
            reader.consume("\u{feff}".len());
        }
        Ok(Self {
            file,
            reader,
            line: 1,
            last: 0,
        })
    }

    /// The next record; a line without anything is one with one empty cell.
    pub(super) fn next(&mut self) -> Result<Option<Record>, TablesError> {
        let mut record = Record::default();
        let mut at = At::Begin;
        loop {
            let buffer = self.reader.fill_buf().map_err(TablesError::io(&self.file))?;
            if buffer.is_empty() {
                return self.end(record, at);
            }
            let mut used = 0_usize;
            let mut done = false;
            for byte in buffer.iter().copied() {
                used = used.saturating_add(1);
                let ends_line = byte == b'\r' || (byte == b'\n' && self.last != b'\r');
                let ends_before = byte == b'\n' && !ends_line && record.line == 0;
                self.last = byte;
                if ends_before {
                    continue;
                }
                if record.line == 0 {
                    record.line = self.line;
                }
                let next = step(at, byte, self.line, &mut record);
                self.line = self.line.saturating_add(u64::from(ends_line));
                match next {
                    Ok(Some(next)) => at = next,
                    Ok(None) => done = true,
                    Err(opened) => return Err(unclosed(&self.file, opened)),
                }
                if done {
                    break;
                }
            }
            self.reader.consume(used);
            if done {
                return Ok(Some(record));
            }
            if u64::try_from(record.bytes.len()).is_ok_and(|bytes| bytes > LIMIT_BYTES) {
                return Err(match at {
                    At::Quoted(opened) => unclosed(&self.file, opened),
                    _ => TablesError::Rejected(Box::new(reject(&self.file, record.line, String::new(), too_long()))),
                });
            }
        }
    }

    fn end(&self, mut record: Record, at: At) -> Result<Option<Record>, TablesError> {
        if let At::Quoted(opened) = at {
            return Err(unclosed(&self.file, opened));
        }
        if record.line == 0 {
            return Ok(None);
        }
        record.ends.push(record.bytes.len());
        Ok(Some(record))
    }
}

// Takes a byte of a line; `None` at the end of the record, an error with the line of a quote that cannot have been closed.
fn step(at: At, byte: u8, line: u64, record: &mut Record) -> Result<Option<At>, u64> {
    Ok(Some(match (at, byte) {
        (At::Quoted(opened), b'"') => At::Closed(opened),
        (At::Quoted(opened), byte) => {
            record.bytes.push(byte);
            At::Quoted(opened)
        }
        (At::Begin, b'"') => At::Quoted(line),
        (At::Closed(opened), b'"') => {
            record.bytes.push(byte);
            At::Quoted(opened)
        }
        (_, b',') => {
            record.ends.push(record.bytes.len());
            At::Begin
        }
        (_, b'\r' | b'\n') => {
            record.ends.push(record.bytes.len());
            return Ok(None);
        }
        // Several lines, and no end of the cell: these quotes are not a pair.
        (At::Closed(opened), _) if opened != line => return Err(opened),
        (At::Closed(_), byte) => {
            let wrong = ("text follows a closing quote", "引号结束后仍有文字");
            record.wrong.get_or_insert_with(|| wrong.into());
            record.bytes.push(byte);
            At::Plain
        }
        (At::Begin | At::Plain, byte) => {
            record.bytes.push(byte);
            At::Plain
        }
    }))
}

fn unclosed(file: &Arc<Path>, line: u64) -> TablesError {
    let message = (
        "a quote that this line opens is not closed, so the rows after it cannot be told apart; close it, or write two for one in a text",
        "此行开始的引号没有结束，其后各行无法区分；请补上引号，文字中的引号写两个",
    );
    TablesError::Rejected(Box::new(reject(file, line, String::new(), message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(u64, Vec<String>)>, String> {
        let mut all = Vec::new();
        // One byte at a time, so that everything also holds across buffers.
        let reader = std::io::BufReader::with_capacity(3, text.as_bytes());
        let mut records = Records::new(reader, Path::new("x.csv").into()).unwrap();
        while let Some(record) = records.next().map_err(|error| error.to_string())? {
            let text = |cell: &[u8]| String::from_utf8(cell.to_vec()).unwrap();
            all.push((record.line, record.cells().map(text).collect()));
        }
        Ok(all)
    }

    fn rows(text: &str) -> Vec<(u64, String)> {
        let rows = read(text).unwrap().into_iter();
        rows.map(|(line, cells)| (line, cells.join("|"))).collect()
    }

    fn expect(text: &str, expected: &[(u64, &str)]) {
        let expected: Vec<(u64, String)> = expected.iter().map(|(line, row)| (*line, (*row).to_owned())).collect();
        assert_eq!(rows(text), expected, "{text:?}");
    }

    #[test]
    fn a_row_has_the_number_of_its_line_whatever_ends_lines() {
        expect("a,b\n1,2\n", &[(1, "a|b"), (2, "1|2")]);
        expect("a,b\r\n1,2\r\n3,4", &[(1, "a|b"), (2, "1|2"), (3, "3|4")]);
        expect("a\r1\r2\r", &[(1, "a"), (2, "1"), (3, "2")]);
        expect("a\r\n\r\n\r\nx", &[(1, "a"), (2, ""), (3, ""), (4, "x")]);
        expect("a\n\"1\r\n2\"\n3", &[(1, "a"), (2, "1\r\n2"), (4, "3")]);
    }

    #[test]
    fn quotes_as_in_rfc_4180() {
        expect("\u{feff}\"a\",\"b,c\",\"d\"\"e\",5\" f\n", &[(1, "a|b,c|d\"e|5\" f")]);
        expect(",,\n\"\"\n", &[(1, "||"), (2, "")]);
        expect("", &[]);
    }

    #[test]
    fn a_quote_that_is_not_closed_never_swallows_rows() {
        for text in ["id\nA,\"x\nB,y\n", "id\nA,\"y\"\"\nB,y\n", "id\nA,\"x\nB,\"y\"\nC,z\n"] {
            let error = read(text).unwrap_err();
            assert!(
                error.starts_with("x.csv:2: a quote that this line opens is not closed"),
                "{error}"
            );
        }
    }

    #[test]
    fn text_after_a_closing_quote_is_told() {
        let reader = "A,\"x\"y,1\nB".as_bytes();
        let mut records = Records::new(reader, Path::new("x.csv").into()).unwrap();
        let first = records.next().unwrap().unwrap();
        assert_eq!(first.wrong.unwrap().en, "text follows a closing quote");
        assert_eq!(records.next().unwrap().unwrap().line, 2);
    }
}
