//! What was booked: a row for the statement, its opening balance, its entries, its closing balance.

use std::collections::HashSet;

use super::cell;
use super::table::{self, Row, Table};
use crate::bank::amount;
use crate::bank::answer::Code;
use crate::bank::id::InstructionId;
use crate::bank::instant;
use crate::bank::mode::Mode;
use crate::bank::order;
use crate::bank::statement::{Direction, Entry, Kind, Stage, Statement};
use crate::bank::violation::{Fault, Place, Violation};

static TABLE: Table = Table {
    columns: &[
        "record",
        "reference",
        "account",
        "booked",
        "value",
        "amount",
        "direction",
        "stage",
        "kind",
        "reason",
        "id",
    ],
    records: &[
        ("statement", &["reference", "account", "booked", "value", "stage"]),
        ("opening", &["amount"]),
        (
            "entry",
            &[
                "reference",
                "booked",
                "value",
                "amount",
                "direction",
                "stage",
                "kind",
                "reason",
                "id",
            ],
        ),
        ("closing", &["amount"]),
    ],
};

const STAGES: [(Stage, &str); 3] = [
    (Stage::Booked, "booked"),
    (Stage::Pending, "pending"),
    (Stage::Info, "info"),
];
const DIRECTIONS: [(Direction, &str); 2] = [(Direction::Debit, "debit"), (Direction::Credit, "credit")];

fn word<T: Copy + PartialEq>(words: &[(T, &'static str)], value: T) -> String {
    let found = words.iter().find(|(one, _)| *one == value);
    found.map_or_else(String::new, |(_, word)| (*word).to_owned())
}

fn value<T: Copy>(words: &[(T, &'static str)], text: &str, wanted: &'static str) -> Result<T, Fault> {
    let found = words.iter().find(|(_, word)| *word == text);
    found.map(|(value, _)| *value).ok_or_else(|| Fault::form(text, wanted))
}

/// The bank's side.
pub(in crate::bank) fn write(statement: &Statement) -> Vec<u8> {
    let mut rows = vec![
        vec![
            ("record", "statement".to_owned()),
            ("reference", cell::write(&statement.id).into_owned()),
            ("account", statement.account.clone()),
            ("booked", statement.from.to_string()),
            ("value", statement.to.to_string()),
            ("stage", if statement.complete { "complete" } else { "page" }.to_owned()),
        ],
        vec![
            ("record", "opening".to_owned()),
            ("amount", amount::write(statement.opening)),
        ],
    ];
    rows.extend(statement.entries.iter().map(row));
    rows.push(vec![
        ("record", "closing".to_owned()),
        ("amount", amount::write(statement.closing)),
    ]);
    table::write(&TABLE, &rows)
}

fn row(entry: &Entry) -> Vec<(&'static str, String)> {
    let (kind, reason) = match &entry.kind {
        Kind::Payment => ("payment", None),
        Kind::Return(code) => ("return", Some(code)),
        Kind::Reversal => ("reversal", None),
        Kind::Other => ("other", None),
    };
    vec![
        ("record", "entry".to_owned()),
        ("reference", cell::write(&entry.bank_ref).into_owned()),
        ("booked", entry.booked.to_string()),
        ("value", entry.value.to_string()),
        ("amount", amount::write(entry.amount)),
        ("direction", word(&DIRECTIONS, entry.direction)),
        ("stage", word(&STAGES, entry.stage)),
        ("kind", kind.to_owned()),
        (
            "reason",
            reason.map_or_else(String::new, |code| code.as_str().to_owned()),
        ),
        (
            "id",
            entry.id.as_ref().map_or_else(String::new, InstructionId::to_string),
        ),
    ]
}

pub(in crate::bank) fn read(bytes: &[u8], mode: Mode) -> Result<Vec<Statement>, Violation> {
    let rows = table::read(&TABLE, bytes)?;
    if rows.is_empty() {
        return Err(Fault::Missing("statement".to_owned()).at(Place::File));
    }
    let parts = rows.chunk_by(|_, next| next.record != "statement");
    parts.map(|part| statement(part, mode)).collect()
}

fn statement(rows: &[Row], mode: Mode) -> Result<Statement, Violation> {
    let missing = |name: &str| Fault::Missing(name.to_owned()).at(Place::File);
    let [head, opening, entries @ .., closing] = rows else {
        return Err(missing("closing"));
    };
    for (row, wanted) in [(head, "statement"), (opening, "opening"), (closing, "closing")] {
        if row.record != wanted {
            return Err(row.wrong(Fault::Missing(wanted.to_owned())));
        }
    }
    let mut references = HashSet::new();
    let entries = entries.iter().map(|row| {
        let entry = entry(row, mode)?;
        if references.insert(entry.bank_ref.clone()) {
            return Ok(entry);
        }
        Err(row.wrong(Fault::SameId(entry.bank_ref)))
    });
    let entries = entries.collect::<Result<_, _>>()?;
    let id = head.text("reference")?;
    if id.is_empty() {
        return Err(head.wrong(Fault::Missing("reference".to_owned())));
    }
    let statement = Statement {
        id: id.to_owned(),
        account: head.get("account", |account| order::number(account).map(|()| account.to_owned()))?,
        from: head.get("booked", instant::read_day)?,
        to: head.get("value", instant::read_day)?,
        opening: opening.get("amount", amount::read_signed)?,
        closing: closing.get("amount", amount::read_signed)?,
        complete: head.get("stage", |text| {
            value(&[(true, "complete"), (false, "page")], text, "complete or page")
        })?,
        entries,
    };
    statement
        .check()
        .map_err(|wrong| closing.wrong(wrong.fault().clone()))?;
    Ok(statement)
}

fn entry(row: &Row, mode: Mode) -> Result<Entry, Violation> {
    if row.record != "entry" {
        return Err(row.wrong(Fault::OutOfOrder(row.record.to_owned())));
    }
    let id = row.raw("id");
    let id = InstructionId::parse(id);
    if let Some((ours, theirs)) = id
        .as_ref()
        .map(|id| (mode, id.mode()))
        .filter(|(ours, theirs)| ours != theirs)
    {
        return Err(row.wrong(Fault::OtherMode { ours, theirs }));
    }
    let bank_ref = row.text("reference")?;
    if bank_ref.is_empty() {
        return Err(row.wrong(Fault::Missing("reference".to_owned())));
    }
    let reason = row.may("reason", Code::parse)?;
    Ok(Entry {
        bank_ref: bank_ref.to_owned(),
        stage: row.get("stage", |text| value(&STAGES, text, "booked, pending or info"))?,
        booked: row.get("booked", instant::read_day)?,
        value: row.get("value", instant::read_day)?,
        amount: row.get("amount", amount::read)?,
        direction: row.get("direction", |text| value(&DIRECTIONS, text, "debit or credit"))?,
        id,
        kind: row.get("kind", |text| kind(text, reason))?,
    })
}

fn kind(word: &str, reason: Option<Code>) -> Result<Kind, Fault> {
    match (word, reason) {
        ("return", reason) => Ok(Kind::Return(reason.unwrap_or_else(Code::unspecified))),
        (_, Some(code)) => Err(Fault::Unknown(code.as_str().to_owned())),
        ("payment", None) => Ok(Kind::Payment),
        ("reversal", None) => Ok(Kind::Reversal),
        ("other", None) => Ok(Kind::Other),
        _ => Err(Fault::form(word, "payment, return, reversal or other")),
    }
}
