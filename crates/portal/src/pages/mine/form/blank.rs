//! The field in which one value is typed: a choice, a day, a number, a text, as its type has it.

use maud::{Markup, html};
use meed_facts::date::Date;
use meed_facts::schema::FactType;
use meed_rules::program::Program;

use super::slot::{Slot, text_of, typed};
use crate::visit::Visit;

/// A field to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Blank<'a> {
    /// What it says.
    pub slot: &'a Slot,
    /// Its name in the form.
    pub name: &'a str,
    /// What it is called.
    pub label: &'a str,
    /// What stands in it.
    pub text: &'a str,
    /// Whether that cannot be used; the element `{name}-wrong` says why.
    pub bad: bool,
}

impl Blank<'_> {
    /// The field, with its name as its id.
    pub fn show(&self, visit: &Visit, program: &Program) -> Markup {
        let invalid = self.bad.then_some("true");
        let described = self.bad.then(|| format!("{}-wrong", self.name));
        let options = options(visit, program, self.slot);
        // A choice may have been pasted in other words, and a day in another form: 否 is `no`.
        let plain = typed(program, self.slot, self.text).map_or_else(|_| self.text.to_owned(), |value| text_of(&value));
        let is_day = matches!(ty(program, self.slot), Some(FactType::Date));
        let text = if options.is_some() || is_day { &plain } else { self.text };
        html! {
            @if let Some(options) = options {
                select id=(self.name) name=(self.name) aria-label=(self.label) aria-invalid=[invalid] aria-describedby=[described] {
                    option value="" {}
                    @for (value, word) in &options { option value=(value) selected[value == text] { (word) } }
                    @if !text.is_empty() && options.iter().all(|(value, _)| value != text) { option value=(text) selected { (text) } }
                }
            } @else {
                input id=(self.name) name=(self.name) value=(text) aria-label=(self.label) aria-invalid=[invalid] aria-describedby=[described]
                    type=(kind(program, self.slot, text)) inputmode=[mode(program, self.slot)] autocomplete="off";
            }
        }
    }
}

fn ty<'a>(program: &'a Program, slot: &Slot) -> Option<&'a FactType> {
    match slot {
        Slot::Value(fact) => Some(&program.schema.facts[*fact].ty),
        _ => None,
    }
}

/// What can be chosen from.
fn options(visit: &Visit, program: &Program, slot: &Slot) -> Option<Vec<(String, String)>> {
    match (slot, ty(program, slot)) {
        (Slot::Whole(_), _) | (_, Some(FactType::Bool)) => Some(vec![
            ("yes".to_owned(), visit.t("do-yes")),
            ("no".to_owned(), visit.t("mine-no")),
        ]),
        (_, Some(FactType::Enumeration(id))) => {
            let members = program.schema.enumerations[*id].members.iter();
            let pair = members.map(|one| {
                (
                    one.name.to_string(),
                    visit.words.label(&one.label, &one.name).to_owned(),
                )
            });
            Some(pair.collect())
        }
        _ => None,
    }
}

/// A field for days keeps no text that is none; what was typed must not be lost.
fn kind(program: &Program, slot: &Slot, text: &str) -> &'static str {
    let is_day = text.is_empty() || Date::parse(text).is_ok();
    match ty(program, slot) {
        Some(FactType::Date) if is_day => "date",
        _ => "text",
    }
}

fn mode(program: &Program, slot: &Slot) -> Option<&'static str> {
    match ty(program, slot)? {
        FactType::Count | FactType::Days => Some("numeric"),
        FactType::Number(_) => Some("decimal"),
        _ => None,
    }
}
