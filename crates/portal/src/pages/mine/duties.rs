//! What an applicant owes for its awards: obligations with what it would cost to break each today, and money that is asked back.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_engine::awards::certainty::Certainty;
use meed_facts::money::Money;
use meed_office::aftermath::Recovery;
use meed_office::awards::Obligation;
use meed_office::awards::obligations::{Standing, standing};
use meed_office::command::Seen;
use meed_office::machine::State as _;
use meed_office::store::Cell;
use meed_office::time::Instant;
use meed_office::tx::Tx;

use super::applicant::Applicant;
use super::offers::possible;
use crate::access::{Audience, rows};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Offer, Table, amount, breached, day, moment, pairs, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/my/obligations", Audience::Agent, obligations),
        Route::get("/my/recoveries", Audience::Agent, recoveries),
    ]
}

/// An obligation, for what award it is, and where it stands; none, where the rules of today cannot say.
struct Duty {
    obligation: Obligation,
    measure: String,
    standing: Option<Standing>,
}

async fn obligations(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let seen = visit.clone();
    let (applicant, duties, names) = portal
        .read(move |connection, setup| {
            let applicant = Applicant::of(connection, setup, &seen)?;
            let mine = rows(&seen.viewer, "obligation", 1);
            let mut arguments = vec![Cell::from(&applicant.subject.id)];
            arguments.extend(mine.arguments);
            let of_subject = "award IN (SELECT mine.id FROM award mine WHERE mine.subject = $1)";
            let condition = format!("{of_subject} AND {} ORDER BY until, id", mine.sql);
            let mut tx = Tx::reading(connection, setup)?;
            let mut duties = Vec::new();
            for obligation in tx.rows::<Obligation>(&condition, &arguments)? {
                let family = tx.query(
                    "SELECT family FROM award WHERE id = $1",
                    &[Cell::from(&obligation.award)],
                )?;
                let measure = match family.into_iter().flatten().next() {
                    Some(Cell::Text(measure)) => measure,
                    _ => String::new(),
                };
                let standing = standing(&mut tx, &obligation).ok().map(|(standing, _)| standing);
                duties.push(Duty {
                    obligation,
                    measure,
                    standing,
                });
            }
            Ok::<_, Fault>((applicant, duties, Names::read(&mut tx)?))
        })
        .await?;
    let title = visit.t("nav-my-obligations");
    let mut table = Table::new(title.clone())
        .head(visit.t("mine-duty-until"))
        .head(visit.t("mine-duty-what"))
        .head(visit.t("field-measure"))
        .head(visit.t("mine-state"))
        .head(visit.t("mine-duty-kept"))
        .number(visit.t("mine-duty-cost"));
    for duty in &duties {
        let one = &duty.obligation;
        let label = names.of(&duty.measure);
        table.row([
            html! { (day(one.since)) " – " (day(one.until)) @if let Some(due) = one.due { br; (visit.t("mine-duty-show")) " " (day(due)) } },
            html! { (one.name) @if let Some(breach) = &one.breach { br; span.bad { (breached(&visit, breach)) } } },
            html! { (label.map_or(duty.measure.as_str(), |label| visit.words.label(label, &duty.measure))) },
            state(&visit, "obligation", one.state.name()),
            html! { (kept(&visit, duty.standing.as_ref())) },
            cost(&visit, duty.standing.as_ref()),
        ]);
    }
    let body = html! {
        h1 { (title) }
        (applicant.choice(&visit))
        p.lead { (visit.t("mine-duty-lead")) }
        (table.show(&visit))
        p { a href=(applicant.at("/my/recoveries")) { (visit.t("nav-my-recoveries")) } }
    };
    Ok(Page::new(title, body))
}

fn kept(visit: &Visit, standing: Option<&Standing>) -> String {
    match standing.map(|standing| standing.kept) {
        Some(Certainty::Yes) => visit.t("mine-duty-yes"),
        Some(Certainty::No) => visit.t("mine-duty-no"),
        Some(Certainty::Maybe) | None => visit.t("mine-duty-unknown"),
    }
}

