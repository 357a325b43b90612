//! Facts that were given although they do not apply: they decide nothing, and whoever gave them may have meant another.

use meed_rules::program::{NodeId, Op, ScopeId, ScopeKind};

use crate::explain::{Evaluator, Frame};
use crate::result::Unneeded;
use crate::value::CausePlace;

use super::reading;

/// The most that are told.
const MOST: usize = 64;

/// The facts of the record that do not apply to it, of those that the rules read, by name.
pub fn facts(evaluator: &Evaluator<'_>) -> Vec<Unneeded> {
    let program = evaluator.program();
    let mut found: Vec<Unneeded> = Vec::new();
    for (_, node) in program.nodes.iter() {
        let (Op::Fact { of, fact, rules } | Op::FactAt { of, fact, rules, .. }) = &node.op else {
            continue;
        };
        let Some(applies) = rules.applies else { continue };
        for frame in frames(evaluator, *of) {
            let stated = evaluator
                .record_of(frame)
                .is_some_and(|record| record.facts.get(*fact).is_some() || record.series.get(*fact).is_some());
            if !stated || !fails(evaluator, applies, frame) {
                continue;
            }
            let record = evaluator.path_of(frame);
            let name = reading::fact_name(evaluator, record, *fact, None);
            if !found.iter().any(|known| known.name == name) {
                let place = CausePlace::Fact {
                    record: record.clone(),
                    fact: *fact,
                    period: None,
                };
                found.push(Unneeded { place, name });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.truncate(MOST);
    found
}

fn fails(evaluator: &Evaluator<'_>, condition: NodeId, frame: Frame) -> bool {
    let scope = evaluator.program().nodes[condition].scope;
    let frame = evaluator.visible(scope, frame);
    frame.is_some_and(|frame| evaluator.value(condition, frame).as_bool() == Some(false))
}

/// Every binding of a record's scope.
fn frames(evaluator: &Evaluator<'_>, scope: ScopeId) -> Vec<Frame> {
    let binding = &evaluator.program().scopes[scope];
    match (&binding.kind, binding.parent) {
        (ScopeKind::Applicant(_), _) => evaluator.visible(scope, evaluator.root()).into_iter().collect(),
        (ScopeKind::Children { .. } | ScopeKind::Inner { .. }, Some(parent)) => {
            let around = frames(evaluator, parent).into_iter();
            let inside = around.flat_map(|frame| &evaluator.instances(scope, frame).items);
            inside.map(|instance| instance.frame).collect()
        }
        _ => Vec::new(),
    }
}
