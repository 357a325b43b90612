//! Bookings on an account, as `camt.053` and `camt.054` tell them.

use std::collections::HashSet;

use super::reader::Reader;
use super::xml::Element;
use crate::bank::answer::Code;
use crate::bank::id::InstructionId;
use crate::bank::instant;
use crate::bank::mode::Mode;
use crate::bank::statement::{Direction, Entry, Kind, Stage};
use crate::bank::violation::{Fault, Violation};
use meed_facts::date::Date;

/// The number of the account that a statement or a notice is of. What amounts of an account in another currency are worth in yuan
/// is not ours to guess, whatever currency stands beside them.
pub(super) fn account(read: &Reader<'_>, part: &Element) -> Result<String, Violation> {
    read.may(part, "Acct/Ccy", |code| match code {
        "CNY" => Ok(()),
        other => Err(Fault::OtherAccount(other.to_owned())),
    })?;
    let account = read.at(part, "Acct/Id")?;
    let number = account.get("Othr/Id").or_else(|| account.get("IBAN"));
    Ok(number.unwrap_or_default().to_owned())
}

/// All entries, each reference once. What is not booked and has no day has the last one.
pub(super) fn entries(read: &Reader<'_>, part: &Element, last: Date, mode: Mode) -> Result<Vec<Entry>, Violation> {
    let mut entries = Vec::new();
    for entry in part.all("Ntry") {
        read_entry(read, entry, last, mode, &mut entries)?;
    }
    let mut references = HashSet::new();
    match entries.iter().find(|entry| !references.insert(entry.bank_ref.as_str())) {
        Some(twice) => Err(read.wrong(part, Fault::SameId(twice.bank_ref.clone()))),
        None => Ok(entries),
    }
}

/// The day of an element that is a `Dt` or a `DtTm`.
pub(super) fn day(read: &Reader<'_>, parent: &Element, name: &str) -> Result<Date, Violation> {
    let either = read.at(parent, name)?;
    match read.may(either, "Dt", instant::read_day)? {
        Some(day) => Ok(day),
        None => read.get(either, "DtTm", instant::read).map(instant::day_of),
    }
}

pub(super) fn direction(parent: &Element) -> Option<Direction> {
    parent.get("CdtDbtInd").map(|code| {
        if code == "CRDT" {
            Direction::Credit
        } else {
            Direction::Debit
        }
    })
}

/// Adds an entry, or one for each of its transactions.
fn read_entry(
    read: &Reader<'_>,
    entry: &Element,
    last: Date,
    mode: Mode,
    entries: &mut Vec<Entry>,
) -> Result<(), Violation> {
    let reference = entry.get("AcctSvcrRef").or_else(|| entry.get("NtryRef"));
    let reference = reference.ok_or_else(|| read.wrong(entry, Fault::Missing("AcctSvcrRef | NtryRef".to_owned())))?;
    let status = read.at(entry, "Sts")?;
    let stage = match status.get("Cd") {
        Some("BOOK") => Stage::Booked,
        Some("PDNG" | "FUTR") => Stage::Pending,
        Some("INFO") => Stage::Info,
        other => {
            return Err(read.wrong(
                status,
                Fault::form(other.unwrap_or_default(), "BOOK, PDNG, FUTR or INFO"),
            ));
        }
    };
    let value = entry.find("ValDt").map(|_| day(read, entry, "ValDt")).transpose()?;
    let booked = match (entry.find("BookgDt"), stage) {
        (None, Stage::Pending | Stage::Info) => value.unwrap_or(last),
        _ => day(read, entry, "BookgDt")?,
    };
    let whole = Entry {
        bank_ref: reference.to_owned(),
        stage,
        booked,
        value: value.unwrap_or(booked),
        amount: read.yuan(entry, "Amt")?,
        direction: direction(entry).unwrap_or(Direction::Debit),
        id: None,
        kind: Kind::Other,
    };
    let reversal = matches!(entry.get("RvslInd"), Some("true" | "1"));
    let family = entry.get("BkTxCd/Domn/Fmly/SubFmlyCd");
    let details: Vec<_> = entry
        .all("NtryDtls")
        .flat_map(|details| details.all("TxDtls"))
        .collect();
    let mut parts = Vec::new();
    for (position, transaction) in (1_usize..).zip(&details) {
        let mut part = whole.clone();
        part.direction = direction(transaction).unwrap_or(whole.direction);
        if details.len() > 1 {
            part.bank_ref = format!("{reference}/{position}");
        }
        if details.len() > 1 || transaction.find("Amt").is_some() {
            part.amount = read.yuan(transaction, "Amt")?;
        }
        part.id = ours(read, transaction, mode)?;
        part.kind = kind(read, &part, transaction, reversal, family)?;
        parts.push(part);
    }
    let sum = parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.signed()));
    if parts.is_empty() {
        parts.push(Entry {
            kind: if reversal { Kind::Reversal } else { Kind::Other },
            ..whole
        });
    } else if sum != whole.signed() {
        let fault = Fault::Sum {
            told: whole.signed(),
            found: sum,
        };
        return Err(read.wrong(entry, fault));
    }
    entries.extend(parts);
    Ok(())
}

/// The instruction a transaction names, if it is one of this mode; others' references are none.
fn ours(read: &Reader<'_>, transaction: &Element, mode: Mode) -> Result<Option<InstructionId>, Violation> {
    let Some(element) = transaction.find("Refs/EndToEndId") else {
        return Ok(None);
    };
    let Some(id) = InstructionId::parse(&element.text) else {
        return Ok(None);
    };
    read.own(element, mode, id.mode())?;
    Ok(Some(id))
}

fn kind(
    read: &Reader<'_>,
    part: &Entry,
    transaction: &Element,
    reversal: bool,
    family: Option<&str>,
) -> Result<Kind, Violation> {
    if transaction.find("RtrInf").is_some() || family == Some("RRTN") {
        let code = read.may(transaction, "RtrInf/Rsn/Cd", Code::parse)?;
        return Ok(Kind::Return(code.unwrap_or_else(Code::unspecified)));
    }
    Ok(match part.direction {
        _ if reversal => Kind::Reversal,
        Direction::Debit if part.id.is_some() => Kind::Payment,
        _ => Kind::Other,
    })
}
