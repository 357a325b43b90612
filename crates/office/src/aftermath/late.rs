//! Late facts: decisions are made again with their own rules and day, and with what is known now. It only proposes.

use std::collections::BTreeMap;

use meed_facts::json::canonical;
use serde_json::{Map, Value, json};

use crate::cases::{Case, Decision, judge_on};
use crate::policies::Document;
use crate::register::flatten;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// The decisions about an applicant that would be others by what is known now: what each gave, what it would give, and what changed.
///
/// # Errors
/// Where the database fails.
pub fn late_facts(tx: &mut Tx<'_>, subject: &str) -> Answer<Vec<Value>> {
    let mut proposals = Vec::new();
    for decision in made_about(tx, subject)? {
        let case: Case = tx.get(&decision.case_id)?;
        let then = body(tx, &decision.result)?.map(|result| outcome(&result));
        let known = body(tx, &decision.facts)?;
        let (now, facts) = match judge_on(tx, &case, decision.on_date) {
            Ok(judgement) => (outcome(&read(&judgement.result)), Some(read(&judgement.facts))),
            Err(Stop::Denied(reason) | Stop::Undecided(reason)) => (reason.to_json(), None),
            Err(stop) => return Err(stop),
        };
        if then.as_ref() == Some(&now) {
            continue;
        }
        proposals.push(json!({
            "case": case.id,
            "decision": decision.id,
            "measure": case.measure,
            "on": decision.on_date.to_string(),
            "then": then,
            "now": now,
            "changed": changed(known.as_ref(), facts.as_ref()),
        }));
    }
    Ok(proposals)
}

/// For each case and day the last decision, but for those that only ask money back: they went by what had been paid.
fn made_about(tx: &mut Tx<'_>, subject: &str) -> Answer<Vec<Decision>> {
    let made = "case_id IN (SELECT id FROM \"case\" WHERE subject = $1 AND kind = 'award' AND state <> 'withdrawn') AND NOT EXISTS \
                (SELECT 1 FROM recovery WHERE recovery.decision = decision.id AND decision.kind = 'keep') ORDER BY case_id, n";
    let mut last = BTreeMap::new();
    for decision in tx.rows::<Decision>(made, &[Cell::from(subject)])? {
        last.insert((decision.case_id.clone(), decision.on_date), decision);
    }
    Ok(last.into_values().collect())
}

/// A document as JSON; nothing where it was forgotten.
fn body(tx: &mut Tx<'_>, digest: &str) -> Answer<Option<Value>> {
    Ok(tx.get::<Document>(digest)?.body.map(|body| read(&body)))
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Verdict and amounts of the one line that a case is about.
fn outcome(result: &Value) -> Value {
    let of = |name: &str| {
        result
            .pointer(&format!("/awards/0/{name}"))
            .cloned()
            .unwrap_or_default()
    };
    json!({"verdict": of("verdict"), "amount": of("amount"), "over_time": of("over_time")})
}

/// The facts that differ, by path.
fn changed(then: Option<&Value>, now: Option<&Value>) -> Value {
    let (Some(then), Some(now)) = (then.and_then(values), now.and_then(values)) else {
        return Value::Null;
    };
    let paths = then.keys().chain(now.keys());
    let mut told = Map::new();
    for path in paths {
        let (before, after) = (then.get(path), now.get(path));
        if before.map(canonical) != after.map(canonical) {
            told.insert(path.clone(), json!({"then": before, "now": after}));
        }
    }
    Value::Object(told)
}

/// The values of a document of facts, by path.
fn values(facts: &Value) -> Option<BTreeMap<String, Value>> {
    let (_, document) = facts.as_object()?.iter().next()?;
    Some(flatten(document.as_object()?).into_iter().collect())
}
