//! The clock of a demonstration: time that people would wait for is let pass by hand. In an office that is none, there is no such page.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Redirect;
use maud::html;
use meed_office::time::Clock;
use meed_syntax::diagnostic::Message;

use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::posted::Posted;
use crate::routes::Route;
use crate::view::day;
use crate::visit::{Page, Visit};

/// The most days that pass at once.
const MOST: i64 = 400;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/demo", Audience::Anyone, page),
        Route::post("/demo", Audience::Anyone, pass),
    ]
}

async fn page(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    if !portal.is_demo() {
        return Err(Fault::Absent);
    }
    let today = portal.today()?;
    let body = html! {
        h1 { (visit.t("demo")) }
        p.lead { (visit.t("demo-today")) " " (day(today)) }
        form.actions method="post" action="/demo" {
            (crate::view::csrf(&visit))
            label for="days" { (visit.t("demo-days")) }
            input id="days" name="days" inputmode="numeric" value="1" required;
            button type="submit" { (visit.t("demo-pass")) }
        }
        p { a href="/sign-in" { (visit.t("demo-people")) } }
    };
    Ok(Page::new(visit.t("demo"), body))
}

async fn pass(State(portal): State<Arc<Portal>>, posted: Posted) -> Result<Redirect, Fault> {
    if !portal.is_demo() {
        return Err(Fault::Absent);
    }
    let days = posted
        .one("days")
        .trim()
        .parse::<i64>()
        .ok()
        .filter(|days| (1..=MOST).contains(days));
    let days = days.ok_or_else(|| {
        Fault::Bad(Message::new(
            format!("days: a whole number from 1 to {MOST}"),
            format!("天数应为 1 至 {MOST} 的整数"),
        ))
    })?;
    let clock: &Clock = &portal.office().setup().clock;
    clock.set(clock.now().plus_hours(days.saturating_mul(24)));
    Ok(Redirect::to("/demo"))
}
