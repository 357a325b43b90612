//! One case: the sentence that sums it up, each condition with value, source and date, its money, its way, what can be done and what cannot.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use meed_engine::words;
use meed_office::aftermath::{Appeal, Recovery};
use meed_office::awards::{Award, Instalment, Obligation};
use meed_office::cases::{Case, Decision};
use meed_office::command::Seen;
use meed_office::machine::{CaseState, Ruled, State as _};
use meed_office::people::{Person, Role, Unmanned, unmanned};
use meed_office::publicity::Objection;
use meed_office::register::Subject;
use meed_office::store::Cell;
use meed_office::tx::Tx;

use crate::access::{Audience, HANDLERS, OFFICE, rows, seen, sees};
use crate::app::Portal;
use crate::determined::{Names, basis, determine, keep};
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::pages::mine::documents::{self, store::Upload};
use crate::pages::office::after;
use crate::pages::office::deeds::{self, Done};
use crate::pages::office::judged::{self, Judged};
use crate::pages::office::money;
use crate::routes::Route;
use crate::view::{Table, blocks, day, moment, pairs, role_name, section, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/office/cases/{case}", Audience::Roles(OFFICE), case)]
}

/// What belongs to a case, as the office has it.
pub struct File {
    /// The case.
    pub case: Case,
    /// Its applicant.
    pub subject: Subject,
    /// What was decided, the last first.
    pub decisions: Vec<Decision>,
    /// The names of those who decided, may not act or stand in, by their ids.
    pub people: BTreeMap<String, String>,
    /// The award that it led to.
    pub award: Option<Award>,
    /// Its instalments.
    pub instalments: Vec<Instalment>,
    /// What its award obliges to.
    pub obligations: Vec<Obligation>,
    /// Objections, appeals and recoveries that are open about it: the key of their words, their page, and their state.
    pub open: Vec<Open>,
    /// What was done with it.
    pub deeds: Vec<Done>,
    /// Other cases of the applicant: id, measure, object, state.
    pub others: Vec<Vec<Cell>>,
    /// What its applicant sent as evidence.
    pub papers: Vec<Upload>,
    /// The conditions with their values, as the rules say now or said at the last decision.
    pub explained: Markup,
    /// What people have still to judge, until it is decided.
    pub judged: Vec<Judged>,
    /// The roles it still takes in which nobody may act.
    pub unmanned: Vec<Unmanned>,
    /// What things are called.
    pub names: Names,
}

/// Reads a case's file, if the visitor may see it.
///
/// # Errors
/// Absent, where there is none that they may see.
pub async fn file(portal: &Arc<Portal>, visit: &Visit, id: &str) -> Result<File, Fault> {
    let (visit, id) = (visit.clone(), id.to_owned());
    portal
        .read(move |connection, setup| {
            if !sees(connection, &visit.viewer, "case", &id)? {
                return Err(Fault::Absent);
            }
            let papers = documents::store::of_case(connection, &id)?;
            let mut tx = Tx::reading(connection, setup)?;
            let case: Case = tx.get(&id)?;
            let subject: Subject = tx.get(&case.subject)?;
            let decisions = tx.rows::<Decision>("case_id = $1 ORDER BY n DESC", &[Cell::from(&id)])?;
            let award = tx
                .rows::<Award>("case_id = $1 ORDER BY id DESC LIMIT 1", &[Cell::from(&id)])?
                .pop();
            let instalments = match &award {
                Some(award) => tx.rows::<Instalment>("award = $1 ORDER BY payer, n", &[Cell::from(&award.id)])?,
                None => Vec::new(),
            };
            let obligations = match &award {
                Some(award) => tx.rows::<Obligation>("award = $1 ORDER BY n", &[Cell::from(&award.id)])?,
                None => Vec::new(),
            };
            let open = open(&mut tx, &visit, &id)?;
            let deeds = deeds::with(&mut tx, &id)?;
            let others = others(&mut tx, &visit, &case)?;
            let names = Names::read(&mut tx)?;
            let explained = explained(&mut tx, &visit, &case, decisions.first())?;
            let judged = if decisions.is_empty() && !CaseState::MACHINE.is_final(case.state.name()) {
                judged::of(&mut tx, &visit, &case)?
            } else {
                Vec::new()
            };
            let unmanned = unmanned(&mut tx, &case)?;
            let people = people(&mut tx, &decisions, &unmanned)?;
            Ok(File {
                case,
                subject,
                decisions,
                people,
                award,
                instalments,
                obligations,
                open,
                deeds,
                others,
                papers,
                explained,
                judged,
                unmanned,
                names,
            })
        })
        .await
}

