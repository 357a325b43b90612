//! The same act for several cases that stand at the same step: one form, and for each case a command of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use maud::{Markup, html};
use meed_office::cases::Case;
use meed_office::command::{Act, Command, Form, Kind, Outcome, Seen, form};
use meed_office::log::sha256;
use meed_office::machine::State as _;
use meed_office::store::Cell;
use meed_office::tx::Tx;
use meed_syntax::diagnostic::Message;

use crate::access::{Audience, DECIDING, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::offered;
use crate::posted::{Posted, query};
use crate::routes::Route;
use crate::signin::back;
use crate::view::{self, Offer, Table, section, state};
use crate::visit::{Page, Visit};

/// Of so many cases at once.
const MOST: usize = 100;
/// Where an officer comes back to.
const CASES: &str = "/office/cases";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/office/cases/together", Audience::Roles(DECIDING), ask),
        Route::post("/office/cases/together/{module}/{act}", Audience::Roles(DECIDING), give),
    ]
}

/// A case with its applicant's name.
struct Chosen {
    case: Case,
    name: String,
}

/// What can be done with all of the chosen cases: that which can be done with the first of them. What a single one stands against is told when it is given.
async fn ask(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let mut asked = query(visit.uri.query());
    let ids = asked.remove("case").unwrap_or_default();
    let from = asked.remove("back").and_then(|values| values.into_iter().next());
    let (chosen, names) = read(&portal, &visit, ids).await?;
    let Some(first) = chosen.first() else {
        let title = visit.t("together-go");
        let body =
            html! { h1 { (title) } p { (visit.t("together-hint")) } p { a href=(CASES) { (visit.t("do-back")) } } };
        return Ok(Page::new(title, body));
    };
    if chosen.iter().any(|one| one.case.state != first.case.state) {
        let why = "the chosen cases stand at different steps; choose those of one state";
        return Err(bad(why, "所选案件处于不同环节，请勾选同一状态的案件"));
    }
    let key = [("case", first.case.id.as_str())];
    let mut offers = offered(&portal, &visit, "case", &key, &[Seen::of(&first.case)]).await?;
    offers.retain(|offer| {
        form(&offer.kind).is_some_and(|form| fits_all(form) && !crate::access::needs_step_up(&offer.kind))
    });
    for offer in &mut offers {
        offer.fixed.insert(
            "case".to_owned(),
            chosen.iter().map(|one| one.case.id.clone()).collect(),
        );
        offer.seen = chosen.iter().map(|one| Seen::of(&one.case)).collect();
        offer.action = Some(format!("{CASES}/together/{}", offer.kind.replace('.', "/")));
        offer.back = back::page(from.as_deref().or(Some(CASES)));
    }
    let title = visit.words.with("together-title", &[("count", chosen.len().into())]);
    let body = html! {
        h1 { (title) " " (state(&visit, "case", first.case.state.name())) }
        p.lead { (visit.t("together-lead")) }
        (section(visit.t("office-actions"), html! {
            @if offers.is_empty() { p { (visit.t("together-none")) } }
            @else { div.actions { @for offer in &offers { (offer.show(&visit)) } } }
        }))
        (section(visit.t("together-chosen"), list(&visit, &chosen, &names)))
    };
    Ok(Page::new(title, body))
}

/// Whether what an act asks for may be the same for several cases.
fn fits_all(form: &Form) -> bool {
    !form
        .fields
        .iter()
        .any(|field| matches!(field.kind, Kind::File | Kind::Json | Kind::Files))
}

fn list(visit: &Visit, chosen: &[Chosen], names: &Names) -> Markup {
    let mut table = Table::new(visit.t("together-chosen"))
        .head(visit.t("field-case"))
        .head(visit.t("field-subject"))
        .head(visit.t("field-measure"));
    for one in chosen {
        table.row([
            link(&one.case.id),
            html! { (one.name) },
            html! { (names.called(visit.words, &one.case.measure)) },
        ]);
    }
    table.show(visit)
}

fn link(case: &str) -> Markup {
    html! { a.code href={ (CASES) "/" (case) } { (case) } }
}

/// What became of one case's command.
enum Became {
    Done,
    Refused(Markup),
}

