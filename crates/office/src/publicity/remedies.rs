//! What follows from an objection that is upheld. What takes something away was heard first; what gives more is public again.

use meed_engine::awards::verdict::Verdict;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::objections::{close, examined_by_me};
use super::versions::{next, told};
use crate::awards::{Award, Grant, resize};
use crate::cases::{Case, Decision, Judgement, decide, is_next, judge, last, not_eligible, strike, wait, within};
use crate::machine::ObjectionState;
use crate::register::{Subject, successor_of};
use crate::rounds;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

crate::choice! {
    /// What follows from an objection that is upheld.
    pub enum Remedy {
        /// The case is refused.
        Strike = "strike",
        /// It gets less.
        Lower = "lower",
        /// It gets more.
        Raise = "raise",
        /// It stays, but was wrongly described.
        Correct = "correct",
    }
}

/// What an examiner finds.
#[derive(Debug)]
pub(super) struct Finding<'a> {
    pub remedy: Remedy,
    /// The amount that is right, of a remedy that changes it.
    pub amount: Option<Money>,
    /// Whom the row should name, of a correction that changes that.
    pub subject: Option<&'a str>,
    /// What the applicant said to it.
    pub heard: Option<&'a str>,
    pub why: &'a str,
}

/// Upholds an objection.
pub(super) fn uphold(tx: &mut Tx<'_>, id: &str, finding: &Finding<'_>) -> Answer<Value> {
    let (mut objection, mut case) = examined_by_me(tx, id)?;
    let takes = matches!(finding.remedy, Remedy::Strike | Remedy::Lower);
    if takes && finding.heard.is_none_or(|heard| heard.trim().is_empty()) {
        return Err(Stop::denied(
            "not_heard",
            "the applicant is heard before something is taken away; state what they said",
            "作出不利处理前应听取申请人陈述，请记录其意见",
        ));
    }
    objection.remedy = Some(finding.remedy);
    objection.amount = finding.amount;
    objection.heard = finding.heard.map(str::to_owned);
    close(tx, &mut objection, ObjectionState::Upheld, finding.why)?;
    match finding.remedy {
        Remedy::Strike => {
            let decision = strike(tx, &mut case, finding.why)?;
            Ok(json!({"decision": decision.id, "reasons": decision.reasons}))
        }
        Remedy::Lower | Remedy::Raise => {
            let amount = finding
                .amount
                .ok_or_else(|| Stop::denied("no_amount", "state the amount that is right", "请填写正确的金额"))?;
            if rounds::shares_now(tx, &case)? {
                return rounds::claim_is(tx, &mut case, amount, finding.remedy, finding.why);
            }
            let judgement = judge(tx, &case)?;
            change(tx, &mut case, &judgement, amount, finding)
        }
        Remedy::Correct => correct(tx, &mut case, finding),
    }
}

/// Gives a case another amount: less at once, more where there is money for it, which is public again.
fn change(
    tx: &mut Tx<'_>,
    case: &mut Case,
    judgement: &Judgement,
    amount: Money,
    finding: &Finding<'_>,
) -> Answer<Value> {
    let before = last(tx, &case.id)?.map_or(Money::zero(CURRENCY), |one| one.amount);
    let more = amount.minor() > before.minor();
    // Nothing is not less: a case that gets nothing is struck, with a refusal.
    if more != (finding.remedy == Remedy::Raise) || amount == before || amount.is_zero() {
        let name = finding.remedy.name();
        return Err(Stop::denied(
            "wrong_remedy",
            format!(
                "{amount} instead of {before} is not to `{name}`; more is to `raise`, less to `lower`, nothing to `strike`"
            ),
            format!("{before} 改为 {amount} 不属于 `{name}`；增加用 `raise`，减少用 `lower`，取消用 `strike`"),
        ));
    }
    within(judgement, amount)?;
    let grant = Grant {
        case,
        judgement,
        amount,
        round: None,
    };
    let planned = grant.payments(tx)?;
    if more && !is_next(tx, case, &planned)? {
        wait(tx, case, &planned)?;
        return Ok(json!({"state": "waiting_for_funds"}));
    }
    let decision = decide(tx, case, judgement, finding.remedy.name(), amount, Some(finding.why))?;
    resize(tx, case, &decision, &planned)?;
    if !more {
        return Ok(json!({"decision": decision.id, "amount": amount.to_decimal()}));
    }
    again(tx, case, &decision)
}

/// Shows a row again, for all its days: the next version of its list.
fn again(tx: &mut Tx<'_>, case: &Case, decision: &Decision) -> Answer<Value> {
    let list = case.list.clone().unwrap_or_default();
    let list = next(tx, &list, std::slice::from_ref(&case.id))?;
    let mut result = told(&list);
    if let Some(object) = result.as_object_mut() {
        object.insert("decision".to_owned(), decision.id.clone().into());
        object.insert("amount".to_owned(), decision.amount.to_decimal().into());
    }
    Ok(result)
}

/// Shows who it is: the register is right by now, or another applicant takes the place of the one that was named.
fn correct(tx: &mut Tx<'_>, case: &mut Case, finding: &Finding<'_>) -> Answer<Value> {
    if let Some(subject) = finding.subject {
        let subject: Subject = tx.get(subject)?;
        case.subject.clone_from(&subject.id);
        tx.update(case)?;
        for mut award in tx.rows::<Award>("case_id = $1 AND state = 'reserved'", &[Cell::from(&case.id)])? {
            award.subject_key = successor_of(tx, &subject.id)?;
            (award.subject, award.payee, award.debtor) = (subject.id.clone(), subject.id.clone(), subject.id.clone());
            tx.update(&award)?;
        }
    }
    let judgement = judge(tx, case)?;
    let amount = last(tx, &case.id)?.map_or(Money::zero(CURRENCY), |one| one.amount);
    if matches!(judgement.verdict, Verdict::NotEligible(_)) {
        return Err(not_eligible(&judgement));
    }
    within(&judgement, amount)?;
    let decision = decide(tx, case, &judgement, "revise", amount, Some(finding.why))?;
    again(tx, case, &decision)
}
