//! One document: its clauses with their rules beside them, on a day.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use meed_office::policies::program;
use meed_office::tx::Tx;
use meed_rules::program::Program;
use meed_rules::show::{ArticleState, LeadView, RuleKind, RuleView};

use super::asked::{Asked, day_form};
use super::changes;
use super::policies::is_current;
use super::prose::prose;
use super::rule::{Telling, clause_address, span};
use super::shelf::{Clause, Published, Sheet, published};
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/policies/{*path}", Audience::Anyone, document)]
}

async fn document(
    State(portal): State<Arc<Portal>>,
    Path(path): Path<String>,
    visit: Visit,
    asked: Asked,
) -> Result<Page, Fault> {
    let on = asked.day("on")?.unwrap_or(portal.today()?);
    let wanted = asked.text("version").map(str::to_owned);
    let within = path.clone();
    let (all, chosen, program) = portal
        .read(move |connection, setup| {
            let all = published(connection)?;
            let has = |one: &&Published| one.shelf.sheet(&within).is_some();
            let chosen = match &wanted {
                Some(id) => all.iter().filter(has).find(|one| one.policy.id == *id),
                None => all.iter().find(has),
            };
            let chosen = chosen.ok_or(Fault::Absent)?.clone();
            let mut tx = Tx::reading(connection, setup)?;
            let program = program(&mut tx, &chosen.policy, on)?;
            Ok::<_, Fault>((all, chosen, program))
        })
        .await?;
    let sheet = chosen.shelf.sheet(&path).ok_or(Fault::Absent)?;
    if let Some(from) = asked.text("from") {
        return changes::page(&visit, &all, (&chosen, sheet), from, asked.text("other"));
    }
    let telling = Telling::new(&visit, &program);
    let title = sheet.about.title.text(visit.lang(), &path).to_owned();
    let body = html! {
        p.crumbs { a href="/policies" { (visit.t("policies-title")) } }
        h1 { (title) }
        (head(&visit, sheet, on))
        div.actions {
            (day_form(&visit, &visit.t("document-on"), on, &[("version", &chosen.policy.id)]))
            (changes::form(&visit, &all, &chosen, sheet))
        }
        (contents(&visit, sheet))
        @for clause in &sheet.clauses { (clause_of(&visit, &telling, sheet, clause, on)) }
        p.faint { (visit.words.with("document-version", &[("name", chosen.policy.name.as_str().into()), ("version", chosen.policy.version.as_str().into())]))
            @if !is_current(&chosen) { " · " (visit.t("document-replaced")) } }
    };
    Ok(Page::new(title, body))
}

fn head(visit: &Visit, sheet: &Sheet, on: meed_facts::date::Date) -> Markup {
    let about = &sheet.about;
    let in_force = sheet.is_in_force(on);
    html! {
        dl.pairs {
            @if let Some(number) = &about.number { div { dt { (visit.t("document-number")) } dd { (number) } } }
            div { dt { (visit.t("document-issuer")) } dd { (about.issuer.text(visit.lang(), "—")) } }
            @if let Some(issued) = about.issued { div { dt { (visit.t("document-issued")) } dd { (issued) } } }
            div { dt { (visit.t("rule-force")) } dd { (span(visit, about.in_force)) } }
            div { dt { (visit.t("document-source")) } dd { (visit.t(confidence(about.source))) } }
        }
        @if !in_force { p.note { (visit.words.with("document-not-in-force", &[("on", on.to_string().into())])) } }
    }
}

/// How sure we are of a text.
const fn confidence(source: meed_rules::program::Confidence) -> &'static str {
    use meed_rules::program::Confidence;
    match source {
        Confidence::Official => "source-official",
        Confidence::Secondary => "source-secondary",
        Confidence::Draft => "source-draft",
    }
}

fn contents(visit: &Visit, sheet: &Sheet) -> Markup {
    let listed: Vec<&Clause> = sheet
        .clauses
        .iter()
        .filter(|clause| clause.heading().is_some())
        .collect();
    html! {
        @if listed.len() > 3 {
            details.contents { summary { (visit.words.with("document-contents", &[("count", listed.len().into())])) }
                ul.columns { @for clause in listed {
                    li { a href={ "#" (crate::view::encoded(&clause.anchor())) } { (clause.heading().unwrap_or_default()) }
                        @if !clause.rules.is_empty() { " " span.state { (visit.words.with("document-rules", &[("count", clause.rules.len().into())])) } } }
                } }
            }
        }
    }
}

