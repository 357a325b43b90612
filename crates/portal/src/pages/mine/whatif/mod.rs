//! *What if*: some facts changed, and what each measure would give then. Nothing is stored.
//!
//! | module | idea |
//! |---|---|
//! | [`change`] | facts with some of them changed |

pub mod change;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use maud::{Markup, html};
use meed_engine::explain::Evaluator;
use meed_engine::result::{AwardLine, Determination, Payable};
use meed_engine::words::Words;
use meed_facts::date::Period;
use meed_facts::schema::{EntityId, FactId, FactType};
use meed_office::register::facts_of;
use meed_office::setup::Setup;
use meed_office::store::{CURRENCY, Connection};
use meed_office::tx::Tx;
use meed_rules::program::Program;

use self::change::{TITLE, changed, values};
use super::applicant::Applicant;
use super::consent::{Purpose, asked, may_read};
use super::form::draft::Drafts;
use super::form::needs;
use super::form::slot::{Slot, path, slot, text_of, typed};
use super::group::Group;
use crate::access::Audience;
use crate::app::Portal;
use crate::determined::{Names, determine};
use crate::fault::Fault;
use crate::posted::Posted;
use crate::routes::Route;
use crate::view::{Table, block, csrf, section};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/my/whatif", Audience::Agent, before),
        Route::post("/my/whatif", Audience::Agent, after),
    ]
}

/// A fact that can be changed.
struct Knob {
    label: String,
    /// What it is now.
    now: String,
    /// What can be chosen from, where it is a choice.
    options: Vec<(String, String)>,
}

/// What a measure gives.
struct Outcome {
    title: String,
    text: String,
    explained: Markup,
}

type Outcomes = BTreeMap<(String, String), Outcome>;

struct View {
    applicant: Applicant,
    /// Whether the person's facts may be read for this.
    may: bool,
    knobs: BTreeMap<String, Knob>,
    outcomes: [Outcomes; 2],
    totals: [String; 2],
    /// Why the changed facts cannot be read together.
    trouble: Option<Fault>,
    /// Path → how to write what stands there, where it cannot be read.
    wrong: BTreeMap<String, String>,
}

async fn before(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    shown(&portal, &visit, None, Drafts::new()).await
}

async fn after(State(portal): State<Arc<Portal>>, visit: Visit, posted: Posted) -> Result<Page, Fault> {
    let fields = posted.fields.iter();
    let changes = fields.filter_map(|(name, values)| {
        let name = name.strip_prefix('v').filter(|name| name.starts_with(['/', 't']))?;
        Some((name.to_owned(), values.first()?.clone()))
    });
    shown(
        &portal,
        &visit,
        Some(posted.one("subject").to_owned()),
        changes.collect(),
    )
    .await
}

async fn shown(portal: &Arc<Portal>, visit: &Visit, subject: Option<String>, changes: Drafts) -> Result<Page, Fault> {
    let (seen, given) = (visit.clone(), changes.clone());
    let view = portal
        .read(move |connection, setup| read(connection, setup, &seen, subject.as_deref(), &given))
        .await?;
    let title = visit.t("nav-my-whatif");
    let body = html! {
        h1 { (title) }
        (view.applicant.choice(visit))
        @if view.may {
            p.lead { (visit.t("mine-whatif-lead")) }
            @if let Some(reason) = view.trouble.as_ref().and_then(Fault::reason) { p.reason role="alert" { (reason.text(visit.lang())) } }
            @if !view.wrong.is_empty() { p.reason role="alert" { (visit.t("do-wrong")) } }
            @if !changes.is_empty() && view.trouble.is_none() && view.wrong.is_empty() { (result(visit, &view)) }
            (form(visit, &view, &changes))
        } @else { (asked(visit, &view.applicant)) }
    };
    let mut page = Page::new(title, body);
    if !view.wrong.is_empty() {
        page.status = StatusCode::BAD_REQUEST;
    }
    Ok(page)
}

fn read(
    connection: &mut Connection,
    setup: &Setup,
    visit: &Visit,
    subject: Option<&str>,
    changes: &Drafts,
) -> Result<View, Fault> {
    let applicant = match subject {
        Some(subject) => Applicant::named(connection, setup, visit, subject)?,
        None => Applicant::of(connection, setup, visit)?,
    };
    let mut view = View {
        may: may_read(connection, &applicant, Purpose::WhatIf)?,
        applicant,
        knobs: BTreeMap::new(),
        outcomes: [Outcomes::new(), Outcomes::new()],
        totals: [String::new(), String::new()],
        trouble: None,
        wrong: BTreeMap::new(),
    };
    if !view.may {
        return Ok(view);
    }
    let mut tx = Tx::reading(connection, setup)?;
    let today = tx.today;
    let facts = facts_of(&mut tx, &view.applicant.subject, today, None)?.to_string();
    let mut totals: [Vec<Payable>; 2] = [Vec::new(), Vec::new()];
    let names = Names::read(&mut tx)?;
    for program in names.programs() {
        of_program(program, visit, &facts, changes, (&mut view, &mut totals))?;
        for (text, parts) in view.totals.iter_mut().zip(&totals) {
            *text = Words::of(program, visit.lang()).payable(Payable::sum(parts.iter().copied(), CURRENCY));
        }
    }
    Ok(view)
}

