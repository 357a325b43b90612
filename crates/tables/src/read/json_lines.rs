//! JSON lines: an applicant a line, as in a file of facts.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use meed_facts::message::Message;

use super::Pieces;
use super::piece::{Line, Piece, Raw};
use crate::fault::TablesError;

/// Bytes that a line may have, as a file of facts may.
pub(super) const LIMIT_BYTES: u64 = 16 << 20;

/// Lines that are looked at for the kind of applicant.
const FIRST_LINES: usize = 100;

/// What the first lines say that they are about, one after the other.
pub(super) fn names(path: &Path) -> Result<Vec<String>, TablesError> {
    let file = File::open(path).map_err(TablesError::io(path))?;
    let mut lines = Numbered {
        reader: BufReader::new(file),
        number: 0,
    };
    let mut names = Vec::new();
    for _ in 0..FIRST_LINES {
        let Some((_, line)) = lines.next().map_err(TablesError::io(path))? else {
            break;
        };
        // The one key of the line's object; what is wrong with a line is told when it is read.
        names.extend(line.ok().and_then(|line| line.split('"').nth(1).map(str::to_owned)));
    }
    Ok(names)
}

pub(super) fn pieces(path: &Path, batch_rows: usize) -> Result<Pieces, TablesError> {
    let file = File::open(path).map_err(TablesError::io(path))?;
    Ok(from(BufReader::with_capacity(1 << 18, file), path.into(), batch_rows))
}

/// The lines of anything that can be read.
pub(super) fn from(reader: impl BufRead + Send + 'static, file: Arc<Path>, batch_rows: usize) -> Pieces {
    let mut lines = Numbered { reader, number: 0 };
    let mut done = false;
    Box::new(std::iter::from_fn(move || {
        let mut read = Vec::new();
        while !done && read.len() < batch_rows {
            match lines.next() {
                Ok(Some((_, Ok(line)))) if line.trim().is_empty() => {}
                Ok(Some(line)) => read.push(line),
                Ok(None) => done = true,
                Err(error) => {
                    done = true;
                    return Some(Err(TablesError::io(&file)(error)));
                }
            }
        }
        let lines = read;
        (!lines.is_empty()).then(|| {
            Ok(Piece(Raw::Lines {
                file: file.clone(),
                lines,
            }))
        })
    }))
}

/// That a line is longer than any applicant's.
pub(super) fn too_long() -> Message {
    Message::new(
        format!("the line has more than {LIMIT_BYTES} bytes"),
        format!("此行超过 {LIMIT_BYTES} 字节"),
    )
}

struct Numbered<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Numbered<R> {
    fn next(&mut self) -> std::io::Result<Option<(u64, Line)>> {
        let mut bytes = Vec::new();
        self.number = self.number.saturating_add(1);
        let read = self.reader.by_ref().take(LIMIT_BYTES).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        if !bytes.ends_with(b"\n") && u64::try_from(read).unwrap_or(0) == LIMIT_BYTES {
            self.skip_line()?;
            return Ok(Some((self.number, Err(too_long()))));
        }
        // Not a part of the first line, though some programs begin their files with it.
        if self.number == 1 && bytes.starts_with("\u{feff}".as_bytes()) {
            bytes.drain(.."\u{feff}".len());
        }
        let line = String::from_utf8(bytes).map_err(|_| ("the line is not UTF-8", "此行不是 UTF-8 编码").into());
        Ok(Some((self.number, line)))
    }

    // Passes over the rest of a line without keeping it.
    fn skip_line(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let passed = end.map_or(buffer.len(), |end| end.saturating_add(1));
            let done = end.is_some() || passed == 0;
            self.reader.consume(passed);
            if done {
                return Ok(());
            }
        }
    }
}
