//! `/do/…`: giving commands by forms. Any act of the office can be given here; whether it is done, the office's own guards say.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use meed_office::command::{Act, Command, Consideration, Form, Outcome, Seen, forms};
use meed_office::publicity::Row;
use meed_office::store::Cell;
use meed_office::tx::Tx;
use meed_syntax::diagnostic::Message;

use crate::access::{Audience, Viewer, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::public::holders::holder;
use crate::pages::signin::step_up_form;
use crate::posted::{Posted, query};
use crate::routes::Route;
use crate::signin::{Session, back};
use crate::view::{self, Offer};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/do/{module}/{act}", Audience::SignedIn, ask),
        Route::post("/do/{module}/{act}", Audience::SignedIn, give),
    ]
}

/// The form of one act on a page of its own; what the query names is settled.
async fn ask(
    State(portal): State<Arc<Portal>>,
    Path((module, act)): Path<(String, String)>,
    visit: Visit,
) -> Result<Page, Fault> {
    let kind = format!("{module}.{act}");
    let (form, _) = visit.giving(&kind)?;
    let mut fixed = query(visit.uri.query());
    let back = fixed.remove("back").and_then(|values| values.into_iter().next());
    fixed.retain(|name, _| form.fields.iter().any(|field| field.name == name));
    let mut offer = Offer::new(&visit, &kind);
    offer.back = back::page(back.as_deref());
    offer.fixed = fixed;
    let mut page = page(&visit, form, &offer);
    if let Some(about) = public_row(&portal, &visit, &offer).await? {
        page.body = html! { (about) (page.body) };
    }
    Ok(page)
}

/// Whose row on a public list an act is about, and what it gives: whoever objects knows no case by its id.
async fn public_row(portal: &Arc<Portal>, visit: &Visit, offer: &Offer) -> Result<Option<Markup>, Fault> {
    let Some(case) = offer.fixed.get("case").and_then(|values| values.first()).cloned() else {
        return Ok(None);
    };
    let (viewer, words) = (Viewer::default(), visit.words);
    let found = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let rows = seen::<Row>(
                &mut tx,
                &viewer,
                "case_id = $1",
                &[Cell::from(&case)],
                "ORDER BY version DESC LIMIT 1",
            )?;
            let Some(row) = rows.into_iter().next() else {
                return Ok(None);
            };
            let who = holder(&mut tx, &row.subject)?.name.unwrap_or_default();
            let case = tx.get(&row.case_id)?;
            Ok::<_, Fault>(Some((who, Names::read(&mut tx)?.of_case(words, &case), row.amount)))
        })
        .await?;
    Ok(found.map(|(who, what, sum)| {
        html! { p.lead { (who) " · " (what) @if let Some(sum) = sum { " · " (view::amount(sum)) } } }
    }))
}

fn page(visit: &Visit, form: &Form, offer: &Offer) -> Page {
    let title = view::act_name(visit, &offer.kind);
    let body = html! {
        h1 { (title) }
        @if !offer.fixed.is_empty() {
            dl.pairs { @for (name, values) in &offer.fixed { div { dt { (view::field_name(visit, name)) } dd.code { (values.join(", ")) } } } }
        }
        (offer.whole(visit, form))
        p { a href=(offer.back) { (visit.t("do-back")) } }
    };
    Page::new(title, body)
}

/// Gives the command that a form asks for.
async fn give(
    State(portal): State<Arc<Portal>>,
    Path((module, act)): Path<(String, String)>,
    visit: Visit,
    session: Option<Extension<Session>>,
    posted: Posted,
) -> Result<Response, Fault> {
    let kind = format!("{module}.{act}");
    let asked = Asked::of(&visit, &kind, posted)?;
    match (visit.giving(&kind), session) {
        // The factor may have run out while the form was filled in: what was typed goes through the step before it.
        (Err(Fault::StepUp), Some(Extension(session))) => {
            let offer = &asked.offer;
            Ok(step_up_form(&visit, &session, &offer.back, Some(offer), false).into_response())
        }
        (Err(fault), _) => Err(fault),
        (Ok(_), _) => asked.give(&portal, &visit).await,
    }
}

/// An act as a form asked for it, to be given, or to be shown again with everything that was typed.
pub struct Asked {
    form: &'static Form,
    /// What was settled and typed, what was seen, and where to go afterwards.
    pub offer: Offer,
}

