//! Where the reader is, what it found wrong, and which name was probably meant.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use crate::check::{Complaint, nfc, shown};
use crate::date::Date;
use crate::json::FactError;
use crate::json::text::{Offset, Places};
use crate::message::Message;
use crate::schema::Schema;

/// Mistakes that are reported of one file; more would not be read by anybody.
const LIMIT_ERRORS: usize = 200;

pub(super) struct Reader<'a> {
    pub(super) schema: &'a Schema,
    /// The determination's date, where values of unfinished periods are to be refused.
    pub(super) on: Option<Date>,
    pub(super) path: Vec<String>,
    errors: Vec<(Offset, FactError)>,
}

/// One key of an object, its name in NFC.
pub(super) struct Property<'t, 'a> {
    pub(super) name: String,
    pub(super) start: Offset,
    pub(super) value: &'t Value<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(schema: &'a Schema, on: Option<Date>) -> Self {
        Self {
            schema,
            on,
            path: Vec::new(),
            errors: Vec::new(),
        }
    }

    pub(super) fn error(&mut self, at: Offset, message: impl Into<Message>, help: impl Into<Message>) {
        self.complain(at, Complaint::new(message, help));
    }

    pub(super) fn complain(&mut self, at: Offset, complaint: Complaint) {
        if self.errors.len() >= LIMIT_ERRORS {
            return;
        }
        let path = self.path.iter().fold(String::new(), |path, step| {
            match step.starts_with('[') || path.is_empty() {
                true => path + step,
                false => path + "." + step,
            }
        });
        self.errors.push((
            at,
            FactError {
                line: 0,
                column: 0,
                path,
                complaint,
            },
        ));
    }

    /// Runs `work` with `step` added to the path.
    pub(super) fn within<T>(&mut self, step: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(shown(step));
        let result = work(self);
        self.path.pop();
        result
    }

    /// Runs `work` with the position in a list added to the path.
    pub(super) fn at_item<T>(&mut self, position: usize, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(format!("[{position}]"));
        let result = work(self);
        self.path.pop();
        result
    }

    /// The object's keys, each once; repeats are reported.
    pub(super) fn properties<'t, 'v>(&mut self, object: &'t Object<'v>) -> Vec<Property<'t, 'v>> {
        let mut seen = std::collections::BTreeSet::new();
        let mut properties = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            let name = nfc(property.name.as_str());
            let start = property.range.start;
            if seen.insert(name.clone()) {
                properties.push(Property {
                    name,
                    start,
                    value: &property.value,
                });
            } else {
                self.error(
                    start,
                    (
                        format!("`{}` stands twice", shown(&name)),
                        format!("`{}` 出现两次", shown(&name)),
                    ),
                    ("keep one of the two", "请只保留一个"),
                );
            }
        }
        properties
    }

    /// Reports a name that is not among `known`.
    pub(super) fn unknown(&mut self, at: Offset, what: impl Into<Message>, name: &str, known: &[String]) {
        self.complain(at, Complaint::unknown(what, name, known));
    }

    /// What was found, or `None` with the complaint about what stands at that place.
    pub(super) fn checked<T>(&mut self, at: Offset, found: Result<T, Complaint>) -> Option<T> {
        found.map_err(|complaint| self.complain(at, complaint)).ok()
    }

    /// The text of a string; anything else is reported as no `what`.
    pub(super) fn string<'t>(&mut self, value: &'t Value<'_>, what: (&str, &str)) -> Option<&'t str> {
        match value {
            Value::StringLit(text) => Some(&text.value),
            other => {
                self.not(other, what, ("write it in double quotes", "请用双引号"));
                None
            }
        }
    }

    /// Reports that a value is not what is needed.
    pub(super) fn not(&mut self, value: &Value<'_>, needed: (&str, &str), help: impl Into<Message>) {
        if matches!(value, Value::NullKeyword(_)) {
            return self.null(value.start());
        }
        let kind = kind(value);
        let message = (
            format!("this is {}, not {}", kind.0, needed.0),
            format!("这是{}，不是{}", kind.1, needed.1),
        );
        self.error(value.start(), message, help);
    }

    pub(super) fn null(&mut self, at: Offset) {
        self.error(
            at,
            ("`null` does not say why there is no value", "`null` 没有说明为什么没有值"),
            ("leave the fact out if nobody was asked, or write {\"missing\": \"refused\"} or {\"missing\": \"judgement\"}", "没有问过的请去掉此信息项，否则写 {\"missing\": \"refused\"} 或 {\"missing\": \"judgement\"}"),
        );
    }

    /// All mistakes in the order of their places, with lines and columns.
    pub(super) fn finish(self, text: &str) -> Vec<FactError> {
        let mut errors = self.errors;
        errors.sort_by_key(|(offset, _)| *offset);
        let mut places = Places::new(text);
        let located = errors.into_iter().map(|(offset, error)| {
            let (line, column) = places.find(offset);
            FactError { line, column, ..error }
        });
        located.collect()
    }
}

fn kind(value: &Value<'_>) -> (&'static str, &'static str) {
    match value {
        Value::StringLit(_) => ("a text", "文本"),
        Value::NumberLit(_) => ("a number", "数字"),
        Value::BooleanLit(_) => ("true or false", "真假值"),
        Value::Object(_) => ("an object", "对象"),
        Value::Array(_) => ("an array", "数组"),
        Value::NullKeyword(_) => ("null", "null"),
    }
}
