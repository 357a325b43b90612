//! The second step of a review: an approver confirms what was found, on facts as they are known now; the decision is one of the title's case.

use meed_engine::awards::verdict::Verdict;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::find::{latest, must_be_in_force, must_come_now};
use super::terms::prolong;
use super::{Assessment, Outcome, case_of, judged};
use crate::aftermath::must_be_free;
use crate::cases::{Case, Decision, Judgement, decide, judge, not_eligible};
use crate::machine::{State as _, TitleState};
use crate::people::{Role, act_as, apart_from, must_on};
use crate::register::Title;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// Confirms the latest assessment of a title.
pub(super) fn confirm(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut assessment: Assessment = tx.get(id)?;
    let mut title: Title = tx.get(&assessment.title)?;
    let case = case_of(tx, &title)?;
    must_on(tx, Role::Approver, &title.title, &case.id)?;
    act_as(
        tx,
        &case.id,
        Role::Approver,
        apart_from(Role::Approver),
        Some(&title.subject),
    )?;
    must_be_open(tx, &assessment)?;
    must_come_now(&title, assessment.outcome)?;
    must_be_in_force(tx, &title)?;
    let judgement = judged(tx, &case)?;
    let decision = match assessment.outcome {
        Outcome::Renew => renew(tx, &case, &mut title, &judgement, &assessment)?,
        Outcome::Rectify => {
            title.rectify_by = assessment.rectify_by;
            kept(tx, &case, &mut title, &judgement, (TitleState::ToRectify, &assessment))?
        }
        Outcome::Revoke => {
            title.revoked = Some(tx.today);
            title.rectify_by = None;
            let zero = Money::zero(CURRENCY);
            let decision = decide(tx, &case, &judgement, "annul", zero, Some(&assessment.reason))?;
            tx.step(&mut title, TitleState::Revoked)?;
            decision
        }
    };
    assessment.decision = Some(decision.id.clone());
    tx.update(&assessment)?;
    let until = title.until.map(|day| day.to_string());
    let told = json!({"subject": title.subject, "state": title.state.name(), "until": until});
    tx.tell("title_reviewed", &title.id, &told)?;
    // Awards that rest on the title may be others now; nothing but a revision changes them.
    let would_change = crate::aftermath::late_facts(tx, &title.subject)?;
    Ok(
        json!({"title": title.id, "state": title.state.name(), "until": until, "decision": decision.id, "would_change": would_change}),
    )
}

fn must_be_open(tx: &mut Tx<'_>, assessment: &Assessment) -> Answer<()> {
    let last = latest(tx, &assessment.title)?;
    if assessment.decision.is_none() && last.is_some_and(|last| last.id == assessment.id) {
        return Ok(());
    }
    let id = &assessment.id;
    Err(Stop::denied(
        "superseded",
        format!("{id} was confirmed before, or something else was found since"),
        format!("{id} 已确认，或已有新的复核意见"),
    ))
}

fn renew(
    tx: &mut Tx<'_>,
    case: &Case,
    title: &mut Title,
    judgement: &Judgement,
    assessment: &Assessment,
) -> Answer<Decision> {
    must_be_renewable(tx, title, judgement)?;
    prolong(tx, case, title)?;
    kept(tx, case, title, judgement, (TitleState::Granted, assessment))
}

fn kept(
    tx: &mut Tx<'_>,
    case: &Case,
    title: &mut Title,
    judgement: &Judgement,
    (to, assessment): (TitleState, &Assessment),
) -> Answer<Decision> {
    let zero = Money::zero(CURRENCY);
    let decision = decide(tx, case, judgement, "keep", zero, Some(&assessment.reason))?;
    tx.step(title, to)?;
    Ok(decision)
}

/// That nothing stands against a renewal: the criteria are met, or what they leave open is for people to judge because no fact would settle
/// it; and nothing holds the title or its holder.
pub(super) fn must_be_renewable(tx: &mut Tx<'_>, title: &Title, judgement: &Judgement) -> Answer<()> {
    let asks = |missing: &Value| missing.get("kind").and_then(Value::as_str) == Some("missing");
    let missing = judgement.reasons.get("missing").and_then(Value::as_array);
    let open = match judgement.verdict {
        Verdict::Eligible => false,
        Verdict::NotEligible(_) => true,
        Verdict::Undetermined => missing.is_some_and(|missing| missing.iter().any(asks)),
    };
    if open {
        return Err(not_eligible(judgement));
    }
    must_be_free(tx, "subject", &title.subject)?;
    must_be_free(tx, "title", &title.id)
}

/// Gives a title back whose revocation was appealed with success; what was said to be put right need not be.
pub(crate) fn reinstate(tx: &mut Tx<'_>, case: &Case, why: &str) -> Answer<Value> {
    let found = tx.rows::<Title>(
        "case_id = $1 AND state IN ('revoked', 'to_rectify') ORDER BY id DESC LIMIT 1",
        &[Cell::from(&case.id)],
    )?;
    let mut title = found
        .into_iter()
        .next()
        .ok_or_else(|| Stop::absent("title", &case.id))?;
    let judgement = judge(tx, case)?;
    let decision = decide(tx, case, &judgement, "revise", Money::zero(CURRENCY), Some(why))?;
    (title.revoked, title.rectify_by) = (None, None);
    tx.step(&mut title, TitleState::Granted)?;
    Ok(json!({"decision": decision.id, "title": title.id}))
}
