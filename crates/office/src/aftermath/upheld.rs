//! What follows from an appeal that is upheld: a new decision, recoveries cancelled, and what had come back paid again.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::appeals::{About, must_be_decided};
use super::{Recovery, claims, follow, found_by_decision, must_be_covered, recoveries};
use crate::awards::{Award, Instalment, paid, settle, supplement};
use crate::cases::{Decision, decide, judge, must_be_only, propose_case, readmit};
use crate::ledger::{Account, Posting, holding_sum, least, less, total};
use crate::machine::{AppealState, AwardState, CaseState, InstalmentState, RecoveryState};
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// Upholds an appeal in full or in part: of a refusal by proposing the case, of an application that was found inadmissible by taking it up again, of
/// another decision by one that gives what the one before it gave.
pub(super) fn uphold(tx: &mut Tx<'_>, about: &About, amount: Option<Money>, why: &str) -> Answer<(AppealState, Value)> {
    let case = &about.case;
    if matches!(case.state, CaseState::Refused | CaseState::Inadmissible) {
        must_be_only(tx, &case.subject, &case.measure, &case.object)?;
        let result = match case.state {
            CaseState::Refused => propose_case(tx, case.clone(), amount)?,
            _ => readmit(tx, case, why)?,
        };
        return Ok((AppealState::Upheld, result));
    }
    must_be_decided(case)?;
    if case.kind == "title" {
        let result = crate::titles::reinstate(tx, case, why)?;
        return Ok((AppealState::Upheld, result));
    }
    must_stand(tx, &about.decision)?;
    let before = before(tx, &about.decision)?;
    let amount = amount.unwrap_or(before);
    if amount.minor() > before.minor() || amount.minor() < about.decision.amount.minor() {
        let now = about.decision.amount;
        return Err(Stop::denied(
            "amount_not_due",
            format!("an appeal gives {now} to {before} here; more is proposed as a revision of the case"),
            format!("本申诉可支持的金额为 {now} 至 {before}，超出应另行更正拟定"),
        ));
    }
    if amount == about.decision.amount && amount != before {
        return Err(Stop::denied(
            "gives_nothing",
            format!(
                "an appeal that is upheld gives more than {amount}, which the decision gives; dismiss it, or give up to {before}"
            ),
            format!("支持申诉的金额须高于原决定的 {amount}，至多 {before}；不予支持请驳回"),
        ));
    }
    let result = restore(tx, about, amount, why)?;
    let state = if amount == before {
        AppealState::Upheld
    } else {
        AppealState::UpheldInPart
    };
    Ok((state, result))
}

/// That no other decision took the place of the appealed one meanwhile; one that only asks money back did not.
fn must_stand(tx: &mut Tx<'_>, decision: &Decision) -> Answer<()> {
    let (case, n) = (Cell::from(&decision.case_id), Cell::Int(decision.n));
    if !tx.any::<Decision>("case_id = $1 AND n > $2 AND kind <> 'keep'", &[case, n])? {
        return Ok(());
    }
    let id = &decision.id;
    Err(Stop::denied(
        "superseded",
        format!(
            "another decision took the place of {id}; dismiss this appeal, the applicant may appeal against that one"
        ),
        format!("决定 {id} 已被后续决定取代，本申诉请驳回，申请人可对后续决定提出申诉"),
    ))
}

/// What the decision before gave; a decision that only asks money back took none of it away.
fn before(tx: &mut Tx<'_>, decision: &Decision) -> Answer<Money> {
    match &decision.supersedes {
        Some(before) if decision.kind != "keep" => Ok(tx.get::<Decision>(before)?.amount),
        _ => Ok(decision.amount),
    }
}

fn restore(tx: &mut Tx<'_>, about: &About, amount: Money, why: &str) -> Answer<Value> {
    let of_case = tx.rows::<Award>("case_id = $1 ORDER BY id DESC LIMIT 1", &[Cell::from(&about.case.id)])?;
    let mut award = of_case
        .into_iter()
        .next()
        .ok_or_else(|| Stop::absent("award", &about.case.id))?;
    let judgement = judge(tx, &about.case)?;
    let decision = decide(tx, &about.case, &judgement, "revise", amount, Some(why))?;
    if matches!(
        award.state,
        AwardState::Annulled | AwardState::Settled | AwardState::Ended
    ) {
        tx.step(&mut award, AwardState::Committed)?;
    }
    follow(tx, &award.id, &decision)?;
    let award: Award = tx.get(&award.id)?;
    let cancelled = cancel(tx, about, why)?;
    let excess = less(paid(tx, &award.id)?, amount);
    let recovery = found_by_decision(tx, &award, &decision, excess, why)?;
    let freed = less(amount, about.decision.amount);
    let refunds = refund(tx, &award, (&about.decision, freed), &cancelled)?;
    settle(tx, &award.id)?;
    must_be_covered(tx, &award.id)?;
    Ok(json!({
        "decision": decision.id,
        "amount": amount.to_decimal(),
        "cancelled": cancelled.iter().map(|one| one.id.clone()).collect::<Vec<_>>(),
        "recovery": recovery,
        "refunds": refunds,
    }))
}

