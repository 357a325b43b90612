//! What is known about a subject: facts valid on a day and known by a log entry, with the titles and awards of the office itself.

use std::collections::BTreeMap;

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde_json::{Map, Value, json};

use super::{Fact, Subject, Successor, Title, unflatten};
use crate::aftermath::Hold;
use crate::cases::{Case, Decision};
use crate::stop::Answer;
use crate::store::{Cell, Field};
use crate::tx::Tx;

/// The most steps from a subject to its last successor.
const LONGEST: usize = 32;

/// The facts of a subject as a document for the engine: `{"enterprise": {…}}`. `but` is a case whose own award does not count.
///
/// # Errors
/// Where the database fails.
pub fn facts_of(tx: &mut Tx<'_>, subject: &Subject, on: Date, but: Option<&str>) -> Answer<Value> {
    let valid = "subject = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) ORDER BY seq";
    let facts = tx.rows::<Fact>(valid, &[Cell::from(&subject.id), Cell::from(&on)])?;
    let latest: BTreeMap<String, Option<Value>> = facts.into_iter().map(|fact| (fact.path, fact.value)).collect();
    let mut document = unflatten(latest.into_iter().filter_map(|(path, value)| Some((path, value?))));
    titles(tx, subject, &mut document)?;
    awards(tx, subject, but, &mut document)?;
    Ok(Value::Object(Map::from_iter([(
        subject.kind.clone(),
        Value::Object(document),
    )])))
}

/// [`facts_of`] the applicant of a case, with what was paid of its award as an award of the day on which it was granted.
///
/// # Errors
/// Where the database fails.
pub fn facts_with(tx: &mut Tx<'_>, case: &Case, on: Date, paid: Money) -> Answer<Value> {
    let subject: Subject = tx.get(&case.subject)?;
    let mut facts = facts_of(tx, &subject, on, Some(&case.id))?;
    let granted = tx.rows::<Decision>(
        "case_id = $1 AND kind = 'grant' ORDER BY n LIMIT 1",
        &[Cell::from(&case.id)],
    )?;
    let (Some(granted), Some(document)) = (
        granted.first(),
        facts.get_mut(&subject.kind).and_then(Value::as_object_mut),
    ) else {
        return Ok(facts);
    };
    let mut item = json!({"measure": case.measure, "amount": paid.to_decimal(), "state": "paid", "on": granted.on_date.to_string()});
    if let (false, Some(item)) = (case.object.is_empty(), item.as_object_mut()) {
        item.insert("key".to_owned(), case.object.clone().into());
    }
    if !paid.is_zero() {
        extend(document, "awards", vec![item]);
    }
    Ok(facts)
}

/// Adds items to a list that may be known whole, in part, or not at all.
fn extend(document: &mut Map<String, Value>, name: &str, items: Vec<Value>) {
    if items.is_empty() {
        return;
    }
    match document.get_mut(name) {
        Some(Value::Array(list)) => list.extend(items),
        Some(Value::Object(part)) if part.get("known").is_some_and(Value::is_array) => {
            if let Some(Value::Array(list)) = part.get_mut("known") {
                list.extend(items);
            }
        }
        _ => {
            document.insert(name.to_owned(), json!({"known": items, "complete": false}));
        }
    }
}

fn titles(tx: &mut Tx<'_>, subject: &Subject, document: &mut Map<String, Value>) -> Answer<()> {
    let rows = tx.rows::<Title>("subject = $1 ORDER BY id", &[Cell::from(&subject.id)])?;
    let mut items = Vec::new();
    for title in rows {
        let Some(granted) = title.granted else { continue };
        let mut item = Map::from_iter([
            ("title".to_owned(), title.title.clone().into()),
            ("granted".to_owned(), granted.to_string().into()),
        ]);
        if let Some(level) = &title.level {
            item.insert("level".to_owned(), level.clone().into());
        }
        for (name, day) in [("until", title.until), ("revoked", title.revoked)] {
            if let Some(day) = day {
                item.insert(name.to_owned(), day.to_string().into());
            }
        }
        let suspended = suspensions(tx, &title.id)?;
        if !suspended.is_empty() {
            item.insert("suspended".to_owned(), Value::Array(suspended));
        }
        items.push(Value::Object(item));
    }
    extend(document, "titles", items);
    Ok(())
}

