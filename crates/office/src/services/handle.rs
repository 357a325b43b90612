//! The bureau's side: taking a request, asking back, answering.

use serde_json::{Value, json};

use super::Request;
use crate::machine::{RequestState, State};
use crate::people::{Role, act_as, must};
use crate::policies::keep;
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// A request in the hands of an officer of the bureau that leads its service.
fn led(tx: &mut Tx<'_>, id: &str) -> Answer<Request> {
    let request: Request = tx.get(id)?;
    must(tx, Role::Officer, &request.bureau)?;
    act_as(tx, id, Role::Officer, &[], Some(&request.subject))?;
    Ok(request)
}

/// Keeps what somebody wrote, by its hash.
pub(super) fn words(tx: &mut Tx<'_>, text: &str) -> Answer<String> {
    if text.trim().is_empty() {
        return Err(Stop::denied(
            "no_words",
            "nothing is said; write it",
            "未填写内容，请填写",
        ));
    }
    keep(tx, "words", text)
}

pub(super) fn take(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut request = led(tx, id)?;
    // Only a reply leads from a question back to its officer.
    if request.state == RequestState::AskedBack {
        return Err(Stop::denied(
            "waits_for_reply",
            format!("{id} waits for the applicant's reply"),
            format!("{id} 正在等待申请人答复"),
        ));
    }
    request.officer = Some(tx.person.clone());
    tx.step(&mut request, RequestState::Taken)?;
    tx.tell("service_taken", id, &json!({"bureau": request.bureau}))?;
    Ok(Value::Null)
}

pub(super) fn ask_back(tx: &mut Tx<'_>, id: &str, question: &str) -> Answer<Value> {
    let mut request = led(tx, id)?;
    let question = words(tx, question)?;
    request.stopped = Some(tx.today);
    (request.question, request.reply) = (Some(question.clone()), None);
    tx.step(&mut request, RequestState::AskedBack)?;
    tx.tell("service_asked_back", id, &json!({"question": question}))?;
    Ok(json!({"question": question}))
}

/// Answers or refuses, for good.
pub(super) fn end(tx: &mut Tx<'_>, id: &str, state: RequestState, text: &str) -> Answer<Value> {
    let mut request = led(tx, id)?;
    let answer = words(tx, text)?;
    (request.answer, request.stopped) = (Some(answer.clone()), None);
    tx.step(&mut request, state)?;
    tx.tell(&format!("service_{}", state.name()), id, &json!({"answer": answer}))?;
    Ok(json!({"answer": answer}))
}