fn of_program(
    program: &Arc<Program>,
    visit: &Visit,
    facts: &str,
    changes: &Drafts,
    (view, totals): (&mut View, &mut [Vec<Payable>; 2]),
) -> Result<(), Fault> {
    let kind = view.applicant.subject.kind.clone();
    let mut entities = program.schema.entities.iter();
    let entity = entities.find(|(_, entity)| entity.named.name.to_lowercase() == kind);
    let Some((entity, _)) = entity else { return Ok(()) };
    for (path, text) in changes.iter().filter(|(_, text)| !text.trim().is_empty()) {
        if let Some(slot) = slot(&program.schema, entity, path)
            && let Err(expected) = typed(program, &slot, text)
        {
            let told = [
                ("text", text.clone().into()),
                ("expected", expected.text(visit.lang(), "").to_owned().into()),
            ];
            view.wrong
                .insert(path.clone(), visit.words.with("mine-flaw-text", &told));
        }
    }
    let other = changed(program, (entity, &kind), facts, changes);
    let [ours, then] = [facts, other.as_str()].map(|facts| {
        determine(program, facts, |evaluator, determination| {
            let outcomes = outcomes(visit, evaluator, determination);
            (outcomes, determination.total, places(evaluator, determination))
        })
    });
    let (outcomes, total, places) = match ours {
        Ok(ours) => ours,
        // A package that does not know this kind of applicant gives nothing.
        Err(Fault::Bad(_)) => return Ok(()),
        Err(fault) => return Err(fault),
    };
    let [before, after] = &mut view.outcomes;
    let [sum_before, sum_after] = totals;
    before.extend(outcomes);
    sum_before.push(total);
    view.knobs.extend(knobs(program, visit, (entity, &kind), facts, places));
    match then {
        Ok((outcomes, total, _)) => {
            after.extend(outcomes);
            sum_after.push(total);
        }
        Err(fault) => view.trouble = Some(fault),
    }
    Ok(())
}

fn outcomes(visit: &Visit, evaluator: &Evaluator<'_>, determination: &Determination) -> Outcomes {
    let words = Words::about(evaluator, visit.lang());
    let own = determination
        .lines
        .iter()
        .filter(|line| !line.unlisted && Group::of_line(line, determination.date).is_some());
    let outcome = |line: &AwardLine| {
        let shown = words.award(line);
        let key = line.key.as_deref().unwrap_or_default().to_owned();
        let explained = block(visit, &words, &shown);
        let outcome = Outcome {
            title: shown.title,
            text: shown.summary,
            explained,
        };
        ((line.name.to_string(), key), outcome)
    };
    own.map(outcome).collect()
}

/// What lines that are not settled want, by path, and the facts that the applicant's lines read.
fn places(evaluator: &Evaluator<'_>, determination: &Determination) -> (BTreeSet<String>, BTreeSet<FactId>) {
    let program = evaluator.program();
    let (mut paths, mut facts) = (BTreeSet::new(), BTreeSet::new());
    let own = determination
        .lines
        .iter()
        .filter(|line| Group::of_line(line, determination.date).is_some());
    for line in own {
        facts.extend(needs::of(program, "award", &line.name).facts);
        let moves = line
            .gap
            .iter()
            .flat_map(|gap| &gap.conditions)
            .flat_map(|one| &one.moves);
        let wanted = line
            .missing
            .iter()
            .map(|one| &one.place)
            .chain(moves.map(|one| &one.place));
        if let Some(record) = evaluator.record_of(evaluator.root()) {
            paths.extend(wanted.filter_map(|place| path(&program.schema, record, place)));
        }
    }
    (paths, facts)
}

