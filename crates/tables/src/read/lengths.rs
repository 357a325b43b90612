//! Whether what an Arrow file states of itself fits into it. Its library makes room for as much as is stated before it reads it, which no
//! machine may have.

use std::fs::File;
use std::io::{BufReader, Error, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use arrow_ipc::{Block, root_as_footer, root_as_message};

use crate::fault::TablesError;

/// What stands before a message's length, but in the oldest files.
const CONTINUES: [u8; 4] = [0xff; 4];

/// Behind a file's footer: its length, and the file's name again.
const END: u64 = 10;

/// That every part of a file (`seekable`) or stream lies inside it.
pub(super) fn fit(path: &Path, seekable: bool) -> Result<(), TablesError> {
    let check = || {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let reader = BufReader::new(file);
        if seekable {
            footer(reader, size)
        } else {
            messages(reader, size)
        }
    };
    check().map_err(|error: Error| match error.kind() {
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof => {
            TablesError::damaged(path)("a length in the file is beyond its end")
        }
        _ => TablesError::io(path)(error),
    })
}

fn beyond() -> Error {
    ErrorKind::InvalidData.into()
}

/// A length that is stated, if so much is there.
fn within(stated: i64, most: u64) -> Result<u64, Error> {
    u64::try_from(stated)
        .ok()
        .filter(|length| *length <= most)
        .ok_or_else(beyond)
}

fn read(reader: &mut impl Read, length: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| beyond())?];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn number(reader: &mut impl Read) -> Result<[u8; 4], Error> {
    let mut bytes = [0; 4];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// What cannot be read as a footer is left to the library, which says what is wrong with it.
fn footer(mut reader: impl Read + Seek, size: u64) -> Result<(), Error> {
    let end = size.checked_sub(END).ok_or_else(beyond)?;
    reader.seek(SeekFrom::Start(end))?;
    let length = within(i32::from_le_bytes(number(&mut reader)?).into(), end)?;
    reader.seek(SeekFrom::Start(end.saturating_sub(length)))?;
    let bytes = read(&mut reader, length)?;
    let Ok(footer) = root_as_footer(&bytes) else {
        return Ok(());
    };
    let inside = |block: &Block| {
        let parts = [block.offset(), block.metaDataLength().into(), block.bodyLength()];
        let mut left = size;
        parts.iter().try_for_each(|part| {
            left = left.saturating_sub(within(*part, left)?);
            Ok(())
        })
    };
    let blocks = footer.dictionaries().into_iter().chain(footer.recordBatches());
    blocks.flatten().try_for_each(inside)
}

fn messages(mut reader: impl Read + Seek, size: u64) -> Result<(), Error> {
    let mut left = size;
    while left > 0 {
        let mut stated = number(&mut reader)?;
        left = left.saturating_sub(4);
        if stated == CONTINUES {
            stated = number(&mut reader)?;
            left = left.saturating_sub(4);
        }
        let length = within(i32::from_le_bytes(stated).into(), left)?;
        if length == 0 {
            return Ok(());
        }
        let bytes = read(&mut reader, length)?;
        left = left.saturating_sub(length);
        let Ok(message) = root_as_message(&bytes) else {
            return Ok(());
        };
        let body = within(message.bodyLength(), left)?;
        left = left.saturating_sub(body);
        reader.seek_relative(i64::try_from(body).map_err(|_| beyond())?)?;
    }
    Ok(())
}
