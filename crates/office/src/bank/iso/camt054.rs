//! Single bookings told before the statement has them, `camt.054.001.08`: entries without balances.

use super::entries;
use super::reader::Reader;
use super::xml::{Document, Element};
use crate::bank::instant;
use crate::bank::mode::Mode;
use crate::bank::statement::Notice;
use crate::bank::violation::Violation;

/// Reads all notices of a message.
pub(in crate::bank) fn read(document: &Document<'_>, mode: Mode) -> Result<Vec<Notice>, Violation> {
    let read = Reader::of(document);
    let message = read.at(&document.root, "BkToCstmrDbtCdtNtfctn")?;
    // What is announced without any day is of the day of the message.
    let day = instant::day_of(read.get(message, "GrpHdr/CreDtTm", instant::read)?);
    let notice = |part: &Element| {
        Ok(Notice {
            id: read.at(part, "Id")?.text.clone(),
            account: entries::account(&read, part)?,
            entries: entries::entries(&read, part, day, mode)?,
        })
    };
    message.all("Ntfctn").map(notice).collect()
}