/// Gives the act for each case. A command's id follows from the form's and the case: sending the form again does nothing again, and tells the same.
async fn give(
    State(portal): State<Arc<Portal>>,
    Path((module, act)): Path<(String, String)>,
    visit: Visit,
    mut posted: Posted,
) -> Result<Page, Fault> {
    let kind = format!("{module}.{act}");
    let (form, person) = visit.giving(&kind)?;
    if form.target != Some("case") || !fits_all(form) {
        return Err(Fault::Absent);
    }
    let (command, from) = (posted.take("command"), back::page(Some(&posted.take("back"))));
    posted.fields.remove(view::SETTLED);
    let ids = posted.fields.remove("case").unwrap_or_default();
    if command.is_empty() || ids.is_empty() {
        return Err(bad(
            "the form has no cases; choose them again",
            "表单缺少案件，请重新勾选",
        ));
    }
    let saw = posted.fields.remove("seen").unwrap_or_default();
    let saw: Vec<Seen> = saw.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
    view::split_lines(form, &mut posted.fields);
    let (chosen, _) = read(&portal, &visit, ids).await?;
    let mut results = Vec::new();
    for one in &chosen {
        let mut fields = posted.fields.clone();
        fields.insert("case".to_owned(), vec![one.case.id.clone()]);
        let act = match Act::from_fields(&kind, &fields) {
            Ok(act) => act,
            // What cannot be read is the same for all of them.
            Err(wrong) => return Ok(again(&visit, form, posted, (command, from), &chosen, saw, wrong.0)),
        };
        let seen: Vec<Seen> = saw
            .iter()
            .filter(|seen| seen.key == Seen::of(&one.case).key)
            .cloned()
            .collect();
        let became = if seen.is_empty() {
            // A case that the form did not show was not chosen on it.
            Became::Refused(html! { (visit.t("fault-stale")) })
        } else {
            let id = format!("together-{}", sha256(format!("{command}\0{}", one.case.id).as_bytes()));
            became(
                &visit,
                portal.submit(Command::new(id, person, act).having_seen(seen)).await,
            )?
        };
        results.push((one, became));
    }
    Ok(told(&visit, &kind, &from, &results))
}

fn became(visit: &Visit, outcome: Result<Outcome, Fault>) -> Result<Became, Fault> {
    Ok(match outcome {
        Ok(Outcome::Accepted { .. }) => Became::Done,
        Ok(Outcome::Denied { reason, .. } | Outcome::Undecided { reason, .. }) => {
            Became::Refused(view::reason(visit, &reason))
        }
        Err(fault @ (Fault::Stale | Fault::Reused)) => Became::Refused(html! { (visit.t(fault.key())) }),
        Err(fault) => return Err(fault),
    })
}

fn told(visit: &Visit, kind: &str, from: &str, results: &[(&Chosen, Became)]) -> Page {
    let done = results
        .iter()
        .filter(|(_, became)| matches!(became, Became::Done))
        .count();
    let mut table = Table::new(visit.t("together-results"))
        .head(visit.t("field-case"))
        .head(visit.t("field-subject"))
        .head(visit.t("together-result"));
    for (one, became) in results {
        let shown = match became {
            Became::Done => html! { span.good { (visit.t("together-done")) } },
            Became::Refused(why) => html! { span.bad { (visit.t("together-refused")) } " " (why) },
        };
        table.row([link(&one.case.id), html! { (one.name) }, shown]);
    }
    let title = visit
        .words
        .with("together-told", &[("act", view::act_name(visit, kind).into())]);
    let counts = [
        ("done", done.into()),
        ("refused", results.len().saturating_sub(done).into()),
    ];
    let body = html! {
        h1 { (title) }
        p role="status" { (visit.words.with("together-counts", &counts)) }
        (table.show(visit))
        p { a href=(from) { (visit.t("do-back")) } }
    };
    Page::new(title, body)
}

/// The form again, with what cannot be read in it.
fn again(
    visit: &Visit,
    form: &Form,
    posted: Posted,
    (command, from): (String, String),
    chosen: &[Chosen],
    saw: Vec<Seen>,
    wrong: Vec<meed_office::command::FieldError>,
) -> Page {
    let kind = form.kind();
    let cases = chosen.iter().map(|one| one.case.id.clone()).collect();
    let offer = Offer {
        action: Some(format!("{CASES}/together/{}/{}", form.module, form.act)),
        fixed: BTreeMap::from([("case".to_owned(), cases)]),
        typed: posted.fields,
        seen: saw,
        back: from,
        command,
        wrong,
        refused: None,
        kind,
    };
    let title = view::act_name(visit, &offer.kind);
    let mut page = Page::new(title.clone(), html! { h1 { (title) } (offer.whole(visit, form)) });
    page.status = StatusCode::BAD_REQUEST;
    page
}

/// The chosen cases that a visitor may see.
async fn read(portal: &Arc<Portal>, visit: &Visit, ids: Vec<String>) -> Result<(Vec<Chosen>, Names), Fault> {
    if ids.len() > MOST {
        return Err(bad("too many cases at once", "一次勾选的案件过多"));
    }
    let viewer = visit.viewer.clone();
    portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let mut chosen: Vec<Chosen> = Vec::new();
            for id in ids {
                let case = seen::<Case>(&mut tx, &viewer, "id = $1", &[Cell::from(&id)], "")?.pop();
                let case = case.ok_or(Fault::Absent)?;
                if chosen.iter().any(|one| one.case.id == case.id) {
                    continue;
                }
                let name = tx.query("SELECT name FROM subject WHERE id = $1", &[Cell::from(&case.subject)])?;
                let name = match name.into_iter().flatten().next() {
                    Some(Cell::Text(name)) => name,
                    _ => String::new(),
                };
                chosen.push(Chosen { case, name });
            }
            Ok::<_, Fault>((chosen, Names::read(&mut tx)?))
        })
        .await
}

fn bad(en: &str, zh: &str) -> Fault {
    Fault::Bad(Message::new(en, zh))
}