/// The applicant's other cases that the visitor may see too.
fn others(tx: &mut Tx<'_>, visit: &Visit, case: &Case) -> Result<Vec<Vec<Cell>>, Fault> {
    let seen = rows(&visit.viewer, "case", 2);
    let sql = format!(
        "SELECT id, measure, object, state FROM \"case\" WHERE subject = $1 AND id <> $2 AND {} ORDER BY opened_at DESC, length(id), id LIMIT 20",
        seen.sql
    );
    let mut arguments = vec![Cell::from(&case.subject), Cell::from(&case.id)];
    arguments.extend(seen.arguments);
    Ok(tx.query(&sql, &arguments)?)
}

fn people(tx: &mut Tx<'_>, decisions: &[Decision], unmanned: &[Unmanned]) -> Result<BTreeMap<String, String>, Fault> {
    let mut people = BTreeMap::new();
    let barred = unmanned.iter().flat_map(|one| one.barred.keys().chain(&one.substitute));
    for id in decisions.iter().map(|decision| &decision.person).chain(barred) {
        if let Some(person) = tx.find::<Person>(id.as_str())? {
            people.insert(person.id, person.name);
        }
    }
    Ok(people)
}

/// The conditions of a case with their values, as its decision read them; before one, as the rules say now.
///
/// # Errors
/// Where the package does not check, or the database fails.
pub fn explained(tx: &mut Tx<'_>, visit: &Visit, case: &Case, decision: Option<&Decision>) -> Result<Markup, Fault> {
    let (program, facts) = match basis(tx, case, decision) {
        Ok(basis) => basis,
        // Facts that were forgotten explain nothing any more.
        Err(Fault::Absent) => return Ok(html! { p.note { (visit.t("office-forgotten")) } }),
        Err(fault) => return Err(fault),
    };
    determine(&program, &facts, |evaluator, determination| {
        let kept = keep(determination, case);
        let outline = words::outline(evaluator, &kept, visit.lang());
        if outline.blocks.is_empty() {
            return html! { p { (visit.t("office-no-conditions")) } };
        }
        blocks(visit, &words::Words::about(evaluator, visit.lang()), &outline)
    })
}

async fn case(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let file = file(&portal, &visit, &id).await?;
    let actions = possible(&portal, &visit, "case", &[("case", &id)], &[Seen::of(&file.case)]).await?;
    let money = money::section(&portal, &visit, &file).await?;
    let what = file.names.of_case(visit.words, &file.case);
    let title = format!("{what} · {}", name(&file.subject));
    let body = html! {
        h1 { (title) " " (state(&visit, "case", file.case.state.name())) }
        p.lead { (sentence(&visit, &file)) }
        (nobody(&visit, &file))
        @for one in &file.open { p.note { a href=(one.page) { (visit.t(one.words)) } " " (state(&visit, one.table, &one.state)) } }
        (about(&visit, &file))
        (section(visit.t("office-actions"), actions))
        (judged::section(&visit, &file))
        (section(visit.t("office-conditions"), file.explained.clone()))
        (section(visit.t("mine-documents"), documents::list(&visit, &file.papers)))
        (money)
        (way(&visit, &file))
        (relations(&visit, &file))
    };
    Ok(Page::new(title, body))
}

/// Something that is open about a case.
pub struct Open {
    table: &'static str,
    words: &'static str,
    page: String,
    state: String,
}

/// What is open about a case, as far as the visitor may see it.
fn open(tx: &mut Tx<'_>, visit: &Visit, case: &str) -> Result<Vec<Open>, Fault> {
    let objections = "case_id = $1 AND state IN ('lodged', 'examined')";
    let appeals = format!(
        "decision IN (SELECT id FROM decision made WHERE made.case_id = $1) AND {}",
        after::APPEALS
    );
    let recoveries = format!(
        "award IN (SELECT id FROM award given WHERE given.case_id = $1) AND {}",
        after::RECOVERIES
    );
    let mut open = each_open(
        tx,
        visit,
        case,
        objections,
        "office-objection-open",
        |one: &Objection| format!("/office/lists/{}#{}", one.list, one.id),
    )?;
    open.extend(each_open(
        tx,
        visit,
        case,
        &appeals,
        "office-appeal-open",
        |one: &Appeal| format!("/office/after#{}", one.id),
    )?);
    open.extend(each_open(
        tx,
        visit,
        case,
        &recoveries,
        "office-recovery-open",
        |one: &Recovery| format!("/office/after#{}", one.id),
    )?);
    Ok(open)
}

/// The rows of one table that are open about a case, with the words and the page for each.
fn each_open<R: Ruled>(
    tx: &mut Tx<'_>,
    visit: &Visit,
    case: &str,
    condition: &str,
    words: &'static str,
    page: impl Fn(&R) -> String,
) -> Result<Vec<Open>, Fault> {
    let found = seen::<R>(tx, &visit.viewer, condition, &[Cell::from(case)], "ORDER BY id")?;
    let open = found.iter().map(|one| Open {
        table: R::TABLE,
        words,
        page: page(one),
        state: one.state().name().to_owned(),
    });
    Ok(open.collect())
}

