//! Public notices: lists whose days are running, with their rows, and how to object. What has expired is gone.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use meed_facts::date::Date;
use meed_facts::label::{Label, Lang};
use meed_facts::money::Money;
use meed_office::cases::Case;
use meed_office::machine::{CaseState, State as _};
use meed_office::publicity::{List, Objection, Row, clear_of};
use meed_office::setup::Setup;
use meed_office::store::Connection;
use meed_office::tx::Tx;

use super::asked::Asked;
use super::holders::{Holder, holder};
use crate::access::{self, Audience, Viewer};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::sheets::{Column, Says, Sheet, Value, html, printed};
use crate::view::{Table, amount, day, encoded, grouped, moment, section, state};
use crate::visit::{Page, Visit};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/notices", Audience::Anyone, notices),
        Route::get("/notices/{list}", Audience::Anyone, notice),
        Route::get("/notices/{list}/pdf", Audience::Anyone, pdf),
    ]
}

/// A list with the rows whose days are running.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The list.
    pub list: List,
    /// Its rows.
    pub rows: Vec<Announced>,
}

/// A row of a public list.
#[derive(Clone, Debug)]
pub struct Announced {
    /// The case, by which one objects.
    pub case: String,
    /// Whose.
    pub holder: Holder,
    /// The measure or title.
    pub measure: String,
    /// What people call it.
    pub label: Option<Label>,
    /// The level of a title, or the object of an award.
    pub object: String,
    /// The same in words, in both languages.
    about: Label,
    /// The amount, where one is awarded.
    pub amount: Option<Money>,
    /// The first day
    pub since: Option<Date>,
    /// and the last.
    pub until: Date,
    /// Whether one may object now.
    pub open: bool,
}

/// The lists that are public, the latest first.
///
/// # Errors
/// Where the database fails, or the calendar does not reach the end of a list.
pub fn public(connection: &mut Connection, setup: &Setup, wanted: Option<&str>) -> Result<Vec<Notice>, Fault> {
    let mut tx = Tx::reading(connection, setup)?;
    let names = Names::read(&mut tx)?;
    let mut found = Vec::new();
    for list in tx.rows::<List>("state = 'public' ORDER BY published_on DESC, id DESC", &[])? {
        if wanted.is_some_and(|wanted| wanted != list.id) {
            continue;
        }
        let seen = access::rows(&Viewer::default(), "row", 2);
        let condition = format!("list = $1 AND version = $2 AND {} ORDER BY case_id", seen.sql);
        let mut rows = Vec::new();
        for row in tx.rows::<Row>(&condition, &[list.id.as_str().into(), list.version.into()])? {
            rows.extend(announced(&mut tx, &names, &list, row)?);
        }
        if !rows.is_empty() {
            found.push(Notice { list, rows });
        }
    }
    Ok(found)
}

/// A row as the public reads it, while its days are running.
fn announced(tx: &mut Tx<'_>, names: &Names, list: &List, row: Row) -> Result<Option<Announced>, Fault> {
    let Some(clear) = clear_of(tx, list, &row)?.filter(|clear| tx.at < *clear) else {
        return Ok(None);
    };
    let Some(until) = clear.date().and_then(Date::yesterday) else {
        return Ok(None);
    };
    let case: Case = tx.get(&row.case_id)?;
    Ok(Some(Announced {
        holder: holder(tx, &row.subject)?,
        about: {
            let told = |lang| names.object(Words::new(lang), &case.measure, &case.object).into();
            Label {
                zh: Some(told(Lang::Zh)),
                en: Some(told(Lang::En)),
            }
        },
        label: names.of(&case.measure).cloned(),
        measure: case.measure,
        object: case.object,
        amount: row.amount,
        since: row.public_since.or(list.published_on),
        until,
        open: case.state == CaseState::Publicity,
        case: row.case_id,
    }))
}

/// What somebody said against public rows themselves, the last first, with what each is about: nobody else's.
fn own(
    connection: &mut Connection,
    setup: &Setup,
    person: &str,
    words: Words,
) -> Result<Vec<(Objection, String)>, Fault> {
    let mut tx = Tx::reading(connection, setup)?;
    let names = Names::read(&mut tx)?;
    let theirs = "id IN (SELECT objection FROM objector WHERE person = $1) ORDER BY lodged_at DESC";
    let mut found = Vec::new();
    for one in tx.rows::<Objection>(theirs, &[person.into()])? {
        let case: Case = tx.get(&one.case_id)?;
        let who = holder(&mut tx, &case.subject)?.name.unwrap_or_default();
        let what = names.called(words, &case.measure).to_owned();
        found.push((one, format!("{who} · {what}")));
    }
    Ok(found)
}

