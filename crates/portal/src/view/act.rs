//! Forms of acts: every act of the office describes its fields, and its form is made from that.

use std::collections::BTreeMap;

use maud::{Markup, html};
use meed_office::command::{FieldError, Form, FormField, Kind, Seen, form};

use super::frame::{csrf, encoded};
use crate::access::needs_step_up;
use crate::posted::Fields;
use crate::visit::Visit;

/// An act as a page offers it: what is settled already, and what its giver saw.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// The act: `case.accept`.
    pub kind: String,
    /// Fields that the page settles.
    pub fixed: Fields,
    /// Values that were typed before, or that are proposed.
    pub typed: Fields,
    /// What was wrong with them.
    pub wrong: Vec<FieldError>,
    /// Why it was not done when it was asked for before.
    pub refused: Option<Markup>,
    /// Rows that must not have changed meanwhile.
    pub seen: Vec<Seen>,
    /// Where to go afterwards.
    pub back: String,
    /// Where the form is sent, where that is not the act's own address.
    pub action: Option<String>,
    /// The id of the command: one for each time the form is made, so that sending it twice does it once.
    pub command: String,
}

impl Offer {
    /// An act about a row, from the page that shows the row.
    pub fn new(visit: &Visit, kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            back: visit.here(),
            command: meed_office::log::salt().unwrap_or_default(),
            ..Self::default()
        }
    }

    /// An act of which one field is settled: the row that it is about.
    pub fn about(visit: &Visit, kind: &str, field: &str, value: &str) -> Self {
        Self::new(visit, kind).with(field, value)
    }

    /// Settles a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fixed.entry(name.to_owned()).or_default().push(value.into());
        self
    }

    /// Rests on rows as they are now.
    #[must_use]
    pub fn seeing(mut self, seen: impl IntoIterator<Item = Seen>) -> Self {
        self.seen.extend(seen);
        self
    }

    /// A button, where nothing is left to be filled in; otherwise the form, folded. Nothing, where there is no such act.
    pub fn show(&self, visit: &Visit) -> Markup {
        let Some(form) = form(&self.kind) else {
            return html! {};
        };
        html! {
            @if needs_step_up(&self.kind) && !visit.stepped_up {
                a.button.second href={ "/step-up?next=" (encoded(&visit.here())) } { (name(visit, &self.kind)) " · " (visit.t("do-step-up")) }
            } @else if let Some(page) = self.page() {
                a.button.second href=(page) { (name(visit, &self.kind)) }
            } @else if self.open(form).next().is_none() && !is_for_good(&self.kind) {
                (self.whole(visit, form))
            } @else {
                details.panel open[!self.wrong.is_empty() || self.refused.is_some()] { summary { (name(visit, &self.kind)) } (self.whole(visit, form)) }
            }
        }
    }

    /// The page that asks for an act in steps, where one form of texts would ask too much.
    fn page(&self) -> Option<String> {
        let subject = self.fixed.get("subject").and_then(|values| values.first())?;
        (self.kind == "register.state").then(|| format!("/office/subjects/{subject}/facts"))
    }

    /// The form, unfolded.
    pub fn whole(&self, visit: &Visit, form: &Form) -> Markup {
        let files = form.fields.iter().any(|field| matches!(field.kind, Kind::File));
        let own = || format!("/do/{}/{}", form.module, form.act);
        html! {
            form method="post" action=(self.action.clone().unwrap_or_else(own)) enctype=[files.then_some("multipart/form-data")] {
                (csrf(visit))
                input type="hidden" name="command" value=(self.command);
                input type="hidden" name="back" value=(self.back);
                @for seen in &self.seen { input type="hidden" name="seen" value=(seen_text(seen)); }
                @for (field, values) in &self.fixed {
                    input type="hidden" name=(SETTLED) value=(field);
                    @for value in values { input type="hidden" name=(field) value=(value); }
                }
                @if let Some(why) = &self.refused { p.reason role="alert" { (why) } }
                @if is_for_good(&self.kind) { p.note { (visit.t("do-for-good")) } }
                @if !self.wrong.is_empty() { p.reason role="alert" { (visit.t("do-wrong")) } }
                @for field in self.open(form) { (self.field(visit, form, field)) }
                button.second[is_for_good(&self.kind)] type="submit" { (name(visit, &self.kind)) }
            }
        }
    }

    /// The step before the form, where a second factor is due: everything that was typed goes through it and is done after it. What cannot be
    /// carried are files.
    pub fn carried(&self) -> Markup {
        html! {
            input type="hidden" name="do" value=(self.kind);
            input type="hidden" name="command" value=(self.command);
            input type="hidden" name="back" value=(self.back);
            @for seen in &self.seen { input type="hidden" name="seen" value=(seen_text(seen)); }
            @for field in self.fixed.keys() { input type="hidden" name=(SETTLED) value=(field); }
            @for (field, values) in self.fixed.iter().chain(&self.typed).filter(|(field, _)| !self.is_file(field)) { @for value in values { input type="hidden" name=(field) value=(value); } }
        }
    }

    fn is_file(&self, name: &str) -> bool {
        let fields = form(&self.kind).map_or(&[][..], |form| &form.fields);
        fields
            .iter()
            .any(|field| field.name == name && matches!(field.kind, Kind::File))
    }

    fn open<'a>(&'a self, form: &'a Form) -> impl Iterator<Item = &'a FormField> {
        form.fields.iter().filter(|field| !self.fixed.contains_key(field.name))
    }

    fn field(&self, visit: &Visit, form: &Form, field: &FormField) -> Markup {
        let id = format!("{}-{}-{}", form.module, form.act, field.name);
        let typed: Vec<&str> = self
            .typed
            .get(field.name)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let wrong: Vec<&FieldError> = self.wrong.iter().filter(|one| one.field == field.name).collect();
        html! {
            div.field {
                label for=(id) { (named(visit, form, field.name)) @if field.optional && !matches!(field.kind, Kind::Flag) { " " span.faint { (visit.t("do-optional")) } } }
                @if field.many { p.help { (visit.t("do-many")) } }
                (input(visit, field, &id, &typed, !wrong.is_empty()))
                @for one in wrong { p.wrong id={ (id) "-wrong" } { (one.message.text(visit.lang())) } }
            }
        }
    }
}

