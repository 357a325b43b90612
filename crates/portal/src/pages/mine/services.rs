//! Services that policies give without money: which are for this applicant, asking for one, and what was answered.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_engine::awards::verdict::Verdict;
use meed_engine::words::Words;
use meed_office::command::Seen;
use meed_office::machine::State as _;
use meed_office::policies::Document;
use meed_office::register::facts_of;
use meed_office::services::Request;
use meed_office::setup::Setup;
use meed_office::store::{Cell, Connection};
use meed_office::tx::Tx;

use super::applicant::Applicant;
use super::group::is_for_others;
use super::offers::possible;
use crate::access::{Audience, rows};
use crate::app::Portal;
use crate::determined::{Names, determine};
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Offer, block, day, moment, section, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/my/services", Audience::Agent, services)]
}

/// A service that may be asked for.
struct Given {
    name: String,
    object: String,
    sure: bool,
    explained: Markup,
}

/// A request, with the texts that were kept apart.
struct Asked {
    request: Request,
    /// Wish, question, reply, answer.
    said: [Option<String>; 4],
}

struct View {
    applicant: Applicant,
    given: Vec<Given>,
    asked: Vec<Asked>,
    names: Names,
}

async fn services(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let seen = visit.clone();
    let view = portal
        .read(move |connection, setup| read(connection, setup, &seen))
        .await?;
    let mut requests = Vec::new();
    for one in &view.asked {
        requests.push(request(&portal, &visit, &view.names, one).await?);
    }
    let title = visit.t("nav-my-services");
    let offers = html! {
        @if view.given.is_empty() { p { (visit.t("nothing")) } }
        @for one in &view.given { (service(&visit, &view, one)) }
    };
    let body = html! {
        h1 { (title) }
        (view.applicant.choice(&visit))
        @if !requests.is_empty() { (section(visit.t("mine-service-asked"), html! { @for one in requests { (one) } })) }
        (section(visit.t("mine-service-given"), offers))
    };
    Ok(Page::new(title, body))
}

fn read(connection: &mut Connection, setup: &Setup, visit: &Visit) -> Result<View, Fault> {
    let applicant = Applicant::of(connection, setup, visit)?;
    let mine = rows(&visit.viewer, "request", 1);
    let mut arguments = vec![Cell::from(&applicant.subject.id)];
    arguments.extend(mine.arguments);
    let mut tx = Tx::reading(connection, setup)?;
    let condition = format!("subject = $1 AND {} ORDER BY asked_at DESC, id", mine.sql);
    let mut asked = Vec::new();
    for request in tx.rows::<Request>(&condition, &arguments)? {
        let said = [&request.wish, &request.question, &request.reply, &request.answer];
        let said = said.map(|digest| text(&mut tx, digest.as_deref()));
        let [wish, question, reply, answer] = said;
        let said = [wish?, question?, reply?, answer?];
        asked.push(Asked { request, said });
    }
    let today = tx.today;
    let facts = facts_of(&mut tx, &applicant.subject, today, None)?.to_string();
    let names = Names::read(&mut tx)?;
    let mut given = Vec::new();
    for program in names.programs() {
        let shown = determine(program, &facts, |evaluator, determination| {
            let words = Words::about(evaluator, visit.lang());
            let lines = determination.services.iter();
            let open =
                lines.filter(|line| !is_for_others(&line.reasons) && !matches!(line.verdict, Verdict::NotEligible(_)));
            open.map(|line| Given {
                name: line.name.to_string(),
                object: line.key.as_deref().unwrap_or_default().to_owned(),
                sure: line.verdict == Verdict::Eligible,
                explained: block(visit, &words, &words.service(line)),
            })
            .collect::<Vec<_>>()
        });
        match shown {
            Ok(shown) => given.extend(shown),
            // A package that does not know this kind of applicant gives nothing.
            Err(Fault::Bad(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    given.sort_by_key(|one| !one.sure);
    Ok(View {
        applicant,
        given,
        asked,
        names,
    })
}

fn text(tx: &mut Tx<'_>, digest: Option<&str>) -> Result<Option<String>, Fault> {
    let Some(digest) = digest else { return Ok(None) };
    Ok(tx.find::<Document>(digest)?.and_then(|document| document.body))
}

fn service(visit: &Visit, view: &View, one: &Given) -> Markup {
    let open = view.asked.iter().any(|asked| {
        let same = asked.request.service == one.name && asked.request.object == one.object;
        same && matches!(asked.request.state.name(), "asked" | "taken" | "asked_back")
    });
    let mut ask = Offer::new(visit, "service.ask")
        .with("subject", &view.applicant.subject.id)
        .with("service", &one.name);
    if !one.object.is_empty() {
        ask = ask.with("object", &one.object);
    }
    html! {
        (one.explained)
        @if open { p.faint { (visit.t("mine-service-open")) } } @else { (ask.show(visit)) }
    }
}

async fn request(portal: &Arc<Portal>, visit: &Visit, names: &Names, one: &Asked) -> Result<Markup, Fault> {
    let row = &one.request;
    let act = |kind: &str| Offer::new(visit, kind).with("request", &row.id).seeing([Seen::of(row)]);
    let actions = possible(
        portal,
        visit,
        vec![
            (act("service.reply"), &[("reply", "-")] as &[_]),
            (act("service.withdraw"), &[]),
        ],
    )
    .await?;
    let label = names.of(&row.service);
    let [wish, question, reply, answer] = &one.said;
    let said = [
        (visit.t("mine-service-wish"), wish),
        (visit.t("mine-service-question"), question),
        (visit.t("mine-service-reply"), reply),
        (visit.t("mine-service-answer"), answer),
    ];
    Ok(html! {
        article.panel {
            h3 { (label.map_or(row.service.as_str(), |label| visit.words.label(label, &row.service))) " " (state(visit, "request", row.state.name())) }
            p { (moment(row.asked_at)) " · " (visit.t("mine-service-due")) " " (day(row.due))
                @if let Some(since) = row.stopped { " · " (visit.t("mine-service-stopped")) " " (day(since)) }
                @if row.overdue.is_some() { " · " span.bad { (visit.t("mine-service-late")) } }
            }
            @for (name, text) in said { @if let Some(text) = text { p { span.faint { (name) } " " (text) } } }
            (actions)
        }
    })
}
