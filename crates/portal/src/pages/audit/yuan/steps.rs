//! The chain of one yuan as a page: each link of it, from the bank's line to the clause, or from the clause to the bank's line.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use meed_office::cases::Decision;
use meed_office::machine::State as _;
use serde::Deserialize;
use serde_json::Value;

use super::chain::{Chain, chain};
use crate::app::Portal;
use crate::fault::Fault;
use crate::pages::audit::AUDITORS;
use crate::pages::finance::batch::turned;
use crate::pages::office::deeds;
use crate::pages::office::subject::fact_source;
use crate::routes::Route;
use crate::view::{Table, amount, anchor, csrf, day, encoded, moment, pairs, state};
use crate::visit::{Page, Visit};
use crate::vocabulary::Vocabulary;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/audit/yuan/{case}", AUDITORS, yuan)]
}

/// Which payment of the case, and from which end.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    instalment: String,
    #[serde(default)]
    from: String,
}

async fn yuan(
    State(portal): State<Arc<Portal>>,
    Path(case): Path<String>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Page, Fault> {
    let found = chain(&portal, &visit, &case, &asked.instalment).await?;
    let from_clause = asked.from == "clause";
    let here = format!(
        "/audit/yuan/{}?instalment={}",
        encoded(&case),
        encoded(&asked.instalment)
    );
    let mut links = vec![
        ("audit-step-bank", bank(&visit, &found)),
        ("audit-step-instruction", instruction(&visit, &found)),
        ("audit-step-batch", batch(&visit, &found)),
        ("audit-step-instalment", instalment(&visit, &found)),
        ("audit-step-award", award(&visit, &found)),
        ("audit-step-decision", decisions(&visit, &found)),
        ("audit-step-publicity", publicity(&visit, &found)),
        ("audit-step-case", about(&visit, &found)),
        ("audit-step-facts", facts(&visit, &found)),
        ("audit-step-package", package(&visit, &found)),
        ("audit-step-clause", clauses(&visit, &found)),
    ];
    if from_clause {
        links.reverse();
    }
    let who = found.subject.name.as_deref().unwrap_or(&found.subject.id);
    let title = format!("{} · {who}", found.names.called(visit.words, &found.case.measure));
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t(if from_clause { "audit-down" } else { "audit-up" })) }
        div.actions {
            @if from_clause { a.button.second href=(here) { (visit.t("audit-from-bank")) } }
            @else { a.button.second href={ (here) "&from=clause" } { (visit.t("audit-from-clause")) } }
            a.button.second href={ "/audit/evidence/" (case) ".zip" } download { (visit.t("audit-evidence")) }
        }
        ol.chain { @for (title, link) in &links { li { h2 { (visit.t(title)) } (link) } } }
    };
    Ok(Page::new(title, body))
}

fn nothing(visit: &Visit) -> Markup {
    html! { p.faint { (visit.t("nothing")) } }
}

fn bank(visit: &Visit, found: &Chain) -> Markup {
    let entries: Vec<_> = found.attempts.iter().flat_map(|one| &one.entries).collect();
    html! {
        @if entries.is_empty() { (nothing(visit)) }
        @for one in entries {
            p { (day(one.booked)) " · " strong { (amount(one.amount)) } " · " (visit.t(if one.debit { "finance-left" } else { "finance-back" })) " · " span.code { (one.bank_ref) } }
            p.faint { (visit.t("field-account")) " " span.code { (one.account) } " · " (visit.t("audit-statement")) " " span.code { (one.document) } }
            p { a href={ "/finance/reconcile?on=" (one.booked) } { (visit.t("nav-finance-reconcile")) } }
        }
    }
}

fn instruction(visit: &Visit, found: &Chain) -> Markup {
    html! {
        @if found.attempts.is_empty() { (nothing(visit)) }
        @for one in &found.attempts {
            p { span.code { (one.instruction.id) } " " (state(visit, "instruction", one.instruction.state.name())) " · " (amount(one.instruction.amount))
                " · " (visit.t("finance-attempt")) " " (one.instruction.attempt) }
            p.faint { @if let Some(at) = one.instruction.sent_at { (visit.t("audit-sent")) " " (moment(at)) " · " }
                (visit.t("field-account")) " " span.code { (one.instruction.account) "/" (one.instruction.version) }
                @if let Some(evidence) = &one.instruction.evidence { " · " (visit.t("field-evidence")) " " span.code { (evidence) } } }
        }
    }
}

