//! Revisions: a decision that facts have overtaken is followed by another. Lower is told and heard first; higher is made public again.

use meed_engine::awards::verdict::Verdict;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::{follow, found_by_decision, late_facts, must_be_covered};
use crate::acts;
use crate::awards::{Award, Instalment, annul, close, due_now, nothing_in_payment, settle, supplement};
use crate::cases::{Case, Decision, Judgement, decide, judge, not_eligible};
use crate::input::Amount;
use crate::ledger::{Account, holding_sum, less, total};
use crate::machine::{AwardState, CaseState, InstalmentState, State as _};
use crate::people::{Deed, Role, act_as, must, must_any, must_on};
use crate::register::Subject;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

acts! {
    /// What is done where facts came late.
    pub enum Act {
        /// Lists the decisions about an applicant that would be others by what is known now
        LateFacts {
            /// The applicant
            subject: String,
        },
        /// Tells an applicant that their award is going to be lower, and invites them to speak
        Notify {
            /// The case
            case: String,
            /// The award after it
            amount: Amount,
            /// Why
            reason: String,
        },
        /// Decides anew by what is known now
        Revise {
            /// The case
            case: String,
            /// Why
            reason: String,
            /// What was said at the hearing, where the award becomes lower
            heard: Option<String>,
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
            Act::LateFacts { subject } => {
                if must_any(tx, &[Role::Machine, Role::Registrar], "").is_err() {
                    must(tx, Role::Officer, "")?;
                }
                let subject: Subject = tx.get(subject)?;
                Ok(json!({"proposals": late_facts(tx, &subject.id)?}))
            }
            Act::Notify { case, amount, reason } => notify(tx, case, amount.0, reason),
            Act::Revise { case, reason, heard } => revise(tx, case, reason, heard.as_deref()),
        }
    }
}

/// The case's award that stands.
fn award_of(tx: &mut Tx<'_>, case: &Case) -> Answer<Award> {
    let standing = "case_id = $1 AND state IN ('committed', 'settled', 'ended') ORDER BY id";
    let found = tx.rows::<Award>(standing, &[Cell::from(&case.id)])?;
    found.into_iter().next().ok_or_else(|| {
        let id = &case.id;
        Stop::denied(
            "nothing_approved",
            format!("case {id} has no approved award; before its approval it is proposed again"),
            format!("案件 {id} 没有已批准的奖补，批准前请重新拟定"),
        )
    })
}

/// What a notice is about: a decision, and what would follow it.
fn notice(award: &Award, amount: Money) -> String {
    format!("revise:{}:{}", award.decision, amount.to_decimal())
}

fn notify(tx: &mut Tx<'_>, case: &str, amount: Money, reason: &str) -> Answer<Value> {
    let case: Case = tx.get(case)?;
    must_on(tx, Role::Officer, &case.measure, &case.id)?;
    let award = award_of(tx, &case)?;
    act_as(tx, &notice(&award, amount), Role::Officer, &[], Some(&case.subject))?;
    let body =
        json!({"subject": case.subject, "decision": award.decision, "amount": amount.to_decimal(), "reason": reason});
    tx.tell("hearing_invited", &case.id, &body)?;
    Ok(Value::Null)
}

/// What each instalment that counts would be.
struct Change {
    instalment: Instalment,
    now: Money,
}

impl Change {
    /// How much more it would be.
    fn more(&self) -> Money {
        less(self.now, self.instalment.amount)
    }
}

fn revise(tx: &mut Tx<'_>, case: &str, reason: &str, heard: Option<&str>) -> Answer<Value> {
    let case: Case = tx.get(case)?;
    let award = award_of(tx, &case)?;
    nothing_in_payment(tx, &award.id)?;
    let judgement = judge(tx, &case)?;
    if judgement.verdict == Verdict::Undetermined {
        return Err(not_eligible(&judgement));
    }
    let changes = changes(tx, &case, &award)?;
    let amount = total(changes.iter().map(|one| one.now));
    if amount.minor() > award.amount.minor() {
        return raise(tx, case, award, &judgement, &changes, reason);
    }
    must_on(tx, Role::Approver, &case.measure, &case.id)?;
    let apart = [Role::Officer, Role::Reviewer];
    act_as(tx, &case.id, Role::Approver, &apart, Some(&case.subject))?;
    if amount == award.amount {
        let decision = decide(tx, &case, &judgement, "revise", amount, Some(reason))?;
        follow(tx, &award.id, &decision)?;
        return Ok(told(&decision, None));
    }
    let words = heard_before(tx, &award, amount, reason, heard)?;
    lower(tx, &case, award, &judgement, changes, &words)
}