fn said(visit: &Visit, own: &[(Objection, String)]) -> Markup {
    html! {
        @if !own.is_empty() {
            (section(visit.t("notices-own"), html! {
                @for (one, about) in own {
                    article.panel {
                        h3 { (about) " " (state(visit, "objection", one.state.name())) }
                        p { (moment(one.lodged_at)) " · " span.code.faint { (one.id) } }
                        p { (one.ground) }
                        @if let Some(reason) = &one.reason { p { (visit.t("notices-answer")) " " (reason) } }
                    }
                }
            }))
        }
    }
}

async fn notices(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let (person, words) = (visit.viewer.person.clone(), visit.words);
    let (all, own) = portal
        .read(move |connection, setup| {
            let own = match &person {
                Some(person) => own(connection, setup, person, words)?,
                None => Vec::new(),
            };
            Ok::<_, Fault>((public(connection, setup, None)?, own))
        })
        .await?;
    let today = portal.today()?;
    let body = html! {
        h1 { (visit.t("notices-title")) }
        p.lead { (visit.t("notices-lead")) }
        @if all.is_empty() { p.panel { (visit.t("notices-none")) } }
        ul.sheets { @for one in &all { li.panel {
            h2 { a href={ "/notices/" (encoded(&one.list.id)) } { (heading(visit.words, one)) } }
            p { (visit.words.with("notices-rows", &[("count", one.rows.len().into())])) " · " (running(&visit, one, today)) }
        } } }
        (said(&visit, &own))
        (how(&visit))
    };
    Ok(Page::new(visit.t("notices-title"), body))
}

async fn notice(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    visit: Visit,
    asked: Asked,
) -> Result<Page, Fault> {
    let was = id.clone();
    let one = match read(&portal, id).await {
        Err(Fault::Absent) if over(&portal, was).await? => return Ok(gone(&visit)),
        found => found?,
    };
    let address = format!("/notices/{}", encoded(&one.list.id));
    if asked.text("sheet").is_some() {
        let sheet = sheet(visit.words, &one)?;
        return Ok(html::page(&visit, &sheet, &format!("{address}/pdf")));
    }
    let today = portal.today()?;
    let title = heading(visit.words, &one);
    let body = html! {
        p.crumbs { a href="/notices" { (visit.t("notices-title")) } }
        h1 { (title) }
        p { (running(&visit, &one, today)) }
        (rows(&visit, &one))
        p.actions { a.button.second href={ (address) "?sheet=1" } { (visit.t("notices-print")) } }
        (how(&visit))
        p.faint { (visit.t("notices-hash")) " " code.code { (one.list.hash) } }
    };
    Ok(Page::new(title, body))
}

/// Whether a list was public once and is no longer.
async fn over(portal: &Arc<Portal>, id: String) -> Result<bool, Fault> {
    portal
        .read(move |connection, setup| {
            let published = "id = $1 AND published_on IS NOT NULL LIMIT 1";
            let found = Tx::reading(connection, setup)?.rows::<List>(published, &[id.as_str().into()])?;
            Ok::<_, Fault>(!found.is_empty())
        })
        .await
}

/// What stands where a notice was: nothing of it, but that it is over.
fn gone(visit: &Visit) -> Page {
    let mut page = Page::new(
        visit.t("notices-over"),
        html! {
            h1 { (visit.t("notices-over")) }
            p.lead { (visit.t("notices-over-why")) }
            p { a href="/notices" { (visit.t("notices-title")) } }
        },
    );
    page.status = StatusCode::GONE;
    page
}