/// What breaking it today would cost, or what is owed because it is broken.
fn cost(visit: &Visit, standing: Option<&Standing>) -> Markup {
    match standing {
        None => html! { (visit.t("mine-duty-unknown")) },
        Some(standing) if standing.least == standing.most => amount(standing.most),
        Some(standing) => html! { (amount(standing.least)) " – " (amount(standing.most)) },
    }
}

async fn recoveries(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let seen = visit.clone();
    let (applicant, owed) = portal
        .read(move |connection, setup| {
            let applicant = Applicant::of(connection, setup, &seen)?;
            let mine = rows(&seen.viewer, "recovery", 1);
            let mut arguments = vec![Cell::from(&applicant.subject.id)];
            arguments.extend(mine.arguments);
            let condition = format!("debtor = $1 AND {} ORDER BY id DESC", mine.sql);
            let mut tx = Tx::reading(connection, setup)?;
            let mut owed = Vec::new();
            for one in tx.rows::<Recovery>(&condition, &arguments)? {
                let sql = "SELECT CAST(coalesce(sum(collected), 0) AS BIGINT) FROM claim WHERE recovery = $1";
                let come = tx.number(sql, &[Cell::from(&one.id)])?;
                let told = when(&mut tx, &one.id, "recovery.notify")?;
                let heard = when(&mut tx, &one.id, "recovery.hear")?;
                owed.push((one, come, [told, heard]));
            }
            Ok::<_, Fault>((applicant, owed))
        })
        .await?;
    let title = visit.t("nav-my-recoveries");
    let mut parts = Vec::new();
    for (one, come, days) in &owed {
        let consent = Offer::new(&visit, "recovery.consent").with("recovery", &one.id);
        let actions = possible(
            &portal,
            &visit,
            vec![(consent.seeing([Seen::of(one)]), &[("words", "-")])],
        )
        .await?;
        parts.push(recovery(&visit, one, *come, *days, &actions));
    }
    let body = html! {
        h1 { (title) }
        (applicant.choice(&visit))
        @if parts.is_empty() { p { (visit.t("nothing")) } }
        @for part in parts { (part) }
    };
    Ok(Page::new(title, body))
}

/// When an act was done about a recovery.
fn when(tx: &mut Tx<'_>, recovery: &str, kind: &str) -> Result<Option<Instant>, Fault> {
    let sql = "SELECT deed.at FROM deed JOIN log ON log.seq = deed.seq WHERE deed.target = $1 AND log.kind = $2 ORDER BY deed.seq DESC LIMIT 1";
    let found = tx.query(sql, &[recovery.into(), kind.into()])?;
    Ok(match found.into_iter().flatten().next() {
        Some(Cell::Int(at)) => Some(Instant::from_milliseconds(at)),
        _ => None,
    })
}

fn recovery(visit: &Visit, one: &Recovery, come: i64, [told, heard]: [Option<Instant>; 2], actions: &Markup) -> Markup {
    let none = || html! { (visit.t("nothing")) };
    let paid = Money::from_minor(come.into(), one.amount.currency());
    html! {
        article.panel {
            h2 { span.code { (one.id) } " " (state(visit, "recovery", one.state.name())) }
            p { (one.reason) }
            (pairs([
                (visit.t("mine-recovery-amount"), amount(one.amount)),
                (visit.t("mine-recovery-interest"), amount(one.interest)),
                (visit.t("mine-recovery-come"), amount(paid)),
                (visit.t("mine-recovery-told"), told.map_or_else(none, moment)),
                (visit.t("mine-recovery-hearing-on"), one.hearing_on.map_or_else(none, day)),
                (visit.t("mine-recovery-hearing"), heard.map_or_else(none, moment)),
                (visit.t("mine-recovery-heard"), one.hearing.as_ref().map_or_else(none, |said| html! { (said) })),
                (visit.t("mine-recovery-consent"), one.consent.as_ref().map_or_else(none, |words| html! { (words) })),
            ]))
            (actions)
        }
    }
}