fn batch(visit: &Visit, found: &Chain) -> Markup {
    html! {
        @for (batch, keys) in found.attempts.iter().filter_map(|one| one.batch.as_ref()) {
            p { a.code href={ "/finance/batches/" (batch.id) } { (batch.id) } " " (state(visit, "batch", batch.state.name())) " · " (day(batch.execution)) }
            (turned(visit, keys))
            @if let Some(hash) = &batch.hash { p.faint { (visit.t("finance-hash")) " " span.code { (hash) } } }
        }
    }
}

fn instalment(visit: &Visit, found: &Chain) -> Markup {
    let Some(one) = &found.instalment else {
        return nothing(visit);
    };
    html! {
        p { span.code { (one.id) } " " (state(visit, "instalment", one.state.name())) " · " strong { (amount(one.amount)) } " · " (visit.t("office-due")) " " (day(one.due)) }
        p { (visit.t("field-payer")) " " (found.names.called(visit.words, &one.payer))
            @if let Some(line) = &one.line { " · " a href={ "/finance/lines/" (line) } { (visit.t("field-line")) " " (line) } } }
        @for offset in &found.offsets { p { (visit.t("finance-offsets")) " " (amount(offset.amount)) " · " span.code { (offset.recovery) } } }
    }
}

fn award(visit: &Visit, found: &Chain) -> Markup {
    let Some(one) = &found.award else { return nothing(visit) };
    html! {
        p { span.code { (one.id) } " " (state(visit, "award", one.state.name())) " · " strong { (amount(one.amount)) } }
        @if one.payee != one.subject { p { (visit.t("finance-payee")) " " span.code { (one.payee) } } }
        @for recovery in &found.recoveries { p { (visit.t("field-recovery")) " " a.code href={ "/finance/receivables#" (recovery.id) } { (recovery.id) } " " (amount(recovery.amount)) " " (state(visit, "recovery", recovery.state.name())) } }
    }
}

fn decisions(visit: &Visit, found: &Chain) -> Markup {
    html! {
        @if found.decisions.is_empty() { (nothing(visit)) }
        @for one in &found.decisions { (decision(visit, one)) }
    }
}

