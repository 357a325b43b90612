//! Letters: what a decision tells its applicant. Here what stands in one, for pages and for print alike.

mod sheet;

use meed_facts::date::Date;
use meed_facts::money::Money;
use meed_office::cases::{Case, Decision};
use meed_office::register::Subject;
use meed_office::store::Connection;
use meed_office::tx::Tx;
use serde_json::Value;

use crate::access::{Viewer, sees};
use crate::determined::Names;
use crate::fault::Fault;
use crate::words::Words;

pub use sheet::sheet;

/// What stands in a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its number: the decision's.
    pub number: String,
    /// `grant`, `refuse`…: what was decided.
    pub kind: String,
    /// To whom.
    pub to: String,
    /// What was asked for or offered, in the letter's language.
    pub about: String,
    /// The case.
    pub case: String,
    /// What is due; nothing for a refusal and for a title.
    pub amount: Option<Money>,
    /// On which day it was decided,
    pub decided: Date,
    /// by the rules of which day.
    pub rules_of: Date,
    /// The clause.
    pub clause: String,
    /// Reasons: a condition, and whether it holds.
    pub reasons: Vec<(String, bool)>,
    /// The office's debtor: who writes.
    pub from: String,
    /// Where an appeal goes,
    pub appeal_to: String,
    /// within how many days.
    pub appeal_days: u16,
}

/// The letter of a decision, in a language, for whoever may see the decision.
///
/// # Errors
/// Absent where there is none, or it is not the visitor's.
pub fn read(
    connection: &mut Connection,
    setup: &meed_office::setup::Setup,
    viewer: &Viewer,
    id: &str,
    words: Words,
) -> Result<Letter, Fault> {
    if !sees(connection, viewer, "decision", id)? {
        return Err(Fault::Absent);
    }
    let mut tx = Tx::reading(connection, setup)?;
    let decision: Decision = tx.get(id)?;
    let case: Case = tx.get(&decision.case_id)?;
    let subject: Subject = tx.get(&case.subject)?;
    let names = Names::read(&mut tx)?;
    let grants = !matches!(decision.kind.as_str(), "refuse" | "reject" | "annul");
    Ok(Letter {
        number: decision.id.clone(),
        to: subject.name.unwrap_or(subject.id),
        about: names.of_case(words, &case),
        case: case.id,
        amount: (grants && case.kind == "award").then_some(decision.amount),
        decided: decision.at.date().unwrap_or(decision.on_date),
        rules_of: decision.on_date,
        clause: clause(decision.reasons.get("citation")),
        reasons: reasons(&decision.reasons, words),
        kind: decision.kind,
        from: setup.config.debtor.name.clone(),
        appeal_to: setup.config.appeal_to.clone(),
        appeal_days: setup.config.appeal_days,
    })
}

/// A citation as people write it: number and headings.
fn clause(citation: Option<&Value>) -> String {
    let text = |name: &str| citation.and_then(|citation| citation.get(name)).and_then(Value::as_str);
    let headings = citation
        .and_then(|citation| citation.get("headings"))
        .and_then(Value::as_array);
    let headings = headings.into_iter().flatten().filter_map(Value::as_str);
    let number = text("number").or_else(|| text("document")).unwrap_or_default();
    std::iter::once(number)
        .chain(headings)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" › ")
}

fn reasons(reasons: &Value, words: Words) -> Vec<(String, bool)> {
    let list = reasons.get("reasons").and_then(Value::as_array);
    let one = |reason: &Value| {
        let text = reason
            .pointer(words.pick("/text/zh", "/text/en"))
            .and_then(Value::as_str)?;
        let kind = reason.get("kind").and_then(Value::as_str)?;
        matches!(kind, "holds" | "fails").then(|| (text.to_owned(), kind == "holds"))
    };
    let stated = reasons
        .get("statement")
        .and_then(Value::as_str)
        .map(|said| (said.to_owned(), false));
    list.into_iter().flatten().filter_map(one).chain(stated).collect()
}
