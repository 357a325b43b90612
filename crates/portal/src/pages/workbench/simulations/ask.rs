//! The form of a simulation, and the simulations that are kept.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use meed_facts::check::applicant;
use meed_facts::date::Date;
use meed_office::machine::{PolicyState, State as _};
use meed_office::policies::{Policy, program};
use meed_office::store::Cell;
use meed_office::tx::Tx;
use meed_simulate::reform::scenario::Parameter;
use meed_syntax::diagnostic::Message;

use super::asked::{Asked, TEXT_OF};
use super::desk::{About, KEPT, State as Stage};
use super::order::{Order, Version};
use super::people::MOST;
use super::show::of_version;
use super::shown_to;
use crate::access::{ANALYSIS, Audience, seen, simulates_register};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::workbench::package::files;
use crate::posted::{Posted, query};
use crate::routes::Route;
use crate::view::{Table, csrf, moment, section};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/simulations", Audience::Roles(ANALYSIS), show),
        Route::post("/simulations/ask", Audience::Roles(ANALYSIS), ask),
        Route::post("/simulations", Audience::Roles(ANALYSIS), give),
    ]
}

type Wrong = Vec<(&'static str, Message)>;

/// A document that no version has yet, to be written.
const NEW: &str = "reform.md";

/// What the form offers.
struct Offered {
    versions: Vec<Policy>,
    /// The id of the chosen version: at first the one in force.
    chosen: String,
    /// Of the chosen version.
    parameters: Vec<Parameter>,
    /// The paths of its documents.
    documents: Vec<String>,
    /// The text of the document that is to be another one, as it stands or as it was written.
    text: String,
    /// The kinds of applicants, and what they are called.
    kinds: Vec<(String, String)>,
    today: Date,
}

/// The kinds of applicants that the policies in force know.
fn kinds(names: &Names, visit: &Visit) -> Vec<(String, String)> {
    let mut kinds: Vec<(String, String)> = Vec::new();
    let entities = names
        .programs()
        .iter()
        .flat_map(|program| program.schema.entities.iter());
    for (_, entity) in entities.filter(|(_, entity)| entity.applicant) {
        let name = entity.named.name.to_lowercase();
        if kinds.iter().all(|(known, _)| *known != name) {
            let label = visit.words.label(&entity.named.label, &entity.named.name).to_owned();
            kinds.push((name, label));
        }
    }
    kinds
}

async fn offered(portal: &Arc<Portal>, visit: &Visit, asked: &Asked) -> Result<Offered, Fault> {
    let (viewer, asking, asked) = (visit.viewer.clone(), visit.clone(), asked.clone());
    portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let versions = seen::<Policy>(&mut tx, &viewer, "1 = 1", &[], "ORDER BY name, id DESC")?;
            let kind = asked.or("kind", "enterprise");
            let names = Names::read(&mut tx)?;
            let mut offered = Offered {
                chosen: asked.one("policy").to_owned(),
                parameters: Vec::new(),
                documents: Vec::new(),
                text: asked.whole("text").to_owned(),
                kinds: kinds(&names, &asking),
                today: tx.today,
                versions,
            };
            if offered.kinds.iter().all(|(known, _)| *known != kind) {
                offered.kinds.insert(0, (kind.clone(), kind.clone()));
            }
            let versions = || offered.versions.iter();
            let in_force = || versions().find(|one| one.state == PolicyState::Published);
            let chosen = versions().find(|one| one.id == offered.chosen).or_else(in_force);
            let Some(policy) = chosen.or_else(|| versions().next()).cloned() else {
                return Ok(offered);
            };
            let program = program(&mut tx, &policy, offered.today)?;
            if let Ok(entity) = applicant(&program.schema, &kind) {
                offered.parameters = Parameter::all(&program, entity);
            }
            let files = files(&mut tx, &policy)?;
            let document = asked.one("document");
            if !document.is_empty() && !asked.has_text() {
                let new = || {
                    asking
                        .words
                        .with("sim-new-text", &[("on", offered.today.to_string().into())])
                };
                offered.text = files.get(document).cloned().unwrap_or_else(new);
            }
            offered.documents = files.into_keys().filter(|path| path.ends_with(".md")).collect();
            offered.chosen = policy.id;
            Ok::<_, Fault>(offered)
        })
        .await
}

