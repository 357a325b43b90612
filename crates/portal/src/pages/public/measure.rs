//! One measure in words: who, how much, by which clause, who leads, and how it combines with others.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use meed_facts::date::Date;
use meed_office::policies::program;
use meed_office::tx::Tx;
use meed_rules::show::{RuleKind, RuleView};

use super::asked::{Asked, day_form};
use super::document::written;
use super::policies::is_current;
use super::rule::{Telling, clause_address, span};
use super::shelf::{Published, published};
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Table, section};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/measures/{name}", Audience::Anyone, measure)]
}

async fn measure(
    State(portal): State<Arc<Portal>>,
    Path(name): Path<String>,
    visit: Visit,
    asked: Asked,
) -> Result<Page, Fault> {
    let on = asked.day("on")?.unwrap_or(portal.today()?);
    let wanted = name.clone();
    let (one, program) = portal
        .read(move |connection, setup| {
            let all = published(connection)?;
            let found = all
                .into_iter()
                .filter(is_current)
                .find(|one| versions(one, &wanted).next().is_some());
            let one = found.ok_or(Fault::Absent)?;
            let mut tx = Tx::reading(connection, setup)?;
            let program = program(&mut tx, &one.policy, on)?;
            Ok::<_, Fault>((one, program))
        })
        .await?;
    let telling = Telling::new(&visit, &program);
    let all: Vec<&RuleView> = versions(&one, &name).collect();
    let label = all
        .first()
        .map_or(name.as_str(), |rule| rule.label.text(visit.lang(), &name));
    let found = program
        .measures
        .iter()
        .find(|(_, measure)| *measure.named.name == *name);
    let body = html! {
        p.crumbs { a href="/policies" { (visit.t("policies-title")) } }
        h1 { (label) }
        (day_form(&visit, &visit.t("document-on"), on, &[]))
        @if let Some((_, measure)) = found {
            @let (shown, apart): (Vec<_>, Vec<_>) = measure.rules.iter().partition(|rules| rules.in_force.contains(on));
            // Where a date among the facts decides, who entered earlier has the version of then. What begins later is nobody's yet.
            @let earlier: Vec<_> = apart.into_iter().filter(|rules| rules.anchor.is_some() && rules.in_force.from.is_none_or(|from| from <= on)).collect();
            @if shown.is_empty() { p.note { (visit.words.with("measure-not-in-force", &[("on", on.to_string().into())])) } }
            @for rules in shown { div.panel { (telling.rules(rules)) } }
            @if !earlier.is_empty() {
                details { summary { (visit.words.with("measure-earlier", &[("count", earlier.len().into())])) }
                    @for rules in earlier { div.panel { (telling.rules(rules)) } }
                }
            }
            @let combined = telling.combined(measure);
            (section(visit.t("measure-combines"), html! {
                @if combined.is_empty() { p { (visit.t("measure-combines-none")) } }
                @for id in combined { div.panel { (telling.combine(id)) } }
            }))
        } @else {
            p.note { (visit.words.with("measure-not-in-force", &[("on", on.to_string().into())])) }
        }
        (section(visit.t("measure-versions"), of_all_times(&visit, &all, on)))
        @for rule in &all { (written(&visit, rule)) }
        p.actions { a.button href="/check" { (visit.t("home-check")) } }
    };
    Ok(Page::new(label, body))
}

fn versions<'a>(one: &'a Published, name: &'a str) -> impl Iterator<Item = &'a RuleView> {
    let rules = one.shelf.rules.iter();
    rules.filter(move |rule| rule.kind == RuleKind::Measure && *rule.name == *name)
}

fn of_all_times(visit: &Visit, all: &[&RuleView], on: Date) -> Markup {
    let heads = [visit.t("rule-force"), visit.t("rule-clause"), visit.t("rule-lead")];
    let mut table = heads
        .into_iter()
        .fold(Table::new(visit.t("measure-versions")), Table::head);
    for rule in all {
        let path = rule.cited.headings.iter().map(|one| &**one);
        let lead = match &rule.lead {
            Some(meed_rules::show::LeadView::Agency(agency)) => {
                agency.label.text(visit.lang(), &agency.name).to_owned()
            }
            _ => visit.t("rule-lead-unsaid"),
        };
        table.row([
            html! { (span(visit, rule.in_force)) @if rule.in_force.contains(on) { " " span.state.good { (visit.t("policies-in-force")) } } },
            html! { a href=(clause_address(&rule.cited.path, path)) { (rule.cited.number.as_deref().unwrap_or(&rule.cited.path)) @for heading in rule.cited.headings.iter() { " › " (heading) } } },
            html! { (lead) },
        ]);
    }
    table.show(visit)
}
