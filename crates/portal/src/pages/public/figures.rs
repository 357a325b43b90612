//! Statistics as charts, each with its definition and its numbers, and each number with the rows behind it where these are public.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};

use super::statistics::{Series, Topic, compute};
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Bar, Table, bars, columns, count, grouped, section};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/figures", Audience::Anyone, figures),
        Route::get("/figures/{name}", Audience::Anyone, figure),
    ]
}

async fn figures(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let on = portal.today()?;
    let all = portal
        .read(move |connection, setup| compute(connection, setup, on))
        .await?;
    let body = html! {
        h1 { (visit.t("figures-title")) }
        p.lead { (visit.words.with("figures-lead", &[("on", on.to_string().into())])) }
        div.statistics { @for series in all.iter() {
            (section(visit.t(&series.topic.title()), html! {
                @if series.points.is_empty() { p { (visit.t("nothing")) } } @else { (chart(&visit, series)) }
                p { a href={ "/figures/" (series.topic.name()) } { (visit.t("figures-open")) span.hidden { " " (visit.t(&series.topic.title())) } } }
            }))
        } }
        p { a href="/data" { (visit.t("policies-data")) } }
    };
    Ok(Page::new(visit.t("figures-title"), body))
}

fn chart(visit: &Visit, series: &Series) -> Markup {
    let heads = [visit.t(series.topic.by()), visit.t(unit(series.topic))];
    let data: Vec<Bar> = series
        .points
        .iter()
        .map(|point| Bar {
            label: point.label(visit.lang()).to_owned(),
            value: point.value,
            shown: grouped(&series.shown(point.value)),
        })
        .collect();
    let title = visit.t(&series.topic.title());
    if series.topic.is_course() {
        columns(visit, &title, heads, &data)
    } else {
        bars(visit, &title, heads, &data)
    }
}

const fn unit(topic: Topic) -> &'static str {
    if topic.is_money() {
        "figures-yuan"
    } else {
        "figures-number"
    }
}

async fn figure(State(portal): State<Arc<Portal>>, Path(name): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let topic = Topic::ALL
        .into_iter()
        .find(|topic| topic.name() == name)
        .ok_or(Fault::Absent)?;
    let on = portal.today()?;
    let all = portal
        .read(move |connection, setup| compute(connection, setup, on))
        .await?;
    let series = all.iter().find(|series| series.topic == topic).ok_or(Fault::Absent)?;
    let title = visit.t(&topic.title());
    let mut table = Table::new(title.as_str())
        .head(visit.t(topic.by()))
        .number(visit.t(unit(topic)));
    for point in &series.points {
        let label = point.label(visit.lang());
        table.row([
            html! { @match &point.href { Some(href) => a href=(href) { (label) }, None => (label) } },
            count(series.shown(point.value)),
        ]);
    }
    let body = html! {
        p.crumbs { a href="/figures" { (visit.t("figures-title")) } }
        h1 { (title) }
        (section(visit.t("briefing-definition"), html! {
            p { (visit.t(&topic.definition())) }
            p.faint { (visit.words.with("briefing-basis", &[("seq", series.seq.into())])) }
        }))
        @if !series.points.is_empty() { (chart(&visit, series)) }
        (section(visit.t("figures-numbers"), table.show(&visit)))
        p.note { (visit.t(if matches!(topic, Topic::Titles | Topic::Years) { "figures-rows-public" } else { "figures-rows-closed" })) }
        p { a href="/data/figures.csv" { "CSV" } " · " a href="/data/figures.json" { "JSON" } }
    };
    Ok(Page::new(title, body))
}
