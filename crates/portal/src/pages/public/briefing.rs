//! The press briefing: figures computed from register and ledger on a day, on one page in both languages, each opened to its definition and rows.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use meed_facts::date::Date;
use meed_facts::json::canonical;
use meed_facts::label::Lang;
use meed_office::awards::Award;
use meed_office::briefing::{Figure, Figures, Told, What, briefing as told_of};
use meed_office::setup::Setup;
use meed_office::store::Connection;
use meed_office::tx::Tx;

use super::asked::{Asked, day_form};
use super::holders::{TitleNames, holder};
use super::policies::is_current;
use super::shelf::published;
use super::titles::public;
use crate::access::{self, Audience, Viewer};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::sheets::{Column, Says, Sheet, Value, html, printed};
use crate::view::{Table, amount, count, day, encoded, grouped, section, state};
use crate::visit::{Page, Visit};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/briefing", Audience::Anyone, briefing),
        Route::get("/briefing.pdf", Audience::Anyone, pdf),
        Route::get("/briefing/{figure}", Audience::Anyone, figure),
    ]
}

/// The figures of the packages that decide today, computed for a day.
fn compute(connection: &mut Connection, setup: &Setup, on: Date) -> Result<Vec<Told>, Fault> {
    let mut told = Vec::new();
    for one in published(connection)?.iter().filter(|one| is_current(one)) {
        let Some(text) = &one.shelf.figures else { continue };
        let figures: Figures =
            toml::from_str(text).map_err(|error| Fault::Broken(format!("{}: {error}", one.policy.id)))?;
        told.extend(told_of(connection, setup, &figures, on)?);
    }
    Ok(told)
}

async fn briefing(State(portal): State<Arc<Portal>>, visit: Visit, asked: Asked) -> Result<Page, Fault> {
    let (told, on) = read(&portal, &asked).await?;
    if asked.text("sheet").is_some() {
        let sheet = sheet(visit.words, &told, on);
        return Ok(html::page(&visit, &sheet, &format!("/briefing.pdf?on={on}")));
    }
    let (zh, en) = (Words::new(Lang::Zh), Words::new(Lang::En));
    let first = told.first();
    let body = html! {
        h1 lang="zh-CN" { (zh.t("briefing-title")) }
        p.lead lang="en" { (en.t("briefing-title")) }
        (day_form(&visit, &visit.t("briefing-on"), on, &[]))
        @if told.is_empty() { p.panel { (visit.t("briefing-none")) } }
        div.briefing {
            table {
                caption { (zh.t("briefing-as-of")) " " (day(on)) " · " span lang="en" { (en.t("briefing-as-of")) " " (day(on)) } }
                thead { tr { th scope="col" { (zh.t("briefing-figure")) " · " span lang="en" { (en.t("briefing-figure")) } } th.n scope="col" { (zh.t("briefing-value")) " · " span lang="en" { (en.t("briefing-value")) } } } }
                tbody { @for one in &told {
                    tr {
                        th scope="row" { span lang="zh-CN" { (one.figure.label.zh) } br; span.faint lang="en" { (one.figure.label.en) } }
                        td.n { a href={ "/briefing/" (encoded(&one.figure.name)) "?on=" (on) } { strong { (count(&one.value)) } } }
                    }
                } }
            }
        }
        @if let Some(first) = first {
            p.faint lang="zh-CN" { (zh.with("briefing-basis", &[("seq", first.seq.into())])) }
            p.faint lang="en" { (en.with("briefing-basis", &[("seq", first.seq.into())])) }
        }
        p.actions { a.button.second href={ "/briefing?sheet=1&on=" (on) } { (visit.t("briefing-print")) } }
    };
    Ok(Page::new(visit.t("briefing-title"), body))
}

async fn pdf(State(portal): State<Arc<Portal>>, visit: Visit, asked: Asked) -> Result<Response, Fault> {
    let (told, on) = read(&portal, &asked).await?;
    printed(&portal, sheet(visit.words, &told, on)).await
}

