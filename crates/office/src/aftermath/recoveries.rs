//! Recoveries: money that was paid is asked back, after its debtor was told and heard.

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::{Recovery, both_keys, claims, must_be_covered, must_be_free, offsets};
use crate::acts;
use crate::awards::{Award, Obligation, obligations, paid};
use crate::cases::{Case, Decision, decide, judge_paid};
use crate::input::{Amount, Day};
use crate::ledger::{less, total};
use crate::machine::{ObligationState, RecoveryState};
use crate::people::{Role, act_as, must_on};
use crate::stop::{Answer, Stop};
use crate::store::CURRENCY;
use crate::tx::{Tx, leads};

acts! {
    /// What is done with recoveries.
    pub enum Act {
        /// Finds that money has to come back: for a broken obligation, or for another reason
        Find {
            /// The award
            award: String,
            /// The obligation that was broken
            obligation: Option<String>,
            /// How much, where the rules do not say it exactly
            amount: Option<Amount>,
            /// Why: the clause and what was found
            reason: String,
        },
        /// Drops it before its debtor was told: an officer's key and an approver's, on the same words
        Drop {
            /// The recovery
            recovery: String,
            /// Why
            reason: String,
        },
        /// Tells the debtor what is going to be asked back, and when they are heard
        Notify {
            /// The recovery
            recovery: String,
            /// The day of the hearing
            hearing_on: Day,
        },
        /// Records what the debtor said
        Hear {
            /// The recovery
            recovery: String,
            /// What was said
            said: String,
        },
        /// Records the debtor's consent to setting it off
        Consent {
            /// The recovery
            recovery: String,
            /// Their words
            words: String,
        },
        /// Decides it, as another person than who heard
        Decide {
            /// The recovery
            recovery: String,
            /// How much after the hearing, where it is less
            amount: Option<Amount>,
            /// Interest, which stays outside the lines
            interest: Option<Amount>,
        },
        /// Begins to enforce it
        Enforce {
            /// The recovery
            recovery: String,
        },
        /// Records money that has come
        Collect {
            /// The recovery
            recovery: String,
            /// How much: what is asked back first, then its interest
            amount: Amount,
            /// The paper that shows it, counted once
            evidence: String,
        },
        /// Sets it off against an instalment that is payable to its debtor
        Offset {
            /// The recovery
            recovery: String,
            /// The instalment
            instalment: String,
            /// How much; as much as both allow where it is left out
            amount: Option<Amount>,
            /// The clause that allows it, where the debtor did not consent
            basis: Option<String>,
        },
        /// Gives up enforcing it: an officer's key and an approver's, on the same words
        WriteOff {
            /// The recovery
            recovery: String,
            /// Why
            reason: String,
        },
        /// Cancels it: what has not come back stays with its payee
        Cancel {
            /// The recovery
            recovery: String,
            /// Why
            reason: String,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied or undecided where a guard says so.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Find {
                award,
                obligation,
                amount,
                reason,
            } => find(tx, award, obligation.as_deref(), amount.map(|one| one.0), reason),
            Act::Drop { recovery, reason } => drop_it(tx, recovery, reason),
            Act::Notify { recovery, hearing_on } => notify(tx, recovery, hearing_on.0),
            Act::Hear { recovery, said } => hear(tx, recovery, said),
            Act::Consent { recovery, words } => offsets::consent(tx, recovery, words),
            Act::Decide {
                recovery,
                amount,
                interest,
            } => decide_it(tx, recovery, amount.map(|one| one.0), interest.map(|one| one.0)),
            Act::Enforce { recovery } => enforce(tx, recovery),
            Act::Collect {
                recovery,
                amount,
                evidence,
            } => claims::collect(tx, recovery, amount.0, evidence),
            Act::Offset {
                recovery,
                instalment,
                amount,
                basis,
            } => offsets::offset(tx, recovery, instalment, amount.map(|one| one.0), basis.as_deref()),
            Act::WriteOff { recovery, reason } => write_off(tx, recovery, reason),
            Act::Cancel { recovery, reason } => cancel_by(tx, recovery, reason),
        }
    }
}

