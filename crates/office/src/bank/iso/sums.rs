//! Counts and sums that a message states, against what is there. A message cut short or put together wrongly shows here.

use super::schema::Message;
use super::validate::place;
use super::xml::{Document, Element};
use crate::bank::amount;
use crate::bank::violation::{Fault, Violation};

pub(super) fn check(document: &Document<'_>, message: Message, found: &mut Vec<Violation>) {
    match message {
        Message::Pain001 => payments(document, found),
        Message::Camt053 => batches(document, found),
        Message::Pain002 => {}
    }
}

/// `NbOfTxs` and `CtrlSum` of the file and of each payment information.
fn payments(document: &Document<'_>, found: &mut Vec<Violation>) {
    const PATH: &str = "CstmrCdtTrfInitn";
    let Some(message) = document.root.find(PATH) else {
        return;
    };
    let transfers = |payment: &Element| -> Vec<i64> {
        let amounts = payment.all("CdtTrfTxInf").map(|transfer| transfer.get("Amt/InstdAmt"));
        amounts.map(|amount| amount.map_or(0, fen)).collect()
    };
    let mut all = Vec::new();
    for payment in message.all("PmtInf") {
        let part = transfers(payment);
        compare(
            document,
            &format!("{PATH}/PmtInf"),
            payment,
            "NbOfTxs",
            "CtrlSum",
            &part,
            found,
        );
        all.extend(part);
    }
    if let Some(header) = message.find("GrpHdr") {
        compare(
            document,
            &format!("{PATH}/GrpHdr"),
            header,
            "NbOfTxs",
            "CtrlSum",
            &all,
            found,
        );
    }
}

/// `NbOfTxs` and `TtlAmt` of a batch that lists its transactions.
fn batches(document: &Document<'_>, found: &mut Vec<Violation>) {
    const PATH: &str = "BkToCstmrStmt/Stmt/Ntry/NtryDtls";
    let Some(message) = document.root.find("BkToCstmrStmt") else {
        return;
    };
    let entries = message.all("Stmt").flat_map(|statement| statement.all("Ntry"));
    for details in entries.flat_map(|entry| entry.all("NtryDtls")) {
        let listed: Vec<_> = details.all("TxDtls").map(|one| one.get("Amt")).collect();
        let Some(batch) = details.find("Btch").filter(|_| !listed.is_empty()) else {
            continue;
        };
        let amounts: Option<Vec<_>> = listed.iter().map(|amount| amount.map(fen)).collect();
        let sum = if amounts.is_some() { "TtlAmt" } else { "" };
        let amounts = amounts.unwrap_or_else(|| vec![0; listed.len()]);
        compare(
            document,
            &format!("{PATH}/Btch"),
            batch,
            "NbOfTxs",
            sum,
            &amounts,
            found,
        );
    }
}

fn compare(
    document: &Document<'_>,
    path: &str,
    parent: &Element,
    count: &str,
    sum: &str,
    parts: &[i64],
    found: &mut Vec<Violation>,
) {
    let at = |name: &str, element| place(document, &format!("{path}/{name}"), element);
    if let Some(element) = parent.find(count)
        && element.text.parse() != Ok(parts.len())
    {
        let told = element.text.clone();
        found.push(
            Fault::Count {
                told,
                found: parts.len(),
            }
            .at(at(count, element)),
        );
    }
    let total = parts.iter().fold(0_i64, |sum, part| sum.saturating_add(*part));
    if let Some(element) = parent.find(sum)
        && fen(&element.text) != total
    {
        let told = fen(&element.text);
        found.push(Fault::Sum { told, found: total }.at(at(sum, element)));
    }
}

/// An amount in fen; what is none disagrees with every sum. Zeros behind the second decimal change nothing.
fn fen(text: &str) -> i64 {
    let short = match text.split_once('.') {
        Some((_, part)) if part.len() > 2 => text.trim_end_matches('0').trim_end_matches('.'),
        _ => text,
    };
    amount::read_signed(short).unwrap_or(i64::MIN)
}
