//! Drawing: the turns of a pool for a case follow from what is on record alone, so that anybody can draw again.
//!
//! Whoever commits to a seed could try many until one draws whom they want. So the log's hash of the commitment is drawn by too: it exists only
//! once the seed can no longer be another, and has a salt of the office's own in it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Draw, Review};
use crate::cases::Case;
use crate::log::{Entry, sha256};
use crate::machine::{CaseState, ReviewState};
use crate::people::{Deed, Role, holds, interested, must};
use crate::policies::{Document, keep_json};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// A seed that is shorter could be found from its hash.
const SHORTEST: usize = 16;

/// For which cases reviewers are drawn, from whom, and how many for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The cases.
    pub cases: Vec<String>,
    /// The pool.
    pub pool: Vec<String>,
    /// How many reviewers each case has.
    pub each: u16,
}

/// What is drawn by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The seed.
    pub seed: String,
    /// The hash of the log entry that committed to it.
    pub entry: String,
}

impl Lot {
    /// The pool in the order in which it is drawn for a case.
    pub fn turns(&self, case: &str, pool: &[String]) -> Vec<String> {
        let lot = |person: &String| sha256(format!("{}\n{}\n{case}\n{person}", self.seed, self.entry).as_bytes());
        let mut turns: Vec<(String, &String)> = pool.iter().map(|person| (lot(person), person)).collect();
        turns.sort();
        turns.dedup();
        turns.into_iter().map(|(_, person)| person.clone()).collect()
    }

    fn of(tx: &mut Tx<'_>, draw: &Draw) -> Answer<Self> {
        let entry: Entry = tx.get(Cell::Int(draw.entry))?;
        let seed = draw.seed.clone().unwrap_or_default();
        Ok(Self {
            seed,
            entry: entry.hash,
        })
    }
}

/// Commits to a seed that nobody else knows yet, for these cases and this pool.
pub(super) fn commit(tx: &mut Tx<'_>, plan: &Plan, commitment: &str) -> Answer<Value> {
    if commitment.len() != 64 || commitment.chars().any(|c| !matches!(c, '0'..='9' | 'a'..='f')) {
        return Err(Stop::denied(
            "bad_commitment",
            "a commitment is the SHA-256 of the seed in 64 small hexadecimal digits",
            "承诺值为种子的 SHA-256（64 位小写十六进制）",
        ));
    }
    if plan.each == 0 || plan.cases.is_empty() {
        return Err(Stop::denied(
            "empty_draw",
            "a draw has a case and at least one reviewer for each",
            "抽取须有案件且每案至少一名评审",
        ));
    }
    for case in &plan.cases {
        let case: Case = tx.get(case)?;
        must(tx, Role::Officer, &case.measure)?;
        if case.state != CaseState::InReview {
            let id = &case.id;
            return Err(Stop::denied(
                "not_in_review",
                format!("case {id} is not in review; take it into review first"),
                format!("案件 {id} 未进入评审"),
            ));
        }
        if let Some(open) = open_for(tx, &case.id)? {
            let id = &case.id;
            return Err(Stop::denied(
                "committed",
                format!(
                    "{open} was committed to for case {id} and is not drawn: who could choose among several could choose the reviewers; draw it"
                ),
                format!("案件 {id} 已有未抽取的承诺 {open}，不得重复承诺，请先抽取"),
            ));
        }
        for person in &plan.pool {
            if !holds(tx, person, Role::Reviewer, &case.measure)? {
                return Err(Stop::denied(
                    "not_a_reviewer",
                    format!("{person} does not review {} today", case.measure),
                    format!("{person} 今日不是 {} 的评审人", case.measure),
                ));
            }
        }
    }
    let draw = Draw {
        id: tx.id("draw"),
        plan: keep_json(tx, "draw", &json!(plan))?,
        commitment: commitment.to_owned(),
        entry: tx.seq,
        seed: None,
    };
    tx.insert(&draw)?;
    Ok(json!({"draw": draw.id}))
}

