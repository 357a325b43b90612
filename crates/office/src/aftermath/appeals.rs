//! Appeals: what somebody says against a decision in force. The old decision is never edited; an appeal that is upheld makes a new one.

use serde_json::{Value, json};

use super::{Appeal, Hold, Recovery, holds, upheld};
use crate::acts;
use crate::awards::Award;
use crate::cases::{Case, Decision, last};
use crate::input::Amount;
use crate::machine::{AppealState, CaseState, State as _};
use crate::people::{Role, act_as, acted_in, must, must_on};
use crate::setup::AppealStops;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::{Tx, leads};

acts! {
    /// What is done with appeals.
    pub enum Act {
        /// Lodges an appeal against the decision in force, as the applicant's agent
        Lodge {
            /// The decision
            decision: String,
            /// What is said against it
            ground: String,
        },
        /// Takes it back
        Withdraw {
            /// The appeal
            appeal: String,
        },
        /// Orders that what follows from the decision stands still meanwhile
        Stop {
            /// The appeal
            appeal: String,
            /// Why
            reason: String,
        },
        /// Finds it inadmissible
        Refuse {
            /// The appeal
            appeal: String,
            /// Why
            why: String,
        },
        /// Finds it admissible
        Admit {
            /// The appeal
            appeal: String,
        },
        /// Examines it, as somebody who decided nothing in the case
        Examine {
            /// The appeal
            appeal: String,
            /// What was found
            found: String,
        },
        /// Upholds it: a new decision takes the place of the one that was appealed
        Uphold {
            /// The appeal
            appeal: String,
            /// The award after it, where it is upheld in part, or where the rules leave the amount to be assessed
            amount: Option<Amount>,
            /// Why
            why: String,
        },
        /// Dismisses it
        Dismiss {
            /// The appeal
            appeal: String,
            /// Why
            why: String,
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
            Act::Lodge { decision, ground } => lodge(tx, decision, ground),
            Act::Withdraw { appeal } => withdraw(tx, appeal),
            Act::Stop { appeal, reason } => order(tx, appeal, reason),
            Act::Refuse { appeal, why } => end(tx, appeal, AppealState::Inadmissible, why),
            Act::Admit { appeal } => {
                let mut about = examined_by(tx, appeal)?;
                tx.step(&mut about.appeal, AppealState::Admissible)?;
                Ok(Value::Null)
            }
            Act::Examine { appeal, found } => examine(tx, appeal, found),
            Act::Uphold { appeal, amount, why } => {
                let about = examined_by(tx, appeal)?;
                reasoned(why)?;
                leads(&about.appeal, AppealState::Upheld)?;
                let (state, result) = upheld::uphold(tx, &about, amount.map(|one| one.0), why)?;
                close(tx, about.appeal, state, why)?;
                Ok(result)
            }
            Act::Dismiss { appeal, why } => end(tx, appeal, AppealState::Dismissed, why),
        }
    }
}

/// An appeal with what it is about.
pub(super) struct About {
    pub appeal: Appeal,
    pub decision: Decision,
    pub case: Case,
}

impl About {
    fn of(tx: &mut Tx<'_>, appeal: &str) -> Answer<Self> {
        let appeal: Appeal = tx.get(appeal)?;
        let decision: Decision = tx.get(&appeal.decision)?;
        let case = tx.get(&decision.case_id)?;
        Ok(Self { appeal, decision, case })
    }
}

fn lodge(tx: &mut Tx<'_>, decision: &str, ground: &str) -> Answer<Value> {
    let decision: Decision = tx.get(decision)?;
    let case: Case = tx.get(&decision.case_id)?;
    must(tx, Role::Agent, &case.subject)?;
    in_time(tx, &decision)?;
    if last(tx, &case.id)?.is_none_or(|last| last.id != decision.id) {
        let id = &decision.id;
        return Err(Stop::denied(
            "superseded",
            format!("another decision took the place of {id}; appeal against that one"),
            format!("决定 {id} 已被后续决定取代，请对后者提出申诉"),
        ));
    }
    must_be_decided(&case)?;
    let open = "decision = $1 AND state IN ('lodged', 'admissible', 'examined')";
    if ground.trim().is_empty() || tx.any::<Appeal>(open, &[Cell::from(&decision.id)])? {
        let id = &decision.id;
        return Err(Stop::denied(
            "bad_appeal",
            format!("an appeal says why, and only one at a time is open against {id}"),
            format!("申诉须写明理由，且对 {id} 同时只能有一件在办申诉"),
        ));
    }
    let appeal = Appeal {
        id: tx.id("appeal"),
        decision: decision.id.clone(),
        appellant: tx.person.clone(),
        ground: ground.to_owned(),
        lodged_at: tx.at,
        examiner: None,
        reason: None,
        state: AppealState::Lodged,
    };
    tx.insert(&appeal)?;
    let always = tx.setup.config.appeal_stops == AppealStops::Always;
    let clause = tx.setup.config.appeal_clause.clone();
    let about = About { appeal, decision, case };
    let stopped = if always && takes_away(tx, &about)? {
        stop(tx, &about, &clause)?
    } else {
        Vec::new()
    };
    tx.tell(
        "appeal_lodged",
        &about.appeal.id,
        &json!({"decision": about.decision.id}),
    )?;
    Ok(json!({"appeal": about.appeal.id, "stopped": stopped}))
}

