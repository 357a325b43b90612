//! What the rules give one applicant today.

use std::collections::BTreeMap;

use meed_engine::awards::determine;
use meed_engine::awards::verdict::{Verdict, Why};
use meed_engine::explain::Evaluator;
use meed_engine::result::{AwardLine, Gap};
use meed_engine::{gap, words};
use serde_json::{Value, json};

use crate::policies::{Policy, program, published};
use crate::register::{Subject, facts_of};
use crate::stop::Answer;
use crate::tx::Tx;

/// How many facts may be missing for a measure to be almost there.
const FEW: usize = 2;

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It can be offered.
    Offer,
    /// It can be had, and has to be applied for.
    Ready,
    /// Little is missing.
    Almost,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What kind.
    pub kind: Kind,
    /// Amount, what is missing, the distance.
    pub body: Value,
}

/// What the published packages give a subject today: by measure and child.
///
/// # Errors
/// Undecided where a package does not check.
pub fn found(tx: &mut Tx<'_>, subject: &Subject) -> Answer<BTreeMap<(String, String), Found>> {
    let mut all = BTreeMap::new();
    let today = tx.today;
    let facts = facts_of(tx, subject, today, None)?.to_string();
    for policy in published(tx)? {
        of_policy(tx, &policy, &facts, &mut all)?;
    }
    Ok(all)
}

fn of_policy(tx: &mut Tx<'_>, policy: &Policy, facts: &str, all: &mut BTreeMap<(String, String), Found>) -> Answer<()> {
    let today = tx.today;
    let program = program(tx, policy, today)?;
    // A package that does not know this kind of applicant, or these facts, gives nothing; importing said so already.
    let Ok(record) = meed_facts::json::read_on(&program.schema, facts, today) else {
        return Ok(());
    };
    let evaluator = Evaluator::new(&program, &record);
    let mut determination = determine::of(&evaluator, &record);
    if evaluator.within_limit().is_err() {
        return Ok(());
    }
    determination.services.clear();
    determination.titles.clear();
    determination.lines.retain(may_be_found);
    gap::fill(&evaluator, &record, &mut determination);
    let told = words::to_json(&evaluator, &determination);
    for (index, line) in determination.lines.iter().enumerate() {
        let json = told.pointer(&format!("/awards/{index}")).cloned().unwrap_or_default();
        if let Some(found) = of_line(line, &json) {
            let object = line.key.as_deref().unwrap_or_default().to_owned();
            all.insert((line.name.to_string(), object), found);
        }
    }
    Ok(())
}

fn may_be_found(line: &AwardLine) -> bool {
    !line.unlisted && !matches!(line.verdict, Verdict::NotEligible(Why::NotInForce | Why::NotApplicable))
}

fn of_line(line: &AwardLine, json: &Value) -> Option<Found> {
    let part = |name: &str| json.get(name).cloned().unwrap_or_default();
    let exact = line.amount.exact().filter(|amount| !amount.is_zero());
    let to_apply = line.application.is_some_and(|application| !application.none_needed);
    match line.verdict {
        Verdict::Eligible if exact.is_some() && line.presumptions.is_empty() && !to_apply => Some(Found {
            kind: Kind::Offer,
            body: json!({"amount": part("amount")}),
        }),
        Verdict::Eligible if line.amount.high.is_none_or(|high| !high.is_zero()) => Some(Found {
            kind: Kind::Ready,
            body: json!({"amount": part("amount"), "application": part("application"), "presumptions": part("presumptions")}),
        }),
        Verdict::Undetermined if (1..=FEW).contains(&line.missing.len()) && can_be_asked(line) => Some(Found {
            kind: Kind::Almost,
            body: json!({"amount": part("amount"), "missing": part("missing")}),
        }),
        Verdict::NotEligible(Why::Conditions) if line.gap.iter().any(is_near) => Some(Found {
            kind: Kind::Almost,
            body: json!({"gap": part("gap")}),
        }),
        _ => None,
    }
}

/// Somebody can say what is missing; what the text leaves open nobody can.
fn can_be_asked(line: &AwardLine) -> bool {
    line.missing.iter().all(|missing| missing.source.is_some())
}

/// One condition fails, and one fact alone could turn it.
fn is_near(gap: &Gap) -> bool {
    matches!(gap.conditions.as_slice(), [one] if !one.moves.is_empty())
}
