//! Scenarios: the rules as they are, a reform of them, and the rules with one parameter moved.

use std::collections::HashSet;
use std::sync::Arc;

use meed_engine::columns::Plan;
use meed_engine::explain::Evaluator;
use meed_facts::label::Label;
use meed_facts::ratio::Ratio;
use meed_facts::record::Record;
use meed_facts::schema::{EntityId, Schema};
use meed_facts::value::Scalar;
use meed_rules::program::{NameKind, NodeId, Op, Program};

use super::SimulateError;
use crate::round::Contest;

/// Rules that a population is determined by.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// A short name, for tables and files.
    pub name: String,
    /// What people call it.
    pub title: Label,
    /// The document that makes the reform: its file, and the digest of its text. None of the rules as they are.
    pub reform: Option<(String, String)>,
    /// What the rules mean on the scenario's date.
    pub program: Program,
}

/// A scenario compiled for a kind of applicant.
pub(super) struct Compiled<'p> {
    pub plan: Plan<'p>,
    pub contest: Contest<'p>,
}

impl<'p> Compiled<'p> {
    pub fn new(program: &'p Program, entity: EntityId) -> Self {
        Self {
            plan: Plan::new(program, entity),
            contest: Contest::new(program, entity),
        }
    }
}

/// A parameter moved by a step.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The parameter's name.
    pub parameter: Arc<str>,
    /// What people call it.
    pub label: Label,
    /// Whether it is raised.
    pub up: bool,
    /// Its value on the date.
    pub value: Ratio,
    /// Its value moved.
    pub moved: Ratio,
    /// The rules with it.
    pub program: Program,
}

/// A numeric parameter that is in force.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Label,
    /// Its value on the date.
    pub value: Ratio,
    nodes: Vec<NodeId>,
}

impl Parameter {
    /// All of them, by name.
    pub fn all(program: &Program, entity: EntityId) -> Vec<Self> {
        let record = Record::new(entity);
        let evaluator = Evaluator::new(program, &record);
        let mut found: Vec<Self> = Vec::new();
        for (id, node) in program.nodes.iter() {
            let Op::Named { name, args, .. } = &node.op else {
                continue;
            };
            let named = &program.names[*name];
            if named.kind != NameKind::Parameter || !args.is_empty() {
                continue;
            }
            if let Some(known) = found.iter_mut().find(|known| known.name == named.named.name) {
                known.nodes.push(id);
            } else if let Some(value) = evaluator.value(id, evaluator.root()).as_number() {
                found.push(Self {
                    name: named.named.name.clone(),
                    label: named.named.label.clone(),
                    value: value.clone(),
                    nodes: vec![id],
                });
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }

    /// The rules with another value of it.
    pub fn set(&self, program: &Program, value: &Ratio) -> Program {
        let mut program = program.clone();
        for node in &self.nodes {
            program.nodes[*node].op = Op::Const(Scalar::Number(value.clone()));
        }
        program
    }
}

/// The rules with each numeric parameter that is in force lowered and raised by a share of it, one at a time.
pub(super) fn variants(program: &Program, entity: EntityId, step: &Ratio) -> Vec<Variant> {
    let mut variants = Vec::new();
    for parameter in Parameter::all(program, entity) {
        for up in [false, true] {
            let factor = if up { &Ratio::ONE + step } else { &Ratio::ONE - step };
            let moved = &parameter.value * &factor;
            variants.push(Variant {
                parameter: parameter.name.clone(),
                label: parameter.label.clone(),
                up,
                value: parameter.value.clone(),
                program: parameter.set(program, &moved),
                moved,
            });
        }
    }
    variants
}

/// A name that two scenarios have. Letter case does not tell files apart everywhere.
pub(super) fn same_name(scenarios: &[Scenario]) -> Option<&str> {
    let mut known = HashSet::new();
    let mut names = scenarios.iter().map(|scenario| scenario.name.as_str());
    names.find(|name| !known.insert(name.to_lowercase()))
}

/// Facts are read once, so a reform must mean the same ones.
pub(super) fn same_vocabulary(a: &Schema, b: &Schema, scenario: &str) -> Result<(), SimulateError> {
    let facts = |schema: &Schema| -> Vec<String> {
        let facts = schema.facts.iter();
        facts
            .map(|(_, fact)| {
                format!(
                    "{:?} {:?} {:?} {:?}",
                    fact.named.name, fact.entity, fact.ty, fact.period
                )
            })
            .collect()
    };
    let names = |schema: &Schema| -> Vec<Arc<str>> {
        let entities = schema.entities.iter().map(|(_, entity)| entity.named.name.clone());
        let members = schema.enumerations.iter().flat_map(|(_, one)| &one.members);
        let titles = schema.titles.iter().map(|(_, title)| title.named.name.clone());
        entities
            .chain(members.map(|member| member.name.clone()))
            .chain(titles)
            .collect()
    };
    if facts(a) == facts(b) && names(a) == names(b) {
        Ok(())
    } else {
        Err(SimulateError::OtherFacts(scenario.to_owned()))
    }
}
