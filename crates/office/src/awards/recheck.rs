//! Rechecking: before an instalment is paid the rules are asked again, with what is known now.

use meed_engine::awards::verdict::Verdict;
use meed_facts::money::Money;

use super::{Award, Instalment, plan};
use crate::aftermath::must_not_be_held;
use crate::cases::{Case, Judgement, decide, judge_on};
use crate::ledger::{Account, End};
use crate::machine::InstalmentState;
use crate::stop::{Answer, Stop};
use crate::store::CURRENCY;
use crate::tx::Tx;

/// What a recheck came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rechecked {
    /// The instalment may be paid.
    Passes,
    /// Its conditions do not hold: it is not paid, the next may be.
    Skipped,
    /// Something is missing: it stays due.
    Undetermined,
}

/// Asks the rules again about an instalment that is due or payable. A lower amount frees the difference; a higher one needs a decision
/// first, so the planned amount stays.
///
/// # Errors
/// Denied where it is held or not due.
pub fn recheck(tx: &mut Tx<'_>, instalment: &mut Instalment) -> Answer<Rechecked> {
    let award: Award = tx.get(&instalment.award)?;
    let case: Case = tx.get(&award.case_id)?;
    must_not_be_held(tx, &award, Some(instalment))?;
    if instalment.due > tx.today {
        let (id, due) = (&instalment.id, instalment.due);
        return Err(Stop::denied(
            "not_due",
            format!("{id} is due on {due}"),
            format!("{id} 应于 {due} 支付"),
        ));
    }
    if instalment.state == InstalmentState::Payable {
        tx.step(instalment, InstalmentState::Due)?;
    }
    // A payment over time is judged on the day on which it is due, one at once on the day of the case.
    let on = if instalment.n > 1 { instalment.due } else { case.on_date };
    let judgement = judge_on(tx, &case, on)?;
    let Some(now) = amount_now(tx, &judgement, instalment)? else {
        let missing = judgement.reasons.get("missing").cloned().unwrap_or_default();
        instalment.waits_for = Some(meed_facts::json::canonical(&missing));
        tx.update(instalment)?;
        return Ok(Rechecked::Undetermined);
    };
    if now.is_zero() {
        let decision = decide(tx, &case, &judgement, "lower", lowered(&award, instalment.amount), None)?;
        follow(tx, award, &decision.id, decision.amount)?;
        instalment.decision = Some(decision.id);
        skip(tx, instalment)?;
        return Ok(Rechecked::Skipped);
    }
    if now.minor() < instalment.amount.minor() {
        lower(tx, instalment, now, &case, &judgement, award)?;
    }
    instalment.payable_at = Some(tx.at);
    instalment.waits_for = None;
    tx.step(instalment, InstalmentState::Payable)?;
    Ok(Rechecked::Passes)
}

/// What the rules give an instalment now; `None` where they cannot say.
fn amount_now(tx: &Tx<'_>, judgement: &Judgement, instalment: &Instalment) -> Answer<Option<Money>> {
    let Some(line) = &judgement.line else { return Ok(None) };
    let found = line
        .instalments
        .iter()
        .find(|one| i64::from(one.number) == instalment.n);
    let (verdict, amount) = found.map_or((line.verdict, line.amount), |one| (one.verdict, one.amount));
    match (verdict, amount.exact()) {
        (Verdict::NotEligible(_), _) => Ok(Some(Money::zero(CURRENCY))),
        (Verdict::Undetermined, _) => Ok(None),
        // What a person assessed stays assessed as long as the ceiling allows.
        (Verdict::Eligible, None) => Ok(amount.high.map(|high| {
            if high.minor() < instalment.amount.minor() {
                high
            } else {
                instalment.amount
            }
        })),
        (Verdict::Eligible, Some(exact)) => {
            let planned = plan(&tx.setup.config, &judgement.program, line, exact, tx.today)?;
            let mine = planned
                .iter()
                .find(|one| one.n == instalment.n && one.payer == instalment.payer);
            Ok(Some(mine.map_or(Money::zero(CURRENCY), |one| one.amount)))
        }
    }
}

fn lowered(award: &Award, by: Money) -> Money {
    award.amount.checked_sub(by).unwrap_or(Money::zero(CURRENCY))
}

fn lower(
    tx: &mut Tx<'_>,
    instalment: &mut Instalment,
    to: Money,
    case: &Case,
    judgement: &Judgement,
    award: Award,
) -> Answer<()> {
    let by = instalment.amount.checked_sub(to).unwrap_or(Money::zero(CURRENCY));
    let decision = decide(tx, case, judgement, "lower", lowered(&award, by), None)?;
    follow(tx, award, &decision.id, decision.amount)?;
    if let Some(line) = instalment.line.clone() {
        tx.post(
            &line,
            End::Free(Account::Available),
            End::of(Account::Committed, &instalment.id),
            by,
            "lowered",
            None,
        )?;
    }
    (instalment.amount, instalment.decision) = (to, Some(decision.id));
    tx.update(instalment)
}

fn follow(tx: &mut Tx<'_>, mut award: Award, decision: &str, amount: Money) -> Answer<()> {
    (award.decision, award.amount) = (decision.to_owned(), amount);
    tx.update(&award)
}

fn skip(tx: &mut Tx<'_>, instalment: &mut Instalment) -> Answer<()> {
    if let Some(line) = instalment.line.clone() {
        let held = tx.held(&line, &instalment.id, Account::Committed)?;
        tx.post(
            &line,
            End::Free(Account::Available),
            End::of(Account::Committed, &instalment.id),
            held,
            "skipped",
            None,
        )?;
    }
    tx.step(instalment, InstalmentState::Skipped)
}
