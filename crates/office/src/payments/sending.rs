//! The way to the bank: that a batch leaves is durable before its first byte does, and nothing ever leaves twice.

use serde_json::{Value, json};

use super::batches::Act as Batches;
use super::inbound::{Act as Evidence, FromBank};
use super::keys::{self, batch_for};
use super::row::Row;
use super::transport::{Delivery, Transport};
use super::{Batch, Instruction, file, moves, restore};
use crate::bank::{FileHash, InstructionId};
use crate::command::{Act, Command, Outcome, SubmitError};
use crate::machine::{BatchState, InstructionState, State};
use crate::office::Office;
use crate::people::{Role, must};
use crate::policies::Document;
use crate::stop::{Answer, Stop};
use crate::store::StoreError;
use crate::tx::{Tx, select};

/// What became of a batch that was to be sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    /// It left, and the bank has it or may have it.
    Left(Delivery),
    /// It did not leave, and this is why.
    Stayed(Value),
}

/// Sends a batch that is released, once: whoever has its departure accepted carries the file, nobody else.
///
/// # Errors
/// [`SubmitError`]: nobody knows whether the departure was recorded. Nothing was sent, and the batch is settled by
/// [`recover_at_start`] and by asking.
pub fn send(office: &Office, person: &str, batch: &str, transport: &mut dyn Transport) -> Result<Sent, SubmitError> {
    let departed = submit(
        office,
        person,
        Batches::Depart {
            batch: batch.to_owned(),
        },
    )?;
    let Outcome::Accepted { result, .. } = departed else {
        return Ok(Sent::Stayed(departed.to_json()));
    };
    let text = |name: &str| result.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let file = body(office, &text("file"))?;
    // A file that changed since it was checked does not leave; its batch is unknown, which is safe.
    let delivery = match file {
        Some(file) if FileHash::of(file.as_bytes()).as_str() == text("file") => {
            transport.deliver(&text("message"), file.as_bytes())
        }
        _ => Delivery::Uncertain,
    };
    let confirmed = delivery == Delivery::Arrived;
    let batch = batch.to_owned();
    submit(office, person, Batches::Arrive { batch, confirmed })?;
    Ok(Sent::Left(delivery))
}

/// What must happen before an office sends anything: what was about to leave when it stopped may have left. The bank is asked about
/// all instructions whose fate is unknown.
///
/// # Errors
/// Where the office cannot write.
pub fn recover_at_start(office: &Office, person: &str, transport: &mut dyn Transport) -> Result<Outcome, SubmitError> {
    let outcome = submit(office, person, Batches::Recover {})?;
    ask(office, person, transport)?;
    Ok(outcome)
}

/// Asks the bank about all instructions whose fate is unknown, takes in what it answers at once, and tells how many were asked about.
///
/// # Errors
/// Where the office cannot write.
pub fn ask(office: &Office, person: &str, transport: &mut dyn Transport) -> Result<usize, SubmitError> {
    let unknown: Vec<Instruction> = select(&mut office.reader()?, "state = 'unknown' ORDER BY id", &[])?;
    let ids: Vec<InstructionId> = unknown.iter().filter_map(|one| InstructionId::parse(&one.id)).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    for file in transport.ask(&ids) {
        // What is not text is no answer.
        if let Ok(text) = String::from_utf8(file) {
            submit(office, person, Evidence::Answers { file: FromBank(text) })?;
        }
    }
    Ok(ids.len())
}

/// Each attempt has an id of its own: only one of them finds the batch released.
fn submit(office: &Office, person: &str, act: impl Into<Act>) -> Result<Outcome, SubmitError> {
    office.submit(Command::new(format!("send-{}", crate::log::salt()?), person, act))
}

fn body(office: &Office, digest: &str) -> Result<Option<String>, StoreError> {
    let found: Vec<Document> = select(&mut office.reader()?, "digest = $1", &[digest.into()])?;
    Ok(found.into_iter().next().and_then(|document| document.body))
}

/// Records that a batch is about to leave.
pub(super) fn depart(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut batch = sender(tx, id)?;
    if let Some(reason) = restore::lock(tx)? {
        return Err(Stop::Denied(reason));
    }
    if batch.mode != tx.setup.config.mode.name() {
        let mode = &batch.mode;
        return Err(Stop::denied(
            "other_mode",
            format!("batch {id} was built in an office of mode {mode}"),
            format!("批次 {id} 属于 {mode} 模式"),
        ));
    }
    if batch.state != BatchState::Released {
        let state = batch.state.name();
        return Err(Stop::denied(
            "not_now",
            format!("batch {id} is `{state}`; what leaves is sealed and released first, and leaves once"),
            format!("批次 {id} 状态为 `{state}`，须先封存、放行，且只发送一次"),
        ));
    }
    keys::must_not_be_over(tx, &batch)?;
    let mut rows = Row::all(tx, id)?;
    file::sealed(tx, &batch, &rows)?;
    for row in &mut rows {
        super::guard::account_stands(tx, &row.instruction.account, row.instruction.version)?;
        super::guard::clear(tx, &row.award, &row.instalment)?;
        keys::must_be_fresh(tx, &batch, row)?;
        row.instruction.sent_at = Some(tx.at);
        tx.step(&mut row.instruction, InstructionState::Sending)?;
    }
    tx.step(&mut batch, BatchState::Sending)?;
    let message = file::message(tx, id)?;
    Ok(json!({"batch": id, "message": message.as_str(), "file": batch.file}))
}

/// The batch, for whoever sends: a releaser of its payer, or the office's own machine.
fn sender(tx: &mut Tx<'_>, id: &str) -> Answer<Batch> {
    let person = tx.person.clone();
    if crate::people::holds(tx, &person, Role::Machine, "")? {
        return tx.get(id);
    }
    batch_for(tx, id, Role::Releaser)
}

/// Records what is known after a file was carried to the bank.
pub(super) fn arrive(tx: &mut Tx<'_>, id: &str, confirmed: bool) -> Answer<Value> {
    let batch = sender(tx, id)?;
    if batch.state != BatchState::Sending {
        let state = batch.state.name();
        return Err(Stop::denied(
            "not_now",
            format!("batch {id} is `{state}`; what became of it is for the bank to say now"),
            format!("批次 {id} 状态为 `{state}`，其结果须以银行回复为准"),
        ));
    }
    settle(tx, batch, confirmed)?;
    Ok(Value::Null)
}

fn settle(tx: &mut Tx<'_>, mut batch: Batch, confirmed: bool) -> Answer<()> {
    let (of_rows, of_batch) = if confirmed {
        (InstructionState::Sent, BatchState::Sent)
    } else {
        (InstructionState::Unknown, BatchState::Unknown)
    };
    // Of some the bank may have spoken already.
    let waiting = "batch = $1 AND state = 'sending' ORDER BY id";
    for mut instruction in tx.rows::<Instruction>(waiting, &[(&batch.id).into()])? {
        tx.step(&mut instruction, of_rows)?;
    }
    tx.step(&mut batch, of_batch)?;
    moves::follow(tx, &batch.id, false)
}

/// What was about to leave when the office stopped may have left.
pub(super) fn recover(tx: &mut Tx<'_>) -> Answer<Value> {
    must(tx, Role::Machine, "")?;
    let mut unknown = Vec::new();
    for batch in tx.rows::<Batch>("state = 'sending' ORDER BY id", &[])? {
        unknown.push(batch.id.clone());
        settle(tx, batch, false)?;
    }
    Ok(json!({"unknown": unknown}))
}
