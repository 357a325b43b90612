//! Letters as sheets that print well, in the language in which they are opened.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};

use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::letters::{Letter, read};
use crate::routes::Route;
use crate::view::{amount, day};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/letters/{decision}", Audience::SignedIn, letter)]
}

async fn letter(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let (viewer, words) = (visit.viewer.clone(), visit.words);
    let letter = portal
        .read(move |connection, setup| read(connection, setup, &viewer, &id, words))
        .await?;
    Ok(Page::new(title(&visit, &letter), sheet(&visit, &letter)).sheet())
}

fn title(visit: &Visit, letter: &Letter) -> String {
    match letter.kind.as_str() {
        "refuse" => visit.t("letter-refusal"),
        "annul" => visit.t("letter-annulment"),
        "grant" | "keep" => visit.t("letter-award"),
        _ => visit.t("letter-change"),
    }
}

fn sheet(visit: &Visit, letter: &Letter) -> Markup {
    let about = [
        ("to", letter.to.as_str().into()),
        ("about", letter.about.as_str().into()),
        ("case", letter.case.as_str().into()),
    ];
    let appeal = [
        ("to", letter.appeal_to.as_str().into()),
        ("days", letter.appeal_days.into()),
    ];
    html! {
        header.letterhead { p { (letter.from) } p.num { (visit.t("letter-number")) " " (letter.number) } }
        h1.centre { (title(visit, letter)) }
        p { (letter.to) (visit.words.pick("：", ",")) }
        p { @match letter.kind.as_str() {
            "refuse" => (visit.words.with("letter-refuses", &about)),
            "annul" => (visit.words.with("letter-annuls", &about)),
            "grant" | "keep" => (visit.words.with("letter-grants", &about)),
            _ => (visit.words.with("letter-changes", &about)),
        } }
        @if let Some(due) = letter.amount { p.sum { (visit.t("letter-amount")) " " strong { (amount(due)) " " (visit.t("letter-yuan")) } } }
        h2 { (visit.t("letter-basis")) }
        p { (letter.clause) " " span.faint { (visit.t("letter-rules-of")) " " (day(letter.rules_of)) } }
        @if !letter.reasons.is_empty() {
            ul.entries { @for (text, holds) in &letter.reasons {
                li { (crate::view::sign(visit, if *holds { meed_engine::words::Mark::Holds } else { meed_engine::words::Mark::Fails })) (text) }
            } }
        }
        h2 { (visit.t("letter-appeal")) }
        p { (visit.words.with("letter-appeal-how", &appeal)) }
        p.signature { (letter.from) br; (day(letter.decided)) }
    }
}
