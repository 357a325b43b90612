//! Replaying: every decision is made again from its facts, its package and its day, and must come out byte for byte.

use std::sync::Arc;

use crate::cases::{Case, Decision, judgement};
use crate::office::Setup;
use crate::policies::{Document, Policy, program};
use crate::stop::{Answer, Stop};
use crate::store::{Cell, Connection};
use crate::tx::Tx;

/// How many decisions are read at once.
const PAGE: i64 = 1000;

/// What a replay found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Decisions that were made again.
    pub same: u64,
    /// Decisions that come out otherwise, with what stands in the way.
    pub different: Vec<(String, String)>,
    /// Decisions whose facts were forgotten.
    pub forgotten: u64,
}

/// Makes every decision again: those whose number in reading order leaves `part` when divided by `parts`.
///
/// # Errors
/// Where the database fails.
pub fn replay(connection: &mut Connection, setup: &Setup, part: u64, parts: u64) -> Answer<Replayed> {
    let mut tx = Tx::reading(connection, setup)?;
    let mut found = Replayed::default();
    let mut after = String::new();
    let mut number = 0_u64;
    loop {
        let page: Vec<Decision> = tx.rows("id > $1 ORDER BY id LIMIT $2", &[Cell::from(&after), Cell::Int(PAGE)])?;
        let Some(last) = page.last() else { return Ok(found) };
        after.clone_from(&last.id);
        for decision in &page {
            number = number.wrapping_add(1);
            if number.checked_rem(parts) == Some(part) {
                one(&mut tx, decision, &mut found)?;
            }
        }
    }
}

/// Makes one decision again.
///
/// # Errors
/// Denied where there is no such decision; where the database fails.
pub fn replay_one(connection: &mut Connection, setup: &Setup, decision: &str) -> Answer<Replayed> {
    let mut tx = Tx::reading(connection, setup)?;
    let decision: Decision = tx.get(decision)?;
    let mut found = Replayed::default();
    one(&mut tx, &decision, &mut found)?;
    Ok(found)
}

fn one(tx: &mut Tx<'_>, decision: &Decision, found: &mut Replayed) -> Answer<()> {
    let case: Case = tx.get(&decision.case_id)?;
    let policy: Policy = tx.get(&decision.policy)?;
    let Some(facts) = tx.get::<Document>(&decision.facts)?.body else {
        found.forgotten = found.forgotten.saturating_add(1);
        return Ok(());
    };
    let kept = tx.get::<Document>(&decision.result)?.body;
    let program = program(tx, &policy, decision.on_date)?;
    match judgement(Arc::clone(&program), facts, &case.kind, &case.measure, &case.object) {
        Ok(again) if Some(&again.result) == kept.as_ref() => found.same = found.same.saturating_add(1),
        Ok(_) => found
            .different
            .push((decision.id.clone(), "the determination comes out otherwise".to_owned())),
        Err(Stop::Store(error)) => return Err(error.into()),
        Err(Stop::Denied(reason) | Stop::Undecided(reason)) => {
            found.different.push((decision.id.clone(), reason.message.en))
        }
    }
    Ok(())
}
