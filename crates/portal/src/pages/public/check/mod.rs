//! The check-up (政策体检): a few questions, the one that settles most money first, and what one could get, why, and what is missing.
//!
//! There is no account, and nothing is stored: what was answered travels in the form.
//!
//! | module | idea |
//! |---|---|
//! | `given` | what was answered, read from a form and put into a record |
//! | `ask` | the form |
//! | `outcome` | what comes of it |

mod ask;
mod given;
mod outcome;

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use maud::{Markup, html};
use meed_engine::awards::determine;
use meed_engine::explain::Evaluator;
use meed_engine::gap;
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_office::policies::{program, published};
use meed_office::setup::Setup;
use meed_office::store::Connection;
use meed_office::tx::Tx;
use meed_rules::program::Program;

use self::given::{Given, Interviewed};
use self::outcome::Outcome;
use super::asked::{Asked, bad};
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/check", Audience::Anyone, begin),
        Route::post("/check", Audience::Anyone, go_on),
    ]
}

/// A kind of applicant that a published package knows.
struct Applicant {
    name: String,
    label: String,
}

/// An interview as far as it has come.
struct Stage {
    label: String,
    interviewed: Interviewed,
    outcome: Outcome,
}

async fn begin(State(portal): State<Arc<Portal>>, visit: Visit, asked: Asked) -> Result<Page, Fault> {
    let on = asked.day("on")?.unwrap_or(portal.today()?);
    if let Some(kind) = asked.text("for") {
        return stage(&portal, &visit, Given::new(kind, on)).await;
    }
    let lang = visit.lang();
    let kinds = portal
        .read(move |connection, setup| kinds(connection, setup, on, lang))
        .await?;
    let body = html! {
        h1 { (visit.t("check-title")) }
        p.lead { (visit.t("check-lead")) }
        p.done { (visit.t("check-nothing-stored")) }
        form.panel method="get" action="/check" {
            fieldset { legend { (visit.t("check-who")) }
                @for (index, kind) in kinds.iter().enumerate() {
                    p { label { input type="radio" name="for" value=(kind.name) checked[index == 0]; " " (kind.label) } }
                }
            }
            div.field { label for="on" { (visit.t("check-on")) } input id="on" type="date" name="on" value=(on) required; }
            p { button type="submit" { (visit.t("check-begin")) } }
        }
        @if kinds.is_empty() { p { (visit.t("policies-none")) } }
    };
    Ok(Page::new(visit.t("check-title"), body))
}

async fn go_on(
    State(portal): State<Arc<Portal>>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Page, Fault> {
    stage(&portal, &visit, Given::read(fields)?).await
}

async fn stage(portal: &Arc<Portal>, visit: &Visit, given: Given) -> Result<Page, Fault> {
    let (asking, told) = (visit.clone(), given.clone());
    let stage = portal
        .read(move |connection, setup| interview(connection, setup, &told, &asking))
        .await?;
    let title = visit.words.with("check-for", &[("kind", stage.label.as_str().into())]);
    Ok(Page::new(title.clone(), shown(visit, &title, &given, &stage)))
}

fn shown(visit: &Visit, title: &str, given: &Given, stage: &Stage) -> Markup {
    html! {
        p.crumbs { a href="/check" { (visit.t("check-again")) } }
        h1 { (title) }
        div.check {
            section aria-labelledby="next" { (ask::form(visit, given, &stage.interviewed)) }
            section aria-labelledby="so-far" { (outcome::shown(visit, &stage.outcome, stage.interviewed.open.is_empty())) }
        }
    }
}

fn kinds(connection: &mut Connection, setup: &Setup, on: Date, lang: Lang) -> Result<Vec<Applicant>, Fault> {
    let mut tx = Tx::reading(connection, setup)?;
    let mut found: Vec<Applicant> = Vec::new();
    for policy in published(&mut tx)? {
        let program = program(&mut tx, &policy, on)?;
        for (_, entity) in program.schema.entities.iter().filter(|(_, entity)| entity.applicant) {
            let (name, label) = (
                entity.named.name.to_string(),
                entity.named.label.text(lang, &entity.named.name),
            );
            if !found.iter().any(|kind| kind.name == name) {
                found.push(Applicant {
                    name,
                    label: label.to_owned(),
                });
            }
        }
    }
    Ok(found)
}

/// Goes through the answers and asks the rules what comes of them.
fn interview(connection: &mut Connection, setup: &Setup, given: &Given, visit: &Visit) -> Result<Stage, Fault> {
    let lang = visit.lang();
    let (program, entity) = package_for(connection, setup, given)?;
    let (record, interviewed) = given.answered(&program, entity, lang);
    let evaluator = Evaluator::new(&program, &record);
    let mut determination = determine::of(&evaluator, &record);
    evaluator.within_limit().map_err(|_| bad("check-too-much"))?;
    gap::fill(&evaluator, &record, &mut determination);
    let named = &program.schema.entities[entity].named;
    Ok(Stage {
        label: named.label.text(lang, &named.name).to_owned(),
        outcome: Outcome::of(visit, &evaluator, &determination),
        interviewed,
    })
}

/// The first package that decides today and knows the kind of applicant.
fn package_for(
    connection: &mut Connection,
    setup: &Setup,
    given: &Given,
) -> Result<(Arc<Program>, meed_facts::schema::EntityId), Fault> {
    let mut tx = Tx::reading(connection, setup)?;
    for policy in published(&mut tx)? {
        let program = program(&mut tx, &policy, given.on)?;
        let mut entities = program.schema.entities.iter();
        let found = entities.find(|(_, entity)| entity.applicant && *entity.named.name == *given.kind);
        if let Some((id, _)) = found {
            return Ok((Arc::clone(&program), id));
        }
    }
    Err(Fault::Absent)
}
