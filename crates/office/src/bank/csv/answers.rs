//! What became of payments: a row for each instruction, and a trailer with their number.

use super::cell;
use super::table::{self, Table};
use crate::bank::answer::{Code, Line, Reply, Status};
use crate::bank::id::InstructionId;
use crate::bank::instant;
use crate::bank::mode::Mode;
use crate::bank::violation::{Fault, Place, Violation};

static TABLE: Table = Table {
    columns: &["id", "status", "reason", "date", "bank_ref"],
    records: &[
        ("trailer", &["status"]),
        ("", &["status", "reason", "date", "bank_ref"]),
    ],
};

/// The bank's side. The form has no place for an answer about a whole file.
pub(in crate::bank) fn write(reply: &Reply) -> Result<Vec<u8>, Violation> {
    if reply.group.is_some() {
        return Err(Fault::Unknown("group".to_owned()).at(Place::File));
    }
    let mut rows: Vec<_> = reply.lines.iter().map(row).collect();
    rows.push(vec![
        ("id", "trailer".to_owned()),
        ("status", reply.lines.len().to_string()),
    ]);
    Ok(table::write(&TABLE, &rows))
}

fn row(line: &Line) -> Vec<(&'static str, String)> {
    let (status, reason) = match &line.status {
        Status::Accepted => ("accepted", None),
        Status::Pending => ("pending", None),
        Status::Rejected(code) => ("rejected", Some(code)),
        Status::NotExecuted(code) => ("not executed", Some(code)),
        Status::Duplicate(code) => ("duplicate", Some(code)),
        Status::Unknown => ("unknown", None),
    };
    vec![
        ("id", line.id.to_string()),
        ("status", status.to_owned()),
        (
            "reason",
            reason.map_or_else(String::new, |code| code.as_str().to_owned()),
        ),
        ("date", line.date.map_or_else(String::new, |day| day.to_string())),
        (
            "bank_ref",
            cell::write(line.bank_ref.as_deref().unwrap_or_default()).into_owned(),
        ),
    ]
}

pub(in crate::bank) fn read(bytes: &[u8], mode: Mode) -> Result<Reply, Violation> {
    let rows = table::read(&TABLE, bytes)?;
    let trailer = rows.split_last().filter(|(last, _)| last.record == "trailer");
    let (trailer, rows) = trailer.ok_or_else(|| Fault::Missing("trailer".to_owned()).at(Place::File))?;
    let told = trailer.raw("status");
    if told != rows.len().to_string() {
        let (told, found) = (told.to_owned(), rows.len());
        return Err(trailer.wrong(Fault::Count { told, found }));
    }
    let lines = rows.iter().map(|row| {
        if row.record == "trailer" {
            return Err(row.wrong(Fault::OutOfOrder("trailer".to_owned())));
        }
        let id = row.get("id", InstructionId::read)?;
        let (ours, theirs) = (mode, id.mode());
        if ours != theirs {
            return Err(row.wrong(Fault::OtherMode { ours, theirs }));
        }
        let reason = row.may("reason", Code::parse)?;
        let bank_ref = row.text("bank_ref")?;
        Ok(Line {
            id,
            status: row.get("status", |word| status(word, reason))?,
            date: row.may("date", instant::read_day)?,
            bank_ref: (!bank_ref.is_empty()).then(|| bank_ref.to_owned()),
        })
    });
    Ok(Reply {
        message: String::new(),
        original: None,
        group: None,
        lines: lines.collect::<Result<_, _>>()?,
    })
}

fn status(word: &str, reason: Option<Code>) -> Result<Status, Fault> {
    let code = || reason.clone().unwrap_or_else(Code::unspecified);
    let status = match word {
        "accepted" => Status::Accepted,
        "pending" => Status::Pending,
        // The same reasons as in ISO 20022 mean that this is no rejection of the first sending.
        "rejected" if code().is_duplicate() => Status::Duplicate(code()),
        "rejected" if code().is_unknown() => Status::Unknown,
        "rejected" => Status::Rejected(code()),
        "not executed" => Status::NotExecuted(code()),
        "duplicate" => Status::Duplicate(code()),
        "unknown" => Status::Unknown,
        _ => {
            return Err(Fault::form(
                word,
                "accepted, pending, rejected, not executed, duplicate or unknown",
            ));
        }
    };
    let silent = matches!(status, Status::Accepted | Status::Pending | Status::Unknown);
    match reason {
        Some(code) if silent && !code.is_unknown() => Err(Fault::Unknown(code.as_str().to_owned())),
        _ => Ok(status),
    }
}
