//! The log: what was done, by whom, found again; and the database held against it.

use std::sync::Arc;
use std::time::Instant as Watch;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use meed_engine::words::Mark;
use meed_facts::json::canonical;
use meed_office::command::forms;
use meed_office::log::{Entry, Report, Root, root, verify};
use meed_office::store::Cell;
use meed_office::tx::Tx;
use meed_syntax::diagnostic::Message;
use serde::Deserialize;
use serde_json::Value;

use super::AUDITORS;
use crate::access::{seen, sees_all};
use crate::app::Portal;
use crate::fault::Fault;
use crate::posted::Posted;
use crate::routes::Route;
use crate::view::{Table, act_name, count, csrf, day, encoded, moment, pairs, section, sign};
use crate::visit::{Page, Visit};

/// How many entries stand on one page.
const PAGE: usize = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/audit/log", AUDITORS, log),
        Route::get("/audit/log/{seq}", AUDITORS, entry),
        Route::post("/audit/log/verify", AUDITORS, verified),
    ]
}

/// What is looked for; a field that is empty does not matter.
#[derive(Clone, Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    person: String,
    /// The id of a row that the entry wrote.
    #[serde(default)]
    about: String,
    /// Entries before this one.
    #[serde(default)]
    before: Option<i64>,
}

async fn log(State(portal): State<Arc<Portal>>, visit: Visit, Query(search): Query<Search>) -> Result<Page, Fault> {
    let (viewer, wanted) = (visit.viewer.clone(), search.clone());
    let (entries, today) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let about = match wanted.about.trim() {
                "" => String::new(),
                // Keys stand in the payload as JSON texts.
                id => format!("%{}%", Value::from(id)),
            };
            let before = wanted.before.unwrap_or(i64::MAX);
            let arguments = [
                Cell::from(wanted.kind.trim()),
                Cell::from(wanted.person.trim()),
                Cell::Text(about),
                Cell::Int(before),
            ];
            let condition =
                "($1 = '' OR kind = $1) AND ($2 = '' OR person = $2) AND ($3 = '' OR payload LIKE $3) AND seq < $4";
            let tail = format!("ORDER BY seq DESC LIMIT {}", PAGE.saturating_add(1));
            let entries = seen::<Entry>(&mut tx, &viewer, condition, &arguments, &tail)?;
            let today = tx.today;
            Ok::<_, Fault>((entries, root(connection, today)?))
        })
        .await?;
    let title = visit.t("nav-audit-log");
    let shown = entries.get(..entries.len().min(PAGE)).unwrap_or_default();
    let body = html! {
        h1 { (title) }
        (section(visit.t("audit-verify"), verification(&visit, &today)))
        (form(&visit, &search))
        div.dense { (table(&visit, shown)) }
        @if entries.len() > PAGE && let Some(last) = shown.last() {
            p { a rel="next" href={ "/audit/log?kind=" (encoded(&search.kind)) "&person=" (encoded(&search.person)) "&about=" (encoded(&search.about)) "&before=" (last.seq) } { (visit.t("office-more")) } }
        }
    };
    Ok(Page::new(title, body))
}

fn form(visit: &Visit, search: &Search) -> Markup {
    html! {
        form.actions method="get" role="search" {
            label for="kind" { (visit.t("office-act")) }
            select id="kind" name="kind" {
                option value="" { (visit.t("office-any")) }
                @for form in forms() { @let kind = form.kind(); option value=(kind) selected[kind == search.kind] { (act_name(visit, &kind)) } }
            }
            label for="person" { (visit.t("field-person")) } input id="person" name="person" value=(search.person);
            label for="about" { (visit.t("audit-about")) } input id="about" name="about" value=(search.about);
            button.second type="submit" { (visit.t("find-go")) }
        }
    }
}

/// The root to be kept elsewhere, and the form that holds the database against the log.
fn verification(visit: &Visit, today: &Root) -> Markup {
    html! {
        p { (visit.t("audit-verify-lead")) }
        (pairs([
            (visit.t("audit-day"), day(today.date)),
            (visit.t("audit-last"), count(today.seq)),
            (visit.t("audit-root"), html! { span.code { (today.hash) } }),
        ]))
        details { summary { (visit.t("audit-root-today")) } pre { code { (today.to_text()) } } }
        form method="post" action="/audit/log/verify" {
            (csrf(visit))
            div.field {
                label for="root" { (visit.t("audit-root")) " " span.faint { (visit.t("do-optional")) } }
                textarea id="root" name="root" rows="2" {}
            }
            button type="submit" { (visit.t("audit-verify-go")) }
        }
    }
}

fn outcome(entry: &Entry) -> &str {
    entry.payload.get("outcome").and_then(Value::as_str).unwrap_or_default()
}

fn outcome_words(visit: &Visit, entry: &Entry) -> Markup {
    let name = outcome(entry);
    let words = visit.words.known(&format!("audit-outcome-{name}").replace('_', "-"));
    html! { span class=(if name == "accepted" { "good" } else { "warn" }) { (words.unwrap_or_else(|| name.to_owned())) } }
}

fn effects(entry: &Entry) -> &[Value] {
    let effects = entry.payload.get("effects").and_then(Value::as_array);
    effects.map_or(&[][..], Vec::as_slice)
}