/// The facts that can be changed: what lines read of what is known, and what they want; and titles.
fn knobs(
    program: &Program,
    visit: &Visit,
    (entity, kind): (EntityId, &str),
    facts: &str,
    (wanted, read): (BTreeSet<String>, BTreeSet<FactId>),
) -> BTreeMap<String, Knob> {
    let known = values(kind, facts);
    let schema = &program.schema;
    let mut knobs = BTreeMap::new();
    for path in known.keys().chain(&wanted).filter(|path| !path.contains('#')) {
        let Some(Slot::Value(fact)) = slot(schema, entity, path) else {
            continue;
        };
        let declared = &schema.facts[fact];
        let plain = matches!(
            declared.ty,
            FactType::Bool | FactType::Count | FactType::Number(_) | FactType::Money(_) | FactType::Enumeration(_)
        );
        if !plain || !(read.contains(&fact) || wanted.contains(path)) {
            continue;
        }
        let last = path.rsplit('/').next().unwrap_or_default();
        let period = declared.period.and_then(|unit| Period::parse(last, unit).ok());
        let words = Words::of(program, visit.lang());
        let knob = Knob {
            label: words.fact(&meed_engine::value::RecordPath::APPLICANT, fact, period),
            now: known.get(path).map_or_else(String::new, text_of),
            options: options(program, visit, &declared.ty),
        };
        knobs.insert(path.clone(), knob);
    }
    let titles = schema.titles.iter().filter(|(_, title)| title.entity == entity);
    knobs.extend(titles.map(|(_, title)| {
        let named = &title.named;
        let levels = title.levels.filter(|_| title.level.is_none());
        let mut options = match levels {
            Some(levels) => options(program, visit, &FactType::Enumeration(levels)),
            None => vec![("yes".to_owned(), visit.t("mine-whatif-held"))],
        };
        options.push(("no".to_owned(), visit.t("mine-whatif-not-held")));
        let knob = Knob {
            label: visit.words.label(&named.label, &named.name).to_owned(),
            now: String::new(),
            options,
        };
        (format!("{TITLE}{}", named.name), knob)
    }));
    knobs
}

fn options(program: &Program, visit: &Visit, ty: &FactType) -> Vec<(String, String)> {
    match ty {
        FactType::Bool => vec![
            ("yes".to_owned(), visit.t("do-yes")),
            ("no".to_owned(), visit.t("mine-no")),
        ],
        FactType::Enumeration(id) => {
            let members = program.schema.enumerations[*id].members.iter();
            let pair = members.map(|one| {
                (
                    one.name.to_string(),
                    visit.words.label(&one.label, &one.name).to_owned(),
                )
            });
            pair.collect()
        }
        _ => Vec::new(),
    }
}

/// What changes, measure by measure and in total.
fn result(visit: &Visit, view: &View) -> Markup {
    let [before, after] = &view.outcomes;
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let text = |one: Option<&Outcome>| one.map_or_else(|| visit.t("nothing"), |one| one.text.clone());
    let changes = |key: &&&(String, String)| text(before.get(**key)) != text(after.get(**key));
    let mut table = Table::new(visit.t("mine-whatif-difference"))
        .head(visit.t("field-measure"))
        .head(visit.t("mine-whatif-before"))
        .head(visit.t("mine-whatif-after"));
    if keys.iter().all(|key| !changes(&key)) {
        return section(
            visit.t("mine-whatif-difference"),
            html! { p.note { (visit.t("mine-whatif-same")) } },
        );
    }
    for key in keys.iter().filter(changes) {
        let (was, is) = (before.get(*key), after.get(*key));
        let title = is.or(was).map(|one| one.title.clone()).unwrap_or_default();
        table.row([
            html! { (title) @if let Some(is) = is { details { summary { (visit.t("mine-why")) } (is.explained) } } },
            html! { (text(was)) },
            html! { strong { (text(is)) } },
        ]);
    }
    let [total_before, total_after] = &view.totals;
    table.row([
        html! { strong { (visit.t("mine-whatif-total")) } },
        html! { (total_before) },
        html! { strong { (total_after) } },
    ]);
    section(visit.t("mine-whatif-difference"), table.show(visit))
}

fn form(visit: &Visit, view: &View, changes: &Drafts) -> Markup {
    html! {
        form method="post" action="/my/whatif" {
            (csrf(visit))
            input type="hidden" name="subject" value=(view.applicant.subject.id);
            @for (path, knob) in &view.knobs { (field(visit, path, knob, (changes, view.wrong.get(path)))) }
            div.actions {
                button type="submit" { (visit.t("mine-whatif-show")) }
                a href=(view.applicant.at("/my/whatif")) { (visit.t("mine-whatif-again")) }
            }
        }
    }
}

fn field(visit: &Visit, path: &str, knob: &Knob, (changes, wrong): (&Drafts, Option<&String>)) -> Markup {
    let id = format!("v{path}");
    let text = changes.get(path).map_or(knob.now.as_str(), String::as_str);
    html! {
        div.field {
            label for=(id) { (knob.label) }
            @if knob.options.is_empty() { input id=(id) name=(id) value=(text) inputmode="decimal" autocomplete="off" aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| format!("{id}-wrong"))]; }
            @else {
                select id=(id) name=(id) {
                    option value="" { (visit.t("mine-whatif-as-is")) }
                    @for (value, word) in &knob.options { option value=(value) selected[*value == text] { (word) } }
                }
            }
            @if let Some(why) = wrong { p.wrong id={ (id) "-wrong" } { (why) } }
        }
    }
}
