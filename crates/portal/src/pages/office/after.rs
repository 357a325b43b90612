//! What is to be done after decisions: appeals, recoveries, obligations that have fallen due, titles under review.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_office::aftermath::Appeal;
use meed_office::awards::{Award, Obligation};
use meed_office::cases::Decision;
use meed_office::command::Seen;
use meed_office::machine::State as _;
use meed_office::people::Role;
use meed_office::register::{Title, name_of};
use meed_office::store::{Cell, Record};
use meed_office::titles::Assessment;
use meed_office::tx::Tx;

use crate::access::{Audience, HANDLERS, Viewer, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::pages::cited::Cited;
use crate::pages::recoveries::One;
use crate::routes::Route;
use crate::view::{breached, day, moment, pairs, state};
use crate::visit::{Page, Visit};

/// How many of each kind stand on the page.
const MOST: usize = 30;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/office/after", Audience::Roles(HANDLERS), after)]
}

/// Appeals that are not over, as a condition on their table.
pub(super) const APPEALS: &str = "state IN ('lodged', 'admissible', 'examined')";
/// Obligations about which something is to be done.
pub(super) const OBLIGATIONS: &str = "state IN ('due', 'late', 'breached')";
/// Titles about which something is to be done.
pub(super) const TITLES: &str = "state IN ('due_for_review', 'to_rectify')";
/// Recoveries that are not over.
pub(super) const RECOVERIES: &str = "state IN ('found', 'notified', 'heard', 'decided', 'enforcing')";

/// What stands on the page.
struct Found {
    appeals: Vec<(Cited, Appeal)>,
    recoveries: Vec<One>,
    obligations: Vec<(Cited, Obligation)>,
    titles: Vec<(String, Title, Vec<Assessment>)>,
    names: Names,
}

fn read(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Found, Fault> {
    let mut appeals = Vec::new();
    for appeal in open::<Appeal>(tx, viewer, APPEALS, "lodged_at, id")? {
        let decision: Decision = tx.get(&appeal.decision)?;
        appeals.push((Cited::of(tx, &decision.case_id)?, appeal));
    }
    let mut obligations = Vec::new();
    for obligation in open::<Obligation>(tx, viewer, OBLIGATIONS, "due, id")? {
        let award: Award = tx.get(&obligation.award)?;
        obligations.push((Cited::of(tx, &award.case_id)?, obligation));
    }
    let mut titles = Vec::new();
    for title in open::<Title>(tx, viewer, TITLES, "review_on, id")? {
        let holder = name_of(tx, &title.subject)?;
        let unconfirmed = tx.rows("title = $1 AND decision IS NULL ORDER BY n", &[Cell::from(&title.id)])?;
        titles.push((holder, title, unconfirmed));
    }
    let mut recoveries = One::seen(tx, viewer)?;
    recoveries.retain(|one| !one.is_over());
    recoveries.truncate(MOST);
    Ok(Found {
        appeals,
        recoveries,
        obligations,
        titles,
        names: Names::read(tx)?,
    })
}

fn open<R: Record>(tx: &mut Tx<'_>, viewer: &Viewer, condition: &str, order: &str) -> Result<Vec<R>, Fault> {
    Ok(seen(
        tx,
        viewer,
        condition,
        &[],
        &format!("ORDER BY {order} LIMIT {MOST}"),
    )?)
}

async fn after(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let found = portal
        .read(move |connection, setup| read(&mut Tx::reading(connection, setup)?, &viewer))
        .await?;
    let title = visit.t("nav-office-after");
    let mut appeals = Vec::new();
    for (cited, one) in &found.appeals {
        appeals.push(appeal(&portal, &visit, &found.names, cited, one).await?);
    }
    let mut recoveries = Vec::new();
    for one in &found.recoveries {
        recoveries.push(one.panel(&portal, &visit, &found.names).await?);
    }
    let mut obligations = Vec::new();
    for (cited, one) in &found.obligations {
        obligations.push(obligation(&portal, &visit, &found.names, cited, one).await?);
    }
    let mut titles = Vec::new();
    for (holder, one, unconfirmed) in &found.titles {
        titles.push(review(&portal, &visit, &found.names, holder, one, unconfirmed).await?);
    }
    // What somebody does not see is not shown to them as if there were none.
    let money = visit.viewer.has_any(&[Role::Officer, Role::Approver, Role::Auditor]);
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("office-after-lead")) }
        (each(&visit, "office-appeals", &appeals))
        @if money { (each(&visit, "office-recoveries", &recoveries)) }
        (each(&visit, "office-obligations", &obligations))
        (each(&visit, "office-title-reviews", &titles))
    };
    Ok(Page::new(title, body))
}

