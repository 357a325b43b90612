//! The fields of a form or a query: texts, read into an act, or told what is wrong with each.

use std::collections::BTreeMap;
use std::fmt;

use meed_syntax::diagnostic::Message;

use super::{Form, Input};

/// What is wrong with a field, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field; empty where it is the act itself.
    pub field: String,
    /// Why, and the fix.
    pub message: Message,
}

/// What is wrong with the fields of an act, field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldErrors(pub Vec<FieldError>);

impl std::error::Error for FieldErrors {}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |error: &FieldError| match error.field.as_str() {
            "" => error.message.en.clone(),
            field => format!("`{field}`: {}", error.message.en),
        };
        f.write_str(&self.0.iter().map(told).collect::<Vec<_>>().join("; "))
    }
}

/// Texts that are being read.
#[derive(Debug)]
pub struct Fields<'a> {
    texts: &'a BTreeMap<String, Vec<String>>,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    /// The texts for an act. What it has no field for is wrong already: whoever wrote it meant something that would not be done.
    pub(crate) fn new(form: &Form, texts: &'a BTreeMap<String, Vec<String>>) -> Self {
        let known = |name: &str| form.fields.iter().any(|field| field.name == name);
        let unknown = texts.keys().filter(|name| !known(name));
        let errors = unknown.map(|name| no_field(form, name)).collect();
        Self { texts, errors }
    }

    /// Reads a field; `None` where something is wrong with it, which is kept.
    pub(crate) fn read<T: Input>(&mut self, name: &str) -> Option<T> {
        let texts = self.texts.get(name).map_or(&[][..], Vec::as_slice);
        match T::read(texts) {
            Ok(value) => Some(value),
            Err(message) => {
                let field = name.to_owned();
                self.errors.push(FieldError { field, message });
                None
            }
        }
    }

    /// What was read, if nothing is wrong.
    pub(crate) fn finish<T>(self, read: Option<T>) -> Result<T, FieldErrors> {
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            _ => Err(FieldErrors(self.errors)),
        }
    }
}

/// That there is no such act.
pub(crate) fn no_act(kind: &str) -> FieldErrors {
    let message = Message::new(
        format!("there is no act `{kind}`; write one like case.accept"),
        format!("没有“{kind}”这一操作，请按 case.accept 的形式填写"),
    );
    let field = String::new();
    FieldErrors(vec![FieldError { field, message }])
}

fn no_field(form: &Form, name: &str) -> FieldError {
    let names: Vec<&str> = form.fields.iter().map(|field| field.name).collect();
    let (kind, names) = (form.kind(), names.join(", "));
    FieldError {
        field: name.to_owned(),
        message: Message::new(
            format!("{kind} has no such field; leave it out, its fields are: {names}"),
            format!("{kind} 没有这一项，请去掉；可填：{names}"),
        ),
    }
}