pub(super) fn suspensions(tx: &mut Tx<'_>, title: &str) -> Answer<Vec<Value>> {
    let holds = tx.rows::<Hold>("kind = 'title' AND target = $1 ORDER BY since, id", &[title.into()])?;
    let span = |hold: &Hold| {
        let from = hold.since.date()?;
        let until = hold.lifted_at.and_then(crate::time::Instant::date).or(hold.until);
        Some(match until {
            Some(until) if until <= from => return None,
            Some(until) => json!({"from": from.to_string(), "until": until.to_string()}),
            None => json!({"from": from.to_string()}),
        })
    };
    Ok(holds.iter().filter_map(span).collect())
}

/// Awards from their reservation on, of the subject and of all whose place it took.
fn awards(tx: &mut Tx<'_>, subject: &Subject, but: Option<&str>, document: &mut Map<String, Value>) -> Answer<()> {
    let sql = "SELECT award.family, award.object, award.amount, award.state, \
               (SELECT min(on_date) FROM decision WHERE case_id = award.case_id AND kind = 'grant'), \
               CAST(coalesce((SELECT sum(claim.collected) FROM claim JOIN recovery ON recovery.id = claim.recovery WHERE recovery.award = \
               award.id AND recovery.state <> 'cancelled'), 0) AS BIGINT) \
               FROM award WHERE award.subject_key = $1 AND award.case_id <> $2 AND award.state NOT IN ('annulled', 'renounced') ORDER BY award.id";
    let key = successor_of(tx, &subject.id)?;
    let rows = tx.query(sql, &[Cell::Text(key), but.unwrap_or("").into()])?;
    let mut items = Vec::new();
    for row in rows {
        let [family, object, amount, state, on, recovered] = row.as_slice() else {
            continue;
        };
        let recovered = Money::from_cell(recovered)?;
        let settled = String::from_cell(state)? == "settled";
        let mut item = Map::from_iter([
            ("measure".to_owned(), String::from_cell(family)?.into()),
            ("amount".to_owned(), Money::from_cell(amount)?.to_decimal().into()),
            ("state".to_owned(), if settled { "paid" } else { "approved" }.into()),
        ]);
        let object = String::from_cell(object)?;
        if !object.is_empty() {
            item.insert("key".to_owned(), object.into());
        }
        if let Some(on) = Option::<String>::from_cell(on)? {
            item.insert("on".to_owned(), on.into());
        }
        if !recovered.is_zero() {
            item.insert("recovered".to_owned(), recovered.to_decimal().into());
        }
        items.push(Value::Object(item));
    }
    extend(document, "awards", items);
    Ok(())
}

/// What a subject is called; its id, where its name is not known or was forgotten.
///
/// # Errors
/// Where the database fails.
pub fn name_of(tx: &mut Tx<'_>, subject: &str) -> Answer<String> {
    let found = tx.find::<Subject>(subject)?;
    Ok(found.and_then(|one| one.name).unwrap_or_else(|| subject.to_owned()))
}

/// The subject at the end of a subject's line of successors.
///
/// # Errors
/// Where the database fails.
pub fn successor_of(tx: &mut Tx<'_>, subject: &str) -> Answer<String> {
    let mut last = subject.to_owned();
    for _ in 0..LONGEST {
        let next = tx.rows::<Successor>("old = $1 ORDER BY since DESC LIMIT 1", &[Cell::from(&last)])?;
        match next.into_iter().next() {
            Some(next) => last = next.new,
            None => break,
        }
    }
    Ok(last)
}