/// That the applicant was told of this amount by another person, and heard.
fn heard_before(tx: &mut Tx<'_>, award: &Award, amount: Money, reason: &str, heard: Option<&str>) -> Answer<String> {
    let person = tx.person.clone();
    let notice = notice(award, amount);
    let condition = "target = $1 AND role = 'officer' AND person <> $2";
    let notified = tx.any::<Deed>(condition, &[Cell::Text(notice), Cell::from(&person)])?;
    match heard.filter(|heard| notified && !heard.trim().is_empty()) {
        Some(heard) => Ok(format!("{reason}\n{heard}")),
        None => Err(Stop::denied(
            "not_heard",
            format!(
                "the award becomes {amount}: an officer tells the applicant of that amount, and what they say is recorded"
            ),
            format!("奖补将降为 {amount}：须先由经办人告知该金额并记录陈述申辩"),
        )),
    }
}

/// What would be due for each instalment that is open or paid.
fn changes(tx: &mut Tx<'_>, case: &Case, award: &Award) -> Answer<Vec<Change>> {
    let counts = "award = $1 AND state NOT IN ('skipped', 'ended', 'cancelled', 'given_up') ORDER BY n, payer";
    let mut changes = Vec::new();
    for instalment in tx.rows::<Instalment>(counts, &[Cell::from(&award.id)])? {
        // What nobody can say yet of a later payment stays planned as it was.
        let now = due_now(tx, case, &instalment)?.unwrap_or(instalment.amount);
        changes.push(Change { instalment, now });
    }
    Ok(changes)
}

fn lower(
    tx: &mut Tx<'_>,
    case: &Case,
    mut award: Award,
    judgement: &Judgement,
    changes: Vec<Change>,
    words: &str,
) -> Answer<Value> {
    let amount = total(changes.iter().map(|one| one.now));
    if amount.is_zero() {
        let (decision, recovery) = annul(tx, &mut award, case, judgement, words)?;
        return Ok(told(&decision, recovery));
    }
    let decision = decide(tx, case, judgement, "lower", amount, Some(words))?;
    follow(tx, &award.id, &decision)?;
    let mut excess = Money::zero(CURRENCY);
    for Change { mut instalment, now } in changes {
        if matches!(instalment.state, InstalmentState::Paid | InstalmentState::Returned) {
            let paid = holding_sum(tx, &instalment.id, &[Account::Paid])?;
            excess = total([excess, less(paid, now)]);
        } else if now.is_zero() {
            close(tx, &mut instalment, InstalmentState::Cancelled, "lowered")?;
        } else if now.minor() < instalment.amount.minor() {
            supplement::lower(tx, &mut instalment, now, "lowered")?;
        }
    }
    let award: Award = tx.get(&award.id)?;
    let recovery = found_by_decision(tx, &award, &decision, excess, words)?;
    settle(tx, &award.id)?;
    must_be_covered(tx, &award.id)?;
    Ok(told(&decision, recovery))
}

/// More is proposed by an officer: what is added is reserved, and the case goes through publicity and approval again.
fn raise(
    tx: &mut Tx<'_>,
    mut case: Case,
    mut award: Award,
    judgement: &Judgement,
    changes: &[Change],
    reason: &str,
) -> Answer<Value> {
    must_on(tx, Role::Officer, &case.measure, &case.id)?;
    act_as(tx, &case.id, Role::Officer, &[], Some(&case.subject))?;
    let more = total(changes.iter().map(Change::more));
    // What would be less of another payment is a decision of its own, after a hearing.
    let amount = total([award.amount, more]);
    let decision = decide(tx, &case, judgement, "raise", amount, Some(reason))?;
    (award.decision, award.amount) = (decision.id.clone(), amount);
    if award.state == AwardState::Committed {
        tx.update(&award)?;
    } else {
        tx.step(&mut award, AwardState::Committed)?;
    }
    for change in changes.iter().filter(|one| !one.more().is_zero()) {
        let to = supplement::To::of(&change.instalment, tx.today);
        supplement::propose(tx, &award, &to, change.more())?;
    }
    tx.step(&mut case, CaseState::Proposed)?;
    let mut told = told(&decision, None);
    if let Some(told) = told.as_object_mut() {
        told.insert("state".to_owned(), case.state.name().into());
    }
    Ok(told)
}

fn told(decision: &Decision, recovery: Option<String>) -> Value {
    let (id, kind, amount) = (&decision.id, &decision.kind, decision.amount.to_decimal());
    json!({"decision": id, "kind": kind, "amount": amount, "recovery": recovery})
}
