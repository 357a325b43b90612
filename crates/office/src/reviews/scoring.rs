//! From a drawn reviewer to a final score.

use serde_json::{Value, json};

use super::seen::mean;
use super::{Draw, Points, Review, draw};
use crate::cases::Case;
use crate::machine::ReviewState;
use crate::people::{Interest, Role, act_as, must};
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// A review of one's own, and its case.
fn mine(tx: &mut Tx<'_>, id: &str) -> Answer<(Review, Case)> {
    let review: Review = tx.get(id)?;
    let case: Case = tx.get(&review.case_id)?;
    must(tx, Role::Reviewer, &case.measure)?;
    if review.reviewer != tx.person {
        return Err(Stop::denied(
            "not_yours",
            format!("{id} is another reviewer's"),
            format!("{id} 由他人评审"),
        ));
    }
    Ok((review, case))
}

/// Accepts a review, having nothing to do with the applicant.
pub(super) fn accept(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let (mut review, case) = mine(tx, id)?;
    let others = [Role::Officer, Role::Examiner, Role::Approver];
    act_as(tx, &case.id, Role::Reviewer, &others, Some(&case.subject))?;
    tx.step(&mut review, ReviewState::Accepted)?;
    Ok(Value::Null)
}

/// Declares a conflict of interest: another reviewer is drawn. That is never refused, even where nobody is left to draw.
pub(super) fn conflict(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let (mut review, case) = mine(tx, id)?;
    let (person, subject) = (tx.person.clone(), case.subject.clone());
    if tx.find::<Interest>((&person, &subject))?.is_none() {
        let source = "declared".to_owned();
        tx.insert(&Interest {
            person,
            subject,
            source,
        })?;
    }
    review.score = None;
    tx.step(&mut review, ReviewState::Conflicted)?;
    instead(tx, &review, &case)
}

/// Excuses a reviewer who cannot: another is drawn.
pub(super) fn excuse(tx: &mut Tx<'_>, id: &str, why: &str) -> Answer<Value> {
    let mut review: Review = tx.get(id)?;
    let case: Case = tx.get(&review.case_id)?;
    must(tx, Role::Officer, &case.measure)?;
    review.note = Some(why.to_owned());
    tx.step(&mut review, ReviewState::Excused)?;
    instead(tx, &review, &case)
}

fn instead(tx: &mut Tx<'_>, review: &Review, case: &Case) -> Answer<Value> {
    let draw: Draw = tx.get(&review.draw)?;
    let next = draw::next(tx, &draw, case)?;
    Ok(json!({"instead": next.map(|next| json!({"review": next.id, "reviewer": next.reviewer}))}))
}

/// Scores, for the first time or anew, until the score is submitted.
pub(super) fn score(tx: &mut Tx<'_>, id: &str, score: Points, note: &str) -> Answer<Value> {
    let (mut review, _) = mine(tx, id)?;
    if note.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "a score has a reason; state it",
            "评分须写明理由",
        ));
    }
    (review.score, review.note) = (Some(score), Some(note.to_owned()));
    if review.state == ReviewState::Scoring {
        tx.update(&review)?;
    } else {
        tx.step(&mut review, ReviewState::Scoring)?;
    }
    Ok(Value::Null)
}

/// Submits a score.
pub(super) fn submit(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let (mut review, _) = mine(tx, id)?;
    tx.step(&mut review, ReviewState::Submitted)?;
    Ok(Value::Null)
}

/// Gives a submitted score back to its reviewer, before any is final.
pub(super) fn reopen(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut review: Review = tx.get(id)?;
    let case: Case = tx.get(&review.case_id)?;
    must(tx, Role::Officer, &case.measure)?;
    tx.step(&mut review, ReviewState::Scoring)?;
    Ok(Value::Null)
}

/// The reviews of a case that count.
fn live(tx: &mut Tx<'_>, case: &str) -> Answer<Vec<Review>> {
    let live = "case_id = $1 AND state NOT IN ('voided', 'conflicted', 'excused') ORDER BY id";
    tx.rows(live, &[case.into()])
}

/// Makes all reviews of a case final at once: from then on everybody sees them.
pub(super) fn finish(tx: &mut Tx<'_>, case: &str) -> Answer<Value> {
    let case: Case = tx.get(case)?;
    must(tx, Role::Officer, &case.measure)?;
    let mut reviews = live(tx, &case.id)?;
    if reviews.iter().any(|review| review.state != ReviewState::Submitted) {
        return Err(not_final(&case.id));
    }
    if reviews.is_empty() {
        return Err(not_final(&case.id));
    }
    for review in &mut reviews {
        tx.step(review, ReviewState::Final)?;
    }
    Ok(json!({"case": case.id, "reviews": reviews.len(), "average": mean(&reviews)}))
}

fn not_final(case: &str) -> Stop {
    Stop::denied(
        "not_reviewed",
        format!("the reviews of {case} are not all there; they are submitted and made final first"),
        format!("{case} 的评审尚未全部完成"),
    )
}

/// That all reviews of a case are final, and no fewer than so many.
///
/// # Errors
/// Denied where they are not.
pub(crate) fn must_be_final(tx: &mut Tx<'_>, case: &Case, least: i64) -> Answer<()> {
    let reviews = live(tx, &case.id)?;
    if reviews.iter().any(|review| review.state != ReviewState::Final) {
        return Err(not_final(&case.id));
    }
    if i64::try_from(reviews.len()).unwrap_or(i64::MAX) < least {
        let (have, id) = (reviews.len(), &case.id);
        return Err(Stop::denied(
            "not_reviewed",
            format!("{id} has {have} final reviews of {least}; draw reviewers"),
            format!("{id} 须有 {least} 份评审，现有 {have} 份"),
        ));
    }
    Ok(())
}

/// Makes the reviews of a case void: what they judged is no longer what will be decided.
///
/// # Errors
/// Where the database fails.
pub(crate) fn void(tx: &mut Tx<'_>, case: &str) -> Answer<()> {
    for mut review in live(tx, case)? {
        tx.step(&mut review, ReviewState::Voided)?;
    }
    Ok(())
}
