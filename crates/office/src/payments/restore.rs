//! After a restore from a backup the bank may know more than we do: nothing leaves before its book has been compared with ours.

use meed_facts::date::Date;
use serde_json::{Value, json};

use super::row::{Row, keep};
use super::{Batch, Instruction, Restoration, Restored, building, guard, moves, returns, statements};
use crate::acts;
use crate::awards::{Award, Instalment};
use crate::input::Day;
use crate::machine::{InstalmentState, InstructionState};
use crate::people::{Role, act_as, must};
use crate::stop::{Answer, Reason, Stop};
use crate::store::Cell;
use crate::tx::Tx;

acts! {
    /// What is done after the office was restored from a backup.
    pub enum Act {
        /// Records that the office was restored, and locks sending
        Restored {
            /// The backup's day
            backup: Day,
        },
        /// Confirms that an instalment was not paid after the backup
        ConfirmAbsent {
            /// The instalment
            instalment: String,
            /// The bank's confirmation, word for word
            confirmation: String,
        },
    }
}

/// States in which the bank may know more about an instalment than the backup does.
const MAY_BE_PAID: &str =
    "(state IN ('due', 'payable', 'in_payment', 'returned') OR (state = 'committed' AND due <= $1)) ORDER BY id";

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where the person may not, or statements are missing.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Restored { backup } => restored(tx, backup.0),
            Act::ConfirmAbsent {
                instalment,
                confirmation,
            } => confirm_absent(tx, instalment, confirmation),
        }
    }
}

fn restored(tx: &mut Tx<'_>, since: Date) -> Answer<Value> {
    must(tx, Role::Administrator, "")?;
    if since > tx.today {
        return Err(Stop::denied(
            "future",
            format!("{since} is not over; give the backup's day"),
            format!("{since} 尚未到来，请填写备份日期"),
        ));
    }
    tx.epoch = tx.epoch.saturating_add(1);
    let (epoch, restored) = (tx.epoch, tx.today);
    tx.insert(&Restoration { epoch, since, restored })?;
    let open = tx.rows::<Instalment>(MAY_BE_PAID, &[Cell::from(&restored)])?;
    for instalment in &open {
        tx.insert(&Restored {
            epoch,
            instalment: instalment.id.clone(),
            found: None,
            evidence: None,
        })?;
    }
    Ok(json!({"epoch": epoch, "to_compare": open.len()}))
}

/// Why nothing may leave; `None` where everything may.
pub(super) fn lock(tx: &mut Tx<'_>) -> Answer<Option<Reason>> {
    let account = tx.setup.config.debtor.account.clone();
    for restoration in tx.rows::<Restoration>("1 = 1 ORDER BY epoch", &[])? {
        if let Some(missing) = statements::missing(tx, &account, restoration.since, restoration.restored)? {
            return Ok(Some(Reason::new(
                "restored",
                format!(
                    "the office was restored from a backup; import the bank's statement of {missing} before anything is sent"
                ),
                format!("系统已由备份恢复，发送前须导入 {missing} 的银行对账单"),
            )));
        }
    }
    let open = tx.number("SELECT count(*) FROM restored WHERE found IS NULL", &[])?;
    Ok((open > 0).then(|| {
        Reason::new(
            "restored",
            format!("the office was restored from a backup, and {open} instalments may have been paid since; match or confirm each"),
            format!("系统已由备份恢复，尚有 {open} 笔分期可能已支付，须逐笔核对或确认"),
        )
    }))
}

/// Whether a batch has a row that the bank may know more about.
pub(super) fn undecided(tx: &mut Tx<'_>, batch: &Batch) -> Answer<bool> {
    let condition = "found IS NULL AND instalment IN (SELECT instalment FROM instruction WHERE batch = $1)";
    tx.any::<Restored>(condition, &[Cell::from(&batch.id)])
}

/// Records that the bank's evidence and our book have met on an instalment.
pub(super) fn matched(tx: &mut Tx<'_>, instalment: &str, evidence: &str) -> Answer<()> {
    for mut one in open(tx, instalment)? {
        one.found = Some("matched".to_owned());
        one.evidence = Some(evidence.to_owned());
        tx.update(&one)?;
    }
    Ok(())
}

fn open(tx: &mut Tx<'_>, instalment: &str) -> Answer<Vec<Restored>> {
    tx.rows("instalment = $1 AND found IS NULL ORDER BY epoch", &[instalment.into()])
}

