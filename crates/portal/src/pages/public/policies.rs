//! The catalogue of policies, with search in both languages.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_rules::show::RuleKind;

use super::asked::Asked;
use super::rule::{clause_address, span};
use super::shelf::{Clause, Published, Sheet, published};
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::section;
use crate::visit::{Page, Visit};

/// How many clauses of one document are shown as found.
const MOST_CLAUSES: usize = 5;
/// How many characters stand around what was found.
const AROUND: usize = 40;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/policies", Audience::Anyone, catalogue)]
}

async fn catalogue(State(portal): State<Arc<Portal>>, visit: Visit, asked: Asked) -> Result<Page, Fault> {
    let all = portal.read(|connection, _| published(connection)).await?;
    let today = portal.today()?;
    let query = asked.text("q").unwrap_or_default();
    let search = Search::new(query);
    let current: Vec<&Published> = all.iter().filter(|one| is_current(one)).collect();
    let body = html! {
        h1 { (visit.t("policies-title")) }
        p.lead { (visit.t("policies-lead")) }
        form.line role="search" method="get" action="/policies" {
            label for="q" { (visit.t("policies-search")) }
            input id="q" type="search" name="q" value=(query) placeholder=(visit.t("policies-search-hint"));
            button type="submit" { (visit.t("find-go")) }
        }
        @for one in &current {
            @let found: Vec<(&Sheet, Vec<&Clause>)> = one.shelf.sheets.iter().filter_map(|sheet| search.find(sheet)).collect();
            @let (legal, words): (Vec<_>, Vec<_>) = found.into_iter().partition(|(sheet, _)| sheet.is_legal());
            @if !query.is_empty() { p role="status" { (visit.words.with("policies-found", &[("count", legal.len().into()), ("query", query.into())])) } }
            (section(one.shelf.title.text(visit.lang(), &one.policy.name), html! {
                p.faint { (visit.words.with("policies-version", &[("version", one.policy.version.as_str().into())]))
                    @if let Some(day) = one.policy.published_on { " · " (visit.t("policies-published")) " " (day) } }
                ul.sheets { @for (sheet, clauses) in &legal {
                    li.panel { (card(&visit, &search, sheet, clauses, sheet.is_in_force(today))) }
                } }
                @if query.is_empty() { (measures(&visit, one)) }
                @if !words.is_empty() {
                    details open[!query.is_empty()] { summary { (visit.t("policies-vocabulary")) }
                        ul { @for (sheet, _) in &words { li { a href=(clause_address(&sheet.about.path, [])) { (sheet.about.title.text(visit.lang(), &sheet.about.path)) } } } }
                    }
                }
            }))
        }
        @if current.is_empty() { p { (visit.t("policies-none")) } }
        p { a href="/data" { (visit.t("policies-data")) } }
    };
    Ok(Page::new(visit.t("policies-title"), body))
}

/// Whether a version decides today.
pub(super) fn is_current(one: &Published) -> bool {
    one.policy.state == meed_office::machine::PolicyState::Published
}

fn card(visit: &Visit, search: &Search, sheet: &Sheet, clauses: &[&Clause], in_force: bool) -> Markup {
    let about = &sheet.about;
    html! {
        h3 { a href=(clause_address(&about.path, [])) { (about.title.text(visit.lang(), &about.path)) } }
        p.faint {
            (about.number.as_deref().unwrap_or_default()) " · " (about.issuer.text(visit.lang(), ""))
            " · " (span(visit, about.in_force)) " "
            @if in_force { span.state.good { (visit.t("policies-in-force")) } } @else { span.state { (visit.t("policies-not-in-force")) } }
        }
        @if !search.is_empty() && !clauses.is_empty() {
            ul.conditions { @for clause in clauses.iter().take(MOST_CLAUSES) {
                li {
                    a href=(clause_address(&about.path, clause.headings.iter().map(String::as_str))) { (clause.heading().unwrap_or_default()) }
                    @if let Some(around) = search.around(&clause.prose) { " — " (around) }
                }
            } }
        }
    }
}

