//! What comes of the answers: for each measure what one could get, why, what is missing, and how far it is.

use maud::{Markup, html};
use meed_engine::awards::verdict::Verdict;
use meed_engine::explain::Evaluator;
use meed_engine::result::{AwardLine, Citation, Determination, ReasonKind};
use meed_engine::words::{Block, Entry, Mark, Words};
use meed_facts::money::Money;

use crate::view::{clause, entries, sign};
use crate::visit::Visit;

/// What comes of the answers, in the visitor's language.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What is certainly due.
    pub total: String,
    /// What may be due, where that is more.
    pub possible: Option<String>,
    /// Which package, in which version.
    pub package: String,
    /// Measures, services and titles.
    pub lines: Vec<Line>,
}

/// What comes of the answers for one measure.
#[derive(Clone, Debug)]
pub struct Line {
    /// The measure, where it is one.
    pub measure: Option<String>,
    /// Whether one gets it.
    pub mark: Mark,
    /// What people call it.
    pub title: String,
    /// Verdict and amount in a few words.
    pub summary: String,
    /// Its clause: address and words.
    pub clause: Option<(String, String)>,
    /// Reasons, amount, what is missing…, each under a heading.
    pub parts: Vec<(String, Markup)>,
}

impl Outcome {
    /// Words for a determination. The evaluator must be the one that determined.
    pub fn of(visit: &Visit, evaluator: &Evaluator<'_>, determination: &Determination) -> Self {
        let words = Words::about(evaluator, visit.lang());
        let telling = Telling { visit, words };
        let own = determination.lines.iter().filter(|line| !is_for_others(line));
        let mut lines: Vec<Line> = own.map(|line| telling.award(line)).collect();
        let services = determination.services.iter().map(|line| words.service(line));
        let titles = determination.titles.iter().filter_map(|line| words.title_line(line));
        lines.extend(services.chain(titles).map(|block| telling.line(block, None, None)));
        let possible = determination.possible != determination.total;
        Self {
            total: words.payable(determination.total),
            possible: possible.then(|| words.payable(determination.possible)),
            package: format!("{} {}", determination.package, determination.version),
            lines,
        }
    }
}

fn is_for_others(line: &AwardLine) -> bool {
    line.reasons
        .iter()
        .any(|reason| reason.kind == ReasonKind::OtherApplicants)
}

struct Telling<'v, 'e, 'p> {
    visit: &'v Visit,
    words: Words<'e, 'p>,
}

impl Telling<'_, '_, '_> {
    fn award(&self, line: &AwardLine) -> Line {
        let name = Some(line.name.to_string());
        let told = self.line(self.words.award(line), name, line.citation.as_ref());
        // Who fulfils every condition and gets nothing more has what there is.
        let nothing = line.amount.high.is_some_and(Money::is_zero);
        let mark = if line.verdict == Verdict::Eligible && nothing {
            Mark::Apart
        } else {
            told.mark
        };
        Line { mark, ..told }
    }

    fn line(&self, block: Block, measure: Option<String>, citation: Option<&Citation>) -> Line {
        let clause = citation.map(|one| (clause(one), self.words.citation(one)));
        let above = clause
            .as_ref()
            .map(|(_, words)| words.clone())
            .or(block.place)
            .unwrap_or_default();
        let told = |list: &[Entry]| entries(self.visit, &self.words, list, &above);
        Line {
            measure,
            mark: block.mark,
            title: block.title,
            summary: block.summary,
            parts: block
                .parts
                .iter()
                .map(|(heading, list)| (heading.clone(), told(list)))
                .collect(),
            clause,
        }
    }
}

/// The outcome as a part of a page.
pub fn shown(visit: &Visit, outcome: &Outcome, finished: bool) -> Markup {
    let group = |wanted: &[Mark]| {
        outcome
            .lines
            .iter()
            .filter(|line| wanted.contains(&line.mark))
            .collect::<Vec<_>>()
    };
    let (gets, open) = (group(&[Mark::Holds]), group(&[Mark::Unknown]));
    let not = group(&[Mark::Fails, Mark::Apart, Mark::None]);
    html! {
        h2 id="so-far" { (visit.t(if finished { "check-outcome" } else { "check-so-far" })) }
        ul.figure {
            li { (visit.t("check-total")) strong { (outcome.total) } }
            @if let Some(possible) = &outcome.possible { li { (visit.t("check-possible")) strong { (possible) } } }
        }
        h3 { (visit.words.with("check-gets", &[("count", gets.len().into())])) }
        @if gets.is_empty() { p { (visit.t("check-gets-none")) } }
        @for line in gets { (one(visit, line, true)) }
        @if !open.is_empty() {
            details open[finished] { summary { h3 { (visit.words.with("check-open", &[("count", open.len().into())])) } } @for line in open { (one(visit, line, false)) } }
        }
        @if !not.is_empty() {
            details open[finished] { summary { h3 { (visit.words.with("check-not", &[("count", not.len().into())])) } } @for line in not { (one(visit, line, false)) } }
        }
        p.faint { (visit.words.with("check-basis", &[("package", outcome.package.as_str().into())])) }
    }
}

fn one(visit: &Visit, line: &Line, open: bool) -> Markup {
    html! {
        details class={ "outcome " (class(line.mark)) } open[open] {
            summary { (sign(visit, line.mark)) strong { (line.title) } " — " (line.summary) }
            p.faint {
                @if let Some(measure) = &line.measure { a href={ "/measures/" (measure) } { (visit.t("check-measure")) } " · " }
                @if let Some((address, words)) = &line.clause { a href=(address) { (words) } }
            }
            @for (heading, told) in &line.parts { h4 { (heading) } (told) }
        }
    }
}

const fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Holds => "good",
        Mark::Fails => "bad",
        Mark::Unknown => "warn",
        Mark::Apart | Mark::None => "apart",
    }
}