/// Cancels the recoveries that follow from the decision; those that are found only are dropped with it.
fn cancel(tx: &mut Tx<'_>, about: &About, why: &str) -> Answer<Vec<Recovery>> {
    let follow = "decision = $1 AND state NOT IN ('dropped', 'cancelled') ORDER BY id";
    let found = tx.rows::<Recovery>(follow, &[Cell::from(&about.decision.id)])?;
    for recovery in &found {
        match recovery.state {
            RecoveryState::Found => tx.step(&mut recovery.clone(), RecoveryState::Dropped)?,
            // What was written off stays so: nobody asks it back, and what came is refunded below.
            RecoveryState::WrittenOff => {}
            _ => recoveries::cancel(tx, recovery.clone(), why)?,
        }
    }
    Ok(found)
}

/// What had come back, and what the appealed decision had freed, is paid again as far as the decision in force gives it, by the payers who had it back;
/// nothing that another decision asked back.
fn refund(
    tx: &mut Tx<'_>,
    award: &Award,
    (appealed, freed): (&Decision, Money),
    cancelled: &[Recovery],
) -> Answer<Vec<String>> {
    let mut made = Vec::new();
    let mut parts = Vec::new();
    for recovery in cancelled {
        for claim in claims::of(tx, &recovery.id)? {
            parts.push((tx.get::<Instalment>(&claim.instalment)?, claim.collected));
        }
    }
    // What a lower decision took away and had come back is freed by it too.
    let back = total(parts.iter().map(|(_, collected)| *collected));
    let most = if back.minor() > freed.minor() { back } else { freed };
    let mut missing = least(most, less(award.amount, held(tx, award)?));
    parts.extend(freed_by(tx, award, appealed)?);
    let first = tx.rows::<Instalment>("award = $1 ORDER BY n, payer LIMIT 1", &[Cell::from(&award.id)])?;
    parts.extend(first.into_iter().map(|one| (one, missing)));
    for (instalment, amount) in parts {
        let part = least(amount, missing);
        if part.is_zero() {
            continue;
        }
        let to = supplement::To::of(&instalment, tx.today);
        made.push(supplement::grant(tx, award, &to, part, "upheld")?.id);
        missing = less(missing, part);
    }
    Ok(made)
}

/// What a decision freed of an award, by the instalments that it was taken from: money that they held, then promises for later years that ended.
fn freed_by(tx: &mut Tx<'_>, award: &Award, decision: &Decision) -> Answer<Vec<(Instalment, Money)>> {
    // A decision knew what was logged before its own entry.
    let entry = Cell::Int(decision.known.saturating_add(1));
    let freed = "seq = $1 AND from_account IN ('reserved', 'committed') AND to_account IN ('available', 'surrendered') ORDER BY i";
    let mut parts = Vec::new();
    for posting in tx.rows::<Posting>(freed, &[entry])? {
        if let Some(holder) = posting.from_holder {
            let instalment: Instalment = tx.get(&holder)?;
            parts.push((instalment, posting.amount));
        }
    }
    parts.retain(|(instalment, _)| instalment.award == award.id);
    let promised = "award = $1 AND state = 'cancelled' AND line IS NULL ORDER BY n, payer";
    let promised = tx.rows::<Instalment>(promised, &[Cell::from(&award.id)])?;
    parts.extend(promised.into_iter().map(|one| (one.clone(), one.amount)));
    Ok(parts)
}

/// What of an award is still meant for its payee, or with them.
fn held(tx: &mut Tx<'_>, award: &Award) -> Answer<Money> {
    use Account::{Committed, InFlight, Paid, Receivable, Reserved, Returned};
    let mut sum = Money::zero(CURRENCY);
    for instalment in tx.rows::<Instalment>("award = $1 ORDER BY id", &[Cell::from(&award.id)])? {
        let part = match instalment.state {
            InstalmentState::Pledged | InstalmentState::Short => instalment.amount,
            _ => holding_sum(
                tx,
                &instalment.id,
                &[Committed, InFlight, Paid, Receivable, Reserved, Returned],
            )?,
        };
        sum = total([sum, part]);
    }
    Ok(sum)
}
