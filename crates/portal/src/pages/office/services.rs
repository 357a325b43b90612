//! Requests for services: what was asked, until when an answer is due, and what can be done.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_facts::date::Date;
use meed_office::command::Seen;
use meed_office::machine::{RequestState, State as _};
use meed_office::people::Person;
use meed_office::policies::Document;
use meed_office::register::name_of;
use meed_office::services::Request;
use meed_office::tx::Tx;

use crate::access::{Audience, HANDLERS, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::routes::Route;
use crate::view::{Table, day, moment, section, state};
use crate::visit::{Page, Visit};

/// How many open requests stand on the page with their acts.
const OPEN: usize = 30;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/office/services", Audience::Roles(HANDLERS), services)]
}

/// A request with its applicant, its officer and what was said, which may be forgotten.
struct One {
    request: Request,
    name: String,
    officer: Option<String>,
    /// Key of its words, and the text.
    said: Vec<(&'static str, String)>,
}

async fn services(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let (found, names, today) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let mut found = Vec::new();
            let tail = "ORDER BY state IN ('answered', 'refused', 'withdrawn'), due, id LIMIT 200";
            for request in seen::<Request>(&mut tx, &viewer, "1 = 1", &[], tail)? {
                found.push(one(&mut tx, request)?);
            }
            let today = tx.today;
            Ok::<_, Fault>((found, Names::read(&mut tx)?, today))
        })
        .await?;
    let (over, open): (Vec<One>, Vec<One>) = found.into_iter().partition(|one| is_over(one.request.state));
    let mut each = Vec::new();
    for one in open.iter().take(OPEN) {
        let key = [("request", one.request.id.as_str())];
        each.push((
            one,
            possible(&portal, &visit, "request", &key, &[Seen::of(&one.request)]).await?,
        ));
    }
    let title = visit.t("nav-office-services");
    let body = html! {
        h1 { (title) }
        @if each.is_empty() { p { (visit.t("nothing")) } }
        @for (one, actions) in &each { (request(&visit, one, &names, today, actions)) }
        @if !over.is_empty() { (section(visit.t("office-answered"), table(&visit, &over, &names))) }
    };
    Ok(Page::new(title, body))
}

const fn is_over(state: RequestState) -> bool {
    matches!(
        state,
        RequestState::Answered | RequestState::Refused | RequestState::Withdrawn
    )
}

fn one(tx: &mut Tx<'_>, request: Request) -> Result<One, Fault> {
    let name = name_of(tx, &request.subject)?;
    let mut said = Vec::new();
    let texts = [
        ("field-wish", &request.wish),
        ("field-question", &request.question),
        ("field-reply", &request.reply),
        ("field-answer", &request.answer),
    ];
    for (key, digest) in texts {
        if let Some(digest) = digest
            && let Some(text) = tx.find::<Document>(digest.as_str())?.and_then(|document| document.body)
        {
            said.push((key, text));
        }
    }
    let officer = request.officer.as_deref().map(|id| tx.get::<Person>(id)).transpose()?;
    let officer = officer.map(|person| person.name);
    Ok(One {
        request,
        name,
        officer,
        said,
    })
}

fn request(visit: &Visit, one: &One, names: &Names, today: Date, actions: &Markup) -> Markup {
    let row = &one.request;
    html! {
        section.panel {
            h2 { (names.called(visit.words, &row.service)) " · " a href={ "/office/subjects/" (row.subject) } { (one.name) } " " (state(visit, "request", row.state.name())) }
            p { (visit.t("office-asked")) " " (moment(row.asked_at)) " · "
                @if let Some(since) = row.stopped { (visit.t("office-clock-stopped")) " " (day(since)) }
                @else if row.due < today { (visit.t("office-answer-due")) " " strong.bad { (day(row.due)) " " (visit.t("office-overdue")) } }
                @else { (visit.t("office-answer-due")) " " (day(row.due)) }
                " · " (names.called(visit.words, &row.bureau)) @if let Some(officer) = &one.officer { " · " (officer) } }
            @for (key, text) in &one.said { p { strong { (visit.t(key)) } (visit.words.pick("：", ": ")) (text) } }
            (actions)
        }
    }
}

fn table(visit: &Visit, over: &[One], names: &Names) -> Markup {
    let mut table = Table::new(visit.t("office-answered"))
        .head(visit.t("field-request"))
        .head(visit.t("field-service"))
        .head(visit.t("field-subject"))
        .head(visit.t("office-state"))
        .head(visit.t("office-asked"));
    for one in over {
        table.row([
            html! { span.code { (one.request.id) } },
            html! { (names.called(visit.words, &one.request.service)) },
            html! { a href={ "/office/subjects/" (one.request.subject) } { (one.name) } },
            state(visit, "request", one.request.state.name()),
            moment(one.request.asked_at),
        ]);
    }
    table.show(visit)
}