fn find(tx: &mut Tx<'_>, award: &str, obligation: Option<&str>, amount: Option<Money>, reason: &str) -> Answer<Value> {
    let award: Award = tx.get(award)?;
    must_on(tx, Role::Officer, &award.family, &award.case_id)?;
    act_as(tx, &award.case_id, Role::Officer, &[], Some(&award.subject))?;
    let amount = match obligation {
        Some(obligation) => owed(tx, &award, obligation, amount)?,
        None => {
            crate::payments::must_not_be_refundable(tx, &award.id)?;
            amount.ok_or_else(|| Stop::denied("no_amount", "state how much has to come back", "请写明应追回金额"))?
        }
    };
    let recovery = open(tx, &award, (None, obligation), amount, reason)?;
    Ok(json!({"recovery": recovery.id, "amount": amount.to_decimal()}))
}

/// What a broken obligation owes: what the rules say exactly, or what was stated within their bounds.
fn owed(tx: &mut Tx<'_>, award: &Award, obligation: &str, stated: Option<Money>) -> Answer<Money> {
    let mut obligation: Obligation = tx.get(obligation)?;
    if obligation.award != award.id {
        return Err(Stop::absent("obligation", &obligation.id));
    }
    tx.step(&mut obligation, ObligationState::Recovered)?;
    let (standing, _) = obligations::standing(tx, &obligation)?;
    let amount = stated.unwrap_or(standing.most);
    let within = (standing.least.minor()..=standing.most.minor()).contains(&amount.minor());
    if within && (stated.is_some() || standing.least == standing.most) {
        return Ok(amount);
    }
    let (least, most) = (standing.least, standing.most);
    Err(Stop::denied(
        "amount_not_due",
        format!("the rules ask back {least} to {most}; state an amount within"),
        format!("规则应追回 {least} 至 {most}，请写明其间的金额"),
    ))
}

/// Opens a recovery of at most what is paid and not asked back yet.
fn open(
    tx: &mut Tx<'_>,
    award: &Award,
    (decision, obligation): (Option<&str>, Option<&str>),
    amount: Money,
    reason: &str,
) -> Answer<Recovery> {
    let most = less(paid(tx, &award.id)?, announced(tx, &award.id)?);
    if amount.is_zero() || amount.minor() > most.minor() || reason.trim().is_empty() {
        let id = &award.id;
        return Err(Stop::denied(
            "bad_recovery",
            format!("{amount} cannot be asked back of award {id}: up to {most} can, with a reason"),
            format!("奖补 {id} 可追回金额不超过 {most}，且须写明理由，不能追回 {amount}"),
        ));
    }
    let recovery = Recovery {
        id: tx.id("recovery"),
        award: award.id.clone(),
        debtor: award.debtor.clone(),
        decision: decision.map(str::to_owned),
        obligation: obligation.map(str::to_owned),
        amount,
        interest: Money::zero(CURRENCY),
        interest_came: Money::zero(CURRENCY),
        reason: reason.to_owned(),
        hearing_on: None,
        hearing: None,
        consent: None,
        state: RecoveryState::Found,
    };
    tx.insert(&recovery)?;
    tx.tell(
        "recovery_found",
        &recovery.id,
        &json!({"award": award.id, "amount": amount.to_decimal()}),
    )?;
    Ok(recovery)
}

/// What is going to be asked back of an award and is not receivable yet.
fn announced(tx: &mut Tx<'_>, award: &str) -> Answer<Money> {
    let open = tx.rows::<Recovery>(
        "award = $1 AND state IN ('found', 'notified', 'heard') ORDER BY id",
        &[award.into()],
    )?;
    Ok(total(open.iter().map(|one| one.amount)))
}

