//! Payments to make, `pain.001.001.09`: one payment information, a transfer for each order.

use super::reader::Reader;
use super::schema::Message;
use super::validate::open;
use super::xml::{self, Element};
use crate::bank::amount;
use crate::bank::file::PaymentFile;
use crate::bank::id::{InstructionId, MessageId};
use crate::bank::instant;
use crate::bank::mode::Mode;
use crate::bank::order::{BankCode, Order, Party};
use crate::bank::violation::{Fault, Place, Violation};

const ROOT: &str = "CstmrCdtTrfInitn";

pub(in crate::bank) fn write(file: &PaymentFile) -> Vec<u8> {
    let totals = || {
        [
            Element::text("NbOfTxs", file.count().to_string()),
            Element::text("CtrlSum", amount::write(file.sum())),
        ]
    };
    let mut header = vec![
        Element::text("MsgId", file.message().as_str()),
        Element::text("CreDtTm", file.created().to_string()),
    ];
    header.extend(totals());
    header.push(Element::with(
        "InitgPty",
        vec![Element::text("Nm", file.debtor().name())],
    ));

    let mut payment = vec![
        Element::text("PmtInfId", file.message().as_str()),
        Element::text("PmtMtd", "TRF"),
        // One entry for each transfer: an entry for all would say less about which were executed.
        Element::text("BtchBookg", "false"),
    ];
    payment.extend(totals());
    payment.push(Element::with(
        "ReqdExctnDt",
        vec![Element::text("Dt", file.execution().to_string())],
    ));
    let mut account = account("DbtrAcct", file.debtor());
    account.children.push(Element::text("Ccy", "CNY"));
    payment.extend([party("Dbtr", file.debtor()), account, bank("DbtrAgt", file.debtor())]);
    payment.extend(file.orders().iter().map(transfer));

    let message = vec![Element::with("GrpHdr", header), Element::with("PmtInf", payment)];
    let root = Element::with("Document", vec![Element::with(ROOT, message)]);
    xml::write(Message::Pain001.namespace(), root)
}

fn transfer(order: &Order) -> Element {
    let mut amount = Element::text("InstdAmt", amount::write(order.amount()));
    amount.attributes.push(("Ccy".to_owned(), "CNY".to_owned()));
    let mut parts = vec![
        Element::with("PmtId", vec![Element::text("EndToEndId", order.id().as_str())]),
        Element::with("Amt", vec![amount]),
        bank("CdtrAgt", order.creditor()),
        party("Cdtr", order.creditor()),
        account("CdtrAcct", order.creditor()),
    ];
    if !order.remittance().is_empty() {
        parts.push(Element::with(
            "RmtInf",
            vec![Element::text("Ustrd", order.remittance())],
        ));
    }
    Element::with("CdtTrfTxInf", parts)
}

fn party(name: &str, party: &Party) -> Element {
    Element::with(name, vec![Element::text("Nm", party.name())])
}

fn account(name: &str, party: &Party) -> Element {
    let other = Element::with("Othr", vec![Element::text("Id", party.account())]);
    Element::with(name, vec![Element::with("Id", vec![other])])
}

fn bank(name: &str, party: &Party) -> Element {
    let code = match party.bank() {
        BankCode::Bic(code) => Element::text("BICFI", code.as_str()),
        BankCode::Cnaps(code) => {
            let system = Element::with("ClrSysId", vec![Element::text("Cd", "CNAPS")]);
            Element::with("ClrSysMmbId", vec![system, Element::text("MmbId", code.as_str())])
        }
    };
    Element::with(name, vec![Element::with("FinInstnId", vec![code])])
}

/// Reads what [`write`] writes, and what says the same in the schema's other ways.
pub(in crate::bank) fn read(bytes: &[u8], mode: Mode) -> Result<PaymentFile, Violation> {
    let document = open(bytes, Message::Pain001)?;
    let read = Reader::of(&document);
    let message = read.at(&document.root, ROOT)?;
    let mut payments = message.all("PmtInf");
    let payment = read.at(message, "PmtInf")?;
    if let Some(second) = payments.nth(1) {
        return Err(read.wrong(second, Fault::Repeated("PmtInf".to_owned(), 1)));
    }
    let id = read.get(message, "GrpHdr/MsgId", MessageId::read)?;
    read.own(message, mode, id.mode())?;
    let created = read.get(message, "GrpHdr/CreDtTm", instant::read)?;
    read.get(payment, "PmtMtd", |method| match method {
        "TRF" => Ok(()),
        other => Err(Fault::form(other, "TRF")),
    })?;
    let execution = read.get(payment, "ReqdExctnDt/Dt", instant::read_day)?;
    let debtor = party_of(&read, payment, ["Dbtr/Nm", "DbtrAcct/Id", "DbtrAgt/FinInstnId"])?;
    let orders = payment.all("CdtTrfTxInf").map(|transfer| order(&read, transfer));
    PaymentFile::new(id, created, execution, debtor, orders.collect::<Result<_, _>>()?)
}

fn order(read: &Reader<'_>, transfer: &Element) -> Result<Order, Violation> {
    let id = read.get(transfer, "PmtId/EndToEndId", InstructionId::read)?;
    let fen = read.yuan(transfer, "Amt/InstdAmt")?;
    let creditor = party_of(read, transfer, ["Cdtr/Nm", "CdtrAcct/Id", "CdtrAgt/FinInstnId"])?;
    let remittance = match transfer.find("RmtInf") {
        None => "",
        Some(text) => match text.children.as_slice() {
            [one] if one.name == "Ustrd" => one.text.as_str(),
            _ => return Err(read.wrong(text, Fault::Repeated("Ustrd".to_owned(), 1))),
        },
    };
    Order::new(id, fen, creditor, remittance).map_err(|wrong| read.wrong(transfer, wrong.fault().clone()))
}

fn party_of(read: &Reader<'_>, element: &Element, [name, account, bank]: [&str; 3]) -> Result<Party, Violation> {
    let name = read.at(element, name)?;
    let account = read.at(element, account)?;
    let number = account.get("Othr/Id").or_else(|| account.get("IBAN"));
    let bank = read.at(element, bank)?;
    let code = bank.get("BICFI").or_else(|| bank.get("ClrSysMmbId/MmbId"));
    let code = code.ok_or_else(|| read.wrong(bank, Fault::Missing("BICFI | ClrSysMmbId".to_owned())))?;
    let party = Party::new(&name.text, number.unwrap_or_default(), code);
    party.map_err(|wrong| match wrong.place() {
        Place::Part("account") => read.wrong(account, wrong.fault().clone()),
        Place::Part("bank") => read.wrong(bank, wrong.fault().clone()),
        _ => read.wrong(name, wrong.fault().clone()),
    })
}