async fn show(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let asked = Asked::new(query(visit.uri.query()));
    let offered = offered(&portal, &visit, &asked).await?;
    Ok(page(&portal, &visit, &asked, &offered, &Wrong::new()))
}

/// The form as it was filled in, with what the chosen version offers and the text of the document that somebody edits.
async fn ask(State(portal): State<Arc<Portal>>, visit: Visit, posted: Posted) -> Result<Page, Fault> {
    let asked = Asked::new(posted.fields);
    let offered = offered(&portal, &visit, &asked).await?;
    Ok(page(&portal, &visit, &asked, &offered, &Wrong::new()))
}

async fn give(State(portal): State<Arc<Portal>>, visit: Visit, posted: Posted) -> Result<Response, Fault> {
    let asked = Asked::new(posted.fields);
    match put(&portal, &visit, &asked).await? {
        Ok(id) => Ok(Redirect::to(&format!("/simulations/{id}")).into_response()),
        Err(wrong) => {
            let offered = offered(&portal, &visit, &asked).await?;
            let mut page = page(&portal, &visit, &asked, &offered, &wrong);
            page.status = StatusCode::BAD_REQUEST;
            Ok(page.into_response())
        }
    }
}

/// Puts what is asked for behind the simulations that wait; its number.
pub(super) async fn put(portal: &Arc<Portal>, visit: &Visit, asked: &Asked) -> Result<Result<u64, Wrong>, Fault> {
    let (about, order) = match order(portal, visit, asked).await? {
        Ok(order) => order,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let office = Arc::clone(portal);
    let work = Box::new(move |simulated: &super::Simulated| order.make(&office, simulated));
    Ok(Ok(portal.workbench().desk.take(about, work)?))
}

/// What a form asks for, of versions that the visitor may see.
async fn order(portal: &Arc<Portal>, visit: &Visit, asked: &Asked) -> Result<Result<(About, Order), Wrong>, Fault> {
    let person = visit.person()?.to_owned();
    let (viewer, asked) = (visit.viewer.clone(), asked.clone());
    portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let chosen = seen::<Policy>(&mut tx, &viewer, "id = $1", &[Cell::from(asked.one("policy"))], "")?.pop();
            let Some(policy) = chosen else {
                let why = Message::new("choose a version", "请选择版本");
                return Ok(Err(vec![("policy", why)]));
            };
            let own = version(&mut tx, &policy)?;
            let against = match asked.one("against") {
                "published" => {
                    let condition = "name = $1 AND id <> $2 AND state = 'published'";
                    let arguments = [&policy.name, &policy.id].map(Cell::from);
                    let before = seen::<Policy>(&mut tx, &viewer, condition, &arguments, "")?.pop();
                    before.map(|before| version(&mut tx, &before)).transpose()?
                }
                _ => None,
            };
            let today = tx.today;
            let order = match asked.order(own, against, today) {
                Ok(order) => order,
                Err(wrong) => return Ok(Err(wrong)),
            };
            let register = order.people.invented.is_none();
            if register && !simulates_register(&viewer) {
                return Err(Fault::NotYours);
            }
            let about = About {
                title: format!("{} {}", policy.name, policy.version),
                policy: policy.id,
                person,
                at: tx.at,
                register,
            };
            Ok::<_, Fault>(Ok((about, order)))
        })
        .await
}

fn version(tx: &mut Tx<'_>, policy: &Policy) -> Result<Version, Fault> {
    Ok(Version {
        version: policy.version.clone(),
        files: files(tx, policy)?,
    })
}