/// The draw of a case that was committed to, and whose seed nobody has shown yet.
fn open_for(tx: &mut Tx<'_>, case: &str) -> Answer<Option<String>> {
    for draw in tx.rows::<Draw>("seed IS NULL ORDER BY id", &[])? {
        if plan_of(tx, &draw)?.cases.iter().any(|one| one == case) {
            return Ok(Some(draw.id));
        }
    }
    Ok(None)
}

/// Shows the seed and draws. Where the pool is used up, seats stay empty: another commitment, to a larger pool, fills them.
pub(super) fn draw(tx: &mut Tx<'_>, id: &str, seed: &str) -> Answer<Value> {
    let mut draw: Draw = tx.get(id)?;
    if draw.seed.is_some() {
        return Err(Stop::denied(
            "drawn",
            format!("{id} was drawn; another draw needs another commitment"),
            format!("{id} 已抽取，再次抽取须重新承诺"),
        ));
    }
    if seed.len() < SHORTEST || sha256(seed.as_bytes()) != draw.commitment {
        return Err(Stop::denied(
            "other_seed",
            format!("this is not the seed of {SHORTEST} bytes or more whose hash was logged before"),
            format!("种子与事先承诺不符，或不足 {SHORTEST} 字节"),
        ));
    }
    draw.seed = Some(seed.to_owned());
    tx.update(&draw)?;
    let plan = plan_of(tx, &draw)?;
    let (mut drawn, mut small) = (Vec::new(), Vec::new());
    for case in &plan.cases {
        let case: Case = tx.get(case)?;
        must(tx, Role::Officer, &case.measure)?;
        // A case that was given back meanwhile is not reviewed.
        if case.state != CaseState::InReview {
            continue;
        }
        let live = "case_id = $1 AND state NOT IN ('voided', 'conflicted', 'excused')";
        let seated = tx.rows::<Review>(live, &[Cell::from(&case.id)])?.len();
        for _ in seated..usize::from(plan.each) {
            let Some(review) = next(tx, &draw, &case)? else {
                small.push(case.id.clone());
                break;
            };
            drawn.push(json!({"review": review.id, "case": case.id, "reviewer": review.reviewer}));
        }
    }
    Ok(json!({"drawn": drawn, "small_pool": small}))
}

/// Draws the next reviewer for a case whose turn has not come and who has nothing to do with it; `None` where the pool is used up.
pub(super) fn next(tx: &mut Tx<'_>, draw: &Draw, case: &Case) -> Answer<Option<Review>> {
    let plan = plan_of(tx, draw)?;
    for person in Lot::of(tx, draw)?.turns(&case.id, &plan.pool) {
        let (id, who) = (Cell::from(&case.id), Cell::from(&person));
        let had_turn = tx.any::<Review>(
            "case_id = $1 AND reviewer = $2 AND state <> 'voided'",
            &[id.clone(), who.clone()],
        )?;
        let acted = tx.any::<Deed>(
            "target = $1 AND person = $2 AND role IN ('officer', 'examiner', 'approver')",
            &[id, who],
        )?;
        if had_turn || acted || interested(tx, &person, &case.subject)?.is_some() {
            continue;
        }
        let review = Review {
            id: tx.id("review"),
            draw: draw.id.clone(),
            case_id: case.id.clone(),
            reviewer: person,
            score: None,
            note: None,
            salt: crate::log::salt()?,
            state: ReviewState::Drawn,
        };
        tx.insert(&review)?;
        return Ok(Some(review));
    }
    Ok(None)
}

fn plan_of(tx: &mut Tx<'_>, draw: &Draw) -> Answer<Plan> {
    let body = tx.get::<Document>(&draw.plan)?.body;
    let plan = body.and_then(|body| serde_json::from_str(&body).ok());
    plan.ok_or_else(|| Stop::absent("document", &draw.plan))
}