async fn read(portal: &Arc<Portal>, asked: &Asked) -> Result<(Vec<Told>, Date), Fault> {
    let on = asked.day("on")?.unwrap_or(portal.today()?);
    let told = portal
        .read(move |connection, setup| compute(connection, setup, on))
        .await?;
    Ok((told, on))
}

/// The page for the press room: each figure in both languages, on one sheet.
fn sheet(words: Words, told: &[Told], on: Date) -> Sheet {
    let (zh, en) = (Words::new(Lang::Zh), Words::new(Lang::En));
    let mut sheet = Sheet::new(words, format!("briefing-{on}"), words.t("briefing-title"), on);
    let text = zh.t("briefing-title");
    sheet.say(zh, Says::Title { text });
    let text = en.t("briefing-title");
    sheet.say(en, Says::Subtitle { text });
    let as_of = |words: Words| format!("{} {on}", words.t("briefing-as-of"));
    let column = |words: Words, key: &str, number| Column {
        name: words.t(key),
        lang: words.tag(),
        number,
    };
    let row = |one: &Told| {
        let label = &one.figure.label;
        let number = Value::Number(grouped(&one.value));
        vec![Value::Text(label.zh.clone()), Value::Text(label.en.clone()), number]
    };
    let table = Says::Table {
        caption: format!("{} · {}", as_of(zh), as_of(en)),
        columns: vec![
            column(zh, "briefing-figure", false),
            column(en, "briefing-figure", false),
            column(words, "briefing-value", true),
        ],
        rows: told.iter().map(row).collect(),
    };
    sheet.say(words, table);
    for words in [zh, en] {
        let basis = told
            .first()
            .map(|first| words.with("briefing-basis", &[("seq", first.seq.into())]));
        sheet.say(words, Says::aside(basis.unwrap_or_else(|| words.t("briefing-none"))));
    }
    sheet
}

/// A row behind a figure, as far as its reader may see it.
struct Behind {
    id: String,
    /// Who it is, where they may be named.
    name: Option<String>,
    number: Option<String>,
    award: Option<Award>,
}

async fn figure(
    State(portal): State<Arc<Portal>>,
    Path(name): Path<String>,
    visit: Visit,
    asked: Asked,
) -> Result<Page, Fault> {
    let on = asked.day("on")?.unwrap_or(portal.today()?);
    let viewer = visit.viewer.clone();
    let (told, rows, titles, measure) = portal
        .read(move |connection, setup| {
            let all = compute(connection, setup, on)?;
            let told = all
                .into_iter()
                .find(|told| told.figure.name == name)
                .ok_or(Fault::Absent)?;
            let mut tx = Tx::reading(connection, setup)?;
            let rows = behind(&mut tx, &viewer, &told, on)?;
            let measure = Names::read(&mut tx)?
                .of(told.figure.measure.as_deref().unwrap_or_default())
                .cloned();
            Ok::<_, Fault>((told, rows, TitleNames::read(&mut tx)?, measure))
        })
        .await?;
    let label = visit
        .words
        .pick(&told.figure.label.zh, &told.figure.label.en)
        .to_owned();
    let family = told.figure.measure.clone().unwrap_or_default();
    let measure = measure
        .as_ref()
        .map_or(family.as_str(), |label| label.text(visit.lang(), &family));
    let body = html! {
        p.crumbs { a href={ "/briefing?on=" (on) } { (visit.t("briefing-title")) } }
        h1 { (label) }
        p.big { (count(&told.value)) }
        (section(visit.t("briefing-definition"), html! {
            p { (definition(&visit, &told.figure, &titles, measure, on)) }
            p.faint { (visit.words.with("briefing-basis", &[("seq", told.seq.into())])) }
            details { summary { (visit.t("briefing-query")) } pre { code { (canonical(&serde_json::to_value(&told.figure).unwrap_or_default())) } } }
        }))
        (section(visit.t("briefing-rows"), shown(&visit, &rows)))
    };
    Ok(Page::new(label, body))
}

