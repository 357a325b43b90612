//! Payments to make, `pain.001.001.09`: one payment information, a transfer for each order.

use super::schema::Message;
use super::validate::{open, place};
use super::xml::{self, Document, Element};
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
    let [payment] = message.all("PmtInf").collect::<Vec<_>>()[..] else {
        return Err(Fault::Repeated("PmtInf".to_owned(), 1).at(place(&document, ROOT, message)));
    };
    let id = read.at(message, "GrpHdr/MsgId")?;
    let parsed = MessageId::parse(&id.text).map_err(|wrong| read.wrong(id, wrong.fault().clone()))?;
    read.own(id, mode, parsed.mode())?;
    let created = read.at(message, "GrpHdr/CreDtTm")?;
    let created = instant::read(&created.text).map_err(|fault| read.wrong(created, fault))?;
    let method = read.at(payment, "PmtMtd")?;
    if method.text != "TRF" {
        return Err(read.wrong(method, Fault::form(&method.text, "TRF")));
    }
    let day = read.at(payment, "ReqdExctnDt/Dt")?;
    let execution = instant::read_day(&day.text).map_err(|fault| read.wrong(day, fault))?;
    let debtor = read.party(payment, ["Dbtr/Nm", "DbtrAcct/Id", "DbtrAgt/FinInstnId"])?;
    let orders = payment.all("CdtTrfTxInf").map(|transfer| read.order(transfer));
    PaymentFile::new(parsed, created, execution, debtor, orders.collect::<Result<_, _>>()?)
}

/// Takes values out of a document that fits its schema, and says where one is wrong.
pub(super) struct Reader<'a> {
    document: &'a Document<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn of(document: &'a Document<'a>) -> Self {
        Self { document }
    }

    pub(super) fn at<'e>(&self, element: &'e Element, path: &str) -> Result<&'e Element, Violation> {
        element
            .find(path)
            .ok_or_else(|| self.wrong(element, Fault::Missing(path.to_owned())))
    }

    pub(super) fn wrong(&self, element: &Element, fault: Fault) -> Violation {
        fault.at(self.place(element))
    }

    /// An id of another mode is refused.
    pub(super) fn own(&self, element: &Element, ours: Mode, theirs: Mode) -> Result<(), Violation> {
        let fault = Fault::OtherMode { ours, theirs };
        (ours == theirs).then_some(()).ok_or_else(|| self.wrong(element, fault))
    }

    fn place(&self, element: &Element) -> Place {
        self.document.place(&element.name, element)
    }

    fn order(&self, transfer: &Element) -> Result<Order, Violation> {
        let id = self.at(transfer, "PmtId/EndToEndId")?;
        let id = InstructionId::read(&id.text).map_err(|fault| self.wrong(id, fault))?;
        let amount = self.at(transfer, "Amt/InstdAmt")?;
        let fen = yuan(amount).map_err(|fault| self.wrong(amount, fault))?;
        let creditor = self.party(transfer, ["Cdtr/Nm", "CdtrAcct/Id", "CdtrAgt/FinInstnId"])?;
        let remittance = transfer
            .find("RmtInf")
            .map_or(Ok(""), |text| match text.children.as_slice() {
                [one] if one.name == "Ustrd" => Ok(one.text.as_str()),
                _ => Err(self.wrong(text, Fault::Repeated("Ustrd".to_owned(), 1))),
            })?;
        Order::new(id, fen, creditor, remittance).map_err(|wrong| self.wrong(transfer, wrong.fault().clone()))
    }

    fn party(&self, element: &Element, [name, account, bank]: [&str; 3]) -> Result<Party, Violation> {
        let name = self.at(element, name)?;
        let account = self.at(element, account)?;
        let number = account
            .get("Othr/Id")
            .or_else(|| account.get("IBAN"))
            .unwrap_or_default();
        let bank = self.at(element, bank)?;
        let code = bank.get("BICFI").or_else(|| bank.get("ClrSysMmbId/MmbId"));
        let code = code.ok_or_else(|| self.wrong(bank, Fault::Missing("BICFI | ClrSysMmbId".to_owned())))?;
        Party::new(&name.text, number, code).map_err(|wrong| self.wrong(name, wrong.fault().clone()))
    }
}

/// An amount of yuan, in fen.
pub(super) fn yuan(element: &Element) -> Result<i64, Fault> {
    match element.attributes.first() {
        Some((_, currency)) if currency == "CNY" => amount::read(&element.text),
        Some((_, currency)) => Err(Fault::Currency(currency.clone())),
        None => Err(Fault::Missing("@Ccy".to_owned())),
    }
}
