//! The bank's side of `camt.053.001.08`: a statement's message.

use super::schema::Message;
use super::xml::{self, Element};
use crate::bank::amount;
use crate::bank::instant;
use crate::bank::statement::{Direction, Entry, Kind, Stage, Statement};
use crate::time::Instant;
use meed_facts::date::Date;

pub(in crate::bank) fn write(statement: &Statement) -> Vec<u8> {
    let end = instant::plus(Instant::start_of(statement.to), crate::time::DAY);
    let created = || Element::text("CreDtTm", end.to_string());
    let header = vec![Element::text("MsgId", statement.id.as_str()), created()];
    let page = (!statement.complete).then(|| {
        let parts = vec![Element::text("PgNb", "1"), Element::text("LastPgInd", "false")];
        Element::with("StmtPgntn", parts)
    });
    let other = Element::with("Othr", vec![Element::text("Id", statement.account.as_str())]);
    let account = vec![Element::with("Id", vec![other]), Element::text("Ccy", "CNY")];
    let period = vec![
        Element::text("FrDtTm", Instant::start_of(statement.from).to_string()),
        Element::text("ToDtTm", instant::plus(end, -1).to_string()),
    ];
    let mut parts = vec![Element::text("Id", statement.id.as_str())];
    parts.extend(page);
    parts.extend([
        created(),
        Element::with("FrToDt", period),
        Element::with("Acct", account),
        balance("OPBD", statement.opening, statement.from),
        balance("CLBD", statement.closing, statement.to),
    ]);
    parts.extend(statement.entries.chunk_by(together).map(entry));
    let message = vec![Element::with("GrpHdr", header), Element::with("Stmt", parts)];
    let root = Element::with("Document", vec![Element::with("BkToCstmrStmt", message)]);
    xml::write(Message::Camt053.namespace(), root)
}

fn balance(code: &str, fen: i64, day: Date) -> Element {
    let kind = Element::with("CdOrPrtry", vec![Element::text("Cd", code)]);
    let direction = if fen < 0 { Direction::Debit } else { Direction::Credit };
    let parts = vec![
        Element::with("Tp", vec![kind]),
        yuan("Amt", fen.saturating_abs()),
        indicator(direction),
        dated("Dt", day),
    ];
    Element::with("Bal", parts)
}

fn yuan(name: &str, fen: i64) -> Element {
    let mut element = Element::text(name, amount::write(fen));
    element.attributes.push(("Ccy".to_owned(), "CNY".to_owned()));
    element
}

fn indicator(direction: Direction) -> Element {
    Element::text(
        "CdtDbtInd",
        match direction {
            Direction::Debit => "DBIT",
            Direction::Credit => "CRDT",
        },
    )
}

fn dated(name: &str, day: Date) -> Element {
    Element::with(name, vec![Element::text("Dt", day.to_string())])
}

/// Whether the second is the next transaction of the first's entry: `R/1`, `R/2`.
fn together(one: &Entry, next: &Entry) -> bool {
    let split = |entry: &Entry| {
        let (base, position) = entry.bank_ref.rsplit_once('/')?;
        Some((base.to_owned(), position.parse::<usize>().ok()?))
    };
    let (Some((base, at)), Some((same, after))) = (split(one), split(next)) else {
        return false;
    };
    let alike = |entry: &Entry| (entry.stage, entry.booked, entry.value, entry.direction);
    base == same && at.checked_add(1) == Some(after) && alike(one) == alike(next)
}

fn entry(parts: &[Entry]) -> Element {
    let Some(first) = parts.first() else {
        return Element::with("Ntry", Vec::new());
    };
    let sum = parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.amount));
    let reference = match (parts, first.bank_ref.rsplit_once('/')) {
        ([_, _, ..], Some((base, _))) => base,
        _ => first.bank_ref.as_str(),
    };
    let stage = match first.stage {
        Stage::Booked => "BOOK",
        Stage::Pending => "PDNG",
        Stage::Info => "INFO",
    };
    let mut all = vec![yuan("Amt", sum), indicator(first.direction)];
    if first.kind == Kind::Reversal {
        all.push(Element::text("RvslInd", "true"));
    }
    let details = parts.iter().map(transaction).collect();
    all.extend([
        Element::with("Sts", vec![Element::text("Cd", stage)]),
        dated("BookgDt", first.booked),
        dated("ValDt", first.value),
        Element::text("AcctSvcrRef", reference),
        transaction_code(&first.kind),
        Element::with("NtryDtls", details),
    ]);
    Element::with("Ntry", all)
}

/// Codes of the external set of bank transaction codes: domain, family, sub-family.
fn transaction_code(kind: &Kind) -> Element {
    let (family, sub) = match kind {
        Kind::Payment | Kind::Reversal => ("ICDT", "DMCT"),
        Kind::Return(_) => ("ICDT", "RRTN"),
        Kind::Other => ("MCOP", "OTHR"),
    };
    let family = vec![Element::text("Cd", family), Element::text("SubFmlyCd", sub)];
    let domain = vec![Element::text("Cd", "PMNT"), Element::with("Fmly", family)];
    Element::with("BkTxCd", vec![Element::with("Domn", domain)])
}

fn transaction(part: &Entry) -> Element {
    let mut all = Vec::new();
    if let Some(id) = &part.id {
        all.push(Element::with("Refs", vec![Element::text("EndToEndId", id.as_str())]));
    }
    all.extend([yuan("Amt", part.amount), indicator(part.direction)]);
    if let Kind::Return(code) = &part.kind {
        let reason = Element::with("Rsn", vec![Element::text("Cd", code.as_str())]);
        all.push(Element::with("RtrInf", vec![reason]));
    }
    Element::with("TxDtls", all)
}
