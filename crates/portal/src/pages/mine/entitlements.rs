//! *Our entitlements*: what the rules of today give an applicant by what the register knows, joined with offers and cases.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Redirect;
use maud::{Markup, html};
use meed_engine::awards::verdict::Verdict;
use meed_engine::explain::Evaluator;
use meed_engine::result::{AwardLine, Determination, MissingLine, TitleLine};
use meed_engine::words::{Entry, Mark, Words};
use meed_facts::date::Date;
use meed_facts::money::Money;
use meed_office::cases::{Case, last};
use meed_office::command::{Act, Command, Outcome, Seen};
use meed_office::machine::{CaseState, State as _};
use meed_office::register::facts_of;
use meed_office::setup::Setup;
use meed_office::store::{CURRENCY, Cell, Connection};
use meed_office::tx::Tx;

use super::applicant::Applicant;
use super::cases::ENDED;
use super::chance::{Chance, Line, chances};
use super::consent::{Purpose, asked, may_read};
use super::group::Group;
use crate::access::Audience;
use crate::app::Portal;
use crate::determined::{Names, determine};
use crate::fault::Fault;
use crate::posted::Posted;
use crate::routes::Route;
use crate::view::{Offer, amount, block, csrf, day, grouped, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/my", Audience::Agent, entitlements),
        Route::post("/my/apply", Audience::Agent, apply),
    ]
}

/// One line, as the page shows it.
struct Item {
    group: Group,
    /// `award` or `title`.
    kind: &'static str,
    measure: String,
    object: String,
    title: String,
    /// What it comes to, where that is exact.
    exact: Option<Money>,
    /// What it comes to, in words.
    worth: Option<String>,
    /// On which day it is paid.
    due: Option<Date>,
    /// What is missing, or how far it is.
    wants: Vec<String>,
    /// Whether it can be asked for: it is given, or facts are missing that somebody can say.
    helps: bool,
    /// Whether nothing is missing but the policy's own text, which no applicant can state.
    unwritten: bool,
    /// Whether it is to be applied for, and whether that is taken today.
    application: Option<(bool, bool)>,
    /// When the rules may give it, where they do not today.
    chance: Option<Chance>,
    explained: Markup,
    case: Option<Case>,
}

impl Item {
    fn line(&self) -> Line {
        (self.kind, self.measure.clone(), self.object.clone())
    }
}

/// Everything the page shows.
struct View {
    applicant: Applicant,
    items: Vec<Item>,
    has_account: bool,
    /// Whether the applicant's facts may be read for this.
    may: bool,
}

async fn entitlements(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let seen = visit.clone();
    let view = portal
        .read(move |connection, setup| read(connection, setup, &seen))
        .await?;
    let title = view.applicant.say(&visit, "mine-title");
    let body = html! {
        h1 { (title) }
        (view.applicant.choice(&visit))
        @if view.may {
            (sums(&visit, &view))
            @for group in Group::ALL { (part(&visit, &view, group)) }
            p { a href=(view.applicant.at("/my/whatif")) { (visit.t("mine-whatif-go")) } }
        } @else { (asked(&visit, &view.applicant)) }
    };
    Ok(Page::new(title, body))
}

