//! The value of anything that has a name in the package, with what it is not known for.

use std::sync::Arc;

use meed_facts::label::Label;
use meed_facts::schema::EntityId;
use meed_rules::program::{NodeId, Op, Program};
use serde_json::{Value as Json, json};

use crate::awards::missing::{self, Reader};
use crate::awards::reading;
use crate::explain::Evaluator;
use crate::result::{Citation, MissingLine};
use crate::value::Value;

/// A value of one applicant that was asked for.
#[derive(Clone, Debug)]
pub struct NamedResult {
    /// Its name, or the expression that was asked for.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Label,
    /// What it may be.
    pub value: Value,
    /// The same as files of facts write it.
    pub json: Json,
    /// Why it is not known.
    pub missing: Vec<MissingLine>,
    /// Where it stands, of what a document defines.
    pub citation: Option<Citation>,
}

/// The names of values that an applicant of this kind has, in the Program's order.
pub fn names(program: &Program, entity: EntityId) -> impl Iterator<Item = &str> {
    program
        .values
        .iter()
        .filter(move |(_, of, _)| *of == entity)
        .map(|(name, _, _)| &*program.names[*name].named.name)
}

/// A node's value under the name by which it was asked for. Awards must have been decided before: a definition may ask which are made.
pub fn named(evaluator: &Evaluator<'_>, wanted: &str, node: NodeId) -> NamedResult {
    let program = evaluator.program();
    let value = evaluator.value(node, evaluator.root()).clone();
    let root = evaluator.root();
    let (label, citation) = match &program.nodes[node].op {
        Op::Named { name, .. } => {
            let known = &program.names[*name];
            (known.named.label.clone(), Some(Citation::of(program, known.origin)))
        }
        Op::Fact { fact, .. } | Op::FactAt { fact, .. } => (program.schema.facts[*fact].named.label.clone(), None),
        _ => (Label::default(), None),
    };
    let origin = program.nodes[node].origin;
    let reader = Reader {
        node,
        frame: root,
        origin,
    };
    NamedResult {
        name: wanted.into(),
        label,
        json: reading::json(program, &program.nodes[node].ty, &value),
        missing: missing::lines(evaluator, value.causes(), &[reader]),
        citation,
        value,
    }
}

impl NamedResult {
    /// `{"value": …, "missing": […], "citation": {…}}`
    pub fn to_json(&self) -> Json {
        let missing: Vec<Json> = self.missing.iter().map(MissingLine::to_json).collect();
        let mut object = json!({ "value": self.json, "missing": missing });
        if let (Some(object), Some(citation)) = (object.as_object_mut(), &self.citation) {
            object.insert("citation".to_owned(), citation.to_json());
        }
        object
    }

    /// The value in a few words: `0.03`, `true`, `undefined`, `unknown`, `at_least 3, at_most 4`.
    pub fn words(&self) -> String {
        if self.value.is_undefined() {
            return "undefined".to_owned();
        }
        match &self.json {
            Json::String(text) => text.clone(),
            Json::Object(members) => {
                let parts: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("{key} {}", bare(value)))
                    .collect();
                parts.join(", ")
            }
            other => other.to_string(),
        }
    }
}

fn bare(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