fn name(subject: &Subject) -> &str {
    subject.name.as_deref().unwrap_or(&subject.id)
}

fn label(visit: &Visit, file: &File, measure: &str) -> String {
    let label = file.names.of(measure);
    label
        .map_or(measure, |label| visit.words.label(label, measure))
        .to_owned()
}

/// Who, what, by which way, for which day.
fn sentence(visit: &Visit, file: &File) -> String {
    let key = if file.case.origin == "offer" {
        "office-sentence-offer"
    } else {
        "office-sentence-application"
    };
    let values = [
        ("who", name(&file.subject).into()),
        ("what", label(visit, file, &file.case.measure).into()),
        ("on", file.case.on_date.to_string().into()),
    ];
    match key {
        "office-sentence-offer" => visit.words.with("office-sentence-offer", &values),
        _ => visit.words.with("office-sentence-application", &values),
    }
}

/// Where the case stands still because nobody who has a role may act, and who does instead.
fn nobody(visit: &Visit, file: &File) -> Markup {
    let named = |person: &str| file.people.get(person).map_or(person, String::as_str).to_owned();
    html! {
        @for one in &file.unmanned {
            div.note {
                p { strong { (visit.words.with("office-vacant", &[("role", role_name(visit, one.role).into())])) } }
                @if one.barred.is_empty() { p { (visit.t("office-vacant-role")) } }
                @else {
                    ul { @for (person, why) in &one.barred { li { (named(person)) (visit.words.pick("：", ": ")) (barred(visit, why)) } } }
                }
                @match &one.substitute {
                    Some(person) => p { (visit.words.with("office-vacant-instead", &[("person", named(person).into())])) },
                    None => p { (visit.t("office-vacant-until")) },
                }
            }
        }
    }
}

fn barred(visit: &Visit, why: &serde_json::Value) -> String {
    let text = |name: &str| why.get(name).and_then(serde_json::Value::as_str);
    match text("role").and_then(|name| Role::ALL.iter().find(|role| role.name() == name)) {
        Some(role) => visit
            .words
            .with("office-vacant-acted", &[("role", role_name(visit, *role).into())]),
        None if text("code") == Some("same_person") => visit.t("office-vacant-took-part"),
        None => {
            let why = text(visit.words.pick("zh", "en")).unwrap_or_default();
            visit.words.with("office-vacant-interest", &[("why", why.into())])
        }
    }
}

/// The case's own columns.
fn about(visit: &Visit, file: &File) -> Markup {
    let case = &file.case;
    let none = || html! { (visit.t("nothing")) };
    pairs([
        (visit.t("field-case"), html! { span.code { (case.id) } }),
        (
            visit.t("field-subject"),
            html! {
                @if visit.viewer.is_among(Audience::Roles(HANDLERS)) { a href={ "/office/subjects/" (file.subject.id) } { (name(&file.subject)) } }
                @else { (name(&file.subject)) }
                " " span.code.faint { (file.subject.id) }
            },
        ),
        (visit.t("office-on"), day(case.on_date)),
        (visit.t("office-opened"), moment(case.opened_at)),
        (visit.t("office-applied"), case.applied_at.map_or_else(none, moment)),
        (visit.t("field-policy"), html! { span.code { (case.policy) } }),
        (
            visit.t("field-round"),
            case.round
                .as_ref()
                .map_or_else(none, |round| html! { a href={ "/office/rounds/" (round) } { (round) } }),
        ),
        (
            visit.t("field-list"),
            case.list
                .as_ref()
                .map_or_else(none, |list| html! { a href={ "/office/lists/" (list) } { (list) } }),
        ),
    ])
}

fn way(visit: &Visit, file: &File) -> Markup {
    section(visit.t("office-log"), deeds::table(visit, &file.deeds))
}

fn relations(visit: &Visit, file: &File) -> Markup {
    let mut table = Table::new(visit.t("office-others"))
        .head(visit.t("field-case"))
        .head(visit.t("field-measure"))
        .head(visit.t("office-state"));
    for row in &file.others {
        if let [
            Cell::Text(id),
            Cell::Text(measure),
            Cell::Text(object),
            Cell::Text(name),
        ] = row.as_slice()
        {
            table.row([
                html! { a href={ "/office/cases/" (id) } { (id) } },
                html! { (label(visit, file, measure)) @if !object.is_empty() { " · " (object) } },
                state(visit, "case", name),
            ]);
        }
    }
    section(visit.t("office-others"), table.show(visit))
}
