//! What the bank answers about instructions. An answer moves an instruction or contradicts its end; it never pays it.

use std::collections::BTreeSet;

use meed_facts::date::{Date, Days};
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::differences::{self, Found};
use super::dissolving::unsent;
use super::row::{Row, adapter, keep, unfit};
use super::{Batch, Instruction, Restoration, booked, moves, restore, statements};
use crate::bank::{Answer as Told, Status};
use crate::machine::{InstructionState, State};
use crate::people::{Role, act_as, must};
use crate::stop::{Answer, Stop};
use crate::store::CURRENCY;
use crate::time::Instant;
use crate::tx::Tx;

/// Takes in a message of answers. A message that comes again changes nothing.
pub(super) fn import(tx: &mut Tx<'_>, file: &str) -> Answer<Value> {
    must(tx, Role::Machine, "")?;
    let report = adapter(tx.setup).answers(file.as_bytes());
    let report = report.map_err(|violation| unfit("unreadable", &violation))?;
    let (document, known) = keep(tx, "bank_answers", file)?;
    if known {
        return Ok(json!({"document": document, "known": true}));
    }
    let mut told: Vec<Told> = report.answers().collect();
    let mut opened = Vec::new();
    if let Some(original) = &report.reply.original {
        let listed: BTreeSet<&str> = told.iter().map(|one| one.id.as_str()).collect();
        let sent = rows_of_file(tx, original.as_str())?;
        if sent.is_empty() && !restore::may_have_lost(tx, original.as_str())? {
            opened.extend(nobody_sent(tx, original.as_str())?);
        }
        let rest = sent.iter().filter(|id| !listed.contains(id.as_str()));
        let rest: Vec<Told> = rest.filter_map(|id| report.about(id)).collect();
        told.extend(rest);
    }
    let mut batches = BTreeSet::new();
    for answer in &told {
        let (batch, difference) = one(tx, answer)?;
        batches.extend(batch);
        opened.extend(difference);
    }
    for (batch, arrived) in batches {
        moves::follow(tx, &batch, arrived)?;
    }
    Ok(json!({"document": document, "answers": told.len(), "differences": opened}))
}

/// The instructions of a file that we sent.
fn rows_of_file(tx: &mut Tx<'_>, message: &str) -> Answer<Vec<crate::bank::InstructionId>> {
    let prefix = format!("{}-{}-", tx.setup.config.mode.letter(), tx.setup.config.office);
    let Some(batch) = message.strip_prefix(&prefix) else {
        return Ok(Vec::new());
    };
    let rows = tx.rows::<Instruction>("batch = $1 ORDER BY id", &[batch.into()])?;
    Ok(rows
        .iter()
        .filter_map(|row| crate::bank::InstructionId::parse(&row.id))
        .collect())
}

/// The bank answers a file that has no row here. Whatever it says of it, it may have taken on payments that our book does not know, so
/// two persons find out.
fn nobody_sent(tx: &mut Tx<'_>, message: &str) -> Answer<Option<String>> {
    let found = Found {
        bank_ref: None,
        file: Some(message),
        instruction: None,
        instalment: None,
        amount: Money::zero(CURRENCY),
        day: tx.today,
        reason: "unknown_file",
    };
    differences::open(tx, &found)
}

/// What is done about one answer: the batch that it touches, with whether it shows that the file arrived; a difference.
type Done = (Option<(String, bool)>, Option<String>);

fn one(tx: &mut Tx<'_>, answer: &Told) -> Answer<Done> {
    let evidence = answer.evidence.as_str();
    let says_something = matches!(
        answer.status,
        Status::Accepted | Status::Rejected(_) | Status::NotExecuted(_)
    );
    let (row, instalment) = row_of(tx, answer, says_something)?;
    let Some(mut row) = row else {
        let contradiction = says_something.then_some("unknown_id");
        let difference = contradict(tx, answer, instalment.as_deref(), contradiction)?;
        return Ok((None, difference));
    };
    if says_something && unsent(row.instruction.state) {
        restore::walk(tx, &mut row)?;
    }
    let batch = row.instruction.batch.clone();
    let mut contradiction = None;
    let moved = match next(row.instruction.state, &answer.status) {
        Next::Stay => false,
        Next::Contradiction(reason) => {
            contradiction = Some(reason);
            false
        }
        // What the bank booked and nothing brought back was executed, whatever an answer says.
        Next::To(InstructionState::Rejected | InstructionState::NotExecuted)
            if booked::of_instruction(tx, &row.instruction.id)?.minor() > 0 =>
        {
            contradiction = Some("against_its_booking");
            false
        }
        Next::To(to @ (InstructionState::Rejected | InstructionState::NotExecuted)) => {
            moves::unpaid(tx, &mut row, to, evidence)?;
            true
        }
        Next::To(to) => {
            row.instruction.evidence = Some(evidence.to_owned());
            tx.step(&mut row.instruction, to)?;
            true
        }
    };
    if moved {
        restore::matched(tx, &row.instalment.id, evidence)?;
    }
    let difference = contradict(tx, answer, instalment.as_deref(), contradiction)?;
    let arrived = moved && !matches!(answer.status, Status::Unknown);
    Ok((batch.filter(|_| moved).map(|batch| (batch, arrived)), difference))
}