/// Opens the recovery of what was paid more than a decision gives, in the command that makes it; nothing where nothing was.
///
/// # Errors
/// Where the database fails.
pub fn found_by_decision(
    tx: &mut Tx<'_>,
    award: &Award,
    decision: &Decision,
    excess: Money,
    reason: &str,
) -> Answer<Option<String>> {
    let before = announced(tx, &award.id)?;
    let excess = less(excess, before);
    if excess.is_zero() {
        return Ok(None);
    }
    Ok(Some(open(tx, award, (Some(&decision.id), None), excess, reason)?.id))
}

/// A recovery that an officer of its measure works on.
pub(super) fn handled(tx: &mut Tx<'_>, id: &str, role: Role) -> Answer<(Recovery, Award)> {
    let recovery: Recovery = tx.get(id)?;
    let award: Award = tx.get(&recovery.award)?;
    must_on(tx, role, &award.family, &award.case_id)?;
    Ok((recovery, award))
}

fn drop_it(tx: &mut Tx<'_>, id: &str, reason: &str) -> Answer<Value> {
    let mut recovery: Recovery = tx.get(id)?;
    let award: Award = tx.get(&recovery.award)?;
    leads(&recovery, RecoveryState::Dropped)?;
    if !both_keys(tx, &award, ("drop", id), reason)? {
        return Ok(json!({"recovery": id, "keys": 1}));
    }
    tx.step(&mut recovery, RecoveryState::Dropped)?;
    must_be_covered(tx, &award.id)?;
    tx.tell("recovery_dropped", id, &json!({"reason": reason}))?;
    Ok(json!({"recovery": id, "keys": 2}))
}

fn notify(tx: &mut Tx<'_>, id: &str, hearing_on: Date) -> Answer<Value> {
    let (mut recovery, award) = handled(tx, id, Role::Officer)?;
    leads(&recovery, RecoveryState::Notified)?;
    if hearing_on < tx.today {
        return Err(Stop::denied(
            "past",
            format!("{hearing_on} is over; the hearing is today or later"),
            format!("{hearing_on} 已过，听取陈述申辩须在今日或以后"),
        ));
    }
    act_as(tx, id, Role::Officer, &[], Some(&award.subject))?;
    recovery.hearing_on = Some(hearing_on);
    tx.step(&mut recovery, RecoveryState::Notified)?;
    let body = json!({
        "debtor": recovery.debtor, "amount": recovery.amount.to_decimal(), "reason": recovery.reason,
        "hearing_on": hearing_on.to_string(),
    });
    tx.tell("recovery_notified", id, &body)?;
    Ok(Value::Null)
}

fn hear(tx: &mut Tx<'_>, id: &str, said: &str) -> Answer<Value> {
    let (mut recovery, award) = handled(tx, id, Role::Officer)?;
    act_as(tx, id, Role::Officer, &[], Some(&award.subject))?;
    if said.trim().is_empty() {
        return Err(Stop::denied(
            "no_hearing",
            "record what the debtor said, or that they stayed away",
            "请记录陈述申辩内容，或其未到场",
        ));
    }
    // Until then the debtor may prepare, and hand in what speaks for them.
    if let Some(day) = recovery.hearing_on.filter(|day| *day > tx.today) {
        return Err(Stop::denied(
            "not_due",
            format!("the hearing of {id} is on {day}"),
            format!("{id} 的陈述申辩定于 {day}"),
        ));
    }
    recovery.hearing = Some(said.to_owned());
    tx.step(&mut recovery, RecoveryState::Heard)?;
    Ok(Value::Null)
}