fn page(portal: &Portal, visit: &Visit, asked: &Asked, offered: &Offered, wrong: &Wrong) -> Page {
    let title = visit.t("nav-simulations");
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("sim-lead")) }
        (section(visit.t("sim-new"), form(visit, asked, offered, wrong)))
        (section(visit.t("sim-kept"), html! {
            p.note { (visit.words.with("sim-kept-note", &[("count", KEPT.into())])) }
            (kept(portal, visit))
        }))
    };
    Page::new(title, body)
}

fn kept(portal: &Portal, visit: &Visit) -> Markup {
    let mut table = Table::new(visit.t("sim-kept"))
        .head(visit.t("sim-number"))
        .head(visit.t("bench-version"))
        .head(visit.t("sim-people"))
        .head(visit.t("field-person"))
        .head(visit.t("office-when"))
        .head(visit.t("office-state"));
    for one in portal.workbench().desk.all().iter().filter(|one| shown_to(visit, one)) {
        table.row([
            html! { a href={ "/simulations/" (one.id) } { (one.id) } },
            of_version(visit, &one.about),
            html! { (if one.about.register { visit.t("sim-register") } else { visit.t("sim-invented") }) },
            html! { (one.about.person) },
            moment(one.about.at),
            html! { (stage(visit, &one.state())) },
        ]);
    }
    table.show(visit)
}

pub(super) fn stage(visit: &Visit, stage: &Stage) -> String {
    match stage {
        Stage::Waiting => visit.t("sim-waiting"),
        Stage::Running => visit.t("sim-running"),
        Stage::Done(_) => visit.t("sim-done"),
        Stage::Failed(_) => visit.t("sim-failed"),
    }
}

fn form(visit: &Visit, asked: &Asked, offered: &Offered, wrong: &Wrong) -> Markup {
    html! {
        form.panel method="post" action="/simulations" {
            (csrf(visit))
            // A line break in a field presses the first button.
            button.hidden type="submit" tabindex="-1" aria-hidden="true" { (visit.t("sim-go")) }
            @if !wrong.is_empty() { p.reason role="alert" { (visit.t("do-wrong")) } }
            (rules(visit, asked, offered, wrong))
            (over(visit, asked, offered, wrong))
            fieldset {
                legend { (visit.t("sim-reform")) }
                (document(visit, asked, offered, wrong))
                @if !offered.parameters.is_empty() {
                    (choice(visit, wrong, ("parameter", visit.t("sim-parameter")), asked.one("parameter"),
                        std::iter::once((String::new(), visit.t("sim-none"))).chain(offered.parameters.iter().map(|one| {
                            (one.name.to_string(), format!("{} = {}", visit.words.label(&one.label, &one.name), one.value))
                        }))))
                    (field(visit, wrong, ("value", visit.t("sim-value")), "text", asked.one("value")))
                }
                (field(visit, wrong, ("reform_on", visit.t("sim-reform-on"))  , "date", asked.one("reform_on")))
            }
            fieldset {
                legend { (visit.t("sim-more")) }
                (field(visit, wrong, ("step", visit.t("sim-step")), "text", asked.one("step")))
                (field(visit, wrong, ("by", visit.t("sim-by")), "text", asked.one("by")))
                p.help { (visit.t("sim-by-help")) }
            }
            button type="submit" { (visit.t("sim-go")) }
        }
    }
}

/// The document that is to be another one: which, and its text.
fn document(visit: &Visit, asked: &Asked, offered: &Offered, wrong: &Wrong) -> Markup {
    let chosen = asked.one("document");
    let documents = offered.documents.iter().map(|path| (path.clone(), path.clone()));
    let new = (NEW.to_owned(), visit.t("sim-new-document"));
    let all = std::iter::once((String::new(), visit.t("sim-none")))
        .chain(documents)
        .chain([new]);
    html! {
        (choice(visit, wrong, ("document", visit.t("sim-document")), chosen, all))
        p { button.second type="submit" formaction="/simulations/ask" { (visit.t("sim-open-document")) } }
        @if !chosen.is_empty() {
            input type="hidden" name=(TEXT_OF) value=(chosen);
            div.field {
                label for="sim-text" { (visit.words.with("sim-with-document", &[("path", chosen.into())])) }
                // The first line break of such a field is not part of it.
                textarea.source.wide id="sim-text" name="text" rows="16" spellcheck="false" { "\n" (offered.text) }
            }
        }
    }
}

