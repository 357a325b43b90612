//! One version: its documents and rules, what the checker finds, what its cases show, what can be done with it.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use meed_engine::awards::amount::Amount;
use meed_facts::date::Span as Dates;
use meed_facts::money::Money;
use meed_facts::ratio::Ratio;
use meed_office::command::Seen;
use meed_office::machine::State as _;
use meed_office::policies::{Document, Policy};
use meed_office::store::CURRENCY;
use meed_office::tx::Tx;
use meed_rules::show::{DocumentView, RuleKind, RuleView};
use meed_simulate::reform::report::Words;
use meed_syntax::diagnostic::Severity;
use serde_json::Value;

use super::findings::findings;
use super::package::{Examined, Trial, Tried};
use crate::access::{Audience, POLICY, sees};
use crate::app::Portal;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::routes::Route;
use crate::view::{Table, count, day, encoded, pairs, section, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/workbench/{policy}", Audience::Roles(POLICY), version)]
}

async fn version(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let (policy, examined, report) = {
        let (shelf, viewer, id) = (Arc::clone(&portal), visit.viewer.clone(), id.clone());
        portal
            .read(move |connection, setup| {
                if !sees(connection, &viewer, "policy", &id)? {
                    return Err(Fault::Absent);
                }
                let mut tx = Tx::reading(connection, setup)?;
                let policy: Policy = tx.get(&id)?;
                let examined = shelf.workbench().shelf.examined(&mut tx, &policy)?;
                let report = match &policy.simulation {
                    Some(digest) => tx.get::<Document>(digest)?.body,
                    None => None,
                };
                Ok((policy, examined, report))
            })
            .await?
    };
    let acts = possible(&portal, &visit, "policy", &[("policy", &id)], &[Seen::of(&policy)]).await?;
    let title = format!(
        "{} {}",
        visit.words.label(&examined.title, &examined.name),
        policy.version
    );
    let edit = format!("/workbench/{id}/edit");
    let body = html! {
        h1 { (title) " " (state(&visit, "policy", policy.state.name())) }
        (about(&visit, &policy, &examined))
        (section(visit.t("office-actions"), html! {
            (acts)
            p { a.button.second href={ "/simulations?policy=" (encoded(&id)) } { (visit.t("bench-simulate")) } }
        }))
        @if let Some(report) = &report { (section(visit.t("bench-report"), attached(&visit, report))) }
        (section(visit.t("bench-findings"), findings(&visit, &examined.findings, Some(&edit))))
        (section(visit.t("bench-cases"), trial(&visit, examined.trial.as_ref(), &edit)))
        (section(visit.t("bench-documents"), documents(&visit, &examined.documents, &edit)))
        (section(visit.t("bench-rules"), rules(&visit, &examined.rules)))
    };
    Ok(Page::new(title, body))
}

fn about(visit: &Visit, policy: &Policy, examined: &Examined) -> Markup {
    let grave = [Severity::Error, Severity::Warning].map(|severity| examined.count(severity));
    let counted = [("errors", grave[0].into()), ("warnings", grave[1].into())];
    pairs([
        (visit.t("field-policy"), html! { span.code { (policy.id) } }),
        (visit.t("bench-package"), html! { span.code { (policy.name) } }),
        (visit.t("bench-version"), html! { (policy.version) }),
        (
            visit.t("bench-published"),
            html! { @if let Some(on) = policy.published_on { (day(on)) } @else { (visit.t("nothing")) } },
        ),
        (
            visit.t("bench-findings"),
            html! { (visit.words.with("bench-counted", &counted)) },
        ),
        (visit.t("bench-digest"), html! { span.code { (examined.digest) } }),
    ])
}

/// The report that was attached: what was simulated, over whom, and what it comes to.
fn attached(visit: &Visit, report: &str) -> Markup {
    let report: Value = serde_json::from_str(report).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let words = Words {
        lang: visit.lang(),
        currency: CURRENCY,
        units: false,
    };
    let mut table = Table::new(visit.t("bench-report"))
        .head(visit.t("bench-scenario"))
        .head(visit.t("bench-on"))
        .head(visit.t("bench-version"))
        .number(visit.t("sim-cost"));
    for scenario in report.get("scenarios").and_then(Value::as_array).into_iter().flatten() {
        let title = scenario.pointer(visit.words.pick("/title/zh", "/title/en"));
        let part = |path: &str| scenario.pointer(path).map(text).unwrap_or_default();
        table.row([
            html! { (title.map_or_else(|| part("/name"), text)) },
            html! { (part("/date")) },
            html! { (part("/package/version")) },
            html! { @match cost(scenario) { Some(cost) => (words.amount(cost)), None => (visit.t("nothing")) } },
        ]);
    }
    let rows = report.pointer("/facts/rows").map(text).unwrap_or_default();
    let synthetic = report.pointer("/facts/synthetic").is_some_and(|about| !about.is_null());
    html! {
        p { @if synthetic { (visit.words.with("bench-over-synthetic", &[("rows", rows.into())])) }
            @else { (visit.words.with("bench-over-register", &[("rows", rows.into())])) } }
        (table.show(visit))
    }
}