impl Asked {
    /// What a form sent for an act.
    ///
    /// # Errors
    /// Where there is no such act, or the form is none of ours.
    pub fn of(visit: &Visit, kind: &str, mut posted: Posted) -> Result<Self, Fault> {
        let form = meed_office::command::form(kind).ok_or(Fault::Absent)?;
        let command = posted.take("command");
        if command.is_empty() {
            // Under an empty id everybody's commands would be one.
            return Err(Fault::Bad(Message::new(
                "the form has no id for its command; load the page again and send it once more",
                "表单缺少命令编号，请刷新页面后重新提交",
            )));
        }
        let mut offer = Offer::new(visit, kind);
        (offer.command, offer.back) = (command, back::page(Some(&posted.take("back"))));
        let seen = posted.fields.remove("seen").unwrap_or_default();
        // What cannot be read was not seen.
        let seen = seen
            .iter()
            .map(|text| serde_json::from_str(text))
            .collect::<Result<Vec<Seen>, _>>();
        offer.seen = seen.map_err(|_| Fault::Stale)?;
        let settled = posted.fields.remove(view::SETTLED).unwrap_or_default();
        view::split_lines(form, &mut posted.fields);
        let is_settled = |name: &String| form.target == Some(name) || settled.contains(name);
        (offer.fixed, offer.typed) = posted.fields.into_iter().partition(|(name, _)| is_settled(name));
        Ok(Self { form, offer })
    }

    /// Gives it.
    ///
    /// # Errors
    /// Where nobody has signed in, or the office fails.
    pub async fn give(mut self, portal: &Arc<Portal>, visit: &Visit) -> Result<Response, Fault> {
        let person = visit.person()?.to_owned();
        let mut fields = self.offer.fixed.clone();
        fields.extend(self.offer.typed.clone());
        let act = match Act::from_fields(&self.offer.kind, &fields) {
            Ok(act) => act,
            Err(wrong) => {
                self.offer.wrong = wrong.0;
                return Ok(self.again(visit, StatusCode::BAD_REQUEST));
            }
        };
        let command = Command::new(self.offer.command.clone(), person, act).having_seen(self.offer.seen.clone());
        let fault = match portal.submit(command).await {
            Ok(Outcome::Accepted { .. }) => {
                let Offer { kind, back, .. } = &self.offer;
                let join = if back.contains('?') { '&' } else { '?' };
                return Ok(Redirect::to(&format!("{back}{join}done={kind}")).into_response());
            }
            Ok(Outcome::Denied { reason, .. }) => Fault::Denied(reason),
            Ok(Outcome::Undecided { reason, .. }) => Fault::Undecided(reason),
            Err(error) => error,
        };
        let why = match &fault {
            Fault::Denied(reason) | Fault::Undecided(reason) => {
                html! { (visit.t(fault.key())) (visit.words.pick("：", ": ")) (view::reason(visit, reason)) }
            }
            Fault::Stale => {
                self.look_again(portal).await?;
                html! { (visit.t("do-stale")) }
            }
            _ => return Err(fault),
        };
        self.offer.refused = Some(why);
        Ok(self.again(visit, fault.status()))
    }

    /// Rests on the rows as they are now: whoever sends the form again was told that they are others.
    async fn look_again(&mut self, portal: &Arc<Portal>) -> Result<(), Fault> {
        let before = std::mem::take(&mut self.offer.seen);
        self.offer.seen = portal
            .read(move |connection, _| {
                let mut now = Vec::new();
                for one in before {
                    let key: Vec<&str> = one.key.iter().map(String::as_str).collect();
                    now.extend(Seen::read(connection, &one.table, &key)?);
                }
                Ok::<_, Fault>(now)
            })
            .await?;
        Ok(())
    }

    /// The form again. Under its old id it was answered already.
    fn again(mut self, visit: &Visit, status: StatusCode) -> Response {
        self.offer.command = Offer::new(visit, &self.offer.kind).command;
        let mut page = page(visit, self.form, &self.offer);
        page.status = status;
        page.into_response()
    }
}

/// What somebody may do with a row now, each with its form, and what they may not, each with the reason: found by trying and undoing.
///
/// # Errors
/// Where the office fails.
pub async fn possible(
    portal: &Arc<Portal>,
    visit: &Visit,
    table: &'static str,
    key: &[(&str, &str)],
    seen: &[Seen],
) -> Result<Markup, Fault> {
    let (can, cannot) = tried(portal, visit, table, key, seen).await?;
    // What is somebody else's to do needs no reason of its own: that it is not theirs is the reason, once for all.
    let (others, cannot): (Refused, Refused) = cannot.into_iter().partition(|(_, reason)| code(reason) == "not_yours");
    let others: Vec<String> = others.iter().map(|(kind, _)| view::act_name(visit, kind)).collect();
    Ok(html! {
        (offers(visit, &can))
        @if !cannot.is_empty() || !others.is_empty() {
            details { summary { (visit.t("do-cannot")) }
                ul {
                    @for (kind, reason) in &cannot { li { strong { (view::act_name(visit, kind)) } "　" (view::reason(visit, reason)) } }
                    @if !others.is_empty() { li.faint { (visit.t("do-others")) (others.join(visit.words.pick("、", ", "))) } }
                }
            }
        }
    })
}

