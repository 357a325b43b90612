//! The file of a batch: made once, kept word for word, and compared with its rows whenever a key is turned.

use super::accounts::party;
use super::row::{Row, adapter, unfit};
use super::{Account, Batch};
use crate::bank::{InstructionId, MessageId, Order, Party, PaymentFile};
use crate::ledger::total;
use crate::log::sha256;
use crate::policies::Document;
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// The name under which a bank knows a batch.
pub(super) fn message(tx: &Tx<'_>, batch: &str) -> Answer<MessageId> {
    let office = &tx.setup.config.office;
    MessageId::new(tx.setup.config.mode, &format!("{office}-{batch}"))
        .map_err(|violation| unfit("file_unfit", &violation))
}

/// The bytes for the bank, checked against what banks read.
pub(super) fn bytes(tx: &mut Tx<'_>, batch: &Batch, rows: &[Row]) -> Answer<String> {
    let orders = rows.iter().map(|row| order(tx, row)).collect::<Answer<_>>()?;
    let of = |violation| unfit("file_unfit", &violation);
    let debtor = &tx.setup.config.debtor;
    let debtor = Party::new(&debtor.name, &debtor.account, &debtor.bank).map_err(of)?;
    let message = message(tx, &batch.id)?;
    let file = PaymentFile::new(message, tx.at, batch.execution, debtor, orders).map_err(of)?;
    let bytes = adapter(tx.setup).write(&file).map_err(of)?;
    String::from_utf8(bytes).map_err(|_| Stop::denied("file_unfit", "the file is not UTF-8", "文件不是 UTF-8 编码"))
}

fn order(tx: &mut Tx<'_>, row: &Row) -> Answer<Order> {
    let Row { instruction, .. } = row;
    let account: Account = tx.get((&instruction.account, instruction.version))?;
    let id = InstructionId::parse(&instruction.id).ok_or_else(|| Stop::absent("instruction", &instruction.id))?;
    // An amount of the database has at most 18 digits.
    let amount = i64::try_from(instruction.amount.minor()).unwrap_or(0);
    let order = Order::new(id, amount, party(&account)?, &instruction.instalment);
    order.map_err(|violation| unfit("file_unfit", &violation))
}

/// The sealed file, after making sure that it is the one that was sealed and that count and sum are those of the rows.
pub(super) fn sealed(tx: &mut Tx<'_>, batch: &Batch, rows: &[Row]) -> Answer<String> {
    let differs = || {
        let id = &batch.id;
        Stop::denied(
            "file_differs",
            format!("the file of batch {id} is not the one that was sealed; dissolve the batch and build it again"),
            format!("批次 {id} 的文件与封存时不一致，请解散批次并重新生成"),
        )
    };
    let digest = batch.file.as_ref().ok_or_else(differs)?;
    let body = tx.get::<Document>(digest)?.body.ok_or_else(differs)?;
    let sum = total(rows.iter().map(|row| row.instruction.amount));
    let same = batch.hash.as_deref() == Some(sha256(body.as_bytes()).as_str())
        && batch.count == i64::try_from(rows.len()).ok()
        && batch.sum == Some(sum);
    if same { Ok(body) } else { Err(differs()) }
}