/// The field of a form that names the fields which its page settled.
pub const SETTLED: &str = "settled";

/// Whether an applicant gives something up by an act, which then nobody takes back: it is asked twice.
fn is_for_good(kind: &str) -> bool {
    const ACTS: &[&str] = &[
        "case.withdraw",
        "award.renounce",
        "appeal.withdraw",
        "service.withdraw",
        "account.close",
    ];
    ACTS.contains(&kind)
}

fn input(visit: &Visit, field: &FormField, id: &str, typed: &[&str], wrong: bool) -> Markup {
    let value = typed.first().copied().unwrap_or_default();
    let needed = !field.optional;
    let invalid = wrong.then_some("true");
    let described = wrong.then(|| format!("{id}-wrong"));
    let long = [
        "why",
        "reason",
        "ground",
        "said",
        "heard",
        "words",
        "explanation",
        "found",
        "note",
        "what",
        "event",
        "confirmation",
    ];
    match field.kind {
        Kind::Flag => html! {
            select id=(id) name=(field.name) { option value="" {} option value="true" selected[value == "true"] { (visit.t("do-yes")) } }
        },
        Kind::Choice(words) | Kind::Role(words) => html! {
            select id=(id) name=(field.name) required[needed] aria-invalid=[invalid] aria-describedby=[described] {
                option value="" {}
                @for word in words { option value=(word) selected[*word == value] { (choice(visit, field.kind, word)) } }
            }
        },
        Kind::Json | Kind::Files => html! {
            textarea id=(id) name=(field.name) rows="8" required[needed] aria-invalid=[invalid] aria-describedby=[described] { (value) }
        },
        Kind::File => {
            html! { input type="file" id=(id) name=(field.name) required[needed] aria-invalid=[invalid] aria-describedby=[described]; }
        }
        _ if field.many => html! {
            textarea id=(id) name=(field.name) rows="4" required[needed] aria-invalid=[invalid] aria-describedby=[described] { (typed.join("\n")) }
        },
        Kind::Text if long.contains(&field.name) => html! {
            textarea id=(id) name=(field.name) rows="3" required[needed] aria-invalid=[invalid] aria-describedby=[described] { (value) }
        },
        kind => html! {
            input id=(id) name=(field.name) value=(value) required[needed] aria-invalid=[invalid] aria-describedby=[described]
                type=(if kind == Kind::Day { "date" } else { "text" }) inputmode=[mode(kind)];
        },
    }
}

fn mode(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Amount | Kind::Points => Some("decimal"),
        Kind::Number => Some("numeric"),
        _ => None,
    }
}

fn choice(visit: &Visit, kind: Kind, word: &str) -> String {
    let prefix = if matches!(kind, Kind::Role(_)) {
        "role"
    } else {
        "choice"
    };
    let key = format!("{prefix}-{word}").replace('_', "-");
    visit.words.known(&key).unwrap_or_else(|| word.to_owned())
}

/// What an act is called.
pub fn name(visit: &Visit, kind: &str) -> String {
    let key = format!("act-{kind}").replace(['.', '_'], "-");
    visit.words.known(&key).unwrap_or_else(|| kind.to_owned())
}

/// What a field is called.
pub fn field_name(visit: &Visit, field: &str) -> String {
    let key = format!("field-{field}").replace('_', "-");
    visit.words.known(&key).unwrap_or_else(|| field.to_owned())
}

/// What a field of one act is called: in its own words, where what it is called elsewhere would mislead.
fn named(visit: &Visit, form: &Form, field: &str) -> String {
    let own = format!("field-{}-{}-{field}", form.module, form.act).replace('_', "-");
    visit.words.known(&own).unwrap_or_else(|| field_name(visit, field))
}

/// A row that was seen, as a hidden field carries it.
fn seen_text(seen: &Seen) -> String {
    // Texts always have a JSON form.
    serde_json::to_string(seen).unwrap_or_default()
}

/// The fields of a form that take several values, given as lines of one text.
pub fn split_lines(form: &Form, fields: &mut BTreeMap<String, Vec<String>>) {
    for field in form.fields.iter().filter(|field| field.many) {
        if let Some(values) = fields.get_mut(field.name) {
            *values = values
                .iter()
                .flat_map(|text| text.split_whitespace())
                .map(str::to_owned)
                .collect();
        }
    }
}