/// A person has it from the bank that nothing was paid, and its statements do not show otherwise.
fn confirm_absent(tx: &mut Tx<'_>, id: &str, confirmation: &str) -> Answer<Value> {
    let instalment: Instalment = tx.get(id)?;
    must(tx, Role::Releaser, &instalment.payer)?;
    let award: Award = tx.get(&instalment.award)?;
    act_as(tx, id, Role::Releaser, &[], Some(&award.subject))?;
    let account = tx.setup.config.debtor.account.clone();
    for mut one in open(tx, id)? {
        let restoration: Restoration = tx.get(one.epoch)?;
        if let Some(missing) = statements::missing(tx, &account, restoration.since, restoration.restored)? {
            return Err(Stop::denied(
                "statements_missing",
                format!("the complete statement of {missing} is not there; import it first"),
                format!("缺少 {missing} 的完整对账单，请先导入"),
            ));
        }
        if confirmation.trim().is_empty() {
            return Err(Stop::denied(
                "no_confirmation",
                "ask the bank whether it has the instruction, and enter its answer",
                "请向银行查询并填写其答复",
            ));
        }
        let (document, _) = keep(tx, "bank_confirmation", confirmation)?;
        one.found = Some("absent".to_owned());
        one.evidence = Some(document);
        tx.update(&one)?;
    }
    Ok(Value::Null)
}

/// How many attempts that the backup does not know are looked for.
const ATTEMPTS: i64 = 5;

/// What an id that the backup does not know belongs to.
pub(super) struct Adopted {
    /// The instalment.
    pub instalment: String,
    /// The instruction, entered as one that has left; none where the instalment stands elsewhere in the backup.
    pub row: Option<Row>,
}

/// Whether a restore may have lost the batch of a file: ids of an earlier epoch have not this one's number. What left after the backup is
/// found by statements and instalment by instalment, before anything else leaves.
pub(super) fn may_have_lost(tx: &Tx<'_>, message: &str) -> Answer<bool> {
    let ours = super::file::message(tx, &format!("batch-{}.", tx.epoch))?;
    Ok(tx.epoch > 0 && !message.starts_with(ours.as_str()))
}

/// Finds the instalment of an instruction that was made after the backup: ids are made from instalment and attempt, so they can be made
/// again.
pub(super) fn adopt(tx: &mut Tx<'_>, id: &str, day: Date) -> Answer<Option<Adopted>> {
    if !tx.any::<Restoration>("since <= $1", &[Cell::from(&day)])? {
        return Ok(None);
    }
    for instalment in tx.rows::<Instalment>(MAY_BE_PAID, &[Cell::from(&tx.today)])? {
        let last = building::last_attempt(tx, &instalment.id)?;
        let first = last.as_ref().map_or(1, |last| last.attempt.saturating_add(1));
        let mut attempts = first..first.saturating_add(ATTEMPTS);
        if let Some(attempt) = attempts.find(|attempt| building::id_of(tx, &instalment.id, *attempt) == id) {
            let found = instalment.id.clone();
            let row = enter(tx, id, instalment, attempt, last)?;
            return Ok(Some(Adopted { instalment: found, row }));
        }
    }
    Ok(None)
}

fn enter(
    tx: &mut Tx<'_>,
    id: &str,
    mut instalment: Instalment,
    attempt: i64,
    last: Option<Instruction>,
) -> Answer<Option<Row>> {
    use InstalmentState::{Committed, Due, InPayment, Payable, Returned};
    let way: &[InstalmentState] = match instalment.state {
        Committed => &[Due, Payable, InPayment],
        Due | Returned => &[Payable, InPayment],
        Payable => &[InPayment],
        _ => return Ok(None),
    };
    if instalment.state == Returned {
        returns::commit_again(tx, &instalment)?;
    }
    let award: Award = tx.get(&instalment.award)?;
    let (Ok(account), Ok(amount)) = (
        guard::account(tx, &award.payee)?,
        building::to_transfer(tx, &instalment)?,
    ) else {
        return Ok(None);
    };
    for state in way {
        tx.step(&mut instalment, *state)?;
    }
    let instruction = Instruction {
        id: id.to_owned(),
        instalment: instalment.id.clone(),
        attempt,
        account: account.id,
        version: account.version,
        amount,
        batch: None,
        replaces: last.map(|one| one.id),
        sent_at: None,
        evidence: None,
        state: InstructionState::Built,
    };
    tx.insert(&instruction)?;
    Row::of(tx, instruction).map(Some)
}

/// Takes an instruction that the backup has as unsent to where the bank's booking shows that it was: on its way.
pub(super) fn walk(tx: &mut Tx<'_>, row: &mut Row) -> Answer<()> {
    use InstructionState::{Built, InBatch, Prevalidated, Released, Sending, Unknown};
    if row.instruction.batch.is_some() && open(tx, &row.instalment.id)?.is_empty() {
        return Ok(());
    }
    let rest = [Prevalidated, InBatch, Released, Sending, Unknown];
    let done = match row.instruction.state {
        Built => 0,
        Prevalidated => 1,
        InBatch => 2,
        Released => 3,
        _ => return Ok(()),
    };
    for state in rest.into_iter().skip(done) {
        match state {
            Released => moves::release(tx, row)?,
            other => tx.step(&mut row.instruction, other)?,
        }
    }
    Ok(())
}
