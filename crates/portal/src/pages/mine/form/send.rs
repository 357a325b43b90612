//! Stating and submitting: everything that was typed in one command, then the case; what is wrong comes back at its field.

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use meed_office::cases::Act as CaseAct;
use meed_office::command::{Act, Command, Outcome};
use meed_office::input::Json;
use meed_office::register::Act as RegisterAct;
use serde_json::{Map, Value};

use super::Open;
use super::draft::{self, Drafts};
use super::page::Trouble;
use super::slot::typed;
use crate::app::Portal;
use crate::fault::Fault;
use crate::visit::Visit;

/// Declares what was typed, and submits the case. The commands' ids follow from the form's, so that sending it twice does it once.
///
/// # Errors
/// Where the office fails.
pub(super) async fn send(portal: &Arc<Portal>, visit: &Visit, open: Open, command: &str) -> Result<Response, Fault> {
    let mut trouble = Trouble::default();
    let facts = facts(visit, &open, &mut trouble);
    if !trouble.fields.is_empty() {
        return Ok(open.page(visit, &trouble)?.into_response());
    }
    let person = visit.person()?.to_owned();
    if !facts.is_empty() {
        let facts = Json::try_from(Value::Object(facts)).map_err(Fault::Broken)?;
        let declare = RegisterAct::Declare {
            subject: open.case.subject.clone(),
            facts,
            evidence: Some(open.case.id.clone()),
        };
        if let Err(reason) = given(portal, &person, format!("{command}-facts"), declare.into()).await? {
            place(visit, &open, &reason, &mut trouble);
            return Ok(open.page(visit, &trouble)?.into_response());
        }
        let (case, drafts) = (open.case.id.clone(), open.drafts.clone());
        portal
            .lend(move |connection, _| draft::settle(connection, &case, &drafts))
            .await?;
    }
    let submit = CaseAct::Submit {
        case: open.case.id.clone(),
    };
    match given(portal, &person, command.to_owned(), submit.into()).await? {
        Ok(result) => {
            let cases = result.get("cases").and_then(Value::as_array).map_or(1, Vec::len);
            // Where each child has a case of its own, all of them are to be seen.
            let to = match cases {
                0 | 1 => format!("/my/cases/{}?done=case.submit", open.case.id),
                _ => format!("/my/cases?for={}&done=case.submit", open.case.subject),
            };
            Ok(Redirect::to(&to).into_response())
        }
        Err(reason) => {
            trouble.whole = Some(told(visit, &reason));
            Ok(open.page(visit, &trouble)?.into_response())
        }
    }
}

/// Gives a command: its result, or why it was not done.
async fn given(portal: &Arc<Portal>, person: &str, id: String, act: Act) -> Result<Result<Value, Value>, Fault> {
    Ok(match portal.submit(Command::new(id, person, act)).await? {
        Outcome::Accepted { result, .. } => Ok(result),
        Outcome::Denied { reason, .. } | Outcome::Undecided { reason, .. } => Err(reason),
    })
}

/// What was typed as values by path; an emptied field takes back what was stated.
fn facts(visit: &Visit, open: &Open, trouble: &mut Trouble) -> Map<String, Value> {
    let mut facts = Map::new();
    for (path, text) in &open.drafts {
        let known = open.ground.known.get(path);
        let Some(slot) = open.ground.slot(path) else { continue };
        if known.is_some_and(|known| !known.is_own()) {
            continue;
        }
        if text.trim().is_empty() {
            if known.is_some() {
                facts.insert(path.clone(), Value::Null);
            }
            continue;
        }
        match typed(&open.ground.program, &slot, text) {
            Ok(value) if known.is_some_and(|known| known.value == value) => {}
            Ok(value) => {
                facts.insert(path.clone(), value);
            }
            Err(expected) => {
                let expected = expected.text(visit.lang(), "").to_owned();
                let why = visit.words.with(
                    "mine-flaw-text",
                    &[("text", text.clone().into()), ("expected", expected.into())],
                );
                trouble.fields.insert(path.clone(), why);
            }
        }
    }
    facts
}

/// Puts a refusal at the field that it names.
fn place(visit: &Visit, open: &Open, reason: &Value, trouble: &mut Trouble) {
    let english = reason.get("en").and_then(Value::as_str).unwrap_or_default();
    let told = told(visit, reason);
    match named(&open.drafts, english) {
        Some(path) => {
            trouble.fields.insert(path, told);
        }
        None => trouble.whole = Some(told),
    }
}

/// The path that a refusal names: as it is, or as the vocabulary's checks write it (`enterprise.hires[0].salary`).
fn named(drafts: &Drafts, told: &str) -> Option<String> {
    let exact = drafts.keys().filter(|path| told.contains(path.as_str()));
    let place = told.split(':').next().unwrap_or_default();
    let steps: Vec<&str> = place.split('.').skip(1).collect();
    let plain: Vec<&str> = steps
        .iter()
        .map(|step| step.split('[').next().unwrap_or_default())
        .collect();
    let same = |path: &&String| {
        let own = path.split('/').skip(1).filter(|step| !step.starts_with('#'));
        !plain.is_empty() && own.eq(plain.iter().copied())
    };
    exact
        .max_by_key(|path| path.len())
        .or_else(|| drafts.keys().find(same))
        .cloned()
}

fn told(visit: &Visit, reason: &Value) -> String {
    let text = reason.get(visit.words.pick("zh", "en")).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_finds_its_field() {
        let drafts: Drafts = ["/revenue/2022", "/revenue/2023", "/hires/#h1/salary"]
            .map(|path| (path.to_owned(), "1".to_owned()))
            .into();
        let find = |told: &str| named(&drafts, told);
        assert_eq!(
            find("tax says something about /revenue/2023; ask").as_deref(),
            Some("/revenue/2023")
        );
        assert_eq!(
            find("enterprise.revenue.2022: the year has not ended").as_deref(),
            Some("/revenue/2022")
        );
        assert_eq!(
            find("enterprise.hires[0].salary: out of bounds").as_deref(),
            Some("/hires/#h1/salary")
        );
        assert_eq!(find("the office is closed"), None);
    }
}