fn table(visit: &Visit, entries: &[Entry]) -> Markup {
    let mut table = Table::new(visit.t("audit-log"))
        .head(visit.t("field-seq"))
        .head(visit.t("office-when"))
        .head(visit.t("field-person"))
        .head(visit.t("office-act"))
        .head(visit.t("audit-outcome"))
        .number(visit.t("audit-effects"))
        .head(visit.t("field-hash"));
    for one in entries {
        table.row([
            html! { a.num href={ "/audit/log/" (one.seq) } { (one.seq) } },
            moment(one.at),
            html! { (one.person) },
            html! { (act_name(visit, &one.kind)) },
            outcome_words(visit, one),
            count(effects(one).len()),
            html! { span.code title=(one.hash) { (one.hash.get(..12).unwrap_or_default()) } },
        ]);
    }
    table.show(visit)
}

async fn entry(State(portal): State<Arc<Portal>>, Path(seq): Path<i64>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let found = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            seen::<Entry>(&mut tx, &viewer, "seq = $1", &[Cell::Int(seq)], "")
        })
        .await?;
    let entry = found.into_iter().next().ok_or(Fault::Absent)?;
    let title = format!("{} {seq} · {}", visit.t("field-seq"), act_name(&visit, &entry.kind));
    let bound = if entry.expected_hash() == entry.hash {
        Mark::Holds
    } else {
        Mark::Fails
    };
    let body = html! {
        h1 { (title) }
        (pairs([
            (visit.t("office-when"), moment(entry.at)),
            (visit.t("field-person"), html! { (entry.person) }),
            (visit.t("audit-outcome"), outcome_words(&visit, &entry)),
            (visit.t("audit-epoch"), count(entry.epoch)),
            (visit.t("audit-prev"), html! { @if seq > 1 { a.code href={ "/audit/log/" (seq.saturating_sub(1)) } { (entry.prev) } } @else { span.code { (entry.prev) } } }),
            (visit.t("field-hash"), html! { (sign(&visit, bound)) span.code { (entry.hash) } }),
        ]))
        (section(visit.t("audit-effects"), written(&visit, &entry)))
        details { summary { (visit.t("audit-payload")) } pre { (canonical(&entry.payload)) } }
    };
    Ok(Page::new(title, body))
}

/// Each row that the entry wrote: which, from which state to which, and the digest that it must have.
fn written(visit: &Visit, entry: &Entry) -> Markup {
    let mut table = Table::new(visit.t("audit-effects"))
        .head(visit.t("audit-table"))
        .head(visit.t("audit-key"))
        .head(visit.t("audit-change"))
        .head(visit.t("audit-digest"));
    for effect in effects(entry) {
        let text = |name: &str| effect.get(name).and_then(Value::as_str).unwrap_or_default();
        let key = effect.get("key").and_then(Value::as_array).into_iter().flatten();
        let key: Vec<&str> = key.filter_map(Value::as_str).collect();
        let of = |name: &str| crate::view::state(visit, text("table"), name);
        table.row([
            html! { span.code { (text("table")) } },
            html! { span.code { (key.join(" / ")) } },
            html! { @if !text("to").is_empty() { (of(text("from"))) " → " (of(text("to"))) } },
            html! { span.code title=(text("digest")) { (text("digest").get(..12).unwrap_or_default()) } },
        ]);
    }
    table.show(visit)
}

/// Holds the database against the log now; it takes as long as it takes, beside everything else.
async fn verified(State(portal): State<Arc<Portal>>, visit: Visit, posted: Posted) -> Result<Page, Fault> {
    if !sees_all(&visit.viewer, "log") {
        return Err(Fault::NotYours);
    }
    let kept = match posted.one("root").trim() {
        "" => None,
        text => Some(
            Root::parse(text).map_err(|why| Fault::Bad(Message::new(why, "不是一个根：请粘贴此前保存的整行文本")))?,
        ),
    };
    let (report, seconds, at) = portal
        .lend(move |connection, setup| {
            let begun = Watch::now();
            let report = verify(connection, kept.as_ref())?;
            Ok::<_, Fault>((report, begun.elapsed(), setup.clock.now()))
        })
        .await?;
    let title = visit.t("audit-verify");
    let body = html! {
        h1 { (title) }
        @if report.is_clean() { p.done role="status" { (sign(&visit, Mark::Holds)) (visit.t("audit-verify-clean")) } }
        @else { p.reason role="status" { (sign(&visit, Mark::Fails)) (visit.t("audit-verify-found")) " " (count(report.found)) } }
        (pairs([
            (visit.t("office-when"), moment(at)),
            (visit.t("audit-took"), html! { (visit.words.with("audit-milliseconds", &[("count", u64::try_from(seconds.as_millis()).unwrap_or(u64::MAX).into())])) }),
            (visit.t("audit-entries"), count(report.entries)),
            (visit.t("audit-rows"), count(report.rows)),
            (visit.t("audit-last"), count(report.seq)),
            (visit.t("audit-root"), html! { span.code { (report.hash) } }),
        ]))
        @if !report.is_clean() { (findings(&visit, &report)) }
        p { a href="/audit/log" { (visit.t("nav-audit-log")) } }
    };
    Ok(Page::new(title, body))
}

fn findings(visit: &Visit, report: &Report) -> Markup {
    let mut table = Table::new(visit.t("audit-findings"))
        .head(visit.t("audit-table"))
        .head(visit.t("audit-key"))
        .head(visit.t("field-seq"))
        .head(visit.t("audit-finding"));
    for one in &report.findings {
        table.row([
            html! { span.code { (one.table) } },
            html! { span.code { (one.key) } },
            html! { @if let Some(seq) = one.seq { a href={ "/audit/log/" (seq) } { (seq) } } },
            html! { (one.message.text(visit.lang())) },
        ]);
    }
    table.show(visit)
}
