//! The applicant's side: asking, saying more, taking back.

use meed_engine::awards::verdict::Verdict;
use serde_json::{Value, json};

use super::{Request, clock};
use crate::cases::{Judgement, judgement, not_eligible};
use crate::machine::{RequestState, State as _};
use crate::people::{Role, must};
use crate::policies::{keep, program, published};
use crate::register::{Subject, facts_of};
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// Asks for a service, where the rules do not say that it is not for this applicant.
pub(super) fn ask(
    tx: &mut Tx<'_>,
    subject: &str,
    (service, object): (&str, &str),
    wish: Option<&str>,
) -> Answer<Value> {
    must(tx, Role::Agent, subject)?;
    let open = "subject = $1 AND service = $2 AND object = $3 AND state IN ('asked', 'taken', 'asked_back')";
    if tx.any::<Request>(open, &[subject.into(), service.into(), object.into()])? {
        return Err(Stop::denied(
            "request_open",
            format!("`{service}` was asked for already; wait for the answer, or take that request back"),
            format!("已申请过“{service}”，请等待答复，或先撤回该申请"),
        ));
    }
    let (policy, judged) = judge(tx, subject, service, object)?;
    if matches!(judged.verdict, Verdict::NotEligible(_)) {
        return Err(not_eligible(&judged));
    }
    let bureau = judged.lead.clone().ok_or_else(|| nobody_leads(service))?;
    let request = Request {
        id: tx.id("request"),
        subject: subject.to_owned(),
        service: service.to_owned(),
        object: object.to_owned(),
        policy,
        facts: keep(tx, "facts", &judged.facts)?,
        result: keep(tx, "determination", &judged.result)?,
        bureau,
        asked_by: tx.person.clone(),
        asked_at: tx.at,
        wish: wish.map(|wish| keep(tx, "words", wish)).transpose()?,
        due: clock::due(tx)?,
        stopped: None,
        officer: None,
        question: None,
        reply: None,
        answer: None,
        overdue: None,
        state: RequestState::Asked,
    };
    tx.insert(&request)?;
    let due = request.due.to_string();
    tx.tell(
        "service_asked",
        &request.id,
        &json!({"bureau": request.bureau, "due": due}),
    )?;
    let verdict = match judged.verdict {
        Verdict::Undetermined => "undetermined",
        _ => "eligible",
    };
    Ok(json!({
        "request": request.id, "bureau": request.bureau, "due": due, "verdict": verdict, "determination": request.result,
    }))
}

/// What the rules in force today say about the service, and by which version.
fn judge(tx: &mut Tx<'_>, subject: &str, service: &str, object: &str) -> Answer<(String, Judgement)> {
    let subject: Subject = tx.get(subject)?;
    let today = tx.today;
    for policy in published(tx)? {
        let program = program(tx, &policy, today)?;
        if program.services.iter().any(|one| one.named.is_called(service)) {
            let facts = meed_facts::json::canonical(&facts_of(tx, &subject, today, None)?);
            let judged = judgement(program, facts, "service", service, object)?;
            return Ok((policy.id, judged));
        }
    }
    Err(Stop::denied(
        "unknown_service",
        format!("no published package has the service `{service}`"),
        format!("已公布的规则包中没有服务事项“{service}”"),
    ))
}

fn nobody_leads(service: &str) -> Stop {
    Stop::undecided(
        "no_lead",
        format!("the document names no bureau that leads `{service}`, so nobody can answer; ask the document's issuer"),
        format!("文件未写明“{service}”的牵头单位，无人可以答复；请向发文机关查询"),
    )
}

/// A request in the hands of its applicant's agent.
fn own(tx: &mut Tx<'_>, id: &str) -> Answer<Request> {
    let request: Request = tx.get(id)?;
    must(tx, Role::Agent, &request.subject)?;
    Ok(request)
}

/// Answers the officer's question: the clock goes on.
pub(super) fn reply(tx: &mut Tx<'_>, id: &str, reply: &str) -> Answer<Value> {
    let mut request = own(tx, id)?;
    // Only an officer takes a request into their hands: a reply leads back to whoever asked something.
    if request.state != RequestState::AskedBack {
        let state = request.state.name();
        return Err(Stop::denied(
            "not_now",
            format!("request {id} is `{state}`; nothing was asked that could be replied to"),
            format!("request {id} 状态为 `{state}`，没有待答复的询问"),
        ));
    }
    if let Some(stopped) = request.stopped.take() {
        request.due = clock::later(tx, request.due, stopped)?;
    }
    request.reply = Some(super::handle::words(tx, reply)?);
    tx.step(&mut request, RequestState::Taken)?;
    let due = request.due.to_string();
    tx.tell("service_replied", id, &json!({"bureau": request.bureau, "due": due}))?;
    Ok(json!({"due": due}))
}

/// Takes it back.
pub(super) fn withdraw(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut request = own(tx, id)?;
    request.stopped = None;
    tx.step(&mut request, RequestState::Withdrawn)?;
    tx.tell("service_withdrawn", id, &json!({"bureau": request.bureau}))?;
    Ok(Value::Null)
}