fn read(connection: &mut Connection, setup: &Setup, visit: &Visit) -> Result<View, Fault> {
    let applicant = Applicant::of(connection, setup, visit)?;
    if !may_read(connection, &applicant, Purpose::Entitlements)? {
        return Ok(View {
            applicant,
            items: Vec::new(),
            has_account: true,
            may: false,
        });
    }
    let mut tx = Tx::reading(connection, setup)?;
    let (subject, today) = (&applicant.subject, tx.today);
    let facts = facts_of(&mut tx, subject, today, None)?.to_string();
    let live = format!("subject = $1 AND state NOT IN ({ENDED}) ORDER BY opened_at");
    let cases = tx.rows::<Case>(&live, &[Cell::from(&subject.id)])?;
    let active = "SELECT count(*) FROM account WHERE subject = $1 AND state = 'active'";
    let has_account = tx.number(active, &[Cell::from(&subject.id)])? > 0;
    let mut items = Vec::new();
    for program in Names::read(&mut tx)?.programs() {
        let shown = determine(program, &facts, |evaluator, determination| {
            items_of(visit, evaluator, determination)
        });
        match shown {
            Ok(shown) => items.extend(shown),
            // A package that does not know this kind of applicant gives nothing.
            Err(Fault::Bad(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    for item in &mut items {
        let same = |case: &&Case| {
            let object = item.kind == "title" || case.object == item.object;
            case.kind == item.kind && case.measure == item.measure && object
        };
        item.case = cases.iter().find(same).cloned();
        if let Some(decision) = item
            .case
            .as_ref()
            .map(|case| last(&mut tx, &case.id))
            .transpose()?
            .flatten()
            && item.kind == "award"
            && !decision.amount.is_zero()
        {
            // What was decided of it by the rules of its day stands, whatever today's say.
            let sum = grouped(&decision.amount.to_decimal());
            item.worth = Some(visit.words.with("mine-case-amount", &[("amount", sum.into())]));
            (item.exact, item.due) = (Some(decision.amount), None);
        }
    }
    let refused: Vec<Line> = items
        .iter()
        .filter(|item| item.group == Group::Not)
        .map(Item::line)
        .collect();
    let chances = chances(&mut tx, &facts, &refused)?;
    for item in items.iter_mut().filter(|item| item.group == Group::Not) {
        item.chance = chances.get(&item.line()).copied();
    }
    items.sort_by_key(|item| item.group);
    Ok(View {
        applicant,
        items,
        has_account,
        may: true,
    })
}

fn items_of(visit: &Visit, evaluator: &Evaluator<'_>, determination: &Determination) -> Vec<Item> {
    let words = Words::about(evaluator, visit.lang());
    let lines = determination
        .lines
        .iter()
        .filter_map(|line| of_line(visit, &words, line, determination.date));
    let titles = determination
        .titles
        .iter()
        .filter_map(|line| of_title(visit, &words, line));
    lines.chain(titles).collect()
}

fn of_line(visit: &Visit, words: &Words<'_, '_>, line: &AwardLine, today: Date) -> Option<Item> {
    let group = Group::of_line(line, today)?;
    let shown = words.award(line);
    let moves = line
        .gap
        .iter()
        .flat_map(|gap| &gap.conditions)
        .flat_map(|one| &one.moves)
        .filter(|one| !one.is_settled(today));
    let wants: Vec<String> = missing(visit, words, &line.missing)
        .into_iter()
        .chain(moves.map(|one| words.moved(one)))
        .collect();
    let near = matches!(line.verdict, Verdict::NotEligible(_));
    let unwritten = line.verdict == Verdict::Undetermined && is_unwritten(&line.missing);
    let due = line
        .instalments
        .iter()
        .filter_map(|one| one.due)
        .find(|due| *due >= today);
    Some(Item {
        group,
        kind: "award",
        measure: line.name.to_string(),
        object: line.key.as_deref().unwrap_or_default().to_owned(),
        title: shown.title.clone(),
        exact: line.amount.exact(),
        worth: (!near).then(|| words.payable(line.amount)),
        due: due
            .or_else(|| line.payers.iter().find_map(|payer| payer.on))
            .filter(|_| !near),
        wants: match group {
            Group::Almost => wants,
            Group::Not => reasons(words, &shown.parts),
            Group::Ready | Group::Open => Vec::new(),
        },
        helps: !near && !unwritten,
        unwritten,
        application: line.application.map(|one| (one.none_needed, one.open)),
        chance: None,
        explained: block(visit, words, &shown),
        case: None,
    })
}

fn of_title(visit: &Visit, words: &Words<'_, '_>, line: &TitleLine) -> Option<Item> {
    let group = Group::of_title(line)?;
    let shown = words.title_line(line)?;
    Some(Item {
        group,
        kind: "title",
        measure: line.name.to_string(),
        object: String::new(),
        title: shown.title.clone(),
        exact: None,
        worth: None,
        due: None,
        wants: match group {
            Group::Almost => missing(visit, words, &line.missing),
            Group::Not => reasons(words, &shown.parts),
            Group::Ready | Group::Open => Vec::new(),
        },
        helps: group != Group::Not && !is_unwritten(&line.missing),
        unwritten: group != Group::Ready && is_unwritten(&line.missing),
        application: None,
        chance: None,
        explained: block(visit, words, &shown),
        case: None,
    })
}

/// Whether nothing is missing but what the text at hand does not say.
pub(super) fn is_unwritten(missing: &[MissingLine]) -> bool {
    !missing.is_empty() && missing.iter().all(|one| one.source.is_none())
}

/// Why a line is not given: its reasons say it, where it has some; what would have been paid when does not.
fn reasons(words: &Words<'_, '_>, parts: &[(String, Vec<Entry>)]) -> Vec<String> {
    let is_reasons = |(heading, _): &&(String, Vec<Entry>)| matches!(heading.as_str(), "理由" | "Reasons");
    let found = parts.iter().find(is_reasons);
    found.map_or_else(Vec::new, |(_, entries)| failing(words, entries))
}

/// The conditions that decided against a line, each with its values and its clause; a condition that failed by those below it is not told
/// beside them.
fn failing(words: &Words<'_, '_>, entries: &[Entry]) -> Vec<String> {
    let mut told = Vec::new();
    for entry in entries.iter().filter(|entry| entry.mark == Mark::Fails) {
        let below = failing(words, &entry.children);
        if !below.is_empty() {
            told.extend(below);
            continue;
        }
        let cited = entry.citation.as_ref().map(|citation| words.citation(citation));
        let parts = [
            entry.label.clone(),
            Some(entry.text.clone()),
            entry.detail.clone(),
            cited,
        ];
        told.push(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
    }
    told
}

/// What is missing, each with the papers that prove it.
fn missing(visit: &Visit, words: &Words<'_, '_>, lines: &[MissingLine]) -> Vec<String> {
    let told = |one: &MissingLine| {
        let papers: Vec<&str> = one.evidence.iter().map(|label| visit.words.label(label, "")).collect();
        let place = words.place(&one.place);
        match papers.as_slice() {
            [] => place,
            papers => format!("{place}（{}）", papers.join(visit.words.pick("、", ", "))),
        }
    };
    lines.iter().map(told).collect()
}

/// How much is ready, and how many lines stand in each group.
fn sums(visit: &Visit, view: &View) -> Markup {
    let ready = view.items.iter().filter(|item| item.group == Group::Ready);
    let sum = ready
        .filter_map(|item| item.exact)
        .try_fold(Money::zero(CURRENCY), Money::checked_add);
    html! {
        ul.figure {
            li { strong { @match sum { Some(sum) => (amount(sum)), None => "…" } } (visit.t("mine-ready-sum")) }
            @for group in Group::ALL {
                @let number = view.items.iter().filter(|item| item.group == group).count();
                li { a href={ "#" (group.name()) } { strong { (number) } (group_name(visit, group)) } }
            }
        }
        @if !view.has_account {
            p.note { (view.applicant.say(visit, "mine-no-account")) " " a href=(view.applicant.at("/my/account")) { (visit.t("mine-account-go")) } }
        }
    }
}

fn group_name(visit: &Visit, group: Group) -> String {
    match group {
        Group::Ready => visit.t("mine-ready"),
        Group::Almost => visit.t("mine-almost"),
        Group::Open => visit.t("mine-open"),
        Group::Not => visit.t("mine-not"),
    }
}

fn part(visit: &Visit, view: &View, group: Group) -> Markup {
    let items: Vec<&Item> = view.items.iter().filter(|item| item.group == group).collect();
    html! {
        section id=(group.name()) {
            h2 { (group_name(visit, group)) }
            @if items.is_empty() { p.faint { (visit.t("nothing")) } }
            @for item in items { (one(visit, view, item)) }
        }
    }
}

fn one(visit: &Visit, view: &View, item: &Item) -> Markup {
    html! {
        article.panel {
            h3 { (item.title) @if let Some(case) = &item.case { " " (state(visit, "case", case.state.name())) } }
            @if let Some(worth) = &item.worth { p.summary { (worth) } }
            @if let Some(due) = item.due { p { (visit.t("mine-due")) " " (day(due)) } }
            @if !item.wants.is_empty() { ul { @for want in &item.wants { li { (want) } } } }
            @if item.group == Group::Not { p.faint { (later(visit, item.chance)) } }
            (next(visit, view, item))
            details { summary { (visit.t("mine-why")) } (item.explained) }
        }
    }
}

/// When there is another chance.
fn later(visit: &Visit, chance: Option<Chance>) -> String {
    match chance {
        Some(Chance { on, certain }) => {
            let key = if certain { "mine-chance" } else { "mine-chance-open" };
            visit.words.with(key, &[("day", on.to_string().into())])
        }
        None => visit.t("mine-no-chance"),
    }
}

/// What there is to do about a line.
fn next(visit: &Visit, view: &View, item: &Item) -> Markup {
    if let Some(case) = &item.case {
        return of_case(visit, view, case);
    }
    let closed = matches!(item.application, Some((false, false)));
    html! {
        @if matches!(item.application, Some((true, _))) && item.group == Group::Ready { p { (visit.t("mine-offered-soon")) } }
        @if item.unwritten { p.note { (visit.t("mine-unwritten")) } }
        @if closed { p.note { (visit.t("mine-closed")) } }
        @else if item.helps {
            form method="post" action="/my/apply" {
                (csrf(visit))
                input type="hidden" name="command" value=(Offer::new(visit, "case.apply").command);
                input type="hidden" name="subject" value=(view.applicant.subject.id);
                input type="hidden" name="kind" value=(item.kind);
                input type="hidden" name="measure" value=(item.measure);
                input type="hidden" name="object" value=(item.object);
                button.second[item.group != Group::Ready] type="submit" {
                    (visit.t(if item.group == Group::Ready { "mine-apply" } else { "mine-apply-with" }))
                }
            }
        }
    }
}

fn of_case(visit: &Visit, view: &View, case: &Case) -> Markup {
    let address = format!("/my/cases/{}", case.id);
    html! {
        @if case.state == CaseState::Offered {
            p { (visit.t("mine-offered"))
                @if let Some(until) = case.offer_until { " " (visit.t("mine-until")) " " (day(until)) }
            }
            @if view.has_account { p.faint { (visit.t("mine-nothing-to-do")) } }
            div.actions {
                (Offer::new(visit, "case.accept").with("case", &case.id).seeing([Seen::of(case)]).show(visit))
                a href=(address) { (visit.t("mine-case-go")) }
            }
        } @else if matches!(case.state, CaseState::Draft | CaseState::Correction) {
            p { a.button href={ (address) "/form" } { (visit.t("mine-form-go")) } " " a href=(address) { (visit.t("mine-case-go")) } }
        } @else {
            p { a href=(address) { (visit.t("mine-case-go")) } }
        }
    }
}

/// Opens an application, and leads to its form.
async fn apply(State(portal): State<Arc<Portal>>, visit: Visit, posted: Posted) -> Result<Redirect, Fault> {
    let person = visit.person()?.to_owned();
    let title = posted.one("kind") == "title";
    let kind = if title { "case.apply_title" } else { "case.apply" };
    let mut fields = posted.fields.clone();
    fields.retain(|name, _| matches!(name.as_str(), "subject" | "measure" | "object"));
    if title {
        let name = fields.remove("measure").unwrap_or_default();
        fields.insert("title".to_owned(), name);
        fields.remove("object");
    }
    let act = Act::from_fields(kind, &fields).map_err(|_| Fault::Absent)?;
    match portal.submit(Command::new(posted.one("command"), person, act)).await? {
        Outcome::Accepted { result, .. } => {
            let case = result
                .get("case")
                .and_then(serde_json::Value::as_str)
                .ok_or(Fault::Absent)?;
            Ok(Redirect::to(&format!("/my/cases/{case}/form")))
        }
        Outcome::Denied { reason, .. } => Err(Fault::Denied(reason)),
        Outcome::Undecided { reason, .. } => Err(Fault::Undecided(reason)),
    }
}
