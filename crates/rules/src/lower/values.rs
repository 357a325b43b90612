//! Named values without parameters, for cases and for `meed eval`.

use meed_facts::schema::EntityId;
use meed_syntax::ast::Expr;

use super::Lower;
use super::names::Owner;
use crate::program::{NameId, NodeId, Op};

impl Lower<'_> {
    /// All named values without parameters, for every kind of applicant for which they make sense.
    pub(super) fn values(&mut self) -> Vec<(NameId, EntityId, NodeId)> {
        let mut values = Vec::new();
        let applicants: Vec<EntityId> = self
            .schema
            .entities
            .iter()
            .filter(|(_, entity)| entity.applicant)
            .map(|(id, _)| id)
            .collect();
        let definitions = self.names.definitions.by_name().filter_map(|(name, rules)| {
            let rule = rules.iter().find(|rule| rule.place.in_force.contains(self.date))?;
            let plain = rule.node.params().is_none_or(|params| params.param().next().is_none());
            plain.then(|| {
                (
                    name.clone(),
                    rule.node.entity().map(|entity| entity.text()),
                    rule.place.clone(),
                )
            })
        });
        let others = self.names.parameters.by_name().filter_map(|(name, rules)| {
            let rule = rules.iter().find(|rule| rule.place.in_force.contains(self.date))?;
            let plain = rule
                .node
                .value()
                .is_some_and(|value| !matches!(value, Expr::SetExpr(_)));
            plain.then(|| (name.clone(), None, rule.place.clone()))
        });
        let sheets = self.names.sheets.by_name().filter_map(|(name, rules)| {
            let rule = rules.iter().find(|rule| rule.place.in_force.contains(self.date))?;
            Some((
                name.clone(),
                rule.node.entity().map(|entity| entity.text()),
                rule.place.clone(),
            ))
        });
        let all: Vec<_> = definitions.chain(others).chain(sheets).collect();
        for (name, of, place) in all {
            for entity in &applicants {
                let named = &self.schema.entities[*entity].named;
                if of.as_ref().is_some_and(|of| **of != *named.name) {
                    continue;
                }
                let env = self.applicant(*entity, &place);
                let owner = Owner {
                    scope: env.root,
                    entity: *entity,
                };
                let before = self.findings.len();
                let made = self.named_value(&name, owner, &[], &env, place.span);
                if of.is_none() && applicants.len() > 1 {
                    // Without `of` a definition is for whichever applicants have its facts.
                    self.findings.truncate(before);
                }
                if let Some(typed) = made
                    && let Op::Named { name, .. } = &self.builder.nodes[typed.node].op
                {
                    values.push((*name, *entity, typed.node));
                }
            }
        }
        values
    }
}
