//! Reviews: a reviewer's own, with their forms, and how far those of each case are. A score is its reviewer's alone until all of the case are final.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_office::command::Seen;
use meed_office::machine::{ReviewState, State as _};
use meed_office::people::Role;
use meed_office::reviews::Review;
use meed_office::store::{Cell, Field as _};
use meed_office::tx::Tx;

use crate::access::{Audience, REVIEWS, Viewer, rows};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::{able, possible};
use crate::pages::cited::Cited;
use crate::routes::Route;
use crate::view::{Table, section, state};
use crate::visit::{Page, Visit};

/// How many reviews that are not final stand with what can be done with them.
const OPEN: usize = 30;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/office/reviews", Audience::Roles(REVIEWS), reviews)]
}

/// How far a review is; its score once it may be seen.
struct Progress {
    review: Seen,
    id: String,
    cited: Cited,
    reviewer: String,
    state: ReviewState,
    score: Option<String>,
}

async fn reviews(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let (own, all, names) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            Ok::<_, Fault>((
                own(&mut tx, &viewer)?,
                progress(&mut tx, &viewer)?,
                Names::read(&mut tx)?,
            ))
        })
        .await?;
    let mut mine = Vec::new();
    for (cited, review) in &own {
        let key = [("review", review.id.as_str())];
        mine.push((
            cited,
            review,
            possible(&portal, &visit, "review", &key, &[Seen::of(review)]).await?,
        ));
    }
    let mut others = Vec::new();
    for (index, one) in all.iter().enumerate() {
        let open = one.state != ReviewState::Final && index < OPEN && visit.viewer.has(Role::Officer);
        let key = [("review", one.id.as_str())];
        let acts = if open {
            able(&portal, &visit, "review", &key, std::slice::from_ref(&one.review)).await?
        } else {
            html! {}
        };
        others.push((one, acts));
    }
    let title = visit.t("nav-office-reviews");
    let body = html! {
        h1 { (title) }
        @if visit.viewer.has(Role::Reviewer) {
            (section(visit.t("office-reviews-own"), html! {
                p.note { (visit.t("office-reviews-blind")) }
                @if mine.is_empty() { p { (visit.t("nothing")) } }
                @for (cited, review, actions) in &mine { (judged(&visit, &named(&visit, &names, cited), review, actions)) }
            }))
        }
        (section(visit.t("office-reviews-all"), table(&visit, &names, &others)))
    };
    Ok(Page::new(title, body))
}

/// A reviewer's own reviews, those that wait for them first.
fn own(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Vec<(Cited, Review)>, Fault> {
    let person = viewer.person.as_deref().unwrap_or_default();
    let condition = "reviewer = $1 AND state NOT IN ('voided', 'conflicted', 'excused') ORDER BY state IN ('submitted', 'final'), id DESC LIMIT 50";
    let own = tx.rows::<Review>(condition, &[person.into()])?;
    own.into_iter()
        .map(|review| Ok((Cited::of(tx, &review.case_id)?, review)))
        .collect()
}

/// How far the reviews of the cases are that somebody sees.
fn progress(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Vec<Progress>, Fault> {
    let sight = rows(viewer, "case", 0);
    let condition = format!(
        "case_id IN (SELECT id FROM \"case\" WHERE {}) AND state <> 'voided' ORDER BY state = 'final', case_id DESC, id LIMIT 200",
        sight.sql
    );
    let mut all = Vec::new();
    for review in tx.rows::<Review>(&condition, &sight.arguments)? {
        let name = tx.query("SELECT name FROM person WHERE id = $1", &[Cell::from(&review.reviewer)])?;
        let name = name.into_iter().flatten().next();
        all.push(Progress {
            review: Seen::of(&review),
            reviewer: name.map_or(Ok(review.reviewer), |name| String::from_cell(&name))?,
            score: review
                .score
                .filter(|_| review.state == ReviewState::Final)
                .map(|score| score.to_string()),
            id: review.id,
            cited: Cited::of(tx, &review.case_id)?,
            state: review.state,
        });
    }
    Ok(all)
}

/// What a review is about and whose it is.
fn named(visit: &Visit, names: &Names, cited: &Cited) -> Markup {
    html! { (cited.link(visit, names)) " · " (cited.who()) }
}

fn judged(visit: &Visit, case: &Markup, review: &Review, actions: &Markup) -> Markup {
    html! {
        section.panel {
            h3 { (case) " " (state(visit, "review", review.state.name())) }
            @if let Some(score) = review.score { p { (visit.t("field-score")) " " strong { (score) } @if let Some(note) = &review.note { " · " (note) } } }
            (actions)
        }
    }
}

fn table(visit: &Visit, names: &Names, all: &[(&Progress, Markup)]) -> Markup {
    let mut table = Table::new(visit.t("office-reviews-all"))
        .head(visit.t("field-case"))
        .head(visit.t("role-reviewer"))
        .head(visit.t("office-state"))
        .number(visit.t("field-score"));
    // Who only looks has nothing to do here.
    let may_act = all.iter().any(|(_, acts)| !acts.0.is_empty());
    if may_act {
        table = table.head(visit.t("office-can"));
    }
    for (one, acts) in all {
        let review = [
            named(visit, names, &one.cited),
            html! { (one.reviewer) },
            state(visit, "review", one.state.name()),
            html! { @match &one.score { Some(score) => (score), None => "—" } },
        ];
        table.row(review.into_iter().chain(may_act.then(|| acts.clone())));
    }
    table.show(visit)
}
