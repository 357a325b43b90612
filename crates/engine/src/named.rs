//! The value of anything that has a name in the package, with what it is not known for.

use std::sync::Arc;

use meed_facts::label::Label;
use meed_facts::record::Record;
use meed_facts::schema::EntityId;
use meed_rules::program::Program;
use serde_json::{Value as Json, json};

use crate::awards::missing::{self, Reader};
use crate::awards::{determine, reading};
use crate::explain::Evaluator;
use crate::result::{Citation, MissingLine};
use crate::value::Value;

/// A named value of one applicant.
#[derive(Clone, Debug)]
pub struct NamedResult {
    /// Its name.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Label,
    /// What it may be.
    pub value: Value,
    /// The same as files of facts write it.
    pub json: Json,
    /// Why it is not known.
    pub missing: Vec<MissingLine>,
    /// Where it stands.
    pub citation: Citation,
}

/// The names that can be asked for of an applicant of this kind, in the Program's order.
pub fn names(program: &Program, entity: EntityId) -> impl Iterator<Item = &str> {
    program
        .values
        .iter()
        .filter(move |(_, of, _)| *of == entity)
        .map(|(name, _, _)| &*program.names[*name].named.name)
}

/// The values of those names, in that order.
///
/// # Errors
/// The first name that means nothing for this applicant.
pub fn named<'n>(program: &Program, record: &Record, wanted: &[&'n str]) -> Result<Vec<NamedResult>, &'n str> {
    let evaluator = Evaluator::new(program, record);
    // Awards first: a definition may ask which are made.
    determine::of(&evaluator, record);
    wanted
        .iter()
        .map(|wanted| one(&evaluator, record.entity, wanted).ok_or(*wanted))
        .collect()
}

fn one(evaluator: &Evaluator<'_>, entity: EntityId, wanted: &str) -> Option<NamedResult> {
    let program = evaluator.program();
    let (name, _, node) = program
        .values
        .iter()
        .find(|(name, of, _)| *of == entity && program.names[*name].named.is_called(wanted))?;
    let named = &program.names[*name];
    let value = evaluator.value(*node, evaluator.root()).clone();
    Some(NamedResult {
        name: named.named.name.clone(),
        label: named.named.label.clone(),
        json: reading::json(program, &program.nodes[*node].ty, &value),
        missing: missing::lines(
            evaluator,
            value.causes(),
            &[Reader {
                node: *node,
                frame: evaluator.root(),
                origin: named.origin,
            }],
        ),
        citation: Citation::of(program, named.origin),
        value,
    })
}

impl NamedResult {
    /// `{"value": …, "missing": […], "citation": {…}}`
    pub fn to_json(&self) -> Json {
        let missing: Vec<Json> = self.missing.iter().map(MissingLine::to_json).collect();
        json!({ "value": self.json, "missing": missing, "citation": self.citation.to_json() })
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