fn rules(visit: &Visit, asked: &Asked, offered: &Offered, wrong: &Wrong) -> Markup {
    let versions = offered.versions.iter().map(|one| {
        let key = format!("state-policy-{}", one.state.name());
        let state = visit.words.known(&key).unwrap_or_default();
        (one.id.clone(), format!("{} {} · {state}", one.name, one.version))
    });
    let against = [
        (String::new(), visit.t("sim-none")),
        ("published".to_owned(), visit.t("sim-published")),
    ];
    html! {
        fieldset {
            legend { (visit.t("bench-rules")) }
            (choice(visit, wrong, ("policy", visit.t("bench-version")), &offered.chosen, versions))
            @if offered.versions.len() > 1 { p { button.second type="submit" formaction="/simulations/ask" { (visit.t("sim-open-version")) } } }
            (choice(visit, wrong, ("against", visit.t("sim-against")), asked.one("against"), against.into_iter()))
            (field(visit, wrong, ("on", visit.t("bench-on")), "date", &asked.or("on", &offered.today.to_string())))
        }
    }
}

fn over(visit: &Visit, asked: &Asked, offered: &Offered, wrong: &Wrong) -> Markup {
    let people = [
        ("register".to_owned(), visit.t("sim-register")),
        ("invented".to_owned(), visit.t("sim-invented")),
    ];
    let size = visit.words.with("sim-size", &[("most", MOST.into())]);
    html! {
        fieldset {
            legend { (visit.t("sim-people")) }
            (choice(visit, wrong, ("people", visit.t("sim-people")), asked.one("people"), people.into_iter()))
            (choice(visit, wrong, ("kind", visit.t("sim-kind")), &asked.or("kind", "enterprise"), offered.kinds.iter().cloned()))
            (field(visit, wrong, ("size", size), "text", &asked.or("size", "10000")))
            (field(visit, wrong, ("seed", visit.t("sim-seed")), "text", &asked.or("seed", "1")))
        }
    }
}

/// What is wrong with a field, and whether anything is.
fn mistakes(visit: &Visit, wrong: &Wrong, name: &str) -> (Markup, bool) {
    let own: Vec<&Message> = wrong
        .iter()
        .filter(|(field, _)| *field == name)
        .map(|(_, why)| why)
        .collect();
    let markup = html! { @for why in &own { p.wrong id={ "sim-" (name) "-wrong" } { (why.text(visit.lang())) } } };
    (markup, !own.is_empty())
}

fn field(visit: &Visit, wrong: &Wrong, (name, label): (&str, String), kind: &str, value: &str) -> Markup {
    let (mistakes, is_wrong) = mistakes(visit, wrong, name);
    html! {
        div.field {
            label for={ "sim-" (name) } { (label) }
            input id={ "sim-" (name) } name=(name) type=(kind) value=(value) aria-invalid=[is_wrong.then_some("true")]
                aria-describedby=[is_wrong.then(|| format!("sim-{name}-wrong"))];
            (mistakes)
        }
    }
}

fn choice(
    visit: &Visit,
    wrong: &Wrong,
    (name, label): (&str, String),
    chosen: &str,
    options: impl Iterator<Item = (String, String)>,
) -> Markup {
    let (mistakes, is_wrong) = mistakes(visit, wrong, name);
    html! {
        div.field {
            label for={ "sim-" (name) } { (label) }
            select id={ "sim-" (name) } name=(name) aria-invalid=[is_wrong.then_some("true")]
                aria-describedby=[is_wrong.then(|| format!("sim-{name}-wrong"))] {
                @for (value, shown) in options { option value=(value) selected[value == chosen] { (shown) } }
            }
            (mistakes)
        }
    }
}