/// What is behind a figure: holders of titles that are public; awards, with their holders where the visitor may see these.
fn behind(tx: &mut Tx<'_>, viewer: &Viewer, told: &Told, on: Date) -> Result<Vec<Behind>, Fault> {
    let mut rows = Vec::new();
    if let Some(title) = &told.figure.title {
        let known = public(tx, on)?;
        for id in &told.rows {
            let held = known.iter().find(|held| held.subject == *id && held.title == *title);
            let who = holder(tx, id)?;
            rows.push(Behind {
                name: held.and(who.name),
                number: held.and(who.number),
                id: held.map_or_else(|| id.clone(), |held| held.id.clone()),
                award: None,
            });
        }
        return Ok(rows);
    }
    let seen = access::rows(viewer, "award", 1);
    for id in &told.rows {
        let award: Award = tx.get(id)?;
        let mut arguments = vec![id.as_str().into()];
        arguments.extend(seen.arguments.iter().cloned());
        let may = tx.any::<Award>(&format!("id = $1 AND {}", seen.sql), &arguments)?;
        let name = if may { holder(tx, &award.subject)?.name } else { None };
        let id = id.clone();
        rows.push(Behind {
            id,
            name,
            number: None,
            award: Some(award),
        });
    }
    Ok(rows)
}

/// What a figure counts, in words.
fn definition(visit: &Visit, figure: &Figure, titles: &TitleNames, measure: &str, on: Date) -> String {
    let on = on.to_string();
    let Some(title) = &figure.title else {
        let key = match figure.what {
            What::Count => "briefing-awards-count",
            What::Decided => "briefing-awards-decided",
            What::Paid => "briefing-awards-paid",
        };
        let year = figure
            .year
            .map(|year| year.to_string())
            .unwrap_or_else(|| visit.t("briefing-any-year"));
        return visit
            .words
            .with(key, &[("measure", measure.into()), ("year", year.into())]);
    };
    let level = titles.level(visit.lang(), title, figure.level.as_deref());
    let title = format!(
        "{}{}",
        titles.title(visit.lang(), title),
        if level.is_empty() {
            String::new()
        } else {
            format!(" ({level})")
        }
    );
    match figure.granted_in {
        Some(year) => {
            let values = [
                ("title", title.into()),
                ("year", year.to_string().into()),
                ("on", on.into()),
            ];
            visit.words.with("briefing-titles-granted", &values)
        }
        None => visit
            .words
            .with("briefing-titles-held", &[("title", title.into()), ("on", on.into())]),
    }
}

fn shown(visit: &Visit, rows: &[Behind]) -> Markup {
    let t = |key: &str| visit.t(key);
    let awards = rows.iter().any(|row| row.award.is_some());
    let mut table = if awards {
        let table = Table::new(t("briefing-rows"))
            .head(t("briefing-award"))
            .head(t("titles-holder"));
        table.head(t("titles-state")).number(t("briefing-amount"))
    } else {
        let table = Table::new(t("briefing-rows")).head(t("titles-holder"));
        table.head(t("notices-number"))
    };
    for row in rows {
        let name =
            html! { @match &row.name { Some(name) => (name), None => span.faint { (t("briefing-not-public")) } } };
        match &row.award {
            Some(award) => table.row([
                html! { span.code { (row.id) } },
                name,
                state(visit, "award", meed_office::machine::State::name(award.state)),
                amount(award.amount),
            ]),
            None => table.row([
                html! { @if row.name.is_some() { a href={ "/titles/" (encoded(&row.id)) } { (name) } } @else { (name) } },
                html! { span.code { (row.number.as_deref().unwrap_or("—")) } },
            ]),
        }
    }
    table.show(visit)
}