/// What a scenario of a report costs; without limit where the report names none.
fn cost(scenario: &Value) -> Option<Amount> {
    let minor = |end: &str| {
        let amount = Ratio::parse(scenario.pointer(end)?.as_str()?).ok()?;
        Some(Money::from_ratio(&amount, CURRENCY).ok()?.minor())
    };
    Some(Amount::between(minor("/cost/least")?, minor("/cost/most")))
}

/// What the cases came to, and what they do not show.
pub(super) fn trial(visit: &Visit, trial: Option<&Trial>, edit: &str) -> Markup {
    let Some(trial) = trial else {
        return html! { p.note { (visit.t("bench-not-run")) } };
    };
    let (all, both, alone) = trial.covered;
    let failed: Vec<&Tried> = trial.cases.iter().filter(|one| !one.differences.is_empty()).collect();
    let passed = trial.cases.len().saturating_sub(failed.len());
    html! {
        p class=(if failed.is_empty() { "done" } else { "reason" }) {
            (visit.words.with("bench-tally", &[("passed", passed.into()), ("failed", failed.len().into())]))
        }
        @for one in failed { (case(visit, one)) }
        p { (visit.words.with("bench-coverage", &[("all", all.into()), ("both", both.into()), ("alone", alone.into())])) }
        @if !trial.gaps.is_empty() {
            details { summary { (visit.t("bench-gaps")) } (findings(visit, &trial.gaps, Some(edit))) }
        }
        @if passed > 0 {
            details { summary { (visit.t("bench-passed")) }
                ul { @for one in trial.cases.iter().filter(|one| one.differences.is_empty()) {
                    li { (one.title) " " span.code.faint { (one.path) ":" (one.line) } }
                } }
            }
        }
    }
}

fn case(visit: &Visit, one: &Tried) -> Markup {
    let mut table = Table::new(visit.t("bench-differences"))
        .head(visit.t("bench-target"))
        .head(visit.t("bench-expected"))
        .head(visit.t("bench-found"));
    for difference in &one.differences {
        table.row(difference.each_ref().map(|part| html! { (part.text(visit.lang())) }));
    }
    html! { div.panel { p { strong.bad { (one.title) } " " span.code.faint { (one.path) ":" (one.line) } } (table.show(visit)) } }
}

fn documents(visit: &Visit, documents: &[DocumentView], edit: &str) -> Markup {
    let mut table = Table::new(visit.t("bench-documents"))
        .head(visit.t("bench-document"))
        .head(visit.t("bench-number"))
        .head(visit.t("bench-in-force"))
        .number(visit.t("bench-articles"))
        .number(visit.t("bench-with-rules"))
        .number(visit.t("bench-silent"))
        .number(visit.t("bench-holes"));
    for view in documents {
        let (document, articles) = (&view.document, view.count());
        table.row([
            html! { a href={ (edit) "?document=" (encoded(&document.path)) } { (visit.words.label(&document.title, &document.path)) } },
            html! { @if let Some(number) = &document.number { (number) } },
            in_force(visit, &document.in_force),
            count(articles.all),
            count(articles.rules),
            count(articles.silent),
            count(view.holes.len()),
        ]);
    }
    table.show(visit)
}

fn rules(visit: &Visit, rules: &[RuleView]) -> Markup {
    let mut table = Table::new(visit.t("bench-rules"))
        .head(visit.t("bench-rule"))
        .head(visit.t("office-kind"))
        .head(visit.t("bench-in-force"))
        .head(visit.t("bench-clause"));
    for rule in rules {
        let place = rule.cited.headings.last().map_or("", |heading| heading);
        table.row([
            html! { details { summary { (visit.words.label(&rule.label, &rule.name)) " " span.code.faint { (rule.name) } } pre { (rule.text) } } },
            html! { (kind(visit, rule.kind)) },
            in_force(visit, &rule.in_force),
            html! { @if let Some(number) = &rule.cited.number { (number) " › " } (place) " " span.code.faint { (rule.cited.path) ":" (rule.cited.line) } },
        ]);
    }
    table.show(visit)
}

fn kind(visit: &Visit, kind: RuleKind) -> String {
    match kind {
        RuleKind::Measure => visit.t("bench-kind-measure"),
        RuleKind::Service => visit.t("bench-kind-service"),
        RuleKind::Title => visit.t("bench-kind-title"),
        RuleKind::Combine => visit.t("bench-kind-combine"),
        RuleKind::Fund => visit.t("bench-kind-fund"),
        RuleKind::Parameter => visit.t("bench-kind-parameter"),
        RuleKind::Definition => visit.t("bench-kind-definition"),
        RuleKind::Table => visit.t("bench-kind-table"),
        RuleKind::Sheet => visit.t("bench-kind-sheet"),
    }
}

/// When something is in force; `until` is the first day on which it is not.
fn in_force(visit: &Visit, dates: &Dates) -> Markup {
    html! {
        @if let Some(from) = dates.from { (visit.words.with("bench-from", &[("on", from.to_string().into())])) " " }
        @if let Some(until) = dates.until { (visit.words.with("bench-until", &[("on", until.to_string().into())])) }
    }
}