/// receivable ← paid, by a decision against which its debtor can appeal.
fn decide_it(tx: &mut Tx<'_>, id: &str, amount: Option<Money>, interest: Option<Money>) -> Answer<Value> {
    let (mut recovery, award) = handled(tx, id, Role::Approver)?;
    act_as(tx, id, Role::Approver, &[Role::Officer], Some(&award.subject))?;
    must_be_free(tx, "recovery", id)?;
    let amount = amount.unwrap_or(recovery.amount);
    if amount.is_zero() || amount.minor() > recovery.amount.minor() {
        let most = recovery.amount;
        return Err(Stop::denied(
            "amount_not_due",
            format!("the debtor was told of {most}; more is another recovery, nothing is a cancelled one"),
            format!("已告知金额为 {most}，超出须另行追回，不追回应予撤销"),
        ));
    }
    leads(&recovery, RecoveryState::Decided)?;
    recovery.amount = amount;
    recovery.interest = interest.unwrap_or(recovery.interest);
    if recovery.decision.is_none() {
        let case: Case = tx.get(&award.case_id)?;
        let (paid, today) = (paid(tx, &award.id)?, tx.today);
        let judgement = judge_paid(tx, &case, today, paid)?;
        let words = format!("{} {}: {}", id, amount.to_decimal(), recovery.reason);
        let decision = decide(tx, &case, &judgement, "keep", award.amount, Some(&words))?;
        super::follow(tx, &award.id, &decision)?;
        recovery.decision = Some(decision.id);
    }
    tx.step(&mut recovery, RecoveryState::Decided)?;
    let claims = claims::claim(tx, &recovery)?;
    must_be_covered(tx, &award.id)?;
    let config = &tx.setup.config;
    let appeal = json!({"to": config.appeal_to, "days": config.appeal_days, "clause": config.appeal_clause});
    let told = json!({"amount": amount.to_decimal(), "interest": recovery.interest.to_decimal(), "appeal": appeal});
    tx.tell("recovery_decided", id, &told)?;
    Ok(json!({"recovery": id, "decision": recovery.decision, "claims": claims, "appeal": appeal}))
}

fn enforce(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let (mut recovery, award) = handled(tx, id, Role::Officer)?;
    act_as(tx, id, Role::Officer, &[], Some(&award.subject))?;
    must_be_free(tx, "recovery", id)?;
    tx.step(&mut recovery, RecoveryState::Enforcing)?;
    Ok(Value::Null)
}

fn write_off(tx: &mut Tx<'_>, id: &str, reason: &str) -> Answer<Value> {
    let mut recovery: Recovery = tx.get(id)?;
    let award: Award = tx.get(&recovery.award)?;
    must_be_free(tx, "recovery", id)?;
    leads(&recovery, RecoveryState::WrittenOff)?;
    if !both_keys(tx, &award, ("write_off", id), reason)? {
        return Ok(json!({"recovery": id, "keys": 1}));
    }
    tx.step(&mut recovery, RecoveryState::WrittenOff)?;
    claims::write_off(tx, &recovery)?;
    tx.tell("recovery_written_off", id, &json!({"reason": reason}))?;
    Ok(json!({"recovery": id, "keys": 2}))
}

fn cancel_by(tx: &mut Tx<'_>, id: &str, reason: &str) -> Answer<Value> {
    let (recovery, award) = handled(tx, id, Role::Approver)?;
    act_as(tx, id, Role::Approver, &[Role::Officer], Some(&award.subject))?;
    if reason.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "a cancellation has a reason",
            "撤销须写明理由",
        ));
    }
    if recovery.state == RecoveryState::Collected {
        return Err(Stop::denied(
            "collected",
            format!("recovery {id} is collected; what came is paid again only where an appeal is upheld"),
            format!("追回 {id} 已收回，仅在申诉获支持后退还"),
        ));
    }
    cancel(tx, recovery, reason)?;
    must_be_covered(tx, &award.id)?;
    Ok(Value::Null)
}

/// paid ← receivable: what has not come back stays with its payee. What has come back is told.
pub(super) fn cancel(tx: &mut Tx<'_>, mut recovery: Recovery, reason: &str) -> Answer<()> {
    let came = claims::collected(tx, &recovery.id)?;
    claims::give_back(tx, &recovery)?;
    tx.step(&mut recovery, RecoveryState::Cancelled)?;
    let body = json!({"reason": reason, "collected": came.to_decimal()});
    tx.tell("recovery_cancelled", &recovery.id, &body)
}
