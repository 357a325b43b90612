//! Decisions: each with the facts, the rules and the day it was made of, each after the one before.

use meed_engine::awards::verdict::Verdict;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::{Case, Decision, Judgement};
use crate::machine::CaseState;
use crate::policies::keep;
use crate::stop::Answer;
use crate::store::Cell;
use crate::tx::Tx;

/// The version of the engine that decided.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// Writes the next decision of a case; `why` is a person's own words beside the rules' reasons.
///
/// # Errors
/// Where the database fails.
pub fn decide(
    tx: &mut Tx<'_>,
    case: &Case,
    judgement: &Judgement,
    kind: &str,
    amount: Money,
    why: Option<&str>,
) -> Answer<Decision> {
    let before = last(tx, &case.id)?;
    let facts = keep(tx, "facts", &judgement.facts)?;
    let result = keep(tx, "determination", &judgement.result)?;
    let config = &tx.setup.config;
    let mut reasons = if why.is_some() && is_against(judgement, kind) {
        apart(&judgement.reasons)
    } else {
        judgement.reasons.clone()
    };
    if let Some(object) = reasons.as_object_mut() {
        if let Some(why) = why {
            object.insert("statement".to_owned(), why.into());
        }
        let appeal = json!({"to": config.appeal_to, "days": config.appeal_days, "clause": config.appeal_clause});
        object.insert("appeal".to_owned(), appeal);
    }
    let decision = Decision {
        id: tx.id("decision"),
        case_id: case.id.clone(),
        n: before.as_ref().map_or(0, |one| one.n).saturating_add(1),
        supersedes: before.map(|one| one.id),
        kind: kind.to_owned(),
        amount,
        at: tx.at,
        person: tx.person.clone(),
        on_date: judgement.program.date,
        known: tx.seq.saturating_sub(1),
        policy: case.policy.clone(),
        engine: ENGINE.to_owned(),
        calendar: tx.setup.calendar_digest.clone(),
        facts,
        result,
        reasons,
    };
    tx.insert(&decision)?;
    let told = json!({"case": case.id, "kind": kind, "amount": amount.to_decimal()});
    tx.tell("decided", &decision.id, &told)?;
    Ok(decision)
}

/// Whether a decision takes what the rules give: what holds is then no reason for it.
fn is_against(judgement: &Judgement, kind: &str) -> bool {
    judgement.verdict == Verdict::Eligible && matches!(kind, "refuse" | "reject" | "annul")
}

/// What the rules say, apart from the reasons of a decision that goes against them: those are a person's own words.
fn apart(said: &Value) -> Value {
    let part = |name: &str| said.get(name).cloned().unwrap_or_default();
    let rules =
        json!({"verdict": Verdict::Eligible.name(), "reasons": part("reasons"), "presumptions": part("presumptions")});
    json!({"citation": part("citation"), "reasons": [], "missing": [], "presumptions": [], "rules": rules})
}

/// The decision in force.
///
/// # Errors
/// Where the database fails.
pub fn last(tx: &mut Tx<'_>, case: &str) -> Answer<Option<Decision>> {
    let found = tx.rows("case_id = $1 ORDER BY n DESC LIMIT 1", &[Cell::from(case)])?;
    Ok(found.into_iter().next())
}

/// Whether a decision of a case took effect, or only proposes: what gives something is decided when it is approved, a refusal at once. `all` are
/// the case's decisions, in any order.
pub fn took_effect(case: &Case, all: &[Decision], one: &Decision) -> bool {
    let at = |n: i64| all.iter().find(|other| other.n == n);
    let next = at(one.n.saturating_add(1));
    let approved_before = || all.iter().any(|other| other.kind == "keep" && other.n < one.n);
    match one.kind.as_str() {
        "keep" | "refuse" | "reject" => true,
        // What takes back a proposal was no more than that itself.
        "annul" => at(one.n.saturating_sub(1)).is_some_and(|before| took_effect(case, all, before)),
        // After an approval, more alone is proposed again; what is less, or an appeal restores, holds at once.
        "lower" | "revise" if approved_before() => true,
        _ => match next {
            Some(next) => next.kind == "keep",
            None => matches!(case.state, CaseState::Approved | CaseState::Closed),
        },
    }
}

/// That a refusal has something to stand on: a clause and a value or a missing item, or a person's own words.
pub fn has_reason(reasons: &Value, why: Option<&str>) -> bool {
    let some = |name: &str| {
        reasons
            .get(name)
            .and_then(Value::as_array)
            .is_some_and(|list| !list.is_empty())
    };
    some("reasons") || some("missing") || why.is_some_and(|why| !why.trim().is_empty())
}