fn code(reason: &serde_json::Value) -> &str {
    reason
        .get("code")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
}

/// What somebody may do with a row now, each as it would be offered.
///
/// # Errors
/// Where the office fails.
pub async fn offered(
    portal: &Arc<Portal>,
    visit: &Visit,
    table: &'static str,
    key: &[(&str, &str)],
    seen: &[Seen],
) -> Result<Vec<Offer>, Fault> {
    Ok(tried(portal, visit, table, key, seen).await?.0)
}

/// What somebody may do with a row now, where its page is about another row: each with its form, and nothing about the rest.
///
/// # Errors
/// Where the office fails.
pub async fn able(
    portal: &Arc<Portal>,
    visit: &Visit,
    table: &'static str,
    key: &[(&str, &str)],
    seen: &[Seen],
) -> Result<Markup, Fault> {
    let (can, _) = tried(portal, visit, table, key, seen).await?;
    Ok(offers(visit, &can))
}

fn offers(visit: &Visit, can: &[Offer]) -> Markup {
    html! { @if !can.is_empty() { div.actions { @for offer in can { (offer.show(visit)) } } } }
}

/// Acts that cannot be done, each with its reason.
type Refused = Vec<(String, serde_json::Value)>;

async fn tried(
    portal: &Arc<Portal>,
    visit: &Visit,
    table: &'static str,
    key: &[(&str, &str)],
    seen: &[Seen],
) -> Result<(Vec<Offer>, Refused), Fault> {
    let (mut can, mut cannot) = (Vec::new(), Vec::new());
    let Some(person) = visit.viewer.person.clone() else {
        return Ok((can, cannot));
    };
    let mut asked: Vec<(&Form, Offer, Act)> = Vec::new();
    for form in forms().iter().filter(|form| form.target == Some(table)) {
        let mut offer = Offer::new(visit, &form.kind()).seeing(seen.iter().cloned());
        for (name, value) in key {
            if form.fields.iter().any(|field| field.name == *name) {
                offer = offer.with(name, *value);
            }
        }
        if let Some(act) = probe(form, &offer) {
            asked.push((form, offer, act));
        }
    }
    let acts: Vec<Act> = asked.iter().map(|(.., act)| act.clone()).collect();
    let answers = portal.consider(person, acts).await?;
    for ((form, offer, _), answer) in asked.into_iter().zip(answers) {
        let settled = form
            .fields
            .iter()
            .all(|field| field.optional || offer.fixed.contains_key(field.name));
        match refusal(&answer, settled) {
            None => can.push(offer),
            Some(reason) => cannot.push((offer.kind, reason.to_owned())),
        }
    }
    Ok((can, cannot))
}

/// What stands where a text is still to be filled in: no office has anything of this name.
const UNSAID: &str = "\u{2026}";

/// The act with something in every field that has to be filled in, to be tried.
fn probe(form: &Form, offer: &Offer) -> Option<Act> {
    use meed_office::command::Kind;
    let mut fields = offer.fixed.clone();
    for field in form
        .fields
        .iter()
        .filter(|field| !field.optional && !offer.fixed.contains_key(field.name))
    {
        let value = match field.kind {
            Kind::Number | Kind::Amount | Kind::Points => "1",
            Kind::Day => "2023-01-01",
            Kind::Choice(words) | Kind::Role(words) => words.first()?,
            Kind::Json | Kind::Files => "{}",
            _ => UNSAID,
        };
        fields.insert(field.name.to_owned(), vec![value.to_owned()]);
    }
    Act::from_fields(&form.kind(), &fields).ok()
}

/// Why an act is not possible. Where something is still to be filled in, a reason that another value would remove does not count.
fn refusal(answer: &Consideration, settled: bool) -> Option<&serde_json::Value> {
    const BY_VALUE: &[&str] = &[
        "absent",
        "account_unfit",
        "amount_not_due",
        "bad_commitment",
        "bad_day",
        "bad_facts",
        "bad_path",
        "file_unfit",
        "future",
        "lower_now",
        "name_differs",
        "no_money",
        "no_substitute_for",
        "not_heard",
        "other_hash",
        "other_seed",
        "past",
        "raised",
        "too_much",
        "wrong_remedy",
    ];
    let reason = answer.reason()?;
    let told = reason.get("en").and_then(serde_json::Value::as_str).unwrap_or_default();
    let about_value = BY_VALUE.contains(&code(reason)) || (code(reason) != "not_yours" && told.contains(UNSAID));
    (settled || !about_value).then_some(reason)
}