async fn pdf(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Response, Fault> {
    let one = read(&portal, id).await?;
    printed(&portal, sheet(visit.words, &one)?).await
}

async fn read(portal: &Arc<Portal>, id: String) -> Result<Notice, Fault> {
    let found = portal
        .read(move |connection, setup| public(connection, setup, Some(&id)))
        .await?;
    found.into_iter().next().ok_or(Fault::Absent)
}

/// What a list is about: its measures.
fn heading(words: Words, one: &Notice) -> String {
    let mut names: Vec<&str> = Vec::new();
    for row in &one.rows {
        let name = measure(words, row);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(words.pick("、", ", "))
}

fn measure(words: Words, row: &Announced) -> &str {
    row.label
        .as_ref()
        .map_or(&row.measure, |label| label.text(words.lang, &row.measure))
}

fn running(visit: &Visit, one: &Notice, today: Date) -> Markup {
    let last = one.rows.iter().map(|row| row.until).max();
    html! {
        @if let Some(since) = one.list.published_on { (visit.t("notices-since")) " " (day(since)) }
        @if let Some(last) = last {
            " · " (visit.t("notices-until")) " " (day(last)) " · "
            strong { (visit.words.with("notices-left", &[("days", today.days_until(last).0.saturating_add(1).into())])) }
        }
    }
}

fn rows(visit: &Visit, one: &Notice) -> Markup {
    let t = |key: &str| visit.t(key);
    let mut table = Table::new(t("notices-table"))
        .head(t("notices-holder"))
        .head(t("notices-number"))
        .head(t("notices-what"))
        .number(t("notices-amount"))
        .head(t("notices-since"))
        .head(t("notices-until"))
        .head(t("notices-object"));
    for row in &one.rows {
        let back = format!("/notices/{}", one.list.id);
        let address = format!("/do/list/object?case={}&back={}", encoded(&row.case), encoded(&back));
        let name = row.holder.name.clone().unwrap_or_else(|| t("notices-forgotten"));
        let object = row.about.text(visit.lang(), &row.object);
        table.row([
            html! { (name) },
            html! { span.code { (row.holder.number.as_deref().unwrap_or("—")) } },
            html! { a href={ "/measures/" (encoded(&row.measure)) } { (measure(visit.words, row)) } @if !object.is_empty() { " · " (object) } },
            html! { @match row.amount { Some(money) => (amount(money)), None => "—" } },
            html! { @if let Some(since) = row.since { (day(since)) } },
            html! { (day(row.until)) },
            html! { @if row.open { a href=(address) { (t("notices-object-go")) span.hidden { " " (name) } } } @else { (t("notices-object-closed")) } },
        ]);
    }
    table.show(visit)
}

fn how(visit: &Visit) -> Markup {
    section(
        visit.t("notices-how"),
        html! {
            p { (visit.t("notices-how-who")) }
            p { (visit.t("notices-how-apart")) }
            p { (visit.t("notices-how-masked")) }
        },
    )
}

/// The list as it hangs on a wall: without the days that are left, which nobody takes down every night.
fn sheet(words: Words, one: &Notice) -> Result<Sheet, Fault> {
    let last = one.rows.iter().map(|row| row.until).max();
    let day = one.list.published_on.ok_or(Fault::Absent)?;
    let days = [("notices-since", Some(day)), ("notices-until", last)];
    let days = days
        .into_iter()
        .filter_map(|(key, day)| Some(format!("{} {}", words.t(key), day?)));
    let days = days.collect::<Vec<_>>().join(" · ");
    let column = |key: &str, number| Column {
        name: words.t(key),
        lang: words.tag(),
        number,
    };
    let title = heading(words, one);
    let mut sheet = Sheet::new(words, &one.list.id, &title, day);
    let says = [
        Says::Title {
            text: words.t("notices-title"),
        },
        Says::Subtitle { text: title },
        Says::Lead { text: days },
        Says::Table {
            caption: words.with("notices-rows", &[("count", one.rows.len().into())]),
            columns: vec![
                column("notices-holder", false),
                column("notices-number", false),
                column("notices-what", false),
                column("notices-amount", true),
                column("notices-until", false),
            ],
            rows: one.rows.iter().map(|row| written(words, row)).collect(),
        },
        Says::heading(words.t("notices-how")),
        Says::text(words.t("notices-how-who")),
        Says::text(words.t("notices-how-apart")),
        Says::text(words.t("notices-how-masked")),
        Says::aside(format!("{} {}", words.t("notices-hash"), one.list.hash)),
    ];
    says.into_iter().for_each(|says| sheet.say(words, says));
    Ok(sheet)
}

fn written(words: Words, row: &Announced) -> Vec<Value> {
    let object = row.about.text(words.lang, &row.object);
    let what = [measure(words, row), object];
    let what: Vec<&str> = what.into_iter().filter(|part| !part.is_empty()).collect();
    let nothing = || "—".to_owned();
    vec![
        Value::Text(row.holder.name.clone().unwrap_or_else(|| words.t("notices-forgotten"))),
        Value::Code(row.holder.number.clone().unwrap_or_else(nothing)),
        Value::Text(what.join(" · ")),
        Value::Number(row.amount.map_or_else(nothing, |due| grouped(&due.to_decimal()))),
        Value::Day(row.until),
    ]
}
