//! An applicant's file: what is known of it, from whom and since when; its titles, cases and awards.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use meed_office::awards::Award;
use meed_office::cases::Case;
use meed_office::command::Seen;
use meed_office::machine::State as _;
use meed_office::payments::Account;
use meed_office::people::Role;
use meed_office::register::{Fact, Identifier, Subject, Title};
use meed_office::store::Cell;
use meed_office::tx::Tx;

use super::stating;
use crate::access::{Audience, HANDLERS, Viewer, is_personal, masked, seen, sees_whole};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::{able, possible};
use crate::routes::Route;
use crate::view::{Table, amount, day, moment, section, state};
use crate::visit::{Page, Visit};
use crate::vocabulary::Vocabulary;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(
        "/office/subjects/{subject}",
        Audience::Roles(HANDLERS),
        subject,
    )]
}

/// An applicant's file.
struct File {
    subject: Subject,
    numbers: Vec<Identifier>,
    facts: Vec<Fact>,
    titles: Vec<Title>,
    cases: Vec<Case>,
    awards: Vec<Award>,
    accounts: Vec<Account>,
    names: Names,
}

async fn subject(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let (asking, wanted) = (visit.clone(), id.clone());
    let file = portal
        .read(move |connection, setup| read(&mut Tx::reading(connection, setup)?, &asking, &wanted))
        .await?;
    tracing::info!(
        person = visit.person()?,
        subject = id,
        "the file of an applicant was read"
    );
    let actions = possible(
        &portal,
        &visit,
        "subject",
        &[("subject", &id)],
        &[Seen::of(&file.subject)],
    )
    .await?;
    let accounts = accounts(&portal, &visit, &file.accounts).await?;
    let vocabulary = Vocabulary::of(&file.names, &file.subject.kind, visit.words);
    let titles = titles(&portal, &visit, &file, &vocabulary).await?;
    let title = file.subject.name.clone().unwrap_or_else(|| id.clone());
    let body = html! {
        h1 { (title) " " span.code.faint { (id) } }
        p { @for one in &file.numbers { span.code { (number(&visit, one)) } " " span.faint { (vocabulary.scheme(&one.scheme)) " · " (day(one.since)) } "　" } }
        (section(visit.t("office-actions"), actions))
        (accounts)
        (titles)
        (cases(&visit, &file))
        (awards(&visit, &file))
        (section(visit.t("office-facts"), html! { div.dense { (facts(&visit, &file, &vocabulary)) } }))
    };
    Ok(Page::new(title, body))
}

fn read(tx: &mut Tx<'_>, visit: &Visit, id: &str) -> Result<File, Fault> {
    let viewer = &visit.viewer;
    let whole = [Cell::from(id)];
    let subject = seen::<Subject>(tx, viewer, "id = $1", &whole, "")?
        .pop()
        .ok_or(Fault::Absent)?;
    Ok(File {
        numbers: seen(tx, viewer, "subject = $1", &whole, "ORDER BY since DESC, id")?,
        facts: known_now(tx, viewer, id)?,
        titles: seen(tx, viewer, "subject = $1", &whole, "ORDER BY granted DESC, id")?,
        cases: seen(
            tx,
            viewer,
            "subject = $1",
            &whole,
            "ORDER BY opened_at DESC, id LIMIT 200",
        )?,
        awards: seen(tx, viewer, "subject = $1", &whole, "ORDER BY id DESC LIMIT 200")?,
        accounts: seen(tx, viewer, "subject = $1", &whole, "ORDER BY version DESC")?,
        names: Names::read(tx)?,
        subject,
    })
}

/// What is known of an applicant. What a later entry took the place of stays in the log, and is not what is known now.
pub(super) fn known_now(tx: &mut Tx<'_>, viewer: &Viewer, id: &str) -> Result<Vec<Fact>, Fault> {
    let latest = "subject = $1 AND NOT EXISTS (SELECT 1 FROM fact later WHERE later.subject = fact.subject AND later.path = fact.path \
                  AND later.valid_from = fact.valid_from AND later.seq > fact.seq)";
    let order = "ORDER BY path, valid_from DESC LIMIT 2000";
    Ok(seen(tx, viewer, latest, &[Cell::from(id)], order)?)
}

/// Where money may go, with what is to be done until it may.
async fn accounts(portal: &Arc<Portal>, visit: &Visit, accounts: &[Account]) -> Result<Markup, Fault> {
    let mut table = Table::new(visit.t("office-accounts"))
        .head(visit.t("field-number"))
        .head(visit.t("field-name"))
        .head(visit.t("field-bank"))
        .head(visit.t("office-state"))
        .head(visit.t("mine-account-from"))
        .head(visit.t("office-act"));
    for one in accounts {
        let version = one.version.to_string();
        let key = [("account", one.id.as_str()), ("version", version.as_str())];
        let acts = able(portal, visit, "account", &key, &[Seen::of(one)]).await?;
        table.row([
            html! { span.code { (one.number.as_deref().unwrap_or("—")) } },
            html! { (one.name.as_deref().unwrap_or("—")) },
            html! { span.code { (one.bank.as_deref().unwrap_or("—")) } },
            state(visit, "account", one.state.name()),
            html! { @if let Some(at) = one.active_from { (moment(at)) } },
            acts,
        ]);
    }
    Ok(html! { @if !accounts.is_empty() { (section(visit.t("office-accounts"), table.show(visit))) } })
}

