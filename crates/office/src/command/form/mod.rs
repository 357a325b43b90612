//! Acts described, so that a page or a client can ask for their fields and send them back as texts.

mod fields;
mod input;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use fields::no_act;
pub use fields::{FieldError, FieldErrors, Fields};
pub use input::{Input, delimiter};

use crate::log::Protected;

/// An act's description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Form {
    /// Its module: `case`.
    pub module: String,
    /// Its name there: `accept`.
    pub act: String,
    /// What it does.
    pub help: &'static str,
    /// What it needs to know.
    pub fields: Vec<Field>,
    /// The protected table of the row that it is about, where its first field names one.
    pub target: Option<&'static str>,
}

/// A field of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub help: &'static str,
    /// What is written in it.
    pub kind: Kind,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it takes several values.
    pub many: bool,
}

/// What is written in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "words")]
pub enum Kind {
    /// Any text: an id, a reason.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// An amount of money in main units.
    Amount,
    /// A day.
    Day,
    /// A score from 0 to 100.
    Points,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// One of the roles that people have.
    Role(&'static [&'static str]),
    /// A structure in JSON.
    Json,
    /// The text of a file.
    File,
    /// A policy package: its files' texts by path, in JSON.
    Files,
}

impl Form {
    /// The description of an act, by the name of its variant.
    pub(crate) fn new(variant: &str, help: &'static str, fields: Vec<Field>) -> Self {
        let named = |field: &Field| Protected::named(field.name).map(|one| one.table);
        Self {
            module: String::new(),
            act: snake(variant),
            help: help.trim_start(),
            target: fields.first().and_then(named),
            fields,
        }
    }

    /// The description of the same act as one of a module, by the name of the module's variant.
    pub(crate) fn of(self, module: &str) -> Self {
        let module = snake(module);
        Self { module, ..self }
    }

    /// The act's name, as in [`Act::kind`](super::Act::kind): `case.accept`.
    pub fn kind(&self) -> String {
        format!("{}.{}", self.module, self.act)
    }

    /// The key of the row that an act with these fields is about; `None` where it is about none, or its fields do not tell which of several.
    pub fn key(&self, fields: &BTreeMap<String, Vec<String>>) -> Option<Vec<String>> {
        let one = |name: &str| match fields.get(name).map(Vec::as_slice) {
            Some([value]) => Some(value.clone()),
            _ => None,
        };
        let table = Protected::named(self.target?)?;
        let (_, others) = table.key.split_first()?;
        let others = others.iter().map(|column| one(column));
        std::iter::once(one(table.table)).chain(others).collect()
    }
}

impl Field {
    /// The description of a field of a type.
    pub(crate) fn new<T: Input>(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help: help.trim_start(),
            kind: T::KIND,
            optional: T::OPTIONAL,
            many: T::MANY,
        }
    }
}

/// A variant's name as it is written: `CloseBooks` is `close_books`.
pub(crate) fn snake(variant: &str) -> String {
    let mut name = String::new();
    for letter in variant.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}
