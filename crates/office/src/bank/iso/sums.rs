//! Counts and sums that a message states, against what is there. A message cut short or put together wrongly shows here.

use super::schema::Message;
use super::xml::{Document, Element};
use crate::bank::amount;
use crate::bank::violation::{Fault, Violation};

pub(super) fn check(document: &Document<'_>, message: Message, found: &mut Vec<Violation>) {
    match message {
        Message::Pain001 => payments(document, found),
        Message::Camt053 => batches(document, ("BkToCstmrStmt", "Stmt"), found),
        Message::Camt054 => batches(document, ("BkToCstmrDbtCdtNtfctn", "Ntfctn"), found),
        Message::Pain002 => {}
    }
}

/// What there is to compare with: how many parts, and their sum unless one of them does not say its amount.
#[derive(Clone, Copy)]
struct Parts {
    count: usize,
    sum: Option<i64>,
}

impl Parts {
    fn of<'a>(amounts: impl Iterator<Item = Option<&'a str>>) -> Self {
        let none = Self { count: 0, sum: Some(0) };
        amounts.fold(none, |all, amount| {
            all.and(Self {
                count: 1,
                sum: amount.map(fen),
            })
        })
    }

    fn and(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_add(other.count),
            sum: self.sum.zip(other.sum).map(|(one, two)| one.saturating_add(two)),
        }
    }
}

/// `NbOfTxs` and `CtrlSum` of the file and of each payment information.
fn payments(document: &Document<'_>, found: &mut Vec<Violation>) {
    let Some(message) = document.root.find("CstmrCdtTrfInitn") else {
        return;
    };
    let mut all = Parts::of(std::iter::empty());
    for payment in message.all("PmtInf") {
        let part = Parts::of(payment.all("CdtTrfTxInf").map(|transfer| transfer.get("Amt/InstdAmt")));
        compare(document, payment, "CtrlSum", part, found);
        all = all.and(part);
    }
    if let Some(header) = message.find("GrpHdr") {
        compare(document, header, "CtrlSum", all, found);
    }
}

/// `NbOfTxs` and `TtlAmt` of a batch that lists its transactions.
fn batches(document: &Document<'_>, (message, part): (&str, &str), found: &mut Vec<Violation>) {
    let Some(message) = document.root.find(message) else {
        return;
    };
    let entries = message.all(part).flat_map(|part| part.all("Ntry"));
    for details in entries.flat_map(|entry| entry.all("NtryDtls")) {
        let parts = Parts::of(details.all("TxDtls").map(|one| one.get("Amt")));
        if let Some(batch) = details.find("Btch").filter(|_| parts.count > 0) {
            compare(document, batch, "TtlAmt", parts, found);
        }
    }
}

fn compare(document: &Document<'_>, parent: &Element, sum: &str, parts: Parts, found: &mut Vec<Violation>) {
    let mut report = |element: &Element, fault: Fault| found.push(fault.at(document.place(element)));
    if let Some(element) = parent.find("NbOfTxs")
        && element.text.parse() != Ok(parts.count)
    {
        let told = element.text.clone();
        report(
            element,
            Fault::Count {
                told,
                found: parts.count,
            },
        );
    }
    if let (Some(element), Some(there)) = (parent.find(sum), parts.sum)
        && fen(&element.text) != there
    {
        let told = fen(&element.text);
        report(element, Fault::Sum { told, found: there });
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
