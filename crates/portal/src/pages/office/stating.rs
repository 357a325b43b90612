//! Stating and correcting one fact of an applicant: what it is about is chosen, its value is typed as the vocabulary has it.

mod place;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use meed_facts::date::Date;
use meed_facts::schema::{EntityId, FactId, FactType, PeriodUnit, Schema};
use meed_office::command::{Act, Command, FieldError, Outcome};
use meed_office::people::Role;
use meed_office::register::{Fact, Subject, is_first_day};
use meed_office::store::Cell;
use meed_office::tx::Tx;
use meed_rules::program::Program;
use serde_json::Value;

use self::place::{Place, called};
use super::subject::known_now;
use crate::access::{Audience, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::mine::form::blank::Blank;
use crate::pages::mine::form::slot::{self, Slot, text_of, typed};
use crate::posted::{Fields, Posted, query};
use crate::routes::Route;
use crate::view::{Offer, Table, act_name, csrf, encoded, field_name, reason};
use crate::visit::{Page, Visit};
use crate::vocabulary::Vocabulary;

pub(super) fn routes() -> Vec<Route> {
    const PATH: &str = "/office/subjects/{subject}/facts";
    vec![
        Route::get(PATH, Audience::Roles(&[Role::Registrar]), ask),
        Route::post(PATH, Audience::Roles(&[Role::Registrar]), give),
    ]
}

/// Where the page is that states a fact; with a path, that one.
pub fn page_for(subject: &str, path: Option<&str>) -> String {
    let asked = path.map_or_else(String::new, |path| format!("?path={}", encoded(path)));
    format!("/office/subjects/{subject}/facts{asked}")
}

/// Where a fact is corrected; nowhere, where it is more than one value.
pub(super) fn correction(vocabulary: &Vocabulary, fact: &Fact) -> Option<String> {
    let (program, entity) = vocabulary.known()?;
    Place::read(&program.schema, entity, &fact.path)?;
    Some(page_for(&fact.subject, Some(&fact.path)))
}

/// The act of this page.
const KIND: &str = "register.state";

/// An applicant, what is known of it today, and the words for it.
struct File {
    subject: Subject,
    facts: Vec<Fact>,
    names: Names,
}

impl File {
    async fn read(portal: &Arc<Portal>, visit: &Visit, id: &str) -> Result<Self, Fault> {
        let (viewer, id) = (visit.viewer.clone(), id.to_owned());
        portal
            .read(move |connection, setup| {
                let mut tx = Tx::reading(connection, setup)?;
                let subject = seen::<Subject>(&mut tx, &viewer, "id = $1", &[Cell::from(&id)], "")?.pop();
                Ok::<_, Fault>(Self {
                    subject: subject.ok_or(Fault::Absent)?,
                    facts: known_now(&mut tx, &viewer, &id)?,
                    names: Names::read(&mut tx)?,
                })
            })
            .await
    }

    /// What is known at a path; of a duration the number stands below it.
    fn known(&self, path: &str) -> Option<&Fact> {
        let below = |known: &str| matches!(known.strip_prefix(path), Some("" | "/months" | "/days"));
        self.facts.iter().find(|one| one.value.is_some() && below(&one.path))
    }

    /// Ids of the children of a list that are known.
    fn children(&self, schema: &Schema, list: FactId) -> Vec<&str> {
        let step = format!("/{}/#", schema.facts[list].named.name);
        let mut ids: Vec<&str> = self
            .facts
            .iter()
            .filter_map(|one| one.path.split_once(&step)?.1.split('/').next())
            .filter(|id| !id.is_empty())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// What a form says of a fact, as texts.
#[derive(Clone, Debug, Default)]
struct Typed {
    texts: BTreeMap<&'static str, String>,
    /// Field → why its text cannot be used.
    wrong: BTreeMap<String, String>,
    /// Why the whole was not done.
    refused: Option<Markup>,
}

/// What is said of a fact beside its value: names of the act's fields, days last.
const SAID: [&str; 4] = ["source", "evidence", "valid_from", "valid_to"];

impl Typed {
    /// As the register has it now, to be corrected.
    fn of(program: &Program, slot: &Slot, fact: Option<&Fact>) -> Self {
        let Some(fact) = fact else { return Self::default() };
        let day = |day: Option<Date>| day.filter(|day| !is_first_day(*day)).map(|day| day.to_string());
        // What cannot be typed is not proposed.
        let value = fact.value.as_ref().map(text_of);
        let value = value.filter(|text| typed(program, slot, text).is_ok());
        let texts = [
            ("value", value),
            ("source", Some(fact.source.clone())),
            ("evidence", fact.evidence.clone()),
            ("valid_from", day(Some(fact.valid_from))),
            ("valid_to", day(fact.valid_to)),
        ];
        Self {
            texts: texts
                .into_iter()
                .filter_map(|(name, text)| Some((name, text?)))
                .collect(),
            ..Self::default()
        }
    }

    fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }
}

async fn ask(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let file = File::read(&portal, &visit, &id).await?;
    let vocabulary = Vocabulary::of(&file.names, &file.subject.kind, visit.words);
    let (program, entity) = vocabulary.known().ok_or(Fault::Absent)?;
    let mut asked = query(visit.uri.query());
    let Some(path) = asked.remove("path").and_then(|paths| paths.into_iter().next()) else {
        return Ok(choice(&visit, &file, &program.schema, entity));
    };
    let place = Place::read(&program.schema, entity, &path).ok_or(Fault::Absent)?;
    let known = Typed::of(program, &place.slot, file.known(&place.path()));
    Ok(form(&visit, &file, program, &place, &known))
}

/// What can be stated, list by list.
fn choice(visit: &Visit, file: &File, schema: &Schema, entity: EntityId) -> Page {
    let mut groups = Vec::new();
    gather(visit, schema, (entity, "", &visit.t("fact-of-applicant")), &mut groups);
    let title = act_name(visit, KIND);
    let body = html! {
        h1 { (title) }
        p.lead { (about(file)) }
        form method="get" {
            div.field {
                label for="path" { (visit.t("fact-head")) }
                select id="path" name="path" required {
                    option value="" {}
                    @for (group, options) in &groups {
                        optgroup label=(group) { @for (pattern, label) in options { option value=(pattern) { (label) } } }
                    }
                }
            }
            button type="submit" { (visit.t("fact-go-on")) }
        }
        (back(visit, file))
    };
    Page::new(title, body)
}

/// Facts of one kind of record with their patterns.
type Group = (String, Vec<(String, String)>);

fn gather(visit: &Visit, schema: &Schema, (entity, above, title): (EntityId, &str, &str), groups: &mut Vec<Group>) {
    let at = groups.len();
    groups.push((title.to_owned(), Vec::new()));
    let mut own = Vec::new();
    for fact in &schema.entities[entity].facts {
        let label = called(visit, schema, *fact);
        let pattern = format!("{above}/{}", schema.facts[*fact].named.name);
        match schema.facts[*fact].ty {
            FactType::One(inner) => gather(visit, schema, (inner, &pattern, label), groups),
            FactType::Many(child) => {
                let list = format!("{pattern}/#");
                gather(visit, schema, (child, &list, label), groups);
                own.push((list, format!("{label}{}", visit.t("fact-whole"))));
            }
            _ if schema.entities[entity].key == Some(*fact) => {}
            _ => own.push((pattern, label.to_owned())),
        }
    }
    if let Some((_, options)) = groups.get_mut(at) {
        *options = own;
    }
}

/// The fields of one fact.
fn form(visit: &Visit, file: &File, program: &Program, place: &Place, typed: &Typed) -> Page {
    let schema = &program.schema;
    let title = place.title(visit, schema);
    let blank = Blank {
        slot: &place.slot,
        name: "value",
        label: &visit.t("fact-value"),
        text: typed.text("value"),
        bad: typed.wrong.contains_key("value"),
    };
    let body = html! {
        h1 { (title) }
        p.lead { (about(file)) }
        @if let Some(why) = &typed.refused { p.reason role="alert" { (why) } }
        @else if !typed.wrong.is_empty() { p.reason role="alert" { (visit.t("do-wrong")) } }
        form method="post" action=(page_for(&file.subject.id, None)) {
            (csrf(visit))
            input type="hidden" name="command" value=(Offer::new(visit, KIND).command);
            input type="hidden" name="path" value=(place.pattern);
            @for (at, (list, id)) in place.children.iter().enumerate() {
                @let name = format!("child{at}");
                div.field {
                    label for=(name) { (called(visit, schema, *list)) " " span.faint { (visit.t("fact-child")) } }
                    input id=(name) name="child" value=(id) list={ "known-" (name) } required maxlength="64" autocomplete="off";
                    datalist id={ "known-" (name) } { @for id in file.children(schema, *list) { option value=(id) {} } }
                }
            }
            @if let Some((unit, period)) = &place.period {
                div.field {
                    label for="period" { (visit.t(if *unit == PeriodUnit::Year { "fact-year" } else { "fact-month" })) }
                    input id="period" name="period" value=(period) required inputmode="numeric" autocomplete="off"
                        pattern=(if *unit == PeriodUnit::Year { "[0-9]{4}" } else { "[0-9]{4}-[0-9]{2}" });
                }
            }
            (wrong(typed, "path"))
            div.field {
                label for="value" { (visit.t("fact-value")) }
                (blank.show(visit, program))
                @if let Slot::Value(fact) = place.slot { p.help { (slot::hint(program, fact, visit.lang())) } }
                (wrong(typed, "value"))
            }
            @for name in SAID {
                div.field {
                    label for=(name) { (field_name(visit, name)) @if name != "source" { " " span.faint { (visit.t("do-optional")) } } }
                    input id=(name) name=(name) value=(typed.text(name)) required[name == "source"] type=(if name.starts_with("valid") { "date" } else { "text" }) autocomplete="off";
                    (wrong(typed, name))
                }
            }
            div.actions {
                button type="submit" name="do" value="state" { (act_name(visit, KIND)) }
                @if file.known(&place.path()).is_some() { button.second type="submit" name="do" value="take-back" formnovalidate { (visit.t("fact-take-back")) } }
            }
        }
        (back(visit, file))
    };
    let mut page = Page::new(title, body);
    if !typed.wrong.is_empty() || typed.refused.is_some() {
        page.status = StatusCode::BAD_REQUEST;
    }
    page
}

fn wrong(typed: &Typed, name: &str) -> Markup {
    html! { @if let Some(why) = typed.wrong.get(name) { p.wrong id={ (name) "-wrong" } { (why) } } }
}

fn about(file: &File) -> &str {
    file.subject.name.as_deref().unwrap_or(&file.subject.id)
}

fn back(visit: &Visit, file: &File) -> Markup {
    html! { p { a href={ "/office/subjects/" (file.subject.id) } { (visit.t("do-back")) } } }
}

async fn give(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    visit: Visit,
    mut posted: Posted,
) -> Result<Response, Fault> {
    let (_, person) = visit.giving(KIND)?;
    let file = File::read(&portal, &visit, &id).await?;
    let vocabulary = Vocabulary::of(&file.names, &file.subject.kind, visit.words);
    let (program, entity) = vocabulary.known().ok_or(Fault::Absent)?;
    let mut place = Place::read(&program.schema, entity, posted.one("path")).ok_or(Fault::Absent)?;
    let ids = posted.fields.remove("child").unwrap_or_default();
    for ((_, id), said) in place.children.iter_mut().zip(ids) {
        said.trim().clone_into(id);
    }
    if let Some((_, period)) = &mut place.period {
        posted.one("period").trim().clone_into(period);
    }
    let mut typed = Typed::default();
    for name in SAID.into_iter().chain(["value"]) {
        typed.texts.insert(name, posted.one(name).to_owned());
    }
    let taken_back = posted.one("do") == "take-back";
    let Some(fields) = fields(&visit, &file, program, (entity, &place), (&mut typed, taken_back)) else {
        return Ok(form(&visit, &file, program, &place, &typed).into_response());
    };
    let act = match Act::from_fields(KIND, &fields) {
        Ok(act) => act,
        Err(errors) => {
            let told = |error: FieldError| (error.field, error.message.text(visit.lang()).to_owned());
            typed.wrong = errors.0.into_iter().map(told).collect();
            return Ok(form(&visit, &file, program, &place, &typed).into_response());
        }
    };
    match portal.submit(Command::new(posted.take("command"), person, act)).await? {
        Outcome::Accepted { result, .. } => Ok(done(&visit, &file, &result)),
        Outcome::Denied { reason: why, .. } | Outcome::Undecided { reason: why, .. } => {
            typed.refused = Some(reason(&visit, &why));
            Ok(form(&visit, &file, program, &place, &typed).into_response())
        }
    }
}

/// What was typed as the fields of the act; nothing where the place or the value cannot be used, which is told.
fn fields(
    visit: &Visit,
    file: &File,
    program: &Program,
    (entity, place): (EntityId, &Place),
    (texts, taken_back): (&mut Typed, bool),
) -> Option<Fields> {
    let path = place.path();
    if slot::slot(&program.schema, entity, &path).is_none() {
        texts.wrong.insert("path".to_owned(), visit.t("fact-place-wrong"));
        return None;
    }
    let mut fields = Fields::new();
    let mut field = |name: &str, text: String| fields.insert(name.to_owned(), vec![text]);
    field("subject", file.subject.id.clone());
    for name in SAID {
        field(name, texts.text(name).to_owned());
    }
    if taken_back {
        field("path", file.known(&path).map_or(path, |known| known.path.clone()));
        return Some(fields);
    }
    match typed(program, &place.slot, texts.text("value")) {
        Ok(value) => {
            let (path, value) = placed(path, value);
            field("path", path);
            field("value", value.to_string());
            Some(fields)
        }
        Err(expected) => {
            let why = [
                ("text", texts.text("value").to_owned().into()),
                ("expected", expected.text(visit.lang(), "").to_owned().into()),
            ];
            texts
                .wrong
                .insert("value".to_owned(), visit.words.with("mine-flaw-text", &why));
            None
        }
    }
}

/// A value with its path: a duration is known by its number, below its unit.
fn placed(path: String, value: Value) -> (String, Value) {
    let unit = ["months", "days"].into_iter().find(|unit| value.get(unit).is_some());
    match unit.and_then(|unit| Some((unit, value.get(unit)?.clone()))) {
        Some((unit, number)) => (format!("{path}/{unit}"), number),
        None => (path, value),
    }
}

/// Back to the applicant's file; where decisions would be others now, which.
fn done(visit: &Visit, file: &File, result: &Value) -> Response {
    let changed = result
        .get("would_change")
        .and_then(Value::as_array)
        .filter(|all| !all.is_empty());
    let Some(changed) = changed else {
        return Redirect::to(&format!("/office/subjects/{}?done={KIND}", file.subject.id)).into_response();
    };
    let title = visit.t("fact-stated");
    let mut table = Table::new(visit.t("fact-would-change"))
        .head(visit.t("field-case"))
        .head(visit.t("field-measure"))
        .head(visit.t("field-decision"));
    for one in changed {
        let text = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        table.row([
            html! { a.code href={ "/office/cases/" (text("case")) } { (text("case")) } },
            html! { (file.names.called(visit.words, text("measure"))) },
            html! { span.code { (text("decision")) } " " span.faint { (text("on")) } },
        ]);
    }
    let body = html! {
        h1 { (title) }
        p.lead { (about(file)) }
        p { (visit.t("fact-would-change-lead")) }
        (table.show(visit))
        (back(visit, file))
    };
    Page::new(title, body).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_duration_is_stated_below_its_unit() {
        let at = |value| placed("/term".to_owned(), value);
        assert_eq!(at(json!({"months": 36})), ("/term/months".to_owned(), json!(36)));
        let range = json!({"at_least": "1", "at_most": "2"});
        assert_eq!(at(range.clone()), ("/term".to_owned(), range));
    }
}
