//! One simulation: how far it is, or what it found.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use meed_office::people::Role;

use super::ask::stage;
use super::desk::{About, KEPT, Simulated, State as Stage};
use super::figures;
use super::found::Found;
use super::kept;
use crate::access::{ANALYSIS, Audience, POLICY};
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Offer, count, moment, pairs, section};
use crate::visit::{Page, Visit};

/// After how many seconds a browser looks again.
const AGAIN: u32 = 2;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/simulations/{id}", Audience::Roles(ANALYSIS), show)]
}

async fn show(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let simulated = kept(&portal, &visit, &id)?;
    let title = visit.words.with(
        "sim-title",
        &[
            ("id", simulated.id.into()),
            ("of", simulated.about.title.as_str().into()),
        ],
    );
    let stage = simulated.state();
    let body = html! {
        h1 { (title) }
        (about(&visit, &simulated, &stage))
        @match &stage {
            Stage::Waiting => p.note role="status" { (visit.t("sim-waits")) },
            Stage::Running => (running(&visit, &simulated)),
            Stage::Failed(why) => p.reason role="alert" { (why.text(visit.lang())) },
            Stage::Done(found) => { (done(&visit, &simulated, found)) },
        }
        p { a href="/simulations" { (visit.t("sim-all")) } }
    };
    let page = Page::new(title, body);
    Ok(match stage {
        Stage::Waiting | Stage::Running => page.again(AGAIN),
        _ => page,
    })
}

/// The version that was simulated, as a link for whoever works on it.
pub(super) fn of_version(visit: &Visit, about: &About) -> Markup {
    html! {
        @if visit.viewer.is_among(Audience::Roles(POLICY)) { a href={ "/workbench/" (about.policy) } { (about.title) } } @else { (about.title) }
    }
}

fn about(visit: &Visit, simulated: &Simulated, state: &Stage) -> Markup {
    let about = &simulated.about;
    pairs([
        (visit.t("office-state"), html! { (stage(visit, state)) }),
        (visit.t("bench-version"), of_version(visit, about)),
        (
            visit.t("sim-people"),
            html! { (if about.register { visit.t("sim-register") } else { visit.t("sim-invented") }) },
        ),
        (visit.t("field-person"), html! { (about.person) }),
        (visit.t("office-when"), moment(about.at)),
    ])
}

fn running(visit: &Visit, simulated: &Simulated) -> Markup {
    let (done, all) = simulated.rows();
    html! {
        p.note role="status" {
            @if all > 0 { (visit.words.with("sim-progress-of", &[("done", done.into()), ("all", all.into())])) }
            @else { (visit.words.with("sim-progress", &[("done", done.into())])) }
        }
        p { a href={ "/simulations/" (simulated.id) } { (visit.t("sim-look-again")) } }
    }
}

fn done(visit: &Visit, simulated: &Simulated, found: &Found) -> Markup {
    let here = format!("/simulations/{}", simulated.id);
    let (rows, rejected) = found.simulation.rows;
    html! {
        p { (visit.t("sim-rows")) " " (count(rows))
            @if rejected > 0 { " · " strong.bad { (visit.words.with("sim-rejected", &[("count", rejected.into())])) } } }
        @if let Some((file, line, why)) = &found.simulation.wrong { p.reason { span.code { (file) ":" (line) } " " (why.text(visit.lang())) } }
        p.note { (if simulated.about.register { visit.t("sim-register-note") } else { visit.t("sim-invented-note") }) }
        p.note { (visit.words.with("sim-kept-note", &[("count", KEPT.into())])) }
        @if visit.viewer.has(Role::Drafter) {
            (section(visit.t("sim-attach"), html! {
                p { (visit.t("sim-attach-lead")) }
                (attach(visit, simulated, found))
            }))
        }
        (figures::all(visit, found))
        (section(visit.t("sim-report"), html! {
            ul {
                li { a href={ (here) "/report?lang=zh" } lang="zh-CN" hreflang="zh-CN" { (visit.t("sim-report-zh")) } }
                li { a href={ (here) "/report?lang=en" } lang="en" hreflang="en" { (visit.t("sim-report-en")) } }
            }
        }))
        (section(visit.t("sim-files"), html! {
            ul { @for file in &found.files { li { a.code href={ (here) "/files/" (file) } download { (file) } } } }
        }))
    }
}

/// The report that the office takes, as a button.
fn attach(visit: &Visit, simulated: &Simulated, found: &Found) -> Markup {
    let policy = &simulated.about.policy;
    let mut offer = Offer::about(visit, "policy.simulate", "policy", policy).with("report", found.report.to_string());
    offer.back = format!("/workbench/{policy}");
    offer.show(visit)
}