/// The instruction that an answer is about, and its instalment; after a restore also one that the backup does not know.
fn row_of(tx: &mut Tx<'_>, answer: &Told, adopt: bool) -> Answer<(Option<Row>, Option<String>)> {
    if let Some(instruction) = tx.find::<Instruction>(answer.id.as_str())? {
        let instalment = instruction.instalment.clone();
        return Ok((Some(Row::of(tx, instruction)?), Some(instalment)));
    }
    if !adopt {
        return Ok((None, None));
    }
    let day = answer.date.unwrap_or(tx.today);
    let adopted = restore::adopt(tx, answer.id.as_str(), day)?;
    Ok(adopted.map_or((None, None), |adopted| (adopted.row, Some(adopted.instalment))))
}

/// What an answer means for an instruction.
enum Next {
    Stay,
    To(InstructionState),
    Contradiction(&'static str),
}

fn next(state: InstructionState, status: &Status) -> Next {
    use InstructionState::{
        Accepted, Cancelled, NotExecuted, Paid, PaidInPart, Rejected, Returned, Sending, Sent, Unknown,
    };
    match (status, state) {
        // That a payment is known, or is not decided yet, says nothing new about any state.
        (Status::Pending | Status::Duplicate(_), _) => Next::Stay,
        (Status::Unknown, Sent) => Next::To(Unknown),
        (Status::Unknown, _) => Next::Stay,
        (_, state) if unsent(state) || state == Cancelled => Next::Contradiction("never_sent"),
        (Status::Accepted, Sending | Sent | Unknown) => Next::To(Accepted),
        (Status::Accepted, Accepted | Paid | PaidInPart | Returned) => Next::Stay,
        (Status::Rejected(_), Sending | Sent | Accepted | Unknown) => Next::To(Rejected),
        (Status::NotExecuted(_), Sending | Sent | Accepted | Unknown) => Next::To(NotExecuted),
        (Status::Rejected(_) | Status::NotExecuted(_), Rejected | NotExecuted) => Next::Stay,
        _ => Next::Contradiction("against_its_end"),
    }
}

fn contradict(
    tx: &mut Tx<'_>,
    answer: &Told,
    instalment: Option<&str>,
    reason: Option<&'static str>,
) -> Answer<Option<String>> {
    let Some(reason) = reason else {
        return Ok(None);
    };
    let found = Found {
        bank_ref: None,
        file: None,
        instruction: Some(answer.id.as_str()),
        instalment,
        amount: Money::zero(CURRENCY),
        day: answer.date.unwrap_or(tx.today),
        reason,
    };
    differences::open(tx, &found)
}

/// Records that an instruction will never be executed, without an answer that says so.
pub(super) fn not_executed(tx: &mut Tx<'_>, id: &str, confirmation: &str) -> Answer<Value> {
    let instruction: Instruction = tx.get(id)?;
    let mut row = Row::of(tx, instruction)?;
    let batch_id = row.instruction.batch.clone().unwrap_or_default();
    let payer = row.instalment.payer.clone();
    must(tx, Role::Releaser, &payer)?;
    act_as(tx, id, Role::Releaser, &[], Some(&row.award.subject))?;
    if confirmation.trim().is_empty() {
        return Err(Stop::denied(
            "no_confirmation",
            "the bank's confirmation that the instruction is cancelled is missing; ask the bank for it",
            "缺少银行确认撤销该指令的文件，请向银行索取",
        ));
    }
    let batch: Batch = tx.get(&batch_id)?;
    let account = tx.setup.config.debtor.account.clone();
    let sent = sent_on(tx, &row.instruction, &batch)?;
    let until = after(batch.execution.max(sent), tx.setup.config.not_executed_days)?;
    if let Some(missing) = statements::missing(tx, &account, sent, until)? {
        return Err(Stop::denied(
            "statements_missing",
            format!("the complete statement of {missing} is not there; import all of them up to {until}"),
            format!("缺少 {missing} 的完整对账单，请导入至 {until} 为止的全部对账单"),
        ));
    }
    if booked::of_instruction(tx, id)?.minor() > 0 {
        let state = row.instruction.state.name();
        return Err(Stop::denied(
            "booked",
            format!("the bank booked instruction {id}, which is `{state}`; explain its difference instead"),
            format!("银行已对指令 {id} 记账（状态 `{state}`），请改为查明差异"),
        ));
    }
    let (document, _) = keep(tx, "bank_confirmation", confirmation)?;
    moves::unpaid(tx, &mut row, InstructionState::NotExecuted, &document)?;
    restore::matched(tx, &row.instalment.id, &document)?;
    moves::follow(tx, &batch.id, false)?;
    Ok(Value::Null)
}

/// The day on which an instruction left, before which no bank booked it; the latest possible one where a restore has lost it.
fn sent_on(tx: &mut Tx<'_>, instruction: &Instruction, batch: &Batch) -> Answer<Date> {
    if let Some(day) = instruction.sent_at.and_then(Instant::date) {
        return Ok(day);
    }
    let last = tx.rows::<Restoration>("1 = 1 ORDER BY epoch DESC LIMIT 1", &[])?;
    Ok(last
        .first()
        .map_or(batch.execution, |one| one.restored.max(batch.execution)))
}

fn after(day: Date, days: u16) -> Answer<Date> {
    day.plus_days(Days(days.into())).ok_or_else(|| {
        Stop::undecided(
            "calendar_ends",
            format!("{days} days after {day} is no date"),
            format!("{day} 之后 {days} 日不是有效日期"),
        )
    })
}
