//! Late facts: which decisions would be others by what the register says today. Nothing is changed by looking.

use std::sync::Arc;

use axum::extract::{Query, State};
use maud::{Markup, html};
use meed_office::aftermath::late_facts;
use meed_office::register::Subject;
use meed_office::store::{Cell, Field as _};
use meed_office::tx::Tx;
use serde::Deserialize;
use serde_json::Value;

use super::AUDITORS;
use crate::access::{rows, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Table, encoded};
use crate::visit::{Page, Visit};

/// How many applicants one page looks at: each of their decisions is made again.
const PAGE: usize = 20;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/audit/late", AUDITORS, late)]
}

/// Who is looked at: one applicant, or the next of all that have an award.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    subject: String,
    /// Applicants after this one.
    #[serde(default)]
    after: String,
}

/// What was found about some applicants.
struct Found {
    /// How many have an award in all, and how many of them stand before this page.
    all: i64,
    before: i64,
    /// Whom this page looked at, and what would be otherwise.
    subjects: Vec<(Subject, Vec<Value>)>,
    names: Names,
}

async fn late(State(portal): State<Arc<Portal>>, visit: Visit, Query(asked): Query<Asked>) -> Result<Page, Fault> {
    let (viewer, wanted) = (visit.viewer.clone(), asked.clone());
    let found = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let sight = rows(&viewer, "award", 1);
            let counted = format!("SELECT count(DISTINCT subject), count(DISTINCT CASE WHEN subject <= $1 THEN subject END) FROM award WHERE {}", sight.sql);
            let arguments: Vec<Cell> = std::iter::once(Cell::from(&wanted.after)).chain(sight.arguments).collect();
            let (all, before) = match tx.query(&counted, &arguments)?.first().map(Vec::as_slice) {
                Some([all, before]) => (i64::from_cell(all)?, i64::from_cell(before)?),
                _ => (0, 0),
            };
            let condition = "id IN (SELECT subject FROM award) AND id > $1 AND ($2 = '' OR id = $2 OR name = $2)";
            let place = [Cell::from(&wanted.after), Cell::from(wanted.subject.trim())];
            let tail = format!("ORDER BY id LIMIT {PAGE}");
            let mut subjects = Vec::new();
            for subject in seen::<Subject>(&mut tx, &viewer, condition, &place, &tail)? {
                let proposals = late_facts(&mut tx, &subject.id)?;
                subjects.push((subject, proposals));
            }
            Ok::<_, Fault>(Found { all, before, subjects, names: Names::read(&mut tx)? })
        })
        .await?;
    let title = visit.t("nav-audit-late");
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("audit-late-lead")) }
        form.actions method="get" role="search" {
            label for="subject" { (visit.t("field-subject")) } input id="subject" name="subject" value=(asked.subject);
            button.second type="submit" { (visit.t("find-go")) }
        }
        (bound(&visit, &asked, &found))
        div.dense { (table(&visit, &found)) }
        @if asked.subject.is_empty() && found.subjects.len() == PAGE && let Some((last, _)) = found.subjects.last() {
            p { a rel="next" href={ "/audit/late?after=" (encoded(&last.id)) } { (visit.t("office-more")) } }
        }
    };
    Ok(Page::new(title, body))
}

/// Whom this page looked at and whom it did not.
fn bound(visit: &Visit, asked: &Asked, found: &Found) -> Markup {
    let looked = i64::try_from(found.subjects.len()).unwrap_or(i64::MAX);
    if !asked.subject.is_empty() {
        return html! { @if looked == 0 { p.note { (visit.t("audit-late-nobody")) } } };
    }
    let values = [
        ("from", found.before.saturating_add(1).min(found.all).into()),
        ("to", found.before.saturating_add(looked).into()),
        ("all", found.all.into()),
    ];
    html! { p.note { (visit.words.with("audit-late-bound", &values)) } }
}

fn table(visit: &Visit, found: &Found) -> Markup {
    let mut table = Table::new(visit.t("audit-late-table"))
        .head(visit.t("field-subject"))
        .head(visit.t("field-measure"))
        .head(visit.t("field-decision"))
        .head(visit.t("audit-then"))
        .head(visit.t("audit-now"))
        .head(visit.t("audit-changed"));
    for (subject, proposals) in &found.subjects {
        for one in proposals {
            let text = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
            table.row([
                html! { a href={ "/office/subjects/" (subject.id) } { (subject.name.as_deref().unwrap_or(&subject.id)) } },
                html! { (found.names.called(visit.words, text("measure"))) },
                html! { a.code href={ "/audit?q=" (encoded(text("case"))) } { (text("decision")) } " " span.faint { (text("on")) } },
                outcome(visit, one.get("then")),
                outcome(visit, one.get("now")),
                changed(one.get("changed")),
            ]);
        }
    }
    table.show(visit)
}

/// Verdict and amount, or why there is none.
fn outcome(visit: &Visit, value: Option<&Value>) -> Markup {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return html! { (visit.t("office-forgotten")) };
    };
    if let Some(reason) = value.get(visit.words.pick("zh", "en")).and_then(Value::as_str) {
        return html! { (reason) };
    }
    let verdict = value.get("verdict").map(plain).unwrap_or_default();
    let words = visit
        .words
        .known(&format!("audit-verdict-{verdict}").replace([' ', '_'], "-"));
    let amount = value.get("amount").filter(|amount| !amount.is_null());
    let amount = amount.map(|amount| plain(amount.get("exact").unwrap_or(amount)));
    html! { (words.unwrap_or(verdict)) @if let Some(amount) = amount { " " span.num { (amount) } } }
}

/// Each fact that is another: before and now.
fn changed(value: Option<&Value>) -> Markup {
    let facts = value.and_then(Value::as_object);
    html! { ul.entries { @for (path, one) in facts.into_iter().flatten() {
        li { code { (path) } " " (one.get("then").map(plain).unwrap_or_default()) " → " (one.get("now").map(plain).unwrap_or_default()) }
    } } }
}

/// A JSON value as people read it: texts without quotes, nothing as nothing.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
