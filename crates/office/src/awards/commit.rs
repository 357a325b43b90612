//! Committing: an approved award owes its money.

use super::{Award, Instalment, Obligation};
use crate::cases::Judgement;
use crate::ledger::{Account, End};
use crate::machine::{AwardState, InstalmentState, ObligationState};
use crate::stop::Answer;
use crate::store::Cell;
use crate::tx::Tx;

/// Commits what was reserved for an award, and starts its obligations.
///
/// # Errors
/// Denied where the award is not reserved.
pub fn commit(tx: &mut Tx<'_>, award: &mut Award, judgement: &Judgement) -> Answer<()> {
    for mut instalment in tx.rows::<Instalment>(
        "award = $1 AND state = 'reserved' ORDER BY n, payer",
        &[Cell::from(&award.id)],
    )? {
        if let Some(line) = instalment.line.clone() {
            let (to, from) = (
                End::of(Account::Committed, &instalment.id),
                End::of(Account::Reserved, &instalment.id),
            );
            tx.post(&line, to, from, instalment.amount, "approved", None)?;
        }
        tx.step(&mut instalment, InstalmentState::Committed)?;
    }
    // What is raised later was committed before, and its obligations have begun.
    if award.state != AwardState::Reserved {
        if award.state != AwardState::Committed {
            tx.step(award, AwardState::Committed)?;
        }
        super::fall_due(tx, &award.id)?;
        return Ok(());
    }
    tx.step(award, AwardState::Committed)?;
    let lines = judgement.line.iter().flat_map(|line| &line.obligations);
    for (n, obligation) in (1..).zip(lines) {
        let (Some(since), Some(until)) = (obligation.from, obligation.until) else {
            continue;
        };
        let words = meed_engine::words::Words::of(&judgement.program, meed_facts::label::Lang::Zh);
        let made = Obligation {
            id: tx.id("obligation"),
            award: award.id.clone(),
            n,
            name: words.node(obligation.node.0, None),
            since,
            until,
            due: Some(until),
            breach: None,
            state: ObligationState::Active,
        };
        tx.insert(&made)?;
    }
    super::fall_due(tx, &award.id)?;
    Ok(())
}
