//! One row of a batch: the instruction, what it pays, and for whom.

use super::Instruction;
use crate::awards::{Award, Instalment};
use crate::bank;
use crate::log::sha256;
use crate::policies::Document;
use crate::setup::Setup;
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// An instruction with what it pays.
pub(super) struct Row {
    pub instruction: Instruction,
    pub instalment: Instalment,
    pub award: Award,
}

impl Row {
    /// The row of an instruction.
    pub fn of(tx: &mut Tx<'_>, instruction: Instruction) -> Answer<Self> {
        let instalment: Instalment = tx.get(&instruction.instalment)?;
        let award = tx.get(&instalment.award)?;
        Ok(Self {
            instruction,
            instalment,
            award,
        })
    }

    /// The rows of a batch, in the order of its file.
    pub fn all(tx: &mut Tx<'_>, batch: &str) -> Answer<Vec<Self>> {
        let instructions = tx.rows::<Instruction>("batch = $1 ORDER BY id", &[batch.into()])?;
        instructions.into_iter().map(|one| Self::of(tx, one)).collect()
    }

    /// The line that pays.
    pub fn line(&self) -> Answer<&str> {
        line_of(&self.instalment)
    }
}

/// The line on which an instalment's money is.
pub(super) fn line_of(instalment: &Instalment) -> Answer<&str> {
    instalment.line.as_deref().ok_or_else(|| {
        let id = &instalment.id;
        Stop::denied(
            "no_line",
            format!("instalment {id} has no budget line yet; its year has to be opened first"),
            format!("分期 {id} 尚无预算线，须先开立其年度预算"),
        )
    })
}

/// The adapter for the office's bank.
pub(super) fn adapter(setup: &Setup) -> bank::Adapter {
    bank::Adapter::new(setup.config.debtor.form, setup.config.mode)
}

/// That a file or a party is not as banks want it.
pub(super) fn unfit(code: &'static str, violation: &bank::Violation) -> Stop {
    Stop::denied(code, violation.to_string(), violation.zh())
}

/// Keeps a file word for word; its hash, and whether it was there before.
pub(super) fn keep(tx: &mut Tx<'_>, kind: &str, body: &str) -> Answer<(String, bool)> {
    let digest = sha256(body.as_bytes());
    if tx.find::<Document>(&digest)?.is_some() {
        return Ok((digest, true));
    }
    tx.insert(&Document {
        digest: digest.clone(),
        kind: kind.to_owned(),
        body: Some(body.to_owned()),
    })?;
    Ok((digest, false))
}