/// That a case was decided: what was only proposed took nothing from anybody and gives nothing, least of all by an appeal.
pub(super) fn must_be_decided(case: &Case) -> Answer<()> {
    use CaseState::{Approved, Closed, Inadmissible, Refused};
    if matches!(case.state, Approved | Closed | Refused | Inadmissible) {
        return Ok(());
    }
    let (id, state) = (&case.id, case.state.name());
    Err(Stop::denied(
        "not_decided",
        format!(
            "case {id} is `{state}`; an appeal is against what was approved or refused, an objection against what is proposed"
        ),
        format!("案件 {id} 状态为 `{state}`，申诉针对已批准或不予批准的决定，对拟定事项请提出异议"),
    ))
}

fn in_time(tx: &Tx<'_>, decision: &Decision) -> Answer<()> {
    let days = meed_facts::date::Days(tx.setup.config.appeal_days.into());
    let until = decision.at.date().and_then(|day| day.plus_days(days));
    if until.is_some_and(|until| tx.today <= until) {
        return Ok(());
    }
    let (id, until) = (&decision.id, until.map(|day| day.to_string()).unwrap_or_default());
    Err(Stop::denied(
        "too_late",
        format!("an appeal against {id} could be lodged until {until}"),
        format!("对决定 {id} 的申诉期限为 {until}"),
    ))
}

/// Whether a decision takes something away: who asks for more does not stop what they were given.
fn takes_away(tx: &mut Tx<'_>, about: &About) -> Answer<bool> {
    let asked_back = tx.any::<Recovery>("decision = $1", &[Cell::from(&about.decision.id)])?;
    Ok(asked_back || matches!(about.decision.kind.as_str(), "lower" | "annul" | "revise"))
}

/// Makes the award and its recoveries stand still: the holds are the appeal's own.
fn stop(tx: &mut Tx<'_>, about: &About, reason: &str) -> Answer<Vec<String>> {
    let mut targets = Vec::new();
    for award in tx.rows::<Award>("case_id = $1 ORDER BY id", &[Cell::from(&about.case.id)])? {
        let open = "award = $1 AND state IN ('found', 'notified', 'heard', 'decided', 'enforcing') ORDER BY id";
        let recoveries = tx.rows::<Recovery>(open, &[Cell::from(&award.id)])?;
        targets.extend(recoveries.into_iter().map(|one| ("recovery", one.id)));
        targets.push(("award", award.id));
    }
    let mut held = Vec::new();
    for (kind, target) in targets {
        holds::place(tx, (kind, &target), reason, &about.appeal.id, None)?;
        held.push(target);
    }
    Ok(held)
}

fn order(tx: &mut Tx<'_>, id: &str, reason: &str) -> Answer<Value> {
    let about = examined_by(tx, id)?;
    reasoned(reason)?;
    if !matches!(
        about.appeal.state,
        AppealState::Lodged | AppealState::Admissible | AppealState::Examined
    ) {
        let state = about.appeal.state.name();
        return Err(Stop::denied(
            "not_now",
            format!("appeal {id} is `{state}`; only an open one stops something"),
            format!("申诉 {id} 状态为 `{state}`，仅在办申诉可停止执行"),
        ));
    }
    let stopped = stop(tx, &about, reason)?;
    Ok(json!({"stopped": stopped}))
}

fn withdraw(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let about = About::of(tx, id)?;
    must(tx, Role::Agent, &about.case.subject)?;
    close(tx, about.appeal, AppealState::Withdrawn, "withdrawn")?;
    Ok(Value::Null)
}

/// An appeal in the hands of somebody who decided and prepared nothing in its case.
fn examined_by(tx: &mut Tx<'_>, id: &str) -> Answer<About> {
    let about = About::of(tx, id)?;
    must_on(tx, Role::Examiner, &about.case.measure, &about.case.id)?;
    let person = tx.person.clone();
    let case = &about.case.id;
    if acted_in(tx, &person, case)? {
        return Err(Stop::denied(
            "same_person",
            format!("{person} acted in case {case}; somebody else examines the appeal"),
            format!("{person} 已参与办理案件 {case}，申诉须由他人审理"),
        ));
    }
    act_as(tx, id, Role::Examiner, &[], Some(&about.case.subject))?;
    Ok(about)
}

fn examine(tx: &mut Tx<'_>, id: &str, found: &str) -> Answer<Value> {
    let mut about = examined_by(tx, id)?;
    reasoned(found)?;
    about.appeal.examiner = Some(tx.person.clone());
    about.appeal.reason = Some(found.to_owned());
    tx.step(&mut about.appeal, AppealState::Examined)?;
    Ok(Value::Null)
}

fn end(tx: &mut Tx<'_>, id: &str, state: AppealState, why: &str) -> Answer<Value> {
    let about = examined_by(tx, id)?;
    reasoned(why)?;
    close(tx, about.appeal, state, why)?;
    Ok(Value::Null)
}

fn reasoned(why: &str) -> Answer<()> {
    if why.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "what becomes of an appeal has a reason",
            "申诉处理须写明理由",
        ));
    }
    Ok(())
}

/// Ends an appeal; what it had stopped goes on.
fn close(tx: &mut Tx<'_>, mut appeal: Appeal, state: AppealState, why: &str) -> Answer<()> {
    appeal.reason = Some(why.to_owned());
    tx.step(&mut appeal, state)?;
    let held = "owner = $1 AND lifted_at IS NULL ORDER BY id";
    for mut hold in tx.rows::<Hold>(held, &[Cell::from(&appeal.id)])? {
        holds::lift(tx, &mut hold, &appeal.id)?;
    }
    tx.tell("appeal_over", &appeal.id, &json!({"state": state.name()}))
}