async fn titles(portal: &Arc<Portal>, visit: &Visit, file: &File, vocabulary: &Vocabulary) -> Result<Markup, Fault> {
    let mut table = Table::new(visit.t("office-titles"))
        .head(visit.t("field-title"))
        .head(visit.t("field-level"))
        .head(visit.t("office-state"))
        .head(visit.t("office-granted"))
        .head(visit.t("office-until"))
        .head(visit.t("office-act"));
    for one in &file.titles {
        table.row([
            html! { (file.names.called(visit.words, &one.title)) },
            html! { (vocabulary.level(&one.title, one.level.as_deref().unwrap_or_default())) },
            state(visit, "title", one.state.name()),
            html! { @if let Some(on) = one.granted { (day(on)) } },
            html! { @if let Some(on) = one.until { (day(on)) } },
            able(portal, visit, "title", &[("title", &one.id)], &[Seen::of(one)]).await?,
        ]);
    }
    Ok(html! { @if !file.titles.is_empty() { (section(visit.t("office-titles"), table.show(visit))) } })
}

fn cases(visit: &Visit, file: &File) -> Markup {
    let mut table = Table::new(visit.t("nav-office-cases"))
        .head(visit.t("field-case"))
        .head(visit.t("field-measure"))
        .head(visit.t("office-state"))
        .head(visit.t("office-on"))
        .head(visit.t("office-opened"));
    for one in &file.cases {
        table.row([
            html! { a.code href={ "/office/cases/" (one.id) } { (one.id) } },
            html! { (file.names.called(visit.words, &one.measure)) },
            state(visit, "case", one.state.name()),
            day(one.on_date),
            moment(one.opened_at),
        ]);
    }
    section(visit.t("nav-office-cases"), table.show(visit))
}

fn awards(visit: &Visit, file: &File) -> Markup {
    let mut table = Table::new(visit.t("office-awards"))
        .head(visit.t("field-award"))
        .head(visit.t("field-measure"))
        .head(visit.t("office-state"))
        .number(visit.t("field-amount"));
    for one in &file.awards {
        table.row([
            html! { span.code { (one.id) } },
            html! { (file.names.called(visit.words, &one.family)) },
            state(visit, "award", one.state.name()),
            amount(one.amount),
        ]);
    }
    section(visit.t("office-awards"), table.show(visit))
}

fn facts(visit: &Visit, file: &File, vocabulary: &Vocabulary) -> Markup {
    let mut table = Table::new(visit.t("office-facts"))
        .head(visit.t("fact-head"))
        .head(visit.t("fact-value"))
        .head(visit.t("field-source"))
        .head(visit.t("field-valid-from"))
        .head(visit.t("field-valid-to"))
        .head(visit.t("office-known-since"));
    let registrar = visit.viewer.has(Role::Registrar);
    if registrar {
        table = table.head(visit.t("office-act"));
    }
    for one in &file.facts {
        let mut row = vec![
            html! { span title=(one.path) { (vocabulary.label(&one.path)) } },
            html! { (told(visit, vocabulary, one)) },
            fact_source(one),
            since(visit, one),
            html! { @if let Some(on) = one.valid_to { (day(on)) } },
            moment(one.known_from),
        ];
        if registrar {
            row.push(html! { @if let Some(page) = stating::correction(vocabulary, one) { a href=(page) { (visit.t("fact-correct")) } } });
        }
        table.row(row);
    }
    table.show(visit)
}

/// From when a fact holds. What was stated without a first day holds from the first day there is.
fn since(visit: &Visit, one: &Fact) -> Markup {
    match meed_office::register::is_first_day(one.valid_from) {
        true => html! { (visit.t("fact-always")) },
        false => day(one.valid_from),
    }
}

/// A number by which the applicant is known; of a person, its ends alone for whoever does not keep or check the register.
fn number(visit: &Visit, one: &Identifier) -> String {
    match one.value.as_deref() {
        Some(value) if !sees_whole(&visit.viewer, "identifier", "value") => masked(value),
        Some(value) => value.to_owned(),
        None => "—".to_owned(),
    }
}

/// What a fact says, with the same care for the numbers of persons.
fn told(visit: &Visit, vocabulary: &Vocabulary, one: &Fact) -> String {
    match vocabulary.value(one) {
        Some(value) if is_personal(&value) && !sees_whole(&visit.viewer, "fact", "value") => masked(&value),
        Some(value) => value,
        None => "—".to_owned(),
    }
}

/// Who says so, and by which paper.
pub fn fact_source(fact: &Fact) -> Markup {
    html! { (fact.source) @if let Some(evidence) = &fact.evidence { " " span.faint { (evidence) } } }
}
