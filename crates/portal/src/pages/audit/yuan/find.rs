//! Finding a payment by whatever is known of it.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use meed_facts::date::Date;
use meed_facts::money::Money;
use meed_office::store::{Cell, Field as _};
use meed_office::tx::Tx;
use serde::Deserialize;

use crate::access::{Viewer, rows};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::audit::AUDITORS;
use crate::routes::Route;
use crate::view::{Table, amount, day, encoded, state};
use crate::visit::{Page, Visit};

/// How much is listed at most.
const MOST: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/audit", AUDITORS, find)]
}

/// What is known of it.
#[derive(Clone, Debug, Default, Deserialize)]
struct Known {
    #[serde(default)]
    q: String,
}

/// A case, and a payment that it led to, where it led to one.
struct Match {
    case: String,
    name: String,
    measure: String,
    instalment: Option<Part>,
}

/// One payment.
struct Part {
    id: String,
    due: Date,
    amount: Money,
    state: String,
}

impl Match {
    fn address(&self) -> String {
        let case = encoded(&self.case);
        match &self.instalment {
            Some(part) => format!("/audit/yuan/{case}?instalment={}", encoded(&part.id)),
            None => format!("/audit/yuan/{case}"),
        }
    }
}

async fn find(State(portal): State<Arc<Portal>>, visit: Visit, Query(known): Query<Known>) -> Result<Response, Fault> {
    let (viewer, q) = (visit.viewer.clone(), known.q.trim().to_owned());
    let (found, names) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            Ok::<_, Fault>((matches(&mut tx, &viewer, &q)?, Names::read(&mut tx)?))
        })
        .await?;
    // What is found alone is what was meant.
    if let [one] = found.as_slice() {
        return Ok(Redirect::to(&one.address()).into_response());
    }
    let title = visit.t("nav-audit-yuan");
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("audit-yuan-lead")) }
        form.actions method="get" role="search" {
            label for="q" { (visit.t("audit-known")) }
            input id="q" name="q" type="search" size="36" value=(known.q);
            button type="submit" { (visit.t("audit-follow")) }
        }
        p.faint { (visit.t("audit-known-help")) }
        @if found.len() > MOST { p.note { (visit.t("audit-more")) } }
        (table(&visit, found.get(..found.len().min(MOST)).unwrap_or_default(), &names))
    };
    Ok(Page::new(title, body).into_response())
}

/// What a text may mean; without one, the last payments.
fn matches(tx: &mut Tx<'_>, viewer: &Viewer, q: &str) -> Result<Vec<Match>, Fault> {
    let sight = rows(viewer, "case", 2);
    let sql = format!(
        "SELECT found.id, subject.name, found.measure, one.id, one.due, one.amount, one.state FROM \"case\" found \
         JOIN subject ON subject.id = found.subject LEFT JOIN award ON award.case_id = found.id \
         LEFT JOIN instalment one ON one.award = award.id \
         WHERE found.id IN (SELECT id FROM \"case\" WHERE {}) AND (($1 = '' AND one.id IS NOT NULL) OR found.id = $1 OR award.id = $1 \
         OR one.id = $1 OR found.measure = $1 OR found.subject = $1 OR subject.name = $1 OR one.amount = $2 \
         OR one.id IN (SELECT instalment FROM instruction WHERE id = $1 OR batch = $1) \
         OR one.id IN (SELECT sent.instalment FROM instruction sent JOIN bank_entry booked ON booked.instruction = sent.id \
         WHERE booked.bank_ref = $1 OR booked.amount = $2)) ORDER BY one.due DESC, found.id DESC, one.id LIMIT {}",
        sight.sql,
        MOST.saturating_add(1),
    );
    let amount = fen(q).unwrap_or(-1);
    let arguments: Vec<Cell> = [Cell::from(q), Cell::Int(amount)]
        .into_iter()
        .chain(sight.arguments)
        .collect();
    let mut found = Vec::new();
    for row in tx.query(&sql, &arguments)? {
        if let [case, name, measure, id, due, amount, state] = row.as_slice() {
            let instalment = match id {
                Cell::Null => None,
                id => Some(Part {
                    id: String::from_cell(id)?,
                    due: Date::from_cell(due)?,
                    amount: Money::from_cell(amount)?,
                    state: String::from_cell(state)?,
                }),
            };
            found.push(Match {
                case: String::from_cell(case)?,
                name: Option::<String>::from_cell(name)?.unwrap_or_default(),
                measure: String::from_cell(measure)?,
                instalment,
            });
        }
    }
    Ok(found)
}

/// An amount in yuan as people write it: `500000`, `500,000.00`.
fn fen(text: &str) -> Option<i64> {
    let text = text.replace([',', '，', ' '], "");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || rest.is_empty() || rest.len() > 2 || !digits(whole) || !digits(rest) {
        return None;
    }
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(rest)
}

fn table(visit: &Visit, found: &[Match], names: &Names) -> Markup {
    let mut table = Table::new(visit.t("audit-found"))
        .head(visit.t("field-instalment"))
        .head(visit.t("field-subject"))
        .head(visit.t("field-measure"))
        .head(visit.t("field-case"))
        .head(visit.t("office-due"))
        .number(visit.t("field-amount"))
        .head(visit.t("office-state"));
    for one in found {
        let part = one.instalment.as_ref();
        table.row([
            html! { a.code href=(one.address()) { (part.map_or(one.case.as_str(), |part| part.id.as_str())) } },
            html! { (one.name) },
            html! { (names.called(visit.words, &one.measure)) },
            html! { span.code { (one.case) } },
            html! { @if let Some(part) = part { (day(part.due)) } },
            html! { @if let Some(part) = part { (amount(part.amount)) } },
            html! { @if let Some(part) = part { (state(visit, "instalment", &part.state)) } },
        ]);
    }
    table.show(visit)
}

#[cfg(test)]
mod tests {
    use super::fen;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        assert_eq!(fen("500,000.00"), Some(50_000_000));
        assert_eq!(fen("500000"), Some(50_000_000));
        assert_eq!(fen("0.5"), Some(50));
        assert_eq!(fen("case-1"), None);
        assert_eq!(fen("1.005"), None);
        assert_eq!(fen(""), None);
    }
}