fn clause_of(
    visit: &Visit,
    telling: &Telling<'_>,
    sheet: &Sheet,
    clause: &Clause,
    on: meed_facts::date::Date,
) -> Markup {
    let top = sheet
        .clauses
        .iter()
        .filter_map(|one| (one.level > 0).then_some(one.level))
        .min();
    let level = clause.level.saturating_sub(top.unwrap_or(1)).saturating_add(2);
    let words = clause.heading().unwrap_or_default();
    let here: Vec<&RuleView> = clause.rules.iter().filter(|rule| rule.in_force.contains(on)).collect();
    let others: Vec<&RuleView> = clause.rules.iter().filter(|rule| !rule.in_force.contains(on)).collect();
    html! {
        section.clause id=[clause.heading().map(|_| clause.anchor())] {
            div.words {
                @if !words.is_empty() {
                    @match level { 2 => h2 { (words) }, 3 => h3 { (words) }, 4 => h4 { (words) }, 5 => h5 { (words) }, _ => h6 { (words) } }
                }
                (prose(&clause.prose))
                @if let Some(state) = clause.state { p.faint { (visit.t(state_key(state))) } }
            }
            @if !here.is_empty() || !others.is_empty() {
                aside.rules aria-label=(visit.words.with("document-rules-of", &[("clause", words.into())])) {
                    @for rule in here { (rule_of(visit, telling, sheet, rule)) }
                    @if !others.is_empty() {
                        details { summary { (visit.words.with("document-other-times", &[("count", others.len().into()), ("on", on.to_string().into())])) }
                            @for rule in others { div.rule-card { (heading_of(visit, rule)) p.faint { (span(visit, rule.in_force)) } (written(visit, rule)) } }
                        }
                    }
                }
            }
        }
    }
}

const fn state_key(state: ArticleState) -> &'static str {
    match state {
        ArticleState::Rules => "clause-rules",
        ArticleState::Principle => "clause-principle",
        ArticleState::Organisational => "clause-organisational",
        ArticleState::Elsewhere => "clause-elsewhere",
        ArticleState::Superseded => "clause-superseded",
        ArticleState::TextMissing => "clause-text-missing",
        ArticleState::Silent => "clause-silent",
    }
}

/// What a kind of rule is called.
pub(super) const fn kind_key(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Measure => "kind-measure",
        RuleKind::Service => "kind-service",
        RuleKind::Title => "kind-title",
        RuleKind::Combine => "kind-combine",
        RuleKind::Fund => "kind-fund",
        RuleKind::Parameter => "kind-parameter",
        RuleKind::Definition => "kind-definition",
        RuleKind::Table => "kind-table",
        RuleKind::Sheet => "kind-sheet",
    }
}

fn heading_of(visit: &Visit, rule: &RuleView) -> Markup {
    let label = rule.label.text(visit.lang(), &rule.name);
    html! {
        p.rule-name {
            span.state { (visit.t(kind_key(rule.kind))) } " "
            @if rule.kind == RuleKind::Measure { a href={ "/measures/" (rule.name) } { strong { (label) } } } @else { strong { (label) } }
        }
    }
}

fn rule_of(visit: &Visit, telling: &Telling<'_>, sheet: &Sheet, rule: &RuleView) -> Markup {
    html! {
        div.rule-card {
            (heading_of(visit, rule))
            (said(visit, telling, sheet, rule))
            @if let Some(LeadView::Agency(agency)) = &rule.lead {
                @if rule.kind != RuleKind::Measure { p.faint { (visit.t("rule-lead")) " " (agency.label.text(visit.lang(), &agency.name)) } }
            }
            @for change in &rule.amended_by {
                p.note { (visit.t("document-amended")) " " a href=(clause_address(&change.path, change.headings.iter().map(|one| &**one))) { (change.number.as_deref().unwrap_or(&change.path)) } }
            }
            (written(visit, rule))
        }
    }
}

/// What a rule says, in words, where the Program of the day has it.
fn said(_visit: &Visit, telling: &Telling<'_>, sheet: &Sheet, rule: &RuleView) -> Markup {
    let program: &Program = telling.program;
    let here = |origin: meed_rules::program::OriginId| {
        let origin = &program.origins[origin];
        program.documents[origin.document].path == sheet.about.path && *origin.headings == *rule.cited.headings
    };
    match rule.kind {
        RuleKind::Measure => {
            let measure = program
                .measures
                .iter()
                .find(|(_, measure)| measure.named.name == rule.name);
            let versions = measure.map(|(_, measure)| measure.rules.as_slice()).unwrap_or_default();
            html! { @for version in versions.iter().filter(|one| here(one.origin) && one.in_force == rule.in_force) { (telling.rules(version)) } }
        }
        RuleKind::Combine => {
            let found = program
                .combines
                .iter()
                .find(|(_, combine)| combine.named.name == rule.name);
            html! { @if let Some((id, _)) = found { (telling.combine(id)) } }
        }
        RuleKind::Title => {
            let found = program
                .titles
                .iter()
                .find(|title| program.schema.titles[title.title].named.name == rule.name && here(title.origin));
            html! { @if let Some(meets) = found.and_then(|title| title.meets) { (telling.condition(meets)) } }
        }
        RuleKind::Service => {
            let found = program.services.iter().find(|service| service.named.name == rule.name);
            html! { @if let Some(when) = found.and_then(|service| service.when) { (telling.condition(when)) } }
        }
        RuleKind::Parameter | RuleKind::Definition => {
            let value = program
                .values
                .iter()
                .find(|(name, ..)| program.names[*name].named.name == rule.name);
            html! { @if let Some((_, _, node)) = value { p { (telling.amount(*node)) } } }
        }
        RuleKind::Fund => {
            let found = program.funds.iter().find(|fund| fund.named.name == rule.name);
            html! { @if let Some(fund) = found { (telling.fund(fund)) } }
        }
        RuleKind::Table | RuleKind::Sheet => html! {},
    }
}

/// The rule as it stands in the document.
pub(super) fn written(visit: &Visit, rule: &RuleView) -> Markup {
    html! { details.written { summary { (visit.t("document-written")) } pre { code { (rule.text) } } } }
}
