//! Payments to make: a row for the file and its payer, one for each order, and a trailer with count and sum.

use super::cell;
use super::table::{self, Row, Table};
use crate::bank::amount;
use crate::bank::file::PaymentFile;
use crate::bank::id::{InstructionId, MessageId};
use crate::bank::instant;
use crate::bank::mode::Mode;
use crate::bank::order::{Order, Party};
use crate::bank::violation::{Fault, Place, Violation};

static TABLE: Table = Table {
    columns: &[
        "record", "id", "count", "amount", "currency", "name", "account", "bank", "date", "text",
    ],
    records: &[
        ("file", &["id", "currency", "name", "account", "bank", "date", "text"]),
        (
            "order",
            &["id", "amount", "currency", "name", "account", "bank", "text"],
        ),
        ("trailer", &["count", "amount"]),
    ],
};

pub(in crate::bank) fn write(file: &PaymentFile) -> Vec<u8> {
    let mut rows = Vec::with_capacity(file.count().saturating_add(2));
    let mut head = vec![
        ("record", "file".to_owned()),
        ("id", file.message().to_string()),
        ("date", file.execution().to_string()),
        ("text", file.created().to_string()),
    ];
    head.extend(party(file.debtor()));
    rows.push(head);
    rows.extend(file.orders().iter().map(|order| {
        let mut row = vec![
            ("record", "order".to_owned()),
            ("id", order.id().to_string()),
            ("amount", amount::write(order.amount())),
            ("text", cell::write(order.remittance()).into_owned()),
        ];
        row.extend(party(order.creditor()));
        row
    }));
    rows.push(vec![
        ("record", "trailer".to_owned()),
        ("count", file.count().to_string()),
        ("amount", amount::write(file.sum())),
    ]);
    table::write(&TABLE, &rows)
}

fn party(party: &Party) -> [(&'static str, String); 4] {
    [
        ("currency", "CNY".to_owned()),
        ("name", cell::write(party.name()).into_owned()),
        ("account", party.account().to_owned()),
        ("bank", party.bank().as_str().to_owned()),
    ]
}

pub(in crate::bank) fn read(bytes: &[u8], mode: Mode) -> Result<PaymentFile, Violation> {
    let rows = table::read(&TABLE, bytes)?;
    let missing = |name: &str| Fault::Missing(name.to_owned()).at(Place::File);
    let (head, rest) = rows.split_first().ok_or_else(|| missing("file"))?;
    let (trailer, orders) = rest.split_last().ok_or_else(|| missing("trailer"))?;
    let records = |row: &Row, wanted: &str| {
        let unknown = || row.wrong(Fault::OutOfOrder(row.record.to_owned()));
        (row.record == wanted).then_some(()).ok_or_else(unknown)
    };
    records(head, "file")?;
    if trailer.record != "trailer" {
        return Err(missing("trailer"));
    }
    let message = head.get("id", MessageId::read)?;
    let (ours, theirs) = (mode, message.mode());
    if ours != theirs {
        return Err(head.wrong(Fault::OtherMode { ours, theirs }));
    }
    let created = head.get("text", instant::read)?;
    let execution = head.get("date", instant::read_day)?;
    let debtor = read_party(head)?;
    let orders = orders.iter().map(|row| {
        records(row, "order")?;
        read_order(row)
    });
    let file = PaymentFile::new(message, created, execution, debtor, orders.collect::<Result<_, _>>()?)?;
    let told = trailer.raw("count");
    if told != file.count().to_string() {
        let (told, found) = (told.to_owned(), file.count());
        return Err(trailer.wrong(Fault::Count { told, found }));
    }
    let (told, found) = (trailer.get("amount", amount::read)?, file.sum());
    if told != found {
        return Err(trailer.wrong(Fault::Sum { told, found }));
    }
    Ok(file)
}

fn read_order(row: &Row) -> Result<Order, Violation> {
    let id = row.get("id", InstructionId::read)?;
    let amount = row.get("amount", amount::read)?;
    let creditor = read_party(row)?;
    Order::new(id, amount, creditor, row.text("text")?).map_err(|wrong| row.wrong(wrong.fault().clone()))
}

fn read_party(row: &Row) -> Result<Party, Violation> {
    if row.raw("currency") != "CNY" {
        return Err(row.wrong(Fault::Currency(row.raw("currency").to_owned())));
    }
    let party = Party::new(row.text("name")?, row.raw("account"), row.raw("bank"));
    party.map_err(|wrong| row.wrong(wrong.fault().clone()))
}