/// One decision: what, by whom, for which reasons, and the button that makes it again.
fn decision(visit: &Visit, one: &Decision) -> Markup {
    let kind = visit
        .words
        .known(&format!("decision-{}", one.kind))
        .unwrap_or_else(|| one.kind.clone());
    let of = |place: &str| {
        one.reasons
            .pointer(place)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let stated = one.reasons.get("statement").and_then(Value::as_str);
    let said = |reason: &Value| {
        let text = reason
            .pointer(visit.words.pick("/text/zh", "/text/en"))
            .and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let entry = |reason: &Value| html! { li { (said(reason)) @if let Some(citation) = reason.get("citation") { cite { (cited(citation)) } } } };
    html! {
        p { strong { (kind) " " (amount(one.amount)) } " · " (moment(one.at)) " · " (one.person) " · " span.code { (one.id) } }
        @if let Some(stated) = stated { p { (stated) } }
        ul.entries { @for reason in of("/reasons") { (entry(reason)) } }
        @if of("/rules/reasons").next().is_some() {
            p { (visit.t("letter-rules-say")) }
            ul.entries { @for reason in of("/rules/reasons") { (entry(reason)) } }
        }
        p.faint { (visit.t("audit-facts-digest")) " " span.code { (one.facts) } " · " (visit.t("audit-result-digest")) " " span.code { (one.result) } }
        form method="post" action={ "/audit/replay/" (one.id) } { (csrf(visit)) button.second type="submit" { (visit.t("audit-replay")) } }
    }
}

fn publicity(visit: &Visit, found: &Chain) -> Markup {
    html! {
        @if found.lists.is_empty() { (nothing(visit)) }
        @for (list, row) in &found.lists {
            p { a href={ "/office/lists/" (list.id) "?version=" (list.version) } { (list.id) " · " (visit.t("field-version")) " " (list.version) } " " (state(visit, "list", list.state.name()))
                @if let Some(on) = list.published_on { " · " (day(on)) } " · " (list.days) " " (visit.t("field-days"))
                @if let Some(amount) = row.amount { " · " (crate::view::amount(amount)) } }
            p.faint { (visit.t("field-hash")) " " span.code { (list.hash) } }
        }
    }
}

fn about(visit: &Visit, found: &Chain) -> Markup {
    let case = &found.case;
    html! {
        p { a.code href={ "/office/cases/" (case.id) } { (case.id) } " " (state(visit, "case", case.state.name())) " · "
            a href={ "/office/subjects/" (found.subject.id) } { (found.subject.name.as_deref().unwrap_or(&found.subject.id)) } }
        p { (visit.t("office-opened")) " " (moment(case.opened_at)) " · " (visit.t("office-on")) " " (day(case.on_date)) }
        (deeds::table(visit, &found.deeds))
    }
}

/// The conditions with the values that they read, and every fact behind them with its source.
fn facts(visit: &Visit, found: &Chain) -> Markup {
    let vocabulary = Vocabulary::of(&found.names, &found.subject.kind, visit.words);
    let mut table = Table::new(visit.t("audit-facts"))
        .head(visit.t("fact-head"))
        .head(visit.t("fact-value"))
        .head(visit.t("field-source"))
        .head(visit.t("field-valid-from"))
        .head(visit.t("audit-known-since"))
        .number(visit.t("field-seq"));
    for one in &found.facts {
        table.row([
            html! { span title=(one.path) { (vocabulary.label(&one.path)) } },
            html! { (vocabulary.value(one).unwrap_or_else(|| visit.t("audit-forgotten"))) },
            fact_source(one),
            day(one.valid_from),
            moment(one.known_from),
            html! { a href={ "/audit/log/" (one.seq) } { (one.seq) } },
        ]);
    }
    html! {
        (found.explained)
        details { summary { (visit.words.with("audit-facts-all", &[("count", found.facts.len().into())])) } div.dense { (table.show(visit)) } }
    }
}

fn package(visit: &Visit, found: &Chain) -> Markup {
    let policy = &found.policy;
    html! {
        (pairs([
            (visit.t("field-policy"), html! { span.code { (policy.id) } }),
            (visit.t("field-version"), html! { (policy.name) " " (policy.version) }),
            (visit.t("audit-published"), html! { @if let Some(on) = policy.published_on { (day(on)) } }),
            (visit.t("audit-package-digest"), html! { span.code { (policy.files) } }),
        ]))
        @if let Some(last) = found.decisions.first() {
            p.faint { (visit.t("audit-engine")) " " (last.engine) " · " (visit.t("audit-calendar")) " " span.code { (last.calendar) } }
        }
    }
}

/// Every clause that the decision in force goes by, once.
fn clauses(visit: &Visit, found: &Chain) -> Markup {
    let mut seen = BTreeSet::new();
    let reasons = found.decisions.first().map(|last| &last.reasons);
    let first = reasons.and_then(|reasons| reasons.get("citation"));
    let others = ["/reasons", "/rules/reasons"].into_iter();
    let others = others.filter_map(|place| {
        reasons
            .and_then(|reasons| reasons.pointer(place))
            .and_then(Value::as_array)
    });
    let others = others.flatten().filter_map(|reason| reason.get("citation"));
    let all: Vec<&Value> = first
        .into_iter()
        .chain(others)
        .filter(|citation| seen.insert(citation.to_string()))
        .collect();
    html! {
        @if all.is_empty() { (nothing(visit)) }
        ul { @for citation in all { li { (cited(citation)) } } }
        p { a href={ "/audit?q=" (encoded(&found.case.measure)) } { (visit.t("audit-same-measure")) } }
    }
}

/// A citation as a decision keeps it, as a link to its clause.
fn cited(citation: &Value) -> Markup {
    let text = |name: &str| citation.get(name).and_then(Value::as_str).unwrap_or_default();
    let headings: Vec<&str> = citation
        .get("headings")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let number = if text("number").is_empty() {
        text("document")
    } else {
        text("number")
    };
    let href = format!(
        "/policies/{}#{}",
        encoded(text("document")),
        encoded(&anchor(headings.iter().copied()))
    );
    html! { a href=(href) { (number) @for heading in headings { " · " (heading) } } }
}
