//! JSON lines: an applicant a line, as in a file of facts.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use meed_facts::message::Message;
use meed_facts::schema::{EntityId, Schema};
use meed_facts::value::Scalar;
use meed_facts::{check, json};
use serde_json::Value;

use super::Pieces;
use super::piece::{Line, Piece, Raw, other_kind};
use super::survey::{Each, Keys, of_record, of_text};
use crate::columns::Place;
use crate::fault::{Reject, TablesError};

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

/// Tells the keys of all lines. Lines about several kinds of applicant are none of a population, unless it `is_said` which are meant.
pub(super) fn keys(place: Place<'_>, path: &Path, is_said: bool, each: &mut Each<'_>) -> Result<(), TablesError> {
    let file = File::open(path).map_err(TablesError::io(path))?;
    let mut lines = Numbered {
        reader: BufReader::with_capacity(1 << 18, file),
        number: 0,
    };
    while let Some((number, line)) = lines.next().map_err(TablesError::io(path))? {
        if line.as_ref().is_ok_and(|line| line.trim().is_empty()) {
            continue;
        }
        let key = match line.ok().and_then(|line| key(place.schema, &line)) {
            Some((entity, key)) if entity == place.entity => key,
            Some((entity, _)) if !is_said => {
                return Err(TablesError::Rejected(Box::new(Reject {
                    file: path.into(),
                    line: number,
                    column: String::new(),
                    complaint: other_kind(place.schema, entity, place.entity),
                })));
            }
            _ => None,
        };
        each(Keys::One(key));
    }
    Ok(())
}

// What a line is about, and its key, without a look at the other facts where that is possible.
fn key(schema: &Schema, line: &str) -> Option<(EntityId, Option<Scalar>)> {
    let full = || {
        let record = json::read(schema, line).ok()?;
        Some((record.entity, of_record(schema, &record)))
    };
    let Ok(Value::Object(object)) = serde_json::from_str(line) else {
        return full();
    };
    let (name, facts) = object.iter().next()?;
    let entity = check::applicant(schema, name).ok()?;
    let Some(key) = schema.entities[entity].key else {
        return Some((entity, None));
    };
    let named = &schema.facts[key].named;
    let mut facts = facts.as_object()?.iter();
    match facts.find(|(name, _)| named.is_called(name)) {
        Some((_, Value::String(text))) => Some((entity, of_text(schema, Some(key), text))),
        Some(_) => full().or(Some((entity, None))),
        None => Some((entity, None)),
    }
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
