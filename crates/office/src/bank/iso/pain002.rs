//! What became of payments, `pain.002.001.10`: a status for the file, for a payment information, or for single transfers.

use super::reader::Reader;
use super::schema::Message;
use super::validate::open;
use super::xml::{self, Element};
use crate::bank::answer::{Code, Line, Reply, Status};
use crate::bank::id::{InstructionId, MessageId};
use crate::bank::instant;
use crate::bank::mode::Mode;
use crate::bank::violation::{Fault, Violation};
use crate::time::Instant;

const ROOT: &str = "CstmrPmtStsRpt";
const NO_FILE: &str = "NOTPROVIDED";

/// The bank's side: a reply that was made at an instant.
pub(in crate::bank) fn write(reply: &Reply, created: Instant) -> Vec<u8> {
    let header = vec![
        Element::text("MsgId", reply.message.as_str()),
        Element::text("CreDtTm", created.to_string()),
    ];
    let original = reply.original.as_ref().map_or(NO_FILE, MessageId::as_str);
    let mut group = vec![
        Element::text("OrgnlMsgId", original),
        Element::text("OrgnlMsgNmId", "pain.001.001.09"),
    ];
    if let Some(status) = &reply.group {
        group.extend(said("GrpSts", status));
    }
    let mut message = vec![
        Element::with("GrpHdr", header),
        Element::with("OrgnlGrpInfAndSts", group),
    ];
    if !reply.lines.is_empty() {
        let mut payment = vec![Element::text("OrgnlPmtInfId", original)];
        payment.extend(reply.lines.iter().map(transaction));
        message.push(Element::with("OrgnlPmtInfAndSts", payment));
    }
    let root = Element::with("Document", vec![Element::with(ROOT, message)]);
    xml::write(Message::Pain002.namespace(), root)
}

fn transaction(line: &Line) -> Element {
    let mut parts = vec![Element::text("OrgnlEndToEndId", line.id.as_str())];
    parts.extend(said("TxSts", &line.status));
    if let Some(day) = line.date {
        parts.push(Element::text("AccptncDtTm", Instant::start_of(day).to_string()));
    }
    if let Some(reference) = &line.bank_ref {
        parts.push(Element::text("AcctSvcrRef", reference.as_str()));
    }
    Element::with("TxInfAndSts", parts)
}

fn said(name: &str, status: &Status) -> Vec<Element> {
    let (code, reason) = status.code();
    let reason = reason.map(|reason| {
        let code = Element::with("Rsn", vec![Element::text("Cd", reason.as_str())]);
        Element::with("StsRsnInf", vec![code])
    });
    [Some(Element::text(name, code)), reason]
        .into_iter()
        .flatten()
        .collect()
}

/// Reads a reply to files of one mode.
pub(in crate::bank) fn read(bytes: &[u8], mode: Mode) -> Result<Reply, Violation> {
    let document = open(bytes, Message::Pain002)?;
    let read = Reader::of(&document);
    let message = read.at(&document.root, ROOT)?;
    let original = read.get(message, "OrgnlGrpInfAndSts/OrgnlMsgId", |text| match text {
        NO_FILE => Ok(None),
        id => MessageId::read(id).map(Some),
    })?;
    if let Some(id) = &original {
        read.own(message, mode, id.mode())?;
    }
    let mut group = status(&read, read.at(message, "OrgnlGrpInfAndSts")?, "GrpSts")?;
    let mut lines = Vec::new();
    for payment in message.all("OrgnlPmtInfAndSts") {
        let said = status(&read, payment, "PmtInfSts")?;
        if let (Some(id), Some(_)) = (&original, &said) {
            // A file has one payment information, with the file's id: what is said about it is said about all.
            let about = read.at(payment, "OrgnlPmtInfId")?;
            if about.text != id.as_str() {
                return Err(read.wrong(about, Fault::form(&about.text, "the id of the file that is answered")));
            }
        }
        group = said.or(group);
        for transaction in payment.all("TxInfAndSts") {
            lines.extend(line(&read, transaction, mode)?);
        }
    }
    Ok(Reply {
        message: read.at(message, "GrpHdr/MsgId")?.text.clone(),
        original,
        group,
        lines,
    })
}

fn line(read: &Reader<'_>, transaction: &Element, mode: Mode) -> Result<Option<Line>, Violation> {
    let id = read.get(transaction, "OrgnlEndToEndId", InstructionId::read)?;
    read.own(transaction, mode, id.mode())?;
    let accepted = read.may(transaction, "AccptncDtTm", instant::read)?;
    read.at(transaction, "TxSts")?;
    let Some(status) = status(read, transaction, "TxSts")? else {
        return Ok(None);
    };
    Ok(Some(Line {
        id,
        status,
        date: accepted.map(instant::day_of),
        bank_ref: transaction.get("AcctSvcrRef").map(str::to_owned),
    }))
}

/// The status under a name, with the first reason beside it.
fn status(read: &Reader<'_>, parent: &Element, name: &str) -> Result<Option<Status>, Violation> {
    let reason = read.may(parent, "StsRsnInf/Rsn/Cd", Code::parse)?;
    let status = read.may(parent, name, |code| Status::of(code, reason))?;
    Ok(status.flatten())
}
