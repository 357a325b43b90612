//! The first step of a review: an officer calls a title in, and says what its review comes to.

use meed_engine::awards::verdict::Verdict;
use meed_facts::date::Date;
use serde_json::{Value, json};

use super::{Assessment, Outcome, case_of, judged};
use crate::cases::Case;
use crate::machine::{State as _, TitleState};
use crate::people::{Role, act_as, must_on};
use crate::register::Title;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// What an officer found.
pub(super) struct Found<'a> {
    pub outcome: Outcome,
    pub reason: &'a str,
    /// What the holder said to it.
    pub heard: Option<&'a str>,
    /// The last day for putting it right.
    pub rectify_by: Option<Date>,
}

/// Calls a title for review before its day.
pub(super) fn call(tx: &mut Tx<'_>, id: &str, reason: &str) -> Answer<Value> {
    let (mut title, _) = mine(tx, id)?;
    must_be_said(reason)?;
    if let (TitleState::ToRectify, Some(by)) = (title.state, title.rectify_by.filter(|by| *by >= tx.today)) {
        return Err(Stop::denied(
            "not_now",
            format!("title {id} may be put right until {by}"),
            format!("称号 {id} 的整改期限为 {by}，尚未届满"),
        ));
    }
    tx.step(&mut title, TitleState::DueForReview)?;
    tx.tell("title_due", id, &json!({"subject": title.subject, "reason": reason}))?;
    Ok(Value::Null)
}

/// Says what a review comes to.
pub(super) fn find(tx: &mut Tx<'_>, id: &str, found: &Found<'_>) -> Answer<Value> {
    let (title, case) = mine(tx, id)?;
    must_be_said(found.reason)?;
    must_come_now(&title, found.outcome)?;
    must_be_in_force(tx, &title)?;
    match found.outcome {
        Outcome::Revoke => must_be_heard(found.heard)?,
        Outcome::Rectify => must_have_time(tx, found.rectify_by)?,
        Outcome::Renew => {}
    }
    let judgement = judged(tx, &case)?;
    if found.outcome == Outcome::Renew {
        super::confirm::must_be_renewable(tx, &title, &judgement)?;
    }
    let n = tx.number(
        "SELECT CAST(coalesce(max(n), 0) AS BIGINT) FROM assessment WHERE title = $1",
        &[id.into()],
    )?;
    let assessment = Assessment {
        id: tx.id("assessment"),
        title: id.to_owned(),
        n: n.saturating_add(1),
        outcome: found.outcome,
        reason: found.reason.to_owned(),
        heard: found.heard.map(str::to_owned),
        rectify_by: found.rectify_by.filter(|_| found.outcome == Outcome::Rectify),
        verdict: told(judgement.verdict).to_owned(),
        at: tx.at,
        decision: None,
    };
    tx.insert(&assessment)?;
    Ok(json!({"assessment": assessment.id, "verdict": assessment.verdict, "reasons": judgement.reasons}))
}

fn told(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Eligible => "eligible",
        Verdict::NotEligible(_) => "not eligible",
        Verdict::Undetermined => "undetermined",
    }
}

/// A title that an officer works on, with its case.
fn mine(tx: &mut Tx<'_>, id: &str) -> Answer<(Title, Case)> {
    let title: Title = tx.get(id)?;
    let case = case_of(tx, &title)?;
    must_on(tx, Role::Officer, &title.title, &case.id)?;
    act_as(tx, &case.id, Role::Officer, &[], Some(&title.subject))?;
    Ok((title, case))
}

fn must_be_said(reason: &str) -> Answer<()> {
    if reason.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "a review names a clause and what was found",
            "复核须写明条款与事实",
        ));
    }
    Ok(())
}

/// That a title is in a state in which a review comes to this. One that is in force is taken back whether its review is due or not.
pub(super) fn must_come_now(title: &Title, outcome: Outcome) -> Answer<()> {
    use TitleState::{DueForReview, Granted, ToRectify};
    let may = match outcome {
        Outcome::Renew => matches!(title.state, DueForReview | ToRectify),
        Outcome::Rectify => title.state == DueForReview,
        Outcome::Revoke => matches!(title.state, Granted | DueForReview | ToRectify),
    };
    if may {
        return Ok(());
    }
    let (id, state, outcome) = (&title.id, title.state.name(), outcome.name());
    Err(Stop::denied(
        "not_now",
        format!("title {id} is `{state}`, of which no review comes to `{outcome}`; call it for review first"),
        format!("称号 {id} 处于 `{state}`，不能作出 `{outcome}`，请先启动复核"),
    ))
}

/// That the time of a title is not over, whether anybody has tidied up or not.
pub(super) fn must_be_in_force(tx: &Tx<'_>, title: &Title) -> Answer<()> {
    match title.until.filter(|until| *until <= tx.today) {
        None => Ok(()),
        Some(until) => Err(Stop::denied(
            "over",
            format!("title {} ended on {until}; it is applied for again", title.id),
            format!("称号 {} 已于 {until} 到期，须重新申请", title.id),
        )),
    }
}

fn must_be_heard(heard: Option<&str>) -> Answer<()> {
    if heard.is_some_and(|heard| !heard.trim().is_empty()) {
        return Ok(());
    }
    Err(Stop::denied(
        "not_heard",
        "the holder is heard before a title is taken back; state what they said",
        "撤销称号前应听取当事人陈述，请记录其意见",
    ))
}

fn must_have_time(tx: &Tx<'_>, rectify_by: Option<Date>) -> Answer<()> {
    if rectify_by.is_some_and(|day| day > tx.today) {
        return Ok(());
    }
    Err(Stop::denied(
        "past",
        "what is to be put right has a last day after today",
        "限期整改须写明晚于今日的期限",
    ))
}

/// The latest of a title's assessments.
pub(super) fn latest(tx: &mut Tx<'_>, title: &str) -> Answer<Option<Assessment>> {
    let found = tx.rows("title = $1 ORDER BY n DESC LIMIT 1", &[Cell::from(title)])?;
    Ok(found.into_iter().next())
}