fn each(visit: &Visit, heading: &str, panels: &[Markup]) -> Markup {
    html! {
        section id=(heading) {
            h2 { (visit.t(heading)) }
            @if panels.is_empty() { p { (visit.t("nothing")) } }
            @for panel in panels { (panel) }
        }
    }
}

async fn appeal(
    portal: &Arc<Portal>,
    visit: &Visit,
    names: &Names,
    cited: &Cited,
    appeal: &Appeal,
) -> Result<Markup, Fault> {
    let actions = possible(portal, visit, "appeal", &[("appeal", &appeal.id)], &[Seen::of(appeal)]).await?;
    Ok(html! {
        section.panel id=(appeal.id) {
            h3 { (cited.link(visit, names)) " · " (cited.who()) " " (state(visit, "appeal", appeal.state.name())) }
            p { (appeal.ground) }
            p.faint { (moment(appeal.lodged_at)) " · " a href={ "/letters/" (appeal.decision) } { (visit.t("office-appealed")) } }
            @if let Some(reason) = &appeal.reason { p { (visit.t("field-reason")) (visit.words.pick("：", ": ")) (reason) } }
            (actions)
        }
    })
}

async fn obligation(
    portal: &Arc<Portal>,
    visit: &Visit,
    names: &Names,
    cited: &Cited,
    obligation: &Obligation,
) -> Result<Markup, Fault> {
    let key = [("obligation", obligation.id.as_str())];
    let actions = possible(portal, visit, "obligation", &key, &[Seen::of(obligation)]).await?;
    Ok(html! {
        section.panel id=(obligation.id) {
            h3 { (cited.link(visit, names)) " · " (cited.who()) " " (state(visit, "obligation", obligation.state.name())) }
            p { (day(obligation.since)) " – " (day(obligation.until)) }
            @if let Some(breach) = &obligation.breach { p { (breached(visit, breach)) } }
            (actions)
        }
    })
}

async fn review(
    portal: &Arc<Portal>,
    visit: &Visit,
    names: &Names,
    holder: &str,
    title: &Title,
    unconfirmed: &[Assessment],
) -> Result<Markup, Fault> {
    let actions = possible(portal, visit, "title", &[("title", &title.id)], &[Seen::of(title)]).await?;
    let mut found = Vec::new();
    for one in unconfirmed {
        let key = [("assessment", one.id.as_str())];
        found.push((
            one,
            possible(portal, visit, "assessment", &key, &[Seen::of(one)]).await?,
        ));
    }
    let date = |on: Option<meed_facts::date::Date>| html! { @if let Some(on) = on { (day(on)) } @else { (visit.t("nothing")) } };
    Ok(html! {
        section.panel id=(title.id) {
            h3 { (names.called(visit.words, &title.title)) " · " a href={ "/office/subjects/" (title.subject) } { (holder) } " " (state(visit, "title", title.state.name())) }
            (pairs([
                (visit.t("office-granted"), date(title.granted)),
                (visit.t("office-until"), date(title.until)),
                (visit.t("office-review-on"), date(title.review_on)),
                (visit.t("field-rectify-by"), date(title.rectify_by)),
            ]))
            @for (one, actions) in &found {
                p { (visit.words.known(&format!("choice-{}", one.outcome.name())).unwrap_or_else(|| one.outcome.name().to_owned())) (visit.words.pick("：", ": ")) (one.reason) }
                (actions)
            }
            (actions)
        }
    })
}
