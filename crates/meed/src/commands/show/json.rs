//! What a package holds, for programs.

use meed_facts::date::Span as Dates;
use meed_facts::label::Label;
use meed_rules::package::Manifest;
use meed_rules::program::Confidence;
use meed_rules::show::{AgencyView, Cited, DocumentView, LeadView, Overview, RuleView};
use serde_json::{Value, json};

/// The whole package.
pub fn overview(manifest: &Manifest, overview: &Overview) -> Value {
    json!({
        "package": { "name": *manifest.name, "version": *manifest.version, "title": label(&manifest.title) },
        "documents": overview.documents.iter().map(document).collect::<Vec<_>>(),
        "rules": overview.rules.iter().map(rule).collect::<Vec<_>>(),
    })
}

/// One version of a rule.
pub fn rule(rule: &RuleView) -> Value {
    let lead = match &rule.lead {
        None => Value::Null,
        Some(LeadView::TextMissing) => json!("text missing"),
        Some(LeadView::Agency(who)) => agency(who),
    };
    json!({
        "kind": rule.kind.name(),
        "name": *rule.name,
        "label": label(&rule.label),
        "in_force": span(rule.in_force),
        "citation": cited(&rule.cited),
        "source": confidence(rule.source),
        "basis": rule.basis.as_deref(),
        "lead": lead,
        "with": rule.with.iter().map(agency).collect::<Vec<_>>(),
        "conditions": rule.conditions,
        "text": rule.text,
        "amended_by": rule.amended_by.iter().map(cited).collect::<Vec<_>>(),
    })
}

fn document(view: &DocumentView) -> Value {
    let about = &view.document;
    let count = view.count();
    let articles = view
        .articles
        .iter()
        .map(|article| json!({ "headings": article.headings, "line": article.line, "state": article.state.name() }));
    let holes = view
        .holes
        .iter()
        .map(|hole| json!({ "headings": hole.headings, "line": hole.line, "text": hole.text }));
    json!({
        "path": *about.path,
        "number": about.number.as_deref(),
        "title": label(&about.title),
        "issuer": label(&about.issuer),
        "issued": about.issued.map(|day| day.to_string()),
        "in_force": span(about.in_force),
        "source": confidence(about.source),
        "coverage": {
            "articles": count.all,
            "rules": count.rules,
            "reasoned": count.reasoned,
            "text_missing": count.missing,
            "silent": count.silent,
            "percent": count.percent(),
        },
        "articles": articles.collect::<Vec<_>>(),
        "holes": holes.collect::<Vec<_>>(),
    })
}

fn label(label: &Label) -> Value {
    json!({ "zh": label.zh.as_deref(), "en": label.en.as_deref() })
}

fn agency(agency: &AgencyView) -> Value {
    json!({ "name": *agency.name, "label": label(&agency.label) })
}

fn cited(cited: &Cited) -> Value {
    let headings: Vec<&str> = cited.headings.iter().map(|heading| &**heading).collect();
    json!({ "document": *cited.path, "number": cited.number.as_deref(), "headings": headings, "line": cited.line })
}

fn span(span: Dates) -> Value {
    let day = |day: Option<meed_facts::date::Date>| day.map(|day| day.to_string());
    json!({ "from": day(span.from), "until": day(span.until) })
}

fn confidence(source: Confidence) -> &'static str {
    match source {
        Confidence::Official => "official",
        Confidence::Secondary => "secondary",
        Confidence::Draft => "draft",
    }
}
