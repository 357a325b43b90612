//! Which lines a measure has: one for the applicant, or one for each child.

use std::rc::Rc;
use std::sync::Arc;

use meed_facts::schema::{EntityId, FactId};
use meed_rules::program::{Line, MeasureId, MeasureRules, ScopeId, ScopeKind};

use crate::explain::{Evaluator, Frame};
use crate::value::Causes;

use super::version::Judged;
use super::{Draft, DraftKind, key_of, versions};
use crate::awards::verdict::Why;

/// The places of lines, each kind's found once: many measures have lines for the same children.
#[derive(Default)]
pub struct Places(Vec<(Line, Rc<[Place]>)>);

impl Places {
    fn of(&mut self, evaluator: &Evaluator<'_>, line: &Line) -> Rc<[Place]> {
        if let Some((_, known)) = self.0.iter().find(|(known, _)| known == line) {
            return known.clone();
        }
        let found: Rc<[Place]> = places(evaluator, line).into();
        self.0.push((line.clone(), found.clone()));
        found
    }
}

/// Adds all lines of a measure for the applicant.
pub fn measure<'p>(
    evaluator: &Evaluator<'p>,
    applicant: EntityId,
    id: MeasureId,
    (places, drafts): (&mut Places, &mut Vec<Draft<'p>>),
) {
    let measure = &evaluator.program().measures[id];
    if !measure.entities.contains(&applicant) {
        return drafts.push(Draft::refused(id, DraftKind::OtherKind, Why::NotApplicable));
    }
    let mut versions = measure.rules.iter().filter(|rules| rules.entity == applicant);
    match (versions.next(), versions.next()) {
        (None, _) => {
            let place = measure.not_in_force.map(|(origin, _)| origin);
            drafts.push(Draft::refused(id, DraftKind::OutOfForce(place), Why::NotInForce));
        }
        (Some(only), None) => lines_of(evaluator, id, (only, &[]), (places, drafts)),
        (Some(first), Some(second)) => {
            let rules: Vec<&MeasureRules> = [first, second].into_iter().chain(versions).collect();
            for rules in by_list(evaluator, &rules) {
                if let Some((first, others)) = rules.split_first() {
                    lines_of(evaluator, id, (first, others), (places, drafts));
                }
            }
        }
    }
}

/// Versions whose lines are for the same children.
fn by_list<'p>(evaluator: &Evaluator<'p>, rules: &[&'p MeasureRules]) -> Vec<Vec<&'p MeasureRules>> {
    let mut lists: Vec<(Option<FactId>, Vec<&'p MeasureRules>)> = Vec::new();
    for version in rules {
        let list = list_of(evaluator, version.line.scope);
        match lists.iter_mut().find(|(known, _)| *known == list) {
            Some((_, versions)) => versions.push(version),
            None => lists.push((list, vec![version])),
        }
    }
    lists.into_iter().map(|(_, versions)| versions).collect()
}

fn list_of(evaluator: &Evaluator<'_>, scope: ScopeId) -> Option<FactId> {
    match evaluator.program().scopes[scope].kind {
        ScopeKind::Children { list, .. } => Some(list),
        _ => None,
    }
}

/// One line's place.
#[derive(Clone, Debug)]
pub struct Place {
    /// The frame of its nodes.
    pub frame: Frame,
    /// What kind of line it is.
    pub kind: DraftKind,
    /// Its key, where that is known.
    pub key: Option<Arc<str>>,
    /// Why it is not known whether it exists.
    pub causes: Causes,
}

fn lines_of<'p>(
    evaluator: &Evaluator<'p>,
    id: MeasureId,
    (first, others): (&'p MeasureRules, &[&'p MeasureRules]),
    (places, drafts): (&mut Places, &mut Vec<Draft<'p>>),
) {
    let lines = places.of(evaluator, &first.line);
    if let (true, Some(list)) = (lines.is_empty(), list_of(evaluator, first.line.scope)) {
        return drafts.push(Draft::refused(id, DraftKind::Empty(list), Why::Conditions));
    }
    let others = others
        .iter()
        .map(|version| (*version, places.of(evaluator, &version.line)));
    let others: Vec<(&MeasureRules, Rc<[Place]>)> = others.collect();
    drafts.extend(lines.iter().enumerate().map(|(index, place)| {
        let draft = if others.is_empty() && first.anchor.is_none() {
            // Without an anchor it falls under its only version.
            Draft::of_version(id, place, Judged::of(evaluator, first, place.frame))
        } else {
            let beside = others.iter().filter_map(|(version, places)| {
                let place = places.get(index)?;
                Some((*version, place.frame))
            });
            let mut candidates = Vec::with_capacity(others.len().saturating_add(1));
            candidates.push((first, place.frame));
            candidates.extend(beside);
            versions::falling(evaluator, id, place, candidates)
        };
        if matches!(place.kind, DraftKind::Rest(_)) {
            versions::for_the_rest(draft, &place.causes)
        } else {
            draft
        }
    }));
}

/// The lines of a scope, children of children included.
pub fn places(evaluator: &Evaluator<'_>, line: &Line) -> Vec<Place> {
    let program = evaluator.program();
    let ScopeKind::Children { list, .. } = program.scopes[line.scope].kind else {
        return vec![Place {
            frame: evaluator.root(),
            kind: DraftKind::Applicant,
            key: None,
            causes: Causes::NONE,
        }];
    };
    let outer = match program.scopes[line.scope].parent {
        Some(scope) => places(evaluator, &Line { scope, key: None }),
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for outer in outer {
        let unlisted = matches!(outer.kind, DraftKind::Rest(_));
        let instances = evaluator.instances(line.scope, outer.frame);
        found.reserve(instances.items.len().saturating_add(1));
        for item in &instances.items {
            found.push(Place {
                frame: item.frame,
                kind: if unlisted {
                    DraftKind::Rest(list)
                } else {
                    DraftKind::Child
                },
                key: key_of(evaluator, item.frame, line.key),
                causes: outer.causes.clone(),
            });
        }
        if let Some(frame) = instances.rest {
            found.push(Place {
                frame,
                kind: DraftKind::Rest(list),
                key: None,
                causes: outer.causes.clone().union(&instances.causes),
            });
        }
    }
    found
}