/// The measures of a package, by their names.
fn measures(visit: &Visit, one: &Published) -> Markup {
    let mut names: Vec<(&str, &str)> = Vec::new();
    for rule in one.shelf.rules.iter().filter(|rule| rule.kind == RuleKind::Measure) {
        if !names.iter().any(|(name, _)| *name == &*rule.name) {
            names.push((&rule.name, rule.label.text(visit.lang(), &rule.name)));
        }
    }
    html! {
        details { summary { (visit.words.with("policies-measures", &[("count", names.len().into())])) }
            ul.columns { @for (name, label) in names { li { a href={ "/measures/" (name) } { (label) } } } }
        }
    }
}

/// What is looked for: every word of it, wherever it stands in a document.
struct Search(Vec<String>);

impl Search {
    fn new(query: &str) -> Self {
        Self(query.to_lowercase().split_whitespace().map(str::to_owned).collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A document in which every word stands, with the clauses in which one does.
    fn find<'s>(&self, sheet: &'s Sheet) -> Option<(&'s Sheet, Vec<&'s Clause>)> {
        let about = &sheet.about;
        let parts = [
            about.title.zh.as_deref(),
            about.title.en.as_deref(),
            about.issuer.zh.as_deref(),
            about.issuer.en.as_deref(),
            about.number.as_deref(),
        ];
        let head = parts
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n")
            .to_lowercase();
        let clauses: Vec<(&Clause, String)> = sheet.clauses.iter().map(|clause| (clause, text_of(clause))).collect();
        let stands = |word: &String| {
            head.contains(word.as_str()) || clauses.iter().any(|(_, text)| text.contains(word.as_str()))
        };
        let all = self.0.iter().all(stands);
        let hit = |text: &str| self.0.iter().any(|word| text.contains(word.as_str()));
        let found = clauses
            .iter()
            .filter(|(clause, text)| clause.heading().is_some() && hit(text));
        all.then(|| (sheet, found.map(|(clause, _)| *clause).collect()))
    }

    /// The words around the first place where one of those looked for stands.
    fn around(&self, text: &str) -> Option<Markup> {
        let characters: Vec<char> = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let lower: Vec<char> = characters
            .iter()
            .map(|c| c.to_lowercase().next().unwrap_or(*c))
            .collect();
        self.0.iter().find_map(|word| {
            let word: Vec<char> = word.chars().collect();
            let at = lower.windows(word.len().max(1)).position(|part| part == word)?;
            let end = at.saturating_add(word.len());
            let slice = |from: usize, to: usize| -> String {
                characters.iter().skip(from).take(to.saturating_sub(from)).collect()
            };
            let from = at.saturating_sub(AROUND);
            Some(html! { "…" (slice(from, at)) mark { (slice(at, end)) } (slice(end, end.saturating_add(AROUND))) "…" })
        })
    }
}

/// A clause's words and those of its rules, in both languages.
fn text_of(clause: &Clause) -> String {
    let mut parts: Vec<&str> = clause.headings.iter().map(String::as_str).collect();
    parts.push(&clause.prose);
    for rule in &clause.rules {
        parts.push(&rule.name);
        parts.extend(rule.label.zh.as_deref().into_iter().chain(rule.label.en.as_deref()));
    }
    parts.join("\n").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::Search;

    #[test]
    fn what_was_found_stands_among_the_words_around_it() {
        let shown = Search::new("设计 CENTRE")
            .around("A design Centre\n设计中心<b>")
            .unwrap()
            .into_string();
        assert_eq!(shown, "…A design Centre <mark>设计</mark>中心&lt;b&gt;…");
        let shown = Search::new("centre").around("A design Centre").unwrap().into_string();
        assert!(shown.contains("<mark>Centre</mark>"), "{shown}");
        assert!(Search::new("nothing").around("A design Centre").is_none());
    }
}
